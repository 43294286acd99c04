"""Misspelt words of a question put right for the search; the question itself stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from assistant.schema import Knowledge

_WORD = re.compile(r"[A-Za-z]{4,}")
_NEAR_ENOUGH = 80.0  # of 100: one letter wrong in five


class Spelling:
    """Knows the words of the ways of asking and of the glossary."""

    def __init__(self, knowledge: Knowledge, is_known_word: Callable[[str], bool]) -> None:
        self._knowledge = knowledge
        self._is_known_word = is_known_word

    def correct(self, text: str) -> str:
        """The text with each unknown word, unless it is written as a name, replaced by the nearest known one, if one is near enough."""
        return _WORD.sub(lambda match: self._nearest(match.group(), at_start=match.start() == 0), text)

    def _nearest(self, word: str, *, at_start: bool) -> str:
        lower = word.lower()
        if lower in self._vocabulary or self._is_known_word(lower) or (word[0].isupper() and not at_start):
            return word
        from rapidfuzz import fuzz, process

        found = process.extractOne(lower, self._by_length(len(lower)), scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH)
        return found[0] if found else word

    def _by_length(self, length: int) -> list[str]:
        return [known for known in self._sorted if abs(len(known) - length) <= 2]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._vocabulary)

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset(word.lower() for text in self._texts() for word in _WORD.findall(text))

    def _texts(self) -> Iterator[str]:
        for exemplar in self._knowledge.exemplars.values():
            yield from exemplar.asks
        for entry in self._knowledge.glossary.values():
            yield from (*entry.say, *entry.mean)
        for brief in self._knowledge.briefs.values():
            yield from brief.asks
