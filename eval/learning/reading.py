"""What the cross-encoder adds to the learned part, on questions that the learned part was not trained on.

A pair takes it tens of milliseconds, so what it read is kept: the same command goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.index.stages import blended
from eval.progress import Progress

if TYPE_CHECKING:
    from assistant.index.passages import Rows
    from assistant.index.reranker import Reranker
    from assistant.index.state import Scores
    from eval.learning.examples import Examples


class KeptPairs:
    """A reranker whose scores of pairs are kept in a file."""

    def __init__(self, reranker: Reranker, path: Path) -> None:
        self._reranker = reranker
        self.fingerprint = reranker.fingerprint
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS pair (key TEXT PRIMARY KEY, score REAL) WITHOUT ROWID")

    def score(self, question: str, texts: Sequence[str]) -> Scores:
        keys = [hashlib.sha256(f"{self.fingerprint}\0{question}\0{text}".encode()).hexdigest() for text in texts]
        with closing(sqlite3.connect(self._path)) as connection, connection:
            kept = {key: row[0] for key in keys if (row := connection.execute("SELECT score FROM pair WHERE key = ?", (key,)).fetchone())}
            missing = [place for place, key in enumerate(keys) if key not in kept]
            read = self._reranker.score(question, [texts[place] for place in missing])
            new = {keys[place]: float(score) for place, score in zip(missing, read, strict=True)}
            connection.executemany("INSERT OR REPLACE INTO pair VALUES (?, ?)", new.items())
        return np.array([new.get(key, kept.get(key)) for key in keys], dtype=np.float32)


def read_first(
    examples: Examples, totals: Scores, chosen: Rows, reranker: Reranker, depth: int, weight: float, progress: Progress
) -> Scores:
    """The totals after the cross-encoder read the first ``depth`` of the chosen questions; these stay before the rest."""
    after = totals.copy()
    for done, number in enumerate(chosen):
        order = np.argsort(-totals[number], kind="stable")
        head = order[:depth][examples.rows[number, order[:depth]] >= 0]
        texts = [examples.texts[row] for row in examples.rows[number, head]]
        after[number, head] = blended(totals[number, head], reranker.score(examples.asked[number], texts), weight)
        rest = order[len(head) :]
        highest = totals[number, rest].max(initial=-np.inf)
        if np.isfinite(highest):
            after[number, head] += max(float(highest - after[number, head].min()), 0.0) + 1e-3
        progress(done + 1, len(chosen))
    return after
