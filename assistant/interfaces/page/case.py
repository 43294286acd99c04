"""The person's case as the controls of the page hold it, and what of it goes to the assistant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.converse.query import AskOptions
from assistant.errors import UsageError
from assistant.schema import Jurisdiction, Knowledge, Use

Choices = list[tuple[str, str]]  # words and value, as a control lists them

NOT_SET = ""
JOINING = "joining"  # the setting of every tool that says how clients join

JURISDICTION_NAMES: dict[Jurisdiction, str] = {"uk": "UK", "eu": "EU", "us": "US"}
USE_NAMES: dict[Use, str] = {
    "session": "Live sessions",
    "messaging": "Messages with clients",
    "reminders": "Appointment reminders",
    "notes": "Session notes",
    "storage": "Storing files",
}
JOINING_NAMES = {"app": "App", "browser": "Browser", "phone": "Phone"}


@dataclass(frozen=True)
class Case:
    """The values of the controls, "" where nothing was chosen. ``plan`` may be typed freely."""

    jurisdiction: str = NOT_SET
    client_jurisdiction: str = NOT_SET
    use: str = NOT_SET
    plan: str = NOT_SET
    joining: str = NOT_SET
    as_of: str = NOT_SET

    def options(self, knowledge: Knowledge, tools: Sequence[str]) -> AskOptions:
        """What the assistant is told; ``tools`` are those of the last answer, whose plans a name is looked up in.

        Raises UsageError if the date is none.
        """
        plan = (self.plan or "").strip()
        return AskOptions.model_validate(
            {
                "jurisdiction": self.jurisdiction or None,
                "client_jurisdiction": self.client_jurisdiction or None,
                "use": self.use or None,
                "plan": plan_id(plan, knowledge, tools) if plan else None,
                "settings": {JOINING: self.joining} if self.joining else {},
                "as_of": read_day(self.as_of),
            }
        )


def read_day(text: str | None) -> date | None:
    """A date written as the date field writes it, 2026-08-06; None for an empty field.

    Raises UsageError for anything else.
    """
    if not text or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError("I cannot read the date beside the question. Write it as year, month and day, for example 2026-08-06.") from None


def plan_choices(knowledge: Knowledge, tools: Sequence[str]) -> Choices:
    """The plans of some tools, of every tool if none is given; the tool's name stands in front unless there is only one."""
    chosen = [knowledge.tools[tool] for tool in tools if tool in knowledge.tools] or list(knowledge.tools.values())
    if len(chosen) == 1:
        return [(plan.name, plan.name) for plan in chosen[0].plans]
    names = [f"{tool.name}: {plan.name}" for tool in chosen for plan in tool.plans]
    return [(name, name) for name in names]


def plan_id(words: str, knowledge: Knowledge, tools: Sequence[str]) -> str:
    """The id of the plan that words name, first among ``tools``, then among all; the words themselves if there is none.

    The assistant tells the person when a tool has no such plan.
    """
    ordered = [knowledge.tools[tool] for tool in tools if tool in knowledge.tools]
    for tool in [*ordered, *knowledge.tools.values()]:
        for plan in tool.plans:
            names = {plan.id, plan.name.lower(), f"{tool.name}: {plan.name}".lower(), *(alias.lower() for alias in plan.aliases)}
            if words.lower() in names:
                return plan.id
    return words
