"""Text to unit vectors.

Two models are embedded, all-MiniLM-L6-v2 and bge-small-en-v1.5: int8 weights run by onnxruntime, so that asking a question imports
neither torch nor sentence-transformers. Any other model is reached through sentence-transformers, by name or folder, without a network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np

from assistant.errors import ModelError
from assistant.index.model_files import (
    BGE_MODEL,
    BGE_WORDS,
    MINILM_MODEL,
    MINILM_WORDS,
    ModelFile,
    file_sha256,
    open_session,
    open_tokenizer,
    run_padded,
)
from assistant.settings import EMBEDDED_ENCODER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

BATCH = 8  # a larger batch is slower on few cores: the padding costs more than the call


class Encoder(Protocol):
    """Turns texts into unit vectors of one length.

    ``fingerprint`` changes whenever the vectors would; vectors with another one are never mixed.
    """

    @property
    def fingerprint(self) -> str: ...

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), float32, rows of length 1, in the order given; (0, …) for no texts."""
        ...

    def encode_query(self, text: str) -> Vectors:
        """Shape (dimension,), float32, of length 1."""
        ...


def make_encoder(name: str) -> Encoder:
    """The encoder a setting names: ``minilm``, ``bge-small``, or a sentence-transformers model by name or folder.

    Raises ModelError if its files are missing or are not the ones expected.
    """
    embedded: dict[str, type[OnnxEncoder]] = {EMBEDDED_ENCODER: MiniLMEncoder, "bge-small": BGESmallEncoder}
    return embedded[name]() if name in embedded else SentenceTransformerEncoder(name)


class OnnxEncoder:
    """A BERT model of 384 dimensions through onnxruntime and tokenizers; a subclass says which."""

    fingerprint: ClassVar[str]
    dimension: ClassVar[int] = 384
    query_prefix: ClassVar[str] = ""
    _model: ClassVar[ModelFile]
    _words: ClassVar[ModelFile]
    _max_tokens: ClassVar[int]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return vectors
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda position: len(encodings[position].ids))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors[batch] = self._run([encodings[position].ids for position in batch])
        return vectors

    def encode_query(self, text: str) -> Vectors:
        vector: Vectors = self._run([self._tokenizer.encode(self.query_prefix + text).ids])[0]
        return vector

    def _run(self, token_ids: Sequence[Sequence[int]]) -> Vectors:
        output, mask = run_padded(self._session, token_ids)
        pooled = self._pool(output, mask)
        vectors: Vectors = (pooled / np.linalg.norm(pooled, axis=1, keepdims=True)).astype(np.float32)
        return vectors

    @staticmethod
    def _pool(output: Vectors, mask: Vectors) -> Vectors:
        """From (texts, tokens, dimension) and (texts, tokens) to (texts, dimension)."""
        raise NotImplementedError

    @cached_property
    def _session(self) -> Any:
        return open_session(self._model)

    @cached_property
    def _tokenizer(self) -> Any:
        return open_tokenizer(self._words, self._max_tokens)


class MiniLMEncoder(OnnxEncoder):
    """all-MiniLM-L6-v2: mean pooling over at most 256 tokens."""

    _model = MINILM_MODEL
    _words = MINILM_WORDS
    _max_tokens = 256
    fingerprint = f"minilm-int8:{MINILM_MODEL.sha256[:16]}"

    @staticmethod
    def _pool(output: Vectors, mask: Vectors) -> Vectors:
        if output.ndim == 2:
            return output
        weights = mask[:, :, None]
        pooled: Vectors = (output * weights).sum(axis=1) / weights.sum(axis=1)
        return pooled


class BGESmallEncoder(OnnxEncoder):
    """bge-small-en-v1.5: the first token's vector, over at most 512 tokens; questions carry the prefix it was trained with."""

    _model = BGE_MODEL
    _words = BGE_WORDS
    _max_tokens = 512
    query_prefix = "Represent this sentence for searching relevant passages: "
    fingerprint = f"bge-small-int8:{BGE_MODEL.sha256[:16]}"

    @staticmethod
    def _pool(output: Vectors, mask: Vectors) -> Vectors:
        first: Vectors = output[:, 0] if output.ndim == 3 else output
        return first


class SentenceTransformerEncoder:
    """Any sentence-transformers model that lies on this machine, by name or folder. Never downloads anything."""

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def fingerprint(self) -> str:
        folder = Path(self._name)
        if not folder.is_dir():
            return f"sentence-transformers:{self._name}"
        digest = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(f"{path.relative_to(folder)}\0{file_sha256(path)}\n".encode())
        return f"sentence-transformers:{digest.hexdigest()[:16]}"

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.encode_document(inputs=list(texts), normalize_embeddings=True, batch_size=BATCH)
        return vectors.astype(np.float32)

    def encode_query(self, text: str) -> Vectors:
        vector: Vectors = self._model.encode_query(inputs=[text], normalize_embeddings=True)[0]
        return vector.astype(np.float32)

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(self._name, local_files_only=True, device="cpu")
        except (OSError, ValueError, KeyError) as error:
            message = f"The embedding model {self._name!r} cannot be loaded ({error}). Give a folder with all of its files, or use minilm."
            raise ModelError(message) from error
