"""The measure of declining, on made-up values."""

from __future__ import annotations

import pytest

from eval.declining import TOGETHER, auroc, combine


def test_auroc_is_the_share_of_pairs_in_order() -> None:
    assert auroc([3.0, 2.0], [1.0, 0.0]) == 1.0
    assert auroc([0.0], [1.0]) == 0.0
    assert auroc([1.0, 1.0], [1.0]) == 0.5


def test_signals_together_weigh_the_same_and_a_constant_one_nothing() -> None:
    rows = [dict.fromkeys(TOGETHER, 1.0), dict.fromkeys(TOGETHER, 1.0) | {TOGETHER[0]: 3.0}]
    low, high = combine(rows).tolist()
    assert (low, high) == pytest.approx((-0.25, 0.25))
