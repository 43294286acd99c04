"""How near a question lies to the ways of asking that knowledge/exemplars holds, by meaning and word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import get_args

from assistant.index.text import terms
from assistant.schema import Knowledge, Wish

COSINE_POINTS = 40.0  # what a cosine of 1 with a way of asking counts for, in the points of a ranking
_NEAREST = 3
_K1, _B = 0.6, 0.7  # BM25 over short texts: a word counts once, and length counts for something


@dataclass(frozen=True)
class Near:
    """Cosines with the ways of asking for one thing: of the nearest, and the mean of the three nearest. 0 without any."""

    best: float = 0.0
    mean: float = 0.0

    @classmethod
    def of(cls, cosines: Sequence[float]) -> Near:
        nearest = sorted(cosines, reverse=True)[:_NEAREST]
        return cls(nearest[0], sum(nearest) / len(nearest)) if nearest else cls()


class Exemplars:
    """The ways of asking, ready to be compared with a question.

    ``cosines`` are those of the question with each of them, by "id/number", as a retriever gives them.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        held = knowledge.exemplars.values()
        self._wishes: dict[str, Wish] = {entry.id: entry.wish for entry in held if entry.wish}
        self._criteria = {entry.id: entry.criterion for entry in held if entry.criterion}
        self._clauses = {entry.id: _clause_ids(knowledge, entry.clauses) for entry in held if entry.clauses}
        self._terms = {f"{entry.id}/{number}": terms(ask) for entry in held if entry.clauses for number, ask in enumerate(entry.asks)}
        counts = Counter(word for words in self._terms.values() for word in set(words))
        total = len(self._terms)
        self._rarity = {word: log(1 + (total - count + 0.5) / (count + 0.5)) for word, count in counts.items()}
        self._mean_length = sum(map(len, self._terms.values())) / total if total else 1.0

    def wishes(self, cosines: Mapping[str, float]) -> dict[Wish, Near]:
        """How near the question lies to each wish."""
        found: dict[Wish, list[float]] = {wish: [] for wish in get_args(Wish)}
        for key, cosine in cosines.items():
            if wish := self._wishes.get(key.rpartition("/")[0]):
                found[wish].append(cosine)
        return {wish: Near.of(values) for wish, values in found.items()}

    def criteria(self, cosines: Mapping[str, float]) -> dict[str, float]:
        """The cosine of the nearest way of asking for each criterion."""
        nearest: dict[str, float] = {}
        for key, cosine in cosines.items():
            if criterion := self._criteria.get(key.rpartition("/")[0]):
                nearest[criterion] = max(nearest.get(criterion, cosine), cosine)
        return nearest

    def provisions(self, cosines: Mapping[str, float]) -> Near:
        """How near the question lies to the ways of asking for provisions and controls."""
        return Near.of([cosine for key, cosine in cosines.items() if key.rpartition("/")[0] in self._clauses])

    def points(self, question: str, cosines: Mapping[str, float]) -> dict[str, float]:
        """What its ways of asking add to each clause's score: the nearest by meaning, and the nearest word by word."""
        meant: dict[str, float] = {}
        said: dict[str, float] = {}
        words = set(terms(question))
        for key, cosine in cosines.items():
            for clause_id in self._clauses.get(key.rpartition("/")[0], ()):
                meant[clause_id] = max(meant.get(clause_id, 0.0), cosine)
                said[clause_id] = max(said.get(clause_id, 0.0), self._shared(words, self._terms[key]))
        return {clause_id: COSINE_POINTS * cosine + said[clause_id] for clause_id, cosine in meant.items()}

    def _shared(self, words: set[str], ask: Sequence[str]) -> float:
        """BM25 of one way of asking (Robertson and Zaragoza 2009), every word counted once."""
        norm = 1 + _K1 * (1 - _B + _B * len(ask) / self._mean_length)
        return sum(self._rarity[word] for word in words.intersection(ask)) * (_K1 + 1) / norm


def _clause_ids(knowledge: Knowledge, references: Sequence[str]) -> tuple[str, ...]:
    return tuple(clause.id for reference in references for clause in knowledge.resolve(reference))
