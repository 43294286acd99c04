"""Imports with store, index and running assistant together: nothing half, nothing twice, nothing left of what was removed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import library
from assistant.assistant import Assistant
from assistant.clock import FixedClock
from assistant.index.encoders import MiniLMEncoder
from assistant.index.scope import Scope
from assistant.ingest.details import Details
from assistant.library import rebuild_library
from assistant.settings import Settings
from assistant.sources import ImportOptions, import_texts, index_sources, remove_texts
from assistant.store import ImportedSource, Store
from tests.places import CHECKOUT
from tests.unit.samples import TODAY, write_knowledge
from tests.unit.sources.policies import MARKER, OFTEN, write_terms

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors


class CountingEncoder(MiniLMEncoder):
    """The real encoder, which also counts what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        self.count += len(texts)
        return super().encode_documents(texts)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_knowledge(tmp_path / "shipped")
    monkeypatch.setattr(library, "shipped_knowledge", lambda: folder)
    return folder


@pytest.fixture
def settings(tmp_path: Path, shipped: Path) -> Settings:
    return Settings(home=tmp_path / "home", lock_timeout_seconds=5)


def bring_in(settings: Settings, path: Path, source_id: str, *, indexed: bool = True, **fields: object) -> bool:
    options = ImportOptions(source_id, Details.model_validate(fields), indexed=indexed)
    return import_texts(settings, path, options, today=TODAY).changed


def index(settings: Settings, encoder: MiniLMEncoder | None = None) -> int:
    return rebuild_library(settings, encoder or MiniLMEncoder(), today=TODAY).index.encoded


def found(assistant: Assistant, question: str) -> list[str]:
    return [entry.clause.source_id for entry in assistant.search(question, Scope(on=TODAY), top_k=3)]


def traces(folder: Path, marker: str) -> list[str]:
    """The files that hold the marker, whatever they are: databases, their logs, vectors, word indexes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    words = (marker.encode(), marker.lower().encode(), marker.encode("utf-16-le"))
    return [str(path.relative_to(folder)) for path in files if any(word in path.read_bytes() for word in words)]


def test_re_import_of_the_same_bytes_encodes_nothing_and_leaves_the_index_alone(settings: Settings, tmp_path: Path) -> None:
    path = write_terms(tmp_path / "terms", "2026-03-01")
    bring_in(settings, path, "my-terms")
    assert index(settings) > 0
    generation = (settings.index_folder / "CURRENT").read_text()
    encoder = CountingEncoder()
    assert not bring_in(settings, path, "my-terms")
    assert index(settings, encoder) == 0
    assert encoder.count == 0
    assert (settings.index_folder / "CURRENT").read_text() == generation


def test_a_new_version_encodes_only_what_changed(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path / "terms", "2026-03-01"), "my-terms")
    index(settings)
    bring_in(settings, write_terms(tmp_path / "terms", "2026-04-01", recordings=OFTEN), "my-terms")
    assert index(settings) == 1


def test_nothing_of_a_removed_source_remains_in_any_file_or_answer(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path / "terms", "2026-03-01", support=f"{MARKER}."), "my-terms")
    index(settings)
    bring_in(settings, write_terms(tmp_path / "terms", "2026-04-01", support=f"{MARKER}. It is new."), "my-terms")
    index(settings)
    assistant = Assistant.open(settings, clock=FixedClock(TODAY))
    assert "my-terms" in found(assistant, MARKER)
    assert traces(settings.home, "Quartzfinch")
    remove_texts(settings, "my-terms", today=TODAY)
    index(settings)
    assert traces(settings.home, "Quartzfinch") == []
    assert "my-terms" not in found(assistant, MARKER)
    assert "my-terms" not in assistant.knowledge.sources


def test_a_removal_that_was_cut_short_is_finished_by_the_next_start(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path / "terms", "2026-03-01", support=f"{MARKER}."), "my-terms")
    index(settings)
    remove_texts(settings, "my-terms", today=TODAY)  # and the process ends here
    assert traces(settings.home, "Quartzfinch")
    Assistant.open(settings, clock=FixedClock(TODAY))
    assert traces(settings.home, "Quartzfinch") == []


def test_what_is_imported_without_an_index_is_held_and_found_only_once_that_is_wanted(settings: Settings, tmp_path: Path) -> None:
    index(settings)
    bring_in(settings, write_terms(tmp_path / "terms", "2026-03-01", support=f"{MARKER}."), "my-terms", indexed=False)
    encoder = CountingEncoder()
    assert index(settings, encoder) == 0
    assistant = Assistant.open(settings, clock=FixedClock(TODAY))
    assert "my-terms" in assistant.knowledge.sources
    assert "my-terms" not in found(assistant, MARKER)
    index_sources(settings, ["my-terms"], today=TODAY)
    assert index(settings) > 0
    assert "my-terms" in found(assistant, MARKER)


def test_a_running_assistant_answers_on_while_a_text_comes_in_and_then_from_it(settings: Settings, tmp_path: Path) -> None:
    index(settings)
    assistant = Assistant.open(settings, clock=FixedClock(TODAY))
    before = found(assistant, MARKER)
    bring_in(settings, write_terms(tmp_path / "terms", "2026-03-01", support=f"{MARKER}."), "my-terms")
    assert found(assistant, MARKER) == before  # stored, but not yet in the index
    index(settings)
    assert "my-terms" in found(assistant, MARKER)


KILLED = """
    import sys
    from datetime import date
    from pathlib import Path
    from assistant import library
    from assistant.index.encoders import MiniLMEncoder
    from assistant.settings import Settings
    from assistant.sources import ImportOptions, import_texts

    shipped, home, path = map(Path, sys.argv[1:])
    library.shipped_knowledge = lambda: shipped
    settings, today = Settings(home=home), date(2026, 6, 1)
    print("ready", flush=True)
    import_texts(settings, path, ImportOptions("my-terms"), today=today)
    print("stored", flush=True)
    library.rebuild_library(settings, MiniLMEncoder(), today=today)
    print("indexed", flush=True)
"""


def state(settings: Settings) -> ImportedSource | None:
    with Store(settings.database) as store:
        return store.imported("my-terms")


def test_a_kill_at_any_point_leaves_the_old_or_the_new_version(settings: Settings, shipped: Path, tmp_path: Path) -> None:
    old = write_terms(tmp_path / "old", "2026-03-01", support="We answer soon. " * 50)
    bring_in(settings, old, "my-terms")
    index(settings)
    before = state(settings)
    new = tmp_path / "new"
    for number in range(1, 6):
        write_terms(new, f"2026-04-0{number}", recordings=f"keep recordings for {number} days", support="We answer soon. " * 50)
    seen: set[str] = set()
    chance = random.Random(4)
    for attempt in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KILLED), str(shipped), str(settings.home), str(new)],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            if attempt % 2:  # between the store and the index
                process.stdout.readline()
            time.sleep(chance.random() * (0.4 if attempt % 2 else 0.25))
            process.kill()
        after = state(settings)
        assert after is not None
        assert len(after.versions) in (1, 6)
        seen.add("old" if after == before else "new")
        assistant = Assistant.open(settings, clock=FixedClock(TODAY))
        assert "my-terms" in found(assistant, "How long are recordings kept?")
        if len(after.versions) == 6:
            remove_texts(settings, "my-terms", today=TODAY)
            bring_in(settings, old, "my-terms")
            index(settings)
            before = state(settings)
    assert "new" in seen
