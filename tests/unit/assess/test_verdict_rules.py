"""The verdict as a function of findings and steps: rules 1 to 4, one after the other, and which of them goes first."""

from __future__ import annotations

import pytest

from assistant.schema import Finding
from tests.unit.assess.builders import change, concluded, finding, met

# Rule 1: a gate, or a criterion whose "not met" decides alone.


def test_gate_not_met_is_not_suitable() -> None:
    verdict = concluded(finding(1, "not_met", gate=True), *met(2, 3, 4, 5))
    assert (verdict.token, verdict.rule, verdict.because) == ("not_suitable", 1, ("VT-01",))


def test_gate_not_met_is_not_suitable_although_it_could_be_cured() -> None:
    assert concluded(finding(1, "not_met", gate=True, curable=True), *met(2, 3, 4, 5)).token == "not_suitable"


def test_fatal_criterion_not_met_is_not_suitable_although_it_could_be_cured() -> None:
    verdict = concluded(finding(9, "not_met", fatal=True, curable=True), *met(1, 2, 3, 4))
    assert (verdict.token, verdict.rule, verdict.because) == ("not_suitable", 1, ("VT-09",))


def test_gate_not_met_outranks_a_silent_gate() -> None:
    verdict = concluded(finding(1, "not_stated", gate=True), finding(3, "not_met", gate=True))
    assert (verdict.token, verdict.rule, verdict.because) == ("not_suitable", 1, ("VT-03",))


def test_every_closed_gate_is_named_in_order() -> None:
    verdict = concluded(finding(5, "not_met", gate=True), finding(3, "not_met", gate=True), *met(1))
    assert verdict.because == ("VT-03", "VT-05")


def test_usage_data_closes_no_gate() -> None:
    usage = finding(4, "not_met", scope="usage_data", curable=True, gate=True)
    assert concluded(*met(1, 2, 3, 4), usage).token == "suitable_on_conditions"


def test_conditional_gate_closes_nothing() -> None:
    assert concluded(finding(1, "conditional", gate=True), *met(2, 3)).token == "suitable_on_conditions"


# Rule 2: a silent gate, or too little evidence.


def test_silent_gate_is_not_enough_evidence_although_all_else_is_met() -> None:
    verdict = concluded(finding(3, "not_stated", gate=True), *met(1, 2, 4, 5, 6, 7, 8, 9, 10))
    assert (verdict.token, verdict.rule, verdict.because) == ("not_enough_evidence", 2, ("VT-03",))


def test_silent_gate_caps_also_where_a_defect_cannot_be_cured() -> None:
    verdict = concluded(finding(3, "not_stated", gate=True), finding(11, "not_met"), *met(1, 2, 4))
    assert (verdict.token, verdict.rule) == ("not_enough_evidence", 2)


def test_silence_on_a_fatal_criterion_is_no_silent_gate() -> None:
    assert concluded(finding(9, "not_stated", fatal=True), *met(1, 2, 3, 4)).token == "suitable_on_conditions"


@pytest.mark.parametrize(
    "evidenced, silent, token",
    [
        (3, 2, "suitable_on_conditions"),  # 60 %
        (2, 2, "not_enough_evidence"),  # 50 %
        (4, 3, "not_enough_evidence"),  # 57.1 %
        (5, 3, "suitable_on_conditions"),  # 62.5 %
        (9, 6, "suitable_on_conditions"),  # 60 %
        (10, 7, "not_enough_evidence"),  # 58.8 %
        (11, 8, "not_enough_evidence"),  # 57.9 %
        (11, 7, "suitable_on_conditions"),  # 61.1 %
        (12, 8, "suitable_on_conditions"),  # 60 %
    ],
)
def test_sixty_percent_of_the_applicable_criteria_must_be_evidenced(evidenced: int, silent: int, token: str) -> None:
    found = [finding(number, "not_stated") for number in range(50, 50 + silent)]
    verdict = concluded(*met(*range(1, 1 + evidenced)), *found)
    assert (verdict.token, verdict.evidenced, verdict.applicable) == (token, evidenced, evidenced + silent)


def test_conditional_counts_as_evidenced() -> None:
    found = [finding(number, "conditional") for number in (1, 2, 3)]
    assert concluded(*found, finding(4, "not_stated"), finding(5, "not_stated")).evidenced == 3


def test_a_curable_defect_does_not_count_as_evidenced() -> None:
    verdict = concluded(*met(1, 2), finding(3, "not_met", curable=True), finding(4, "not_stated"))
    assert (verdict.token, verdict.evidenced, verdict.applicable) == ("not_enough_evidence", 2, 4)


