"""Rough cosines: near enough to choose by, and the same from a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.index.sketch import DIRECTIONS, Sketch, load_sketch, save_sketch

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors


def vectors(seed: int, count: int = 3000) -> Vectors:
    """Unit vectors that differ more in some directions than in others, as those of texts do."""
    generator = np.random.default_rng(seed)
    spread = generator.standard_normal((count, 256)) * np.geomspace(1, 0.03, 256) + generator.standard_normal(256) * 0.1
    unit: Vectors = (spread / np.linalg.norm(spread, axis=1, keepdims=True)).astype(np.float32)
    return unit


def test_the_best_by_exact_cosines_are_among_the_best_of_the_sketch() -> None:
    matrices = {"one": vectors(0), "two": vectors(1)}
    weights = {"one": 15.0, "two": 40.0}
    sketch = Sketch.of(matrices)
    assert sketch.rows.shape == (3000, 2 * DIRECTIONS)
    kept = []
    for row in range(0, 3000, 300):
        asked = {name: matrix[row] for name, matrix in matrices.items()}
        exact = sum(weights[name] * (matrix @ asked[name]) for name, matrix in matrices.items())
        rough = sketch.scores(asked, weights)
        kept.append(len(set(np.argsort(-exact)[:20]) & set(np.argsort(-rough)[:100])) / 20)
    assert np.mean(kept) > 0.99


def test_a_sketch_from_a_folder_gives_the_same_and_takes_encoders_of_any_length(tmp_path: Path) -> None:
    matrices = {"one": vectors(0, 50), "two": vectors(1, 50)[:, :10] + 0}
    sketch = Sketch.of(matrices)
    assert sketch.rows.shape == (50, DIRECTIONS + 10)
    save_sketch(sketch, tmp_path / "sketch")
    asked = {name: matrix[0] for name, matrix in matrices.items()}
    opened = load_sketch(tmp_path / "sketch", list(matrices))
    assert (opened.scores(asked, {"one": 1.0, "two": 2.0}) == sketch.scores(asked, {"one": 1.0, "two": 2.0})).all()


def test_an_encoder_that_is_not_asked_counts_nothing() -> None:
    matrices = {"one": vectors(0, 500), "two": vectors(1, 500)}
    both, alone = Sketch.of(matrices), Sketch.of({"two": matrices["two"]})
    asked = {"two": matrices["two"][0]}
    assert np.allclose(both.scores(asked, {"two": 3.0}), alone.scores(asked, {"two": 3.0}), atol=1e-4)
