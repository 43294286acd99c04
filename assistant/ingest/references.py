"""Whether knowledge holds together: every reference leads somewhere, dates make sense, and no two entries contradict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import pairwise

from assistant.schema import Clause, Evidence, Knowledge, Tool, Version


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing wrong with one entry; ``path`` leads to the spot inside it, ``reference`` is one that leads nowhere."""

    kind: str
    id: str
    path: tuple[str | int, ...]
    message: str
    reference: str | None = None


def check_references(knowledge: Knowledge, *, today: date, held: Knowledge | None = None) -> Iterator[Complaint]:
    """Every complaint about the knowledge as a whole; none if it holds together. What is ``held`` may answer for a reference by
    an imported clause.
    """
    for complaint in _check_all(knowledge, today):
        found = held.resolve(complaint.reference) if held and complaint.reference else ()
        if not any(clause.wording == "official" for clause in found):
            yield complaint


def _check_all(knowledge: Knowledge, today: date) -> Iterator[Complaint]:
    for source_id in knowledge.sources:
        yield from _check_source(knowledge, source_id, today)
    for clause in knowledge.clauses.values():
        yield from _check_clause(knowledge, clause)
    for source_id in knowledge.sources:
        yield from _check_overlaps(knowledge, source_id)
    for criterion in knowledge.criteria.values():
        yield from _check_each(knowledge, "criterion", criterion.id, ("rests_on",), criterion.rests_on)
    for duty in knowledge.duties.values():
        yield from _check_each(knowledge, "duty", duty.id, ("clauses",), duty.clauses)
    for exemplar in knowledge.exemplars.values():
        yield from _check_each(knowledge, "exemplar", exemplar.id, ("clauses",), exemplar.clauses)
        yield from _check_criteria(knowledge, "exemplar", exemplar.id, [exemplar.criterion] if exemplar.criterion else [])
    for brief in knowledge.briefs.values():
        for number, point in enumerate(brief.points):
            yield from _check_each(knowledge, "brief", brief.id, ("points", number, "clauses"), point.clauses)
        yield from _check_criteria(knowledge, "brief", brief.id, brief.criteria)
    for item in knowledge.information.values():
        yield from _check_each(knowledge, "information item", item.id, ("clauses",), item.clauses)
        yield from _check_criteria(knowledge, "information item", item.id, [item.criterion] if item.criterion else [])
    for consent in knowledge.consents.values():
        yield from _check_each(knowledge, "consent", consent.id, ("clauses",), consent.clauses)
    for tool in knowledge.tools.values():
        yield from _check_tool(knowledge, tool)
    yield from _check_aliases(knowledge)
    for evidence in knowledge.evidence.values():
        yield from _check_evidence(knowledge, evidence, today)


def _check_source(knowledge: Knowledge, source_id: str, today: date) -> Iterator[Complaint]:
    source = knowledge.sources[source_id]
    for tool in source.tools:
        if tool not in knowledge.tools:
            yield Complaint("source", source_id, ("tools",), f"unknown tool {tool}{_hint(tool, knowledge.tools)}")
    for position, version in enumerate(knowledge.versions[source_id]):
        for field, value in _dates(version):
            if value > today:
                message = f"version {version.id}: {field} {value} lies in the future (only effective_date may)"
                yield Complaint("source", source_id, (), message)
        if version.first_seen and version.as_of and version.first_seen > version.as_of:
            yield Complaint("source", source_id, (), f"version {version.id}: first_seen is later than as_of")
        if position and source.kind == "vendor" and version.superseded:
            yield Complaint("source", source_id, (), f"version {version.id}: superseded is for laws and standards; a newer version says it")


def _dates(version: Version) -> Iterator[tuple[str, date]]:
    for field in ("version_date", "first_seen", "as_of"):
        value = getattr(version, field)
        if value is not None:
            yield field, value
    for reading in version.read:
        yield "read.date", reading.date


def _check_clause(knowledge: Knowledge, clause: Clause) -> Iterator[Complaint]:
    versions = [version.id for version in knowledge.versions.get(clause.source_id, ())]
    for field, value in (("since", clause.since), ("until", clause.until)):
        if value is not None and value not in versions:
            yield Complaint(
                "clause", clause.id, (field,), f"{field} {value} is no version of {clause.source_id}: it has {', '.join(versions)}"
            )
            return
    if clause.until is not None and versions.index(clause.until) < versions.index(clause.since):
        yield Complaint("clause", clause.id, ("until",), f"until {clause.until} is older than since {clause.since}")
    yield from _check_each(knowledge, "clause", clause.id, ("related",), clause.related)


def _check_overlaps(knowledge: Knowledge, source_id: str) -> Iterator[Complaint]:
    versions = [version.id for version in knowledge.versions[source_id]]
    spans: dict[tuple[object, str], list[tuple[int, int, Clause]]] = {}
    for clause in knowledge.clauses.values():
        if clause.source_id != source_id or clause.since not in versions:
            continue
        last = versions.index(clause.until) if clause.until in versions else len(versions) - 1
        spans.setdefault((clause.parsed_locator, clause.wording), []).append((versions.index(clause.since), last, clause))
    for group in spans.values():
        group.sort(key=lambda span: span[:2])
        for (_, end, first), (start, _, second) in pairwise(group):
            if start <= end:
                message = (
                    f"{second.locator} holds at the same time as {first.id}: give the older one until: the version before {second.since}"
                )
                yield Complaint("clause", second.id, (), message)


