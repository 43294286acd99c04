"""The stages of a ranking, one class each; ``make_stages`` puts together those that the settings ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import ModelError
from assistant.index.search_index import searched_text

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder, Vectors
    from assistant.index.glossary import Glossary
    from assistant.index.passages import Neighbours, Rows
    from assistant.index.reranker import Reranker
    from assistant.index.search_index import SearchIndex
    from assistant.index.state import Scores, Stage, State
    from assistant.settings import RetrievalSettings, StageName

_PREAMBLE = re.compile(r"^[^;:?]{0,80}[;:]\s*(?=\S)")


def make_stages(
    index: SearchIndex,
    encoders: Mapping[str, Encoder],
    settings: RetrievalSettings,
    reranker: Reranker | None,
    glossary: Glossary | None,
) -> list[Stage]:
    """The stages in order, without those the settings switch off; fusion, which makes the order, always stays.

    Raises ModelError if an encoder or the reranker that the settings ask for is not given.
    """
    missing = [name for name in settings.encoders if name not in encoders or name not in index.vectors]
    if missing and "dense" not in settings.without:
        raise ModelError(f"The index has no vectors of {missing[0]!r}, or the model is not loaded. Build the index with it.")
    if settings.rerank_depth and reranker is None and "rerank" not in settings.without:
        raise ModelError("The settings ask for a reranker and none is loaded. Set rerank_depth to 0, or load one.")
    ids = places_of([passage.id for passage in index.passages])
    stages: list[Stage] = [Analysis(glossary), BM25(index, settings.widening)]
    stages += [Dense(name, index.vectors[name], encoders[name], settings.widening) for name in settings.encoders if not missing]
    stages.append(Context(settings.encoders, settings.smoothing))
    stages.append(Fusion(settings.encoders, settings.dense_weight, ids))
    if settings.rerank_depth and reranker is not None:
        stages.append(Rerank(index, reranker, settings.rerank_depth, settings.rerank_weight, ids))
    off = set(settings.without) - {"fusion", "filter"}
    return [stage for stage in stages if stage.name not in off]


@dataclass(frozen=True)
class Analysis:
    """Takes out of the question what only names the document it is asked of, and looks up the law's words for everyday ones."""

    glossary: Glossary | None
    name: StageName = "analysis"

    def apply(self, state: State) -> State:
        text = without_names(state.asked.text, state.asked.names)
        return replace(state, asked=replace(state.asked, text=text, added=self.glossary.widen(text) if self.glossary else ""))


def without_names(question: str, names: Sequence[str]) -> str:
    """The question without an opening that does no more than name the document (``Consider "X"'s privacy policy; …``)."""
    opening = _PREAMBLE.match(question)
    if opening and any(name.lower() in opening.group().lower() for name in names):
        return question[opening.end() :]
    return question


@dataclass(frozen=True)
class BM25:
    """Words and pairs of words that question and passage share."""

    index: SearchIndex
    widening: float
    name: StageName = "bm25"

    def apply(self, state: State) -> State:
        scores = self.index.bm25.scores(state.asked.text)[state.rows]
        if state.asked.added:
            scores += np.float32(self.widening) * self.index.bm25.scores(state.asked.added)[state.rows]
        return state.with_scores(bm25=scores)


class Dense:
    """The cosine of the question with every passage, by one encoder."""

    name: StageName = "dense"

    def __init__(self, encoder_name: str, vectors: Vectors, encoder: Encoder, widening: float) -> None:
        self._key = cosine_key(encoder_name)
        self._vectors = vectors
        self._widening = widening
        self._encode = lru_cache(maxsize=256)(encoder.encode_query)  # a question is ranked in more than one scope

    def apply(self, state: State) -> State:
        query = self._encode(state.asked.text)
        if state.asked.added and self._widening:
            query = (query + self._encode(f"{state.asked.text} {state.asked.added}")) * np.float32(0.5)
        everything = len(state.rows) == len(self._vectors)
        cosines: Scores = self._vectors @ query if everything else self._vectors[state.rows] @ query
        return state.with_scores(**{self._key: cosines})