def test_too_small_a_share_names_what_is_not_evidenced() -> None:
    verdict = concluded(finding(9, "not_stated"), *met(1), finding(7, "not_met", curable=True))
    assert (verdict.rule, verdict.because) == (2, ("VT-07", "VT-09"))


def test_usage_data_leaves_the_share_alone() -> None:
    usage = [finding(number, "conditional", scope="usage_data") for number in (3, 4)]
    verdict = concluded(*met(1), finding(3, "not_stated"), finding(4, "not_stated"), *usage)
    assert (verdict.token, verdict.evidenced, verdict.applicable) == ("not_enough_evidence", 1, 3)


def test_nothing_asked_is_not_enough_evidence() -> None:
    assert concluded().token == "not_enough_evidence"


# A criterion that falls away because its feature is off.


@pytest.mark.parametrize("controlled, token", [(True, "suitable"), (False, "not_enough_evidence")])
def test_criterion_that_fell_away_is_applicable_and_evidenced_only_under_the_hosts_control(controlled: bool, token: str) -> None:
    away = finding(19, "not_stated", falls_away=True, counts_as_evidenced=controlled)
    verdict = concluded(away, *met(1))  # 2 of 2, or 1 of 2
    assert (verdict.token, verdict.applicable) == (token, 2)


def test_criterion_that_fell_away_is_no_open_question() -> None:
    away = finding(19, "not_stated", falls_away=True, counts_as_evidenced=True, gate=True)
    assert concluded(away, *met(1, 2, 3)).token == "suitable"


# Rule 3: what cannot be cured.


def test_defect_without_a_cure_is_not_suitable() -> None:
    verdict = concluded(finding(11, "not_met"), *met(1, 2, 3, 4))
    assert (verdict.token, verdict.rule, verdict.because) == ("not_suitable", 3, ("VT-11",))


def test_defect_with_a_cure_is_a_condition() -> None:
    verdict = concluded(finding(11, "not_met", curable=True), *met(1, 2, 3, 4))
    assert (verdict.token, verdict.rule, verdict.because) == ("suitable_on_conditions", 4, ("VT-11",))


def test_defect_without_a_cure_outranks_too_small_a_share() -> None:
    """Otherwise the same tool with one more defect could come out better."""
    verdict = concluded(finding(11, "not_met"), finding(12, "not_stated"), finding(13, "not_stated"), *met(1))
    assert (verdict.token, verdict.rule) == ("not_suitable", 3)


def test_usage_data_without_a_cure_is_not_suitable() -> None:
    verdict = concluded(*met(1, 2, 3, 4), finding(4, "not_met", scope="usage_data"))
    assert (verdict.token, verdict.rule) == ("not_suitable", 3)


# Rule 4: suitable, or on conditions.


def test_all_met_and_nothing_to_do_is_suitable() -> None:
    verdict = concluded(*met(1, 2, 3))
    assert (verdict.token, verdict.rule, verdict.because) == ("suitable", 4, ())


def test_all_met_after_a_step_is_suitable_on_conditions() -> None:
    verdict = concluded(*met(1, 2, 3), steps=[change()])
    assert (verdict.token, verdict.rule) == ("suitable_on_conditions", 4)


def test_a_step_the_person_took_already_is_still_a_condition() -> None:
    """Steps count from the vendor's defaults, so that naming a choice never improves a verdict."""
    step = change().model_copy(update={"fixed": True})
    assert concluded(*met(1, 2, 3), steps=[step]).token == "suitable_on_conditions"


@pytest.mark.parametrize(
    "open_question",
    [finding(14, "conditional"), finding(14, "not_stated"), finding(1, "conditional", scope="usage_data")],
    ids=["conditional", "not stated", "usage data conditional"],
)
def test_one_open_question_makes_it_conditional(open_question: Finding) -> None:
    verdict = concluded(*met(1, 2, 3, 4), open_question)
    assert (verdict.token, verdict.rule, verdict.because) == ("suitable_on_conditions", 4, (open_question.criterion_id,))


def test_usage_data_that_is_met_asks_for_nothing() -> None:
    assert concluded(*met(1, 2), finding(1, "met", scope="usage_data")).token == "suitable"


def test_the_order_of_the_findings_does_not_matter() -> None:
    found = [*met(1, 2, 3), finding(4, "conditional"), finding(5, "not_stated"), finding(6, "not_met", curable=True)]
    assert concluded(*found) == concluded(*reversed(found))
