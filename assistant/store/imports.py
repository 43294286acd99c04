"""The tables of imported texts: read and written within whatever transaction the store has open."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar

from pydantic import TypeAdapter

from assistant.schema import Clause, Rewording, Source, Version
from assistant.store.texts import ImportedSource, Words, make_rows

Rewordings = Mapping[tuple[str, str], tuple[Rewording, ...]]

OFFICIAL_MARK = ":official"
_REWORDINGS = TypeAdapter(tuple[Rewording, ...])


class ImportedTexts:
    """Works on a cursor for writing, on the connection for reading."""

    STATE: ClassVar = ("SELECT id, indexed, digest FROM imported_source ORDER BY id",)
    INDEXED: ClassVar = ("SELECT id, digest FROM imported_source WHERE indexed ORDER BY id",)

    def __init__(self, connection: sqlite3.Cursor | sqlite3.Connection) -> None:
        self._connection = connection

    def read(self, source_id: str) -> ImportedSource | None:
        """One source with the text of each of its versions; None if it was not imported."""
        row = self._connection.execute("SELECT data, indexed FROM imported_source WHERE id = ?", (source_id,)).fetchone()
        if row is None:
            return None
        held = {
            clause.id: Words(clause.parsed_locator, clause.text, clause.heading_path, clause.page) for clause in self._clauses_of(source_id)
        }
        versions: list[Version] = []
        texts: dict[str, tuple[Words, ...]] = {}
        query = "SELECT data, sequence FROM imported_version WHERE source_id = ? ORDER BY position"
        for data, sequence in self._connection.execute(query, (source_id,)):
            versions.append(Version.model_validate_json(data))
            texts[versions[-1].id] = tuple(held[clause_id] for clause_id in json.loads(sequence))
        return ImportedSource(Source.model_validate_json(row[0]), tuple(versions), texts, bool(row[1]))

    def write(self, imported: ImportedSource) -> None:
        """Replace one source as a whole."""
        source_id = imported.source.id
        rows, sequences = make_rows(imported)
        self._connection.execute("DELETE FROM imported_source WHERE id = ?", (source_id,))
        values = (source_id, int(imported.indexed), "", imported.source.model_dump_json())
        self._connection.execute("INSERT INTO imported_source VALUES (?, ?, ?, ?)", values)
        self._connection.executemany(
            "INSERT INTO imported_version VALUES (?, ?, ?, ?, ?)",
            (
                (source_id, version.id, position, json.dumps(sequences[version.id]), version.model_dump_json())
                for position, version in enumerate(imported.versions)
            ),
        )
        self._connection.executemany(
            "INSERT INTO imported_clause VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((source_id, c.id, c.since, c.until, c.position, c.content_hash, c.model_dump_json()) for c in rows),
        )
        self._note_digest(source_id)

    def write_rewordings(self, source_id: str, found: Rewordings) -> None:
        """Replace the rewordings of one source."""
        self._connection.execute("DELETE FROM imported_rewording WHERE source_id = ?", (source_id,))
        self._connection.executemany(
            "INSERT INTO imported_rewording VALUES (?, ?, ?, ?)",
            ((source_id, older, newer, _REWORDINGS.dump_json(changes).decode()) for (older, newer), changes in found.items()),
        )

    def sources(self) -> list[Source]:
        return [Source.model_validate_json(row[0]) for row in self._connection.execute("SELECT data FROM imported_source ORDER BY id")]

    def unindexed(self) -> frozenset[str]:
        """The sources that searching does not look at."""
        return frozenset(row[0] for row in self._connection.execute("SELECT id FROM imported_source WHERE NOT indexed"))

    def versions(self) -> dict[str, tuple[Version, ...]]:
        """The versions of every imported source, oldest first."""
        found: dict[str, list[Version]] = {}
        for source_id, data in self._connection.execute("SELECT source_id, data FROM imported_version ORDER BY source_id, position"):
            found.setdefault(source_id, []).append(Version.model_validate_json(data))
        return {source_id: tuple(versions) for source_id, versions in found.items()}

    def clauses(self, summarised: Collection[str]) -> Iterator[Clause]:
        """Every imported clause; the id of one that a summary may stand beside says that it is the official wording."""
        for source_id, data in self._connection.execute("SELECT source_id, data FROM imported_clause ORDER BY source_id, position, id"):
            clause = Clause.model_validate_json(data)
            yield clause.model_copy(update={"id": f"{clause.id}{OFFICIAL_MARK}"}) if source_id in summarised else clause

    def rewordings(self) -> dict[str, dict[tuple[str, str], tuple[Rewording, ...]]]:
        found: dict[str, dict[tuple[str, str], tuple[Rewording, ...]]] = {}
        for source_id, older, newer, data in self._connection.execute("SELECT * FROM imported_rewording ORDER BY source_id, older, newer"):
            found.setdefault(source_id, {})[older, newer] = _REWORDINGS.validate_json(data)
        return found

    def _note_digest(self, source_id: str) -> None:
        digest = hashlib.sha256()
        for query in (
            "SELECT id, data FROM imported_source WHERE id = ?",
            "SELECT id, position, sequence, data FROM imported_version WHERE source_id = ? ORDER BY position",
            "SELECT id, content_hash, since, coalesce(until, ''), position FROM imported_clause WHERE source_id = ? ORDER BY id",
        ):
            for row in self._connection.execute(query, (source_id,)):
                digest.update("\x1f".join(map(str, row)).encode() + b"\n")
        self._connection.execute("UPDATE imported_source SET digest = ? WHERE id = ?", (digest.hexdigest(), source_id))

    def _clauses_of(self, source_id: str) -> Iterator[Clause]:
        for (data,) in self._connection.execute("SELECT data FROM imported_clause WHERE source_id = ?", (source_id,)):
            yield Clause.model_validate_json(data)
