"""Assessments of one state of knowledge, kept: a verdict looks at every tool, and conversations ask for the same case again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from assistant.assess.assessor import assess_tool
from assistant.dating import Dating
from assistant.schema import Knowledge, Profile, Tool, ToolAssessment

MOST = 500  # some twenty kilobytes each


@dataclass(frozen=True)
class _Case:
    """A profile that can be looked up by, on one day: two with the same words are the same."""

    words: str
    day: date
    profile: Profile = field(compare=False)
    dating: Dating = field(compare=False)


class Assessor:
    """``assess_tool`` over one state of knowledge, remembered by tool, case and day. Another state needs another assessor."""

    def __init__(self, knowledge: Knowledge, stale_after_days: int, *, most: int = MOST) -> None:
        self._knowledge = knowledge
        self._stale_after_days = stale_after_days
        self._remembered = lru_cache(maxsize=most)(self._judge)

    def assess(self, tool: Tool, profile: Profile, dating: Dating) -> ToolAssessment:
        """The tool judged on the day of ``dating``. Raises ValueError if that is of another state of knowledge."""
        if dating.knowledge is not self._knowledge or dating.stale_after_days != self._stale_after_days:
            raise ValueError("an assessor judges by its own state of knowledge only")
        return self._remembered(tool.id, _Case(profile.model_dump_json(), dating.day, profile, dating))

    def _judge(self, tool_id: str, case: _Case) -> ToolAssessment:
        return assess_tool(self._knowledge.tools[tool_id], case.profile, case.dating)
