"""Retrieval that passes over clauses which speak to a program instead of saying what a policy says."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from assistant.guard import is_planted
from assistant.index.anchors import Cosines, Kind
from assistant.index.retriever import ClauseTable, RankedClause, Retriever, Scored
from assistant.index.scope import Scope

_is_planted = lru_cache(maxsize=100_000)(is_planted)


class UnplantedRetriever:
    """Another retriever without the clauses that hold instructions; it may give fewer than ``top_k``."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    def retrieve(self, question: str, scope: Scope, *, top_k: int) -> list[RankedClause]:
        return [entry for entry in self._retriever.retrieve(question, scope, top_k=top_k) if not _is_planted(entry.clause.text)]

    @property
    def table(self) -> ClauseTable:
        return self._retriever.table

    def score(self, question: str, scope: Scope) -> Scored:
        return replace(self._retriever.score(question, scope), passes=lambda clause: not _is_planted(clause.text))

    def anchors(self, prefix: str) -> Kind:
        return self._retriever.anchors(prefix)

    def compare(self, question: str, prefix: str) -> Cosines:
        return self._retriever.compare(question, prefix)
