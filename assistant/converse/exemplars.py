"""How near a question lies to the ways of asking that knowledge/exemplars holds, by meaning and word by word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from assistant.index.text import terms
from assistant.schema import Knowledge, Wish

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.index.anchors import Cosines

    Rows = NDArray[np.intp]
    Values = NDArray[np.floating[Any]]

COSINE_POINTS = 40.0  # what a cosine of 1 with a way of asking counts for, in the points of a ranking
_NEAREST = 3
_K1, _B = 0.6, 0.7  # BM25 over short texts: a word counts once, and length counts for something


@dataclass(frozen=True)
class Near:
    """Cosines with the ways of asking for one thing: of the nearest, and the mean of the three nearest. 0 without any."""

    best: float = 0.0
    mean: float = 0.0

    @classmethod
    def of(cls, cosines: NDArray[np.float32]) -> Near:
        if not len(cosines):
            return cls()
        few = np.partition(cosines, len(cosines) - _NEAREST)[-_NEAREST:] if len(cosines) > _NEAREST else cosines
        nearest: list[float] = sorted(few.tolist(), reverse=True)
        return cls(nearest[0], sum(nearest) / len(nearest))


class Exemplars:
    """The ways of asking, ready to be compared with a question.

    ``keys`` names each of them by "id/number". The cosines of a question, as a retriever gives them, must be in the same order.
    """

    def __init__(self, knowledge: Knowledge, keys: Sequence[str]) -> None:
        ways = [(knowledge.exemplars[name], int(number)) for name, _, number in (key.rpartition("/") for key in keys)]
        self._wishes = _Groups.of((row, way.wish) for row, (way, _) in enumerate(ways) if way.wish)
        self._criteria = _Groups.of((row, way.criterion) for row, (way, _) in enumerate(ways) if way.criterion)
        clause_ids = {way.id: _clause_ids(knowledge, way.clauses) for way, _ in ways}
        self._clauses = _Groups.of((row, clause_id) for row, (way, _) in enumerate(ways) for clause_id in clause_ids[way.id])
        self._provisions = _rows(row for row, (way, _) in enumerate(ways) if way.clauses)
        self._asks = tuple(way.asks[number] for way, number in ways if way.clauses)

    def wishes(self, cosines: Cosines) -> dict[Wish, Near]:
        """How near the question lies to each wish."""
        return {wish: Near.of(cosines.values[self._wishes.of_name(wish)]) for wish in get_args(Wish)}

    def criteria(self, cosines: Cosines) -> dict[str, float]:
        """The cosine of the nearest way of asking for each criterion."""
        return dict(zip(self._criteria.names, self._criteria.greatest(cosines.values).tolist(), strict=True))

    def provisions(self, cosines: Cosines) -> Near:
        """How near the question lies to the ways of asking for provisions and controls."""
        return Near.of(cosines.values[self._provisions])

    def points(self, question: str, cosines: Cosines) -> dict[str, float]:
        """What its ways of asking add to each clause's score: the nearest by meaning, and the nearest word by word."""
        meant = np.maximum(self._clauses.greatest(cosines.values.astype(np.float64)), 0.0)
        said = self._clauses.greatest(self._words.shared(set(terms(question)), len(cosines.values)))
        return dict(zip(self._clauses.names, (COSINE_POINTS * meant + said).tolist(), strict=True))

    @cached_property
    def _words(self) -> _Words:
        """Read when a provision is first looked up: a verdict does without."""
        return _Words([terms(ask) for ask in self._asks], self._provisions)


@dataclass(frozen=True)
class _Groups:
    """Rows by what they belong to; a row may belong to several. Those of ``names[i]`` are ``rows[starts[i]:starts[i + 1]]``."""

    names: tuple[str, ...]
    rows: Rows
    starts: Rows

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str]]) -> _Groups:
        groups: dict[str, list[int]] = {}
        for row, name in pairs:
            groups.setdefault(name, []).append(row)
        starts = np.cumsum([0, *map(len, groups.values())], dtype=np.intp)
        return cls(tuple(groups), _rows(row for rows in groups.values() for row in rows), starts)

    def of_name(self, name: str) -> Rows:
        """The rows of one group; none if there is no such group."""
        if name not in self.names:
            return _rows(())
        place = self.names.index(name)
        return self.rows[self.starts[place] : self.starts[place + 1]]

    def greatest(self, values: Values) -> Values:
        """The greatest value of each group."""
        found: Values = np.maximum.reduceat(values[self.rows], self.starts[:-1]) if self.names else np.zeros(0)
        return found


class _Words:
    """BM25 of ways of asking (Robertson and Zaragoza 2009), every word counted once. ``rows[i]`` is that of text i among all ways."""

    def __init__(self, texts: Sequence[Sequence[str]], rows: Rows) -> None:
        found: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            for word in set(text):
                found.setdefault(word, []).append(place)
        self._rarity = {word: log(1 + (len(texts) - len(places) + 0.5) / (len(places) + 0.5)) for word, places in found.items()}
        self._texts = {word: _rows(places) for word, places in found.items()}
        mean_length = sum(map(len, texts)) / len(texts) if texts else 1.0
        self._share: Values = np.array([(_K1 + 1) / (1 + _K1 * (1 - _B + _B * len(text) / mean_length)) for text in texts])
        self._rows = rows

    def shared(self, words: Iterable[str], count: int) -> Values:
        """What each of ``count`` ways of asking has in common with the words; 0 for those that are not among the texts."""
        total: Values = np.zeros(len(self._share))
        for word in sorted(words):
            if word in self._texts:
                total[self._texts[word]] += self._rarity[word]
        everywhere: Values = np.zeros(count)
        everywhere[self._rows] = total * self._share
        return everywhere


def _rows(rows: Iterable[int]) -> Rows:
    return np.fromiter(rows, dtype=np.intp)


def _clause_ids(knowledge: Knowledge, references: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clause.id for reference in references for clause in knowledge.resolve(reference)))
