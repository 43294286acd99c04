"""What a question is compared with besides clauses: evidence on a tool, ways of asking for a brief or for a provision.

Some ten thousand vectors; a question's cosines with them are worked out once and handed on as arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assistant.index.stages import best_first, places_of

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors
    from assistant.index.passages import Rows
    from assistant.index.state import Scores


@dataclass(frozen=True, eq=False)
class Kind:
    """The anchors of one kind: their ``keys``, without what marks the kind, and the rows they have among all anchors."""

    keys: tuple[str, ...]
    rows: Rows

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each key in ``keys``."""
        return {key: place for place, key in enumerate(self.keys)}

    @cached_property
    def alphabetical(self) -> Rows:
        """The place of each key among all of them in alphabetical order."""
        return places_of(self.keys)


@dataclass(frozen=True, eq=False)
class Cosines:
    """The cosine of a question with each anchor of a kind, in the order of its keys."""

    kind: Kind
    values: Scores

    @classmethod
    def of(cls, cosines: Mapping[str, float]) -> Cosines:
        kind = Kind(tuple(cosines), np.arange(len(cosines)))
        return cls(kind, np.array(list(cosines.values()), dtype=np.float32))

    def among(self, keys: Iterable[str]) -> dict[str, float]:
        """The cosines of some anchors, by key; keys of no anchor are passed over."""
        places = self.kind.places
        return {key: float(self.values[places[key]]) for key in keys if key in places}

    def nearest_first(self) -> Iterator[tuple[str, float]]:
        """Every key with its cosine, ties by key."""
        for place in best_first(self.values, self.kind.alphabetical):
            yield self.kind.keys[place], float(self.values[place])

    def or_nearer(self, other: Cosines) -> Cosines:
        """With each anchor the greater of two cosines: of a question in two wordings."""
        return Cosines(self.kind, np.maximum(self.values, other.values))


class Anchors:
    """The anchors of one generation of the index: ``keys[i]`` belongs to row i of ``vectors``; a kind is how its keys begin."""

    def __init__(self, keys: Sequence[str], vectors: Vectors) -> None:
        self.vectors = vectors
        self._keys = tuple(keys)
        self._kinds: dict[str, Kind] = {}

    def kind(self, prefix: str) -> Kind:
        """The anchors whose keys begin so; the same object every time."""
        if prefix not in self._kinds:
            rows = [row for row, key in enumerate(self._keys) if key.startswith(prefix)]
            keys = tuple(self._keys[row].removeprefix(prefix) for row in rows)
            self._kinds[prefix] = Kind(keys, np.array(rows, dtype=np.intp))
        return self._kinds[prefix]
