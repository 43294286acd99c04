"""Bringing texts in and out of the store, on made-up terms; the index is not touched here."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from assistant import library
from assistant.dating import Dating
from assistant.errors import InputError, UsageError
from assistant.ingest.details import Details
from assistant.ingest.importing import ImportReport
from assistant.schema import Knowledge
from assistant.settings import Settings
from assistant.sources import (
    ImportOptions,
    ImportSummary,
    export_texts,
    find_changes,
    import_texts,
    remove_texts,
)
from assistant.store import Store
from tests.unit.samples import write_knowledge
from tests.unit.sources.policies import CONTRACT, MARKER, OFTEN, write_terms

TODAY = date(2026, 6, 1)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder over made-up knowledge."""
    folder = write_knowledge(tmp_path / "shipped")
    monkeypatch.setattr(library, "shipped_knowledge", lambda: folder)
    return Settings(home=tmp_path / "home")


def bring_in(settings: Settings, path: Path, source_id: str | None = None, **fields: object) -> ImportReport:
    (report,) = bring_in_all(settings, path, source_id, **fields).reports
    return report


def bring_in_all(settings: Settings, path: Path, source_id: str | None = None, **fields: object) -> ImportSummary:
    options = ImportOptions(source_id, Details.model_validate(fields))
    return import_texts(settings, path, options, today=TODAY)


def held(settings: Settings) -> Knowledge:
    with Store(settings.database) as store:
        return store.load()


