"""One conversation of one browser tab: what was said, ready to be shown, and the session behind it. Held in memory only."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

from assistant.converse.session import Session
from assistant.errors import AssistantError
from assistant.interfaces.page.answer_html import render_answer, render_note, render_question, render_waiting
from assistant.interfaces.page.case import Case
from assistant.schema import Answer

if TYPE_CHECKING:
    from assistant.assistant import Assistant

log = logging.getLogger(__name__)

APOLOGY = "Something went wrong here, and I have no answer. Your question was not kept; you can ask it again or in other words."


class Option(TypedDict):
    """A suggestion under an answer."""

    label: str
    value: str


class Message(TypedDict):
    """One entry of the chat; ``content`` is safe HTML on one line."""

    role: Literal["user", "assistant"]
    content: str
    options: list[Option]


@dataclass
class Conversation:
    """The messages so far. ``tools`` are those of the last answer that had any; ``turns`` counts the questions."""

    session: Session = field(default_factory=Session)
    messages: list[Message] = field(default_factory=list)
    tools: tuple[str, ...] = ()
    turns: int = 0

    def begin(self, assistant: Assistant, question: str) -> None:
        """Show the question, without client details, and that it is being worked on. Suggestions under earlier answers go."""
        for message in self.messages:
            message["options"] = []
        self.turns += 1
        self._say("user", render_question(_shown(assistant, question)))
        self._say("assistant", render_waiting())

    def finish(self, assistant: Assistant, question: str, case: Case) -> Iterator[None]:
        """Put the answer, or a polite sentence, where the waiting was. Raises nothing.

        Gives way after each sentence of a language model that has passed, so that the page can show it; the answer comes last.
        """
        try:
            html, follow_ups = yield from self._answer(assistant, question, case)
        except AssistantError as error:
            html, follow_ups = render_note(str(error)), ()
        except Exception as error:  # a bug: the person is told so, and the log gets the place but none of their words
            log.error("No answer: %s", _place(error))
            html, follow_ups = render_note(APOLOGY), ()
        self.messages.pop()
        self._say("assistant", html, follow_ups)

    def _answer(self, assistant: Assistant, question: str, case: Case) -> Generator[None, None, tuple[str, tuple[str, ...]]]:
        knowledge, said = assistant.knowledge, list[str]()
        for value in assistant.ask_stream(question, case.options(knowledge, self.tools), self.session):
            if isinstance(value, Answer):
                self.tools = value.tools or self.tools
                return render_answer(value, knowledge, turn=self.turns), value.follow_ups
            said.append(value.text)
            self.messages[-1]["content"] = render_waiting(said)
            yield
        raise AssertionError("a stream ends with an answer")

    def _say(self, role: Literal["user", "assistant"], html: str, follow_ups: tuple[str, ...] = ()) -> None:
        self.messages.append({"role": role, "content": html, "options": [{"label": text, "value": text} for text in follow_ups]})


def _shown(assistant: Assistant, question: str) -> str:
    """The question with placeholders for client details; of one that cannot be read, only its length."""
    try:
        return assistant.protect(question).text
    except AssistantError:
        return f"({len(question):,} characters)" if question.strip() else ""


def _place(error: Exception) -> str:
    """``ValueError at verdict.py:120``: enough to find a bug, nothing of what was asked."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
