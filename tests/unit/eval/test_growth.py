"""Made-up passages for the growth benchmark, and where one search hands over to the other."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.index.passages import Passage, check_passages
from eval.bench.growth import grow_passages, grow_vectors, growth_chart, hand_over

PASSAGES = [Passage(f"p{number}", f"d{number // 2}", f"clause number {number} speaks of something else") for number in range(4)]


def test_up_to_the_size_of_the_set_passages_are_real() -> None:
    assert grow_passages(PASSAGES, 3) == PASSAGES[:3]
    vectors = np.eye(4, dtype=np.float32)
    assert np.array_equal(grow_vectors(vectors, 3), vectors[:3])


def test_beyond_it_they_are_made_up_and_differ() -> None:
    grown = grow_passages(PASSAGES, 11)
    assert len(grown) == 11
    assert grown[:4] == PASSAGES
    check_passages(grown)
    assert grown[4].id == "p0~1"
    assert grown == grow_passages(PASSAGES, 11)


def test_vectors_stay_of_unit_length_and_near_what_they_were_made_from() -> None:
    real = np.random.default_rng(1).standard_normal((4, 384)).astype(np.float32)
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    grown = grow_vectors(real, 10)
    assert grown.shape == (10, 384)
    assert np.linalg.norm(grown, axis=1) == pytest.approx(np.ones(10), abs=1e-5)
    assert float(grown[4] @ real[0]) == pytest.approx(0.894, abs=0.03)  # 1 / sqrt(1 + 0.5 ** 2)


def row(passages: int, sketch: float, chroma: float) -> dict[str, float]:
    values = {"passages": passages, "sketch_cpu_ms": sketch, "chroma_cpu_ms": chroma}
    return {**values, "question_cpu_ms": sketch + 1, "handed_over_cpu_ms": chroma + 1, "whole_cpu_ms": 3 * sketch}


def test_the_hand_over_lies_where_the_lines_cross() -> None:
    """The sketch grows as the passages, Chroma stays: 1, 10, 100 against 10 cross at 10,000, 1 and 4 against 16 further on."""
    assert hand_over([row(1_000, 1, 10), row(100_000, 100, 10)]) == 10_000
    assert hand_over([row(1_000, 1, 16), row(4_000, 4, 16)]) == 16_000
    assert hand_over([row(1_000, 1, 10), row(100_000, 1, 20)]) is None


def test_the_chart_is_drawn() -> None:
    assert growth_chart([row(1_000, 1, 2), row(10_000, 5, 2)]).startswith("<svg")
