"""Stages that were tried and left out."""

from __future__ import annotations

import numpy as np

from eval.bench.tried import by_document, diverse


def test_what_says_the_same_again_comes_later() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    scores = np.array([3, 2.9, 1], dtype=np.float32)
    assert diverse(vectors, scores, 1.0) == [0, 1, 2]
    assert diverse(vectors, scores, 0.3) == [0, 2, 1]


def test_the_best_other_passage_of_a_document_speaks_for_a_passage() -> None:
    scores = np.array([5, 4, 3.9], dtype=np.float32)
    assert by_document(["a", "b", "a"], scores, 0.0) == [0, 1, 2]
    assert by_document(["a", "b", "a"], scores, 0.1) == [0, 2, 1]
