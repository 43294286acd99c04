"""The format of the database, as the steps that lead to it. A step that has shipped is never edited; a new one is added."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from assistant.errors import StoreVersionError

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE source (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, origin TEXT NOT NULL, data TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE version (
        source_id TEXT NOT NULL REFERENCES source (id) ON DELETE CASCADE,
        id TEXT NOT NULL, position INTEGER NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (source_id, id)
    ) WITHOUT ROWID;
    CREATE TABLE clause (
        id TEXT PRIMARY KEY,
        source_id TEXT NOT NULL REFERENCES source (id) ON DELETE CASCADE,
        since TEXT NOT NULL, until TEXT, position INTEGER NOT NULL, wording TEXT NOT NULL,
        content_hash TEXT NOT NULL, data TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX clause_by_source ON clause (source_id, position);
    CREATE TABLE entry (
        kind TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (kind, id)
    ) WITHOUT ROWID;
    """,
    # Imported texts lie in tables of their own: the knowledge files may hold a source of the same id, and are replaced as a whole.
    # ``sequence`` lists the clauses of a version in the order of its document, as a JSON list of ids; ``digest`` is over all of a source.
    """
    CREATE TABLE imported_source (
        id TEXT PRIMARY KEY, indexed INTEGER NOT NULL, digest TEXT NOT NULL, data TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE imported_version (
        source_id TEXT NOT NULL REFERENCES imported_source (id) ON DELETE CASCADE,
        id TEXT NOT NULL, position INTEGER NOT NULL, sequence TEXT NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (source_id, id)
    ) WITHOUT ROWID;
    CREATE TABLE imported_clause (
        source_id TEXT NOT NULL REFERENCES imported_source (id) ON DELETE CASCADE,
        id TEXT NOT NULL, since TEXT NOT NULL, until TEXT, position INTEGER NOT NULL,
        content_hash TEXT NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (source_id, id)
    ) WITHOUT ROWID;
    CREATE TABLE imported_rewording (
        source_id TEXT NOT NULL REFERENCES imported_source (id) ON DELETE CASCADE,
        older TEXT NOT NULL, newer TEXT NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (source_id, older, newer)
    ) WITHOUT ROWID;
    """,
)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring a database to the present format, each step in its own transaction.

    Raises StoreVersionError if a newer program wrote it.
    """
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > len(MIGRATIONS):
        raise StoreVersionError(path, found, len(MIGRATIONS))
    for number in range(found, len(MIGRATIONS)):
        connection.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT;")
