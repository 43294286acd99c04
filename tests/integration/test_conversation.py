"""Answers to a client's wish, to what was done before, and to a change of subject, over the shipped knowledge."""

from __future__ import annotations

import pytest

from assistant.assistant import Assistant
from assistant.converse.session import Session
from assistant.schema import Answer


def converse(assistant: Assistant, *turns: str) -> Answer:
    session = Session()
    answers = [assistant.ask(turn, None, session) for turn in turns]
    return answers[-1]


def test_a_client_wants_a_tool_that_falls_short(assistant: Assistant) -> None:
    answer = converse(assistant, "My client wants WhatsApp")
    assert (answer.intent, answer.tools) == ("brief", ("whatsapp",))
    assert answer.verdict is not None
    assert "What fits better" in answer.text


def test_a_tool_was_used_before(assistant: Assistant) -> None:
    answer = converse(assistant, "Is Zoom safe for therapy?", "I have already used it with clients")
    assert (answer.intent, answer.tools) == ("brief", ("zoom",))
    assert "72 hours" in answer.text
    assert {"GDPR Art. 33(1)", "GDPR Art. 34(1)"} <= {citation.label for citation in answer.citations}


def test_new_terms_are_refused(assistant: Assistant) -> None:
    answer = converse(assistant, "I do not accept the new terms")
    assert "GDPR Art. 28(3)(g)" in {citation.label for citation in answer.citations}
    assert "export" in answer.text


@pytest.mark.parametrize(
    "turns, intent, tools",
    [
        (("Is Zoom safe for therapy?", "And Webex?"), "verdict", ("webex",)),
        (("Does Zoom train AI with what we say?", "And Teams?"), "topic", ("teams",)),
        (("Is Zoom safe?", "What about Teams?", "compare both"), "comparison", ("zoom", "teams")),
        (("Is WhatsApp ok?", "start over", "Is it safe?"), "ask_back", ()),
    ],
)
def test_a_conversation_goes_on(assistant: Assistant, turns: tuple[str, ...], intent: str, tools: tuple[str, ...]) -> None:
    answer = converse(assistant, *turns)
    assert (answer.intent, answer.tools) == (intent, tools)


def test_a_follow_up_looks_further_than_what_was_told(assistant: Assistant) -> None:
    answer = converse(assistant, "Which ISO control covers backups?", "and for power cuts?")
    assert [citation.label for citation in answer.citations] == ["ISO 27001 A.7.11"]


def test_the_same_question_in_two_conversations_is_answered_apart(assistant: Assistant) -> None:
    first, second = Session(), Session()
    assistant.ask("Is Zoom safe?", None, first)
    assert assistant.ask("Is it safe?", None, second).intent == "ask_back"
    assert assistant.ask("Is it safe?", None, first).tools == ("zoom",)
