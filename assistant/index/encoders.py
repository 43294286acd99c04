"""Text to unit vectors.

Two models are embedded, all-MiniLM-L6-v2 and bge-small-en-v1.5, in int8 by onnxruntime, so that asking a question imports neither torch
nor sentence-transformers. Any other model is reached through sentence-transformers, by name or folder, without a network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np

from assistant.errors import ModelError
from assistant.index.int8_model import RECIPE, open_int8
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
from assistant.settings import EMBEDDED_ENCODER, SECOND_ENCODER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

BATCH = 8  # of sentence-transformers; a larger one is slower on few cores: the padding costs more than the call


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


def make_encoder(name: str, models: Path | None = None) -> Encoder:
    """The encoder a setting names: ``minilm``, ``bge-small``, or a sentence-transformers model by name or folder.

    ``models`` is where a model that has to be prepared is kept; without it, that takes a second or two in each process.
    Files are looked for when the encoder is first used, which raises ModelError if they are missing or are not the ones expected.
    """
    if name == EMBEDDED_ENCODER:
        return MiniLMEncoder(models)
    return BGESmallEncoder() if name == SECOND_ENCODER else SentenceTransformerEncoder(name)


class OnnxEncoder:
    """A BERT model of 384 dimensions through onnxruntime and tokenizers; a subclass says which."""

    fingerprint: ClassVar[str]
    """Of the files, of how they are prepared (``RECIPE``), and of how texts are put together ("single": one at a time)."""
    dimension: ClassVar[int] = 384
    query_prefix: ClassVar[str] = ""
    _words: ClassVar[ModelFile]
    _max_tokens: ClassVar[int]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """One by one: as quick as in batches on few cores, and a text's vector does not depend on what else was encoded."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, encoding in enumerate(self._tokenizer.encode_batch(list(texts))):
            vectors[row] = self._run([encoding.ids])[0]
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
        raise NotImplementedError

    @cached_property
    def _tokenizer(self) -> Any:
        return open_tokenizer(self._words, self._max_tokens)


class MiniLMEncoder(OnnxEncoder):
    """all-MiniLM-L6-v2: mean pooling over at most 256 tokens. Its int8 model is made once and kept in the folder ``models``."""

    _words = MINILM_WORDS
    _max_tokens = 256
    fingerprint = f"minilm-int8:{MINILM_MODEL.sha256[:16]}:{RECIPE}"

    def __init__(self, models: Path | None = None) -> None:
        self._models = models

    @cached_property
    def _session(self) -> Any:
        return open_int8(MINILM_MODEL, MINILM_WORDS, self._models)

    @staticmethod
    def _pool(output: Vectors, mask: Vectors) -> Vectors:
        if output.ndim == 2:
            return output
        weights = mask[:, :, None]
        pooled: Vectors = (output * weights).sum(axis=1) / weights.sum(axis=1)
        return pooled


class BGESmallEncoder(OnnxEncoder):
    """bge-small-en-v1.5: the first token's vector, over at most 512 tokens; questions carry the prefix it was trained with."""

    _words = BGE_WORDS
    _max_tokens = 512
    query_prefix = "Represent this sentence for searching relevant passages: "
    fingerprint = f"bge-small-int8:{BGE_MODEL.sha256[:16]}:single"

    @cached_property
    def _session(self) -> Any:
        return open_session(BGE_MODEL.path())

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
