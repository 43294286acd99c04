"""What each stage is worth: the ranking without it, question by question, beside the ranking as it is.

`python -m eval.bench.stages --dataset DIR --cache FOLDER [--profile default] [--sample N]` prints one JSON object: means of each variant
and the difference to the ranking as it is, with the paired 95 % interval. The learned part is left out: it was trained on questions of
these sets. Questions are encoded once.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.settings import EMBEDDED_ENCODER, SECOND_ENCODER, RetrievalSettings
from eval.retrieval.clausewise import MODELS, make_system
from eval.retrieval.datasets import load_data_set
from eval.retrieval.measures import measure_queries
from eval.retrieval.significance import interval_of_mean, paired_differences

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder, Vectors
    from eval.retrieval.datasets import DataSet

MAIN, MEASURES = "nDCG@10", ("nDCG@10", "P@1", "R@10", "AP@10")
DEPTH = 100
VARIANTS: dict[str, dict[str, object]] = {
    "nothing off": {},
    **{stage: {"without": ("learned", stage)} for stage in ("bm25", "dense", "context", "length", "analysis", "shortlist")},
    "glossary": {"widening": 0.0},
    "neighbours' words": {"word_smoothing": 0.0},
    EMBEDDED_ENCODER: {"encoders": (SECOND_ENCODER,), "dense_weights": (54.0,)},
    SECOND_ENCODER: {"encoders": (EMBEDDED_ENCODER,), "dense_weights": (30.0,)},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="vectors are kept here, as by `python -m eval retrieval --cache`")
    parser.add_argument("--sample", type=int, help="questions, drawn at random; all if not given")
    arguments = parser.parse_args()
    data = load_data_set(arguments.dataset)
    print(json.dumps({"data_set": data.name, **measure(data.select(sample=arguments.sample), arguments.cache)}, indent=2))


class Remembering:
    """An encoder that encodes each question once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.fingerprint = encoder, encoder.fingerprint
        self._known: dict[str, Vectors] = {}

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_documents(texts)

    def encode_query(self, text: str) -> Vectors:
        if text not in self._known:
            self._known[text] = self._encoder.encode_query(text)
        return self._known[text]


def measure(data: DataSet, cache: Path) -> dict[str, Any]:
    """By variant."""
    system = make_system("default", {}, ("learned",), cache / MODELS)
    system.build(data.passages, cache, lambda done, total: None)
    encoders = {name: Remembering(encoder) for name, encoder in system.encoders.items()}
    values = {}
    for name, changes in VARIANTS.items():
        settings = RetrievalSettings.for_profile("default", **{"without": ("learned",), **changes})
        system.rank_by(settings, {encoder: encoders[encoder] for encoder in settings.encoders})
        rankings = {}
        for query in data.queries:
            hits = system.rank(query.asked(within_document=True), {query.document} if query.document else None, DEPTH).hits
            rankings[query.id] = [(hit.passage, hit.score) for hit in hits]
        values[name] = measure_queries(data.qrels, rankings, MEASURES)
    whole = values["nothing off"]
    off = [name for name in values if name != "nothing off"]
    tested = paired_differences([([whole[i][MAIN] for i in whole], [values[name][i][MAIN] for i in whole]) for name in off])
    interval = interval_of_mean([entry[MAIN] for entry in whole.values()])
    report: dict[str, Any] = {
        name: {measure: round(float(np.mean([entry[measure] for entry in of.values()])), 4) for measure in MEASURES}
        for name, of in values.items()
    }
    report["nothing off"]["interval"] = [round(interval.low, 4), round(interval.high, 4)]
    for name, difference in zip(off, tested, strict=True):
        report[name]["difference"] = [round(value, 4) for value in (difference.value, difference.low, difference.high)]
    return {"questions": len(whole), "variants": report}


if __name__ == "__main__":
    main()
