"""Read and write the store."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from pydantic import BaseModel

from assistant.errors import StoreError
from assistant.schema import (
    Brief,
    Clause,
    ConsentItem,
    Criterion,
    Duty,
    Evidence,
    Exemplar,
    GlossaryEntry,
    InformationItem,
    Knowledge,
    Renumbering,
    Source,
    Tool,
    Version,
)
from assistant.store.imports import ImportedTexts, Rewordings
from assistant.store.migrations import migrate
from assistant.store.texts import ImportedSource

_ENTRY_MODELS: Mapping[str, type[BaseModel]] = {
    "criterion": Criterion,
    "duty": Duty,
    "tool": Tool,
    "evidence": Evidence,
    "renumbering": Renumbering,
    "glossary": GlossaryEntry,
    "exemplar": Exemplar,
    "brief": Brief,
    "information": InformationItem,
    "consent": ConsentItem,
}
_FROM_FILES = "knowledge"

Entry = TypeVar("Entry", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class StoreChange:
    """How many clauses a write added, changed and removed."""

    added: int
    changed: int
    removed: int

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class Store:
    """One SQLite file (WAL). Open it with ``with``; a write is one transaction and leaves the old state if it fails."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=10)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.execute("PRAGMA secure_delete = ON")  # what was removed is overwritten, not only unlinked
            migrate(self._connection, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read inside is of one moment, whatever another process writes meanwhile."""
        with self._explained():
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.rollback()

    @property
    def knowledge_digest(self) -> str | None:
        """The digest of the knowledge files that were last written, None before the first time."""
        return self._meta("knowledge_digest")

    @property
    def content_digest(self) -> str:
        """A digest over all that is indexed (clauses, evidence); the index says which one it was built from."""
        return self._meta("content_digest") or ""

    @property
    def imports_digest(self) -> str:
        """A digest over all that was imported; readers look at it to see that a text came, changed or went."""
        return self._meta("imports_digest") or ""

    @property
    def compared_with(self) -> str | None:
        """The digest of the knowledge files that the imported texts were last tied to and compared for."""
        return self._meta("compared_with")

    @property
    def is_purge_pending(self) -> bool:
        """Whether something was removed whose traces in the index and in free pages have not been cleared yet."""
        return self._meta("purge") is not None

    def imported_ids(self) -> list[str]:
        """The ids of the imported sources, in order."""
        with self._explained():
            return [row[0] for row in self._rows("SELECT id FROM imported_source ORDER BY id")]

    def imported(self, source_id: str) -> ImportedSource | None:
        """One imported source with all its versions and texts; None if there is none."""
        with self._explained():
            return ImportedTexts(self._connection).read(source_id)

    def put_imported(self, imported: ImportedSource, rewordings: Rewordings, *, takes_words_out: bool = False) -> None:
        """Make an imported source exactly this, in one transaction. ``takes_words_out``: ``purge`` is due afterwards.

        Raises StoreError if it cannot be written; the old state then stands.
        """
        with self._transaction() as cursor:
            texts = ImportedTexts(cursor)
            texts.write(imported)
            texts.write_rewordings(imported.source.id, rewordings)
            if takes_words_out:
                self._set_meta(cursor, "purge", "due")
            self._note_imports(cursor)

    def remove_imported(self, source_id: str) -> None:
        """Forget an imported source. ``purge`` is due afterwards, also if this process ends here."""
        with self._transaction() as cursor:
            cursor.execute("DELETE FROM imported_source WHERE id = ?", (source_id,))
            self._set_meta(cursor, "purge", "due")
            self._note_imports(cursor)

    def note_compared(self, digest: str) -> None:
        """Remember for which knowledge files the imported texts were tied and compared."""
        with self._transaction() as cursor:
            self._set_meta(cursor, "compared_with", digest)

    def purge(self) -> None:
        """Write the file anew without what was removed, the write-ahead log included."""
        with self._explained():
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with self._transaction() as cursor:
            cursor.execute("DELETE FROM meta WHERE key = 'purge'")

    def replace_knowledge(self, knowledge: Knowledge, digest: str) -> StoreChange:
        """Make what came from knowledge files exactly this; what was imported stays.

        Raises StoreError if it cannot be written; the old state then stands.
        """
        with self._transaction() as cursor:
            query = "SELECT clause.id, content_hash FROM clause JOIN source ON source.id = source_id WHERE origin = ?"
            before = dict(cursor.execute(query, (_FROM_FILES,)).fetchall())
            cursor.execute("DELETE FROM source WHERE origin = ?", (_FROM_FILES,))
            cursor.execute("DELETE FROM entry")
            for source in knowledge.sources.values():
                self._write_source(cursor, source, knowledge.versions[source.id])
            cursor.executemany(
                "INSERT INTO clause VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (c.id, c.source_id, c.since, c.until, c.position, c.wording, c.content_hash, c.model_dump_json())
                    for c in knowledge.clauses.values()
                ),
            )
            self._write_entries(cursor, knowledge)
            self._set_meta(cursor, "knowledge_digest", digest)
            self._set_meta(cursor, "content_digest", self._digest_content(cursor))
        after = {clause.id: clause.content_hash for clause in knowledge.clauses.values()}
        kept = before.keys() & after.keys()
        changed = sum(before[clause_id] != after[clause_id] for clause_id in kept)
        return StoreChange(added=len(after) - len(kept), changed=changed, removed=len(before) - len(kept))

    def load(self) -> Knowledge:
        """Everything that is held.

        Raises StoreError if the file cannot be read.
        """
        with self._explained():
            imports = ImportedTexts(self._connection)
            sources = [Source.model_validate_json(row[0]) for row in self._rows("SELECT data FROM source ORDER BY id")]
            versions: dict[str, list[Version]] = {source.id: [] for source in sources}
            for source_id, data in self._rows("SELECT source_id, data FROM version ORDER BY source_id, position"):
                versions[source_id].append(Version.model_validate_json(data))
            clauses = [Clause.model_validate_json(row[0]) for row in self._rows("SELECT data FROM clause ORDER BY source_id, position, id")]
            known = {source.id for source in sources}
            official = imports.versions()
            added = {source.id: source for source in imports.sources()}
            words = imports.clauses(known)
            return Knowledge(
                sources={**added, **{source.id: source for source in sources}},
                versions={**official, **{source_id: tuple(found) for source_id, found in versions.items()}},
                clauses={clause.id: clause for clause in (*clauses, *words)},
                official=official,
                rewordings=imports.rewordings(),
                summarised=frozenset(known),
                unindexed=imports.unindexed(),
                criteria={entry.id: entry for entry in self._entries(Criterion)},
                duties={entry.id: entry for entry in self._entries(Duty)},
                tools={entry.id: entry for entry in self._entries(Tool)},
                evidence={entry.id: entry for entry in self._entries(Evidence)},
                glossary={entry.id: entry for entry in self._entries(GlossaryEntry)},
                exemplars={entry.id: entry for entry in self._entries(Exemplar)},
                briefs={entry.id: entry for entry in self._entries(Brief)},
                information={entry.id: entry for entry in self._entries(InformationItem)},
                consents={entry.id: entry for entry in self._entries(ConsentItem)},
                renumbered=tuple(self._entries(Renumbering)),
            )

    def _write_source(self, cursor: sqlite3.Cursor, source: Source, versions: tuple[Version, ...]) -> None:
        cursor.execute("INSERT INTO source VALUES (?, ?, ?, ?)", (source.id, source.kind, _FROM_FILES, source.model_dump_json()))
        cursor.executemany(
            "INSERT INTO version VALUES (?, ?, ?, ?)",
            ((source.id, version.id, position, version.model_dump_json()) for position, version in enumerate(versions)),
        )

    def _write_entries(self, cursor: sqlite3.Cursor, knowledge: Knowledge) -> None:
        tables: dict[str, Mapping[str, BaseModel]] = {
            "criterion": knowledge.criteria,
            "duty": knowledge.duties,
            "tool": knowledge.tools,
            "evidence": knowledge.evidence,
            "glossary": knowledge.glossary,
            "exemplar": knowledge.exemplars,
            "brief": knowledge.briefs,
            "information": knowledge.information,
            "consent": knowledge.consents,
            "renumbering": {f"{entry.source}/{entry.old}": entry for entry in knowledge.renumbered},
        }
        for kind, table in tables.items():
            cursor.executemany(
                "INSERT INTO entry VALUES (?, ?, ?, ?)",
                ((kind, key, position, entry.model_dump_json()) for position, (key, entry) in enumerate(table.items())),
            )

    def _entries(self, model: type[Entry]) -> Iterator[Entry]:
        kind = next(kind for kind, known in _ENTRY_MODELS.items() if known is model)
        for (data,) in self._rows("SELECT data FROM entry WHERE kind = ? ORDER BY position", kind):
            yield model.model_validate_json(data)

    def _rows(self, query: str, *values: object) -> Iterator[tuple[str, ...]]:
        return iter(self._connection.execute(query, values))

    def _note_imports(self, cursor: sqlite3.Cursor) -> None:
        """The digests that tell readers and the index that something else is held now."""
        self._set_meta(cursor, "imports_digest", _digest(cursor, ImportedTexts.STATE))
        self._set_meta(cursor, "content_digest", self._digest_content(cursor))

    def _digest_content(self, cursor: sqlite3.Cursor) -> str:
        return _digest(
            cursor,
            (
                "SELECT id, content_hash, since, coalesce(until, ''), position FROM clause ORDER BY id",
                "SELECT kind, id, data FROM entry WHERE kind IN ('criterion', 'evidence', 'brief', 'exemplar') ORDER BY kind, id",
                *ImportedTexts.INDEXED,
            ),
        )

    def _meta(self, key: str) -> str | None:
        with self._explained():
            row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _set_meta(self, cursor: sqlite3.Cursor, key: str, value: str) -> None:
        cursor.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Cursor]:
        with self._explained():
            cursor = self._connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may already have rolled it back
                    cursor.execute("ROLLBACK")
                raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what SQLite and the file system raise into one sentence with the next step."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(_explain(error, self.path)) from error


def _digest(cursor: sqlite3.Cursor, queries: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for query in queries:
        for row in cursor.execute(query):
            digest.update("\x1f".join(map(str, row)).encode() + b"\n")
    return digest.hexdigest()


def _explain(error: sqlite3.Error | OSError, path: Path) -> str:
    text = str(error)
    if "full" in text or getattr(error, "errno", None) == 28:
        return f"The disk of {path.parent} is full. Nothing was changed; free some room and try again."
    if "readonly" in text or "unable to open" in text or isinstance(error, OSError):
        return f"Cannot open or write {path}: {text}. Set CLAUSEWISE_HOME to a folder you may write to."
    if "locked" in text:
        return f"Another process is writing to {path}. Try again when it is done."
    return f"{path} cannot be read ({text}). Move it away and run `clausewise index`: it is made again from the knowledge files."
