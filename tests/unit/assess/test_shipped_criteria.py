"""The shipped criteria carry what the rules of the verdict look at: gates, what decides alone, whom a question concerns."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from assistant.schema import Criterion


@cache
def shipped() -> dict[str, Criterion]:
    listed = yaml.safe_load((files("knowledge") / "criteria.yaml").read_text(encoding="utf-8"))["criteria"]
    return {entry["id"]: Criterion.model_validate(entry) for entry in listed}


def numbers(*chosen: int) -> set[str]:
    return {f"VT-{number:02}" for number in chosen}


def test_all_twenty_are_there() -> None:
    assert set(shipped()) == numbers(*range(1, 21))


def test_the_first_five_are_gates_always() -> None:
    assert {name for name, entry in shipped().items() if entry.gate == "always"} == numbers(1, 2, 3, 4, 5)


def test_storage_control_and_ai_output_are_gates_while_a_feature_is_on() -> None:
    assert {name for name, entry in shipped().items() if entry.gate == "features"} == numbers(7, 8, 19)


def test_transit_silent_recording_transfers_and_forbidden_use_decide_alone() -> None:
    assert {name for name, entry in shipped().items() if entry.fatal_when_not_met} == numbers(6, 8, 9, 20)


def test_only_the_contracts_depend_on_the_jurisdiction() -> None:
    assert {name: set(entry.jurisdictions) for name, entry in shipped().items() if entry.jurisdictions} == {
        "VT-01": {"uk", "eu"},
        "VT-02": {"us"},
    }


def test_only_the_baa_is_for_covered_entities() -> None:
    assert {name for name, entry in shipped().items() if entry.covered_entities_only} == numbers(2)


def test_the_questions_about_contracts_say_which_kind_they_ask_for() -> None:
    """Without it a contract that is held on the person's word would count for nothing."""
    assert {name: entry.contract for name, entry in shipped().items() if entry.contract} == {"VT-01": "dpa", "VT-02": "baa"}


def test_only_the_question_about_ai_output_falls_away_without_ai() -> None:
    assert {name: entry.needs_feature for name, entry in shipped().items() if entry.needs_feature} == {"VT-19": ("ai",)}
