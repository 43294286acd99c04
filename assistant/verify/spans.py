"""Where in a clause a statement stands."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assistant.schema import Clause, Span

_SAME = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‑": "-", "−": "-"}
)
_SENTENCE = re.compile(r".+?(?:[.;:!?](?=\s|$)|$)", re.DOTALL)
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def find_span(clause: Clause, quote: str) -> Span | None:
    """The place of a quotation in the clause, ignoring white space, soft hyphens and the shape of quotation marks and dashes.

    None if it is not there, or if it holds no letter or digit.
    """
    wanted, _ = _normalise(quote)
    text, offsets = _normalise(clause.text)
    if not _WORD.search(wanted):
        return None
    start = text.find(wanted)
    if start < 0:
        return None
    return Span(clause_id=clause.id, start=offsets[start], end=offsets[start + len(wanted) - 1] + 1)


def supporting_span(clause: Clause, statement: str) -> Span:
    """The sentence of the clause that shares most words with the statement; the earlier one of two that share as many."""
    wanted = _words(statement)
    sentences = [match for match in _SENTENCE.finditer(clause.text) if match.group().strip()]
    best = max(sentences, key=lambda match: (_overlap(wanted, match.group()), -match.start()))
    start = best.start() + len(best.group()) - len(best.group().lstrip())
    return Span(clause_id=clause.id, start=start, end=best.start() + len(best.group().rstrip()))


def first_sentence(text: str) -> str:
    """The first sentence, with its full stop."""
    match = re.match(r".+?[.!?](?=\s+[A-Z“\"]|$)", text, re.DOTALL)
    return match.group() if match else text


def _overlap(wanted: frozenset[str], sentence: str) -> float:
    words = _words(sentence)
    return len(wanted & words) / (len(words) + 5)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text) if len(word) > 2)


@lru_cache(maxsize=1_000)
def _normalise(text: str) -> tuple[str, list[int]]:
    """The text with white space folded and look-alikes made one, and for each of its characters the place it came from."""
    characters: list[str] = []
    offsets: list[int] = []
    for place, original in enumerate(text):
        if original == "\u00ad" or unicodedata.category(original) == "Cf":
            continue
        for character in unicodedata.normalize("NFKC", original).translate(_SAME).lower():
            if character.isspace():
                if not characters or characters[-1] == " ":
                    continue
                character = " "
            characters.append(character)
            offsets.append(place)
    while characters and characters[-1] == " ":
        characters.pop()
        offsets.pop()
    return "".join(characters), offsets
