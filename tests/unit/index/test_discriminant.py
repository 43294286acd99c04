"""The discriminant on points whose answer can be seen."""

from pathlib import Path

import numpy as np
import pytest

from assistant.index.discriminant import Discriminant

# Two things are asked for. They differ in the first direction by little; within each, questions differ in the second by much.
OWNERS = ("a", "a", "b", "b")
VECTORS = np.array([[0.1, 1.0], [0.1, -1.0], [-0.1, 1.0], [-0.1, -1.0]], dtype=np.float32)


def test_what_sets_things_apart_counts_and_what_varies_within_them_does_not() -> None:
    question = np.array([0.1, -0.9], dtype=np.float32)
    read = Discriminant.learn(OWNERS, VECTORS).read(question)
    assert read["a"] == 0
    assert read["b"] < 0
    # the nearest single text alone would not tell: it is as near to one of b as its own is far
    assert Discriminant.learn(OWNERS, VECTORS).read(-question) == pytest.approx({"a": read["b"], "b": 0})


def test_one_text_each_is_compared_by_nearness() -> None:
    learned = Discriminant.learn(("a", "b"), np.eye(2, dtype=np.float32))
    assert max(learned.read(np.array([0.2, 0.9], dtype=np.float32)).items(), key=lambda entry: entry[1])[0] == "b"


def test_nothing_to_learn_from_reads_nothing() -> None:
    assert Discriminant.learn((), np.zeros((0, 3), dtype=np.float32)).read(np.ones(3, dtype=np.float32)) == {}


def test_it_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    learned = Discriminant.learn(OWNERS, VECTORS)
    learned.save(tmp_path / "asked.npz")
    opened = Discriminant.open(tmp_path / "asked.npz")
    assert opened.names == learned.names
    assert np.array_equal(opened.weights, learned.weights)
    assert np.array_equal(opened.constants, learned.constants)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "asked.npz").write_bytes(b"no archive")
    with pytest.raises(ValueError, match="pickle"):
        Discriminant.open(tmp_path / "asked.npz")
