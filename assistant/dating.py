"""Which text holds on a day, and whether it is too old to be relied on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.schema import Clause, Knowledge, Version


def version_on(versions: tuple[Version, ...], day: date) -> Version | None:
    """The newest version in force on a day; None before the first. ``versions`` are oldest first."""
    return next((version for version in reversed(versions) if version.in_force_from <= day), None)


def holds_on(versions: tuple[Version, ...], clause: Clause, day: date) -> bool:
    """Whether the clause stands in the version in force on that day."""
    current = version_on(versions, day)
    if current is None:
        return False
    order = [version.id for version in versions]
    position = order.index(current.id)
    return order.index(clause.since) <= position and (clause.until is None or position <= order.index(clause.until))


@dataclass(frozen=True, slots=True)
class Dating:
    """The dates of clauses as seen from one day.

    A vendor's or guidance text is stale when it was last seen more than ``stale_after_days`` ago, and always when nobody
    knows when it was seen. A law, standard or contract is stale only once it is superseded.
    """

    knowledge: Knowledge
    day: date
    stale_after_days: int = 180

    def version(self, clause: Clause) -> Version:
        """The version in which the clause is read on this day; the one it first stood in if it does not hold then."""
        versions = self.knowledge.versions[clause.source_id]
        current = version_on(versions, self.day)
        if current is not None and holds_on(versions, clause, self.day):
            return current
        return next(version for version in versions if version.id == clause.since)

    def holds(self, clause: Clause) -> bool:
        return holds_on(self.knowledge.versions[clause.source_id], clause, self.day)

    def has_begun(self, clause: Clause) -> bool:
        """Whether the text stood by this day, even if it no longer does."""
        versions = {version.id: version for version in self.knowledge.versions[clause.source_id]}
        return versions[clause.since].in_force_from <= self.day

    def is_stale(self, clause: Clause) -> bool:
        source, version = self.knowledge.sources[clause.source_id], self.version(clause)
        if source.kind in ("law", "standard", "contract"):
            return version.superseded
        return version.as_of is None or (self.day - version.as_of).days > self.stale_after_days

    def as_of(self, clause: Clause) -> date | None:
        return self.version(clause).as_of

    def holding(self, reference: str) -> tuple[Clause, ...]:
        """The clauses a reference names that hold on this day."""
        return tuple(clause for clause in self.knowledge.resolve(reference) if self.holds(clause))
