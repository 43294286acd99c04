"""The stages of a ranking, one class each; ``make_stages`` puts together those that the settings ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import ModelError
from assistant.index.learned import LearnedReading
from assistant.index.search_index import searched_text
from assistant.index.shortlist import Shortlist

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder, Vectors
    from assistant.index.glossary import Glossary
    from assistant.index.passages import Neighbours, Rows
    from assistant.index.reranker import Reranker
    from assistant.index.search_index import SearchIndex
    from assistant.index.shortlist import Nearest, Rough
    from assistant.index.state import Scores, Stage, State
    from assistant.settings import RetrievalSettings, StageName

    Cosines = Callable[[Vectors], Scores]

_PREAMBLE = re.compile(r"^[^;:?]{0,80}[;:]\s*(?=\S)")
# bge-small's cosines of unrelated texts lie about .45, MiniLM's about 0; the logarithm of 40 words is 3.7
_UNRELATED = {"cosine:bge-small": 0.45, "length": 3.7}
_FEW = 0.3  # up to such a share of the rows it is quicker to fetch them one by one than to go through all
_FEW_TIES = 500
_QUESTIONS_KEPT = 256  # vectors of questions: one is often ranked in more than one scope


def make_stages(
    index: SearchIndex,
    encoders: Mapping[str, Encoder],
    settings: RetrievalSettings,
    reranker: Reranker | None,
    glossary: Glossary | None,
    learned: LearnedReading | None,
    searches: Mapping[str, Cosines] | None = None,
    nearest: Mapping[str, Nearest] | None = None,
) -> list[Stage]:
    """The stages in order, without those the settings switch off; fusion, which makes the order, always stays.

    Raises ModelError if an encoder or the reranker that the settings ask for is not given.
    """
    off = _off(settings)
    missing = [name for name in settings.encoders if name not in encoders or name not in index.vectors]
    if missing and "dense" not in off:
        raise ModelError(f"The index has no vectors of {missing[0]!r}, or the model is not loaded. Build the index with it.")
    if settings.rerank_depth and reranker is None and "rerank" not in off:
        raise ModelError("The settings ask for a reranker and none is loaded. Set rerank_depth to 0, or load one.")
    places = places_of([passage.id for passage in index.passages])
    weights = dict(zip(settings.encoders, settings.dense_weights, strict=True))
    vectors = {name: index.vectors[name] for name in weights if not missing}
    stages: list[Stage] = [Analysis(glossary), BM25(index, settings.widening)]
    if vectors:
        stages.append(Encode({name: lru_cache(maxsize=_QUESTIONS_KEPT)(encoders[name].encode_query) for name in vectors}))
        if settings.shortlist:
            rough, count = _rough(index, weights), len(index.passages)
            stages.append(Shortlist(rough, weights, settings.shortlist, nearest or {}, settings.exact_up_to, count))
    stages += [Dense(name, matrix, (searches or {}).get(name)) for name, matrix in vectors.items()]
    stages += [Context(settings.smoothing, settings.word_smoothing), Length.of(index, settings.length_weight)]
    stages.append(Fusion(tuple(weights.items()), places))
    if learned is not None and learned.encoders == settings.encoders and vectors:
        stages.append(Learned(learned, vectors, settings.learned_depth, places))
    if settings.rerank_depth and reranker is not None:
        stages.append(Rerank(index, reranker, settings.rerank_depth, settings.rerank_weight, places))
    return [stage for stage in stages if stage.name not in off]


def _off(settings: RetrievalSettings) -> set[StageName]:
    """What is switched off, and what cannot do without that."""
    off = set(settings.without) - {"fusion"}
    if "encode" in off:
        off |= {"dense", "learned"}
    return off | {"shortlist"} if "dense" in off else off


def _rough(index: SearchIndex, weights: Mapping[str, float]) -> Rough:
    """Rough points of all passages: from the sketch of the index, from all vectors if it has none of these encoders."""
    sketch = index.sketch
    if sketch is not None and set(weights) <= set(sketch.axes):
        return lambda asked: sketch.scores(asked, weights)

    def from_all(asked: Mapping[str, Vectors]) -> Scores:
        points: Scores = np.zeros(len(index.passages), dtype=np.float32)
        for name, weight in weights.items():
            points += np.float32(weight) * (index.vectors[name] @ asked[name])
        return points

    return from_all


@dataclass(frozen=True)
class Analysis:
    """Takes out of the question what only names the document it is asked of, and looks up the law's words for everyday ones."""

    glossary: Glossary | None
    name: StageName = "analysis"

    def apply(self, state: State) -> State:
        text = without_opening(state.asked.text, state.asked.names)
        return replace(state, asked=replace(state.asked, text=text, added=self.glossary.widen(text) if self.glossary else ""))


