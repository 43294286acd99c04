"""Everything that is known, as one value: what the knowledge files and the store hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import Field

from assistant.locators import Locator, parse_locator, parse_numbered_locator
from assistant.schema.base import Frozen, Text
from assistant.schema.criteria import Criterion, Duty, Evidence
from assistant.schema.guidance import Brief, ConsentItem, Exemplar, GlossaryEntry, InformationItem
from assistant.schema.sources import Clause, Rewording, Source, Version
from assistant.schema.tools import Tool


class Renumbering(Frozen):
    """A locator of an earlier edition of a source and the ones that took its place."""

    source: Text
    old: Text
    new: tuple[Text, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Twins:
    """Of one imported version: the official words by the id of the summary that stands for them, and the other way round."""

    official: dict[str, Clause] = field(default_factory=dict)
    summaries: dict[str, list[Clause]] = field(default_factory=dict)


@dataclass(frozen=True)
class Knowledge:
    """Sources with their versions and clauses, criteria, duties, tools and evidence, each by id.

    ``versions`` lists the versions of a source oldest first. Iteration follows the files.

    Where the official text of a source was imported, ``official`` lists the versions of that text, and ``rewordings`` what
    differs between two of them, by source and by (older, newer) version id. Of a source that our summaries also cover
    (``summarised``), ``versions`` are those of the summaries. ``unindexed`` are sources that searching does not look at.
    ``twins`` is a cache of ``assistant.twins``.
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    versions: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    criteria: Mapping[str, Criterion] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)
    tools: Mapping[str, Tool] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    glossary: Mapping[str, GlossaryEntry] = field(default_factory=dict)
    exemplars: Mapping[str, Exemplar] = field(default_factory=dict)
    briefs: Mapping[str, Brief] = field(default_factory=dict)
    information: Mapping[str, InformationItem] = field(default_factory=dict)
    consents: Mapping[str, ConsentItem] = field(default_factory=dict)
    renumbered: tuple[Renumbering, ...] = ()
    official: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)
    rewordings: Mapping[str, Mapping[tuple[str, str], tuple[Rewording, ...]]] = field(default_factory=dict)
    summarised: frozenset[str] = frozenset()
    unindexed: frozenset[str] = frozenset()
    twins: dict[tuple[str, str], Twins] = field(default_factory=dict, compare=False, repr=False)

    def versions_of(self, clause: Clause) -> tuple[Version, ...]:
        """The versions that the clause's span counts by: those of the official text for its words, else those of our summaries."""
        if clause.wording == "official" and clause.source_id in self.official:
            return self.official[clause.source_id]
        return self.versions[clause.source_id]

    def at(self, source_id: str, locator: Locator) -> tuple[Clause, ...]:
        """Every clause at a place, in all versions and wordings."""
        return self._by_address.get((source_id, locator), ())

    def inside(self, source_id: str, place: Locator) -> tuple[Clause, ...]:
        """The clauses below a place, in all versions and wordings: the paragraphs of §29 where no clause is §29 itself."""
        return tuple(self._by_container.get((source_id, place), ()))

    def inside_source(self, source_id: str) -> tuple[Clause, ...]:
        """All clauses of a source, in all versions and wordings."""
        return tuple(self._by_source.get(source_id, ()))

    def label(self, clause: Clause) -> str:
        """How a person would cite the clause: ``GDPR Art. 28(3)(a)``."""
        return clause_label(self.sources[clause.source_id], clause)

    def resolve(self, reference: str) -> tuple[Clause, ...]:
        """The clauses a reference names: one for a clause id, one for each version and wording for a label; () if none."""
        if reference in self.clauses:
            return (self.clauses[reference],)
        found = self._resolved.get(reference)
        if found is None:
            address = self._split_label(reference)
            found = self._by_address.get(address, ()) if address else ()
            if found:  # what names nothing is not kept: there is no end of it
                self._resolved[reference] = found
        return found

    def evidence_for(self, tool_id: str) -> tuple[Evidence, ...]:
        """All evidence on one tool, in the files' order."""
        return self._evidence_by_tool.get(tool_id, ())

    def _split_label(self, reference: str) -> tuple[str, Locator] | None:
        for label, source_id in self._labels:
            rest = reference.removeprefix(label)
            if rest != reference and rest[:1] in (" ", ","):
                return source_id, parse_locator(rest)
        return None

    @cached_property
    def _resolved(self) -> dict[str, tuple[Clause, ...]]:
        return {}

    @cached_property
    def _evidence_by_tool(self) -> dict[str, tuple[Evidence, ...]]:
        table: dict[str, list[Evidence]] = {}
        for entry in self.evidence.values():
            table.setdefault(entry.tool, []).append(entry)
        return {tool_id: tuple(entries) for tool_id, entries in table.items()}

    @cached_property
    def _labels(self) -> list[tuple[str, str]]:
        """Source labels, longest first, so that a label that begins another does not take its references."""
        pairs = ((source.label, source.id) for source in self.sources.values())
        return sorted(pairs, key=lambda pair: (-len(pair[0]), pair))

    @cached_property
    def _by_source(self) -> dict[str, list[Clause]]:
        table: dict[str, list[Clause]] = {}
        for clause in self.clauses.values():
            table.setdefault(clause.source_id, []).append(clause)
        return table

    @cached_property
    def _by_container(self) -> dict[tuple[str, Locator], list[Clause]]:
        table: dict[tuple[str, Locator], list[Clause]] = {}
        for clause in self.clauses.values():
            for place in containers(clause.parsed_locator):
                table.setdefault((clause.source_id, place), []).append(clause)
        return table

    @cached_property
    def _by_address(self) -> dict[tuple[str, Locator], tuple[Clause, ...]]:
        table: dict[tuple[str, Locator], list[Clause]] = {}
        for clause in self.clauses.values():
            table.setdefault((clause.source_id, clause.parsed_locator), []).append(clause)
        return {address: tuple(self._oldest_first(clauses)) for address, clauses in table.items()}

    def _oldest_first(self, clauses: Iterable[Clause]) -> list[Clause]:
        def order(clause: Clause) -> int:
            ids = [version.id for version in self.versions_of(clause)] if clause.source_id in self.versions else []
            return ids.index(clause.since) if clause.since in ids else len(ids)

        return sorted(clauses, key=lambda clause: (clause.wording == "official", order(clause)))


def containers(locator: Locator) -> tuple[Locator, ...]:
    """The place itself and those that contain it; “§29, para. 1” lies in §29."""
    printed = parse_numbered_locator(locator.number) if locator.kind == "heading" else None
    return (locator, *locator.parents, *((printed, *printed.parents) if printed else ()))


def lies_inside(place: Locator, other: Locator) -> bool:
    """Whether ``other`` is the place or below it."""
    return place in containers(other)


def clause_label(source: Source, clause: Clause) -> str:
    """``GDPR Art. 28(3)(a)``; a heading is set off by a comma: ``Zoom Privacy Statement, Retention, para. 2``."""
    separator = ", " if clause.parsed_locator.kind == "heading" else " "
    return f"{source.label}{separator}{clause.locator}"
