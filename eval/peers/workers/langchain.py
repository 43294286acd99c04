"""LangChain: EnsembleRetriever (rank fusion) over its BM25Retriever and Chroma, 50 candidates a side.

Its BM25 is not kept anywhere: it is built at each start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.embeddings import Embeddings

from eval.peers.workers.serving import Corpus, serve

CANDIDATES = 50
_BATCH = 5_000


class GivenVectors(Embeddings):
    """Hands over vectors that were made before."""

    def __init__(self) -> None:
        self.documents: list[list[float]] = []
        self.query: list[float] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.documents

    def embed_query(self, text: str) -> list[float]:
        return self.query


class Peer:
    def __init__(self) -> None:
        self._vectors = GivenVectors()

    def build(self, folder: Path, corpus: Corpus) -> None:
        self._assemble(folder, corpus)
        for start in range(0, len(corpus.ids), _BATCH):
            batch = slice(start, start + _BATCH)
            self._vectors.documents = corpus.vectors[batch].tolist()
            ids = list(corpus.ids[batch])
            self._store.add_texts(list(corpus.texts[batch]), metadatas=[{"id": name} for name in ids], ids=ids)

    def open(self, folder: Path, corpus: Corpus) -> None:
        self._assemble(folder, corpus)

    def rank(self, text: str, vector: Any, k: int) -> list[tuple[str, float]]:
        self._vectors.query = vector
        found = self._retriever.invoke(text)[:k]
        return [(document.metadata["id"], 1 / place) for place, document in enumerate(found, start=1)]

    def _assemble(self, folder: Path, corpus: Corpus) -> None:
        words = BM25Retriever.from_texts(list(corpus.texts), metadatas=[{"id": name} for name in corpus.ids], ids=list(corpus.ids))
        words.k = CANDIDATES
        self._store = Chroma("passages", embedding_function=self._vectors, persist_directory=str(folder))
        dense = self._store.as_retriever(search_kwargs={"k": CANDIDATES})
        self._retriever = EnsembleRetriever(retrievers=[words, dense], weights=[0.5, 0.5], id_key="id")


if __name__ == "__main__":
    serve(Peer)
