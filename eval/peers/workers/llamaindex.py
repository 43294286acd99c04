"""LlamaIndex: QueryFusionRetriever (reciprocal rank) over its BM25Retriever and its own vector index, 50 candidates a side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import QueryBundle, TextNode
from llama_index.retrievers.bm25 import BM25Retriever

from eval.peers.workers.serving import Corpus, serve

CANDIDATES = 50


class GivenVectors(BaseEmbedding):  # type: ignore[misc]  # the package is not installed where types are checked
    """Never asked: nodes and questions bring their vectors."""

    def _get_query_embedding(self, query: str) -> list[float]:
        raise NotImplementedError

    async def _aget_query_embedding(self, query: str) -> list[float]:
        raise NotImplementedError

    def _get_text_embedding(self, text: str) -> list[float]:
        raise NotImplementedError


class Peer:
    def build(self, folder: Path, corpus: Corpus) -> None:
        nodes = [
            TextNode(id_=name, text=text, embedding=vector.tolist())
            for name, text, vector in zip(corpus.ids, corpus.texts, corpus.vectors, strict=True)
        ]
        index = VectorStoreIndex(nodes, embed_model=GivenVectors())
        index.storage_context.persist(str(folder / "vectors"))
        words = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=min(CANDIDATES, len(nodes)))
        words.persist(str(folder / "words"))
        self._assemble(index, words, len(nodes))

    def open(self, folder: Path, corpus: Corpus) -> None:
        storage = StorageContext.from_defaults(persist_dir=str(folder / "vectors"))
        index = load_index_from_storage(storage, embed_model=GivenVectors())
        self._assemble(index, BM25Retriever.from_persist_dir(str(folder / "words")), len(corpus.ids))

    def rank(self, text: str, vector: Any, k: int) -> list[tuple[str, float]]:
        found = self._retriever.retrieve(QueryBundle(text, embedding=vector))
        return [(entry.node.node_id, float(entry.score or 0)) for entry in found][:k]

    def _assemble(self, index: Any, words: Any, count: int) -> None:
        candidates = min(CANDIDATES, count)
        dense = index.as_retriever(similarity_top_k=candidates)
        self._retriever = QueryFusionRetriever(
            [words, dense], llm=MockLLM(), mode="reciprocal_rerank", similarity_top_k=candidates, num_queries=1, use_async=False
        )


if __name__ == "__main__":
    serve(Peer)
