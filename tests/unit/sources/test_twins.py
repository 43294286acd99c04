"""Which official words stand beside a summary: by printed number, and where none is printed by heading and words."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.locators import parse_locator
from assistant.schema import Clause, Knowledge, Reading, Source, Version
from assistant.twins import summaries_of, twin_in

READ = (Reading(address="https://example.org/", date=date(2026, 5, 1)),)
VERSION = Version(id="v1", version_date=date(2026, 1, 1), read=READ)
PARAGRAPHS = {
    "Retention, para. 1": "This heading introduces what follows below and says nothing of its own.",
    "Retention, para. 2": "Recordings remain available for thirty days; afterwards they are erased without further notice.",
    "Support, para. 2": "Recordings remain available for thirty days if support has been asked about them.",
}


def clause(locator: str, text: str, wording: str, heading: tuple[str, ...] = ()) -> Clause:
    mark = ":official" if wording == "official" else ""
    name = Clause.make_id("sample", parse_locator(locator), "v1") + mark
    fields = {
        "id": name,
        "source_id": "sample",
        "locator": locator,
        "heading_path": heading,
        "text": text,
        "wording": wording,
        "since": "v1",
    }
    return Clause.model_validate(fields)


def held(summary: Clause, official: dict[str, str], kind: str = "vendor") -> Knowledge:
    source = Source.model_validate(
        {"id": "sample", "title": "Sample", "label": "Sample", "kind": kind, "publisher": "Nobody", "url": "https://example.org/"}
    )
    words = [clause(locator, text, "official", (locator.split(",")[0],)) for locator, text in official.items()]
    return Knowledge(
        sources={"sample": source},
        versions={"sample": (VERSION,)},
        official={"sample": (VERSION,)},
        clauses={entry.id: entry for entry in (summary, *words)},
        summarised=frozenset({"sample"}),
    )


def twin(locator: str, text: str, official: dict[str, str], kind: str = "vendor") -> str | None:
    summary = clause(locator, text, "summary")
    found = twin_in(held(summary, official, kind), summary, "v1")
    return found.locator if found else None


def test_a_printed_number_is_the_place_whatever_the_words() -> None:
    assert twin("§2", "Something said in other words.", {"§1": "Other.", "§2": "The second clause."}) == "§2"


def test_under_a_heading_the_words_decide_and_not_the_counted_paragraph() -> None:
    assert (
        twin("Retention, para. 1", "Recordings stay available thirty days, then are erased without notice.", PARAGRAPHS)
        == "Retention, para. 2"
    )


def test_words_under_another_heading_do_not_count() -> None:
    assert twin("Deletion, para. 1", "Recordings stay available thirty days, then are erased without notice.", PARAGRAPHS) is None


def test_a_paragraph_that_holds_less_than_half_of_the_words_is_no_twin() -> None:
    assert twin("Retention, para. 1", "Recordings may be handed to courts, police, auditors and insurers worldwide.", PARAGRAPHS) is None


@pytest.mark.parametrize("kind, found", [("vendor", "§2, para. 1"), ("law", None)])
def test_a_paragraph_below_a_number_stands_for_it_in_policies_but_not_in_laws(kind: str, found: str | None) -> None:
    official = {"§2, para. 1": "Recordings remain available for thirty days."}
    assert twin("§2", "Recordings stay available for thirty days.", official, kind) == found


def test_the_way_back_leads_to_the_summary() -> None:
    summary = clause("Retention, para. 1", "Recordings stay available thirty days, then are erased without notice.", "summary")
    knowledge = held(summary, PARAGRAPHS)
    official = twin_in(knowledge, summary, "v1")
    assert official is not None
    assert summaries_of(knowledge, official, "v1") == (summary,)
