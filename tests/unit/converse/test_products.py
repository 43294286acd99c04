"""Products that exist and are not held: found by name, not found in words that only look like one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.converse.compose.others import compose_unknown_tool, left_out
from assistant.converse.names import ToolNames
from assistant.converse.products import Products, names_of_products, product_list
from assistant.converse.query import AskOptions
from assistant.converse.session import Session
from assistant.converse.understand import Understanding
from assistant.converse.words import words_of
from assistant.guard import KnownNames, protect_question
from assistant.ingest.knowledge_files import load_knowledge, shipped_knowledge
from tests.unit.converse.test_understand import KNOWN_WORDS, TEAMS, TODAY, ZOOMER, judge
from tests.unit.samples import sample_knowledge


@pytest.fixture(scope="module")
def products() -> Products:
    words = words_of()
    return Products(product_list(), words.source("used_as_tool"), words.source("name_ends"))


@pytest.fixture
def understanding(tmp_path: Path) -> Understanding:
    held = replace(sample_knowledge(tmp_path), tools={"zoomer": ZOOMER, "teams": TEAMS})
    return Understanding(held, KNOWN_WORDS.__contains__, judge, "uk")


@pytest.mark.parametrize(
    "question, name",
    [
        ("Does SimplePractice sign a business associate agreement?", "SimplePractice"),
        ("Where does proton mail keep its data?", "Proton Mail"),
        ("Where does ProtonMail keep its data?", "Proton Mail"),
        ("My group meets on gotomeeting.", "GoTo Meeting"),
        ("Clients book me over Cal.com, alright?", "Cal.com"),
        ("Is the Loom app encrypted?", "Loom"),
        ("Can I send a film with Loom?", "Loom"),
        ("Is the heidi scribe any good?", "Heidi"),
        ("Can I use Heidi for my notes?", "Heidi"),
        ("Is Skype for Business still there?", "Skype for Business"),
    ],
)
def test_a_product_is_found_by_any_of_its_names(products: Products, question: str, name: str) -> None:
    found = products.find(question)
    assert found is not None
    assert found.product.name == name


@pytest.mark.parametrize(
    "question",
    [
        "May I keep therapy notes at home?",
        "Can clients join me from the browser?",
        "May we transfer data to the US?",
        "Is there a way around the contract?",
        "I offer calm sessions in a simple practice",
        "My client Heidi wants her notes",
        "Where do I draw the line?",
        "Must I be wise about notions of privacy?",
        "Whom do I call on Monday?",
        "I have a blueprint for my forms",
    ],
)
def test_ordinary_words_are_no_products(products: Products, question: str) -> None:
    assert products.find(question) is None
    assert products.find_misspelt(question, KNOWN_WORDS.__contains__) is None


@pytest.mark.parametrize(
    "question, name", [("Can I use Calendley?", "Calendly"), ("may i use simplepractise with clients", "SimplePractice")]
)
def test_a_misspelt_product_is_found_where_a_tool_stands(products: Products, question: str, name: str) -> None:
    found = products.find_misspelt(question, KNOWN_WORDS.__contains__)
    assert found is not None
    assert found.name == name


def test_no_product_of_the_list_is_held() -> None:
    knowledge = load_knowledge([shipped_knowledge()], today=date(2026, 11, 24))
    held = {alias.lower() for tool in knowledge.tools.values() for alias in (tool.id, tool.name, *tool.aliases)}
    listed = [name.strip().lower() for kind in product_list().kinds.values() for line in kind.products for name in line.split("|")]
    assert len(listed) > 300
    assert held.isdisjoint(listed)
    assert sorted({name for name in listed if listed.count(name) > 1}) == []


def test_every_word_that_is_also_an_ordinary_one_names_a_product() -> None:
    held = product_list()
    listed = {name.strip().lower() for kind in held.kinds.values() for line in kind.products for name in line.split("|")}
    also = {" ".join(name.split()) for text in (held.words_too, held.people_too) for name in text.split("|")}
    assert also <= listed


def test_a_question_about_a_product_that_is_not_held_is_told_so(understanding: Understanding) -> None:
    query = understanding.read("Does Calendly sign a BAA?", AskOptions(), Session(), TODAY)
    assert (query.intent, query.unknown_tool) == ("unknown_tool", "Calendly")
    draft = compose_unknown_tool("Calendly", [ZOOMER, TEAMS], query.product)
    assert "a tool for making appointments" in draft.intro[0]
    video = understanding.read("We meet over BlueJeans, any trouble?", AskOptions(), Session(), TODAY)
    assert compose_unknown_tool("BlueJeans", [ZOOMER, TEAMS], video.product).intro[-1].endswith("on Zoomer and Example Teams.")


def test_a_question_of_law_may_name_a_product(understanding: Understanding) -> None:
    assert understanding.read("Do I need a contract with Calendly?", AskOptions(), Session(), TODAY).intent == "lookup"


def test_a_product_beside_the_tool_talked_about_changes_nothing(understanding: Understanding) -> None:
    query = understanding.read("Does it work with Google Calendar?", AskOptions(), Session(tools=("zoomer",)), TODAY)
    assert query.tools == ("zoomer",)


def test_a_tool_compared_with_a_product_that_is_not_held(understanding: Understanding) -> None:
    query = understanding.read("Zoomer or BlueJeans?", AskOptions(), Session(), TODAY)
    assert query.tools == ("zoomer",)
    assert left_out(query) == ("I hold no document on BlueJeans, so it is left out here.",)


def test_a_longer_name_that_holds_that_of_a_tool_is_another_product() -> None:
    names = ToolNames([ZOOMER.model_copy(update={"aliases": ("skype",)})], KNOWN_WORDS.__contains__, words_of())
    assert names.find("Can I use Skype with clients?").held == ("zoomer",)
    assert names.find("Can I use Skype for Business with clients?").unknown == "Skype for Business"


def test_names_of_products_are_left_alone_by_the_guard(tmp_path: Path) -> None:
    known = KnownNames.of(sample_knowledge(tmp_path), products=names_of_products())
    for question in ("My client suggested Mentalyc for our notes.", "We do everything in Cliniko."):
        assert protect_question(question, known).text == question
    assert "Heidi" not in protect_question("My client Heidi Sommer wants her notes.", known).text
