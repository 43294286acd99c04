"""The verdict on every tool that ships, and its information text: every claim passes the verification."""

from __future__ import annotations

import pytest

from assistant.assistant import Assistant
from assistant.converse.query import AskOptions
from assistant.schema import JURISDICTIONS, Jurisdiction


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_no_claim_about_a_shipped_tool_is_dropped(assistant: Assistant, jurisdiction: Jurisdiction) -> None:
    dropped = {}
    for tool in assistant.knowledge.tools.values():
        answer = assistant.ask(f"Is {tool.name} safe for therapy?", AskOptions(jurisdiction=jurisdiction, use=tool.uses[0]))
        assert answer.tools == (tool.id,)
        assert answer.verdict is not None
        information = assistant.client_information(tool.id, AskOptions(jurisdiction=jurisdiction))
        for given in (answer, information):
            if given.verification.dropped:
                dropped[tool.id] = given.verification.failures
    assert dropped == {}
