"""Clauses encoded per CPU second, int8 through onnxruntime against the fp32 reference through torch, and what that does to the ranking.

`python -m eval.bench.encoding --dataset DIR [--sample 300] [--quality]` prints one JSON object. Each encoder works in a process of its
own, one after the other, several times; the best time counts. With ``--quality`` all passages are encoded by both, which takes minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.index.bm25 import BM25Index
from assistant.index.encoders import SentenceTransformerEncoder, make_encoder
from assistant.index.model_files import reference_model
from assistant.index.pipeline import Pipeline
from assistant.index.search_index import SearchIndex, searched_text
from assistant.settings import EMBEDDED_ENCODER, RetrievalSettings
from eval.retrieval.datasets import DataSet, load_data_set
from eval.retrieval.measures import measure_queries
from eval.retrieval.significance import paired_differences

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder

REFERENCE = "reference"
ENCODERS = (EMBEDDED_ENCODER, REFERENCE, "bge-small")
REPEATS = 3
SEED = 0
MEASURES = ("nDCG@10", "R@10", "P@1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=300, help="passages, drawn at random")
    parser.add_argument("--quality", action="store_true", help="measure the rankings with both encoders too")
    parser.add_argument("--only", choices=ENCODERS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    data = load_data_set(arguments.dataset)
    if arguments.only:
        print(json.dumps(_seconds(make(arguments.only), _sample(data, arguments.sample))))
        return
    command = [
        sys.executable,
        "-m",
        "eval.bench.encoding",
        "--dataset",
        str(arguments.dataset),
        "--sample",
        str(arguments.sample),
        "--only",
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    rates = {}
    for name in ENCODERS:
        done = subprocess.run([*command, name], env=environment, check=True, capture_output=True, text=True)
        rates[name] = arguments.sample / json.loads(done.stdout)
    report: dict[str, object] = {
        "data_set": data.name,
        "passages": arguments.sample,
        "passages_per_cpu_second": {name: round(rate, 1) for name, rate in rates.items()},
        "int8_against_reference": round(rates[EMBEDDED_ENCODER] / rates[REFERENCE], 2),
    }
    if arguments.quality:
        report["quality"] = _quality(data)
    print(json.dumps(report, indent=2))


def make(name: str) -> Encoder:
    """An encoder by its name here."""
    return SentenceTransformerEncoder(str(reference_model())) if name == REFERENCE else make_encoder(name)


def _sample(data: DataSet, count: int) -> list[str]:
    texts = [searched_text(passage) for passage in data.passages]
    return random.Random(SEED).sample(texts, min(count, len(texts)))


def _seconds(encoder: Encoder, texts: Sequence[str]) -> float:
    """CPU seconds, the best of a few times, after a warm-up."""
    encoder.encode_documents(texts[:16])
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        encoder.encode_documents(texts)
        spent.append(time.process_time() - start)
    return min(spent)


def _quality(data: DataSet) -> dict[str, object]:
    """The ranking of the profile that has this encoder alone, with either one: means, loss, and how near the vectors are."""
    settings = RetrievalSettings.for_profile("fast")
    texts = [searched_text(passage) for passage in data.passages]
    words = BM25Index.build(texts, k1=settings.k1, b=settings.b)
    values, matrices = {}, {}
    for name in (REFERENCE, EMBEDDED_ENCODER):
        encoder = make(name)
        matrices[name] = encoder.encode_documents(texts)
        index = SearchIndex(data.passages, words, {EMBEDDED_ENCODER: matrices[name]}, name)
        pipeline = Pipeline(index, {EMBEDDED_ENCODER: encoder}, settings)
        rankings = {}
        for query in data.select().queries:
            mask = index.of_document(query.document) if query.document else None
            ranked = pipeline.rank(query.asked(within_document=True), mask=mask, top_k=100)
            rankings[query.id] = [(entry.id, entry.score) for entry in ranked.entries]
        values[name] = measure_queries(data.qrels, rankings, MEASURES)
    ids = list(values[REFERENCE])
    found = paired_differences([([values[REFERENCE][i][m] for i in ids], [values[EMBEDDED_ENCODER][i][m] for i in ids]) for m in MEASURES])
    means = {m: float(np.mean([values[REFERENCE][i][m] for i in ids])) for m in MEASURES}
    cosines = (matrices[REFERENCE] * matrices[EMBEDDED_ENCODER]).sum(axis=1)
    return {
        "cosine_mean": round(float(cosines.mean()), 5),
        "cosine_least": round(float(cosines.min()), 5),
        "reference": {m: round(means[m], 4) for m in MEASURES},
        "int8_minus_reference": {
            m: {"mean": round(d.value, 4), "low": round(d.low, 4), "high": round(d.high, 4), "relative": round(d.value / means[m], 4)}
            for m, d in zip(MEASURES, found, strict=True)
        },
    }


if __name__ == "__main__":
    main()
