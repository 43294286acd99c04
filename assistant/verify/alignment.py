"""Which sentence of a clause, or reviewed statement about it, a sentence of a claim restates, and whether with the same force."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.index.text import terms
from assistant.verify.force import force_of, is_silence
from assistant.verify.names import count_places
from assistant.verify.sentences import parts, sentences

NEAR_COPY = 0.80  # from this share of equal words on, two sentences are the same sentence put slightly differently
SAME_MATTER = 0.60  # from this likeness on, two parts of sentences are about the same matter
FEWEST_STEMS = 3

_TOKEN = re.compile(r"n['’]t\b|[^\W_]+(?:[.'’-][^\W_]+)*", re.UNICODE)
# Words that turn a statement, each by what it does. Words of one kind stand for each other ("shall" for "must").
_TURNS = {
    word: kind
    for kind, words in {
        "not": "not no never none nobody nothing neither nor cannot n't n’t without nowhere nicht kein keine keinen nie niemals ohne",
        "must": "must shall required requires require need needs obliged mandatory muss müssen",
        "may": "may can could might allowed permitted able kann können darf dürfen cannot",
        "should": "should ought recommended recommends soll sollte sollten",
        "only": "only solely exclusively nur ausschließlich",
        "most": "most maximum within latest höchstens spätestens",
        "least": "least minimum mindestens earliest",
        "always": "always every all each immer stets alle never",
        "some": "some sometimes often few several manche einige usually",
        "off": "off disabled",
        "before": "before prior",
        "after": "after following",
        "more": "more longer later above over exceeds",
        "less": "less fewer shorter earlier below under",
    }.items()
    for word in words.split()
}
_HAVE_TO = re.compile(r"\b(?:has|have|had) to\b", re.IGNORECASE)
_BOTH = {"cannot": ("not", "may"), "never": ("not", "always")}
_NUMBER_WORDS = frozenset(
    "three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty thirty sixty ninety "
    "january february march april june july august september october november december".split()
)
_QUIET = frozenset(["after", "before", "over", "under", "some", "within", "following", "more", "few", "several"])


@dataclass(frozen=True)
class Sentence:
    """A sentence as words that carry its matter, and what turns it: words such as "not" and "must", numbers and places."""

    matter: tuple[str, ...]
    turns: tuple[tuple[str, int], ...]


@lru_cache(maxsize=50_000)
def read_sentence(text: str) -> Sentence:
    matter, turns = [], Counter[str]({f"@{place}": count for place, count in count_places(text).items()})
    for token in _TOKEN.findall(_HAVE_TO.sub("must", text)):
        word = token.lower()
        if word[0].isdigit() or word in _NUMBER_WORDS:
            turns[f"#{word}"] += 1
            continue
        if word.endswith(("n't", "n’t")) and len(word) > 3:
            turns["not"] += 1
            word = word[:-3]
        kinds = _BOTH.get(word) or ((_TURNS[word],) if word in _TURNS else ())
        if kinds:
            turns.update(kinds)
            if word not in _QUIET:
                continue
        matter.append(word)
    return Sentence(tuple(matter), tuple(sorted(turns.items())))


@dataclass(frozen=True)
class Copy:
    """The reference that a sentence repeats nearly word for word, and whether its turning words and numbers are the same too."""

    reference: str
    same_force: bool


def find_copy(sentence: str, references: Iterable[str]) -> Copy | None:
    """What the sentence repeats; None if it is no near copy of any. Of several that are as near, one with the same force is enough."""
    mine = read_sentence(sentence)
    if not mine.matter:
        return None
    near = [(score, reference) for reference in references if (score := _likeness(mine, read_sentence(reference))) >= NEAR_COPY]
    if not near:
        return None
    best = max(score for score, _ in near)
    nearest = [reference for score, reference in near if score >= best - 0.03]
    same = [reference for reference in nearest if _has_same_force(mine, read_sentence(reference))]
    return Copy((same or nearest)[0], same_force=bool(same))


def _has_same_force(mine: Sentence, reference: Sentence) -> bool:
    """Whether the turning words are the same; numbers and places may be left out, but none be another."""
    held = dict(reference.turns)
    if any(count > held.get(word, 0) for word, count in mine.turns):
        return False
    return all(word[0] in "#@" or count == dict(mine.turns).get(word, 0) for word, count in reference.turns)


def _likeness(first: Sentence, second: Sentence) -> float:
    shorter, longer = sorted((len(first.matter), len(second.matter)))
    if not shorter or 2 * shorter / (shorter + longer) < NEAR_COPY:
        return 0.0
    if 2 * len(set(first.matter) & set(second.matter)) / (len(set(first.matter)) + len(set(second.matter))) < NEAR_COPY - 0.1:
        return 0.0
    return SequenceMatcher(None, first.matter, second.matter, autojunk=False).ratio()


@dataclass(frozen=True)
class Part:
    """A part of a sentence with the stems of its words."""

    text: str
    stems: frozenset[str]


@lru_cache(maxsize=20_000)
def parts_of(text: str) -> tuple[Part, ...]:
    return tuple(Part(piece, stems_of(piece)) for sentence in sentences(text) for piece in parts(sentence))


_FORCE_STEMS = frozenset(
    stem
    for word in "not no never none nothing must shall may can could might only always cannot without should need required".split()
    for stem in terms(word)
)


@lru_cache(maxsize=50_000)
def stems_of(text: str) -> frozenset[str]:
    """Stems of the words that carry matter."""
    return frozenset(terms(text)) - _FORCE_STEMS


def nearest_parts(part: Part, held: Sequence[Part]) -> list[Part]:
    """The parts of clauses about the same matter, most alike first."""
    if len(part.stems) < FEWEST_STEMS:
        return []
    scored = [(_alike(part.stems, other.stems), other) for other in held]
    return [other for score, other in sorted(scored, key=lambda entry: -entry[0]) if score >= SAME_MATTER]


def _alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Dice coefficient of two sets of stems."""
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def contradicts(part: Part, held: Sequence[Part]) -> Part | None:
    """The part of a clause about the same matter that denies what this one affirms, or the reverse; None if none, or as many agree."""
    near = nearest_parts(part, held)
    if not near or is_silence(part.text):
        return None
    mine = force_of(part.text).denies
    if any(force_of(other.text).denies == mine for other in near):
        return None
    return near[0]
