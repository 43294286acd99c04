"""A practitioner's own contracts: which are in force for a tool, and what a first reading of their clauses finds.

The reading looks for the points that the law asks of such a contract. It is done by machine, so it never gives *met* by itself:
evidence that a person wrote about the same contract takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assistant.dating import Dating, version_on
from assistant.schema import Clause, ContractKind, Criterion, Evidence, Profile, Source, Step, Tool, When


@dataclass(frozen=True, slots=True)
class _Point:
    """One thing that the law asks of the contract: its name, and the words by which a clause on it is known."""

    name: str
    words: re.Pattern[str]


def _point(name: str, pattern: str) -> _Point:
    return _Point(name, re.compile(pattern, re.IGNORECASE))


# GDPR Art. 28(3)(a) to (h), with 28(2) and (4) on sub-processors and 33(2) on breaches.
_DPA = (
    _point("instructions", r"\binstructions?\b"),
    _point("confidentiality", r"\bconfidential(?:ity)?\b"),
    _point("security", r"\b(?:security|technical and organi[sz]ational) measures\b|\bsecurity of (?:the )?processing\b"),
    _point("sub-processors", r"\bsub-?\s?processors?\b"),
    _point(
        "help with the rights of persons", r"\bdata subjects?['’]?s?['’]? (?:rights?|requests?)\b|\brights? of (?:the )?data subjects?\b"
    ),
    _point("breach notice", r"\b(?:personal )?data breach|\bsecurity (?:incident|breach)"),
    _point(
        "deletion or return",
        r"\b(?:delet|destr|eras|return)\w*\b.{0,80}\b(?:personal )?data\b|\bdata\b.{0,60}\b(?:deleted|returned|destroyed)\b",
    ),
    _point("audits", r"\baudits?\b|\binspections?\b"),
)
# 45 CFR 164.504(e)(2) and 164.314(a)(2).
_BAA = (
    _point("permitted uses and disclosures", r"\b(?:permitted|use or disclos|uses? and disclos)\w*\b"),
    _point("safeguards", r"\bsafeguards?\b"),
    _point("reports of breaches", r"\breport\w*\b.{0,120}\b(?:breach|incident|use or disclosure)|\bbreach\b.{0,80}\bnotif"),
    _point("subcontractors", r"\bsub-?contractors?\b"),
    _point("access, amendment and accounting", r"\b(?:amendment|accounting of disclosures|designated record set)\b"),
    _point("books for the Secretary", r"\bSecretary\b|\bHHS\b"),
    _point("return or destruction", r"\b(?:return|destr)\w*\b"),
)
_POINTS: Mapping[ContractKind, tuple[_Point, ...]] = {"dpa": _DPA, "baa": _BAA}
_LAWS: Mapping[ContractKind, str] = {"dpa": "Article 28 of the GDPR", "baa": "HIPAA"}


def with_contracts(profile: Profile, tool: Tool, dating: Dating) -> tuple[Profile, tuple[str, ...]]:
    """The case with the contracts that were imported for the tool, and what has to be said about that.

    A contract signed for one plan shows which plan the practice has, unless another one was named.
    """
    contracts, plans, plan = dict(profile.contracts), dict(profile.contract_plans), profile.plan
    said: list[str] = []
    for source, kind in imported_contracts(tool, dating):
        if source.plans and plan is not None and plan not in source.plans:
            said.append(f"Your contract “{source.label}” was imported for another plan, so it does not count here.")
            continue
        contracts[kind] = "imported"
        if source.plans:
            plans[kind] = source.plans
        if plan is None and len(source.plans) == 1:
            plan = source.plans[0]
            name = next(entry.name for entry in tool.plans if entry.id == plan)
            said.append(f"I judged with the {name} plan: your contract “{source.label}” was imported for it.")
    if (contracts, plans, plan) == (profile.contracts, profile.contract_plans, profile.plan):
        return profile, tuple(said)
    return profile.model_copy(update={"contracts": contracts, "contract_plans": plans, "plan": plan}), tuple(said)


def imported_contracts(tool: Tool, dating: Dating) -> Iterator[tuple[Source, ContractKind]]:
    """The contracts imported for a tool that are in force on the day: not ended, not replaced, not yet to come."""
    knowledge = dating.knowledge
    for source in knowledge.sources.values():
        if source.kind != "contract" or source.contract is None or tool.id not in source.tools or source.id not in knowledge.official:
            continue
        version = version_on(knowledge.official[source.id], dating.day)
        if version is not None and not version.superseded:
            yield source, source.contract


def read_contracts(tool: Tool, criteria: Iterable[Criterion], evidence: Iterable[Evidence], dating: Dating) -> Iterator[Evidence]:
    """What the clauses of imported contracts say to the questions that ask for such a contract, where no person has said it."""
    written = list(evidence)
    asked = list(criteria)
    for source, kind in imported_contracts(tool, dating):
        clauses = [clause for clause in dating.knowledge.inside_source(source.id) if dating.holds(clause)]
        for criterion in asked:
            if criterion.contract == kind and not _is_written(written, criterion, source, dating):
                found = _read(source, kind, tool, criterion, clauses)
                if found is not None:
                    yield found


def _is_written(evidence: Iterable[Evidence], criterion: Criterion, source: Source, dating: Dating) -> bool:
    return any(
        clause.source_id == source.id
        for entry in evidence
        if entry.criterion == criterion.id
        for reference in entry.clauses
        for clause in dating.knowledge.resolve(reference)
    )


def _read(source: Source, kind: ContractKind, tool: Tool, criterion: Criterion, clauses: list[Clause]) -> Evidence | None:
    found: dict[str, Clause] = {}
    for point in _POINTS[kind]:
        clause = next((clause for clause in clauses if point.words.search(f"{' '.join(clause.heading_path)} {clause.text}")), None)
        if clause is not None:
            found[point.name] = clause
    if not found:
        return None
    missing = [point.name for point in _POINTS[kind] if point.name not in found]
    reason = f"Your copy of “{source.label}” has clauses on {_and(list(found))}."
    step = (
        Step(kind="ask", text=f"Ask {tool.publisher} where the contract speaks of {_and(missing)}: {_LAWS[kind]} asks for it")
        if missing
        else None
    )
    return Evidence(
        id=f"{source.id}-{criterion.id.lower()}-read",
        tool=tool.id,
        criterion=criterion.id,
        status="conditional" if missing else "met",
        when=When(contract=(kind,)),
        reason=reason,
        step=step,
        clauses=tuple(dict.fromkeys(clause.id for clause in found.values())),
        review="machine",
    )


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
