"""What differs between two versions of one source, sentence by sentence; noise of the capture is no difference."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal, Protocol

from rapidfuzz.distance import Indel

from assistant.ingest.labels import readings_of, split_label
from assistant.ingest.printed import find_dates, states_date
from assistant.ingest.sentences import Sentence, compared_words, split_sentences, typeset_alike
from assistant.locators import parse_locator

ALIKE_IN_PLACE = 0.55  # share of words in common, in order, from which a sentence counts as reworded within its clause
ALIKE_ELSEWHERE = 0.7  # and in another clause
_PLACE_BONUS = 0.2
_FEWEST_WORDS = 5
_RUN = 4
_FRAGMENT_WORDS = 6

KindOfChange = Literal["added", "removed", "reworded", "moved"]
MarkKind = Literal["same", "removed", "added"]


class ClauseWords(Protocol):
    """What is compared of a clause; ``schema.Clause`` and ``ParsedClause`` both have it (``locator`` is spelled by str())."""

    @property
    def locator(self) -> object: ...
    @property
    def heading_path(self) -> tuple[str, ...]: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of words in a rewording, in reading order: in both texts, in the old one only, or in the new one only."""

    kind: MarkKind
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, as small as a sentence, a table row or a heading.

    ``old_locator`` is the clause of the old version it touches, ``new_locator`` that of the new one: a sentence added to a clause
    that already stood has both, one that comes with a new clause only the new. ``old`` and ``new`` are the words that were and
    that are; for ``moved``, where the words stay, the old and the new address (number and heading). ``marks`` are given for ``reworded``.
    """

    kind_of_change: KindOfChange
    old_locator: str | None
    new_locator: str | None
    old: str | None
    new: str | None
    marks: tuple[Mark, ...] = ()

    @property
    def locator(self) -> str:
        """Where to look: in the newer version, or in the older one for what is gone."""
        return self.new_locator or self.old_locator or ""

    @property
    def changes_words_of_old_clause(self) -> bool:
        """Whether evidence that rests on ``old_locator`` must be reviewed: words of it were added, removed or reworded."""
        return self.old_locator is not None and self.kind_of_change != "moved"


def compare_versions(old: Sequence[ClauseWords], new: Sequence[ClauseWords]) -> tuple[Change, ...]:
    """The differences between two versions of one source, in the order of the newer one; what is gone stands where it stood.

    Clauses are given in the order of their document. A sentence that stands in both, wherever, is never reported as added, removed
    or reworded. White space, quotation marks, dashes, letter case, list numbers, links, and how a date is written are not compared.
    """
    sides = _Side.of(old), _Side.of(new)
    matched, left_old, left_new = _match_sentences(*sides)
    homes = _match_clauses(*sides, matched)
    pairs = _pair_rewordings(*sides, left_old, left_new, homes)
    changes = [
        *((position, _reworded(sides, first, second)) for first, second in pairs for position in [float(second)]),
        *((float(index), _added(sides, index, homes)) for index in left_new if index not in {second for _, second in pairs}),
        *(
            (_place_of_gone(index, matched), _removed(sides, index, homes))
            for index in left_old
            if index not in {first for first, _ in pairs}
        ),
        *_moves(*sides, homes),
        *_new_date(*sides),
    ]
    return tuple(change for _, change in sorted(changes, key=lambda entry: entry[0]))


@dataclass(frozen=True)
class _Side:
    """One version: its clauses, their sentences in order, and apart from these the lines that give the document's date."""

    clauses: Sequence[ClauseWords]
    sentences: tuple[Sentence, ...]
    dates: tuple[Sentence, ...]

    @classmethod
    def of(cls, clauses: Sequence[ClauseWords]) -> _Side:
        every = [sentence for position, clause in enumerate(clauses) for sentence in split_sentences(clause.text, position)]
        dates = tuple(sentence for sentence in every if states_date(sentence.text))
        return cls(clauses, tuple(sentence for sentence in every if sentence not in dates), dates)

    def clause_of(self, sentence: int) -> int:
        return self.sentences[sentence].clause

    def locator(self, clause: int | None) -> str | None:
        return None if clause is None else str(self.clauses[clause].locator)

    @property
    def headings(self) -> set[tuple[str, ...]]:
        return {compared_words(heading) for clause in self.clauses for heading in clause.heading_path}

    @cached_property
    def keys(self) -> list[tuple[str, ...]]:
        return [sentence.words for sentence in self.sentences]


