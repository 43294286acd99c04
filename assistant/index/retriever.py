"""Question to ranked clauses: BM25 and cosine added up, as docs/retrieval.md explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from assistant.index.generation import Generation, open_collection
from assistant.index.glossary import Glossary
from assistant.index.scope import Scope
from assistant.schema import Clause, Knowledge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.index.encoders import Encoder, Vectors
    from assistant.settings import RetrievalSettings

    Scores = NDArray[np.float32]
    Rows = NDArray[np.intp]


@dataclass(frozen=True)
class RankedClause:
    """A clause with its score and what each stage gave it. Scores compare within one question only; ``cosine`` across all."""

    clause: Clause
    score: float
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def cosine(self) -> float:
        return self.stages.get("cosine", 0.0)


class Retriever(Protocol):
    """Question to ranked clauses."""

    def retrieve(self, question: str, scope: Scope, *, top_k: int) -> list[RankedClause]:
        """At most ``top_k`` clauses that the scope admits, best first, no clause twice, ties by id; the same for the same call."""
        ...

    def compare(self, question: str, prefix: str) -> dict[str, float]:
        """The cosine of the question with every anchor whose key begins with ``prefix``, by the rest of the key, nearest first."""
        ...


@dataclass(frozen=True)
class _View:
    """The rows a scope admits, in document order, and for each the position of its neighbours among them (-1: none)."""

    rows: Rows
    before: Rows
    after: Rows


ADDED_WEIGHT = 0.5  # what the words of the glossary count for beside the asker's own


class HybridRetriever:
    """Mean BM25 over words and word pairs, plus weighted cosine, smoothed over the clauses before and after."""

    def __init__(self, knowledge: Knowledge, generation: Generation, encoder: Encoder, settings: RetrievalSettings) -> None:
        self._knowledge = knowledge
        self._generation = generation
        self._settings = settings
        self._clauses = [knowledge.clauses[clause_id] for clause_id in generation.clause_ids]
        self._glossary = Glossary(knowledge.glossary.values())
        self._views: dict[Scope, _View] = {}
        self._encode = lru_cache(maxsize=256)(encoder.encode_query)  # a question is ranked in more than one scope

    def retrieve(self, question: str, scope: Scope, *, top_k: int) -> list[RankedClause]:
        view = self._view(scope)
        if not len(view.rows) or not question.strip():
            return []
        added = self._glossary.widen(question)
        words = self._generation.bm25.scores(question)[view.rows]
        cosines = self._cosines(self._encode(question))[view.rows]
        if added:
            words = (words + ADDED_WEIGHT * self._generation.bm25.scores(added)[view.rows]).astype(np.float32)
            cosines = (cosines + self._cosines(self._encode(f"{question} {added}"))[view.rows]) * np.float32(0.5)
        smooth = _smooth(cosines, view, self._settings.smoothing)
        total = words + self._settings.dense_weight * smooth
        order = sorted(range(len(view.rows)), key=lambda place: (-float(total[place]), self._clauses[view.rows[place]].id))
        return [
            RankedClause(
                self._clauses[view.rows[place]],
                float(total[place]),
                {"bm25": float(words[place]), "cosine": float(cosines[place]), "smoothed": float(smooth[place])},
            )
            for place in order[:top_k]
        ]

    def compare(self, question: str, prefix: str) -> dict[str, float]:
        """The cosine of the question with every anchor whose key begins with ``prefix``, by the rest of the key, nearest first."""
        cosines = self._generation.anchor_vectors @ self._encode(question)
        found = [
            (key.removeprefix(prefix), float(cosine))
            for key, cosine in zip(self._generation.anchor_keys, cosines, strict=True)
            if key.startswith(prefix)
        ]
        return dict(sorted(found, key=lambda entry: (-entry[1], entry[0])))

    def _cosines(self, query: Vectors) -> Scores:
        """The cosine of the question with every clause, in row order."""
        if self._settings.dense_search == "exact":
            exact: Scores = self._generation.vectors @ query
            return exact
        found = self._collection.query(query_embeddings=[query], n_results=len(self._clauses), include=["distances"])
        by_id = dict(zip(found["ids"][0], found["distances"][0], strict=True))
        return np.array([1 - by_id.get(clause.id, 1.0) for clause in self._clauses], dtype=np.float32)

    @cached_property
    def _collection(self) -> Any:
        return open_collection(self._generation.folder)

    def _view(self, scope: Scope) -> _View:
        if scope not in self._views:
            if len(self._views) >= 64:
                self._views.clear()
            self._views[scope] = self._make_view(scope)
        return self._views[scope]

    def _make_view(self, scope: Scope) -> _View:
        rows = [row for row, clause in enumerate(self._clauses) if scope.admits(self._knowledge, clause)]
        sources: Sequence[str] = [self._clauses[row].source_id for row in rows]
        same = [first == second for first, second in pairwise(sources)]
        before = [-1, *(place if joined else -1 for place, joined in enumerate(same))]
        after = [*(place + 1 if joined else -1 for place, joined in enumerate(same)), -1]
        return _View(*(np.array(numbers[: len(rows)], dtype=np.intp) for numbers in (rows, before, after)))


def _smooth(cosines: Scores, view: _View, weight: float) -> Scores:
    """(cosine + weight x mean of the neighbours') / (1 + weight); a clause at the edge has one neighbour, a lone one none."""
    padded = np.append(cosines, np.float32(0))  # -1 points here
    count = (view.before >= 0).astype(np.float32) + (view.after >= 0)
    mean = (padded[view.before] + padded[view.after]) / np.maximum(count, 1)
    smoothed: Scores = np.where(count > 0, (cosines + weight * mean) / (1 + weight), cosines).astype(np.float32)
    return smoothed
