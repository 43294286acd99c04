"""Everyday words, and the words that law and policies use for them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.index.text import terms
from assistant.schema import GlossaryEntry


class Glossary:
    """Finds the entries whose everyday words stand in a question, in any of their forms."""

    def __init__(self, entries: Iterable[GlossaryEntry]) -> None:
        self._entries = [([_phrase(say) for say in entry.say], entry.mean) for entry in entries]

    def widen(self, question: str) -> str:
        """The words to add to a question, each once, in the order of the entries; "" if none applies."""
        stems = f" {' '.join(terms(question))} "
        added: dict[str, None] = {}
        for phrases, meanings in self._entries:
            if any(phrase in stems for phrase in phrases):
                added |= dict.fromkeys(meanings)
        own = set(terms(question))
        return " ".join(meaning for meaning in added if not set(terms(meaning)) <= own)


def _phrase(say: str) -> str:
    return f" {' '.join(terms(say))} " if terms(say) else f" {re.sub(r'[^a-z]', '', say.lower())} "
