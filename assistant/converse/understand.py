"""From a question, the options and the conversation so far to a typed query."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from assistant.converse.circumstances import read_day, read_features, read_profile
from assistant.converse.names import NamedTools, ToolNames
from assistant.converse.query import AskOptions, Query
from assistant.converse.relevance import without_names
from assistant.converse.session import Session
from assistant.converse.words import Words, words_of
from assistant.locators import find_locators
from assistant.schema import Intent, Jurisdiction, Knowledge, Profile, SourceKind, Tool

LEGAL_KINDS: tuple[SourceKind, ...] = ("law", "standard", "guidance")
TOOL_KINDS: tuple[SourceKind, ...] = ("vendor", "contract")
_SHORT = 6  # words: "And to the people concerned?"

_ABOUT_ONE_TOOL: tuple[tuple[str, Intent], ...] = (("consent_text", "consent"), ("letter", "letter"), ("conditions", "conditions"))

ToolWish = Literal["verdict", "topic", "outside"]
JudgeTools = Callable[[str, Sequence[Tool], date], ToolWish]


class Understanding:
    """Reads questions against what is held. ``judge`` tells what a question wants of a tool that it names."""

    def __init__(
        self,
        knowledge: Knowledge,
        is_known_word: Callable[[str], bool],
        judge: JudgeTools,
        default_jurisdiction: Jurisdiction,
        words: Words | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._words = words or words_of()
        asks = (ask for exemplar in knowledge.exemplars.values() if exemplar.clauses for ask in exemplar.asks)
        self._names = ToolNames(knowledge.tools.values(), is_known_word, self._words, asks)
        self._judge = judge
        self._default_jurisdiction = default_jurisdiction

    def read(self, question: str, options: AskOptions, session: Session, today: date) -> Query:
        """The typed query. What nobody stated is assumed and named in ``profile.assumed``."""
        named = self._asked_about(question)
        day = options.as_of or read_day(question, today, self._words) or today
        intent, tools = self._intent(question, named, session, day)
        tool = self._knowledge.tools.get(tools[0]) if tools else self._last_tool(session)
        profile = read_profile(question, tool, self._start(options, session), self._words)
        featured = profile.model_copy(update={"features": read_features(question, profile.features, self._words)})
        if intent in ("lookup", "outside") and not named.held and self._changes_the_case(question, featured, session, day):
            intent, tools = self._of_the_conversation(session)
        if intent in ("verdict", "comparison", "consent", "noted"):
            profile = featured
        goes_on = intent == "lookup" and self._goes_on(question, session)
        last = session.last_answer
        return Query(
            question=question,
            search=self._search_words(question, intent, named, session, goes_on=goes_on),
            intent=intent,
            profile=_with_options(profile, options),
            day=day,
            tools=tools,
            unknown_tool=named.unknown,
            product=named.product if intent == "unknown_tool" or self._words.says("compares", question) else None,
            locators=tuple(find_locators(question)),
            told=frozenset(citation.id for citation in last.citations) if last and goes_on else frozenset(),
        )

    def _asked_about(self, question: str) -> NamedTools:
        """The tools a question names. One that names several and compares none is about the first that its asking sentence names."""
        named = self._names.find(question)
        if len(named.held) < 2 or self._words.says("compares", question):
            return named
        asked = self._names.find(asking_sentence(question)).held or named.held
        return NamedTools(asked[:1])

    def _search_words(self, question: str, intent: Intent, named: NamedTools, session: Session, *, goes_on: bool) -> str:
        """The question; with the one before it where it goes on from that, or that one about the tools named now."""
        last = session.last_answer
        if last is None:
            return question
        before = session.last_question or last.question
        if intent == "topic" and session.about_tools and self._asks_the_same(question, named, session):
            return without_names(session.about_tools[1], list(self._knowledge.tools.values()))
        return f"{before} {question}" if goes_on or self._words.says("about_that", question) else question

    def _last_tool(self, session: Session) -> Tool | None:
        return self._knowledge.tools.get(session.tools[0]) if session.tools else None

    def _start(self, options: AskOptions, session: Session) -> Profile:
        if session.profile is not None:
            return session.profile
        assumed = ("jurisdiction", "client_jurisdiction", "use", "clients", "plan", "covered_entity")
        return Profile(jurisdiction=options.jurisdiction or self._default_jurisdiction, assumed=assumed)

    def strange_name(self, question: str) -> str | None:
        """What may be the name of a tool that nobody has told this program of."""
        return self._names.strange_name(question)

    def _intent(self, question: str, named: NamedTools, session: Session, day: date) -> tuple[Intent, tuple[str, ...]]:
        """The intent as far as it can be told before anything is looked up; ``lookup`` may turn out to be about the tool before."""
        says, about = self._words.says, named.held or session.tools
        if says("danger", question) and not named.held and not says("asks_for_law", question):
            return "danger", ()
        if says("greeting", question):
            return "capabilities", ()
        if says("start_over", question):
            return "start_over", ()
        for entry, intent in _ABOUT_ONE_TOOL:
            if about and says(entry, question):
                return intent, about[:1]
        if says("clause_of_answer", question) and session.last_answer is not None:
            return "clause", about
        if not named.held and (says("both", question) or says("compares_all", question)):
            several = session.recent if says("compares_all", question) else session.recent[-2:]
            return ("comparison", several) if len(several) > 1 else ("ask_back", ())
        if session.tools and not named.held and (says("why", question) or says("what_else", question)):
            return self._of_the_conversation(session)
        if named.held:
            again = self._asks_the_same(question, named, session)
            return again or self._about_tools(question, named.held, day), named.held
        if named.unknown and not (named.product and self._asks_beside(question, session)):
            return "unknown_tool", ()
        if says("points_back", question) and not find_locators(question):
            return self._pointing_back(question, session, day)
        return "lookup", ()

    def _asks_beside(self, question: str, session: Session) -> bool:
        """Whether a product is named only by the way: in a question of law, or in one about the tool talked about."""
        return self._words.says("asks_for_duty", question) or bool(session.tools and self._words.says("points_back", question))

    def _pointing_back(self, question: str, session: Session, day: date) -> tuple[Intent, tuple[str, ...]]:
        """A question about "it" or "them": about the tool of the conversation; asked back where there is none."""
        if session.tools and not self._goes_on(question, session):
            return self._about_tools(question, session.tools, day), session.tools
        says = self._words.says
        judges = (says("asks_for_judgement", question) or says("clause", question)) and not says("names_us_law", question)
        if not session.tools and says("without_a_tool", question) and judges:
            return "ask_back", ()
        return "lookup", ()

    def _about_tools(self, question: str, tools: tuple[str, ...], day: date) -> Intent:
        """The verdict, one question, or something beside the purpose; several tools are compared."""
        wish = self._judge(question, [self._knowledge.tools[tool] for tool in tools], day)
        return "comparison" if len(tools) > 1 and wish != "outside" else wish

    def _asks_the_same(self, question: str, named: NamedTools, session: Session) -> Intent | None:
        """The intent of the question before, where this one only names other tools ("And Webex?", "What about Teams?")."""
        plain = without_names(question, [self._knowledge.tools[tool] for tool in named.held])
        if not self._words.says("only_another_tool", plain):
            return None
        if len(named.held) > 1:
            return "comparison"
        before = session.about_tools[0] if session.about_tools else "verdict"
        return {"comparison": "verdict", "brief": "topic"}.get(before, before)  # type: ignore[return-value]

    def _of_the_conversation(self, session: Session) -> tuple[Intent, tuple[str, ...]]:
        if not session.tools:
            return "noted", ()
        return ("comparison" if len(session.tools) > 1 else "verdict"), session.tools

    def _changes_the_case(self, question: str, profile: Profile, session: Session, day: date) -> bool:
        """Whether it changes the case talked about ("And for a US practice?", "I only have the free account.", "with recording?").

        Without a tool before, only a plain statement or supposition does ("And if I live in France?").
        """
        says = self._words.says
        statement = not question.rstrip().endswith("?") and says("states", question)
        before = session.profile or self._start(AskOptions(), session)
        changed = profile != before  # what is stated as it was assumed is no longer assumed
        if not session.tools:
            return (statement or says("supposes", question)) and changed and len(question.split()) <= 2 * _SHORT
        last = session.last_answer
        another_day = last is not None and day != last.as_of and (says("now", question) or read_day(question, day, self._words) == day)
        return (says("follows_up", question) or statement or another_day) and (changed or statement or another_day)

    def _goes_on(self, question: str, session: Session) -> bool:
        """Whether it goes on from a provision looked up before ("And to the people concerned?")."""
        if session.last_answer is None or session.last_answer.intent not in ("lookup", "brief", "clause"):
            return False
        words = self._words
        return words.says("about_that", question) or (words.says("follows_up", question) and len(question.split()) <= _SHORT)


def asking_sentence(question: str) -> str:
    """The last sentence that asks; the whole text where none does ("My clinic gave me an account. Can it read along?")."""
    asking = [sentence for sentence in re.split(r"(?<=[.!?])\s+", question) if sentence.endswith("?")]
    return asking[-1] if asking else question


def named_kinds(question: str, words: Words) -> tuple[SourceKind, ...]:
    """The kinds of source a look-up asks for: standards where it names a control or ISO, law and guidance where it names those."""
    if words.says("names_a_standard", question):
        return ("standard",)
    return ("law", "guidance") if words.says("names_law", question) else LEGAL_KINDS


def _with_options(profile: Profile, options: AskOptions) -> Profile:
    """What was fixed beside the question wins over what the question was read to say."""
    names = ("jurisdiction", "client_jurisdiction", "use", "plan")
    fixed = {name: value for name in names if (value := getattr(options, name)) is not None}
    settings = {**profile.settings, **options.settings}
    assumed = tuple(name for name in profile.assumed if name not in fixed)
    return profile.model_copy(update={**fixed, "settings": settings, "assumed": assumed})
