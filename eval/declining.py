"""``python -m eval.declining DIR``: how well signals tell questions that a document answers from those it does not.

DIR holds corpus.jsonl, queries.jsonl and unanswerable.jsonl, each question with the document it is about (``doc``). Printed is, for
each signal alone and for some together, the AUROC: the share of pairs of an answerable and an unanswerable question that it orders
rightly. The signals together weigh the same; nothing is fitted to the questions.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from assistant.converse.exemplars import Exemplars
from assistant.index.anchors import Cosines, Kind
from assistant.index.encoders import make_encoder
from assistant.index.text import terms
from assistant.ingest.knowledge_files import load_knowledge, shipped_knowledge
from assistant.settings import Settings

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from assistant.index.encoders import Encoder
    from assistant.schema import Knowledge

NEAR = 0.45  # cosine from which a sentence counts as being about the question
READ = 5  # sentences read together when words are looked for
TOGETHER = ("sentences near", "cosine beside the words", "words of the nearest sentences", "topic of policies")


@dataclass(frozen=True)
class Asked:
    """A question about one document."""

    text: str
    doc: str
    answerable: bool


def read_questions(folder: Path) -> list[Asked]:
    """The answerable ones first, each file in its order. ``question``, where it is there, is the wording without the document's name."""
    found = []
    for name, answerable in (("queries.jsonl", True), ("unanswerable.jsonl", False)):
        for entry in _lines(folder / name):
            found.append(Asked(str(entry.get("question") or entry["text"]), str(entry["doc"]), answerable))
    return found


def auroc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """The share of pairs in which the first is greater; a tie counts half (Mann and Whitney 1947)."""
    wins = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong)
    return wins / (len(right) * len(wrong))


class Signals:
    """What is measured of a question within its document; every value is greater for what looks answered."""

    def __init__(self, sentences: Mapping[str, Sequence[str]], encoder: Encoder, knowledge: Knowledge, asks: Mapping[str, str]) -> None:
        self._sentences = sentences
        self._encoder = encoder
        self._exemplars = Exemplars(knowledge, tuple(asks))
        self._asks = Kind(tuple(asks), np.arange(len(asks)))
        self._ask_vectors = encoder.encode_documents(list(asks.values()))
        self._vectors = {doc: encoder.encode_documents(list(texts)) for doc, texts in sentences.items()}
        self._words = {doc: [set(terms(text)) for text in texts] for doc, texts in sentences.items()}

    def of(self, asked: Asked) -> dict[str, float]:
        query = self._encoder.encode_query(asked.text)
        cosines = self._vectors[asked.doc] @ query
        order = np.argsort(-cosines)
        wanted = set(terms(asked.text))
        rarity = self._rarity(asked.doc)
        weight = sum(rarity.get(word, rarity[""]) for word in wanted) or 1.0
        read = set[str]().union(*(self._words[asked.doc][place] for place in order[:READ]))
        held = [sum(rarity.get(word, 0.0) for word in wanted & words) / weight for words in self._words[asked.doc]]
        near = Cosines(self._asks, self._ask_vectors @ query)
        wishes, criteria = self._exemplars.wishes(near), self._exemplars.criteria(near)
        return {
            "best cosine": float(cosines[order[0]]),
            "mean of three cosines": float(cosines[order[:3]].mean()),
            "sentences near": float((cosines >= NEAR).sum() / len(cosines)),
            "best words": max(held),
            "words of the nearest sentences": sum(rarity.get(word, 0.0) for word in wanted & read) / weight,
            "cosine beside the words": float(max(cosine * (0.5 + share) for cosine, share in zip(cosines, held, strict=True))),
            "topic of policies": max(wishes["topic"].mean, max(criteria.values(), default=0.0)),
            "inside the purpose": -wishes["outside"].mean,
        }

    def _rarity(self, doc: str) -> dict[str, float]:
        """The inverse document frequency of each word in a document's sentences; under "" that of a word it does not hold."""
        counts = Counter(word for words in self._words[doc] for word in words)
        total = len(self._words[doc])
        return {"": log(2 * total + 2), **{word: log((total + 1) / (count + 0.5)) for word, count in counts.items()}}


def combine(rows: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
    """For each question the mean of its signals, each in standard deviations from its mean: nothing is fitted to who was right."""
    values = np.array([[row[name] for name in TOGETHER] for row in rows])
    spread = values.std(axis=0)
    standard: NDArray[np.float64] = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    mean: NDArray[np.float64] = standard.mean(axis=1)
    return mean


def measure(folder: Path, settings: Settings, today: date) -> dict[str, float]:
    """AUROC by signal, and of all together."""
    questions = read_questions(folder)
    sentences: dict[str, list[str]] = {}
    for entry in _lines(folder / "corpus.jsonl"):
        sentences.setdefault(str(entry["doc"]), []).append(str(entry["text"]))
    knowledge = load_knowledge([shipped_knowledge()], today=today)
    asks = {f"{way.id}/{number}": ask for way in knowledge.exemplars.values() if not way.clauses for number, ask in enumerate(way.asks)}
    signals = Signals(sentences, make_encoder(settings.encoder, settings.models_folder), knowledge, asks)
    rows = [signals.of(question) for question in questions]
    together = combine(rows)

    def split(values: Sequence[float]) -> float:
        pairs = list(zip(questions, values, strict=True))
        return auroc([value for q, value in pairs if q.answerable], [value for q, value in pairs if not q.answerable])

    figures = {name: split([row[name] for row in rows]) for name in rows[0]}
    return {name: round(value, 3) for name, value in {**figures, "together": split(together.tolist())}.items()}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main(folder: Annotated[Path, typer.Argument(help="Folder of the data set.")]) -> None:
    """Print the figures as JSON."""
    from assistant.clock import SystemClock

    print(json.dumps(measure(folder, Settings.from_environment(os.environ), SystemClock().today()), indent=1))


if __name__ == "__main__":
    typer.run(main)
