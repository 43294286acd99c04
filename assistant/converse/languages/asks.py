"""Ways of asking in a language that is not English, each with the English one that says the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

SERVICE = "the service"  # stands for the tool in an English way of asking
LITTLE = 0.3  # what a word that hardly any question is without counts for beside others
_WORD = re.compile(r"[^\W_]+")
_TOOL = "0tool0"  # stands for one when questions are compared


@dataclass(frozen=True)
class NearAsk:
    """The English of the nearest way of asking, and how near it lies: 1 is the same words, 0 no word in common."""

    english: str
    nearness: float


class Asks:
    """``asks``: the ways in the language by their English; ``stem``: what its words are compared by; ``tools``: names of tools.

    Compared word by word, as a ranking by words does it: a rare word counts for more than a common one, and each counts once.
    ``service``: what the language says for a tool that is not named; ``little``: words that hardly any question is without.
    """

    def __init__(
        self,
        asks: Mapping[str, Sequence[str]],
        stem: Callable[[str], str],
        tools: Iterable[str],
        *,
        service: Iterable[str] = (),
        little: Iterable[str] = (),
    ) -> None:
        self._stem = stem
        self._service = frozenset(map(stem, service))
        names = sorted({name for name in tools if name}, key=len, reverse=True)
        self._tools = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE) if names else None
        self._held = [(english, self._terms(own, is_ask=True)) for english, ways in asks.items() for own in ways]
        counts = Counter(term for _, terms in self._held for term in terms)
        total = len(self._held)
        weak = frozenset(map(stem, little))
        self._weights = {term: self._rarity(total, count) * (LITTLE if term in weak else 1.0) for term, count in counts.items()}
        self._weights |= {term: LITTLE * self._rarity(total, 0) for term in weak - set(counts)}
        self._unknown = self._rarity(total, 0)

    def nearest(self, question: str) -> NearAsk | None:
        """The way of asking with the most in common, with the question's tool in place of "the service"; None without a word in common.

        The nearness is the cosine of the two sets of words, each weighed by how rare it is among the ways of asking.
        """
        asked = self._terms(question)
        weight = self._weight(asked)
        nearness, english = max(((self._shared(asked, ask, weight), english) for english, ask in self._held), default=(0.0, ""))
        if not nearness:
            return None
        named = self._tools.search(question) if self._tools else None
        return NearAsk(english.replace(SERVICE, named.group()) if named else english, nearness)

    def _shared(self, asked: frozenset[str], ask: frozenset[str], weight: float) -> float:
        shared = self._weight(asked & ask)
        return shared / sqrt(weight * self._weight(ask)) if shared else 0.0

    def _weight(self, terms: Iterable[str]) -> float:
        return sum(self._weights.get(term, self._unknown) for term in terms)

    def _terms(self, text: str, *, is_ask: bool = False) -> frozenset[str]:
        text = self._tools.sub(_TOOL, text) if self._tools else text
        stems = frozenset(self._stem(word.lower()) for word in _WORD.findall(text))
        return (stems - self._service) | {_TOOL} if is_ask and stems & self._service else stems

    @staticmethod
    def _rarity(total: int, count: int) -> float:
        """Inverse document frequency as in BM25."""
        return log(1 + (total - count + 0.5) / (count + 0.5))
