"""Where a sentence in its own words turns what a clause says: the same word denied, obliged or limited otherwise.

Each "not", "must", "may", "only", "some" or "at most" bears on the word that follows it. Where a sentence of a clause about the same
matter has that word, it has to bear the same force there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.index.text import terms
from assistant.verify.force import can_back_denial, is_silence
from assistant.verify.sentences import parts

_FORCES = {
    word: force
    for force, words in {
        "not": "not no never none nobody nothing neither nor cannot without",
        "must": "must shall required requires require obliged need needs",
        "may": "may can could might",
        "should": "should ought recommended recommends",
        "only": "only solely exclusively",
        "also": "also",
        "all": "all every each always any",
        "some": "some sometimes several",
    }.items()
    for word in words.split()
}
_BOTH = {"cannot": ("not", "may"), "never": ("not", "all"), "without": ("not",)}
# What cannot be said of a word where the clause says this of it, unless it says the other too.
_AGAINST = {
    "must": ("may", "should"),
    "may": ("must",),
    "should": ("must", "may"),
    "also": ("only",),
    "only": ("also",),
    "some": ("all", "only"),
}
_LIGHT = frozenset(
    """a an the to be been being is are was were has have had do does did of in on at by for with from as that this it its their your
    his her our and or yet so then than more such other own any both either if when where while which who what how there here them they
    you we one""".split()
)
_REACH = {"must": 3, "may": 3, "should": 3}  # words with a meaning of their own after which a force has worn off; others bear on one
_SHARED_BY_DENIALS = 3  # stems in common, from which a sentence of a clause is about the same matter …
_SHARED_BY_DUTIES = 2  # … chosen on the development claims: with fewer, sound ones fall
_TOKEN = re.compile(r"n['’]t\b|[^\W\d_]+(?:['’](?!t\b)[^\W\d_]+)?|\d[\d.,]*", re.UNICODE)
_HAVE_TO = re.compile(r"\b(?:has|have|had|having) to\b", re.IGNORECASE)
_NO_DENIAL = re.compile(
    r"\bnot only\b|\bwhether or not\b|\bwithout (?:undue|unreasonable|any )?\s?delay\b|\bif not\b|\bno matter\b|"
    r"\b(?:no|not) (?:later|more|less|fewer|longer)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?P<most>at most|no more than|not more than|no later than|not later than|at the latest|up to|maximum|within)\b|"
    r"\b(?P<least>at least|no less than|not less than|minimum|or more|more than)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Borne:
    """A word by its stem, and the forces that bear on it."""

    stem: str
    forces: frozenset[str]
    place: int


@dataclass(frozen=True)
class Read:
    """A part of a sentence: its words with a meaning of their own, in order, and all their stems."""

    text: str
    words: tuple[Borne, ...]

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words)


@lru_cache(maxsize=50_000)
def read_part(text: str) -> Read:
    """Each word with what bears on it: a force reaches the next word, a denial and a duty the next few."""
    words: list[Borne] = []
    live: dict[str, int] = {}
    for token in _TOKEN.findall(_NO_DENIAL.sub(" ", _HAVE_TO.sub("must", text))):
        word = token.lower()
        if word.endswith(("n't", "n’t")):
            word = "not"
        forces = _BOTH.get(word) or ((_FORCES[word],) if word in _FORCES else ())
        if forces:
            live.update(dict.fromkeys(forces, 0))
            continue
        stems = [] if word in _LIGHT else terms(word)
        if not stems:
            continue
        words.append(Borne(stems[0], frozenset(live), len(words)))
        live = {force: reached + 1 for force, reached in live.items() if reached + 1 < _REACH.get(force, 1)}
    return Read(text, tuple(words))


@lru_cache(maxsize=20_000)
def _read_sentence(text: str) -> tuple[Read, ...]:
    return tuple(read_part(part) for part in parts(text))


def turns(sentence: str, clause_sentences: Iterable[str]) -> Iterator[str]:
    """What a sentence turns, as ``negation`` or ``modal``; nothing where no clause speaks of the same."""
    held = [(text, _read_sentence(text)) for text in clause_sentences]
    for part in _read_sentence(sentence):
        if is_silence(part.text):
            continue
        shared = [(len(_stems(reads) & part.stems), reads) for _, reads in held]
        yield from _denials(part, [reads for count, reads in shared if count >= _SHARED_BY_DENIALS])
        yield from _duties(part, [reads for count, reads in shared if count >= _SHARED_BY_DUTIES])
        yield from _limits(part.text, [text for text, _ in held])


def _stems(reads: Sequence[Read]) -> frozenset[str]:
    return frozenset[str]().union(*(read.stems for read in reads))


def _denials(part: Read, near: Sequence[Sequence[Read]]) -> Iterator[str]:
    """A word denied that the clauses only affirm, or affirmed that they only deny."""
    for word in part.words:
        occurrences = [(reads, other) for reads in near for read in reads for other in read.words if other.stem == word.stem]
        if not occurrences:
            continue
        if "not" in word.forces:  # of a list the word that leaves out may stand in another part ("switches off: recording, captions")
            if not any(_can_deny(" ".join(read.text for read in reads), word.stem) for reads, _ in occurrences):
                yield "negation"
        elif all("not" in other.forces for _, other in occurrences) and not _can_deny(part.text, word.stem):
            yield "negation"


@lru_cache(maxsize=50_000)
def _can_deny(text: str, stem: str) -> bool:
    """Whether a part denies, forbids or leaves out anything, the word with this stem aside ("withdrawn" denies nothing of itself)."""
    return can_back_denial(" ".join(word for word in text.split() if stem not in terms(word)))


def _duties(part: Read, near: Sequence[Sequence[Read]]) -> Iterator[str]:
    """A word with another duty, permission or extent than everywhere in the clauses."""
    for word in part.words:
        mine = word.forces & _AGAINST.keys()
        if not mine:
            continue
        theirs = [other.forces for reads in near for read in reads for other in read.words if other.stem == word.stem]
        said = frozenset[str]().union(*theirs)
        for force in mine:
            if said & frozenset(_AGAINST[force]) and force not in said:
                yield "modal"


def _limits(text: str, held: Sequence[str]) -> Iterator[str]:
    """A least that is a most in every sentence of the clauses with the same number, or the reverse."""
    mine = {kind for match in _LIMIT.finditer(text) for kind, found in match.groupdict().items() if found}
    numbers = set(re.findall(r"\d[\d.,]*\d|\d", text))
    if len(mine) != 1 or not numbers:
        return
    beside = [entry for entry in held if numbers & set(re.findall(r"\d[\d.,]*\d|\d", entry))]
    theirs = {kind for entry in beside for match in _LIMIT.finditer(entry) for kind, found in match.groupdict().items() if found}
    if theirs and not theirs & mine:
        yield "modal"
