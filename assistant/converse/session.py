"""What one conversation remembers. Lives in memory only; each conversation has its own."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.schema import Answer, Intent, Profile

_RECENT = 4
REPEATABLE: frozenset[Intent] = frozenset(("verdict", "comparison", "topic", "consent", "conditions", "brief"))
"""What can be asked again of another tool ("And Webex?")."""


@dataclass
class Session:
    """The tools and the case talked about last, the last answer, and the tools named last (``recent``, the oldest first).

    ``about_tools`` is the intent and the question, in English, of the last answer about tools, whatever was asked in between.
    ``language`` is that of the last question: a short one of which nothing tells the language goes on in it.
    """

    tools: tuple[str, ...] = ()
    profile: Profile | None = None
    last_answer: Answer | None = None
    recent: tuple[str, ...] = ()
    language: str = "en"
    last_question: str | None = None  # in English
    about_tools: tuple[Intent, str] | None = None

    def forget(self) -> None:
        """Begin anew: the tools, the case and the answers before are gone."""
        self.tools, self.profile, self.last_answer, self.recent = (), None, None, ()
        self.last_question, self.about_tools = None, None

    def remember(self, answer: Answer, question: str | None = None) -> None:
        """Carry the tools and the case of an answer into the next question. ``question``: what was asked, in English."""
        if answer.tools:
            self.tools = answer.tools
            self.recent = tuple(dict.fromkeys([*(tool for tool in self.recent if tool not in answer.tools), *answer.tools]))[-_RECENT:]
            if answer.intent in REPEATABLE:
                self.about_tools = answer.intent, question or answer.question
        self.profile = answer.profile
        self.last_answer, self.last_question = answer, question
