"""The truth: sources, versions, clauses, criteria, tools and evidence in one SQLite file."""

from assistant.store.lock import write_lock
from assistant.store.store import Store, StoreChange
from assistant.store.texts import ImportedSource, Words, put_in_order

__all__ = ["ImportedSource", "Store", "StoreChange", "Words", "put_in_order", "write_lock"]
