"""How far figures carry: bootstrap intervals and paired tests, by scipy. The seed is fixed: a report can be made again.

The paired test is the randomisation test: under the null hypothesis the two systems of a query could have been swapped (Smucker,
Allan, Carterette: A Comparison of Statistical Significance Tests for Information Retrieval Evaluation, CIKM 2007).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from assistant.schema import Frozen

SEED = 20261124
RESAMPLES = 4_999
_BATCH = 1_000  # resamples held in memory at a time
CONFIDENCE = 0.95


class Interval(Frozen):
    """A mean with its percentile bootstrap interval over queries."""

    value: float
    low: float
    high: float
    count: int


class Difference(Frozen):
    """Second minus first, paired by query. ``p_value``: of the two-sided paired randomisation test; ``p_holm``: corrected for as many
    tests as were made together (Holm 1979). ``better``, ``worse``: queries on which the second run has the higher or lower value.
    """

    value: float
    low: float
    high: float
    p_value: float = Field(ge=0, le=1)
    p_holm: float = Field(ge=0, le=1)
    better: int
    worse: int
    count: int


def interval_of_mean(values: Sequence[float], *, seed: int = SEED) -> Interval:
    """Raises ValueError for no values. One value, or all equal, give an interval without width."""
    if not values:
        raise ValueError("there is no mean of nothing")
    low, high = _bootstrap(np.asarray(values, dtype=float), seed)
    return Interval(value=float(np.mean(values)), low=low, high=high, count=len(values))


def paired_differences(pairs: Sequence[tuple[Sequence[float], Sequence[float]]], *, seed: int = SEED) -> list[Difference]:
    """The difference of each pair of value lists, which go query by query; the p values are corrected for the number of pairs.

    Raises ValueError if the two lists of a pair differ in length or are empty.
    """
    raw = [_raw_difference(first, second, seed) for first, second in pairs]
    corrected = holm([entry.p_value for entry in raw])
    return [entry.model_copy(update={"p_holm": value}) for entry, value in zip(raw, corrected, strict=True)]


def holm(p_values: Sequence[float]) -> list[float]:
    """The p values of tests made together, corrected, in their order (Holm: A Simple Sequentially Rejective Multiple Test Procedure)."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    corrected, highest = [0.0] * len(p_values), 0.0
    for tested, place in enumerate(order):
        highest = max(highest, min(1.0, p_values[place] * (len(p_values) - tested)))
        corrected[place] = highest
    return corrected


def _raw_difference(first: Sequence[float], second: Sequence[float], seed: int) -> Difference:
    if not first or len(first) != len(second):
        raise ValueError("a paired difference needs two lists of one length, at least 1")
    gained = np.asarray(second, dtype=float) - np.asarray(first, dtype=float)
    low, high = _bootstrap(gained, seed)
    p_value = _randomisation_test(gained, seed)
    better, worse = int((gained > 0).sum()), int((gained < 0).sum())
    mean = float(gained.mean())
    return Difference(value=mean, low=low, high=high, p_value=p_value, p_holm=p_value, better=better, worse=worse, count=len(first))


def _bootstrap(values: np.typing.NDArray[np.float64], seed: int) -> tuple[float, float]:
    from scipy.stats import bootstrap

    if len(values) < 2 or np.ptp(values) == 0:
        return float(values.mean()), float(values.mean())
    found = bootstrap(
        (values,),
        np.mean,
        n_resamples=RESAMPLES,
        batch=_BATCH,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def _randomisation_test(gained: np.typing.NDArray[np.float64], seed: int) -> float:
    from scipy.stats import permutation_test

    changed = gained[gained != 0]  # a sign turned round changes nothing at 0
    if len(changed) < 2:
        return 1.0  # with one difference, the other way round is as far from 0
    found = permutation_test(
        (changed,),
        np.sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=_BATCH,
        rng=np.random.default_rng(seed),
    )
    return min(1.0, float(found.pvalue))
