"""The space of what can be chosen: complete, without what plans or exclusions forbid, and never against the person's word in silence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.assess.configurations import (
    active_features,
    baseline,
    change_steps,
    configurations,
    incorporated,
)
from assistant.assess.fixed import resolve_fixed
from assistant.schema import Configuration, Profile, Tool
from tests.unit.assess.builders import FRESH, contract, setting, tool

LOBBY = setting("lobby", "off", "on", default="off")
JOINING = setting("joining", "browser", "app", "phone", default="browser")
RECORDING = setting("recording", "off", "on", default="off", feature="recording")
E2EE = setting(
    "e2ee", "off", "on", default="off", excludes=[{"value": "on", "excludes": {"joining": ["browser", "phone"], "recording": ["on"]}}]
)


def space(subject: Tool, profile: Profile | None = None, *, relevant: Sequence[str] | None = None) -> list[Configuration]:
    case = profile or Profile()
    names = frozenset(relevant if relevant is not None else (entry.id for entry in subject.settings))
    return list(configurations(subject, case, resolve_fixed(subject, case), names))


def choices(found: Sequence[Configuration], *names: str) -> set[tuple[str, ...]]:
    return {tuple(entry.settings[name] for name in names) for entry in found}


# What is in the space.


def test_every_plan_with_every_value_and_every_contract_is_tried_once() -> None:
    subject = tool(plans=["free", "pro"], settings=[LOBBY, JOINING], contracts=[contract("dpa", "free", "pro"), contract("baa", "pro")])
    found = space(subject)
    assert len(found) == 2 * 3 * 2 + 2 * 3 * 4  # free: with or without the dpa; pro: none, dpa, baa, both
    assert len({entry.model_dump_json() for entry in found}) == len(found)


def test_a_setting_that_nothing_depends_on_stays_as_it_comes() -> None:
    subject = tool(settings=[LOBBY, JOINING])
    assert choices(space(subject, relevant=["joining"]), "lobby", "joining") == {("off", "browser"), ("off", "app"), ("off", "phone")}


def test_a_value_of_a_higher_plan_cannot_be_had_on_a_lower_one() -> None:
    subject = tool(plans=["free", "pro"], settings=[setting("lobby", "off", "on", default="off", plans={"on": ["pro"]})])
    assert {(entry.plan, entry.settings["lobby"]) for entry in space(subject)} == {("free", "off"), ("pro", "off"), ("pro", "on")}


def test_end_to_end_encryption_excludes_the_browser_the_phone_and_recording() -> None:
    found = space(tool(settings=[E2EE, JOINING, RECORDING]))
    assert {entry for entry in choices(found, "e2ee", "joining", "recording") if entry[0] == "on"} == {("on", "app", "off")}
    assert len([entry for entry in found if entry.settings["e2ee"] == "off"]) == 6


def test_a_signed_contract_stands_beside_the_ones_that_the_terms_bring() -> None:
    subject = tool(contracts=[contract("dpa", "free", obtained="incorporated"), contract("baa", "free")])
    assert [entry.contracts for entry in space(subject)] == [("example-dpa",), ("example-baa", "example-dpa")]


def test_a_held_contract_is_in_force_everywhere() -> None:
    subject = tool(contracts=[contract("baa", "free")])
    assert [entry.contracts for entry in space(subject, Profile(contracts={"baa": "on_word"}))] == [("example-baa",)]


def test_a_held_contract_that_the_tool_does_not_list_goes_by_its_kind() -> None:
    assert [entry.contracts for entry in space(tool(), Profile(contracts={"dpa": "imported"}))] == [("dpa",)]


# What the person fixed.


def test_a_fixed_plan_is_the_only_one_tried() -> None:
    assert {entry.plan for entry in space(tool(plans=["free", "pro", "team"]), Profile(plan="pro"))} == {"pro"}


def test_a_fixed_setting_has_only_its_value() -> None:
    assert choices(space(tool(settings=[JOINING, LOBBY]), Profile(settings={"joining": "phone"})), "joining") == {("phone",)}


def test_a_fixed_setting_is_kept_although_nothing_depends_on_it() -> None:
    assert choices(space(tool(settings=[LOBBY]), Profile(settings={"lobby": "on"}), relevant=[]), "lobby") == {("on",)}


def test_a_feature_that_is_used_has_at_least_one_of_its_settings_on() -> None:
    local = setting("local-recording", "off", "on", default="off", feature="recording")
    found = space(tool(settings=[RECORDING, local]), Profile(features={"recording": "on"}))
    assert choices(found, "recording", "local-recording") == {("on", "off"), ("off", "on"), ("on", "on")}


def test_a_feature_that_is_not_used_has_all_its_settings_off() -> None:
    local = setting("local-recording", "off", "on", default="on", feature="recording")
    found = space(tool(settings=[RECORDING, local, LOBBY]), Profile(features={"recording": "off"}))
    assert choices(found, "recording", "local-recording") == {("off", "off")}


def test_a_feature_left_open_is_tried_both_ways() -> None:
    assert choices(space(tool(settings=[RECORDING])), "recording") == {("off",), ("on",)}


# Conflicts are said.


def test_nothing_is_said_where_nothing_conflicts() -> None:
    profile = Profile(plan="free", settings={"e2ee": "on", "joining": "app"})
    assert resolve_fixed(tool(settings=[E2EE, JOINING, RECORDING]), profile).conflicts == ()


def test_an_unknown_plan_is_left_open_and_said() -> None:
    subject = tool(plans=["free", "pro"])
    fixed = resolve_fixed(subject, Profile(plan="platinum"))
    assert fixed.plan is None
    assert ["platinum" in text for text in fixed.conflicts] == [True]
    assert {entry.plan for entry in space(subject, Profile(plan="platinum"))} == {"free", "pro"}


@pytest.mark.parametrize("name, value", [("hologram", "on"), ("lobby", "sideways")], ids=["unknown setting", "unknown value"])
def test_an_unknown_setting_or_value_is_left_out_and_said(name: str, value: str) -> None:
    fixed = resolve_fixed(tool(settings=[LOBBY]), Profile(settings={name: value}))
    assert fixed.settings == {}
    assert [name in text and value in text for text in fixed.conflicts] == [True]


@pytest.mark.parametrize("joining", ["browser", "phone"])
def test_encryption_gives_way_to_the_way_of_joining_it_excludes_and_that_is_said(joining: str) -> None:
    fixed = resolve_fixed(tool(settings=[E2EE, JOINING, RECORDING]), Profile(settings={"e2ee": "on", "joining": joining}))
    assert dict(fixed.settings) == {"e2ee": "off", "joining": joining}
    assert ["E2ee" in text and "Joining" in text and joining in text for text in fixed.conflicts] == [True]


def test_encryption_gives_way_although_it_is_the_default() -> None:
    always = E2EE.model_copy(update={"default": "on"})
    fixed = resolve_fixed(tool(settings=[always, JOINING, RECORDING]), Profile(settings={"e2ee": "on", "joining": "browser"}))
    assert dict(fixed.settings) == {"e2ee": "off", "joining": "browser"}


def test_each_of_two_exclusions_is_said_with_the_values_that_exclude_each_other() -> None:
    profile = Profile(settings={"e2ee": "on", "joining": "browser", "recording": "on"})
    fixed = resolve_fixed(tool(settings=[E2EE, JOINING, RECORDING]), profile)
    assert dict(fixed.settings) == {"e2ee": "off", "joining": "browser", "recording": "on"}
    assert all("E2ee “off” and" not in text for text in fixed.conflicts)  # off excludes nothing


# As the vendor hands it out, and what lies between.

NOTES = setting("notes", "off", "on", default=None, assumed="on", feature="ai", steps={"off": "Turn the notes off"})
EVERYTHING = tool(
    plans=["free", "pro"],
    settings=[LOBBY, RECORDING, NOTES],
    contracts=[
        contract("dpa", "free", obtained="incorporated"),
        contract("dpa", "pro", obtained="incorporated", name="pro-dpa"),
        contract("baa", "pro"),
    ],
)


def test_the_baseline_is_the_entry_plan_with_defaults_and_the_contracts_of_the_terms() -> None:
    settings = {"lobby": "off", "recording": "off", "notes": "on"}
    assert baseline(EVERYTHING) == Configuration(plan="free", settings=settings, contracts=("example-dpa",))


def test_the_terms_bring_the_contracts_of_their_plan() -> None:
    assert (incorporated(EVERYTHING, "free"), incorporated(EVERYTHING, "pro")) == (("example-dpa",), ("pro-dpa",))


def test_nothing_lies_between_the_baseline_and_itself() -> None:
    assert change_steps(EVERYTHING, Profile(), baseline(EVERYTHING)) == ()


def test_every_change_is_one_step_and_what_the_terms_bring_is_none() -> None:
    far = Configuration(plan="pro", settings={"lobby": "on", "recording": "off", "notes": "off"}, contracts=("example-baa", "pro-dpa"))
    steps = change_steps(EVERYTHING, Profile(), far)
    assert {(step.kind, step.value) for step in steps} == {
        ("plan", "pro"),
        ("contract", "example-baa"),
        ("setting", "on"),
        ("setting", "off"),
    }
    assert len(steps) == 4


def test_a_step_is_in_the_tools_own_words_where_it_has_some() -> None:
    quiet = baseline(EVERYTHING).model_copy(update={"settings": {"lobby": "on", "recording": "off", "notes": "off"}})
    assert [step.text for step in change_steps(EVERYTHING, Profile(), quiet)] == ["Set Lobby to “on”", "Turn the notes off"]


def test_a_step_rests_on_the_clauses_of_what_it_changes() -> None:
    (step,) = change_steps(EVERYTHING, Profile(), baseline(EVERYTHING).model_copy(update={"plan": "pro", "contracts": ("pro-dpa",)}))
    assert step.clause_ids == (FRESH,)


def test_what_the_person_fixed_is_marked_and_not_left_out() -> None:
    profile = Profile(plan="pro", settings={"lobby": "on"}, contracts={"baa": "on_word"})
    far = Configuration(plan="pro", settings={"lobby": "on", "recording": "on", "notes": "on"}, contracts=("example-baa", "pro-dpa"))
    marked = {(step.kind, step.name): step.fixed for step in change_steps(EVERYTHING, profile, far)}
    assert marked == {("plan", "plan"): True, ("contract", "baa"): True, ("setting", "lobby"): True, ("setting", "recording"): False}


@pytest.mark.parametrize("feature, value, changed", [("recording", "on", "recording"), ("ai", "off", "notes")])
def test_a_feature_the_person_fixed_is_marked_too(feature: str, value: str, changed: str) -> None:
    profile = Profile.model_validate({"features": {feature: value}})
    configuration = baseline(EVERYTHING).model_copy(update={"settings": baseline(EVERYTHING).settings | {changed: value}})
    assert [(step.name, step.fixed) for step in change_steps(EVERYTHING, profile, configuration)] == [(changed, True)]


def test_features_are_on_by_a_setting_or_by_the_persons_word() -> None:
    assert active_features(EVERYTHING, Profile(features={"transcription": "on", "recording": "off"}), baseline(EVERYTHING)) == {
        "ai",
        "transcription",
    }
