"""The retriever of this program, measured as the others are. Arguments: profile, vectors, folder of models, stages left out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from eval.peers.workers.serving import Corpus, serve


class Peer:
    """``encoding`` says what encoding the last question took: it is taken off, as the others get their vectors made."""

    def __init__(self) -> None:
        from eval.retrieval.clausewise import make_system

        profile, vectors, models, *without = sys.argv[1:]
        self._system = make_system(profile, {}, without, Path(models))  # type: ignore[arg-type]  # the caller hands on one of its own choices
        self._vectors = Path(vectors)
        self.encoding: dict[str, float] = {}

    def build(self, folder: Path, corpus: Corpus) -> None:
        self._system.index(_passages(corpus), self._vectors, folder / "index", lambda done, total: None)

    def open(self, folder: Path, corpus: Corpus) -> None:
        self._system.open(folder / "index")

    def rank(self, text: str, vector: Any, k: int) -> list[tuple[str, float]]:
        return self.rank_within(None, text, k)

    def within(self, document: str) -> Within:
        """The same index, asked about one document: it is no other one."""
        return Within(self, document)

    def rank_within(self, document: str | None, text: str, k: int) -> list[tuple[str, float]]:
        before = self._encoding_so_far()
        answer = self._system.rank(text, {document} if document else None, k)
        spent = [new - old for new, old in zip(self._encoding_so_far(), before, strict=True)]
        self.encoding = {"encode_wall": spent[0], "encode_cpu": spent[1]}
        return [(hit.passage, hit.score) for hit in answer.hits]

    def _encoding_so_far(self) -> tuple[float, float]:
        encoders = self._system.encoders.values()
        return sum(encoder.wall for encoder in encoders), sum(encoder.cpu for encoder in encoders)


class Within:
    def __init__(self, peer: Peer, document: str) -> None:
        self._peer, self._document = peer, document

    @property
    def encoding(self) -> dict[str, float]:
        return self._peer.encoding

    def rank(self, text: str, vector: Any, k: int) -> list[tuple[str, float]]:
        return self._peer.rank_within(self._document, text, k)


def _passages(corpus: Corpus) -> list[Any]:
    from assistant.index.passages import Passage

    rows = zip(corpus.ids, corpus.documents, corpus.texts, strict=True)
    return [Passage(name, document, text) for name, document, text in rows]


if __name__ == "__main__":
    serve(Peer)
