"""Vectors by (model, text), so that nothing is encoded twice. A cache: it can be deleted at any time."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import StoreError
from assistant.index.shipped_vectors import shipped_key, shipped_vectors

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder, Vectors

_CHUNK = 64


def cached_vectors(path: Path, encoder: Encoder, texts: Sequence[str], progress: Callable[[int, int], None]) -> tuple[Vectors, int]:
    """The vectors of the texts in order, and how many had to be encoded: those that neither the cache nor the program brings.

    ``progress`` gets (done, all) as encoding goes on.

    What is encoded is kept at once, so that an interrupted run goes on where it stopped.
    Raises StoreError if the cache cannot be written.
    """
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS vector (model TEXT, text_hash TEXT, vector BLOB, PRIMARY KEY (model, text_hash)) WITHOUT ROWID"
            )
            return _fill(connection, encoder, texts, keys, progress)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(f"The vector cache {path} cannot be used ({error}). Delete it and run `clausewise index` again.") from error


def purge_vectors(path: Path, fingerprint: str) -> None:
    """Write the cache anew, without what was deleted from it; vectors of other models go too, since nobody knows their texts.

    Raises StoreError if the cache cannot be written.
    """
    if not path.is_file():
        return
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        try:
            connection.execute("DELETE FROM vector WHERE model <> ?", (fingerprint,))
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(f"The vector cache {path} cannot be used ({error}). Delete it and run `clausewise index` again.") from error


def _fill(
    connection: sqlite3.Connection, encoder: Encoder, texts: Sequence[str], keys: Sequence[str], progress: Callable[[int, int], None]
) -> tuple[Vectors, int]:
    known: dict[str, bytes] = dict(
        connection.execute("SELECT text_hash, vector FROM vector WHERE model = ?", (encoder.fingerprint,)).fetchall()
    )
    known |= _take_shipped(connection, encoder, [key for key in dict.fromkeys(keys) if key not in known])
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    pending = sorted(missing, key=lambda key: len(missing[key]))
    for start in range(0, len(pending), _CHUNK):
        progress(start, len(pending))
        chunk = pending[start : start + _CHUNK]
        vectors = encoder.encode_documents([missing[key] for key in chunk])
        rows = [(encoder.fingerprint, key, vector.tobytes()) for key, vector in zip(chunk, vectors, strict=True)]
        connection.execute("BEGIN")
        connection.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", rows)
        connection.execute("COMMIT")
        known |= {key: blob for _, key, blob in rows}
    if pending:
        progress(len(pending), len(pending))
    used = set(keys)
    stale = [(encoder.fingerprint, key) for key in known if key not in used]
    connection.executemany("DELETE FROM vector WHERE model = ? AND text_hash = ?", stale)
    if not keys:
        return np.zeros((0, 1), dtype=np.float32), 0
    return np.stack([np.frombuffer(known[key], dtype=np.float32) for key in keys]), len(pending)


def _take_shipped(connection: sqlite3.Connection, encoder: Encoder, keys: Sequence[str]) -> dict[str, bytes]:
    """Those of the vectors that ship with the program, now kept like any other."""
    if not keys:
        return {}
    shipped = shipped_vectors(encoder.fingerprint)
    found = {key: shipped[short].tobytes() for key in keys if (short := shipped_key(key)) in shipped}
    connection.execute("BEGIN")
    connection.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", [(encoder.fingerprint, *entry) for entry in found.items()])
    connection.execute("COMMIT")
    return found