def without_opening(question: str, names: Sequence[str]) -> str:
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
        scores = self.index.bm25.scores(state.asked.text)
        if state.asked.added:
            scores += np.float32(self.widening) * self.index.bm25.scores(state.asked.added)
        return state.with_scores(bm25=scores if len(scores) == len(state.rows) else scores[state.rows])


@dataclass(frozen=True)
class Encode:
    """The question's vectors, which are kept: one question is often ranked in more than one scope."""

    encode: Mapping[str, Callable[[str], Vectors]]
    name: StageName = "encode"

    def apply(self, state: State) -> State:
        return replace(state, vectors={name: encode(state.asked.text) for name, encode in self.encode.items()})


@dataclass(frozen=True)
class Dense:
    """The cosine of the question with every passage, by one encoder. ``search``, if given, knows those of all rows from elsewhere."""

    encoder: str
    vectors: Vectors
    search: Cosines | None = None
    name: StageName = "dense"

    def apply(self, state: State) -> State:
        return state.with_scores(**{cosine_key(self.encoder): self._cosines(state.vectors[self.encoder], state.rows)})

    def _cosines(self, question: Vectors, rows: Rows) -> Scores:
        if self.search is None and len(rows) < _FEW * len(self.vectors):
            few: Scores = self.vectors.take(rows, axis=0) @ question
            return few
        every: Scores = self.vectors @ question if self.search is None else self.search(question)
        return every if len(every) == len(rows) else every[rows]


def cosine_key(encoder: str) -> str:
    return f"cosine:{encoder}"


def unrelated(encoder: str) -> float:
    """The cosine that an encoder gives texts that have nothing to do with each other."""
    return _UNRELATED.get(cosine_key(encoder), 0.0)


@dataclass(frozen=True)
class Context:
    """What stands beside a passage says what it is about: (own + weight x mean of the neighbours') / (1 + weight).

    One that stands alone in its document has nobody to speak for it and gets 0 from there: of a law, the recitals fall behind the
    articles, which is most of what this stage is worth on one.
    """

    smoothing: float
    word_smoothing: float
    name: StageName = "context"

    def apply(self, state: State) -> State:
        around = Around(state.neighbours)
        smoothed: dict[str, Scores] = {
            f"smoothed:{key}": ((scores + self.smoothing * around.mean(scores)) / (1 + self.smoothing)).astype(np.float32, copy=False)
            for key, scores in state.scores.items()
            if key.startswith("cosine:")
        }
        if "bm25" in state.scores:
            smoothed["smoothed:bm25"] = (state.scores["bm25"] + self.word_smoothing * around.mean(state.scores["bm25"])).astype(
                np.float32, copy=False
            )
        return state.with_scores(**smoothed)


class Around:
    """The mean over a passage's neighbours; 0 where there is none."""

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        count = (neighbours.before >= 0).astype(np.float32) + (neighbours.after >= 0)
        self._share = (1 / np.maximum(count, 1)).astype(np.float32)

    def mean(self, scores: Scores) -> Scores:
        padded = np.append(scores, np.float32(0))  # -1 points here
        mean: Scores = (padded[self._neighbours.before] + padded[self._neighbours.after]) * self._share
        return mean


@dataclass(frozen=True)
class Length:
    """Points for the logarithm of a passage's length: a heading is near to many questions and answers none."""

    points: Scores
    name: StageName = "length"

    @classmethod
    def of(cls, index: SearchIndex, weight: float) -> Length:
        return cls((np.float32(weight) * np.log1p(index.bm25.lengths)).astype(np.float32))

    def apply(self, state: State) -> State:
        return state.with_scores(length=self.points[state.rows])


