"""Which of several clauses a statement has to cite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.schema import Clause
from assistant.verify.alignment import stems_of
from assistant.verify.denials import Denied, read_denials
from assistant.verify.force import can_back, can_back_denial, force_of
from assistant.verify.sentences import sentences
from assistant.verify.support import asks_support, is_advice

_ENOUGH = 0.25  # of a sentence's words, from which a clause that alone holds them is needed too
_SHARED = 2  # stems that a sentence of a clause has in common with one of a statement, to be about the same

_NAME_OR_FIGURE = re.compile(r"(?<![.!?:“] )(?<!^)\b[A-Z][\w-]*\w|\b[a-z]+[A-Z]\w*|\d[\w.]*\w|\d")
_ANY_WORD = re.compile(r"[\w-]*\w")


def choose_clauses(text: str, clauses: Sequence[Clause], at_most: int) -> list[Clause]:
    """Those of the clauses that a statement needs, in the order given: the best ``at_most``, and further ones that it lacks.

    Each clause taken is the one that adds most to how well the sentences are carried. One beyond ``at_most`` is taken only where
    it alone holds a quarter of a sentence's words, a name or number of the statement, what one of its denials denies, or a word
    for the duty, permission or limit that it states.
    """
    if len(clauses) <= at_most:
        return list(clauses)
    wanted = [stems for sentence in sentences(text) if asks_support(sentence) and (stems := stems_of(sentence))] or [stems_of(text)]
    held = [stems_of(f"{clause.text} {' '.join(clause.heading_path)}") for clause in clauses]
    needs = list(_needs(text, clauses))
    chosen: list[int] = []
    while len(chosen) < len(clauses):
        stems_held = frozenset[str]().union(*(held[position] for position in chosen))
        open_needs = [need for need in needs if not need.intersection(chosen)]
        gains = []
        for position in set(range(len(clauses))) - set(chosen):
            shares = [len(stems & held[position] - stems_held) / len(stems) for stems in wanted]
            met = sum(position in need for need in open_needs)
            gains.append((sum(shares) + 0.1 * met, -position, max(shares), met))
        _, place, most, _ = max(gains)
        if len(chosen) >= at_most and most < _ENOUGH:
            if not open_needs:
                break
            place = max(gains, key=lambda entry: (entry[3], entry[0]))[1]
        chosen.append(-place)
    return [clauses[position] for position in sorted(chosen)]


def _needs(text: str, clauses: Sequence[Clause]) -> Iterator[frozenset[int]]:
    """For each name, number, denial and modal word of a statement the clauses that back it, by position; none that no clause backs."""
    words = [_words(f"{clause.text} {clause.id} {' '.join(clause.heading_path)}") for clause in clauses]
    for mark in sorted({match.lower() for match in _NAME_OR_FIGURE.findall(text)}):
        if holders := frozenset(position for position, held in enumerate(words) if mark in held):
            yield holders
    for sentence in sentences(text):
        if is_advice(sentence):
            continue
        for denied in read_denials(sentence)[0]:
            yield from _denying(denied, sentence, clauses)
        for kind in sorted(force_of(sentence).classes):
            yield from _forceful(kind, sentence, clauses)


def _denying(denied: Denied, sentence: str, clauses: Sequence[Clause]) -> Iterator[frozenset[int]]:
    """The clauses that deny the same; else those that could be put as that denial where they speak of it; else any that deny."""
    stems, about = frozenset(denied), stems_of(sentence)
    groups = [read_denials(clause.text)[0] for clause in clauses]
    yield from _first(
        clauses,
        lambda position: any(len(stems.intersection(group)) == len(stems) > 0 for group in groups[position]),
        lambda position: any(stems.intersection(group) for group in groups[position]),
        lambda position: any(
            stems & stems_of(part) and len(about & stems_of(part)) >= _SHARED and can_back_denial(part)
            for part in sentences(clauses[position].text)
        ),
        lambda position: can_back_denial(clauses[position].text),
    )


def _forceful(kind: str, sentence: str, clauses: Sequence[Clause]) -> Iterator[frozenset[int]]:
    """The clauses that say with such a word what the sentence speaks of; else with one that carries it; else any with one."""
    about = stems_of(sentence)

    def near(position: int, shared: int) -> list[str]:
        return [part for part in sentences(clauses[position].text) if len(about & stems_of(part)) >= shared]

    yield from _first(
        clauses,
        lambda position: any(kind in force_of(part).classes for part in near(position, _SHARED)),
        lambda position: any(kind in force_of(part).classes for part in near(position, 1)),
        lambda position: any(can_back(kind, part) for part in near(position, _SHARED)),
        lambda position: can_back(kind, clauses[position].text),
    )


def _first(clauses: Sequence[Clause], *conditions: Callable[[int], bool]) -> Iterator[frozenset[int]]:
    """The clauses of the first condition that any meets; nothing where none does."""
    for condition in conditions:
        if found := frozenset(position for position in range(len(clauses)) if condition(position)):
            yield found
            return


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in re.findall(r"[^\W_]+", text)) | frozenset(word.lower() for word in _ANY_WORD.findall(text))
