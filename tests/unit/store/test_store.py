"""The store keeps exactly what it was given, or what it had before."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assistant.errors import StoreError, StoreLockedError, StoreVersionError
from assistant.schema import Knowledge
from assistant.store import Store, write_lock
from tests.unit.samples import LAW, sample_knowledge


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    return sample_knowledge(tmp_path / "files")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "store.sqlite3"


def test_what_was_written_is_read_back_the_same(knowledge: Knowledge, path: Path) -> None:
    with Store(path) as store:
        store.replace_knowledge(knowledge, "one")
    with Store(path) as store:
        held = store.load()
    assert held.clauses == knowledge.clauses
    assert (held.sources, held.versions, held.tools) == (knowledge.sources, knowledge.versions, knowledge.tools)
    assert (held.criteria, held.evidence, held.duties) == (knowledge.criteria, knowledge.evidence, knowledge.duties)


def test_what_is_read_in_a_snapshot_is_of_one_moment(tmp_path: Path, knowledge: Knowledge, path: Path) -> None:
    other = sample_knowledge(tmp_path / "other", law_yaml=LAW.replace("Doors are locked", "Windows are shut"))
    with Store(path) as store:
        store.replace_knowledge(knowledge, "one")
    with Store(path) as reader:
        with reader.snapshot():
            assert reader.knowledge_digest == "one"
            with Store(path) as writer:
                writer.replace_knowledge(other, "two")
            assert reader.knowledge_digest == "one"
            assert reader.load().clauses == knowledge.clauses
        assert reader.knowledge_digest == "two"
        assert reader.load().clauses == other.clauses


def test_a_second_write_counts_what_it_changed(tmp_path: Path, knowledge: Knowledge, path: Path) -> None:
    other = sample_knowledge(
        tmp_path / "other",
        law_yaml=LAW.replace("Doors are locked", "Windows are shut").replace("- locator: Art. 1(2)", "- locator: Art. 3"),
    )
    with Store(path) as store:
        assert store.replace_knowledge(knowledge, "one").added == 6
        change = store.replace_knowledge(other, "two")
    assert (change.added, change.changed, change.removed) == (1, 1, 1)


def test_the_digest_follows_what_is_indexed(tmp_path: Path, knowledge: Knowledge, path: Path) -> None:
    other = sample_knowledge(tmp_path / "other", law_yaml=LAW.replace("[paperwork]", "[red tape]"))
    with Store(path) as store:
        store.replace_knowledge(knowledge, "one")
        first = store.content_digest
        store.replace_knowledge(knowledge, "one again")
        assert store.content_digest == first
        store.replace_knowledge(other, "two")
        assert store.content_digest != first


def test_a_write_that_fails_half_way_leaves_the_old_state(knowledge: Knowledge, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with Store(path) as store:
        store.replace_knowledge(knowledge, "one")
        monkeypatch.setattr(store, "_write_entries", full)
        with pytest.raises(StoreError, match=r"disk .* is full"):
            store.replace_knowledge(Knowledge(), "two")
        assert store.knowledge_digest == "one"
        assert store.load().clauses == knowledge.clauses


def test_a_file_that_is_no_database_is_said_to_be_so(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database" * 200)
    with pytest.raises(StoreError, match="Move it away"):
        Store(path)


def test_a_newer_format_is_refused(path: Path) -> None:
    with Store(path):
        pass
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreVersionError, match="newer clausewise"):
        Store(path)


def test_a_folder_that_cannot_be_made_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="CLAUSEWISE_HOME"):
        Store(tmp_path / "file" / "store.sqlite3")
    with pytest.raises(StoreError, match="CLAUSEWISE_HOME"), write_lock(tmp_path / "file" / "lock", 0.1):
        pass


def test_a_second_writer_is_told_to_try_again(tmp_path: Path) -> None:
    with (
        write_lock(tmp_path / "lock", 1),
        pytest.raises(StoreLockedError, match="Another clausewise process"),
        write_lock(tmp_path / "lock", 0.1),
    ):
        pass