@dataclass(frozen=True)
class Fusion:
    """BM25 points and cosines added up; a long question with rare words weighs its words by itself.

    Cosines and lengths count from what an unrelated passage of usual length has, so that it scores about 0 whatever models are used.
    """

    weights: tuple[tuple[str, float], ...]
    places: Rows
    name: StageName = "fusion"

    def apply(self, state: State) -> State:
        scores = state.scores
        total: Scores = np.zeros(len(state.rows), dtype=np.float32)
        for key, weight in (("bm25", 1.0), ("length", 1.0), *((cosine_key(name), weight) for name, weight in self.weights)):
            if key in scores:
                total += np.float32(weight) * (scores.get(f"smoothed:{key}", scores[key]) - np.float32(_UNRELATED.get(key, 0.0)))
        return replace(state, total=total, order=best_first(total, self.places[state.rows]))


def places_of(ids: Sequence[str]) -> Rows:
    """The place of each id among all of them in order: ties fall by numbers, which sort far quicker than names."""
    places = np.empty(len(ids), dtype=np.intp)
    places[sorted(range(len(ids)), key=lambda row: ids[row])] = np.arange(len(ids))
    return places


def best_first(total: Scores, places: Rows) -> Rows:
    """Positions by falling total, ties by the place of the id. A plain sort is several times as fast as one by two keys; ties are few."""
    order: Rows = np.argsort(-total)
    ranked = total[order]
    tied = np.flatnonzero(ranked[1:] == ranked[:-1])
    if len(tied) > _FEW_TIES:
        return np.lexsort((places, -total))
    starts = tied[np.concatenate([[True], np.diff(tied) > 1])] if len(tied) else tied
    for start in starts:
        end = int(np.searchsorted(-ranked, -ranked[start], side="right"))
        run = order[start:end]
        order[start:end] = run[np.argsort(places[run])]
    return order


def reordered(state: State, depth: int, places: Rows, totals: Callable[[Rows], Scores], name: str) -> State:
    """The first ``depth`` in the order of new totals, still before the rest; what they gained is kept under ``name``."""
    assert state.order is not None
    assert state.total is not None
    head, rest = state.order[:depth], state.order[depth:]
    new = totals(head)
    lift = max(float(state.total[rest[0]]) - float(new.min()), 0.0) + 1e-3 if len(rest) else 0.0  # whole, so that differences stay
    total, gained = state.total.copy(), np.zeros(len(state.rows), dtype=np.float32)
    gained[head] = new - state.total[head]
    total[head] = new + np.float32(lift)
    order = np.concatenate([head[best_first(new, places[state.rows[head]])], rest])
    return replace(state.with_scores(**{name: gained}), total=total, order=order)


@dataclass(frozen=True)
class Learned:
    """Questions near those that were trained on, read as the training found that such questions are meant (learned.py)."""

    reading: LearnedReading
    vectors: Mapping[str, Vectors]
    depth: int
    places: Rows
    name: StageName = "learned"

    def apply(self, state: State) -> State:
        moved = self.reading.moved(state.vectors)
        if not moved:
            return state.with_scores(learned=np.zeros(len(state.rows), dtype=np.float32))

        def totals(head: Rows) -> Scores:
            assert state.total is not None
            rows = state.rows[head]
            new: Scores = state.total[head] + sum((self.vectors[name][rows] @ vector for name, vector in moved.items()), np.float32(0))
            return new

        return reordered(state, self.depth, self.places, totals, "learned")


@dataclass(frozen=True)
class Rerank:
    """The first few read again together with the question: shares of the cross-encoder's score and of the total, both from 0 to 1."""

    index: SearchIndex
    reranker: Reranker
    depth: int
    weight: float
    places: Rows
    name: StageName = "rerank"

    def apply(self, state: State) -> State:
        def totals(head: Rows) -> Scores:
            assert state.total is not None
            texts = [searched_text(self.index.passages[row]) for row in state.rows[head]]
            return blended(state.total[head], self.reranker.score(state.asked.text, texts), self.weight)

        return reordered(state, self.depth, self.places, totals, "rerank")


def blended(totals: Scores, read: Scores, weight: float) -> Scores:
    """Totals of the same span that order by ``weight`` of what was read and the rest of the old totals, both from 0 to 1."""
    low, high = float(totals.min()), float(totals.max())
    new: Scores = (low + (high - low) * (weight * _from_0_to_1(read) + (1 - weight) * _from_0_to_1(totals))).astype(np.float32)
    return new


def _from_0_to_1(scores: Scores) -> Scores:
    lowest, highest = float(scores.min()), float(scores.max())
    return (scores - np.float32(lowest)) / np.float32(max(highest - lowest, 1e-6))
