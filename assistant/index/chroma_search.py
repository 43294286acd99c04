"""Cosines from the Chroma collections of a generation, in the place of the matrices beside them; opened with the first question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.index.generation import Generation, open_collection

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors
    from assistant.index.shortlist import Nearest
    from assistant.index.stages import Cosines
    from assistant.index.state import Scores


def all_in_chroma(generation: Generation, number: int) -> Cosines:
    """The cosines of all clauses by the encoder with this number."""
    search, count = nearest_in_chroma(generation, number), len(generation.search.passages)
    return lambda question: search(question, count)


def nearest_in_chroma(generation: Generation, number: int) -> Nearest:
    """The cosines of about so many nearest clauses by the encoder with this number."""
    rows = {passage.id: row for row, passage in enumerate(generation.search.passages)}
    return nearest_in(lru_cache(maxsize=1)(lambda: open_collection(generation.folder, number)), rows)


def nearest_in(collection: Callable[[], Any], rows: Mapping[str, int]) -> Nearest:
    """The same over any collection in cosine space; ``rows`` are by the ids it uses."""

    def search(question: Vectors, count: int) -> Scores:
        found = collection().query(query_embeddings=[question], n_results=min(count, len(rows)), include=["distances"])
        near = 1 - np.array(found["distances"][0], dtype=np.float32)
        cosines: Scores = np.full(len(rows), near.min(initial=1.0), dtype=np.float32)
        cosines[[rows[name] for name in found["ids"][0]]] = near
        return cosines

    return search
