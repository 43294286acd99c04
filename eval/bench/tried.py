"""Two stages that the retriever does without, measured on its rankings: diversity, and a word from the document a passage stands in.

`python -m eval.bench.tried --dataset DIR --cache FOLDER` prints one JSON object: each variant's nDCG@10, R@10 and P@1 and the difference
to the ranking as it is, with the paired 95 % interval.

Diversity is maximal marginal relevance (Carbonell and Goldstein 1998) over the first 30: share x score - (1 - share) x greatest cosine
with what is ranked already, scores from 0 to 1. For the document, a passage gains a share of the score of the best other passage of its
document within the first 100, as a parent clause would speak for its points.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.retrieval.clausewise import MODELS, make_system
from eval.retrieval.datasets import load_data_set
from eval.retrieval.measures import measure_queries
from eval.retrieval.significance import paired_differences

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors
    from assistant.index.state import Scores

MEASURES = ("nDCG@10", "R@10", "P@1")
FIRST, DEPTH = 30, 100
DIVERSITY_SHARES = (0.9, 0.7, 0.5)
DOCUMENT_SHARES = (0.05, 0.1, 0.2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="vectors are kept here, as by `python -m eval retrieval --cache`")
    arguments = parser.parse_args()
    data = load_data_set(arguments.dataset)
    system = make_system("default", {}, ("learned",), arguments.cache / MODELS)
    system.build(data.passages, arguments.cache, lambda done, total: None)
    rows = {passage.id: row for row, passage in enumerate(data.passages)}
    documents = [passage.document for passage in data.passages]
    vectors = system.vectors["bge-small"]
    variants: dict[str, Callable[[list[int], Scores], Sequence[int]]] = {"as it is": lambda found, scores: range(len(found))}
    for share in DIVERSITY_SHARES:
        variants[f"diversity {share}"] = lambda found, scores, share=share: diverse(vectors[found[:FIRST]], scores[:FIRST], share)  # type: ignore[misc]
    for share in DOCUMENT_SHARES:
        variants[f"document {share}"] = lambda found, scores, share=share: by_document([documents[row] for row in found], scores, share)  # type: ignore[misc]
    rankings: dict[str, dict[str, list[tuple[str, float]]]] = {name: {} for name in variants}
    for query in data.queries:
        hits = system.rank(query.asked(within_document=True), {query.document} if query.document else None, DEPTH).hits
        found, scores = [rows[hit.passage] for hit in hits], np.array([hit.score for hit in hits], dtype=np.float32)
        for name, order in variants.items():
            places = list(order(found, scores)) if hits else []
            rankings[name][query.id] = [(hits[place].passage, float(-number)) for number, place in enumerate(places)]
    print(json.dumps({"data_set": data.name, **_figures(data.qrels, rankings)}, indent=2))


def diverse(vectors: Vectors, scores: Scores, share: float) -> list[int]:
    """Places in the order in which they are chosen."""
    span = max(float(scores.max() - scores.min()), 1e-6)
    near, relevance = vectors @ vectors.T, (scores - scores.min()) / span
    chosen = [int(np.argmax(relevance))]
    while len(chosen) < len(scores):
        worth = share * relevance - (1 - share) * near[:, chosen].max(axis=1)
        worth[chosen] = -np.inf
        chosen.append(int(np.argmax(worth)))
    return chosen


def by_document(documents: Sequence[str], scores: Scores, share: float) -> list[int]:
    """Places by falling score after the best other passage of the same document has spoken for each."""
    best: dict[str, list[float]] = {}
    for document, score in zip(documents, scores, strict=True):
        best.setdefault(document, []).append(float(score))
    lifted = [
        score + share * (best[document][1 if score == best[document][0] else 0] if len(best[document]) > 1 else 0.0)
        for document, score in zip(documents, scores, strict=True)
    ]
    return sorted(range(len(lifted)), key=lambda place: (-lifted[place], place))


def _figures(qrels: Any, rankings: dict[str, dict[str, list[tuple[str, float]]]]) -> dict[str, Any]:
    values = {name: measure_queries(qrels, ranked, MEASURES) for name, ranked in rankings.items()}
    plain = values["as it is"]
    report: dict[str, Any] = {}
    for name, of_queries in values.items():
        report[name] = {measure: round(float(np.mean([entry[measure] for entry in of_queries.values()])), 4) for measure in MEASURES}
        if name != "as it is":
            pairs = [([plain[query]["nDCG@10"] for query in plain], [of_queries[query]["nDCG@10"] for query in plain])]
            (difference,) = paired_differences(pairs)
            report[name]["difference"] = [round(value, 4) for value in (difference.value, difference.low, difference.high)]
    return report


if __name__ == "__main__":
    main()
