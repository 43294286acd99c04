"""Intervals and paired tests: small cases by hand, the rest by what must hold."""

from __future__ import annotations

import random

import pytest

from eval.retrieval.significance import holm, interval_of_mean, paired_differences


def test_equal_values_have_an_interval_without_width() -> None:
    assert interval_of_mean([0.5, 0.5, 0.5]).model_dump() == {"value": 0.5, "low": 0.5, "high": 0.5, "count": 3}
    assert interval_of_mean([0.25]).high == 0.25


def test_the_interval_holds_the_mean_and_can_be_made_again() -> None:
    values = [0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0]
    first = interval_of_mean(values)
    assert first.value == 0.625
    assert first.low < 0.625 < first.high
    assert first == interval_of_mean(values)


def test_the_interval_narrows_with_more_questions() -> None:
    few, many = (interval_of_mean([0.0, 1.0] * count) for count in (5, 500))
    assert many.high - many.low < few.high - few.low
    # normal approximation: 1.96 * 0.5 / sqrt(1000) on either side
    assert many.high - many.low == pytest.approx(2 * 1.96 * 0.5 / 1000**0.5, rel=0.15)


def test_the_randomisation_test_counts_all_ways_where_there_are_few() -> None:
    """Three gains of 1: of the 8 ways to swap, the sums +3 and -3 are as far from 0, so p = 2/8."""
    (found,) = paired_differences([([0, 0, 0], [1, 1, 1])])
    assert found.value == 1
    assert found.p_value == pytest.approx(0.25)
    assert (found.better, found.worse, found.count) == (3, 0, 3)


def test_no_difference_is_no_difference() -> None:
    (found,) = paired_differences([([0.1, 0.7], [0.1, 0.7])])
    assert (found.value, found.low, found.high, found.p_value) == (0, 0, 0, 1)


def test_a_clear_gain_is_told_from_noise() -> None:
    draw = random.Random(1)
    before = [draw.random() for _ in range(200)]
    gained = [value + 0.1 + draw.gauss(0, 0.1) for value in before]
    shuffled = [value + draw.gauss(0, 0.1) for value in before]
    clear, noise = paired_differences([(before, gained), (before, shuffled)])
    assert clear.low > 0
    assert clear.p_holm < 0.01
    assert noise.low < 0 < noise.high
    assert noise.p_value > 0.05


def test_holm_by_hand() -> None:
    """0.01 x 3, then 0.02 x 2, then 0.03 x 1 but never below the one before."""
    assert holm([0.03, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_lists_that_do_not_pair_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        paired_differences([([1.0], [1.0, 2.0])])
    with pytest.raises(ValueError, match="nothing"):
        interval_of_mean([])
