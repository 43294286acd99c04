"""Question to ranked clauses: the pipeline over the passages that clauses are (docs/retrieval.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant.index.chroma_search import all_in_chroma, nearest_in_chroma
from assistant.index.generation import Generation
from assistant.index.glossary import Glossary
from assistant.index.models import encoders_with, make_reranker
from assistant.index.pipeline import Pipeline
from assistant.index.scope import Scope
from assistant.index.stages import cosine_key
from assistant.schema import Clause, Knowledge

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder
    from assistant.index.passages import Mask
    from assistant.settings import RetrievalSettings

_KEPT = 64  # scopes, and rankings: a question is often ranked again in the same turn


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


class HybridRetriever:
    """The pipeline over one generation of the index; ``encoder`` is the first that the settings use, and gives ``cosine``."""

    def __init__(self, knowledge: Knowledge, generation: Generation, encoder: Encoder, settings: RetrievalSettings) -> None:
        self._knowledge = knowledge
        self._generation = generation
        self._cosine = cosine_key(settings.encoders[0])
        self._clauses = [knowledge.clauses[passage.id] for passage in generation.search.passages]
        searches = {name: all_in_chroma(generation, number) for number, name in enumerate(settings.encoders)}
        self._pipeline = Pipeline(
            generation.search,
            encoders_with(encoder, settings),
            settings,
            reranker=make_reranker(settings),
            glossary=Glossary(knowledge.glossary.values()),
            searches=searches if settings.dense_search == "chroma" else None,
            nearest={name: nearest_in_chroma(generation, number) for number, name in enumerate(settings.encoders)},
        )
        self._encode = lru_cache(maxsize=256)(encoder.encode_query)
        self._mask = lru_cache(maxsize=_KEPT)(self._make_mask)
        # kept with the retriever, which belongs to one generation: a new index starts without
        self._ranked = lru_cache(maxsize=_KEPT)(self._rank)

    def retrieve(self, question: str, scope: Scope, *, top_k: int) -> list[RankedClause]:
        return list(self._ranked(question, scope, top_k))

    def compare(self, question: str, prefix: str) -> dict[str, float]:
        """The cosine of the question with every anchor whose key begins with ``prefix``, by the rest of the key, nearest first."""
        cosines = self._generation.anchor_vectors @ self._encode(question)
        found = [
            (key.removeprefix(prefix), float(cosine))
            for key, cosine in zip(self._generation.anchor_keys, cosines, strict=True)
            if key.startswith(prefix)
        ]
        return dict(sorted(found, key=lambda entry: (-entry[1], entry[0])))

    def _rank(self, question: str, scope: Scope, top_k: int) -> tuple[RankedClause, ...]:
        ranking = self._pipeline.rank(question, mask=self._mask(scope), top_k=top_k)
        return tuple(
            RankedClause(self._clauses[entry.row], entry.score, {**entry.stages, "cosine": entry.stages.get(self._cosine, 0.0)})
            for entry in ranking.entries
        )

    def _make_mask(self, scope: Scope) -> Mask:
        return np.fromiter((scope.admits(self._knowledge, clause) for clause in self._clauses), dtype=bool, count=len(self._clauses))
