"""Sentences and parts of sentences, without stumbling over "Art. 28" or "e.g."."""

from __future__ import annotations

import re
from functools import lru_cache

_ABBREVIATIONS = (
    "art|arts|abs|nr|lit|rec|sec|sch|reg|para|paras|no|nos|e\\.g|i\\.e|z\\.b|d\\.h|inc|ltd|co|corp|vs|cf|approx|st|"
    "dr|mr|mrs|ms|s|ss|p|pp|u\\.s|u\\.k"
)
_END = re.compile(r"[.!?]+[”’\"')\]]*(?=\s|$)")
_ABBREVIATED = re.compile(rf"(?:^|[\s(\[])(?:{_ABBREVIATIONS})\.$", re.IGNORECASE)
_PART = re.compile(
    r"\s*[,;:—–]\s+|\s+[—–-]\s+|\s+(?=(?:but|while|whereas|although|though|unless|because|so that|which|who|whom|"
    r"where|when|if|and|or|nor)\b)"
)


@lru_cache(maxsize=20_000)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, in order; () for a text of white space."""
    found, start = [], 0
    for end in _END.finditer(text):
        if _ABBREVIATED.search(text[start : end.end()]) or (text[end.end() :].lstrip()[:1].islower() and end.group()[0] == "."):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return tuple(part for part in found if part)


@lru_cache(maxsize=20_000)
def parts(sentence: str) -> tuple[str, ...]:
    """A sentence cut at commas, dashes and conjunctions, so that a "not" is held against the words it belongs to."""
    pieces = [piece.strip() for piece in _PART.split(sentence) if piece and piece.strip()]
    joined: list[str] = []
    for piece in pieces:  # a piece of one or two words belongs to the one before it
        if joined and len(piece.split()) < 3:
            joined[-1] = f"{joined[-1]}, {piece}"
        else:
            joined.append(piece)
    return tuple(joined)
