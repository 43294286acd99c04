"""What can be measured: anything that indexes passages and ranks them for a question."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from assistant.index.passages import Passage
from eval.progress import Progress


class Hit(NamedTuple):
    """A passage that was found, with what each stage gave it."""

    passage: str
    score: float
    stages: Mapping[str, float] = {}  # never changed


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits best first, no passage twice, and the wall seconds that each stage took, in the order of the stages."""

    hits: tuple[Hit, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Built:
    """What indexing did: how many passages had to be encoded, and where the index lies (None: in memory only)."""

    encoded: int = 0
    folder: Path | None = None


class RetrievalSystem(Protocol):
    """A retriever with its settings. ``build`` comes first."""

    @property
    def name(self) -> str: ...

    @property
    def settings(self) -> Mapping[str, object]:
        """All that its rankings depend on, as plain values."""
        ...

    @property
    def models(self) -> Mapping[str, str]:
        """The fingerprint of each model it uses, by role."""
        ...

    def build(self, passages: Sequence[Passage], folder: Path, progress: Progress) -> Built:
        """Index the passages, reusing what lies in the folder."""
        ...

    def rank(self, question: str, documents: Collection[str] | None, top_k: int) -> Answer:
        """At most ``top_k`` passages, of these documents only unless None."""
        ...


class BM25System:
    """Plain BM25 by bm25s, as a line to measure against: lower-case stemmed words without stop words, nothing else."""

    name = "bm25"
    models: Mapping[str, str] = {}

    def __init__(self, *, k1: float = 1.2, b: float = 0.75) -> None:
        self.settings: Mapping[str, object] = {"k1": k1, "b": b}
        self._k1, self._b = k1, b

    def build(self, passages: Sequence[Passage], folder: Path, progress: Progress) -> Built:
        import bm25s
        import Stemmer

        self._passages = list(passages)
        self._stemmer = Stemmer.Stemmer("english")
        self._index = bm25s.BM25(k1=self._k1, b=self._b, method="lucene")
        tokens = bm25s.tokenize([passage.text for passage in passages], stopwords="en", stemmer=self._stemmer, show_progress=False)
        self._index.index(tokens, show_progress=False)
        return Built()

    def rank(self, question: str, documents: Collection[str] | None, top_k: int) -> Answer:
        import bm25s

        start = time.perf_counter()
        (words,) = bm25s.tokenize([question], stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False)
        known = [word for word in words if word in self._index.vocab_dict]
        scores = self._index.get_scores(known) if known else [0.0] * len(self._passages)
        rows = [row for row, passage in enumerate(self._passages) if documents is None or passage.document in documents]
        best = sorted(rows, key=lambda row: (-float(scores[row]), self._passages[row].id))[:top_k]
        hits = tuple(Hit(self._passages[row].id, float(scores[row]), {"bm25": float(scores[row])}) for row in best)
        return Answer(hits, {"bm25": time.perf_counter() - start})


class RecordedRun:
    """A run that another program wrote: it can be measured, not asked."""

    models: Mapping[str, str] = {}

    def __init__(self, name: str, sha256: str) -> None:
        self.name = name
        self.settings: Mapping[str, object] = {"run_sha256": sha256}

    @classmethod
    def of(cls, path: Path) -> RecordedRun:
        """Named after the file."""
        return cls(path.stem, hashlib.sha256(path.read_bytes()).hexdigest())

    def build(self, passages: Sequence[Passage], folder: Path, progress: Progress) -> Built:
        raise NotImplementedError("a recorded run has no index")

    def rank(self, question: str, documents: Collection[str] | None, top_k: int) -> Answer:
        raise NotImplementedError("a recorded run answers no further question")
