"""Assessments are kept by tool, case and day of one state of knowledge, and no more of them than allowed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.assess import Assessor, assess_tool
from assistant.dating import Dating
from assistant.schema import Knowledge, Profile, Tool
from tests.unit.samples import TODAY, sample_knowledge

EARLIER = date(2025, 1, 1)  # before the terms that the evidence rests on


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    return sample_knowledge(tmp_path)


@pytest.fixture
def tool(knowledge: Knowledge) -> Tool:
    return knowledge.tools["example-meet"]


def test_the_same_tool_case_and_day_are_judged_once(knowledge: Knowledge, tool: Tool) -> None:
    assessor = Assessor(knowledge, 180)
    first = assessor.assess(tool, Profile(settings={"e2ee": "on"}), Dating(knowledge, TODAY))
    assert assessor.assess(tool, Profile(settings={"e2ee": "on"}), Dating(knowledge, TODAY)) is first
    assert first == assess_tool(tool, Profile(settings={"e2ee": "on"}), Dating(knowledge, TODAY))


@pytest.mark.parametrize("profile, day", [(Profile(plan="free"), TODAY), (Profile(), EARLIER)])
def test_another_case_or_day_is_judged_anew(knowledge: Knowledge, tool: Tool, profile: Profile, day: date) -> None:
    assessor = Assessor(knowledge, 180)
    usual = assessor.assess(tool, Profile(), Dating(knowledge, TODAY))
    other = assessor.assess(tool, profile, Dating(knowledge, day))
    assert other == assess_tool(tool, profile, Dating(knowledge, day))
    assert other.at_best.verdict.token != usual.at_best.verdict.token


def test_another_state_of_knowledge_or_another_limit_of_age_needs_another_assessor(knowledge: Knowledge, tool: Tool) -> None:
    assessor = Assessor(knowledge, 180)
    for dating in (Dating(replace(knowledge), TODAY), Dating(knowledge, TODAY, 30)):
        with pytest.raises(ValueError, match="its own state"):
            assessor.assess(tool, Profile(), dating)


def test_no_more_are_kept_than_allowed(knowledge: Knowledge, tool: Tool) -> None:
    assessor, seen = Assessor(knowledge, 180, most=2), Dating(knowledge, TODAY)
    first, _, _ = (assessor.assess(tool, Profile(clients="minors", plan=plan), seen) for plan in ("free", "pro", None))
    again = assessor.assess(tool, Profile(clients="minors", plan="free"), seen)
    assert again == first
    assert again is not first
