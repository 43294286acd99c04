"""How questions of a kind that was trained on are meant: a small learned part, made by ``python -m eval learn``.

For each kind (regulation, privacy policies) the training keeps the vectors of its questions and, for each encoder, a matrix. A
question is moved by the matrix as far as it lies near a question of the kind: not at all below a cosine of ``low``, wholly from
``high`` on. So questions of kinds that were never trained on are read as they stand. Without the file, or with other models than
those it was trained with, nothing is moved.

    reading.npz     for each kind: its questions' vectors (float16) and the matrices (float16); the axes (float16)
    reading.json    the record: what it was trained on, how, and what it was worth on questions it was not trained on
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.index.encoders import Encoder, Vectors

NAME = "reading"
_NEAR = 64


@dataclass(frozen=True)
class Kind:
    """Questions of one kind, shape (questions, dimension), by the gate's encoder; ``moves`` by encoder, shape (dimension, dimension)."""

    questions: Vectors
    moves: Mapping[str, Vectors]


@dataclass(frozen=True)
class LearnedReading:
    """``gate`` is the encoder that tells how near a question lies; ``points`` what a cosine of 1 with a move counts for.

    ``axes``, of the gate's vectors, shape (dimension, directions), serve to find the nearest question among thousands: it is looked for
    among the few that are nearest along these.
    """

    encoders: tuple[str, ...]
    kinds: Mapping[str, Kind]
    gate: str
    low: float
    high: float
    points: float
    trained_on: frozenset[str] = frozenset()
    axes: Vectors | None = None

    def moved(self, asked: Mapping[str, Vectors]) -> dict[str, Vectors]:
        """By encoder the vector whose product with a passage's is what the passage gains, in points; {} for a question far from all."""
        shares = self._shares(asked[self.gate])
        near = {name: share for name, share in shares.items() if share > 0}
        return {
            encoder: sum(
                (np.float32(share * self.points) * (vector @ self.kinds[name].moves[encoder]) for name, share in near.items()),
                np.zeros(len(vector), dtype=np.float32),
            )
            for encoder, vector in asked.items()
            if near
        }

    def was_trained_on(self, question: str, document: str | None) -> bool:
        """Whether this very question, of this document if it is about one, was among those trained on."""
        return question_key(question, document) in self.trained_on

    def _shares(self, question: Vectors) -> dict[str, float]:
        nearest = {name: float((self._near(name, question) @ question).max(initial=-1.0)) for name in self.kinds}
        shares = {name: min(max((cosine - self.low) / (self.high - self.low), 0.0), 1.0) for name, cosine in nearest.items()}
        whole = max(sum(shares.values()), 1.0)
        return {name: share / whole for name, share in shares.items()}

    def _near(self, name: str, question: Vectors) -> Vectors:
        """The questions of a kind among which the nearest is."""
        questions = self.kinds[name].questions
        if self.axes is None or len(questions) <= 2 * _NEAR:
            return questions
        rough = self._turned[name] @ (question @ self.axes)
        near: Vectors = questions[np.argpartition(rough, len(rough) - _NEAR)[-_NEAR:]]
        return near

    @cached_property
    def _turned(self) -> dict[str, Vectors]:
        return {} if self.axes is None else {name: kind.questions @ self.axes for name, kind in self.kinds.items()}


def question_key(question: str, document: str | None) -> str:
    """What stands for a question in the training record."""
    return hashlib.sha256(f"{document or ''}\0{' '.join(question.split())}".encode()).hexdigest()[:12]


def load_learned(encoders: Mapping[str, Encoder]) -> LearnedReading | None:
    """The shipped reading, if there is one and it was trained with exactly these models.

    Raises ModelError if the file is damaged.
    """
    folder = Path(str(files("assistant.index"))) / "learned_data"
    return _load(folder, tuple((name, encoder.fingerprint) for name, encoder in encoders.items()))


@lru_cache(maxsize=4)
def _load(folder: Path, models: tuple[tuple[str, str], ...]) -> LearnedReading | None:
    record_path, path = folder / f"{NAME}.json", folder / f"{NAME}.npz"
    if not record_path.is_file() or not path.is_file():
        return None
    record: dict[str, Any] = json.loads(record_path.read_text(encoding="utf-8"))
    if record["models"] != dict(models):
        return None
    if hashlib.sha256(path.read_bytes()).hexdigest() != record["sha256"]:
        raise ModelError(f"The learned part {path} is damaged (SHA-256 differs from its record). Install clausewise again.")
    with np.load(path) as arrays:
        kinds = {name: _kind(arrays, name, tuple(record["models"])) for name in record["kinds"]}
        axes = arrays["axes"].astype(np.float32)
    settings = (record["gate"], record["low"], record["high"], record["points"])
    return LearnedReading(tuple(record["models"]), kinds, *settings, frozenset(record["questions"]), axes)


def _kind(arrays: Mapping[str, NDArray[Any]], name: str, encoders: tuple[str, ...]) -> Kind:
    moves = {encoder: arrays[f"{name}/{encoder}"].astype(np.float32) for encoder in encoders}
    return Kind(arrays[f"{name}/questions"].astype(np.float32), moves)
