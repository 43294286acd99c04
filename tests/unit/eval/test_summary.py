"""From results to figures."""

from __future__ import annotations

from assistant.schema import Verification
from eval.gold import Expectation
from eval.measures import Tally
from eval.results import Given, Scores
from eval.summary import MEASURES, Figure, Latency, summarise, summarise_groups
from tests.unit.eval.made_up import TODAY, make_result


def test_without_results_there_is_nothing_to_say() -> None:
    summary = summarise([])
    assert (summary.questions, summary.right, summary.latency) == (0, 0, {})
    assert all(summary.figures[measure.name] == Figure() for measure in MEASURES)


def test_means_are_taken_over_the_questions_that_a_measure_applies_to() -> None:
    results = [
        make_result("q1", scores=Scores(verdict_right=True, citation_recall=1.0)),
        make_result("q2", scores=Scores(verdict_right=False, citation_recall=0.5)),
        make_result("q3", scores=Scores(citation_recall=0.0)),
    ]
    figures = summarise(results).figures
    assert figures["verdict_accuracy"] == Figure(value=0.5, count=2)
    assert figures["citation_recall"] == Figure(value=0.5, count=3)
    assert figures["lookup_precision"] == Figure()


def test_claims_weigh_the_same_whichever_answer_they_stand_in() -> None:
    results = [
        make_result("q1", scores=Scores(claims_resolved=Tally(passed=9, total=9))),
        make_result("q2", scores=Scores(claims_resolved=Tally(passed=0, total=1))),
    ]
    assert summarise(results).figures["claims_resolved"] == Figure(value=0.9, count=10)


def test_claims_that_the_verification_dropped_are_counted() -> None:
    given = Given(intent="lookup", as_of=TODAY, text="So.", verification=Verification(checked=4, kept=3, dropped=1))
    assert summarise([make_result(given=given), make_result("q2")]).figures["claims_kept"] == Figure(value=0.75, count=4)


def test_an_error_is_no_abstention_and_has_no_latency() -> None:
    failed = make_result(given=None, error="no", expect=Expectation(abstain=True), seconds=9.0)
    summary = summarise([failed, make_result("q2", seconds=0.5)])
    assert summary.errors == 1
    assert summary.figures["abstention_recall"] == Figure(value=0.0, count=1)
    assert summary.latency["total"] == Latency(p50=0.5, p95=0.5, count=1)


def test_ranks_are_counted_by_group_of_labels() -> None:
    figures = summarise([make_result("q1", scores=Scores(ranks=(1, 7))), make_result("q2", scores=Scores(ranks=(None, 11)))]).figures
    assert figures["found_first"] == Figure(value=0.25, count=4)
    assert figures["found_in_10"] == Figure(value=0.5, count=4)


def test_groups_are_halves_and_within_them_intents() -> None:
    results = [make_result("q1", half="test"), make_result("q2"), make_result("q3", intent="control")]
    assert {name: summary.questions for name, summary in summarise_groups(results).items()} == {
        "dev": 2,
        "dev/lookup": 1,
        "dev/control": 1,
        "test": 1,
        "test/lookup": 1,
    }
