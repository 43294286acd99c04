"""Chroma as it comes: a persistent collection, its own space and search, given the vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings

from eval.peers.workers.serving import Corpus, serve

_BATCH = 5_000


class Peer:
    def build(self, folder: Path, corpus: Corpus) -> None:
        self._collection = self._client(folder).create_collection("passages", embedding_function=None)
        for start in range(0, len(corpus.ids), _BATCH):
            batch = slice(start, start + _BATCH)
            self._collection.add(ids=list(corpus.ids[batch]), documents=list(corpus.texts[batch]), embeddings=corpus.vectors[batch])

    def open(self, folder: Path, corpus: Corpus) -> None:
        self._collection = self._client(folder).get_collection("passages", embedding_function=None)

    def rank(self, text: str, vector: Any, k: int) -> list[tuple[str, float]]:
        found = self._collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        distances = found["distances"] or [[]]
        return [(name, -distance) for name, distance in zip(found["ids"][0], distances[0], strict=True)]

    def _client(self, folder: Path) -> Any:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


if __name__ == "__main__":
    serve(Peer)
