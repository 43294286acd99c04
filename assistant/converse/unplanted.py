"""Retrieval that passes over clauses which speak to a program instead of saying what a policy says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from assistant.guard import is_planted, is_planted_heading
from assistant.index.anchors import Cosines, Kind
from assistant.index.retriever import ClauseTable, RankedClause, Retriever, Scored
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

    @property
    def table(self) -> ClauseTable:
        return self._retriever.table

    def score(self, question: str, scope: Scope) -> Scored:
        return replace(self._retriever.score(question, scope), passes=lambda clause: not _speaks(clause))

    def anchors(self, prefix: str) -> Kind:
        return self._retriever.anchors(prefix)

    def compare(self, question: str, prefix: str) -> Cosines:
        return self._retriever.compare(question, prefix)

    def asked(self, question: str) -> Mapping[str, float]:
        return self._retriever.asked(question)

    def wished(self, question: str) -> Mapping[str, float]:
        return self._retriever.wished(question)


def _speaks(clause: Clause) -> bool:
    headings = (*clause.heading_path, *([clause.parsed_locator.number] if clause.parsed_locator.kind == "heading" else []))
    return _is_planted(clause.text) or any(map(is_planted_heading, headings))
