"""What one conversation remembers. Lives in memory only; each conversation has its own."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.schema import Answer, Profile


@dataclass
class Session:
    """The tools and the case talked about last, the last answer, and the two tools named last (``recent``, the older first).

    ``language`` is that of the last question: a short one of which nothing tells the language goes on in it.
    """

    tools: tuple[str, ...] = ()
    profile: Profile | None = None
    last_answer: Answer | None = None
    recent: tuple[str, ...] = ()
    language: str = "en"
    last_question: str | None = None  # in English

    def forget(self) -> None:
        """Begin anew: the tools, the case and the answers before are gone."""
        self.tools, self.profile, self.last_answer, self.recent, self.last_question = (), None, None, (), None

    def remember(self, answer: Answer) -> None:
        """Carry the tools and the case of an answer into the next question."""
        if answer.tools:
            self.tools = answer.tools
            self.recent = tuple(dict.fromkeys([*(tool for tool in self.recent if tool not in answer.tools), *answer.tools]))[-2:]
        self.profile = answer.profile
        self.last_answer = answer
