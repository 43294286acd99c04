"""The stage that chooses, in a large collection, which passages are looked at closely."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors
    from assistant.index.state import Scores, State
    from assistant.settings import StageName

    Rough = Callable[[Mapping[str, Vectors]], Scores]
    """From the question's vectors by encoder to about the points that its cosines give each passage of the index."""
    Nearest = Callable[[Vectors, int], Scores]
    """From the question's vector and a count to cosines of all passages: of about so many nearest their own, as a database finds them,
    of the others that of the last of these, which is the most they can have."""


_TIMES = 4


@dataclass(frozen=True)
class Shortlist:
    """Goes on with the passages that can still come first, and their neighbours: what follows is dear and only tells those apart.

    Chosen are the best ``size`` by BM25 points and rough cosines, or twice as many as are asked for if that is more. With no more than
    four times as many rows all go on, so that within a document or a small collection nothing is left out. With more than
    ``exact_up_to`` rows a database, if there is one, is asked for the nearest instead of going through all; it knows nothing of the
    filter, so the fewer a filter lets through, the more it is asked for.
    """

    rough: Rough
    weights: Mapping[str, float]
    size: int
    nearest: Mapping[str, Nearest]
    exact_up_to: int
    passages: int  # of the whole index
    name: StageName = "shortlist"

    def apply(self, state: State) -> State:
        count, size = len(state.rows), max(self.size, 2 * state.wanted)
        if count <= _TIMES * size:
            return state
        points = self._from_database(state, size) if self.nearest and count > self.exact_up_to else self.rough(state.vectors)
        if len(points) != count:
            points = points[state.rows]
        if "bm25" in state.scores:
            points = points + state.scores["bm25"]
        best = points >= np.partition(points, count - size)[count - size]
        chosen = best.copy()
        for beside in (state.neighbours.before[best], state.neighbours.after[best]):
            chosen[beside[beside >= 0]] = True
        return state.narrowed(np.flatnonzero(chosen))

    def _from_database(self, state: State, size: int) -> Scores:
        asked_for = size * max(round(self.passages / len(state.rows)), 1)
        points: Scores = np.zeros(self.passages, dtype=np.float32)
        for name, nearest in self.nearest.items():
            points += np.float32(self.weights[name]) * nearest(state.vectors[name], asked_for)
        return points
