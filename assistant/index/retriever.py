"""Question to ranked clauses: the pipeline over the passages that clauses are (docs/retrieval.md)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from assistant.dating import Dating
from assistant.index.anchors import Anchors, Cosines, Kind
from assistant.index.chroma_search import all_in_chroma, nearest_in_chroma
from assistant.index.generation import Generation
from assistant.index.glossary import Glossary
from assistant.index.models import encoders_with, make_reranker
from assistant.index.pipeline import Pipeline
from assistant.index.scope import Scope
from assistant.index.stages import cosine_key, places_of
from assistant.schema import Clause, Knowledge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.index.encoders import Encoder
    from assistant.index.passages import Mask, Rows
    from assistant.index.state import Scores, State
    from assistant.settings import RetrievalSettings

    Values = NDArray[np.float64]

_WANTED = 500  # so many of a large store that what is known besides can still lift clauses from far down
_KEPT = 64  # scopes, rankings and comparisons: a question is often looked at again in the same turn


@dataclass(frozen=True)
class RankedClause:
    """A clause with its score and what each stage gave it. Scores compare within one question only; ``cosine`` across all."""

    clause: Clause
    score: float
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def cosine(self) -> float:
        return self.stages.get("cosine", 0.0)


@dataclass(frozen=True, eq=False)
class ClauseTable:
    """The clauses of an index by row, with what arrays over them need."""

    clauses: tuple[Clause, ...]
    rows: Mapping[str, int]
    alphabetical: Rows

    @classmethod
    def of(cls, clauses: Sequence[Clause]) -> ClauseTable:
        ids = [clause.id for clause in clauses]
        return cls(tuple(clauses), {clause_id: row for row, clause_id in enumerate(ids)}, places_of(ids))


@dataclass(frozen=True, eq=False)
class Scored:
    """The clauses that may answer a question, not in order yet: ``rows`` in the table, ``scores`` and ``stages`` one entry a row.

    Whoever knows more about a question changes the scores, and only the first few become ranked clauses. What ``passes`` refuses
    is never among these.
    """

    table: ClauseTable
    rows: Rows
    scores: Values
    stages: Mapping[str, Scores]
    passes: Callable[[Clause], bool] = lambda clause: True

    def spread(self, points: Mapping[str, float]) -> Values:
        """Points by clause id as an array like ``scores``; 0 for all others. Ids of clauses that are not in the index are passed over."""
        held = [(row, value) for clause_id, value in points.items() if (row := self.table.rows.get(clause_id)) is not None]
        everywhere: Values = np.zeros(len(self.table.clauses))
        everywhere[[row for row, _ in held]] = [value for _, value in held]
        spread: Values = everywhere[self.rows]
        return spread

    def first(
        self, top_k: int, scores: Values, *, without: Collection[str] = (), only: Mask | None = None, **stages: Values
    ) -> list[RankedClause]:
        """At most ``top_k`` clauses by falling score, ties by id. ``without`` names clauses that stay away, ``only`` rows of the table
        that may come; ``stages`` are added to what the clauses carry.
        """
        found: list[RankedClause] = []
        given: Mapping[str, NDArray[Any]] = {**self.stages, **stages}
        for place in self._order(scores, only):
            clause = self.table.clauses[self.rows[place]]
            if len(found) == top_k:
                break
            if clause.id not in without and self.passes(clause):
                found.append(RankedClause(clause, float(scores[place]), {name: float(gave[place]) for name, gave in given.items()}))
        return found

    def _order(self, scores: Values, only: Mask | None) -> Iterator[int]:
        places = np.arange(len(self.rows)) if only is None else np.flatnonzero(only[self.rows])
        order = np.lexsort((self.table.alphabetical[self.rows[places]], -scores[places]))
        return iter(places[order].tolist())


class Retriever(Protocol):
    """Question to ranked clauses."""

    @property
    def table(self) -> ClauseTable:
        """The clauses that there are."""
        ...

    def retrieve(self, question: str, scope: Scope, *, top_k: int) -> list[RankedClause]:
        """At most ``top_k`` clauses that the scope admits, best first, no clause twice, ties by id; the same for the same call."""
        ...

    def score(self, question: str, scope: Scope) -> Scored:
        """The clauses that ``retrieve`` chooses from, for whoever weighs them further."""
        ...

    def anchors(self, prefix: str) -> Kind:
        """The anchors whose keys begin with ``prefix``; the same object every time."""
        ...

    def compare(self, question: str, prefix: str) -> Cosines:
        """The cosine of the question with each of these anchors."""
        ...

    def asked(self, question: str) -> Mapping[str, float]:
        """How much the question, as it is worded, speaks for each clause and brief that can be asked for: logarithms, at most 0.

        The keys are ids of clauses, and those of briefs after ``brief/``.
        """
        ...

    def wished(self, question: str) -> Mapping[str, float]:
        """The same for each wish, and for ``criterion`` and ``provision``."""
        ...


class HybridRetriever:
    """The pipeline over one generation of the index; ``encoder`` is the first that the settings use, and gives ``cosine``."""

    def __init__(self, knowledge: Knowledge, generation: Generation, encoder: Encoder, settings: RetrievalSettings) -> None:
        self._knowledge = knowledge
        self._cosine = cosine_key(settings.encoders[0])
        self.table = ClauseTable.of([knowledge.clauses[passage.id] for passage in generation.search.passages])
        encoders = encoders_with(encoder, settings)
        searches = {name: all_in_chroma(generation, number) for number, name in enumerate(settings.encoders)}
        self._pipeline = Pipeline(
            generation.search,
            encoders,
            settings,
            reranker=make_reranker(settings),
            glossary=Glossary(knowledge.glossary.values()),
            searches=searches if settings.dense_search == "chroma" else None,
            nearest={name: nearest_in_chroma(generation, number) for number, name in enumerate(settings.encoders)},
        )
        self._anchors = Anchors(generation.anchor_keys, generation.anchor_vectors)
        # kept with the retriever, which belongs to one generation: a new index starts without
        self._encode = lru_cache(maxsize=256)(encoder.encode_query)
        # a question is read like the ways of asking that it is compared with, not like a question to a passage
        name, reader = list(encoders.items())[-1]
        read = lru_cache(maxsize=_KEPT)(lambda question: reader.encode_documents([question])[0])
        self._asked = lru_cache(maxsize=_KEPT)(lambda question: generation.asked[name].read(read(question)))
        self._wished = lru_cache(maxsize=_KEPT)(lambda question: generation.wished[name].read(read(question)))
        self._compare = lru_cache(maxsize=_KEPT)(self._compare_with_all)
        self._answering_on = lru_cache(maxsize=_KEPT)(self._find_answering)
        self._mask = lru_cache(maxsize=_KEPT)(self._make_mask)
        self._state = lru_cache(maxsize=_KEPT)(self._make_state)

    def retrieve(self, question: str, scope: Scope, *, top_k: int) -> list[RankedClause]:
        state = self._state(question, scope)
        if state is None or state.order is None or state.total is None:
            return []
        return [
            RankedClause(
                self.table.clauses[state.rows[place]],
                float(state.total[place]),
                {name: float(scores[place]) for name, scores in self._stages(state).items()},
            )
            for place in state.order[:top_k]
        ]

    def score(self, question: str, scope: Scope) -> Scored:
        state = self._state(question, scope)
        if state is None or state.total is None:
            return Scored(self.table, np.zeros(0, dtype=np.intp), np.zeros(0), {})
        return Scored(self.table, state.rows, state.total.astype(np.float64), self._stages(state))

    def anchors(self, prefix: str) -> Kind:
        return self._anchors.kind(prefix)

    def compare(self, question: str, prefix: str) -> Cosines:
        kind = self._anchors.kind(prefix)
        return Cosines(kind, self._compare(question)[kind.rows])

    def asked(self, question: str) -> Mapping[str, float]:
        return self._asked(question)

    def wished(self, question: str) -> Mapping[str, float]:
        return self._wished(question)

    def _stages(self, state: State) -> dict[str, Scores]:
        nothing: Scores = np.zeros(len(state.rows), dtype=np.float32)
        return {**state.scores, "cosine": state.scores.get(self._cosine, nothing)}

    def _compare_with_all(self, question: str) -> Scores:
        cosines: Scores = self._anchors.vectors @ self._encode(question)
        return cosines

    def _make_state(self, question: str, scope: Scope) -> State | None:
        return self._pipeline.score(question, mask=self._mask(scope), wanted=_WANTED)

    def _make_mask(self, scope: Scope) -> Mask:
        admitted = {source_id: scope.admits_source(source) for source_id, source in self._knowledge.sources.items()}
        of_source = (admitted[clause.source_id] for clause in self.table.clauses)
        mask: Mask = np.fromiter(of_source, dtype=bool, count=len(self.table.clauses)) & self._answering_on(scope.on)
        return mask

    def _find_answering(self, day: date) -> Mask:
        """The clauses that may lead an answer on a day, whatever it is about."""
        dating = Dating(self._knowledge, day)
        return np.fromiter(map(dating.answers, self.table.clauses), dtype=bool, count=len(self.table.clauses))
