"""Which text holds on a day, and whether it is too old to be relied on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import Any, TypeVar

from assistant.schema import Clause, Knowledge, Version
from assistant.standing import Standing, replaced_by, standing_in, was_read
from assistant.twins import summaries_of, twin_in


def version_on(versions: tuple[Version, ...], day: date) -> Version | None:
    """The newest version in force on a day; None before the first. ``versions`` are oldest first."""
    return next((version for version in reversed(versions) if version.in_force_from <= day), None)


def holds_on(versions: tuple[Version, ...], clause: Clause, day: date) -> bool:
    """Whether the clause stands in the version in force on that day."""
    current = version_on(versions, day)
    return current is not None and stands_in(versions, clause, current.id)


def stands_in(versions: tuple[Version, ...], clause: Clause, version_id: str) -> bool:
    """Whether the clause stands in one of the versions its span counts by."""
    order = [version.id for version in versions]
    position = order.index(version_id)
    return order.index(clause.since) <= position and (clause.until is None or position <= order.index(clause.until))


Named = TypeVar("Named", bound=Clause | str)
Found = TypeVar("Found")


def _once(method: Callable[[Dating, Named], Found]) -> Callable[[Dating, Named], Found]:
    """What is found for a clause (by its id) or for a reference is found once: nothing that it depends on changes."""

    @wraps(method)
    def found(dating: Dating, named: Named) -> Found:
        key = (method.__name__, named if isinstance(named, str) else named.id)
        if key not in dating.found:
            dating.found[key] = method(dating, named)
        value: Found = dating.found[key]
        return value

    return found


@dataclass(frozen=True, slots=True)
class Dating:
    """The dates of clauses as seen from one day.

    A vendor's or guidance text is stale when it was last seen more than ``stale_after_days`` ago, and always when nobody
    knows when it was seen. A law, standard or contract is stale only once it is superseded.

    Where the official text of a source was imported, it says more about our summaries: one whose words were seen unchanged in
    a later text is as fresh as that text, one whose words have changed since has a ``standing`` that says so.
    """

    knowledge: Knowledge
    day: date
    stale_after_days: int = 180
    found: dict[tuple[str, str], Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was found for the clauses of the knowledge; grows with them and no further."""

    @_once
    def version(self, clause: Clause) -> Version:
        """The version in which the clause is read on this day; the one it first stood in if it does not hold then."""
        versions = self.knowledge.versions_of(clause)
        current = version_on(versions, self.day)
        if current is not None and stands_in(versions, clause, current.id):
            return current
        return next(version for version in versions if version.id == clause.since)

    @_once
    def holds(self, clause: Clause) -> bool:
        """Whether the clause stands in the version in force on this day, in its own wording."""
        return holds_on(self.knowledge.versions_of(clause), clause, self.day)

    def answers(self, clause: Clause) -> bool:
        """Whether the clause may lead an answer on this day: of two wordings of one place only one does.

        That is our summary, which the official words stand beside; the official words alone where there is no summary, or
        where they have changed since it was written.
        """
        if not self.holds(clause):
            return False
        if clause.source_id not in self.knowledge.official:
            return True
        if clause.wording == "summary":
            return self.standing(clause) is None or self.official(clause) is None
        return self.summary(clause) is None

    def has_begun(self, clause: Clause) -> bool:
        """Whether the text stood by this day, even if it no longer does."""
        versions = {version.id: version for version in self.knowledge.versions_of(clause)}
        return versions[clause.since].in_force_from <= self.day

    def is_stale(self, clause: Clause) -> bool:
        source, version = self.knowledge.sources[clause.source_id], self.version(clause)
        if source.kind in ("law", "standard", "contract"):
            return version.superseded
        seen = self.as_of(clause)
        return seen is None or (self.day - seen).days > self.stale_after_days

    @_once
    def as_of(self, clause: Clause) -> date | None:
        """The last day on which the words were seen, in the text the clause was written from or unchanged in an imported one."""
        if clause.wording == "official":
            return self.read_in(clause).as_of
        seen = self.version(clause).as_of
        present = self.official_version(clause)
        if present is None or present.as_of is None or not self.holds(clause):
            return seen
        confirmed = self.standing(clause) is None and (present.tied_to is not None or self.official(clause) is not None)
        return max(seen or present.as_of, present.as_of) if confirmed else seen

    @_once
    def holding(self, reference: str) -> tuple[Clause, ...]:
        """The clauses a reference names that hold on this day; official words only where no summary stands beside them.

        A clause of a text that only you imported is also meant by its id when a newer text has changed it: it has a standing then.
        """
        named = self.knowledge.resolve(reference)
        found = tuple(clause for clause in named if self.holds(clause))
        if not found and reference in self.knowledge.clauses:
            return tuple(clause for clause in named if clause.wording == "official" and self.standing(clause) is not None)
        return tuple(clause for clause in found if clause.wording == "summary") or found

    def official_version(self, clause: Clause) -> Version | None:
        """The version of the imported official text in force on this day; None where none is held."""
        return version_on(self.knowledge.official.get(clause.source_id, ()), self.day)

    def official(self, clause: Clause) -> Clause | None:
        """The official words at the clause's place on this day, or, if it no longer holds, while it did; None where they are not held.

        A consolidated text leaves out the recitals: what it lacks is quoted from an earlier text of the same version.
        """
        versions = [version for version in self.knowledge.official.get(clause.source_id, ()) if version.in_force_from <= self.day]
        if not self.holds(clause):
            versions = [version for version in versions if was_read(self.knowledge, clause, version)]
        if not versions:
            return None
        last = versions[-1]
        same = [version.id for version in versions if version is last or (version.tied_to and version.tied_to == last.tied_to)]
        return next((twin for version_id in reversed(same) if (twin := twin_in(self.knowledge, clause, version_id)) is not None), None)

    def summary(self, official: Clause) -> Clause | None:
        """The summary that leads an answer in place of official words on this day; None where they answer by themselves."""
        present = self.official_version(official)
        if present is None or official.source_id not in self.knowledge.summarised:
            return None
        return next((clause for clause in summaries_of(self.knowledge, official, present.id) if self.answers(clause)), None)

    def read_in(self, clause: Clause) -> Version:
        """The version whose dates go with a clause when it is shown: of official words the last one up to this day that has them."""
        versions = self.knowledge.versions_of(clause)
        known = [version for version in versions if version.in_force_from <= self.day and stands_in(versions, clause, version.id)]
        return known[-1] if known else self.version(clause)

    @_once
    def standing(self, clause: Clause) -> Standing | None:
        """What a newer imported text did to the words a clause stands for; None where they stand, or nothing newer is held."""
        present = self.official_version(clause)
        if present is None or self.holds(clause) is (clause.wording == "official"):
            return None
        if clause.wording == "summary":
            return standing_in(self.knowledge, clause, self.version(clause), present)
        if clause.source_id in self.knowledge.summarised or not self.has_begun(clause):
            return None
        return replaced_by(self.knowledge, clause, present)
