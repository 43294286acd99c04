"""Versions of one imported source: their order, and the rows in which unchanged clauses stand once."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from pathlib import Path

from assistant.locators import parse_locator
from assistant.schema import Reading, Source, Version
from assistant.store import ImportedSource, Store, Words, put_in_order
from assistant.store.migrations import MIGRATIONS
from assistant.store.texts import make_rows

SOURCE = Source(id="sample", title="Sample", label="Sample", kind="vendor", publisher="Nobody", url="https://example.org/")
READ = (Reading(address="https://example.org/", date=date(2026, 5, 1)),)


def version(seen: str, printed: str | None = None) -> Version:
    return Version(id=seen, first_seen=date.fromisoformat(seen), as_of=date.fromisoformat(seen), version_date=printed, read=READ)


def text(**clauses: str) -> tuple[Words, ...]:
    return tuple(Words(parse_locator(f"§{name[1:]}"), words) for name, words in clauses.items())


def imported(*texts: tuple[str, tuple[Words, ...]]) -> ImportedSource:
    held = ImportedSource(SOURCE)
    for seen, words in texts:
        held = held.with_version(version(seen), words)
    return held


def test_a_clause_is_one_row_for_each_run_of_versions_in_which_it_stands() -> None:
    rows, sequences = make_rows(
        imported(
            ("2026-01-01", text(_1="one", _2="two")),
            ("2026-02-01", text(_1="one", _2="other")),
            ("2026-03-01", text(_1="one", _2="two")),
        )
    )
    assert [(row.id, row.since, row.until) for row in rows] == [
        ("sample/sec-1@2026-01-01", "2026-01-01", None),
        ("sample/sec-2@2026-01-01", "2026-01-01", "2026-01-01"),
        ("sample/sec-2@2026-02-01", "2026-02-01", "2026-02-01"),
        ("sample/sec-2@2026-03-01", "2026-03-01", None),
    ]
    assert sequences["2026-02-01"] == ["sample/sec-1@2026-01-01", "sample/sec-2@2026-02-01"]


def test_a_clause_that_went_ends_with_the_version_before() -> None:
    rows, _ = make_rows(imported(("2026-01-01", text(_1="one", _2="two")), ("2026-02-01", text(_1="one")), ("2026-03-01", text(_1="one"))))
    assert {row.locator: row.until for row in rows} == {"§1": None, "§2": "2026-01-01"}


def test_a_version_put_in_between_gives_the_same_rows_as_in_order() -> None:
    states = [("2026-01-01", text(_1="a")), ("2026-02-01", text(_1="b")), ("2026-03-01", text(_1="b"))]
    in_order = make_rows(imported(*states))
    assert make_rows(imported(states[2], states[0], states[1])) == in_order


def test_two_headings_with_the_same_slug_have_ids_of_their_own() -> None:
    words = (Words(parse_locator("Your data?, para. 1"), "one"), Words(parse_locator("Your data!, para. 1"), "two"))
    rows, _ = make_rows(ImportedSource(SOURCE).with_version(version("2026-01-01"), words))
    assert [row.id for row in rows] == ["sample/your-data-para-1@2026-01-01", "sample/your-data-para-1.2@2026-01-01"]


def test_versions_answer_in_the_order_of_what_they_print_and_of_when_they_were_seen() -> None:
    ordered = put_in_order([version("2026-03-10", "2026-01-01"), version("2026-01-15", "2026-01-01"), version("2026-02-01", "2026-02-01")])
    assert [(entry.id, entry.in_force_from.isoformat()) for entry in ordered] == [
        ("2026-01-15", "2026-01-01"),
        ("2026-02-01", "2026-02-01"),
        ("2026-03-10", "2026-03-10"),
    ]


def test_what_was_put_is_read_back_the_same(tmp_path: Path) -> None:
    held = imported(("2026-01-01", text(_1="one", _2="two")), ("2026-02-01", text(_2="two", _1="one", _3="three")))
    with Store(tmp_path / "store.sqlite3") as store:
        store.put_imported(held, {})
        assert store.imported("sample") == held
        knowledge = store.load()
    assert [version.id for version in knowledge.official["sample"]] == ["2026-01-01", "2026-02-01"]
    assert len(knowledge.inside_source("sample")) == 3


def test_a_store_of_the_first_format_is_brought_forward_with_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
    connection.execute(
        "INSERT INTO source VALUES ('old', 'vendor', 'knowledge', ?)", [SOURCE.model_copy(update={"id": "old"}).model_dump_json()]
    )
    stored = version("2026-01-01")
    connection.execute("INSERT INTO version VALUES ('old', ?, 0, ?)", [stored.id, stored.model_dump_json()])
    connection.commit()
    connection.close()
    with Store(path) as store:
        store.put_imported(imported(("2026-01-01", text(_1="one"))), {})
        assert set(store.load().sources) == {"old", "sample"}
        assert json.loads(store.load().official["sample"][0].model_dump_json())["id"] == "2026-01-01"


def test_a_source_kept_out_of_the_index_does_not_touch_its_digest(tmp_path: Path) -> None:
    held = imported(("2026-01-01", text(_1="one")))
    longer = held.with_version(version("2026-02-01"), text(_1="two"))
    with Store(tmp_path / "store.sqlite3") as store:
        digests = []
        for state, indexed in ((held, False), (longer, False), (longer, True)):
            store.put_imported(ImportedSource(state.source, state.versions, state.texts, indexed=indexed), {})
            digests.append(store.content_digest)
    assert digests[0] == digests[1] != digests[2]
