"""What a question asks for, learned from the ways of asking that the knowledge holds: a linear discriminant.

Two questions for one provision have little but their matter in common, and two for sister provisions may share all their words. The
directions in which the ways of asking for one and the same thing differ from each other count for little; what sets it apart counts
(Fisher 1936; the shrinkage of the covariance after Ledoit and Wolf 2004, with a fixed share).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.index.encoders import Vectors
    from assistant.index.state import Scores

SHRINKAGE = 0.3  # of the mean variance, added to every direction; chosen across folds of the ways of asking, flat from 0.1 to 3


@dataclass(frozen=True, eq=False)
class Discriminant:
    """What a question can ask for: a row of ``weights`` and a constant for each of ``names``."""

    names: tuple[str, ...]
    weights: Vectors
    constants: NDArray[np.float32]

    @classmethod
    def learn(cls, owners: Sequence[str], vectors: Vectors) -> Discriminant:
        """From texts that ask for something, or are it: ``owners[i]`` names what row i of ``vectors`` belongs to."""
        names = tuple(sorted(set(owners)))
        if not names:
            return cls((), np.zeros((0, vectors.shape[1] if vectors.ndim == 2 else 0), dtype=np.float32), np.zeros(0, dtype=np.float32))
        places = {name: place for place, name in enumerate(names)}
        rows = np.array([places[owner] for owner in owners], dtype=np.intp)
        centres = np.zeros((len(names), vectors.shape[1]))
        np.add.at(centres, rows, vectors)
        centres /= np.bincount(rows)[:, None]
        apart = vectors - centres[rows]
        within = apart.T @ apart / len(vectors)
        spread = float(np.trace(within)) / len(within) or 1.0  # one text each has no spread: then any will do
        weights = np.linalg.solve(within + SHRINKAGE * spread * np.eye(len(within)), centres.T).T
        constants = -0.5 * (weights * centres).sum(axis=1)
        return cls(names, weights.astype(np.float32), constants.astype(np.float32))

    def read(self, question: Vectors) -> dict[str, float]:
        """How much the question speaks for each: logarithms that compare within one question, 0 for what it asks for most."""
        if not self.names:
            return {}
        found: Scores = self.weights @ question + self.constants
        return dict(zip(self.names, (found - found.max()).tolist(), strict=True))

    def save(self, path: Path) -> None:
        np.savez(path, names=np.array(self.names, dtype=np.str_), weights=self.weights, constants=self.constants)

    @classmethod
    def open(cls, path: Path) -> Discriminant:
        """Raises OSError, ValueError or KeyError if the file is none of these."""
        with np.load(path, allow_pickle=False) as held:
            return cls(tuple(held["names"].tolist()), held["weights"], held["constants"])
