"""What happens to a question before anything else: it is made readable, and loses client details and words to a program."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.guard.details import withhold_details
from assistant.guard.instructions import strip_instructions
from assistant.guard.known import KnownNames
from assistant.guard.question import clean_question


@dataclass(frozen=True)
class Protected:
    """A question as it is worked with, shown and remembered, and what the person is told about what is missing from it."""

    text: str
    notices: tuple[str, ...] = ()


def protect_question(question: str, known: KnownNames) -> Protected:
    """Raises QuestionError if the question cannot be read."""
    withheld = withhold_details(clean_question(question), known)
    stripped = strip_instructions(withheld.text)
    return Protected(stripped.text, tuple(notice for notice in (withheld.notice, stripped.notice) if notice))
