"""What is held, arranged for checking: which clause was in force when, what may be said of it besides its words, whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property

from assistant.schema import Clause, Knowledge, Source, Tool, Version

_SPLIT = re.compile(r"[^\w§.]+")
_HOUSE = re.compile(
    r",? (?:Inc|LLC|Ltd|Limited|GmbH|AS|Corporation|Communications|Video|Messenger|Foundation|Systems|Platforms|PBC|OpCo).*$"
)
_OPEN_END = date(9999, 12, 31)


class Holdings:
    """The held sources, clauses and tools."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def clause(self, clause_id: str) -> Clause | None:
        return self.knowledge.clauses.get(clause_id)

    def source(self, clause: Clause) -> Source:
        return self.knowledge.sources[clause.source_id]

    def in_force(self, clause: Clause, day: date) -> bool:
        """Whether the clause stood in the version that held on the day: the last one that had begun by then."""
        begun = [version for version in self._versions(clause) if begins(version) <= day]
        return bool(begun) and begun[-1].id in {version.id for version in self.versions_with(clause)}

    def period(self, clause: Clause) -> tuple[date, date]:
        """From when to when the clause stood; the end is open where it still stands in the newest version."""
        with_it, every = self.versions_with(clause), self._versions(clause)
        last = every.index(with_it[-1])
        end = begins(every[last + 1]) - timedelta(days=1) if last + 1 < len(every) else _OPEN_END
        return begins(with_it[0]), end

    def versions_with(self, clause: Clause) -> list[Version]:
        """The versions in which the clause stands, oldest first."""
        every = self._versions(clause)
        names = [version.id for version in every]
        first = names.index(clause.since)
        last = names.index(clause.until) if clause.until else len(names) - 1
        return every[first : last + 1]

    def days_of(self, clause: Clause) -> set[date]:
        """Every day that belongs to the clause: printed, effective, seen, read, and where its period begins and ends."""
        start, end = self.period(clause)
        days = {start} if end == _OPEN_END else {start, end, end + timedelta(days=1)}
        for version in self.versions_with(clause):
            days |= {day for day in (version.version_date, version.effective_date, version.first_seen, version.as_of) if day}
            days |= {reading.date for reading in version.read}
        return days

    def tools_of(self, source: Source) -> list[Tool]:
        return [self.knowledge.tools[tool] for tool in source.tools if tool in self.knowledge.tools]

    def said_about(self, clause: Clause) -> str:
        """All that may back a word of a claim on the clause: its text, its address, its document, and the names of its tools."""
        source = self.source(clause)
        parts = [clause.text, self.knowledge.label(clause), *clause.heading_path, source.title, source.publisher, clause.practice or ""]
        parts += [version.edition for version in self.versions_with(clause) if version.edition]
        return " ".join([*parts, *(name for tool in self.tools_of(source) for name in _names_in(tool))])

    @cached_property
    def names_of_tools(self) -> dict[str, set[str]]:
        """Ids of the tools that go by a name, or come from the house of that name, by the name in lower case."""
        table: dict[str, set[str]] = {}
        for tool in self.knowledge.tools.values():
            for name in (tool.name, tool.product, _HOUSE.sub("", tool.publisher)):
                table.setdefault(name.lower(), set()).add(tool.id)
        return table

    def _versions(self, clause: Clause) -> list[Version]:
        return list(self.knowledge.versions_of(clause))


def begins(version: Version) -> date:
    """The first day a version answers for: announced for, else printed, else seen, else read."""
    known = version.effective_date or version.version_date or version.first_seen or version.as_of
    return known or min(reading.date for reading in version.read)


def _names_in(tool: Tool) -> Iterable[str]:
    yield from (tool.name, tool.product, tool.publisher, tool.made_for, *tool.aliases)
    for plan in tool.plans:
        yield from (plan.name, *plan.aliases)
    for setting in tool.settings:
        yield from (setting.name, *setting.values, *setting.steps.values())
        yield from (alias for aliases in setting.aliases.values() for alias in aliases)
    for contract in tool.contracts:
        yield from (contract.title, contract.step)


def words_of(text: str) -> list[str]:
    """The words of a text, in order, in lower case."""
    return [word.strip(".") for word in _SPLIT.split(text.lower()) if word.strip(".")]
