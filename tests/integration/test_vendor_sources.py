"""The real vendor policies: every quotation under its clause, and every pair of versions with its changes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.ingest.changes import Change, compare_versions
from assistant.ingest.documents import ParsedClause, ParsedDocument, RawDocument
from assistant.ingest.readers import markdown
from assistant.ingest.recognise import parse_document
from assistant.ingest.sentences import compared_words
from assistant.locators import parse_locator
from tests.places import SHARED
from tests.strictness import require

VENDORS = SHARED / "sources" / "vendors"
# The file's list numbers are wrong and its own cross references ("Section 3.i.") give the right ones.
RIGHT_CLAUSES = {'printed 5.5 (real 3.5 = "3.v")': "3.5"}
BROKEN = "microsoft/Privacy Policy/2024-09-19.md"
# Both versions print the same day, written in two ways: the date that changed its form only is no change.
SAME_DAY = "Updated: December 1, 2025"


def expected() -> dict[str, Any]:
    path = VENDORS / "expected.json"
    if not path.is_file():
        return {"quotes": [], "changes": []}
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


@pytest.fixture(autouse=True)
def _sources() -> None:
    require(VENDORS.is_dir(), f"the vendor policies are not at {VENDORS}")


@cache
def parse(file: str) -> ParsedDocument:
    path = VENDORS / file
    return parse_document(RawDocument(path.name, path.read_bytes()))


def folded(text: str) -> str:
    return " ".join(text.split())


def stands_under(clause: ParsedClause, headings: list[str], number: str | None) -> bool:
    """Whether the printed headings stand above the clause in that order, and its address has the number."""
    path = iter(heading.rstrip(".") for heading in clause.heading_path)
    below = all(any(heading.rstrip(".") == above for above in path) for heading in headings if not heading.startswith("("))
    address = re.sub(r"[()]+", ".", str(clause.locator).split(",")[0]).strip(".§")
    return below and (number is None or address == number or address.endswith(f".{number}"))


@pytest.mark.parametrize("quote", expected()["quotes"], ids=lambda quote: f"{quote['file']}: {quote['topic']}")
def test_every_quotation_stands_under_its_clause_and_heading(quote: dict[str, Any]) -> None:
    number = RIGHT_CLAUSES.get(quote["clause"], quote["clause"])
    holding = [clause for clause in parse(quote["file"]).clauses if folded(quote["quote"]) in clause.text]
    assert [clause for clause in holding if stands_under(clause, quote["heading_path"], number)], [
        (str(clause.locator), clause.heading_path) for clause in holding
    ]


def pair_id(pair: dict[str, Any]) -> str:
    return f"{pair['service_terms']} {Path(pair['old']).stem} to {Path(pair['new']).stem}"


pairs = pytest.mark.parametrize("pair", [pair for pair in expected()["changes"] if not pair.get("broken_new")], ids=pair_id)


@cache
def changes_of(old: str, new: str) -> tuple[Change, ...]:
    return compare_versions(parse(old).clauses, parse(new).clauses)


def sentences(changes: tuple[Change, ...], side: str) -> Iterator[tuple[Change, str]]:
    for change in changes:
        text = change.old if side == "old" else change.new
        if text and change.kind_of_change != "moved":
            yield change, " ".join(compared_words(text))


def reporting(changes: tuple[Change, ...], side: str, sentence: str) -> list[Change]:
    words = " ".join(compared_words(sentence))
    return [change for change, text in sentences(changes, side) if words in text]


@pairs
def test_every_sentence_that_came_or_went_is_reported_on_its_side_only(pair: dict[str, Any]) -> None:
    """What came is in the new words of an addition or a rewording and in no old ones; what went the other way round."""
    changes = changes_of(pair["old"], pair["new"])
    assert [sentence for sentence in pair["added"] if not reporting(changes, "new", sentence)] == []
    assert [sentence for sentence in pair["removed"] if not reporting(changes, "old", sentence)] == []
    assert [sentence for sentence in pair["added"] if reporting(changes, "old", sentence)] == []
    assert [sentence for sentence in pair["removed"] if reporting(changes, "new", sentence)] == []


@pairs
def test_every_modified_sentence_is_a_rewording(pair: dict[str, Any]) -> None:
    changes = changes_of(pair["old"], pair["new"])
    missed = [
        modified
        for modified in pair.get("modified", [])
        if modified["old"] != SAME_DAY
        and not any(
            change in reporting(changes, "new", modified["new"]) for change in reporting(changes, "old", modified["old"]) if change.marks
        )
    ]
    assert missed == []


@pairs
def test_no_unchanged_sentence_is_reported(pair: dict[str, Any]) -> None:
    changes = changes_of(pair["old"], pair["new"])
    # The name of a company within its address on the web is another word.
    shown = {
        side: [f" {change.old if side == 'old' else change.new or ''} " for change, _ in sentences(changes, side)]
        for side in ("old", "new")
    }
    assert [s for s in pair["unchanged"] for side in ("old", "new") if any(folded(s) in folded(text) for text in shown[side])] == []


@pairs
def test_no_sentence_is_reported_whose_words_stand_in_both_versions(pair: dict[str, Any]) -> None:
    """Checked against the clauses as a run of words, not against the comparison's own sentences; cells and labels are none."""
    old, new = ({" ".join(clause.text.split()) for clause in parse(pair[side]).clauses} for side in ("old", "new"))
    for change in changes_of(pair["old"], pair["new"]):
        if not (change.new or change.old or "").endswith((".", "!", "?", ";", ":")):
            continue
        if change.kind_of_change == "added":
            assert not any(f" {change.new} " in f" {text} " for text in old), change
        elif change.kind_of_change == "removed":
            assert not any(f" {change.old} " in f" {text} " for text in new), change
        elif change.kind_of_change == "reworded":
            assert compared_words(change.old or "") != compared_words(change.new or ""), change


