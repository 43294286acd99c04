"""Question to ranked passages, in named stages that can be switched off and are timed one by one (docs/retrieval.md)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assistant.index.learned import load_learned
from assistant.index.passages import Neighbours
from assistant.index.stages import make_stages, unrelated
from assistant.index.state import Asked, State

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder
    from assistant.index.glossary import Glossary
    from assistant.index.passages import Mask, Rows
    from assistant.index.reranker import Reranker
    from assistant.index.search_index import SearchIndex
    from assistant.index.shortlist import Nearest
    from assistant.index.stages import Cosines
    from assistant.settings import RetrievalSettings


class RankedPassage(NamedTuple):
    """A passage with its score, which compares within one question only, and what each stage gave it.

    ``share`` is the score as a share of what could be had: of a passage of usual length that means the same and holds each word and pair
    of words of the question once. Rare words raise both alike, so that one threshold means the same in a small corpus and in a large one.
    """

    row: int
    id: str
    score: float
    share: float
    stages: Mapping[str, float]


class StageScores(Mapping[str, float]):
    """What each stage gave one of the ranked passages: columns that all of them share, and its place in these."""

    __slots__ = ("_columns", "_place")

    def __init__(self, columns: Mapping[str, list[float]], place: int) -> None:
        self._columns, self._place = columns, place

    def __getitem__(self, name: str) -> float:
        return self._columns[name][self._place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True)
class Ranking:
    """Passages, best first, and the seconds each stage took."""

    entries: tuple[RankedPassage, ...]
    seconds: dict[str, float]

    @property
    def ids(self) -> list[str]:
        return [entry.id for entry in self.entries]


class Pipeline:
    """Ranks the passages of one index. Not safe for several threads at once."""

    def __init__(
        self,
        index: SearchIndex,
        encoders: Mapping[str, Encoder],
        settings: RetrievalSettings,
        *,
        reranker: Reranker | None = None,
        glossary: Glossary | None = None,
        searches: Mapping[str, Cosines] | None = None,
        nearest: Mapping[str, Nearest] | None = None,
    ) -> None:
        """``searches`` may give the cosines of all rows by an encoder otherwise than from the matrix: by a database. ``nearest`` may
        give those of about the nearest rows, which is asked where there are too many to go through all.
        """
        self._index = index
        self._settings = settings
        learned = load_learned(encoders) if settings.learned and "learned" not in settings.without else None
        self._weights = tuple(zip(settings.encoders, settings.dense_weights, strict=True))
        self._stages = make_stages(index, encoders, settings, reranker, glossary, learned, searches, nearest)
        self._everything = np.arange(len(index.passages), dtype=np.intp)
        self._documents = [passage.document for passage in index.passages]
        self._views: dict[bytes, tuple[Rows, Neighbours]] = {}

    def rank(self, question: str, *, mask: Mask | None = None, names: Sequence[str] = (), top_k: int | None = None) -> Ranking:
        """At most ``top_k`` passages (as many as the settings say, if None) that ``mask`` lets through, best first, ties by id.

        ``names`` are names of what the mask stands for (a vendor, a document): in the question they tell nothing apart.
        """
        seconds: dict[str, float] = {}
        wanted = top_k or self._settings.top_k
        state = self.score(question, mask=mask, names=names, wanted=wanted, seconds=seconds)
        return Ranking(() if state is None else tuple(self._entries(state, wanted)), seconds)

    def score(
        self,
        question: str,
        *,
        mask: Mask | None = None,
        names: Sequence[str] = (),
        wanted: int,
        seconds: dict[str, float] | None = None,
    ) -> State | None:
        """What ``rank`` makes its entries of, as arrays: all rows, or in a large collection those that can be among the first ``wanted``.

        None if there is nothing to rank. ``seconds`` is added to.
        """
        rows, neighbours = self._view(mask)
        state = State(Asked(question, names=tuple(names)), rows, neighbours, wanted)
        if not len(rows) or not question.strip():
            return None
        for stage in self._stages:
            start = time.perf_counter()
            state = stage.apply(state)
            if seconds is not None:
                seconds[stage.name] = seconds.get(stage.name, 0.0) + time.perf_counter() - start
        return state

    def _entries(self, state: State, top_k: int) -> list[RankedPassage]:
        assert state.order is not None
        assert state.total is not None
        most = self._most(state.asked.text)
        first = state.order[:top_k]
        columns: dict[str, list[float]] = {name: scores[first].tolist() for name, scores in state.scores.items()}
        ranked = zip(state.rows[first].tolist(), state.total[first].tolist(), strict=True)
        return [
            RankedPassage(row, self._index.passages[row].id, total, total / most, StageScores(columns, place))
            for place, (row, total) in enumerate(ranked)
        ]

    def _most(self, question: str) -> float:
        dense = sum(weight * (1 - unrelated(name)) for name, weight in self._weights)
        return max(self._index.bm25.ceiling(question) + dense, 1.0)

    def _view(self, mask: Mask | None) -> tuple[Rows, Neighbours]:
        key = b"" if mask is None else np.packbits(mask).tobytes()
        if key not in self._views:
            if len(self._views) >= 64:
                self._views.clear()
            rows = self._everything if mask is None else np.flatnonzero(mask)
            self._views[key] = rows, Neighbours.of(self._documents, rows)
        return self._views[key]
