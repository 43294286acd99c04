"""Which criteria are asked in a case, which of them are gates, and which evidence holds in it."""

from __future__ import annotations

import pytest

from assistant.schema import Finding, Profile, Setting
from tests.unit.assess.builders import (
    FRESH,
    STALE,
    clause,
    criterion,
    dating,
    evidence,
    findings,
    only_finding,
    setting,
    tool,
    version,
)

DPA = criterion(1, gate="always", contract="dpa", jurisdictions=["uk", "eu"])
BAA = criterion(2, gate="always", contract="baa", jurisdictions=["us"], covered_entities_only=True)


def asked_of(profile: Profile) -> dict[str, Finding]:
    return {found.criterion_id: found for found in findings([DPA, BAA], [], profile=profile)}


# Jurisdiction, covered entities, use.


@pytest.mark.parametrize(
    "own, clients, asked",
    [
        ("uk", None, {"VT-01"}),
        ("eu", None, {"VT-01"}),
        ("us", None, {"VT-02"}),
        ("uk", "eu", {"VT-01"}),
        ("us", "us", {"VT-02"}),
        ("uk", "us", {"VT-01", "VT-02"}),
        ("us", "eu", {"VT-01", "VT-02"}),
    ],
)
def test_the_contract_asked_for_follows_from_where_practitioner_and_client_are(own: str, clients: str | None, asked: set[str]) -> None:
    profile = Profile.model_validate({"jurisdiction": own, "client_jurisdiction": clients})
    assert set(asked_of(profile)) == asked


@pytest.mark.parametrize("covered", [True, None], ids=["covered", "unknown, so assumed"])
def test_a_covered_entity_in_the_us_has_the_baa_as_a_gate(covered: bool | None) -> None:
    assert asked_of(Profile(jurisdiction="us", covered_entity=covered))["VT-02"].gate


def test_a_us_practice_that_is_no_covered_entity_has_no_gate_there() -> None:
    found = asked_of(Profile(jurisdiction="us", covered_entity=False)).get("VT-02")
    assert found is None or not found.gate


@pytest.mark.parametrize("use, asked", [("session", 1), ("notes", 0)])
def test_a_criterion_is_asked_only_for_its_uses(use: str, asked: int) -> None:
    profile = Profile.model_validate({"use": use})
    assert len(findings([criterion(6, uses=["session", "messaging"])], [], profile=profile)) == asked


# Evidence that holds only under conditions.


@pytest.mark.parametrize(
    "when, status",
    [
        ({"jurisdiction": ["uk"]}, "met"),
        ({"jurisdiction": ["us", "uk"]}, "met"),
        ({"jurisdiction": ["us"]}, "not_stated"),
        ({"use": ["session"]}, "met"),
        ({"use": ["notes"]}, "not_stated"),
        ({"clients": ["adults"]}, "met"),
        ({"clients": ["minors"]}, "not_stated"),
        ({"plan": ["free"]}, "met"),
        ({"plan": ["pro"]}, "not_stated"),
        ({"setting": {"lobby": ["off"]}}, "met"),
        ({"setting": {"lobby": ["on"]}}, "not_stated"),
        ({"setting": {"lobby": ["on", "off"]}, "plan": ["free"]}, "met"),
        ({"setting": {"lobby": ["off"], "passcode": ["on"]}}, "not_stated"),
        ({"use": ["session"], "plan": ["pro"]}, "not_stated"),
    ],
)
def test_evidence_counts_only_where_all_its_conditions_hold(when: dict[str, object], status: str) -> None:
    """The case: UK, adults, sessions; as it comes: plan free, lobby off, passcode off."""
    switches = [setting("lobby", "off", "on", default="off"), setting("passcode", "off", "on", default="off")]
    subject = tool(plans=["free", "pro"], settings=switches)
    assert only_finding(criterion(11), evidence(11, "met", when=when), subject=subject).status == status


def test_evidence_about_a_setting_the_tool_does_not_have_never_counts() -> None:
    assert only_finding(criterion(11), evidence(11, "met", when={"setting": {"hologram": ["off"]}})).status == "not_stated"


@pytest.mark.parametrize("clients, status", [("us", "not_met"), ("eu", "not_stated")])
def test_harm_where_the_client_is_counts_too(clients: str, status: str) -> None:
    profile = Profile.model_validate({"jurisdiction": "uk", "client_jurisdiction": clients})
    assert only_finding(criterion(11), evidence(11, "not_met", when={"jurisdiction": ["us"]}), profile=profile).status == status


# Usage data.


def test_usage_data_gives_a_finding_of_its_own_that_is_no_gate() -> None:
    asked = criterion(4, gate="always", fatal_when_not_met=True)
    content, usage = findings([asked], [evidence(4, "met"), evidence(4, "not_met", scope="usage_data")])
    assert (content.scope, content.status, content.gate) == ("content", "met", True)
    assert (usage.scope, usage.status, usage.gate, usage.fatal) == ("usage_data", "not_met", False, False)


def test_what_is_said_about_usage_data_says_nothing_about_content() -> None:
    content, _ = findings([criterion(4, gate="always")], [evidence(4, "met", scope="usage_data")])
    assert (content.status, content.gate) == ("not_stated", True)


def test_silence_about_usage_data_is_not_shown() -> None:
    assert len(findings([criterion(4)], [evidence(4, "met"), evidence(4, "not_stated", scope="usage_data")])) == 1