def cosine_key(encoder_name: str) -> str:
    return f"cosine:{encoder_name}"


@dataclass(frozen=True)
class Context:
    """What stands beside a passage says what it is about: (cosine + weight x mean of the neighbours') / (1 + weight)."""

    encoders: tuple[str, ...]
    weight: float
    name: StageName = "context"

    def apply(self, state: State) -> State:
        keys = [key for key in map(cosine_key, self.encoders) if key in state.scores]
        return state.with_scores(**{f"smoothed:{key}": smooth(state.scores[key], state.neighbours, self.weight) for key in keys})


def smooth(scores: Scores, neighbours: Neighbours, weight: float) -> Scores:
    """A passage at the edge has one neighbour; one without any keeps its score."""
    padded = np.append(scores, np.float32(0))  # -1 points here
    count = (neighbours.before >= 0).astype(np.float32) + (neighbours.after >= 0)
    mean = (padded[neighbours.before] + padded[neighbours.after]) / np.maximum(count, 1)
    smoothed: Scores = np.where(count > 0, (scores + weight * mean) / (1 + weight), scores).astype(np.float32)
    return smoothed


@dataclass(frozen=True)
class Fusion:
    """BM25 points and cosines added up; a long question with rare words weighs its words by itself."""

    encoders: tuple[str, ...]
    dense_weight: float
    ids: Rows
    name: StageName = "fusion"

    def apply(self, state: State) -> State:
        total: Scores = state.scores.get("bm25", np.zeros(len(state.rows), dtype=np.float32)).copy()
        keys = [key for key in map(cosine_key, self.encoders) if key in state.scores]
        for key in keys:
            total += np.float32(self.dense_weight / len(keys)) * state.scores.get(f"smoothed:{key}", state.scores[key])
        return replace(state, total=total, order=best_first(total, self.ids[state.rows]))


def places_of(ids: Sequence[str]) -> Rows:
    """The place of each id among all of them in order: ties fall by numbers, which sort far quicker than names."""
    places = np.empty(len(ids), dtype=np.intp)
    places[sorted(range(len(ids)), key=lambda row: ids[row])] = np.arange(len(ids))
    return places


def best_first(total: Scores, ids: Rows) -> Rows:
    """Positions by falling total, ties by the place of the id."""
    order: Rows = np.lexsort((ids, -total))
    return order


class Rerank:
    """The first few read again together with the question: shares of the cross-encoder's and of the first total, both from 0 to 1.

    What is read stays before the rest.
    """

    name: StageName = "rerank"

    def __init__(
        self, index: SearchIndex, reranker: Reranker, depth: int, weight: float, ids: Rows
    ) -> None:
        self._index, self._reranker, self._depth, self._weight, self._ids = index, reranker, depth, weight, ids

    def apply(self, state: State) -> State:
        assert state.order is not None
        assert state.total is not None
        head, rest = state.order[: self._depth], state.order[self._depth :]
        texts = [searched_text(self._index.passages[row]) for row in state.rows[head]]
        read = self._reranker.score(state.asked.text, texts)
        first = state.total[head]
        blended = self._weight * _from_0_to_1(read) + (1 - self._weight) * _from_0_to_1(first)
        spread = max(float(first.max() - first.min()), 1e-6)
        total = state.total.copy()
        total[head] = first.min() + spread * blended
        order = np.concatenate([head[best_first(total[head], self._ids[state.rows[head]])], rest])
        scores = np.zeros(len(state.rows), dtype=np.float32)
        scores[head] = read
        return replace(state.with_scores(rerank=scores), total=total, order=order)


def _from_0_to_1(scores: Scores) -> Scores:
    lowest, highest = float(scores.min()), float(scores.max())
    return (scores - np.float32(lowest)) / np.float32(max(highest - lowest, 1e-6))
