"""Scores and faults of single answers."""

from __future__ import annotations

from typing import Any

import pytest

from eval.gold import Expectation
from eval.measures import Tally
from eval.results import Given, Scores, score_answer, score_error
from eval.targets import TargetFinder
from tests.unit.eval.made_up import TODAY, make_answer, make_knowledge, make_question, make_result

KNOWLEDGE = make_knowledge()
FINDER = TargetFinder(KNOWLEDGE)
POINT_A, POINT_B, BETA = "gdpr/art-28-3-a@2016", "gdpr/art-28-3-b@2016", "beta-terms/sec-1@v1"


def test_a_look_up_is_judged_against_the_labels() -> None:
    question = make_question(expect={"cite": [["GDPR Art. 28(3)(a)"], ["GDPR Art. 28(1)"]]})
    scores = score_answer(question, make_answer(POINT_A, POINT_B), FINDER.find(question.expect.cite, TODAY), KNOWLEDGE, ranks=(1, None))
    assert (scores.citation_recall, scores.lookup_precision, scores.verdict_precision) == (0.5, 0.5, None)
    assert scores.missed == (("GDPR Art. 28(1)",),)
    assert scores.beside == ("GDPR Art. 28(3)(b)",)
    assert scores.ranks == (1, None)


def test_a_verdict_is_judged_by_token_and_its_citations_by_their_source() -> None:
    question = make_question(intent="verdict", tool="acme", expect={"verdict": "suitable", "cite": [["GDPR Art. 28(3)(a)"]]})
    answer = make_answer(POINT_A, BETA, intent="verdict", verdict="not_suitable")
    scores = score_answer(question, answer, FINDER.find(question.expect.cite, TODAY), KNOWLEDGE)
    assert (scores.verdict_right, scores.as_it_comes_right) == (False, None)
    assert (scores.citation_recall, scores.lookup_precision, scores.verdict_precision) == (1, None, 0.5)
    assert scores.beside == ()


def test_an_abstention_is_not_measured_for_readability() -> None:
    question = make_question(expect={"abstain": True})
    assert score_answer(question, make_answer(abstained=True), (), KNOWLEDGE).reading_ease is None
    assert score_answer(question, make_answer(), (), KNOWLEDGE).reading_ease is not None


def test_an_error_is_wrong_wherever_something_was_expected() -> None:
    scores = score_error(make_question(expect={"verdict": "suitable", "cite": [["GDPR Art. 28(1)"]]}))
    assert (scores.verdict_right, scores.as_it_comes_right, scores.citation_recall) == (False, None, 0)
    assert score_error(make_question()).citation_recall is None


def test_a_right_answer_has_no_faults() -> None:
    result = make_result()
    assert result.faults == ()
    assert not result.is_miss


@pytest.mark.parametrize(
    "changes, kinds",
    [
        ({"given": None, "error": "The question is empty."}, ["error"]),
        ({"expect": Expectation(abstain=True)}, ["abstention"]),
        ({"given": Given(intent="outside", as_of=TODAY, text="No.", abstained=True)}, ["abstention"]),
        ({"scores": Scores(verdict_right=False, as_it_comes_right=False)}, ["verdict", "as_it_comes"]),
        ({"scores": Scores(missed=(("GDPR Art. 1",), ("GDPR Art. 2",)))}, ["recall", "recall"]),
        ({"scores": Scores(verdict_precision=0.9)}, ["unsound"]),
        ({"scores": Scores(claims_resolved=Tally(passed=1, total=2), spans_exact=Tally(passed=2, total=2))}, ["unsound"]),
    ],
    ids=["error", "did not abstain", "abstained", "tokens", "recall", "source", "claim"],
)
def test_each_fault_is_named(changes: dict[str, Any], kinds: list[str]) -> None:
    result = make_result(**changes)
    assert [fault.kind for fault in result.faults] == kinds
    assert result.is_miss


def test_citing_more_than_was_wanted_is_a_fault_but_no_miss() -> None:
    result = make_result(scores=Scores(beside=("GDPR Art. 2",)))
    assert [fault.kind for fault in result.faults] == ["precision"]
    assert not result.is_miss