def _check_criteria(knowledge: Knowledge, kind: str, entry_id: str, criteria: Iterable[str]) -> Iterator[Complaint]:
    for criterion in criteria:
        if criterion not in knowledge.criteria:
            yield Complaint(kind, entry_id, (), f"unknown criterion {criterion}{_hint(criterion, knowledge.criteria)}")


def _check_tool(knowledge: Knowledge, tool: Tool) -> Iterator[Complaint]:
    def each(path: tuple[str | int, ...], references: Iterable[str]) -> Iterator[Complaint]:
        return _check_each(knowledge, "tool", tool.id, path, references)

    for number, plan in enumerate(tool.plans):
        yield from each(("plans", number, "clauses"), plan.clauses)
    for number, setting in enumerate(tool.settings):
        yield from each(("settings", number, "clauses"), setting.clauses)
        if setting.default is not None and not setting.clauses:
            message = f"setting {setting.id} has a default but names no clause: name it, or use assumed"
            yield Complaint("tool", tool.id, ("settings", number), message)
        for place, exclusion in enumerate(setting.excludes):
            yield from each(("settings", number, "excludes", place, "clauses"), exclusion.clauses)
    for number, contract in enumerate(tool.contracts):
        yield from each(("contracts", number, "clauses"), contract.clauses)
    for number, notice in enumerate(tool.notices):
        yield from each(("notices", number, "clauses"), notice.clauses)
    if tool.retired:
        yield from each(("retired", "clauses"), tool.retired.clauses)
        if tool.retired.successor and tool.retired.successor not in knowledge.tools:
            yield Complaint("tool", tool.id, ("retired",), f"unknown successor {tool.retired.successor}")


def _check_aliases(knowledge: Knowledge) -> Iterator[Complaint]:
    owners: dict[str, str] = {}
    for tool in knowledge.tools.values():
        for alias in {tool.id, tool.name.lower(), *(alias.lower() for alias in tool.aliases)}:
            owner = owners.setdefault(alias, tool.id)
            if owner != tool.id:
                yield Complaint("tool", tool.id, ("aliases",), f"the alias {alias!r} also belongs to {owner}: keep it with one tool")


def _check_evidence(knowledge: Knowledge, evidence: Evidence, today: date) -> Iterator[Complaint]:
    def complain(field: tuple[str | int, ...], message: str) -> Complaint:
        return Complaint("evidence", evidence.id, field, message)

    if evidence.criterion not in knowledge.criteria:
        yield complain(("criterion",), f"unknown criterion {evidence.criterion}{_hint(evidence.criterion, knowledge.criteria)}")
    if evidence.reviewed_on and evidence.reviewed_on > today:
        yield complain(("reviewed_on",), f"reviewed_on {evidence.reviewed_on} lies in the future")
    yield from _check_each(knowledge, "evidence", evidence.id, ("clauses",), evidence.clauses)
    yield from _check_pinned(knowledge, evidence)
    tool = knowledge.tools.get(evidence.tool)
    if tool is None:
        yield complain(("tool",), f"unknown tool {evidence.tool}{_hint(evidence.tool, knowledge.tools)}")
        return
    plans = {plan.id for plan in tool.plans}
    contracts = {contract.id for contract in tool.contracts} | {"dpa", "baa"}
    for plan in evidence.when.plan:
        if plan not in plans:
            yield complain(("when", "plan"), f"unknown plan {plan}{_hint(plan, plans)}")
    for contract in (*evidence.when.contract, *evidence.when.without_contract):
        if contract not in contracts:
            yield complain(("when",), f"unknown contract {contract}{_hint(contract, contracts)}")
    for name, values in evidence.when.setting.items():
        setting = tool.setting(name)
        if setting is None:
            known = {setting.id for setting in tool.settings}
            yield complain(("when", "setting"), f"unknown setting {name} of {tool.id}{_hint(name, known)}")
            continue
        for value in values:
            if value not in setting.values:
                yield complain(("when", "setting", name), f"setting {name} has no value {value}: it has {', '.join(setting.values)}")


def _check_pinned(knowledge: Knowledge, evidence: Evidence) -> Iterator[Complaint]:
    for number, reference in enumerate(evidence.clauses):
        found = knowledge.resolve(reference)
        if len(found) > 1 and knowledge.sources[found[0].source_id].kind == "vendor":
            ids = ", ".join(clause.id for clause in found)
            message = f"{reference} stood in several wordings: name the one relied on ({ids})"
            yield Complaint("evidence", evidence.id, ("clauses", number), message)


def _check_each(
    knowledge: Knowledge, kind: str, entry_id: str, path: tuple[str | int, ...], references: Iterable[str]
) -> Iterator[Complaint]:
    for number, reference in enumerate(references):
        if not knowledge.resolve(reference):
            message = f"{reference} is not held{_hint(reference, _names(knowledge))}"
            yield Complaint(kind, entry_id, (*path, number), message, reference)


def _names(knowledge: Knowledge) -> list[str]:
    return [*knowledge.clauses, *(knowledge.label(c) for c in knowledge.clauses.values() if c.source_id in knowledge.sources)]


def _hint(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=2, cutoff=0.75)
    return f": did you mean {' or '.join(close)}?" if close else ": add it, or correct the reference"
