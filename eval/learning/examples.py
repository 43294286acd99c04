"""What is learned from: for each question the first candidates of the plain ranking, their scores, and which were judged to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.index.search_index import searched_text
from assistant.index.stages import without_opening
from eval.progress import Progress
from eval.retrieval.significance import interval_of_mean

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.index.encoders import Vectors
    from assistant.index.passages import Rows
    from assistant.index.state import Scores
    from eval.retrieval.clausewise import ClausewiseSystem
    from eval.retrieval.datasets import DataSet


@dataclass(frozen=True)
class Examples:
    """Questions of one set, and the texts of its passages.

    Row i of every array is question i, and ``rows`` holds its candidates, best first, -1 where there are less.
    ``groups`` are what must not be torn apart: questions on one document, or else each question by itself.
    """

    name: str
    asked: tuple[str, ...]
    documents: tuple[str | None, ...]
    groups: tuple[str, ...]
    texts: tuple[str, ...]
    questions: dict[str, Vectors]
    passages: dict[str, Vectors]
    rows: Rows
    totals: Scores
    relevant: Scores
    judged: Scores

    def __len__(self) -> int:
        return len(self.asked)


def gather(data: DataSet, system: ClausewiseSystem, cache: Path, depth: int, progress: Progress) -> Examples:
    """The candidates that a system without learned part and reranker finds; a question about a document is asked of that one."""
    system.build(data.passages, cache, progress)
    places = {passage.id: row for row, passage in enumerate(data.passages)}
    queries = [query for query in data.queries if data.qrels.get(query.id)]
    rows = np.full((len(queries), depth), -1, dtype=np.intp)
    totals = np.full((len(queries), depth), -np.inf, dtype=np.float32)
    relevant = np.zeros((len(queries), depth), dtype=np.float32)
    asked: list[str] = []
    for number, query in enumerate(queries):
        names = (query.document,) if query.document else ()
        words = query.asked(within_document=True)
        hits = system.rank(words, names or None, depth).hits
        asked.append(without_opening(words, names))
        rows[number, : len(hits)] = [places[hit.passage] for hit in hits]
        totals[number, : len(hits)] = [hit.score for hit in hits]
        relevant[number, : len(hits)] = [hit.passage in data.qrels[query.id] for hit in hits]
        progress(number + 1, len(queries))
    return Examples(
        data.name,
        tuple(asked),
        tuple(query.document for query in queries),
        tuple(query.document or query.id for query in queries),
        tuple(searched_text(passage) for passage in data.passages),
        {name: np.stack([encoder.encode_query(words) for words in asked]) for name, encoder in system.encoders.items()},
        dict(system.vectors),
        rows,
        totals,
        relevant,
        np.array([len(data.qrels[query.id]) for query in queries], dtype=np.float32),
    )


def measure(examples: Examples, totals: Scores, chosen: Sequence[int] | Rows) -> dict[str, float]:
    """Means over the chosen questions of the first ten by ``totals``: nDCG@10, with its 95 % interval, P@1, R@10, AP@10, as ir-measures
    has them.
    """
    order = np.argsort(-totals, axis=1, kind="stable")[:, :10]
    hits = np.take_along_axis(examples.relevant, order, axis=1)[chosen]
    judged = examples.judged[chosen]
    discounts = 1 / np.log2(np.arange(2, 12))
    ideal = np.cumsum(discounts)[np.minimum(judged, 10).astype(int) - 1]
    ranks = np.arange(1, hits.shape[1] + 1)  # less than ten where a set has no more
    precision = np.cumsum(hits, axis=1) / ranks
    found = {
        "nDCG@10": (hits * discounts[: len(ranks)]).sum(axis=1) / ideal,
        "P@1": hits[:, 0],
        "R@10": hits.sum(axis=1) / judged,
        "AP@10": (precision * hits).sum(axis=1) / judged,
    }
    interval = interval_of_mean(found["nDCG@10"].tolist())
    means = {name: float(values.mean()) for name, values in found.items()}
    return {name: round(value, 4) for name, value in {**means, "from": interval.low, "to": interval.high}.items()}
