"""Vectors that ship: they come back nearly as they were, and for their own model only."""

from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from assistant.index import shipped_vectors as module
from assistant.index.shipped_vectors import file_name, shipped_key, shipped_vectors, write_shipped_vectors

HASHES = ("ab" * 32, "cd" * 32)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of knowledge whose folder the test may write to."""
    monkeypatch.setattr(module, "files", lambda package: tmp_path)
    shipped_vectors.cache_clear()
    return tmp_path / "vectors"


def test_vectors_come_back_by_the_hash_of_their_text(installed: Path) -> None:
    matrix = np.random.default_rng(0).normal(size=(2, 384)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    write_shipped_vectors(installed, "model:1", dict(zip(HASHES, matrix, strict=True)))
    found = shipped_vectors("model:1")
    assert set(found) == {shipped_key(text_hash) for text_hash in HASHES}
    for text_hash, vector in zip(HASHES, matrix, strict=True):
        assert found[shipped_key(text_hash)] @ vector > 0.9999
        assert np.linalg.norm(found[shipped_key(text_hash)]) == pytest.approx(1, abs=1e-6)


def test_none_ship_for_another_model(installed: Path) -> None:
    write_shipped_vectors(installed, "model:1", {HASHES[0]: np.eye(384, dtype=np.float32)[0]})
    assert shipped_vectors("model:2") == {}


def test_a_fingerprint_becomes_a_plain_file_name() -> None:
    assert file_name("bge-small-int8:68807e:single").startswith("bge-small-int8-")
    assert not set(file_name("bge-small-int8:68807e:single")) & set("/: ")


def test_the_folder_is_part_of_the_package() -> None:
    assert resources.files("knowledge").joinpath("vectors").is_dir()
