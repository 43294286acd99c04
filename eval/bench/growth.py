"""How the retriever grows: 1,000 and 10,000 passages of a data set, really encoded, and 100,000 made from them by perturbing.

`python -m eval.bench.growth --dataset DIR --cache FOLDER --out FOLDER` prints one JSON object and draws growth.svg. Each size works in a
process of its own. Beyond the passages of the set, a passage is a copy of a real one in which some of the words are those of another,
with a vector that is the real one moved at random and brought back to unit length: neither texts nor vectors repeat, but they are made up.

*as it is*: the shortlist from the sketch of all vectors. *handed over*: from the nearest of each encoder as Chroma finds them, as the store
does above ``exact_up_to`` passages. *chosen*: what the two take up to the shortlist. Recall is of the first 10 and 100 as they are with no
shortlist at all. Times are CPU milliseconds a question without encoding it.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.index.bm25 import BM25Index
from assistant.index.chroma_search import nearest_in
from assistant.index.models import make_encoders
from assistant.index.passages import Passage
from assistant.index.pipeline import Pipeline
from assistant.index.search_index import SearchIndex, searched_text
from assistant.index.sketch import Sketch
from assistant.index.vector_cache import cached_vectors
from assistant.settings import RetrievalSettings
from eval.retrieval.charts import ACCENT, PALE, SECOND, draw
from eval.retrieval.clausewise import MODELS, corpus_name
from eval.retrieval.datasets import DataSet, load_data_set
from eval.retrieval.memory import folder_size, resident

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from assistant.index.encoders import Encoder, Vectors
    from assistant.index.shortlist import Nearest

SIZES = (1_000, 10_000, 100_000)
QUESTIONS = 50
SEED = 0
MOVED = 0.5  # length of the random step before the vector is brought back: the cosine to the original is then about .89
WORDS_CHANGED = 0.3
_CHROMA_BATCH = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="vectors are kept here, as by `python -m eval retrieval --cache`")
    parser.add_argument("--out", type=Path, default=Path("eval-runs/growth"))
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.size:
        print(json.dumps(measure(load_data_set(arguments.dataset), arguments.size, arguments.cache)))
        return
    command = [sys.executable, "-m", "eval.bench.growth", "--dataset", str(arguments.dataset), "--cache", str(arguments.cache), "--size"]
    rows = [json.loads(subprocess.run([*command, str(size)], check=True, stdout=subprocess.PIPE).stdout) for size in SIZES]
    arguments.out.mkdir(parents=True, exist_ok=True)
    report = {"rows": rows, "passages_where_both_cost_the_same": hand_over(rows)}
    (arguments.out / "growth.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    (arguments.out / "growth.svg").write_text(growth_chart(rows), encoding="utf-8")
    print(json.dumps(report, indent=2))


def measure(data: DataSet, size: int, cache: Path) -> dict[str, Any]:
    """One size, from vectors to questions. Memory is what came on top of the passages and their vectors being made."""
    settings = RetrievalSettings.for_profile("default")
    encoders = make_encoders(settings, cache / MODELS)
    folder = cache / corpus_name(data.passages)
    folder.mkdir(parents=True, exist_ok=True)
    texts = [searched_text(passage) for passage in data.passages]
    passages = grow_passages(data.passages, size)
    matrices = {
        name: grow_vectors(cached_vectors(folder / "vectors.sqlite3", encoder, texts, lambda done, total: None)[0], size)
        for name, encoder in encoders.items()
    }
    questions = [query.text for query in data.select(sample=QUESTIONS, seed=SEED).queries]
    asked = {name: Prepared(encoder, questions) for name, encoder in encoders.items()}
    weights = dict(zip(settings.encoders, settings.dense_weights, strict=True))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        before = resident()
        words_seconds, bm25 = _timed(lambda: BM25Index.build([p.text for p in passages], k1=settings.k1, b=settings.b))
        sketch_seconds, sketch = _timed(lambda: Sketch.of(matrices))
        index = SearchIndex(tuple(passages), bm25, matrices, "growth", sketch)
        save_seconds, _ = _timed(lambda: index.save(place / "index"))
        after = resident()
        open_seconds, opened = _timed(lambda: SearchIndex.open(place / "index"))
        chroma_seconds, nearest = _timed(lambda: {e: _in_chroma(place / "chroma" / e, matrix) for e, matrix in matrices.items()})
        handing_over = settings.model_copy(update={"exact_up_to": 1})
        ways = {
            "question": Pipeline(opened, asked, settings),
            "handed_over": Pipeline(opened, asked, handing_over, nearest=nearest),
            "whole": Pipeline(opened, asked, settings.model_copy(update={"shortlist": 0})),
        }
        vectors = {text: {name: encoder.vectors[text] for name, encoder in asked.items()} for text in questions}
        sketched = opened.sketch
        assert sketched is not None
        found = {way: {text: pipeline.rank(text, top_k=100).ids for text in questions} for way, pipeline in ways.items()}
        return {
            "passages": size,
            "made_up": size > len(data.passages),
            **{f"{way}_cpu_ms": _ask(lambda text, way=way: ways[way].rank(text, top_k=10), questions) for way in ways},  # type: ignore[misc]
            "sketch_cpu_ms": _ask(lambda text: sketched.scores(vectors[text], weights), questions),
            "chroma_cpu_ms": _ask(lambda text: [nearest[e](vectors[text][e], settings.shortlist) for e in nearest], questions),
            **{f"recall_at_{depth}": _recall(found["question"], found["whole"], depth) for depth in (10, 100)},
            **{f"handed_over_recall_at_{depth}": _recall(found["handed_over"], found["whole"], depth) for depth in (10, 100)},
            "index_cpu_seconds_without_encoding": round(words_seconds + sketch_seconds + save_seconds, 2),
            "open_cpu_seconds": round(open_seconds, 3),
            "chroma_index_cpu_seconds": round(chroma_seconds, 2),
            "memory_megabytes": round((after - before + sum(matrix.nbytes for matrix in matrices.values())) / 1e6),
            "disk_megabytes": round(folder_size(place / "index") / 1e6),
            "chroma_disk_megabytes": round(folder_size(place / "chroma") / 1e6),
        }


class Prepared:
    """An encoder whose questions were encoded before, so that asking takes no time for it."""

    def __init__(self, encoder: Encoder, questions: Sequence[str]) -> None:
        self.fingerprint = encoder.fingerprint
        self.vectors = {text: encoder.encode_query(text) for text in questions}

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        raise NotImplementedError

    def encode_query(self, text: str) -> Vectors:
        return self.vectors[text]


def grow_passages(passages: Sequence[Passage], size: int) -> list[Passage]:
    """The first ``size`` of the set, or all of them and then copies with some words of others, round after round."""
    draw = random.Random(SEED)
    grown = list(passages[:size])
    for number in range(1, size // len(passages) + 1):
        for passage in passages[: size - len(grown)]:
            other = passages[draw.randrange(len(passages))].text.split()
            words = [draw.choice(other) if draw.random() < WORDS_CHANGED else word for word in passage.text.split()]
            grown.append(Passage(f"{passage.id}~{number}", f"{passage.document}~{number}", " ".join(words), passage.label))
    return grown


def grow_vectors(vectors: Vectors, size: int) -> Vectors:
    """The same for the vectors: the copies' are moved at random and brought back to unit length."""
    draw = np.random.default_rng(SEED)
    rows = [vectors[:size]]
    for _ in range(size // len(vectors)):
        step = draw.standard_normal(vectors.shape).astype(np.float32)
        moved = vectors + MOVED * step / np.linalg.norm(step, axis=1, keepdims=True)
        rows.append((moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32))
    return np.ascontiguousarray(np.concatenate(rows)[:size])


def hand_over(rows: Sequence[dict[str, Any]]) -> int | None:
    """At how many passages going through the sketch costs what asking Chroma does, on a straight line in logarithms through the last two
    sizes, further on too: what lies beyond the largest size is arithmetic. None if the two do not draw nearer.
    """
    for small, large in reversed(list(pairwise(rows))):
        gaps = [float(np.log(row["sketch_cpu_ms"] / row["chroma_cpu_ms"])) for row in (small, large)]
        if gaps[0] < gaps[1] and gaps[0] <= 0:
            share = -gaps[0] / (gaps[1] - gaps[0])
            sizes = np.log([small["passages"], large["passages"]])
            return int(round(float(np.exp(sizes[0] + share * (sizes[1] - sizes[0]))), -3))
    return None


def growth_chart(rows: Sequence[dict[str, Any]]) -> str:
    """CPU milliseconds a question by number of passages, both axes logarithmic."""

    def paint(axes: Axes) -> None:
        sizes = [row["passages"] for row in rows]
        for name, label, color, style in (
            ("whole_cpu_ms", "exact cosines of all", PALE, "-"),
            ("question_cpu_ms", "as it is: shortlist from the sketch", ACCENT, "-"),
            ("sketch_cpu_ms", "of it going through the sketch", ACCENT, ":"),
            ("handed_over_cpu_ms", "shortlist from Chroma", SECOND, "-"),
            ("chroma_cpu_ms", "of it asking Chroma", SECOND, ":"),
        ):
            values = [row[name] for row in rows]
            axes.plot(sizes, values, style, color=color, marker="o", label=label)
            axes.annotate(f"{values[-1]:.1f}", (sizes[-1], values[-1]), textcoords="offset points", xytext=(6, -3))
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("passages (100,000: made up by perturbing)")
        axes.set_ylabel("CPU ms a question, without the encoder")
        axes.legend(frameon=False)
        axes.margins(x=0.1)

    return draw(paint, height=3.6)


def _in_chroma(folder: Path, vectors: Vectors) -> Nearest:
    """The vectors in a collection as the store has it; the search by which the store asks it (chroma_search.py)."""
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    configuration: Any = {"hnsw": {"space": "cosine", "ef_search": 400}}
    collection = client.create_collection("passages", configuration=configuration, embedding_function=None)
    for start in range(0, len(vectors), _CHROMA_BATCH):
        part = vectors[start : start + _CHROMA_BATCH]
        collection.add(ids=[str(start + row) for row in range(len(part))], embeddings=part)
    return nearest_in(lambda: collection, {str(row): row for row in range(len(vectors))})


def _recall(found: dict[str, list[str]], whole: dict[str, list[str]], depth: int) -> float:
    return round(float(np.mean([len(set(found[text][:depth]) & set(whole[text][:depth])) / depth for text in whole])), 4)


def _ask(work: Callable[[str], object], questions: Sequence[str]) -> float:
    """Median CPU milliseconds over the questions, after one that is not counted."""
    work(questions[0])
    spent = []
    for text in questions:
        start = time.process_time()
        work(text)
        spent.append(time.process_time() - start)
    return round(1000 * float(np.median(spent)), 3)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


if __name__ == "__main__":
    main()
