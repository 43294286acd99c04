"""What a question is about, read by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.converse.names import ToolNames
from assistant.converse.query import AskOptions, Query
from assistant.converse.session import Session
from assistant.converse.understand import ToolWish, Understanding
from assistant.converse.words import words_of
from assistant.schema import Answer, Intent, Profile, Tool
from tests.unit.samples import sample_knowledge

TODAY = date(2026, 6, 1)
KNOWN_WORDS = set(
    "the a is safe for therapy can i use it with clients and what about which clause lets them record recordings must processor help me "
    "when asks access to does how who may walk into my consulting rooms us practice in my client lives free account browser ok gdpr".split()
)


def tool(tool_id: str, name: str, *aliases: str) -> Tool:
    base = {"product": name, "publisher": "Example Ltd", "made_for": "meetings", "uses": ["session"], "entry_plan": "free"}
    settings = [
        {
            "id": "joining",
            "name": "How clients join",
            "values": ["app", "browser"],
            "assumed": "browser",
            "controlled_by": "client",
            "aliases": {"browser": ["browser"]},
        }
    ]
    plans = [{"id": "free", "name": "Free"}, {"id": "pro", "name": "Pro"}]
    return Tool.model_validate({"id": tool_id, "name": name, "aliases": aliases, "settings": settings, "plans": plans, **base})


ZOOMER = tool("zoomer", "Zoomer", "zoomer workplace")
TEAMS = tool("teams", "Example Teams", "teams")


@pytest.fixture
def understanding(tmp_path: Path) -> Understanding:
    knowledge = sample_knowledge(tmp_path)
    held = replace(knowledge, tools={"zoomer": ZOOMER, "teams": TEAMS})
    return Understanding(held, KNOWN_WORDS.__contains__, judge, "uk")


def judge(question: str, tools: Sequence[Tool], day: date) -> ToolWish:
    """Stands in for the fitted model: a question word or a feature makes a topic, cooking lies outside."""
    if "cook" in question:
        return "outside"
    return "topic" if re.match(r"(?:Which|Does|Can clients)", question) else "verdict"


def read(understanding: Understanding, question: str, session: Session | None = None, **options: object) -> Query:
    return understanding.read(question, AskOptions.model_validate(options), session or Session(), TODAY)


@pytest.mark.parametrize(
    "question, intent, tools",
    [
        ("Is Zoomer safe for therapy?", "verdict", ("zoomer",)),
        ("Can I use Zoomer with clients?", "verdict", ("zoomer",)),
        ("what about zoomer", "verdict", ("zoomer",)),
        ("Is zoommer ok for clients", "verdict", ("zoomer",)),
        ("Zoomer or Teams?", "comparison", ("zoomer", "teams")),
        ("Which clause lets Zoomer record?", "topic", ("zoomer",)),
        ("Does Zoomer train AI?", "topic", ("zoomer",)),
        ("Can clients join Zoomer from the browser?", "topic", ("zoomer",)),
        ("Is Acuity safe for therapy?", "unknown_tool", ()),
        ("Can I use Bluebird Rooms with clients?", "unknown_tool", ()),
        ("Is it safe?", "ask_back", ()),
        ("Which clause lets them reuse recordings?", "ask_back", ()),
        ("Must a processor help me when a client asks for access?", "lookup", ()),
        ("Who may walk into my consulting rooms?", "lookup", ()),
        ("What does Article 28(3)(e) say?", "lookup", ()),
        ("Write the request to Zoomer for me", "letter", ("zoomer",)),
        ("hello!", "capabilities", ()),
        ("start over", "start_over", ()),
        ("Please start again.", "start_over", ()),
        ("I practise in Germany.", "noted", ()),
        ("I practise in London.", "noted", ()),
        ("And if I live in France?", "noted", ()),
        ("And Zoomer?", "verdict", ("zoomer",)),
        ("My client wants to end her life", "danger", ()),
        ("A patient is going to hurt himself, what now?", "danger", ()),
        ("Does Zoomer cook?", "outside", ("zoomer",)),
        ("Which of Zoomer and Teams cooks better?", "outside", ("zoomer", "teams")),
        ("May I run groups on Bluebird?", "unknown_tool", ()),
    ],
)
def test_the_intent_and_the_tools_are_read(understanding: Understanding, question: str, intent: Intent, tools: tuple[str, ...]) -> None:
    query = read(understanding, question)
    assert (query.intent, query.tools) == (intent, tools)


def test_an_unknown_tool_is_named_as_written(understanding: Understanding) -> None:
    assert read(understanding, "Is the Bluebird Rooms app safe?").unknown_tool == "Bluebird Rooms app"


@pytest.mark.parametrize(
    "question, field, value",
    [
        ("Is Zoomer safe in Germany?", "jurisdiction", "eu"),
        ("Is Zoomer HIPAA compliant?", "jurisdiction", "us"),
        ("Is Zoomer ok for a practice in the US?", "jurisdiction", "us"),
        ("Is Zoomer ok for us?", "jurisdiction", "uk"),
        ("Is Zoomer safe when my client lives in France?", "client_jurisdiction", "eu"),
        ("Is Zoomer safe for messaging?", "use", "messaging"),
        ("Is Zoomer ok for children?", "clients", "minors"),
        ("Is the Pro plan of Zoomer safe?", "plan", "pro"),
        ("Can I use Zoomer Pro?", "plan", "pro"),
        ("Is Zoomer safe from the browser?", "settings", {"joining": "browser"}),
        ("Can I record with Zoomer?", "features", {"recording": "on"}),
        ("Is Zoomer safe without recording?", "features", {"recording": "off"}),
    ],
)
def test_the_case_is_read_from_the_question(understanding: Understanding, question: str, field: str, value: object) -> None:
    assert getattr(read(understanding, question).profile, field) == value


def test_what_is_stated_is_no_longer_assumed(understanding: Understanding) -> None:
    assert "jurisdiction" in read(understanding, "Is Zoomer safe?").profile.assumed
    assert "jurisdiction" not in read(understanding, "Is Zoomer safe in Germany?").profile.assumed


def test_options_win_over_words(understanding: Understanding) -> None:
    query = read(understanding, "Is Zoomer safe in Germany?", jurisdiction="us", plan="free", settings={"joining": "app"})
    assert (query.profile.jurisdiction, query.profile.plan, query.profile.settings) == ("us", "free", {"joining": "app"})


@pytest.mark.parametrize(
    "question, day",
    [
        ("Was Zoomer safe in July 2023?", date(2023, 7, 1)),
        ("What did Zoomer's terms say on 8 August 2023?", date(2023, 8, 8)),
        ("Zoomer as of 2023-09-01?", date(2023, 9, 1)),
        ("Is Zoomer safe in May 2031?", TODAY),
        ("Is Zoomer safe on 31 February 2024?", TODAY),
    ],
)
def test_a_day_in_the_past_is_read_and_no_other(understanding: Understanding, question: str, day: date) -> None:
    assert read(understanding, question).day == day


def conversation(understanding: Understanding, question: str) -> Session:
    query = read(understanding, question)
    session = Session()
    session.remember(Answer(question=question, text="", intent=query.intent, tools=query.tools, profile=query.profile, as_of=TODAY))
    return session


@pytest.mark.parametrize(
    "question, intent",
    [
        ("Is it safe?", "verdict"),
        ("Does it record?", "topic"),
        ("Which clause lets them record?", "topic"),
        ("Which clause says that?", "clause"),
        ("And in Germany?", "verdict"),
        ("My client lives in France now", "verdict"),
        ("and without recording?", "verdict"),
        ("with recording?", "verdict"),
        ("And if I am in France?", "verdict"),
        ("I only have the free account.", "verdict"),
        ("Show me that paragraph", "clause"),
        ("Show me the clause, please", "clause"),
        ("Which clause?", "clause"),
        ("Where does the law say that?", "clause"),
        ("Why not?", "verdict"),
        ("Really?", "verdict"),
        ("What would be better?", "verdict"),
        ("no recording", "verdict"),
        ("make that Germany", "verdict"),
        ("in France", "verdict"),
        ("My client is 15", "verdict"),
        ("What about in May 2025?", "verdict"),
        ("What would I have to do?", "conditions"),
        ("Write to them for me", "letter"),
    ],
)
def test_a_follow_up_is_about_the_tool_of_the_conversation(understanding: Understanding, question: str, intent: Intent) -> None:
    query = read(understanding, question, conversation(understanding, "Is Zoomer safe?"))
    assert (query.intent, query.tools) == (intent, ("zoomer",))


def test_both_are_the_two_tools_named_last(understanding: Understanding) -> None:
    session = conversation(understanding, "Is Zoomer safe?")
    query = read(understanding, "And Teams?", session)
    session.remember(Answer(question="", text="", intent=query.intent, tools=query.tools, profile=query.profile, as_of=TODAY))
    compared = read(understanding, "compare both", session)
    assert (compared.intent, compared.tools) == ("comparison", ("zoomer", "teams"))


def test_all_are_the_tools_named_so_far_and_one_alone_asks_back(understanding: Understanding) -> None:
    assert read(understanding, "compare both", conversation(understanding, "Is Zoomer safe?")).intent == "ask_back"
    session = conversation(understanding, "Zoomer or Teams?")
    assert read(understanding, "Compare all of them", session).tools == ("zoomer", "teams")


def test_another_tool_asks_the_same_whatever_was_asked_in_between(understanding: Understanding) -> None:
    session = conversation(understanding, "Does Zoomer record?")
    session.remember(Answer(question="Hello", text="", intent="capabilities", profile=Profile(), as_of=TODAY))
    query = read(understanding, "And Teams?", session)
    assert (query.intent, query.search) == ("topic", "Does the service record?")


@pytest.mark.parametrize(
    "question", ["And Teams?", "What about Teams?", "teams then?", "And Teams, for the same?", "Is Teams any different?"]
)
@pytest.mark.parametrize("before, intent", [("Is Zoomer safe?", "verdict"), ("Does Zoomer record?", "topic")])
def test_another_tool_alone_asks_the_same_of_it(understanding: Understanding, question: str, before: str, intent: Intent) -> None:
    query = read(understanding, question, conversation(understanding, before))
    assert (query.intent, query.tools) == (intent, ("teams",))


def test_the_same_topic_is_searched_with_the_words_of_the_question_before(understanding: Understanding) -> None:
    query = read(understanding, "And Teams?", conversation(understanding, "Does Zoomer record?"))
    assert query.search == "Does the service record?"


def test_after_two_tools_a_change_of_the_case_compares_them_anew(understanding: Understanding) -> None:
    query = read(understanding, "and without recording?", conversation(understanding, "Zoomer or Teams?"))
    assert (query.intent, query.tools, query.profile.features) == ("comparison", ("zoomer", "teams"), {"recording": "off"})


def test_a_follow_up_to_a_provision_is_searched_with_it_and_tells_nothing_twice(understanding: Understanding) -> None:
    query = read(understanding, "By when must I report a breach?")
    session = Session()
    session.remember(Answer(question=query.question, text="", intent="lookup", profile=query.profile, as_of=TODAY))
    after = read(understanding, "And to the people concerned?", session)
    assert (after.intent, after.search) == ("lookup", "By when must I report a breach? And to the people concerned?")


def test_starting_over_forgets_tools_and_case(understanding: Understanding) -> None:
    session = conversation(understanding, "Is Zoomer safe in Germany?")
    session.forget()
    after = read(understanding, "Is it safe?", session)
    assert (after.intent, after.profile.jurisdiction) == ("ask_back", "uk")


def test_the_case_is_carried_on(understanding: Understanding) -> None:
    session = conversation(understanding, "Is Zoomer Pro safe in Germany?")
    profile: Profile = read(understanding, "Is it safe without recording?", session).profile
    assert (profile.jurisdiction, profile.plan, profile.features) == ("eu", "pro", {"recording": "off"})


def test_two_conversations_know_nothing_of_each_other(understanding: Understanding) -> None:
    conversation(understanding, "Is Zoomer safe?")
    assert read(understanding, "Is it safe?").intent == "ask_back"


@pytest.mark.parametrize(
    "question, held",
    [
        ("is singal ok", ("signal",)),
        ("zomer for sessions?", ("zoomer",)),
        ("boomer for sessions?", ("zoomer",)),
        ("Are single rooms ok?", ()),
        ("is signature ok", ()),
    ],
)
def test_a_misspelt_name_is_recognised_by_one_or_two_slips(question: str, held: tuple[str, ...]) -> None:
    names = ToolNames([tool("signal", "Example Signal", "signal"), ZOOMER], {*KNOWN_WORDS, "single"}.__contains__, words_of())
    assert names.find(question).held == held


@pytest.mark.parametrize(
    "question, held", [("Can I meet clients online?", ()), ("Is Meet safe?", ("meet",)), ("meet or zoomer?", ("meet", "zoomer"))]
)
def test_an_alias_that_is_an_ordinary_word_counts_only_as_a_name(question: str, held: tuple[str, ...]) -> None:
    names = ToolNames([tool("meet", "Example Meet", "meet"), ZOOMER], KNOWN_WORDS.__contains__, words_of())
    assert names.find(question).held == held
