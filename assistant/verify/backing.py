"""What the clauses that a claim cites say, and where and when they say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.index.text import terms
from assistant.locators import Locator, find_locators
from assistant.schema import Clause, Knowledge, Source
from assistant.verify.alignment import Part, parts_of, stems_of
from assistant.verify.names import names_of, places_in
from assistant.verify.numbers import PartialDate, Quantity, dates_in, quantities_in
from assistant.verify.sentences import sentences


@dataclass(frozen=True)
class Backing:
    """The clauses of one claim, read once for all checks."""

    knowledge: Knowledge
    clauses: tuple[Clause, ...]

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        return tuple(dict.fromkeys(self.knowledge.sources[clause.source_id] for clause in self.clauses))

    @cached_property
    def text(self) -> str:
        """What the clauses say, nothing about them."""
        return " ".join(clause.text for clause in self.clauses)

    @cached_property
    def full_text(self) -> str:
        """What the clauses say, with where it stands and whose it is."""
        places = " . ".join(
            f"{self.knowledge.label(clause)} {' . '.join(clause.heading_path)} {clause.defines or ''}" for clause in self.clauses
        )
        return f"{self.text} {places} . {self.names}"

    @cached_property
    def names(self) -> str:
        return names_of(self.sources, self.knowledge)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        return tuple(sentence for clause in self.clauses for sentence in sentences(clause.text))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for clause in self.clauses for part in parts_of(clause.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems_of(self.full_text) | frozenset(terms(self.full_text))

    @cached_property
    def quantities(self) -> frozenset[Quantity]:
        return quantities_in(self.full_text)

    @cached_property
    def dates(self) -> tuple[PartialDate, ...]:
        """The dates the clauses name, and those of the versions in which they stand."""
        versions = [version for clause in self.clauses for version in self.knowledge.versions_of(clause)]
        days = {
            day for version in versions for day in (version.version_date, version.as_of, version.first_seen, version.effective_date) if day
        }
        notes = " ".join(f"{version.edition or ''} {version.note or ''}" for version in versions)
        return (*dates_in(f"{self.full_text} {notes}"), *(PartialDate.of(day) for day in sorted(days)))

    @cached_property
    def locators(self) -> frozenset[Locator]:
        return frozenset((*find_locators(self.full_text), *(clause.parsed_locator for clause in self.clauses)))

    @cached_property
    def places(self) -> frozenset[str]:
        """The places the clauses name, and those whose law they are."""
        applies = {place for source in self.sources if source.kind in ("law", "guidance") for place in source.jurisdictions}
        return places_in(self.full_text) | frozenset(map(str, applies))


def read_backing(knowledge: Knowledge, clauses: Sequence[Clause]) -> Backing:
    return Backing(knowledge, tuple(clauses))
