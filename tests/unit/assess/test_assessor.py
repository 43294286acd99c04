"""A tool as it comes and at its best: which configuration each of them is, and what lies between."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assistant.assess import assess_tool
from assistant.schema import Profile, Retirement
from tests.unit.assess.builders import (
    DAY,
    FRESH,
    STALE,
    assess,
    clause,
    contract,
    criterion,
    dating,
    evidence,
    setting,
    tool,
    version,
)

LOBBY = setting("lobby", "off", "on", default="off")
PASSCODE = setting("passcode", "off", "on", default="off")
ACCESS = criterion(14)
OPEN_DOOR = evidence(14, "not_met", when={"setting": {"lobby": ["off"]}})
CLOSED_DOOR = evidence(14, "met", when={"setting": {"lobby": ["on"]}})


# As it comes.


def test_as_it_comes_is_the_entry_plan_with_the_defaults() -> None:
    judged = assess(tool(plans=["free", "pro"], settings=[LOBBY]), [ACCESS], [OPEN_DOOR, CLOSED_DOOR])
    assert (judged.as_it_comes.configuration.plan, judged.as_it_comes.configuration.settings) == ("free", {"lobby": "off"})
    assert (judged.as_it_comes.verdict.token, judged.as_it_comes.steps) == ("not_suitable", ())


def test_the_entry_plan_need_not_be_the_first_one() -> None:
    assert assess(tool(plans=["free", "pro"], entry_plan="pro"), [ACCESS], []).as_it_comes.configuration.plan == "pro"


def test_as_it_comes_is_the_plan_that_was_named() -> None:
    judged = assess(tool(plans=["free", "pro"]), [ACCESS], [], Profile(plan="pro"))
    assert judged.as_it_comes.configuration.plan == "pro"


def test_as_it_comes_no_contract_has_been_signed_although_signing_were_the_smaller_change() -> None:
    """The lobby is fixed away from its default, so every candidate is some steps away; none of them is a signature."""
    subject = tool(settings=[LOBBY, PASSCODE], contracts=[contract("dpa", "free")])
    judged = assess(subject, [ACCESS], [], Profile(settings={"lobby": "on"}))
    assert judged.as_it_comes.configuration.contracts == ()


def test_as_it_comes_keeps_what_the_person_fixed() -> None:
    judged = assess(tool(settings=[LOBBY]), [ACCESS], [OPEN_DOOR, CLOSED_DOOR], Profile(settings={"lobby": "on"}))
    assert judged.as_it_comes.configuration.settings == {"lobby": "on"}
    assert judged.as_it_comes.verdict.token == judged.at_best.verdict.token == "suitable_on_conditions"


def test_a_default_that_no_source_states_counts_as_on_as_it_comes() -> None:
    subject = tool(settings=[setting("recording", "off", "on", default=None, assumed="on", feature="recording")])
    silent = assess(subject, [criterion(8, gate="features"), ACCESS], [evidence(14, "met")]).as_it_comes
    assert (silent.configuration.settings, silent.verdict.token) == ({"recording": "on"}, "not_enough_evidence")


# A default that the plan does not have: an assistant that is on from the start, but only on the paid plan.

PAID_ONLY = setting("assistant", "off", "on", default="on", plans={"on": ["pro"]})


def test_a_default_of_a_higher_plan_leaves_the_entry_plan_as_it_comes() -> None:
    judged = assess(tool(plans=["free", "pro"], settings=[PAID_ONLY]), [ACCESS], [evidence(14, "met")])
    assert judged.as_it_comes.configuration == judged.as_it_comes.configuration.model_copy(
        update={"plan": "free", "settings": {"assistant": "off"}}
    )


def test_as_it_comes_stays_on_the_entry_plan_although_what_was_fixed_is_the_default_of_another() -> None:
    """What the person fixed is two changes away from the free plan and comes with the pro plan, one change away."""
    names = ("lobby", "passcode")
    switches = [setting(name, "off", "on", default="off", plans={"off": ["free"]}) for name in names]
    judged = assess(tool(plans=["free", "pro"], settings=switches), [ACCESS], [], Profile(settings=dict.fromkeys(names, "on")))
    assert judged.as_it_comes.configuration.plan == "free"


def test_a_plan_can_be_fixed_although_it_lacks_the_default_of_another() -> None:
    judged = assess(tool(plans=["free", "pro"], settings=[PAID_ONLY]), [ACCESS], [evidence(14, "met")], Profile(plan="free"))
    assert (judged.at_best.configuration.plan, judged.at_best.configuration.settings) == ("free", {"assistant": "off"})


def test_what_the_entry_plan_cannot_do_need_not_be_switched_off() -> None:
    subject = tool(plans=["free", "pro"], settings=[PAID_ONLY.model_copy(update={"feature": "ai"})])
    judged = assess(subject, [ACCESS], [evidence(14, "met")])
    assert (judged.as_it_comes.steps, judged.as_it_comes.verdict.token) == ((), "suitable")


# At its best.


def test_at_its_best_what_was_left_open_is_chosen_well() -> None:
    judged = assess(tool(settings=[LOBBY]), [ACCESS], [OPEN_DOOR, CLOSED_DOOR])
    assert (judged.at_best.configuration.settings, judged.at_best.verdict.token) == ({"lobby": "on"}, "suitable_on_conditions")
    assert [(step.kind, step.name, step.value) for step in judged.at_best.steps] == [("setting", "lobby", "on")]


def test_at_its_best_what_was_fixed_stays_however_bad() -> None:
    judged = assess(tool(settings=[LOBBY]), [ACCESS], [OPEN_DOOR, CLOSED_DOOR], Profile(settings={"lobby": "off"}))
    assert (judged.at_best.configuration.settings, judged.at_best.verdict.token) == ({"lobby": "off"}, "not_suitable")


def test_where_nothing_can_be_improved_both_are_the_same() -> None:
    judged = assess(tool(plans=["free", "pro"], settings=[LOBBY]), [ACCESS], [evidence(14, "met")])
    assert judged.at_best == judged.as_it_comes
    assert judged.at_best.verdict.token == "suitable"


def test_a_better_verdict_is_worth_any_number_of_steps() -> None:
    subject = tool(plans=["free", "pro"], settings=[LOBBY, PASSCODE])
    best = {"plan": ["pro"], "setting": {"lobby": ["on"], "passcode": ["on"]}}
    gate = criterion(3, gate="always")
    judged = assess(subject, [gate], [evidence(3, "conditional", when=best)])
    assert (len(judged.at_best.steps), judged.at_best.verdict.token) == (3, "suitable_on_conditions")


def test_among_equal_verdicts_the_fewest_steps_win() -> None:
    """The gate opens with the lobby, or with the pro plan and a passcode: one step against two."""
    subject = tool(plans=["free", "pro"], settings=[LOBBY, PASSCODE])
    one = evidence(3, "met", name="a", when={"setting": {"lobby": ["on"]}})
    two = evidence(3, "met", name="b", when={"plan": ["pro"], "setting": {"passcode": ["on"]}})
    judged = assess(subject, [criterion(3, gate="always")], [one, two])
    assert judged.at_best.configuration.plan == "free"
    assert judged.at_best.configuration.settings == {"lobby": "on", "passcode": "off"}


def test_conditions_that_remain_count_as_steps_too() -> None:
    """With the lobby the gate is met, with the passcode only conditional: the same one change, but one thing less to do."""
    met = evidence(3, "met", when={"setting": {"lobby": ["on"]}})
    half = evidence(3, "conditional", when={"setting": {"passcode": ["on"], "lobby": ["off"]}})
    judged = assess(tool(settings=[PASSCODE, LOBBY]), [criterion(3, gate="always")], [met, half])
    assert judged.at_best.configuration.settings == {"lobby": "on", "passcode": "off"}


def test_a_question_that_stays_open_counts_as_a_step() -> None:
    """Either switch opens the gate; with the lobby a second question is answered too, with the passcode it has to be asked."""
    either = [evidence(3, "met", name=name, when={"setting": {name: ["on"]}}) for name in ("lobby", "passcode")]
    answered = evidence(14, "met", when={"setting": {"lobby": ["on"]}})
    asked = [criterion(3, gate="always"), ACCESS, criterion(15)]
    judged = assess(tool(settings=[LOBBY, PASSCODE]), asked, [*either, answered, evidence(15, "met")])
    assert judged.at_best.configuration.settings == {"lobby": "on", "passcode": "off"}


def test_one_limit_to_accept_is_less_than_two_switches_to_turn() -> None:
    """All would be met with both switches on, but that is two steps against one; both ways it is suitable on conditions."""
    both_on = evidence(14, "met", when={"setting": {"lobby": ["on"], "passcode": ["on"]}})
    half = [evidence(14, "conditional", name=name, when={"setting": {name: ["off"]}}) for name in ("lobby", "passcode")]
    judged = assess(tool(settings=[LOBBY, PASSCODE]), [ACCESS], [both_on, *half])
    assert judged.at_best.verdict.token == "suitable_on_conditions"
    assert judged.at_best.steps == ()


@pytest.mark.parametrize("plans", [("free", "pro", "basic"), ("free", "basic", "pro")])
def test_among_equal_plans_the_first_id_wins_however_they_are_listed(plans: tuple[str, ...]) -> None:
    judged = assess(tool(plans=plans), [criterion(3, gate="always")], [evidence(3, "met", when={"plan": ["basic", "pro"]})])
    assert judged.at_best.configuration.plan == "basic"


def test_among_equal_contracts_the_first_id_wins() -> None:
    subject = tool(contracts=[contract("baa", "free", name="b-contract"), contract("baa", "free", name="a-contract")])
    judged = assess(subject, [criterion(3, gate="always")], [evidence(3, "met", when={"contract": ["baa"]})])
    assert judged.at_best.configuration.contracts == ("a-contract",)


def test_end_to_end_encryption_turned_on_brings_the_app_with_it() -> None:
    """Two steps, because the browser is excluded: the search must not stop at the first one."""
    e2ee = setting("e2ee", "off", "on", default="off", excludes=[{"value": "on", "excludes": {"joining": ["browser"]}}])
    joining = setting("joining", "browser", "app", default="browser")
    read = evidence(3, "not_met", when={"setting": {"e2ee": ["off"]}})
    unread = evidence(3, "met", when={"setting": {"e2ee": ["on"]}})
    judged = assess(tool(settings=[e2ee, joining]), [criterion(3, gate="always")], [read, unread])
    assert judged.at_best.configuration.settings == {"e2ee": "on", "joining": "app"}
    assert judged.at_best.verdict.token == "suitable_on_conditions"


def test_encryption_that_is_on_by_default_is_turned_off_where_what_it_excludes_is_better() -> None:
    """No evidence names the encryption: the search has to try it because the better way of joining is excluded by it."""
    e2ee = setting("e2ee", "off", "on", default="on", excludes=[{"value": "on", "excludes": {"joining": ["browser"]}}])
    joining = setting("joining", "app", "browser", default="app")
    guest = evidence(16, "met", when={"setting": {"joining": ["browser"]}})
    account = evidence(16, "not_met", when={"setting": {"joining": ["app"]}})
    judged = assess(tool(settings=[e2ee, joining]), [criterion(16)], [guest, account])
    assert judged.at_best.configuration.settings == {"e2ee": "off", "joining": "browser"}


RECORDED = [criterion(7, gate="features"), ACCESS, criterion(15)]
RECORDED_HELD = [evidence(14, "met"), evidence(15, "met")]


def test_switching_recording_off_frees_from_its_gates() -> None:
    subject = tool(settings=[setting("recording", "off", "on", default="on", feature="recording")])
    judged = assess(subject, RECORDED, RECORDED_HELD)
    assert (judged.as_it_comes.verdict.token, judged.at_best.verdict.token) == ("not_enough_evidence", "suitable_on_conditions")
    assert judged.at_best.configuration.settings == {"recording": "off"}


def test_recording_that_is_wanted_keeps_its_gates() -> None:
    subject = tool(settings=[setting("recording", "off", "on", default="off", feature="recording")])
    judged = assess(subject, RECORDED, RECORDED_HELD, Profile(features={"recording": "on"}))
    assert (judged.as_it_comes.verdict.token, judged.at_best.verdict.token) == ("not_enough_evidence", "not_enough_evidence")


def test_a_contract_that_is_held_moves_nobody_to_another_plan() -> None:
    """The copy in hand is none that the free plan lists; the pro plan brings one with its terms. Nothing is gained by changing."""
    subject = tool(plans=["free", "a-pro"], contracts=[contract("dpa", "a-pro", obtained="incorporated")])
    judged = assess(subject, [ACCESS], [evidence(14, "met")], Profile(contracts={"dpa": "imported"}))
    assert (judged.as_it_comes.verdict.token, judged.at_best.verdict.token) == ("suitable", "suitable")


# The day.

TERMS = {"example-terms": (version("v1", version_date=date(2023, 7, 27)), version("v2", version_date=date(2023, 8, 11)))}
TEXTS = [clause("example-terms", "v1", until="v1"), clause("example-terms", "v2")]
LICENCE = [evidence(3, "not_met", "example-terms/sec-1@v1"), evidence(3, "met", "example-terms/sec-1@v2")]


@pytest.mark.parametrize(
    "day, token",
    [
        (date(2023, 7, 26), "not_enough_evidence"),  # before the first version
        (date(2023, 7, 27), "not_suitable"),
        (date(2023, 8, 10), "not_suitable"),
        (date(2023, 8, 11), "suitable"),
        (DAY, "suitable"),
    ],
)
def test_the_text_in_force_on_the_day_decides(day: date, token: str) -> None:
    asked = [criterion(3, gate="always")]
    judged = assess_tool(tool(), Profile(), dating(asked, LICENCE, day=day, versions=TERMS, clauses=TEXTS))
    assert judged.at_best.verdict.token == token


def test_terms_announced_for_a_later_day_do_not_count_before_it() -> None:
    later = version("v2", version_date=date(2023, 8, 11), effective_date=date(2026, 7, 1))
    versions = {"example-terms": (version("v1", version_date=date(2023, 7, 27)), later)}
    asked = [criterion(3, gate="always")]
    judged = assess_tool(tool(), Profile(), dating(asked, LICENCE, day=date(2026, 6, 30), versions=versions, clauses=TEXTS))
    assert judged.at_best.verdict.token == "not_suitable"


def test_evidence_falls_with_one_of_its_clauses() -> None:
    entry = evidence(3, "met", "example-terms/sec-1@v1", STALE)
    seen = dating([criterion(3, gate="always")], [entry], versions=TERMS, clauses=TEXTS)
    assert assess_tool(tool(), Profile(), seen).at_best.verdict.token == "not_enough_evidence"


# A tool that is gone.


@pytest.mark.parametrize("days, token", [(-1, "suitable"), (0, "not_suitable"), (1, "not_suitable")])
def test_a_retired_tool_is_not_suitable_from_its_last_day_on(days: int, token: str) -> None:
    gone = Retirement(on=DAY, reason="It was switched off.", clauses=(FRESH,))
    judged = assess(tool(retired=gone), [ACCESS], [evidence(14, "met")], day=DAY + timedelta(days=days))
    assert (judged.as_it_comes.verdict.token, judged.at_best.verdict.token) == (token, token)


# Rule 2 through the whole machine.


@pytest.mark.parametrize("evidenced, token", [(3, "suitable_on_conditions"), (2, "not_enough_evidence")])
def test_three_of_five_criteria_are_enough_and_two_are_not(evidenced: int, token: str) -> None:
    asked = [criterion(number) for number in (10, 11, 12, 13, 14)]
    entries = [evidence(number, "met") for number in (10, 11, 12, 13, 14)[:evidenced]]
    assert assess(tool(), asked, entries).at_best.verdict.token == token


@pytest.mark.parametrize(
    "clauses, token", [((FRESH,), "suitable_on_conditions"), ((), "not_enough_evidence")], ids=["host", "nobody knows"]
)
def test_switching_ai_off_helps_the_share_only_where_the_host_is_shown_to_control_it(clauses: tuple[str, ...], token: str) -> None:
    """Five questions: two met, two silent, and the one about AI, which is off: 3 of 5 or 2 of 5."""
    ai = setting("ai", "off", "on", default="on", feature="ai", clauses=clauses)
    asked = [criterion(number) for number in (10, 11, 12, 13)] + [criterion(19, gate="features", needs_feature=["ai"])]
    judged = assess(tool(settings=[ai]), asked, [evidence(10, "met"), evidence(11, "met")], Profile(features={"ai": "off"}))
    assert (judged.at_best.verdict.token, judged.at_best.verdict.applicable) == (token, 5)


def test_only_the_evidence_of_the_tool_counts() -> None:
    other = evidence(14, "not_met", tool="example-chat")
    assert assess(tool(), [ACCESS], [evidence(14, "met"), other]).at_best.verdict.token == "suitable"


def test_an_assessment_finds_its_finding_by_criterion() -> None:
    best = assess(tool(), [ACCESS, criterion(15)], [evidence(15, "met")]).at_best
    found = best.finding("VT-15")
    assert found is not None
    assert found.status == "met"
    assert best.finding("VT-20") is None
