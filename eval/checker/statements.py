"""Every statement of the knowledge files as a claim, so that each is checked whether a question brings it up or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.schema import AnswerClaim, Clause, Knowledge
from eval.checker.claims import Case, Judgement, judge_claim
from eval.checker.holdings import Holdings


@dataclass(frozen=True)
class Statement:
    """A statement as it stands in the files: where, what, and the clauses named for it, resolved."""

    place: str
    claim: AnswerClaim
    tools: tuple[str, ...] = ()


def statements(knowledge: Knowledge) -> Iterator[Statement]:
    """Reasons and steps of evidence, notices and contracts of tools, duties, points of briefs."""
    for evidence in knowledge.evidence.values():
        cited = _resolved(knowledge, evidence.clauses)
        yield Statement(f"evidence {evidence.id}", AnswerClaim(text=evidence.reason, citations=cited), (evidence.tool,))
        if evidence.step is not None and evidence.step.kind != "recheck":
            yield Statement(f"step of {evidence.id}", AnswerClaim(text=evidence.step.text, citations=cited), (evidence.tool,))
    for tool in knowledge.tools.values():
        for number, notice in enumerate(tool.notices, start=1):
            claim = AnswerClaim(text=notice.text, citations=_resolved(knowledge, notice.clauses))
            yield Statement(f"notice {number} of {tool.id}", claim, (tool.id,))
        for contract in tool.contracts:
            claim = AnswerClaim(text=contract.step, citations=_resolved(knowledge, contract.clauses))
            yield Statement(f"contract {contract.id} of {tool.id}", claim, (tool.id,))
    for duty in knowledge.duties.values():
        yield Statement(f"duty {duty.id}", AnswerClaim(text=duty.text, citations=_resolved(knowledge, duty.clauses)))
    for brief in knowledge.briefs.values():
        for number, point in enumerate(brief.points, start=1):
            claim = AnswerClaim(text=point.text, citations=_resolved(knowledge, point.clauses))
            yield Statement(f"point {number} of {brief.id}", claim)


def check_statements(holdings: Holdings, day: date) -> list[tuple[Statement, Judgement]]:
    """A judgement for each statement that names a clause, on the given day, or on one of the past where it is said only then.

    A statement of which a clause is not in force on a day is not said on it, but for notices, which may tell of the past; where a
    label names several versions, the one in force counts.
    """
    checked = []
    for statement in statements(holdings.knowledge):
        held = [holdings.knowledge.clauses[name] for name in statement.claim.citations]
        days = [day, *sorted((holdings.period(clause)[0] for clause in held), reverse=True)]
        is_history = statement.place.startswith("notice")
        for then in days[:1] if is_history else days:
            cited = held if is_history else [clause for clause in held if holdings.in_force(clause, then)]
            if cited and (is_history or _places(cited) == _places(held)):
                claim = statement.claim.model_copy(update={"citations": tuple(clause.id for clause in cited)})
                checked.append((statement, judge_claim(claim, holdings, Case(day=then, tools=statement.tools))))
                break
    return checked


def _places(clauses: list[Clause]) -> set[tuple[str, str]]:
    return {(clause.source_id, clause.locator) for clause in clauses}


def _resolved(knowledge: Knowledge, references: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clause.id for reference in references for clause in knowledge.resolve(reference)))
