"""From the labels a gold question wants cited to the clauses that count: a more specific one does, a sister or a parent does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.dating import holds_on
from assistant.locators import Locator
from assistant.schema import Clause, Knowledge


@dataclass(frozen=True)
class Target:
    """One thing that has to be cited, under any of its labels.

    ``hits`` are the ids of the clauses that count as citing it: those at a label and those inside it. ``lead_ins`` are the
    direct parents, which do not count as citing it, but are not beside the point either.
    """

    labels: tuple[str, ...]
    hits: frozenset[str]
    lead_ins: frozenset[str] = frozenset()


class TargetFinder:
    """Finds the clauses that count, in one state of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._by_source: dict[str, list[tuple[Locator, Clause]]] = {}
        for clause in knowledge.clauses.values():
            self._by_source.setdefault(clause.source_id, []).append((clause.parsed_locator, clause))

    def find(self, groups: Sequence[Sequence[str]], day: date) -> tuple[Target, ...]:
        """One target for each group of labels, as the sources stand on a day."""
        return tuple(self._target(tuple(labels), day) for labels in groups)

    def _target(self, labels: tuple[str, ...], day: date) -> Target:
        hits: set[str] = set()
        lead_ins: set[str] = set()
        for label in labels:
            if label in self._knowledge.clauses:
                hits.add(label)  # an id means this clause in this version and wording
                continue
            for clause in self._knowledge.resolve(label):
                wanted = clause.parsed_locator
                hits |= self._at(clause.source_id, wanted, day, inside=True)
                if parent := direct_parent(wanted):
                    lead_ins |= self._at(clause.source_id, parent, day, inside=False)
        return Target(labels, frozenset(hits), frozenset(lead_ins - hits))

    def _at(self, source_id: str, wanted: Locator, day: date, *, inside: bool) -> set[str]:
        """The clauses at a place (or inside it) that hold on the day; where none does, those of every day.

        So a text that was replaced is not taken for the present one, while a question about something that is gone can still
        name it.
        """
        fits = lies_inside if inside else Locator.__eq__
        found = [clause for locator, clause in self._by_source[source_id] if fits(locator, wanted)]
        holding = [clause for clause in found if holds_on(self._knowledge.versions_of(clause), clause, day)]
        return {clause.id for clause in holding or found}


def lies_inside(place: Locator, wanted: Locator) -> bool:
    """Whether a place is the wanted one or lies below it: Art. 28(3)(a) in Art. 28(3), §7.3.1 in §7.3; never the other way round."""
    if wanted.contains(place):
        return True
    both_dotted = place.kind == wanted.kind == "numbered"
    return both_dotted and not wanted.parts and place.number.startswith(f"{wanted.number}.")


def direct_parent(place: Locator) -> Locator | None:
    """The place one level up: Art. 28(3) for Art. 28(3)(a), §10 for §10.2; None at the top of a source."""
    if place.parts:
        return place.parents[0]
    outer, dot, _ = place.number.rpartition(".")
    return Locator(place.kind, outer) if dot and place.kind == "numbered" else None
