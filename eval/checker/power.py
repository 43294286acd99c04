"""How much the independent checker can find: the claims of a run corrupted one thing at a time, and how many of them it refutes.

A checker that refutes nothing in a run says something only as far as it would have refuted what is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.schema import AnswerClaim
from eval.adversary.corruptions import OPERATORS
from eval.checker.answers import places_of
from eval.checker.claims import Case, judge_claim
from eval.checker.holdings import Holdings
from eval.corruption import Caught, CorruptionResult, GivenClaim, corrupted
from eval.results import Result


def measure_power(results: Sequence[Result], holdings: Holdings, seed: int, per_operator: int) -> CorruptionResult:
    """At most ``per_operator`` corrupted claims for each operator, and all claims as they are, each different one once."""
    claims, cases = _claims(results)
    unaltered = Caught()
    for claim in claims:
        _count(unaltered, claim, claim.text, holdings, cases[claim])
    operators = {}
    for name in OPERATORS:
        operators[name] = Caught()
        for claim, text in corrupted(holdings.knowledge, claims, name, seed, per_operator):
            _count(operators[name], claim, text, holdings, cases[claim])
    return CorruptionResult(unaltered, operators)


def _claims(results: Sequence[Result]) -> tuple[list[GivenClaim], dict[GivenClaim, Case]]:
    """Each claim with its citations once, and the case in which it was said."""
    found: dict[tuple[str, tuple[str, ...]], GivenClaim] = {}
    cases: dict[GivenClaim, Case] = {}
    for answer in (result.answer for result in results if result.answer is not None):
        at_hand = tuple(citation.id for citation in answer.citations)
        for claim in answer.claims:
            given = GivenClaim(claim.text, claim.citations, at_hand, answer.tools, answer.as_of)
            if found.setdefault((claim.text, claim.citations), given) is given:
                cases[given] = Case(day=answer.as_of, tools=answer.tools, places=places_of(answer))
    return list(found.values()), cases


def _count(caught: Caught, claim: GivenClaim, text: str, holdings: Holdings, case: Case) -> None:
    judgement = judge_claim(AnswerClaim(text=text, citations=claim.cited), holdings, case)
    caught.n += 1
    if judgement.outcome == "refuted":
        caught.rejected += 1
        caught.by_check[judgement.reasons[0].partition(":")[0]] += 1
