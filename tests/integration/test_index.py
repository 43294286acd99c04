"""The index follows the knowledge files, encodes nothing twice, and never answers from a damaged folder. Real Chroma, real model."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant import library
from assistant.errors import IndexDamagedError, KnowledgeError, StoreError, StoreLockedError
from assistant.index import chroma_search, generation, shortlist
from assistant.index import retriever as index_retriever
from assistant.index.encoders import MiniLMEncoder
from assistant.index.generation import current_name, open_collection, open_current
from assistant.index.retriever import HybridRetriever, RankedClause
from assistant.index.scope import Scope
from assistant.library import LibraryUpdate, rebuild_library, update_library
from assistant.settings import RetrievalSettings, Settings
from assistant.store import Store, write_lock
from tests.unit.samples import LAW, TODAY, write_knowledge

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors

ON = Scope(on=TODAY)


class CountingEncoder(MiniLMEncoder):
    """The real encoder, which also remembers what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return super().encode_documents(texts)


class OtherModel(CountingEncoder):
    fingerprint = "another-model"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of made-up knowledge in place of the shipped one."""
    folder = write_knowledge(tmp_path / "shipped")
    monkeypatch.setattr(library, "shipped_knowledge", lambda: folder)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", lock_timeout_seconds=0.2)


def build(settings: Settings, encoder: MiniLMEncoder | None = None) -> LibraryUpdate:
    return rebuild_library(settings, encoder or MiniLMEncoder(), today=TODAY)


def retriever(settings: Settings, **changed: object) -> HybridRetriever:
    with Store(settings.database) as store:
        knowledge = store.load()
    return HybridRetriever(
        knowledge, open_current(settings.index_folder), MiniLMEncoder(), RetrievalSettings.for_profile("fast", **changed)
    )


def ids(ranked: Sequence[RankedClause]) -> list[str]:
    return [entry.clause.id for entry in ranked]


def test_the_nearest_clause_comes_first(files: Path, settings: Settings) -> None:
    build(settings)
    assert ids(retriever(settings).retrieve("How soon must a leak be reported?", ON, top_k=1)) == ["sample-law/art-1-2@2020-01-01"]


def test_unchanged_clauses_are_not_encoded_again(files: Path, settings: Settings) -> None:
    first = build(settings)
    assert first.index.encoded == first.index.clauses + 1  # and one piece of evidence
    encoder = CountingEncoder()
    (files / "law.yaml").write_text(LAW.replace("Doors are locked at night.", "Doors and windows are locked at night."))
    second = build(settings, encoder)
    assert second.index.encoded == 1
    assert len(encoder.seen) == 1
    assert "windows" in encoder.seen[0]


def test_nothing_changed_means_nothing_done(files: Path, settings: Settings) -> None:
    build(settings)
    name = current_name(settings.index_folder)
    encoder = CountingEncoder()
    update = build(settings, encoder)
    assert (update.change, update.index.reason, encoder.seen) == (None, None, [])
    assert current_name(settings.index_folder) == name
    assert update_library(settings, encoder, today=TODAY) is None


def test_a_removed_source_stops_answering_at_once(files: Path, settings: Settings) -> None:
    build(settings)
    (files / "law.yaml").unlink()
    (files / "criteria.yaml").unlink()
    (files / "tools/tool.yaml").write_text((files / "tools/tool.yaml").read_text().split("evidence:")[0])
    build(settings)
    found = retriever(settings).retrieve("How soon must a leak be reported?", ON, top_k=10)
    assert all(not entry.clause.id.startswith("sample-law") for entry in found)
    assert found


def test_a_changed_model_builds_the_index_again_and_says_so(files: Path, settings: Settings) -> None:
    build(settings)
    said: list[str] = []
    update = rebuild_library(settings, OtherModel(), today=TODAY, report=said.append)
    assert update.index.reason == "the embedding model changed"
    assert said == ["The index was built again: the embedding model changed."]
    assert open_current(settings.index_folder).fingerprint == "another-model"


@pytest.mark.parametrize("damage", ["search/index.json", "search/words", "manifest.json", "chroma", "anchors.npy", "CURRENT"])
def test_damage_is_noticed_and_mended_and_never_answered_from(files: Path, settings: Settings, damage: str) -> None:
    build(settings)
    folder = settings.index_folder / (current_name(settings.index_folder) or "")
    target = settings.index_folder / damage if damage == "CURRENT" else folder / damage
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.write_bytes(b"\x00" * 10)
    with pytest.raises(IndexDamagedError, match="clausewise index"):
        open_current(settings.index_folder)
    update = update_library(settings, MiniLMEncoder(), today=TODAY)
    assert update is not None
    assert update.index.reason is not None
    assert retriever(settings).retrieve("leak", ON, top_k=1)


def test_a_damaged_chroma_file_is_mended_by_an_index_run(files: Path, settings: Settings) -> None:
    build(settings)
    folder = settings.index_folder / (current_name(settings.index_folder) or "")
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"not a database" * 100)
    assert "damaged" in (build(settings).index.reason or "")


def test_broken_files_leave_the_last_good_state(files: Path, settings: Settings) -> None:
    build(settings)
    (files / "law.yaml").write_text("source: [")
    with pytest.raises(KnowledgeError, match=r"law\.yaml:"):
        build(settings)
    said: list[str] = []
    assert update_library(settings, MiniLMEncoder(), today=TODAY, report=said.append) is None
    assert "law.yaml" in said[0]
    assert "last good state" in said[0]
    assert retriever(settings).retrieve("leak", ON, top_k=1)


def test_broken_files_without_an_earlier_state_are_an_error(files: Path, settings: Settings) -> None:
    (files / "law.yaml").write_text("source: [")
    with pytest.raises(KnowledgeError):
        update_library(settings, MiniLMEncoder(), today=TODAY)


def test_a_second_writer_is_told_and_nothing_is_lost(files: Path, settings: Settings) -> None:
    build(settings)
    name = current_name(settings.index_folder)
    with write_lock(settings.lock, 1), pytest.raises(StoreLockedError, match="Another clausewise process"):
        build(settings)
    assert current_name(settings.index_folder) == name


def test_a_full_disk_leaves_the_old_index(files: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(settings)
    name = current_name(settings.index_folder)
    (files / "law.yaml").write_text(LAW.replace("at night", "at dusk"))

    def full(*arguments: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(StoreError, match="disk is full"):
        build(settings)
    assert current_name(settings.index_folder) == name
    open_current(settings.index_folder)


def test_an_interrupted_build_leaves_the_old_index_and_its_remains_go_with_the_next(
    files: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(settings)
    name = current_name(settings.index_folder)
    (files / "law.yaml").write_text(LAW.replace("at night", "at dusk"))

    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(generation, "_switch", interrupt)
        with pytest.raises(KeyboardInterrupt):
            build(settings)
    assert current_name(settings.index_folder) == name
    build(settings)
    assert len(list(settings.index_folder.glob("g-*"))) == 2  # the new one, and the one a reader may still have open


def test_chroma_alone_gives_the_same_order(files: Path, settings: Settings) -> None:
    build(settings)
    for question in ("How soon must a leak be reported?", "recordings for advertising", "Is a contract needed?"):
        exact = retriever(settings).retrieve(question, ON, top_k=5)
        alone = retriever(settings, dense_search="chroma").retrieve(question, ON, top_k=5)
        assert ids(alone) == ids(exact)
        assert np.allclose([entry.score for entry in alone], [entry.score for entry in exact], atol=1e-3)


def test_more_clauses_than_are_gone_through_are_looked_for_in_chroma(
    files: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clauses that come near are asked of Chroma; what is said of them is the same to the last digit."""
    build(settings)
    monkeypatch.setattr(shortlist, "_TIMES", 1)  # these are few clauses
    monkeypatch.setattr(index_retriever, "_WANTED", 1)
    asked: list[int] = []

    def counting(folder: Path, number: int = 0) -> object:
        asked.append(number)
        return open_collection(folder, number)

    for question in ("How soon must a leak be reported?", "recordings for advertising", "Is a contract needed?"):
        exact = retriever(settings, shortlist=1).retrieve(question, ON, top_k=1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(chroma_search, "open_collection", counting)
            handed_over = retriever(settings, shortlist=1, exact_up_to=2).retrieve(question, ON, top_k=1)
        assert [(entry.clause.id, entry.score, entry.stages) for entry in handed_over] == [
            (entry.clause.id, entry.score, entry.stages) for entry in exact
        ]
    assert asked == [0, 0, 0]


def test_the_same_question_gives_the_same_order_and_no_more_than_asked_for(files: Path, settings: Settings) -> None:
    build(settings)
    ranked = retriever(settings)
    assert ids(ranked.retrieve("contract", ON, top_k=3)) == ids(ranked.retrieve("contract", ON, top_k=3))
    assert len(ranked.retrieve("contract", ON, top_k=2)) == 2
    assert ranked.retrieve(" ", ON, top_k=2) == []
    assert ranked.retrieve("contract", Scope(on=date(2000, 1, 1)), top_k=2) == []
