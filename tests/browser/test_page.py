"""A conversation on the page: the verdict comes first, every clause is one click away, and nothing leaves this machine."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from tests.browser.conftest import PATIENCE, PHONE, Visit, Visitor, serving

QUESTION = "Is Zoom safe for therapy?"
VERDICTS = re.compile("Suitable|Only on conditions|Not enough evidence|Not suitable")

# A source of the user's own that tries to be more than text.
HOSTILE_SOURCE = """
source:
  id: hostile
  title: "Handbook <b>of parrots</b>"
  label: Parrot handbook
  kind: guidance
  publisher: Nobody
  url: "javascript:alert(2)"
  tools: []
  jurisdictions: []
  language: en
versions:
  - id: "2026-11-01"
    version_date: 2026-11-01
    as_of: 2026-11-01
    read:
      - {address: "https://example.org/parrots", date: 2026-11-01}
clauses:
  - locator: "§1"
    text: >-
      Parrots in the waiting room are covered with a cloth <img src=x onerror=alert(1)> during every session.
      <script>alert(3)</script> See [the list](https://example.org/list) and ![a picture](https://example.org/picture.png).
    practice: "Cover them <svg onload=alert(4)>"
"""


def test_verdict_comes_first_and_its_clauses_are_one_click_away(visit: Visitor) -> None:
    person = visit()
    answer = person.ask(QUESTION)
    expect(answer.locator(":scope > :first-child .cw-verdict").first).to_have_text(VERDICTS)

    mark = answer.locator("a.cw-mark").first
    mark.click()
    panel = person.page.locator("#cw-panel")
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading")).to_contain_text(str(mark.get_attribute("title")))
    text = panel.locator(".cw-text")
    assert len(text.inner_text()) > 20
    assert text.locator("mark").inner_text() in text.inner_text()
    expect(panel.locator(".cw-wording")).to_contain_text(re.compile("Our summary|Official words"))
    expect(panel.locator(".cw-facts")).to_contain_text("Last seen in force")
    link = panel.get_by_role("link")
    assert urlsplit(str(link.get_attribute("href"))).scheme in ("http", "https")
    assert "noopener" in str(link.get_attribute("rel"))

    person.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(mark).to_be_focused()


def test_list_of_clauses_opens_where_it_stands(visit: Visitor) -> None:
    answer = visit().ask(QUESTION)
    entry = answer.locator("details").first
    expect(entry.locator(".cw-text")).to_be_hidden()
    entry.locator("summary").click()
    expect(entry.locator(".cw-text")).to_be_visible()
    assert answer.locator("details").count() == len({_target(mark) for mark in answer.locator("a.cw-mark").all()})


def test_page_asks_nothing_of_any_other_machine(visit: Visitor) -> None:
    person = visit()
    answer = person.ask(QUESTION)
    answer.locator("a.cw-mark").first.click()
    answer.locator("summary").first.click()
    person.page.get_by_role("button", name="Start over").click()
    expect(person.answers).to_have_count(0)
    assert len(person.requests) > 10
    assert [url for url in person.requests if not _is_near(url)] == []


def test_hostile_question_shows_as_text_and_runs_nothing(visit: Visitor) -> None:
    person = visit()
    hostile = "<img src=x onerror=alert(1)>"
    person.ask(hostile)
    expect(person.page.locator(".cw-question")).to_have_text(hostile)
    assert person.page.locator("#cw-chat img").count() == 0
    assert person.dialogs == []


def test_hostile_clause_shows_as_text_and_runs_nothing(visit: Visitor, own_home: Path, tmp_path: Path) -> None:
    (own_home / "knowledge").mkdir(exist_ok=True)
    (own_home / "knowledge" / "hostile.yaml").write_text(HOSTILE_SOURCE, encoding="utf-8")
    with serving(own_home, tmp_path / "errors.txt") as address:
        person = visit(at=address)
        answer = person.ask("Are parrots in the waiting room covered with a cloth during sessions?")
        answer.locator("a.cw-mark[title='Parrot handbook §1']").first.click()
        panel = person.page.locator("#cw-panel")
        expect(panel.locator(".cw-text")).to_contain_text("<img src=x onerror=alert(1)>")
        expect(panel.locator(".cw-text")).to_contain_text("![a picture](https://example.org/picture.png)")
        expect(panel.locator(".cw-practice")).to_contain_text("<svg onload=alert(4)>")
        expect(panel).to_contain_text("Handbook <b>of parrots</b>")
        assert panel.get_by_role("link").count() == 0
        assert person.page.locator("#cw-chat img, #cw-panel img, #cw-panel svg, #cw-chat script").count() == 0
        assert person.dialogs == []
        assert [url for url in person.requests if not _is_near(url)] == []


def test_two_people_do_not_see_each_other(visit: Visitor) -> None:
    first, second = visit(), visit()
    first.ask(QUESTION)
    expect(second.answers).to_have_count(0)
    second.ask("Is it safe?")  # would be about Zoom, were the conversations one
    expect(second.page.locator("#cw-chat")).not_to_contain_text(QUESTION)
    expect(second.answers.first.locator(".cw-verdict:not(.cw-abstained)")).to_have_count(0)
    expect(first.answers).to_have_count(1)


def test_phone_needs_no_sideways_scrolling(visit: Visitor) -> None:
    person = visit(PHONE)
    assert _overflow(person) == 0
    answer = person.ask(QUESTION)
    assert _overflow(person) == 0
    answer.locator("summary").first.click()
    answer.locator("a.cw-mark").first.click()
    assert _overflow(person) == 0
    case = person.page.locator("#cw-case")
    expect(case).to_be_hidden()
    person.page.keyboard.press("Escape")
    person.page.get_by_role("button", name="Your case").click()
    expect(case).to_be_visible()
    assert _overflow(person) == 0


def test_case_beside_the_question_reaches_the_assistant(visit: Visitor) -> None:
    person = visit()
    person.page.get_by_label("I practise in").get_by_label("US").check()
    person.page.get_by_label("Judge as of").fill("2026-11-25")
    answer = person.ask(QUESTION)
    expect(answer).to_contain_text("25 Nov 2026")
    expect(answer).not_to_contain_text("United Kingdom")


def test_plans_offered_are_those_of_the_tool_talked_about(visit: Visitor) -> None:
    person = visit()
    person.ask(QUESTION)
    plans = person.page.get_by_label("Plan", exact=True)
    plans.click()
    person.page.get_by_role("option", name="Business", exact=True).click()
    answer = person.ask(QUESTION)
    expect(answer).not_to_contain_text("plan not named")


def test_start_over_forgets_the_conversation(visit: Visitor) -> None:
    person = visit()
    person.ask(QUESTION)
    person.page.get_by_role("button", name="Start over").click()
    expect(person.answers).to_have_count(0)
    answer = person.ask("Is it safe?")
    expect(answer.locator(".cw-verdict:not(.cw-abstained)")).to_have_count(0)


def test_example_and_suggestion_are_asked_by_one_click(visit: Visitor) -> None:
    person = visit()
    person.page.get_by_role("button", name=QUESTION).click()
    person.wait_for_answer(0)
    person.page.locator("#cw-chat .option").first.click()
    person.wait_for_answer(1)
    assert person.page.locator(".cw-question").count() == 2


def test_question_that_cannot_be_read_gets_a_polite_sentence(visit: Visitor) -> None:
    person = visit()
    expect(person.ask("  ")).to_contain_text("empty")
    expect(person.ask("word " * 5_000)).to_contain_text("characters")


def test_page_says_its_language_and_names_its_fields(visit: Visitor) -> None:
    page = visit().page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for label in ("Your question", "I practise in", "My client is in", "I use it for", "Plan", "Clients join by", "Judge as of"):
        expect(page.get_by_label(label, exact=True).first).to_be_visible(timeout=PATIENCE)


def test_other_names_for_this_machine_are_not_answered(visit: Visitor, address: str) -> None:
    """A site that points a name of its own at this machine must not read the page."""
    request = visit().page.request
    assert request.get(address).status == 200
    assert request.get(address, headers={"Host": "elsewhere.example"}).status == 400
    assert "default-src 'self'" in request.get(address).headers["content-security-policy"]


def _target(mark: Locator) -> str:
    return str(mark.get_attribute("href"))


def _is_near(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob") or parts.hostname == "127.0.0.1"


def _overflow(person: Visit) -> int:
    """How many pixels the page is wider than its window."""
    return int(person.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
