"""bm25s by itself, as its documentation shows it: English stop words and stemmer, its own parameters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bm25s
import Stemmer

from eval.peers.workers.serving import Corpus, serve


class Peer:
    def build(self, folder: Path, corpus: Corpus) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._index = bm25s.BM25()
        self._index.index(
            bm25s.tokenize(list(corpus.texts), stopwords="en", stemmer=self._stemmer, show_progress=False), show_progress=False
        )
        self._ids = list(corpus.ids)
        self._index.save(str(folder), show_progress=False)
        (folder / "ids.json").write_text(json.dumps(self._ids), encoding="utf-8")

    def open(self, folder: Path, corpus: Corpus) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._index = bm25s.BM25.load(str(folder))
        self._ids = json.loads((folder / "ids.json").read_text(encoding="utf-8"))

    def rank(self, text: str, vector: Any, k: int) -> list[tuple[str, float]]:
        tokens = bm25s.tokenize([text], stopwords="en", stemmer=self._stemmer, show_progress=False)
        rows, scores = self._index.retrieve(tokens, k=min(k, len(self._ids)), show_progress=False)
        return [(self._ids[row], float(score)) for row, score in zip(rows[0], scores[0], strict=True)]


if __name__ == "__main__":
    serve(Peer)
