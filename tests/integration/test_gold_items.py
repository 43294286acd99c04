"""What must be said of Zoom beside its verdict: every item of the fifth gold file is answered from the section that says it."""

from __future__ import annotations

from importlib.resources import files

import pytest

from assistant.assistant import Assistant
from eval.gold import GoldQuestion, load_gold
from eval.run import Examiner
from eval.targets import TargetFinder


@pytest.fixture(scope="module")
def items(assistant: Assistant) -> dict[str, GoldQuestion]:
    gold = load_gold(files("eval").joinpath("gold"), assistant.knowledge)
    return {question.id: question for question in gold.questions if question.id.startswith("z")}


@pytest.mark.parametrize("number", range(1, 15))
def test_the_item_is_answered_from_its_section(assistant: Assistant, items: dict[str, GoldQuestion], number: int) -> None:
    result = Examiner(assistant, TargetFinder(assistant.knowledge)).examine(items[f"z{number:03}"])
    assert not result.is_miss, [fault.detail for fault in result.faults]


def test_each_wording_of_the_licence_is_cited_with_its_section_and_day(assistant: Assistant, items: dict[str, GoldQuestion]) -> None:
    said = {}
    for number in (7, 8, 9, 10, 11):
        item = items[f"z{number:03}"]
        answer = assistant.ask(item.asked[0], item.options)
        said[number] = {(c.locator, c.id) for c in answer.citations if c.source == "zoom-terms"}
    assert {locator for locator, _ in said[7] | said[8] | said[9]} == {"§10.4"}
    assert {locator for locator, _ in said[10] | said[11]} == {"§10.2"}
    assert said[7] == said[8]
    assert said[8] != said[9]


def test_the_verdict_says_that_nothing_is_wholly_secure_and_what_the_product_is_made_for(assistant: Assistant) -> None:
    text = assistant.ask("Is Zoom 100 % secure?").text
    assert "nothing is 100 % secure" in text
    assert "made for business meetings" in text


def test_opinions_of_others_are_dated(assistant: Assistant) -> None:
    assert "Opinion of others, 15 August 2023" in assistant.ask("Is Zoom safe for therapy?").text
