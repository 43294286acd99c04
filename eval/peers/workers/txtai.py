"""txtai: its hybrid index (BM25 of its own and Faiss), as it comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from txtai import Embeddings

from eval.peers.workers import given_vectors
from eval.peers.workers.serving import Corpus, serve


class Peer:
    def build(self, folder: Path, corpus: Corpus) -> None:
        given_vectors.by_text.update(zip(corpus.texts, corpus.vectors, strict=True))
        self._embeddings = Embeddings(hybrid=True, method="external", transform=f"{given_vectors.__name__}.transform")
        self._embeddings.index(zip(corpus.ids, corpus.texts, strict=True))
        self._embeddings.save(str(folder / "index"))
        given_vectors.by_text.clear()

    def open(self, folder: Path, corpus: Corpus) -> None:
        self._embeddings = Embeddings()
        self._embeddings.load(str(folder / "index"))

    def rank(self, text: str, vector: Any, k: int) -> list[tuple[str, float]]:
        given_vectors.by_text[text] = vector
        found = self._embeddings.search(text, k)
        del given_vectors.by_text[text]
        return [(name, float(score)) for name, score in found]


if __name__ == "__main__":
    serve(Peer)
