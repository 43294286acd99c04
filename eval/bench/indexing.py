"""What building an index costs beside encoding, and building it again with nothing changed.

`python -m eval.bench.indexing --dataset DIR [--passages 2000]` prints one JSON object. All in CPU seconds of one process.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from assistant.index.models import make_encoders
from assistant.index.search_index import SearchIndex, searched_text
from assistant.settings import RetrievalSettings
from eval.retrieval.datasets import load_data_set
from eval.retrieval.memory import folder_size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=2_000, help="the first so many")
    parser.add_argument("--profile", choices=["fast", "default", "best"], default="default")
    arguments = parser.parse_args()
    settings = RetrievalSettings.for_profile(arguments.profile)
    passages = load_data_set(arguments.dataset).passages[: arguments.passages]
    texts = [searched_text(passage) for passage in passages]
    distinct = sorted(set(texts), key=len)  # each text once and by length, as the index has them encoded
    encoders = make_encoders(settings)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def build() -> None:
            SearchIndex.build(passages, encoders, settings, folder / "vectors.sqlite3").save(folder / "index")

        def encode() -> None:
            for encoder in encoders.values():
                for start in range(0, len(distinct), 64):
                    encoder.encode_documents(distinct[start : start + 64])

        for encoder in encoders.values():
            encoder.encode_query("warm up")
        # before and after the build, so that a machine that slows down meanwhile does not decide
        encoding = [_cpu(encode)]
        first = _cpu(build)
        encoding.append(_cpu(encode))
        again = _cpu(build)
        size = folder_size(folder / "index")
    alone = sum(encoding) / len(encoding)
    report = {
        "passages": len(passages),
        "encoders": list(encoders),
        "encoding_alone_cpu_seconds": [round(value, 2) for value in encoding],
        "index_cpu_seconds": round(first, 2),
        "index_against_encoding_alone": round(first / alone, 3),
        "unchanged_again_cpu_seconds": round(again, 3),
        "unchanged_again_share": round(again / first, 4),
        "index_megabytes": round(size / 1e6, 1),
    }
    print(json.dumps(report, indent=2))


def _cpu(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
