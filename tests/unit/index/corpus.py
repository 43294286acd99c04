"""A small corpus and models of our own that need no files: vectors by hashed words."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.index.passages import Passage
from assistant.index.search_index import SearchIndex
from assistant.index.text import terms
from assistant.settings import RetrievalSettings

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors
    from assistant.index.state import Scores

PASSAGES = (
    Passage("law-1", "law", "Scope"),
    Passage("law-2", "law", "A breach is reported to the authority within three days."),
    Passage("law-3", "law", "The report names the people affected by the breach."),
    Passage("law-4", "law", "Records are erased when nobody needs them any more."),
    Passage("note-1", "note", "Why breaches are reported: trust depends on knowing."),
    Passage("terms-1", "terms", "We share records with partners for advertising."),
    Passage("terms-2", "terms", "You may ask us to erase your records at any time."),
)
QUESTIONS = ("How soon must a breach be reported to the authority?", "erase records", "who gets my records?", "zebra")


class HashedWords:
    """Each word points in a direction of its own; a text is the sum of its words, of unit length."""

    def __init__(self, salt: str = "") -> None:
        self.salt = salt
        self.asked: list[str] = []

    @property
    def fingerprint(self) -> str:
        return f"hashed-words{self.salt}"

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts]) if texts else np.zeros((0, 16), dtype=np.float32)

    def encode_query(self, text: str) -> Vectors:
        self.asked.append(text)
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        total = np.full(16, 1e-3)
        for word in terms(text):
            total += np.random.default_rng(zlib.crc32(f"{self.salt}{word}".encode())).normal(size=16)
        vector: Vectors = (total / np.linalg.norm(total)).astype(np.float32)
        return vector


class SharedWords:
    """A reranker that counts the words that question and passage share."""

    fingerprint = "shared-words"

    def __init__(self) -> None:
        self.read: list[str] = []

    def score(self, question: str, texts: Sequence[str]) -> Scores:
        self.read += texts
        own = set(terms(question))
        return np.array([len(own & set(terms(text))) for text in texts], dtype=np.float32)


SETTINGS = RetrievalSettings(encoders=("one", "two"), dense_weights=(5.0, 5.0), rerank_depth=3, learned=True)


def encoders() -> dict[str, HashedWords]:
    return {"one": HashedWords("1"), "two": HashedWords("2")}


def build(folder: Path, passages: Sequence[Passage] = PASSAGES) -> SearchIndex:
    return SearchIndex.build(passages, encoders(), SETTINGS, folder / "vectors.sqlite3")
