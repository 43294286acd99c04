"""The truth: sources, versions, clauses, criteria, tools and evidence in one SQLite file."""

from assistant.store.lock import write_lock
from assistant.store.store import Store, StoreChange

__all__ = ["Store", "StoreChange", "write_lock"]
