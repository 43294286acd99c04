"""Choices that cannot be had together: whatever gives way is named, and nothing else gives way with it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from assistant.schema import VERDICTS_BEST_FIRST, Profile, ToolAssessment
from tests.unit.assess.builders import assess, criterion, evidence, setting, silently_changed, tool

EXCLUDES = [{"value": "on", "excludes": {"joining": ["browser"], "recording": ["on"]}}]
E2EE = setting("e2ee", "off", "on", default="off", excludes=EXCLUDES, plans={"on": ["pro"]})
JOINING = setting("joining", "browser", "app", default="browser")
RECORDING = setting("recording", "off", "on", default="off", feature="recording")
LOBBY = setting("lobby", "off", "on", default="off")
MEET = tool(plans=["free", "pro"], settings=[E2EE, JOINING, RECORDING, LOBBY])

ASKED = [criterion(6, fatal_when_not_met=True), criterion(7, gate="features"), criterion(14)]
HELD = [
    evidence(6, "conditional", when={"setting": {"e2ee": ["off"]}}),
    evidence(6, "met", when={"setting": {"e2ee": ["on"]}}),
    evidence(14, "not_met", when={"setting": {"lobby": ["off"]}}),
    evidence(14, "met", when={"setting": {"lobby": ["on"]}}),
]


def judge(case: Mapping[str, object]) -> ToolAssessment:
    return assess(MEET, ASKED, HELD, Profile.model_validate(case))


def test_encryption_and_the_browser_are_judged_with_encryption_off_and_that_is_said() -> None:
    judged = judge({"plan": "pro", "settings": {"e2ee": "on", "joining": "browser", "lobby": "on"}})
    assert judged.at_best.configuration.settings == {"e2ee": "off", "joining": "browser", "recording": "off", "lobby": "on"}
    found = judged.at_best.finding("VT-06")
    assert found is not None
    assert found.status == "conditional"
    assert len(judged.conflicts) == 1


def test_the_profile_is_shown_as_the_person_gave_it() -> None:
    judged = judge({"plan": "free", "settings": {"e2ee": "on", "lobby": "off"}})
    assert (judged.profile.plan, judged.profile.settings) == ("free", {"e2ee": "on", "lobby": "off"})


def test_choices_that_fit_together_are_kept_in_silence() -> None:
    judged = judge({"plan": "pro", "settings": {"e2ee": "on", "joining": "app", "lobby": "off"}, "features": {"recording": "off"}})
    assert (silently_changed(judged, MEET), judged.conflicts) == (set(), ())


CASES = {
    "encryption against the browser": {"settings": {"e2ee": "on", "joining": "browser"}},
    "encryption against recording": {"settings": {"e2ee": "on", "recording": "on"}},
    "encryption against recording as a feature": {"settings": {"e2ee": "on"}, "features": {"recording": "on"}},
    "encryption against the plan": {"plan": "free", "settings": {"e2ee": "on"}},
    "encryption against the plan, lobby off": {"plan": "free", "settings": {"e2ee": "on", "lobby": "off"}},
    "encryption against the plan, recording on": {"plan": "free", "settings": {"e2ee": "on"}, "features": {"recording": "on"}},
    "recording off as a feature, on as a setting": {"settings": {"recording": "on"}, "features": {"recording": "off"}},
    "recording on as a feature, off as a setting": {"settings": {"recording": "off"}, "features": {"recording": "on"}},
    "unknown plan": {"plan": "platinum"},
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_gives_way_is_named(case: dict[str, object]) -> None:
    judged = judge(case)
    assert judged.conflicts
    assert silently_changed(judged, MEET) == set()


def test_what_has_no_part_in_a_conflict_is_not_named_in_it() -> None:
    (said,) = judge({"plan": "pro", "settings": {"e2ee": "on", "joining": "browser", "lobby": "on"}}).conflicts
    assert "lobby" not in said.lower()


def test_a_feature_that_cannot_be_switched_off_is_said_to_the_person_who_said_it_is_off() -> None:
    subject = tool(settings=[setting("assistant", "basic", "full", default="basic", feature="ai")])
    judged = assess(subject, ASKED, [], Profile(features={"ai": "off"}))
    assert ["ai" in text.lower() for text in judged.conflicts] == [True]


def test_a_choice_that_conflicts_with_nothing_stays() -> None:
    """The lobby has nothing to do with encryption that the free plan lacks."""
    judged = judge({"plan": "free", "settings": {"e2ee": "on", "lobby": "off"}})
    assert judged.at_best.configuration.settings["lobby"] == "off"


def test_recording_that_is_wanted_stays_on_where_encryption_gives_way() -> None:
    judged = judge({"settings": {"e2ee": "on"}, "features": {"recording": "on"}})
    assert judged.at_best.configuration.settings == judged.at_best.configuration.settings | {"e2ee": "off", "recording": "on"}


@pytest.mark.parametrize(
    "fewer, more",
    [
        ({"plan": "free", "settings": {"lobby": "off"}}, {"plan": "free", "settings": {"lobby": "off", "e2ee": "on"}}),
        ({"features": {"recording": "on"}}, {"features": {"recording": "on"}, "settings": {"e2ee": "on"}}),
    ],
    ids=["lobby off", "recording on"],
)
def test_one_more_fixed_choice_never_improves_the_verdict_even_where_it_cannot_be_had(
    fewer: dict[str, object], more: dict[str, object]
) -> None:
    rank = VERDICTS_BEST_FIRST.index
    assert rank(judge(more).at_best.verdict.token) >= rank(judge(fewer).at_best.verdict.token)


def test_a_feature_that_the_fixed_plan_lacks_reaches_no_more_than_leaving_everything_open() -> None:
    """AI is for the pro plan only. On it all is met, after two steps; on the free plan the question about AI falls away, unevidenced."""
    ai = setting("ai", "off", "on", default="off", feature="ai", plans={"on": ["pro"]}, clauses=[])
    subject = tool(plans=["free", "pro"], settings=[ai])
    asked = [criterion(14), criterion(19, gate="features", needs_feature=["ai"])]
    held = [evidence(14, "met"), evidence(19, "met")]
    everything_open = assess(subject, asked, held)
    impossible = assess(subject, asked, held, Profile(plan="free", features={"ai": "on"}))
    assert everything_open.at_best.verdict.token == "suitable_on_conditions"
    assert impossible.conflicts
    assert impossible.at_best.verdict.token != "suitable"