def _match_sentences(old: _Side, new: _Side) -> tuple[dict[int, int], list[int], list[int]]:
    """Sentences with the same words, old to new; and those of either side that the other has nowhere."""
    matched: dict[int, int] = {}
    for block in SequenceMatcher(None, old.keys, new.keys, autojunk=False).get_matching_blocks():
        matched.update(zip(range(block.a, block.a + block.size), range(block.b, block.b + block.size), strict=True))
    taken = set(matched.values())
    elsewhere: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, key in enumerate(new.keys):
        if index not in taken:
            elsewhere[key].append(index)
    for index, key in enumerate(old.keys):
        if index not in matched and elsewhere[key]:
            matched[index] = elsewhere[key].pop(0)
    taken = set(matched.values())
    in_old, in_new = _runs(old.keys) | old.headings, _runs(new.keys) | new.headings
    left_old = [index for index, key in enumerate(old.keys) if index not in matched and key not in in_new]
    left_new = [index for index, key in enumerate(new.keys) if index not in taken and key not in in_old]
    left_old, left_new = _not_in_runs(left_old, old.keys, in_new), _not_in_runs(left_new, new.keys, in_old)
    return matched, _no_known_fragments(left_old, old, new), _no_known_fragments(left_new, new, old)


def _no_known_fragments(left: Sequence[int], side: _Side, other: _Side) -> list[int]:
    """Those left that the other version does not show within a longer run of words.

    A sentence counts as shown with its first capital and its last mark. A cell or label, which has neither, counts within a line
    of such only: the same table, set in another way.
    """
    known = {
        sentence.words[start : start + size]
        for sentence in other.sentences
        if not sentence.is_closed
        for size in range(1, _FRAGMENT_WORDS + 1)
        for start in range(len(sentence.words) - size + 1)
    }
    shown = "  ".join(typeset_alike(clause.text) for clause in other.clauses) if left else ""
    return [index for index in left if not _is_shown(side.sentences[index], shown, known)]


def _is_shown(sentence: Sentence, shown: str, known: set[tuple[str, ...]]) -> bool:
    if sentence.row_name is not None:
        return False
    return f" {typeset_alike(sentence.text)} " in f" {shown} " if sentence.is_closed else sentence.words in known


