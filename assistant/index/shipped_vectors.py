"""Vectors of the shipped texts, made beforehand, so that a first start does not encode for minutes what is the same everywhere.

knowledge/vectors/<model>.npz holds for one model the first half of each text's SHA-256, and its vector in 8 bits with a scale a row. A text
that has changed since is not found there and is encoded as usual. `python -m eval vectors` makes the files anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder, Vectors

_STEPS = 127
_CHUNK = 64
_KEY = 32  # hexadecimal digits of a hash that are kept


def file_name(fingerprint: str) -> str:
    """The name of a model's file; a fingerprint holds signs that no file name may have."""
    return f"{fingerprint.partition(':')[0]}-{hashlib.sha256(fingerprint.encode()).hexdigest()[:12]}.npz"


@cache
def shipped_vectors(fingerprint: str) -> Mapping[str, Vectors]:
    """The vectors that ship for a model, by ``shipped_key``; none for a model that none ship for."""
    path = files("knowledge").joinpath("vectors", file_name(fingerprint))
    if not path.is_file():
        return {}
    with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
        rows = held["rows"].astype(np.float32) * held["scales"].astype(np.float32)[:, None]
        keys = [key.decode() for key in held["keys"].tolist()]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return dict(zip(keys, rows, strict=True))


def shipped_key(text_hash: str) -> str:
    return text_hash[:_KEY]


def encode_to_ship(encoder: Encoder, texts: Sequence[str], progress: Callable[[int, int], None]) -> dict[str, Vectors]:
    """The vectors of the texts by the hash of each, all encoded anew. ``progress`` gets (done, all)."""
    made: dict[str, Vectors] = {}
    for start in range(0, len(texts), _CHUNK):
        progress(start, len(texts))
        chunk = texts[start : start + _CHUNK]
        made |= {hashlib.sha256(text.encode()).hexdigest(): row for text, row in zip(chunk, encoder.encode_documents(chunk), strict=True)}
    progress(len(texts), len(texts))
    return made


def write_shipped_vectors(folder: Path, fingerprint: str, vectors: Mapping[str, Vectors]) -> Path:
    """Write what ships for a model; ``vectors`` by the hash of their text."""
    keys = sorted(vectors)
    matrix = np.stack([vectors[key] for key in keys])
    scales = np.abs(matrix).max(axis=1) / _STEPS
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(fingerprint)
    np.savez(
        path,
        keys=np.array([shipped_key(key) for key in keys], dtype=f"S{_KEY}"),
        rows=np.rint(matrix / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
    )
    return path
