"""Make a question safe to work with: bounded, printable, and in words."""

from __future__ import annotations

import re
import unicodedata

from assistant.errors import QuestionError

MAX_CHARACTERS = 4_000


def clean_question(text: str) -> str:
    """The question without control and invisible characters, white space folded.

    Raises QuestionError if it is empty, holds no letter, or is longer than MAX_CHARACTERS. The error never repeats the question.
    """
    if len(text) > MAX_CHARACTERS:
        raise QuestionError(
            f"That has {len(text):,} characters; I read questions of up to {MAX_CHARACTERS:,}, and keep nothing of it. Ask in "
            f"a sentence or "
            "two; a document of yours is read by importing it: `clausewise import FILE`."
        )
    visible = "".join(_shown(character) for character in unicodedata.normalize("NFC", text))
    clean = " ".join(visible.split())
    if not clean:
        raise QuestionError("The question is empty. Ask, for example: Is Zoom safe for therapy?")
    if not re.search(r"[^\W\d_]", clean):
        raise QuestionError("I find no words in the question. Ask, for example: Is Zoom safe for therapy?")
    return clean


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Co", "Cs", "Cn"):  # invisible marks, private use, surrogates
        return ""
    return " " if category.startswith(("C", "Z")) else character
