"""Everything that is known, as one value: what the knowledge files and the store hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import Field

from assistant.locators import Locator, parse_locator
from assistant.schema.base import Frozen, Text
from assistant.schema.criteria import Criterion, Duty, Evidence
from assistant.schema.guidance import Brief, ConsentItem, Exemplar, GlossaryEntry, InformationItem
from assistant.schema.sources import Clause, Source, Version
from assistant.schema.tools import Tool


class Renumbering(Frozen):
    """A locator of an earlier edition of a source and the ones that took its place."""

    source: Text
    old: Text
    new: tuple[Text, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Knowledge:
    """Sources with their versions and clauses, criteria, duties, tools and evidence, each by id.

    ``versions`` lists the versions of a source oldest first. Iteration follows the files.
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

    def label(self, clause: Clause) -> str:
        """How a person would cite the clause: ``GDPR Art. 28(3)(a)``."""
        return clause_label(self.sources[clause.source_id], clause)

    def resolve(self, reference: str) -> tuple[Clause, ...]:
        """The clauses a reference names: one for a clause id, one for each version and wording for a label; () if none."""
        if reference in self.clauses:
            return (self.clauses[reference],)
        address = self._split_label(reference)
        if address is None:
            return ()
        return self._by_address.get(address, ())

    def evidence_for(self, tool_id: str) -> tuple[Evidence, ...]:
        """All evidence on one tool, in the files' order."""
        return tuple(entry for entry in self.evidence.values() if entry.tool == tool_id)

    def _split_label(self, reference: str) -> tuple[str, Locator] | None:
        for label, source_id in self._labels:
            rest = reference.removeprefix(label)
            if rest != reference and rest[:1] in (" ", ","):
                return source_id, parse_locator(rest)
        return None

    @cached_property
    def _labels(self) -> list[tuple[str, str]]:
        """Source labels, longest first, so that a label that begins another does not take its references."""
        pairs = ((source.label, source.id) for source in self.sources.values())
        return sorted(pairs, key=lambda pair: (-len(pair[0]), pair))

    @cached_property
    def _by_address(self) -> dict[tuple[str, Locator], tuple[Clause, ...]]:
        table: dict[tuple[str, Locator], list[Clause]] = {}
        for clause in self.clauses.values():
            table.setdefault((clause.source_id, clause.parsed_locator), []).append(clause)
        return {address: tuple(self._oldest_first(clauses)) for address, clauses in table.items()}

    def _oldest_first(self, clauses: Iterable[Clause]) -> list[Clause]:
        def order(clause: Clause) -> int:
            ids = [version.id for version in self.versions.get(clause.source_id, ())]
            return ids.index(clause.since) if clause.since in ids else len(ids)

        return sorted(clauses, key=order)


def clause_label(source: Source, clause: Clause) -> str:
    """``GDPR Art. 28(3)(a)``; a heading is set off by a comma: ``Zoom Privacy Statement, Retention, para. 2``."""
    separator = ", " if clause.parsed_locator.kind == "heading" else " "
    return f"{source.label}{separator}{clause.locator}"
