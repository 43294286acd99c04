"""Reports and comparisons, as they are read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.errors import InputError
from eval.compare import compare_runs, comparison_figures, render_comparison
from eval.gold import Expectation
from eval.provenance import Manifest
from eval.report import likely_stage, render_report, report_figures, table
from eval.results import Given, Result, Scores
from tests.unit.eval.made_up import TODAY, make_result


def make_manifest(**changes: Any) -> Manifest:
    fields: dict[str, Any] = {
        "started": datetime(2026, 1, 31, 9, 0, tzinfo=UTC),
        "half": "all",
        "questions": 2,
        "today": TODAY,
        "today_is": "given",
        "commit": "abc123",
        "modified": True,
        "code_sha256": "c0de",
        "settings": {"encoder": "minilm"},
        "model": "minilm:1",
        "knowledge_sha256": "f00d",
        "content_sha256": "c1a5",
        "gold_sha256": {"first.yaml": "901d"},
        "machine": {"cores": 2},
    }
    return Manifest.model_validate(fields | changes)


def miss(question_id: str, **changes: Any) -> Result:
    """An answer that cited the wrong clause."""
    fields: dict[str, Any] = {
        "given": Given(intent="lookup", as_of=TODAY, text="It is so [1].", cited=("GDPR Art. 2",)),
        "expect": Expectation(cite=(("GDPR Art. 1", "GDPR Art. 3"),)),
        "options": {"jurisdiction": "uk"},
        "note": "Because.",
        "scores": Scores(citation_recall=0.0, missed=(("GDPR Art. 1", "GDPR Art. 3"),), beside=("GDPR Art. 2",), ranks=(4,)),
    }
    return make_result(question_id, **(fields | changes))


def test_a_miss_is_shown_in_full() -> None:
    report = render_report(make_manifest(), [miss("q1"), make_result("q2")])
    for line in (
        "### q1 · lookup · likely retrieval",
        "> What is q1?",
        "- Given: jurisdiction=uk",
        "- Expected: cites GDPR Art. 1 or GDPR Art. 3",
        "- Cited: GDPR Art. 2",
        "- **Wrong:** not cited: GDPR Art. 1 or GDPR Art. 3",
        "- Ranked in the right scope: 4.",
        "- Why: Because.",
        "It is so.",
        "| answered right | 1 of 2 |",
        "abc123, with changes",
    ):
        assert line in report.splitlines() or line in report


def test_single_questions_of_the_test_half_are_shown_on_demand_only() -> None:
    results = [make_result("q1"), miss("q2", half="test", asked=("A secret?",))]
    assert "A secret?" not in render_report(make_manifest(), results)
    assert "1 more in the test half" in render_report(make_manifest(), results)
    assert "A secret?" in render_report(make_manifest(), results, show_test=True)


def test_misses_are_counted_by_stage_in_both_halves() -> None:
    report = render_report(make_manifest(), [miss("q1"), miss("q2", half="test"), make_result("q3")])
    assert "| likely stage | development | test |" in report
    assert "| retrieval | 1 | 1 |" in report


def test_an_interrupted_run_says_so() -> None:
    assert "**1 are still open" in render_report(make_manifest(), [make_result()])


def test_a_measure_without_a_value_shows_as_a_dash() -> None:
    assert "| verdict | – |" in render_report(make_manifest(), [make_result()])


def test_figures_are_plain_json() -> None:
    figures = json.loads(json.dumps(report_figures(make_manifest(), [miss("q1")])))
    assert figures["groups"]["dev"]["figures"]["citation_recall"] == {"value": 0.0, "count": 1}
    assert figures["manifest"]["gold_sha256"] == {"first.yaml": "901d"}


def test_a_table_keeps_bars_and_line_breaks_inside_its_cells() -> None:
    assert table(["a", "b"], [["x|y", "1\n2"]]).splitlines()[-1] == "| x\\|y | 1 2 |"


def given(intent: str, **changes: Any) -> Given:
    return Given.model_validate({"intent": intent, "as_of": TODAY, "text": "So.", **changes})


@pytest.mark.parametrize(
    "changes, stage",
    [
        ({"given": None, "error": "x"}, "reading the question"),
        ({"given": given("verdict")}, "understanding"),
        ({"intent": "verdict", "tools": ("acme",), "given": given("verdict", tools=("beta",))}, "understanding"),
        ({"intent": "verdict", "given": given("verdict"), "scores": Scores(verdict_right=False)}, "verdict"),
        ({"given": given("lookup", abstained=True)}, "deciding whether to answer"),
        ({"scores": Scores(missed=(("x",),), ranks=(None,))}, "retrieval"),
        ({"scores": Scores(missed=(("x",),), ranks=(1,))}, "composing"),
    ],
    ids=["error", "intent", "tool", "verdict", "abstention", "not found", "found and not cited"],
)
def test_the_likely_stage(changes: dict[str, Any], stage: str) -> None:
    assert likely_stage(make_result(**changes)) == stage


class TestComparison:
    def test_figures_and_questions_that_differ_are_shown(self) -> None:
        expect = Expectation(cite=(("GDPR Art. 1", "GDPR Art. 3"),))
        right = make_result("q1", expect=expect, options={"jurisdiction": "uk"}, scores=Scores(citation_recall=1.0))
        shown = render_comparison(compare_runs((make_manifest(), [miss("q1")]), (make_manifest(), [right])))
        assert "| dev · citation recall | 0.00 | 1.00 | +1.000 |" in shown
        assert "| dev · answered right | 0 | 1 | +1 |" in shown
        assert "### q1 · better" in shown
        assert "- before: wrong: not cited: GDPR Art. 1 or GDPR Art. 3" in shown

    def test_the_same_answers_show_no_difference(self) -> None:
        comparison = compare_runs((make_manifest(), [miss("q1")]), (make_manifest(), [miss("q1", seconds=1.0)]))
        assert comparison.changes == ()
        assert "| dev · citation recall | 0.00 | 0.00 | = |" in render_comparison(comparison)

    def test_only_what_both_were_asked_alike_is_compared(self) -> None:
        first = [make_result("q1"), make_result("q2"), make_result("q3")]
        second = [make_result("q1"), make_result("q2", asked=("In other words?",)), make_result("q4")]
        comparison = compare_runs((make_manifest(), first), (make_manifest(), second))
        assert (comparison.shared, comparison.left_out) == (1, 3)

    def test_nothing_in_common_is_refused(self) -> None:
        with pytest.raises(InputError, match="no question in common"):
            compare_runs((make_manifest(), [make_result("q1")]), (make_manifest(), [make_result("q2")]))

    def test_what_makes_figures_hard_to_compare_is_said(self) -> None:
        comparison = compare_runs((make_manifest(), [make_result()]), (make_manifest(model="other:1"), [make_result()]))
        assert comparison.differing == ("model",)
        assert "The runs also differ in: model." in render_comparison(comparison)

    def test_changes_in_the_test_half_are_counted_and_not_shown(self) -> None:
        before, after = make_result("q1", half="test"), make_result("q1", half="test", given=None, error="broken")
        comparison = compare_runs((make_manifest(), [before]), (make_manifest(), [after]))
        assert "1 more in the test half: 0 better, 1 worse, 0 other" in render_comparison(comparison)
        assert comparison_figures(comparison)["changes"] == []
        assert "### q1 · worse" in render_comparison(comparison, show_test=True)