def test_a_dated_folder_is_one_source_with_its_versions(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "Example Meet" / "Terms of Service"
    for day in ("2026-01-10", "2026-03-10"):
        write_terms(folder, day, recordings=OFTEN if day.startswith("2026-03") else "never use recordings for advertising")
    report = bring_in(settings, folder)
    assert (report.source, report.kind) == ("example-meet-terms-of-service", "vendor")
    assert [version["id"] for version in report.versions] == ["2026-01-10", "2026-03-10"]
    knowledge = held(settings)
    assert knowledge.sources[report.source].tools == ("example-meet",)
    assert {clause.since for clause in knowledge.inside_source(report.source) if "recordings" in clause.text} == {
        "2026-01-10",
        "2026-03-10",
    }


def test_what_was_guessed_is_said(settings: Settings, tmp_path: Path) -> None:
    report = bring_in(settings, write_terms(tmp_path / "Example Meet" / "Terms", "2026-01-10"), language="en", publisher="Example Ltd")
    assert {"id", "kind", "tools", "url"} <= report.guessed.keys()
    assert not {"language", "publisher"} & report.guessed.keys()


def test_a_clause_unchanged_between_versions_stands_once(settings: Settings, tmp_path: Path) -> None:
    write_terms(tmp_path / "terms", "2026-01-10")
    write_terms(tmp_path / "terms", "2026-03-10", recordings=OFTEN)
    bring_in(settings, tmp_path / "terms", "sample-import")
    contract = [clause for clause in held(settings).inside_source("sample-import") if "Pro plan" in clause.text]
    assert [(clause.since, clause.until) for clause in contract] == [("2026-01-10", None)]


def test_the_same_bytes_again_change_nothing(settings: Settings, tmp_path: Path) -> None:
    path = write_terms(tmp_path / "terms", "2026-01-10")
    assert bring_in(settings, path, "sample-import").changed
    with Store(settings.database) as store:
        before = (store.imports_digest, store.content_digest)
    later = import_texts(settings, path, ImportOptions("sample-import"), today=date(2026, 6, 20))
    assert not later.changed
    with Store(settings.database) as store:
        assert (store.imports_digest, store.content_digest) == before


def test_versions_come_in_any_order(settings: Settings, tmp_path: Path) -> None:
    for day, words in (("2026-03-10", OFTEN), ("2026-01-10", "never use recordings for advertising")):
        bring_in(settings, write_terms(tmp_path / "terms", day, recordings=words), "sample-import")
    knowledge = held(settings)
    assert [version.id for version in knowledge.official["sample-import"]] == ["2026-01-10", "2026-03-10"]

    def words_on(day: date) -> list[str]:
        dating = Dating(knowledge, day)
        return [
            clause.text[:9] for clause in knowledge.inside_source("sample-import") if "record" in clause.text and dating.answers(clause)
        ]

    assert words_on(date(2026, 2, 1)) == ["We never "]
    assert words_on(date(2026, 4, 1)) == ["We may us"]


def test_a_later_capture_that_prints_the_old_date_answers_only_from_the_day_it_was_seen(settings: Settings, tmp_path: Path) -> None:
    for day, words in (("2026-01-10", "never use recordings for advertising"), ("2026-03-10", OFTEN)):
        write_terms(tmp_path / "terms", day, recordings=words, printed="5 January 2026")
    bring_in(settings, tmp_path / "terms", "sample-import")
    first, second = held(settings).official["sample-import"]
    assert (first.version_date, first.in_force_from) == (date(2026, 1, 5), date(2026, 1, 5))
    assert (second.version_date, second.in_force_from) == (date(2026, 1, 5), date(2026, 3, 10))


def test_no_date_is_ever_invented(settings: Settings, tmp_path: Path) -> None:
    path = write_terms(tmp_path / "terms", "2026-01-10").rename(tmp_path / "terms.md")
    report = bring_in(settings, path, "sample-import")
    (version,) = held(settings).official["sample-import"]
    assert (version.id, version.as_of, version.first_seen, version.version_date) == ("undated", None, None, None)
    assert any("counts as stale" in warning for warning in report.warnings)
    clause = held(settings).inside_source("sample-import")[0]
    assert Dating(held(settings), TODAY).is_stale(clause)


def test_a_side_file_and_front_matter_say_what_the_file_does_not(settings: Settings, tmp_path: Path) -> None:
    path = write_terms(tmp_path, "2026-01-10").rename(tmp_path / "terms.md")
    (tmp_path / "terms.md.meta.yaml").write_text("as_of: 2026-02-01\ntool: example-meet\nlicence: CC-BY 4.0\n")
    path.write_text(f"---\ntitle: Terms in front\nas_of: 2025-12-31\n---\n{path.read_text()}")
    report = bring_in(settings, path, "sample-import", publisher="Given")
    source, (version,) = held(settings).sources["sample-import"], held(settings).official["sample-import"]
    assert (source.title, source.publisher, source.licence, source.tools) == ("Terms in front", "Given", "CC-BY 4.0", ("example-meet",))
    assert (version.id, version.as_of) == ("2026-02-01", date(2026, 2, 1))
    assert not {"title", "publisher", "tools"} & report.guessed.keys()
    assert not any("Terms in front" in clause.text for clause in held(settings).inside_source("sample-import"))


def test_a_side_file_with_an_unknown_name_is_refused(settings: Settings, tmp_path: Path) -> None:
    path = write_terms(tmp_path, "2026-01-10")
    path.with_name("2026-01-10.md.meta.yaml").write_text("pubisher: Example\n")
    with pytest.raises(InputError, match="pubisher"):
        bring_in(settings, path, "sample-import")


def test_a_day_to_come_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lies in the future"):
        bring_in(settings, write_terms(tmp_path, "2027-01-10"), "sample-import")


@pytest.mark.parametrize(
    "name, data",
    [
        ("empty.md", b""),
        ("zeros.md", b"\0" * 5000),
        ("wall.md", b"# Sign in\n\nPlease enter your password.\n"),
        ("picture.md", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
        ("list.json", b'{"a": 1, "b": [1, 2, 3], "words": "' + b"one two three four five six " * 20 + b'"}'),
        ("packed.gz", b"\x1f\x8b\x08\x00not gzip at all"),
        ("broken.docx", b"PK\x03\x04" + b"not a zip" * 50),
        ("broken.pdf", b"%PDF-1.7\nnothing follows"),
    ],
)
def test_what_is_no_document_is_refused_and_nothing_changes(settings: Settings, tmp_path: Path, name: str, data: bytes) -> None:
    bring_in(settings, write_terms(tmp_path / "terms", "2026-01-10"), "sample-import")
    with Store(settings.database) as store:
        before = store.imports_digest
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=name.split(".")[0]):
        bring_in(settings, tmp_path / name, "sample-import")
    with Store(settings.database) as store:
        assert store.imports_digest == before


def test_a_gzip_bomb_is_unpacked_only_up_to_the_limit(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b" " * 60_000_000))
    with pytest.raises(InputError, match="unpacks to more than"):
        bring_in(settings, path, "sample-import")


