"""Keep store and index in step with the knowledge files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable

from assistant import __version__
from assistant.errors import IndexDamagedError, KnowledgeError
from assistant.index.encoders import Encoder
from assistant.index.generation import BuildReport, build_index, current_name, open_current, recipe_digest
from assistant.ingest.knowledge_files import knowledge_files, load_knowledge, shipped_knowledge
from assistant.settings import Settings
from assistant.store import Store, StoreChange, write_lock

Report = Callable[[str], None]


def ignore_report(message: str) -> None:
    """Say nothing."""


def ignore_progress(done: int, total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True)
class LibraryUpdate:
    """What an update did to the store (None: nothing had changed) and to the index."""

    change: StoreChange | None
    index: BuildReport


def update_library(
    settings: Settings,
    encoder: Encoder,
    *,
    today: date,
    report: Report = ignore_report,
    progress: Callable[[int, int], None] = ignore_progress,
) -> LibraryUpdate | None:
    """Bring store and index up to date if anything differs; None if nothing does, which is found out without a lock.

    Knowledge files with problems leave the last good state in place, which is reported; without such a state they raise.
    Raises KnowledgeError, StoreError or ModelError.
    """
    roots = knowledge_roots(settings)
    digest = files_digest(roots)
    if _is_current(settings, encoder, digest):
        return None
    try:
        return rebuild_library(settings, encoder, today=today, report=report, progress=progress)
    except KnowledgeError as error:
        if not _can_answer(settings):
            raise
        report(f"{error}\nThe last good state is used until this is mended.")
        return None


def rebuild_library(
    settings: Settings,
    encoder: Encoder,
    *,
    today: date,
    report: Report = ignore_report,
    progress: Callable[[int, int], None] = ignore_progress,
) -> LibraryUpdate:
    """Read the knowledge files, write the store, build the index; each keeps its last good state if the step fails.

    Raises KnowledgeError, StoreLockedError, StoreError or ModelError.
    """
    roots = knowledge_roots(settings)
    with write_lock(settings.lock, settings.lock_timeout_seconds), Store(settings.database) as store:
        digest = files_digest(roots)
        change = None
        if store.knowledge_digest != digest:
            change = store.replace_knowledge(load_knowledge(roots, today=today), digest)
        index = build_index(store.load(), store.content_digest, encoder, settings, progress)
    if index.reason and index.reason != "there was no index":
        report(f"The index was built again: {index.reason}.")
    return LibraryUpdate(change, index)


def knowledge_roots(settings: Settings) -> list[Traversable]:
    """The shipped knowledge and, over it, the user's own."""
    own = [settings.overlay] if settings.overlay.is_dir() else []
    return [shipped_knowledge(), *own]


def files_digest(roots: list[Traversable]) -> str:
    """Over the names and contents of all knowledge files, and the program's version: its models may read them otherwise."""
    digest = hashlib.sha256(__version__.encode())
    for number, root in enumerate(roots):
        for name, entry in knowledge_files(root):
            content = hashlib.sha256(entry.read_bytes()).hexdigest()
            digest.update(f"{number}\0{name}\0{content}\n".encode())
    return digest.hexdigest()


def _is_current(settings: Settings, encoder: Encoder, digest: str) -> bool:
    if current_name(settings.index_folder) is None or not settings.database.is_file():
        return False
    if not os.access(settings.database, os.R_OK):
        return False
    with Store(settings.database) as store:
        if store.knowledge_digest != digest:
            return False
        expected = recipe_digest(store.content_digest, encoder, settings)
    name = current_name(settings.index_folder) or ""
    if not name.startswith(f"g-{expected[:12]}-"):
        return False
    try:
        open_current(settings.index_folder)
    except IndexDamagedError:
        return False
    return True


def _can_answer(settings: Settings) -> bool:
    try:
        open_current(settings.index_folder)
    except IndexDamagedError:
        return False
    return settings.database.is_file()
