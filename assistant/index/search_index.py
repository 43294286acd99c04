"""Passages made searchable: their words, and their vectors by each encoder, in memory or in a folder.

folder/index.json     what it was built from: passages' ids, documents, texts, and which encoders
       words/         BM25 (bm25.py)
       sketch/        of a large collection: rough cosines (sketch.py)
       <encoder>.npy  one vector a passage, mapped into memory
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import IndexDamagedError, ModelError, StoreError
from assistant.index.bm25 import BM25Index, mapped_array, save_array
from assistant.index.passages import Passage, check_passages
from assistant.index.sketch import Sketch, load_sketch, save_sketch
from assistant.index.vector_cache import cached_vectors

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder, Vectors
    from assistant.index.passages import Mask
    from assistant.settings import RetrievalSettings

FORMAT = 3


@dataclass(frozen=True)
class SearchIndex:
    """Row i of every matrix and of every score belongs to ``passages[i]``. ``vectors`` are by the name of the encoder.

    ``sketch`` is None where there are so few passages that all are looked at.
    """

    passages: tuple[Passage, ...]
    bm25: BM25Index
    vectors: Mapping[str, Vectors]
    version: str
    sketch: Sketch | None = None

    @classmethod
    def build(
        cls,
        passages: Sequence[Passage],
        encoders: Mapping[str, Encoder],
        settings: RetrievalSettings,
        cache: Path,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> SearchIndex:
        """Index the passages, encoding only what ``cache`` (a file, made if absent) does not hold yet. ``progress`` gets (done, all).

        Raises InputError if the passages do not hold together, StoreError if the cache cannot be written, ModelError if a model is not
        there or gives vectors of another length than it should.
        """
        return cls.built(passages, encoders, settings, cache, progress).index

    @classmethod
    def built(
        cls,
        passages: Sequence[Passage],
        encoders: Mapping[str, Encoder],
        settings: RetrievalSettings,
        cache: Path,
        progress: Callable[[int, int], None] = lambda done, total: None,
        beside: Sequence[str] = (),
    ) -> Built:
        """The same, with the vectors of other texts ``beside``, and how many texts had to be encoded."""
        check_passages(passages)
        texts = [searched_text(passage) for passage in passages]
        vectors: dict[str, Vectors] = {}
        others: dict[str, Vectors] = {}
        encoded = 0
        for name, encoder in encoders.items():
            both, count = cached_vectors(cache, encoder, [*texts, *beside], progress)
            vectors[name], others[name], encoded = both[: len(texts)], both[len(texts) :], encoded + count
        bm25 = BM25Index.build(texts, k1=settings.k1, b=settings.b)
        sketch = Sketch.of(vectors) if 0 < settings.shortlist < len(passages) and vectors else None
        return Built(cls(tuple(passages), bm25, vectors, index_version(passages, encoders, settings), sketch), others, encoded)

    def save(self, folder: Path) -> None:
        """Raises StoreError if the folder cannot be written."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.bm25.save(folder / "words")
            for name, matrix in self.vectors.items():
                save_array(folder / f"{_file_name(name)}.npy", matrix)
            rows = [[passage.id, passage.document, passage.text, passage.label] for passage in self.passages]
            if self.sketch is not None:
                save_sketch(self.sketch, folder / "sketch")
            encoders, sketched = list(self.vectors), self.sketch is not None
            content = {"format": FORMAT, "version": self.version, "encoders": encoders, "sketch": sketched, "passages": rows}
            (folder / "index.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        except OSError as error:
            full = " The disk is full: free some room and try again." if error.errno == errno.ENOSPC else ""
            raise StoreError(f"The index in {folder} cannot be written: {error.strerror or error}.{full}") from error

    @classmethod
    def open(cls, folder: Path) -> SearchIndex:
        """Raises IndexDamagedError if the folder holds no whole index of this format."""
        try:
            content: dict[str, Any] = json.loads((folder / "index.json").read_text(encoding="utf-8"))
            if content["format"] != FORMAT:
                raise IndexDamagedError(f"The index in {folder} has another format. Build it again.")
            passages = tuple(Passage(*row) for row in content["passages"])
            vectors = {name: mapped_array(folder / f"{_file_name(name)}.npy") for name in content["encoders"]}
            bm25 = BM25Index.load(folder / "words")
            sketch = load_sketch(folder / "sketch", content["encoders"]) if content["sketch"] else None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamagedError(f"The index in {folder} cannot be read ({error}). Build it again.") from error
        if any(len(matrix) != len(passages) for matrix in vectors.values()):
            raise IndexDamagedError(f"The index in {folder} holds another number of vectors than passages. Build it again.")
        return cls(passages, bm25, vectors, content["version"], sketch)

    def mask(self, admits: Callable[[Passage], bool]) -> Mask:
        """The filter that lets through the passages that ``admits`` approves of."""
        return np.fromiter((admits(passage) for passage in self.passages), dtype=bool, count=len(self.passages))

    def of_document(self, document: str) -> Mask:
        """The filter that lets one document through."""
        return self.mask(lambda passage: passage.document == document)


@dataclass(frozen=True)
class Built:
    """A new index, the vectors of what was to be encoded beside it, by encoder, and how many texts were not in the cache yet."""

    index: SearchIndex
    beside: Mapping[str, Vectors]
    encoded: int


def searched_text(passage: Passage) -> str:
    """What of a passage is encoded and indexed: where it stands, and what it says."""
    return f"{passage.label}. {passage.text}" if passage.label else passage.text


def index_version(passages: Sequence[Passage], encoders: Mapping[str, Encoder], settings: RetrievalSettings) -> str:
    """A digest of all that an index depends on: passages, models, the parameters of BM25, and the format."""
    digest = hashlib.sha256(repr((FORMAT, settings.k1, settings.b, [encoder.fingerprint for encoder in encoders.values()])).encode())
    for passage in passages:
        digest.update("\0".join((passage.id, passage.document, passage.label, passage.text, "")).encode())
    return digest.hexdigest()


def check_model(encoder: Encoder, name: str) -> None:
    """Try a model before anything is overwritten. Raises ModelError if it lacks files or gives no unit vectors."""
    vector = encoder.encode_query("a question")
    if vector.ndim != 1 or not np.isclose(float(np.linalg.norm(vector)), 1.0, atol=1e-3):
        raise ModelError(f"The embedding model {name!r} gives no unit vectors. Use a model that does, or minilm.")


def _file_name(encoder: str) -> str:
    """A name that any file system takes; a folder given as a model keeps its last part for the reader."""
    plain = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in Path(encoder).name)
    return f"vectors-{plain}-{hashlib.sha256(encoder.encode()).hexdigest()[:8]}"
