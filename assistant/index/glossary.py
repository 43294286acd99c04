"""Everyday words, and the words that law and policies use for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.index.text import terms
from assistant.schema import GlossaryEntry


class Glossary:
    """Finds the entries whose everyday words stand in a question, in any of their forms."""

    def __init__(self, entries: Iterable[GlossaryEntry]) -> None:
        self._meanings: list[Sequence[str]] = []
        self._by_first_word: dict[str, list[tuple[str, int]]] = {}  # phrases with the number of their entry
        for number, entry in enumerate(entries):
            self._meanings.append(entry.mean)
            for phrase in map(_phrase, entry.say):
                first, _, _ = phrase.strip().partition(" ")
                self._by_first_word.setdefault(first, []).append((phrase, number))

    def widen(self, question: str) -> str:
        """The words to add to a question, each once, in the order of the entries; "" if none applies."""
        words = terms(question)
        stems, own = f" {' '.join(words)} ", set(words)
        found = {number for word in own for phrase, number in self._by_first_word.get(word, ()) if phrase in stems}
        added = dict.fromkeys(meaning for number in sorted(found) for meaning in self._meanings[number])
        return " ".join(meaning for meaning in added if not set(terms(meaning)) <= own)


def _phrase(say: str) -> str:
    return f" {' '.join(terms(say))} " if terms(say) else f" {re.sub(r'[^a-z]', '', say.lower())} "
