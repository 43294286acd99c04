"""Haystack: a pipeline of its in-memory BM25 and embedding retrievers, joined by reciprocal rank fusion, 50 candidates a side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from eval.peers.workers.serving import Corpus, serve

CANDIDATES = 50


class Peer:
    def build(self, folder: Path, corpus: Corpus) -> None:
        store = InMemoryDocumentStore(embedding_similarity_function="cosine", return_embedding=False)
        store.write_documents(
            [
                Document(id=name, content=text, embedding=vector.tolist())
                for name, text, vector in zip(corpus.ids, corpus.texts, corpus.vectors, strict=True)
            ]
        )
        store.save_to_disk(str(folder / "store.json"))
        self._assemble(store)

    def open(self, folder: Path, corpus: Corpus) -> None:
        self._assemble(InMemoryDocumentStore.load_from_disk(str(folder / "store.json")))

    def rank(self, text: str, vector: Any, k: int) -> list[tuple[str, float]]:
        found = self._pipeline.run({"words": {"query": text}, "dense": {"query_embedding": vector}})
        return [(document.id, float(document.score or 0)) for document in found["joiner"]["documents"]][:k]

    def _assemble(self, store: Any) -> None:
        self._pipeline = Pipeline()
        self._pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=CANDIDATES))
        self._pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=CANDIDATES))
        self._pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self._pipeline.connect("words", "joiner")
        self._pipeline.connect("dense", "joiner")


if __name__ == "__main__":
    serve(Peer)
