"""Every statement of the knowledge files cites enough, however few clauses are asked for: the independent checker refutes none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from assistant.converse.draft import claim_from
from assistant.ingest.knowledge_files import load_knowledge, shipped_knowledge
from assistant.schema import AnswerClaim, Clause, Jurisdiction, Knowledge
from assistant.verify import first_sentence
from eval.checker.claims import Case, judge_claim
from eval.checker.holdings import Holdings

TODAY = date(2026, 11, 24)
FEWEST: tuple[int, ...] = (1, 2, 3)  # what the composers ask for
SPACES: tuple[frozenset[Jurisdiction], ...] = (frozenset(("uk", "eu")), frozenset(("eu",)), frozenset(("us",)))


@dataclass(frozen=True)
class _Stated:
    """A sentence of an answer with the clauses that are at hand for it."""

    place: str
    text: str
    clauses: tuple[Clause, ...]
    tools: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge([shipped_knowledge()], today=TODAY)


def _stated(knowledge: Knowledge) -> Iterator[_Stated]:
    def of(references: Sequence[str]) -> tuple[Clause, ...]:
        return tuple(dict.fromkeys(clause for reference in references for clause in knowledge.resolve(reference)))

    for entry in knowledge.evidence.values():
        clauses = of(entry.clauses)
        yield _Stated(entry.id, entry.reason, clauses, (entry.tool,))
        if entry.when.plan and entry.status in ("met", "conditional"):
            yield _Stated(f"{entry.id}, on other plans", f"On other plans: {entry.reason}", clauses, (entry.tool,))
        if entry.step is not None and entry.step.kind != "recheck":
            yield _Stated(f"{entry.id}, step", entry.step.text, clauses, (entry.tool,))
    for tool in knowledge.tools.values():
        for contract in tool.contracts:
            yield _Stated(f"{tool.id}, {contract.id}", contract.step, of(contract.clauses), (tool.id,))
        for setting in tool.settings:
            for step in setting.steps.values():
                yield _Stated(f"{tool.id}, {setting.id}", step, of(setting.clauses), (tool.id,))
    for duty in knowledge.duties.values():
        yield from _by_place(knowledge, duty.id, duty.text, of(duty.clauses))
        yield from _by_place(knowledge, duty.id, first_sentence(duty.text), of(duty.clauses))
    for brief in knowledge.briefs.values():
        for point in brief.points:
            yield from _by_place(knowledge, brief.id, point.text, of(point.clauses))


def _by_place(knowledge: Knowledge, place: str, text: str, clauses: Sequence[Clause]) -> Iterator[_Stated]:
    """The statement as it is said in each jurisdiction, with the clauses that apply there."""
    for space in SPACES:
        where = {clause: set(knowledge.sources[clause.source_id].jurisdictions) for clause in clauses}
        if applying := tuple(clause for clause in clauses if not where[clause] or where[clause] & space):
            yield _Stated(f"{place} in {sorted(space)}", text, applying)


def _day(holdings: Holdings, clauses: Sequence[Clause]) -> date | None:
    """Today, or the last day on which all the clauses were in force; None for a statement that is never said with a clause."""
    days = [TODAY, *sorted((holdings.period(clause)[1] for clause in clauses), reverse=True)]
    return next((day for day in days if clauses and all(holdings.in_force(clause, day) for clause in clauses)), None)


def test_no_statement_lacks_a_clause_that_it_needs(knowledge: Knowledge) -> None:
    holdings, judged, refuted = Holdings(knowledge), set[tuple[str, tuple[str, ...]]](), []
    for stated in _stated(knowledge):
        day = _day(holdings, stated.clauses)
        for fewest in FEWEST if day else ():
            claim = claim_from(stated.text, stated.clauses, at_most=fewest)
            if (claim.text, claim.clause_ids) in judged:
                continue
            judged.add((claim.text, claim.clause_ids))
            answered = AnswerClaim(text=claim.text, citations=claim.clause_ids)
            judgement = judge_claim(answered, holdings, Case(day=day or TODAY, tools=stated.tools))
            if judgement.outcome == "refuted":
                refuted.append(f"{stated.place}: {claim.text} {judgement.reasons}")
    assert len(judged) > 2_000
    assert refuted == []


def test_a_clause_left_out_is_noticed(knowledge: Knowledge) -> None:
    """The check above can fail: with the clause gone that denies, the denial is refuted."""
    entry, holdings = knowledge.evidence["chatgpt-vt-04-private-on"], Holdings(knowledge)
    clauses = [clause for reference in entry.clauses for clause in knowledge.resolve(reference)]
    outcomes = {
        clause.id: judge_claim(AnswerClaim(text=entry.reason, citations=(clause.id,)), holdings, Case(day=TODAY)).outcome
        for clause in clauses
    }
    assert "refuted" in outcomes.values()