def test_a_file_that_is_too_large_is_not_even_read(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(InputError, match="200,000,000 bytes"):
        bring_in(settings, path, "sample-import")


def test_a_text_that_shrank_is_taken_for_a_broken_capture(settings: Settings, tmp_path: Path) -> None:
    long = write_terms(tmp_path / "terms", "2026-01-10", support="We answer. " * 200)
    bring_in(settings, long, "sample-import")
    with pytest.raises(InputError, match="--accept-short"):
        bring_in(settings, write_terms(tmp_path / "terms", "2026-03-10"), "sample-import")
    accepted = ImportOptions("sample-import", accept_short=True)
    assert import_texts(settings, tmp_path / "terms" / "2026-03-10.md", accepted, today=TODAY).changed


def test_links_in_a_folder_are_not_followed_and_that_is_said(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret\n\n" + "word " * 60)
    folder = tmp_path / "folder"
    write_terms(folder, "2026-01-10")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    summary = bring_in_all(settings, folder)
    assert [report.files for report in summary.reports] == [1]
    assert summary.skipped == ["link.md: a link, not followed"]


def test_one_broken_file_of_a_folder_leaves_the_others(settings: Settings, tmp_path: Path) -> None:
    write_terms(tmp_path / "terms", "2026-01-10")
    (tmp_path / "terms" / "2026-03-10.md").write_text("Access denied")
    summary = bring_in_all(settings, tmp_path / "terms", "sample-import")
    assert [version["id"] for version in summary.reports[0].versions] == ["2026-01-10"]
    assert len(summary.skipped) == 1
    assert "2026-03-10.md" in summary.skipped[0]


def test_a_translation_is_not_mixed_with_the_original(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="sample-law-de"):
        bring_in(settings, write_terms(tmp_path, "2026-01-10"), "sample-law", language="de")


def test_law_of_another_place_is_not_mixed_with_the_one_held(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="UK law, sample-law is EU law"):
        bring_in(settings, write_terms(tmp_path, "2026-01-10"), "sample-law", kind="law", jurisdictions=["uk"])


def test_a_contract_needs_its_tool_and_is_private(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "signed 2026-02-01.md"
    path.write_text(CONTRACT)
    with pytest.raises(UsageError, match="--tool"):
        bring_in(settings, path, "my-dpa", kind="contract")
    with pytest.raises(UsageError, match="--plan gold"):
        bring_in(settings, path, "my-dpa", kind="contract", tools=["example-meet"], plans=["gold"])
    report = bring_in(settings, path, "my-dpa", kind="contract", tools=["example-meet"], plans=["pro"])
    source = held(settings).sources["my-dpa"]
    assert (source.private, source.contract, source.plans) == (True, "dpa", ("pro",))
    assert report.guessed["contract"] == "dpa"


def test_an_export_holds_no_contract_unless_asked_and_reads_back_equal(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "signed 2026-02-01.md"
    path.write_text(CONTRACT)
    bring_in(settings, path, "my-dpa", kind="contract", tools=["example-meet"])
    bring_in(settings, write_terms(tmp_path / "terms", "2026-01-10"), "sample-import")
    written, kept = export_texts(settings, tmp_path / "out", [], include_private=False, today=TODAY)
    assert ([file.name for file in written], kept) == (["sample-import.clausewise.json"], ["my-dpa"])
    assert b"confidentiality" not in written[0].read_bytes()
    with Store(settings.database) as store:
        before = store.imported("sample-import")
    remove_texts(settings, "sample-import", today=TODAY)
    bring_in(settings, written[0])
    with Store(settings.database) as store:
        assert store.imported("sample-import") == before
    assert len(export_texts(settings, tmp_path / "all", [], include_private=True, today=TODAY)[0]) == 2


def test_nothing_of_a_removed_source_remains_in_the_store(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path / "terms", "2026-01-10", support=MARKER), "sample-import")
    assert MARKER.encode() in contents(settings.home)
    remove_texts(settings, "sample-import", today=TODAY)
    with Store(settings.database) as store:
        due = [store.is_purge_pending]
        store.purge()
        due.append(store.is_purge_pending)
    assert due == [True, False]
    assert MARKER.encode() not in contents(settings.home)


def contents(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_one_version_can_be_taken_out(settings: Settings, tmp_path: Path) -> None:
    for day, words in (("2026-01-10", "never use recordings for advertising"), ("2026-03-10", OFTEN)):
        write_terms(tmp_path / "terms", day, recordings=words)
    bring_in(settings, tmp_path / "terms", "sample-import")
    remove_texts(settings, "sample-import", "2026-03-10", today=TODAY)
    assert [version.id for version in held(settings).official["sample-import"]] == ["2026-01-10"]
    assert not [clause for clause in held(settings).inside_source("sample-import") if OFTEN in clause.text]
    with pytest.raises(InputError, match="has no version"):
        remove_texts(settings, "sample-import", "2026-03-10", today=TODAY)


def test_knowledge_files_come_and_go_and_imports_stay(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_in(settings, write_terms(tmp_path / "terms", "2026-01-10"), "sample-import")
    other = write_knowledge(tmp_path / "other", law_yaml="")
    (other / "law.yaml").write_text((tmp_path / "shipped" / "law.yaml").read_text().replace("Doors", "Windows"))
    monkeypatch.setattr(library, "shipped_knowledge", lambda: other)
    with library.ready_store(settings, today=TODAY) as store:
        assert "sample-import" in store.load().sources
        assert any("Windows" in clause.text for clause in store.load().clauses.values())


def test_changes_are_found_between_the_days_given(settings: Settings, tmp_path: Path) -> None:
    for day, words in (("2026-01-10", "never use recordings for advertising"), ("2026-03-10", OFTEN)):
        write_terms(tmp_path / "terms", day, recordings=words)
    bring_in(settings, tmp_path / "terms", "sample-import")
    found = find_changes(settings, "sample-import", date(2026, 2, 1), date(2026, 3, 10), today=TODAY)
    assert [(change.kind_of_change, str(change.locator)) for change in found.changes] == [("reworded", "§1")]
    (change,) = found.changes
    assert [mark.words for mark in change.marks if mark.kind != "same"] == ["never", "may"]
    with pytest.raises(InputError, match="No version"):
        find_changes(settings, "sample-import", date(2020, 1, 1), None, today=TODAY)


def test_an_overlay_may_cite_what_was_imported(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path / "terms", "2026-01-10"), "sample-import", label="Imported Terms", tools=["example-meet"])
    settings.overlay.mkdir(parents=True)
    evidence = "evidence:\n  - {id: mine, tool: example-meet, criterion: VT-01, status: met, reason: It is part of the terms., "
    (settings.overlay / "mine.yaml").write_text(evidence + "clauses: [Imported Terms §2], reviewed_on: 2026-05-01}\n")
    with library.ready_store(settings, today=TODAY) as store:
        assert "mine" in store.load().evidence
    remove_texts(settings, "sample-import", today=TODAY)
    assert Dating(held(settings), TODAY).holding("Imported Terms §2") == ()