# Gates that stand only while recording, transcription or AI is on.


def switch(feature: str, default: str | None, **fields: object) -> Setting:
    return setting(feature, "off", "on", default=default, feature=feature, **fields)


@pytest.mark.parametrize("number", [7, 8, 19])
@pytest.mark.parametrize("feature", ["recording", "transcription", "ai"])
@pytest.mark.parametrize("default, gate", [("on", True), ("off", False)])
def test_a_feature_that_is_on_makes_the_gates_stand(number: int, feature: str, default: str, gate: bool) -> None:
    subject = tool(settings=[switch(feature, default)])
    assert only_finding(criterion(number, gate="features"), subject=subject).gate is gate


def test_a_feature_the_person_uses_makes_the_gates_stand_though_no_setting_is_known() -> None:
    assert only_finding(criterion(7, gate="features"), profile=Profile(features={"recording": "on"})).gate


def test_a_setting_without_a_feature_makes_no_gate() -> None:
    subject = tool(settings=[setting("lobby", "off", "on", default="on")])
    assert not only_finding(criterion(7, gate="features"), subject=subject).gate


def test_a_default_that_no_source_states_counts_as_assumed() -> None:
    subject = tool(settings=[switch("recording", None, assumed="on")])
    assert only_finding(criterion(8, gate="features"), subject=subject).gate


def test_a_value_between_off_and_on_counts_as_on() -> None:
    subject = tool(settings=[setting("recording", "off", "host-only", "on", default="host-only", feature="recording")])
    assert only_finding(criterion(8, gate="features"), subject=subject).gate


# A criterion that falls away because its feature is off.

AI_OUTPUT = criterion(19, gate="features", needs_feature=["ai"])


def test_a_question_about_ai_is_asked_while_ai_is_on() -> None:
    found = only_finding(AI_OUTPUT, evidence(19, "met"), subject=tool(settings=[switch("ai", "on")]))
    assert (found.falls_away, found.status, found.counts_as_evidenced, found.gate) == (False, "met", True, True)


def test_a_question_about_ai_falls_away_and_stays_applicable_while_ai_is_off() -> None:
    subject = tool(settings=[switch("ai", "off"), switch("recording", "on")])
    found = only_finding(AI_OUTPUT, evidence(19, "not_met"), subject=subject)
    assert (found.falls_away, found.gate, found.counts_as_evidenced) == (True, False, True)


def test_a_question_whose_feature_is_not_known_falls_away_and_is_not_evidenced() -> None:
    found = only_finding(AI_OUTPUT, evidence(19, "met"))
    assert (found.falls_away, found.counts_as_evidenced) == (True, False)


@pytest.mark.parametrize("controller", ["vendor", "client"])
def test_what_fell_away_is_not_evidenced_where_somebody_else_controls_the_feature(controller: str) -> None:
    found = only_finding(AI_OUTPUT, subject=tool(settings=[switch("ai", "off", controlled_by=controller)]))
    assert (found.falls_away, found.counts_as_evidenced) == (True, False)


def test_what_fell_away_is_not_evidenced_where_no_clause_shows_the_control() -> None:
    found = only_finding(AI_OUTPUT, subject=tool(settings=[switch("ai", "off", clauses=[])]))
    assert (found.falls_away, found.counts_as_evidenced) == (True, False)


def test_what_fell_away_is_not_evidenced_by_the_control_of_another_feature() -> None:
    found = only_finding(AI_OUTPUT, subject=tool(settings=[switch("recording", "off"), setting("lobby", "off", "on", default="off")]))
    assert (found.falls_away, found.counts_as_evidenced) == (True, False)


def test_what_fell_away_is_not_evidenced_by_a_clause_that_does_not_hold_on_the_day() -> None:
    gone = clause("example-terms", "v1", until="v1")
    seen = dating([AI_OUTPUT], clauses=[gone], versions={"example-terms": (version("v1"), version("v2"))})
    found = only_finding(AI_OUTPUT, subject=tool(settings=[switch("ai", "off")]), seen=seen)
    assert (found.falls_away, found.counts_as_evidenced) == (True, False)


def test_what_fell_away_is_not_evidenced_while_the_vendor_controls_part_of_the_feature() -> None:
    """The host can switch the notes off, but the vendor switches the assistant: no clause shows that AI is in the host's hands."""
    own = setting("notes", "off", "on", default="off", feature="ai")
    vendors = setting("assistant", "off", "on", default="off", feature="ai", controlled_by="vendor")
    assert not only_finding(AI_OUTPUT, subject=tool(settings=[own, vendors])).counts_as_evidenced


def test_what_fell_away_is_not_evidenced_while_the_control_of_part_of_the_feature_is_not_shown() -> None:
    shown = setting("notes", "off", "on", default="off", feature="ai")
    unknown = setting("assistant", "off", "on", default=None, assumed="off", feature="ai", clauses=[])
    assert not only_finding(AI_OUTPUT, subject=tool(settings=[shown, unknown])).counts_as_evidenced


def test_what_fell_away_shows_the_date_of_the_clause_it_relies_on() -> None:
    found = only_finding(AI_OUTPUT, subject=tool(settings=[switch("ai", "off", clauses=[FRESH, STALE])]))
    assert found.as_of is not None
    assert (found.as_of.isoformat(), found.stale) == ("2022-01-01", True)
