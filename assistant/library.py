"""Keep store and index in step with the knowledge files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources.abc import Traversable

from assistant import __version__
from assistant.dating import Dating
from assistant.errors import IndexDamagedError, KnowledgeError
from assistant.index.encoders import Encoder
from assistant.index.generation import BuildReport, build_index, current_name, open_current, purge_index, recipe_digest
from assistant.index.vector_cache import purge_vectors
from assistant.ingest.comparing import find_rewordings, tie_versions
from assistant.ingest.knowledge_files import knowledge_files, load_knowledge, shipped_knowledge
from assistant.schema import Clause, Knowledge
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
    with write_lock(settings.lock, settings.lock_timeout_seconds), Store(settings.database) as store:
        change = _sync_knowledge(settings, store, today=today)
        held = store.load()
        index = build_index(replace(held, clauses=indexed_clauses(held)), store.content_digest, encoder, settings, progress)
        if store.is_purge_pending:
            purge_index(settings.index_folder)
            purge_vectors(settings.vector_cache, encoder.fingerprint)
            store.purge()
    if index.reason and index.reason != "there was no index":
        report(f"The index was built again: {index.reason}.")
    return LibraryUpdate(change, index)


@contextmanager
def ready_store(settings: Settings, *, today: date) -> Iterator[Store]:
    """The store, locked for writing, with the knowledge files in it, whatever the index holds.

    Knowledge files with problems leave the last good state in place; without such a state they raise.
    Raises KnowledgeError, StoreLockedError or StoreError.
    """
    with write_lock(settings.lock, settings.lock_timeout_seconds), Store(settings.database) as store:
        try:
            _sync_knowledge(settings, store, today=today)
        except KnowledgeError:
            if store.knowledge_digest is None:
                raise
        yield store


def indexed_clauses(knowledge: Knowledge) -> dict[str, Clause]:
    """The clauses that searching can lead to. Official words beside a summary are reached through it, and a source that was
    imported without an index through its places.
    """
    chosen: dict[str, Clause] = {}
    for clause in knowledge.clauses.values():
        only_imported = clause.source_id not in knowledge.summarised
        imported = clause.source_id in knowledge.official and (only_imported or clause.wording == "official")
        if not imported or (clause.source_id not in knowledge.unindexed and _ever_answers(knowledge, clause)):
            chosen[clause.id] = clause
    return chosen


def _ever_answers(knowledge: Knowledge, clause: Clause) -> bool:
    """Whether there is a day on which the clause leads an answer: what answers changes only when a version comes into force."""
    if clause.source_id not in knowledge.summarised:
        return True
    days = {version.in_force_from for version in (*knowledge.versions[clause.source_id], *knowledge.official[clause.source_id])}
    return any(Dating(knowledge, day).answers(clause) for day in days)


def _sync_knowledge(settings: Settings, store: Store, *, today: date) -> StoreChange | None:
    """Bring the knowledge files into the store, and tie what was imported to them; None if they had not changed."""
    roots = knowledge_roots(settings)
    digest = files_digest(roots)
    change = None
    if store.knowledge_digest != digest:
        held = store.load() if store.knowledge_digest is not None else None
        change = store.replace_knowledge(load_knowledge(roots, today=today, held=held), digest)
    if store.compared_with != digest:
        _compare_again(store)
        store.note_compared(digest)
    return change


def _compare_again(store: Store) -> None:
    knowledge = store.load()
    for source_id in store.imported_ids():
        imported = store.imported(source_id)
        if imported is None or source_id not in knowledge.summarised:
            continue
        tied = tie_versions(knowledge.sources[source_id], knowledge.versions[source_id], imported)
        store.put_imported(tied, find_rewordings(tied))


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
        if store.knowledge_digest != digest or store.compared_with != digest or store.is_purge_pending:
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
