"""What the stages of a ranking hand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.index.encoders import Vectors
    from assistant.index.passages import Neighbours, Rows
    from assistant.settings import StageName

    Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Asked:
    """A question as the stages read it. ``names`` name what the filter stands for; ``added`` are the glossary's words for it."""

    text: str
    names: tuple[str, ...] = ()
    added: str = ""


@dataclass(frozen=True)
class State:
    """The rows that the filter let through, ascending, and what each has got so far; every array has one entry a row.

    ``vectors`` are the question's, by encoder, once it was encoded. ``wanted``: how many passages are asked for.
    ``order`` holds positions in ``rows``, best first, once there is a total; a later stage may reorder it and set ``total`` to match.
    """

    asked: Asked
    rows: Rows
    neighbours: Neighbours
    wanted: int = 0
    vectors: Mapping[str, Vectors] = field(default_factory=dict)
    scores: Mapping[str, Scores] = field(default_factory=dict)
    total: Scores | None = None
    order: Rows | None = None

    def with_scores(self, **scores: Scores) -> Self:
        return replace(self, scores={**self.scores, **scores})

    def narrowed(self, positions: Rows) -> Self:
        """The state of some of its rows, by ascending position, before there is a total; a row that is left out is nobody's neighbour."""
        return replace(
            self,
            rows=self.rows[positions],
            neighbours=self.neighbours.among(positions),
            scores={name: scores[positions] for name, scores in self.scores.items()},
        )


class Stage(Protocol):
    """One step of a ranking.

    ``apply`` gives a new state for the same rows (only the shortlist leaves some out, before there is an order), leaves the one it got
    as it was, and gives the same for the same input; its numbers are finite; if it orders, ``order`` holds every position once, by
    falling total, ties by the passages' ids.
    """

    @property
    def name(self) -> StageName: ...

    def apply(self, state: State) -> State: ...
