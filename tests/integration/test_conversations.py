"""Conversations of several turns over the shipped knowledge: what each turn is taken to ask, of which tools, in which case."""

from __future__ import annotations

import pytest

from assistant.assistant import Assistant
from assistant.converse.session import Session
from assistant.schema import Answer

# One conversation a paragraph; each turn with what it must be taken for: intent, tools, and what the case must hold.
CONVERSATIONS = """
Is Zoom safe for therapy? > verdict zoom
And Webex? > verdict webex
Compare Zoom and Webex > comparison zoom,webex
Show me that paragraph > clause

And if I live in France? > noted place=eu
Is Webex ok? > verdict webex place=eu
start over > start_over
Is Webex ok? > verdict webex place=uk

Which is safer, Signal or WhatsApp? > comparison signal,whatsapp
And Telegram? > verdict telegram
Compare all three > comparison signal,whatsapp,telegram

Is Doxy.me safe? > verdict doxy-me
My client lives in Germany now > verdict doxy-me client=eu
My client is 15 > verdict doxy-me clients=minors
Show all conditions > conditions doxy-me

Can I use Teams with clients? > verdict teams
no recording, no AI > verdict teams recording=off ai=off
Why not? > verdict teams
Write to them for me > letter teams

Does Zoom train AI on what we say? > topic zoom
Which clause says that? > clause
And Teams? > topic teams
Which clause? > clause

Is Zoom safe? > verdict zoom
What is the weather in Leeds? > lookup declined
And Webex? > verdict webex
make that Germany > verdict webex place=eu
back to the UK > verdict webex place=uk

Is Zoom safe? > verdict zoom
What about on 1 May 2023? > verdict zoom day=2023-05-01
and today? > verdict zoom day=2026-12-01

I am a coach in London > noted place=uk
Is Signal ok for texting clients? > verdict signal use=messaging
And for video sessions? > verdict signal use=session
What should I take instead? > verdict signal

Does Webex sign a data processing agreement? > topic webex
Does Zoom? > topic zoom
Which of the two is better? > comparison webex,zoom

Is Calendly safe? > unknown_tool declined
And Zoom? > verdict zoom
compare both > ask_back

Is Zoom okay? > verdict zoom
Which law applies then? > lookup
And Doxy? > verdict doxy-me
"""


def _taken_for(answer: Answer, wanted: str) -> str | None:
    """What of the wanted does not hold; None where all does."""
    intent, *rest = wanted.split()
    profile = answer.profile
    case: dict[str, str | None] = {
        "place": profile.jurisdiction,
        "client": profile.client_jurisdiction,
        "clients": profile.clients,
        "use": profile.use,
        "day": answer.as_of.isoformat(),
    }
    case |= {str(feature): value for feature, value in profile.features.items()}
    if answer.intent != intent:
        return f"taken for {answer.intent}"
    for part in rest:
        name, _, value = part.partition("=")
        if value and case.get(name) != value:
            return f"{name} is {case.get(name)}"
        if part == "declined" and not answer.abstained:
            return "answered"
        if not value and part != "declined" and set(answer.tools) != set(part.split(",")):
            return f"about {answer.tools}"
    return None


@pytest.mark.parametrize("conversation", CONVERSATIONS.strip().split("\n\n"), ids=lambda text: str(text).partition(" >")[0])
def test_every_turn_is_taken_for_what_it_asks(assistant: Assistant, conversation: str) -> None:
    session = Session()
    for turn in conversation.splitlines():
        question, _, wanted = turn.rpartition(" > ")
        fault = _taken_for(assistant.ask(question, None, session), wanted)
        assert fault is None, f"{question} [{wanted}]: {fault}"


def test_where_no_document_of_a_tool_answers_that_is_said_and_no_clause_cited(assistant: Assistant) -> None:
    silent, held = assistant.ask("Is Signal a medical device?"), assistant.ask("Is Zoom a medical device?")
    assert (silent.intent, silent.abstained, silent.citations) == ("topic", True, ())
    assert "No clause I hold says what the AI is meant for" in silent.text
    assert held.citations
