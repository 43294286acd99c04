"""One writer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import StoreError, StoreLockedError


@contextmanager
def write_lock(path: Path, timeout_seconds: float) -> Iterator[None]:
    """Hold the write lock of a data folder, creating the folder.

    Raises StoreLockedError if another process holds it longer than the timeout, StoreError if the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=timeout_seconds)
        lock.acquire()
    except Timeout as error:
        raise StoreLockedError(path, timeout_seconds) from error
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(f"Cannot write to {path.parent}: {reason}. Set CLAUSEWISE_HOME to a folder you may write to.") from error
    try:
        yield
    finally:
        lock.release()
