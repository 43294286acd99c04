"""Retrieval that passes over clauses which speak to a program instead of saying what a policy says."""

from __future__ import annotations

from functools import lru_cache

from assistant.guard import is_planted, is_planted_heading
from assistant.index.retriever import RankedClause, Retriever
from assistant.index.scope import Scope
from assistant.schema import Clause

_is_planted = lru_cache(maxsize=100_000)(is_planted)


class UnplantedRetriever:
    """Another retriever without the clauses that hold instructions, or stand below a heading that is one; it may give fewer than
    ``top_k``.
    """

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    def retrieve(self, question: str, scope: Scope, *, top_k: int) -> list[RankedClause]:
        return [entry for entry in self._retriever.retrieve(question, scope, top_k=top_k) if not _speaks(entry.clause)]

    def compare(self, question: str, prefix: str) -> dict[str, float]:
        return self._retriever.compare(question, prefix)


def _speaks(clause: Clause) -> bool:
    headings = (*clause.heading_path, *([clause.parsed_locator.number] if clause.parsed_locator.kind == "heading" else []))
    return _is_planted(clause.text) or any(map(is_planted_heading, headings))