def _runs(keys: Sequence[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """The words of one to four sentences in a row: the same words may be parted into sentences in another way."""
    return {tuple(word for key in keys[start : start + size] for word in key) for size in range(1, _RUN + 1) for start in range(len(keys))}


def _not_in_runs(left: Sequence[int], keys: Sequence[tuple[str, ...]], other: set[tuple[str, ...]]) -> list[int]:
    """Those left that are not, together with their neighbours, a sentence of the other version."""
    found: set[int] = set()
    for start in range(len(left)):
        for size in range(2, _RUN + 1):
            group = left[start : start + size]
            if len(group) == size and group[-1] - group[0] == size - 1 and tuple(w for index in group for w in keys[index]) in other:
                found.update(group)
    return [index for index in left if index not in found]


def _match_clauses(old: _Side, new: _Side, matched: dict[int, int]) -> dict[int, int]:
    """For each old clause the new one that has most of its words; a clause of the new version is home to one old clause only.

    Clauses without a sentence in common are matched by address or title, if no other claims it.
    """
    shared: Counter[tuple[int, int]] = Counter()
    for first, second in matched.items():
        shared[old.clause_of(first), new.clause_of(second)] += len(old.sentences[first].words)
    homes: dict[int, int] = {}
    taken: set[int] = set()
    for (first, second), _ in sorted(shared.items(), key=lambda entry: (-entry[1], entry[0])):
        if first not in homes and second not in taken:
            homes[first] = second
            taken.add(second)
    for likeness in (_same_address, _alike_headings):
        _match_left_clauses(old, new, homes, likeness)
    return homes


def _match_left_clauses(old: _Side, new: _Side, homes: dict[int, int], fits: Callable[[ClauseWords, ClauseWords], bool]) -> None:
    for first, before in enumerate(old.clauses):
        if first not in homes:
            taken = set(homes.values())
            home = next((second for second, after in enumerate(new.clauses) if second not in taken and fits(before, after)), None)
            if home is not None:
                homes[first] = home


def _same_address(before: ClauseWords, after: ClauseWords) -> bool:
    return str(before.locator) == str(after.locator) and _last_heading(before) == _last_heading(after)


def _alike_headings(before: ClauseWords, after: ClauseWords) -> bool:
    """Whether one run-in title begins with all of the other: "Service Generated Data; Consent to Use", "Service Generated Data"."""
    one, other = sorted((_last_heading(before), _last_heading(after)), key=len)
    return len(one) >= 2 and one == other[: len(one)] and bool(_number_values(before) and _number_values(after))


def _last_heading(clause: ClauseWords) -> tuple[str, ...]:
    return compared_words(clause.heading_path[-1]) if clause.heading_path else ()


def _pair_rewordings(
    old: _Side, new: _Side, left_old: Sequence[int], left_new: Sequence[int], homes: dict[int, int]
) -> list[tuple[int, int]]:
    """Which sentence of the old version became which of the new: alike in words, more so if they stand in different clauses."""
    scored = []
    for first in left_old:
        words = old.sentences[first].words
        home = homes.get(old.clause_of(first))
        for second in left_new:
            is_home = new.clause_of(second) == home
            least = ALIKE_IN_PLACE if is_home else ALIKE_ELSEWHERE
            if old.sentences[first].row_name != new.sentences[second].row_name:
                continue
            likeness = Indel.normalized_similarity(words, new.sentences[second].words, score_cutoff=least)
            if likeness >= least and (is_home or min(len(words), len(new.sentences[second].words)) >= _FEWEST_WORDS):
                scored.append((-likeness - _PLACE_BONUS * is_home, abs(first - second), first, second))
    pairs: list[tuple[int, int]] = []
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for _, _, first, second in sorted(scored):
        if first not in taken_old and second not in taken_new:
            pairs.append((first, second))
            taken_old.add(first)
            taken_new.add(second)
    return pairs


def _reworded(sides: tuple[_Side, _Side], first: int, second: int) -> Change:
    old, new = sides
    before, after = old.sentences[first].text, new.sentences[second].text
    return Change(
        "reworded", old.locator(old.clause_of(first)), new.locator(new.clause_of(second)), before, after, tuple(mark_words(before, after))
    )


def _added(sides: tuple[_Side, _Side], index: int, homes: dict[int, int]) -> Change:
    old, new = sides
    clause = new.clause_of(index)
    before = next((first for first, second in homes.items() if second == clause), None)
    return Change("added", old.locator(before), new.locator(clause), None, new.sentences[index].text)


def _removed(sides: tuple[_Side, _Side], index: int, homes: dict[int, int]) -> Change:
    old, new = sides
    clause = old.clause_of(index)
    return Change("removed", old.locator(clause), new.locator(homes.get(clause)), old.sentences[index].text, None)


def _new_date(old: _Side, new: _Side) -> Iterator[tuple[float, Change]]:
    """The document's own date, if both versions print one and it is another day.

    A date line that a capture has lost or found, or that writes the same day in another way, is no change.
    """
    days = [{day for sentence in side.dates for _, _, day in find_dates(sentence.text)} for side in (old, new)]
    before = next((line for line in old.dates if not {day for _, _, day in find_dates(line.text)} & days[1]), None)
    after = next((line for line in new.dates if not {day for _, _, day in find_dates(line.text)} & days[0]), None)
    if before and after and all(days):
        marks = tuple(mark_words(before.text, after.text))
        yield -1.0, Change("reworded", old.locator(before.clause), new.locator(after.clause), before.text, after.text, marks)


def _place_of_gone(index: int, matched: dict[int, int]) -> float:
    """Behind the nearest sentence before it that is still there."""
    before = [second for first, second in matched.items() if first < index]
    return (matched[max(first for first in matched if first < index)] if before else -1) + 0.5


def _moves(old: _Side, new: _Side, homes: dict[int, int]) -> Iterator[tuple[float, Change]]:
    """Clauses that stand under another number or heading now; one change for all paragraphs of a heading."""
    seen: set[tuple[str, str]] = set()
    first_sentence = {sentence.clause: index for index, sentence in reversed(list(enumerate(new.sentences)))}
    for first, second in sorted(homes.items()):
        before, after = old.clauses[first], new.clauses[second]
        if second not in first_sentence or not _is_moved(before, after) or _is_other_mark_up(old, new, before, after):
            continue
        places = _place_name(before), _place_name(after)
        if places not in seen:
            seen.add(places)
            yield first_sentence[second] - 0.25, Change("moved", str(before.locator), str(after.locator), *places)


def _is_moved(before: ClauseWords, after: ClauseWords) -> bool:
    numbers = _number_values(before), _number_values(after)
    if all(numbers):
        return numbers[0] != numbers[1]
    if any(numbers) or not before.heading_path or not after.heading_path:
        return False  # one capture shows numbers or headings where the other shows none
    headings = [{compared_words(heading) for heading in clause.heading_path} for clause in (before, after)]
    return compared_words(before.heading_path[-1]) not in headings[1] and compared_words(after.heading_path[-1]) not in headings[0]


def _is_other_mark_up(old: _Side, new: _Side, before: ClauseWords, after: ClauseWords) -> bool:
    """Whether the heading above is only shown as text by the other capture."""
    if _number_values(before) and _number_values(after):
        return False
    return _last_heading(before) in set(new.keys) or _last_heading(after) in set(old.keys)


def _number_values(clause: ClauseWords) -> tuple[object, ...]:
    """The levels of a printed number by their value: a conversion writes the third item as 3, c or iii. Empty without a number."""
    locator = parse_locator(str(clause.locator))
    if locator.kind == "heading":
        number = re.search(r"§([0-9A-Za-z.]+(?:\([^)]*\))*)$", re.sub(r", para\. [0-9]+$", "", str(locator)))
        if number is None:
            return ()
        locator = parse_locator("§" + number[1])
    levels = [*locator.number.split("."), *locator.parts]
    return (locator.kind, levels[0], *(_level_value(level) for level in levels[1:]))


def _level_value(level: str) -> object:
    readings = readings_of(level)
    return readings[0][1] if readings else level


def _place_name(clause: ClauseWords) -> str:
    """The address without the number of the paragraph, with the heading if the locator does not hold it."""
    locator = re.sub(r", para\. [0-9]+$", "", str(clause.locator))
    heading = clause.heading_path[-1] if clause.heading_path else ""
    if not heading or heading in locator:
        return locator
    _, words = split_label(heading)
    return f"{locator} {words.rstrip('.')}" if locator.startswith(("§", "Art.", "A.")) else heading


def mark_words(old: str, new: str) -> Iterator[Mark]:
    """The words of both texts in reading order, with those that only one of them has marked; compared as sentences are."""
    before, after = old.split(), new.split()
    matcher = SequenceMatcher(None, [_bare(word) for word in before], [_bare(word) for word in after], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Mark("same", " ".join(after[c:d]))
            continue
        if b > a:
            yield Mark("removed", " ".join(before[a:b]))
        if d > c:
            yield Mark("added", " ".join(after[c:d]))


def _bare(word: str) -> str:
    return " ".join(compared_words(word)) or word
