"""Whether a ranked passage's ``share`` means the same in a small and in a large collection.

`python -m eval.bench.shares --dataset DIR --cache FOLDER [--part 10]` ranks the same questions over one passage in ``part``, drawn at
random, and over all of them, and prints one JSON object: how much the share of a passage that answers differs, and its score.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.index.bm25 import BM25Index
from assistant.index.models import make_encoders
from assistant.index.pipeline import Pipeline
from assistant.index.search_index import SearchIndex, searched_text
from assistant.index.vector_cache import cached_vectors
from assistant.settings import RetrievalSettings
from eval.retrieval.clausewise import MODELS, corpus_name
from eval.retrieval.datasets import load_data_set

if TYPE_CHECKING:
    from eval.retrieval.datasets import DataSet

SEED = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="vectors are kept here, as by `python -m eval retrieval --cache`")
    parser.add_argument("--part", type=int, default=10, help="the small collection is one in so many")
    arguments = parser.parse_args()
    print(json.dumps(measure(load_data_set(arguments.dataset), arguments.cache, arguments.part), indent=2))


def measure(data: DataSet, cache: Path, part: int) -> dict[str, Any]:
    """Only passages that are found within the first hundred of both collections are compared."""
    settings = RetrievalSettings.for_profile("default", without=("learned", "context"))  # a part has other neighbours than the whole
    encoders = make_encoders(settings, cache / MODELS)
    place = cache / corpus_name(data.passages)
    place.mkdir(parents=True, exist_ok=True)
    texts = [searched_text(passage) for passage in data.passages]
    vectors = {name: cached_vectors(place / "vectors.sqlite3", encoder, texts, lambda d, t: None)[0] for name, encoder in encoders.items()}
    some = sorted(random.Random(SEED).sample(range(len(texts)), len(texts) // part))
    held = {data.passages[row].id for row in some}
    found = []
    for rows in (some, list(range(len(texts)))):
        words = BM25Index.build([texts[row] for row in rows], k1=settings.k1, b=settings.b)
        index = SearchIndex(
            tuple(data.passages[row] for row in rows), words, {name: matrix[rows] for name, matrix in vectors.items()}, "shares"
        )
        pipeline, ranked = Pipeline(index, encoders, settings), {}
        for query in data.queries:
            right = held & set(data.qrels.get(query.id, {}))
            for entry in pipeline.rank(query.text, top_k=100).entries if right else ():
                if entry.id in right:
                    ranked[query.id, entry.id] = (entry.share, entry.score)
        found.append(ranked)
    both = sorted(found[0].keys() & found[1].keys())
    small, large = (np.array([ranked[key] for key in both]) for ranked in found)
    drift, growth = large[:, 0] - small[:, 0], large[:, 1] / small[:, 1] - 1
    return {
        "data_set": data.name,
        "passages": [len(some), len(texts)],
        "compared": len(both),
        "share": [round(float(values[:, 0].mean()), 3) for values in (small, large)],
        "share_difference_mean": round(float(drift.mean()), 4),
        "share_difference_p95": round(float(np.percentile(np.abs(drift), 95)), 4),
        "share_difference_most": round(float(np.abs(drift).max()), 4),
        "score_difference_mean": f"{100 * float(growth.mean()):+.0f} %",
    }


if __name__ == "__main__":
    main()