@pairs
def test_renumbered_clauses_are_moves(pair: dict[str, Any]) -> None:
    moves = [change for change in changes_of(pair["old"], pair["new"]) if change.kind_of_change == "moved"]
    for renumbered in pair.get("renumbered", []):
        assert [c for c in moves if (c.old_locator, c.new_locator) == (f"§{renumbered['old']}", f"§{renumbered['new']}")], renumbered


def is_noise_alone(pair: dict[str, Any]) -> bool:
    """Whether nothing but noise differs; a company that was renamed is a change of words."""
    modified = [entry for entry in pair.get("modified", []) if entry["old"] != SAME_DAY]
    return not (pair["substantive"] or modified or pair.get("broken_new") or "rename" in pair["note"])


@pytest.mark.parametrize("pair", [pair for pair in expected()["changes"] if is_noise_alone(pair)], ids=pair_id)
def test_noise_alone_is_no_change(pair: dict[str, Any]) -> None:
    assert changes_of(pair["old"], pair["new"]) == ()


def test_one_added_sentence_is_all_that_changed_though_24_headings_have_other_list_numbers() -> None:
    changes = changes_of("zoom/Terms of Service/2023-07-28.md", "zoom/Terms of Service/2023-08-07.md")
    assert [(change.kind_of_change, change.locator) for change in changes] == [("reworded", "Preamble, para. 1"), ("added", "§10.4")]


def test_renaming_a_company_rewords_the_sentences_that_name_it_and_nothing_else() -> None:
    changes = changes_of("zoom/Terms of Service/2023-08-11.md", "zoom/Terms of Service/2025-09-23.md")
    marks = [{mark.words.strip(",") for mark in change.marks if mark.kind != "same"} for change in changes]
    assert [change.kind_of_change for change in changes] == ["reworded"] * 4
    assert marks == [{"Video"}] * 4


def test_a_broken_capture_is_refused_and_said_to_be_one() -> None:
    with pytest.raises(InputError, match=r"61 bytes.*broken capture"):
        parse(BROKEN)


def test_wrong_list_numbers_are_put_right() -> None:
    document = parse("zoom/Terms of Service/2023-08-07.md")
    addresses = {str(clause.locator) for clause in document.clauses}
    assert {"§7", "§20", "§27.1", "§34"} & addresses >= {"§7", "§20", "§27.1"}
    assert any("list numbers" in warning for warning in document.warnings)
    assert not {f"§{number}" for number in (57, 98, 120, 133, 146)} & addresses


def policies() -> list[Path]:
    return sorted(path for path in VENDORS.rglob("*.md") if path.parent != VENDORS and path.relative_to(VENDORS).as_posix() != BROKEN)


def test_addresses_are_unique_and_read_back() -> None:
    for path in policies():
        locators = [clause.locator for clause in parse(path.relative_to(VENDORS).as_posix()).clauses]
        assert len(set(map(str, locators))) == len(locators), path
        assert [locator for locator in locators if parse_locator(str(locator)) != locator] == [], path


def test_no_word_of_a_policy_is_lost() -> None:
    """Every word that the Markdown shows stands in a clause or a heading; numbers of lists and what ``skipped`` names apart."""
    for path in policies():
        document = parse(path.relative_to(VENDORS).as_posix())
        if document.skipped:
            continue
        _, body = markdown.split_front_matter(path.read_text(encoding="utf-8"))
        shown = [block.text for block in markdown.blocks_of_markdown(body)]
        held = " ".join([*(clause.text for clause in document.clauses), *(h for clause in document.clauses for h in clause.heading_path)])
        lost = set(words_of(" ".join(shown))) - set(words_of(held))
        assert {word for word in lost if len(word) > 4 and not word.isdigit()} == set(), path


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())
