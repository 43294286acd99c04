"""What the learned part is worth on questions it was not trained on: cross-validation, a fixed half, and kinds left out whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from eval.learning.examples import measure
from eval.learning.fit import fit_kind, make_reading, totals_with

if TYPE_CHECKING:
    from assistant.index.learned import LearnedReading
    from assistant.index.passages import Mask
    from eval.learning.examples import Examples

    Sets = Mapping[str, Sequence[Examples]]  # by kind
    Figures = dict[str, dict[str, dict[str, float]]]  # by set, by what was trained on, by measure

FOLDS = 3


def fit_reading(sets: Sets, gate: str, admits: Callable[[Examples], Mask], *, leave_out: str | None = None) -> LearnedReading:
    """A reading from the questions that ``admits`` lets through, without one kind if so asked."""
    kinds = {kind: fit_kind(some, [admits(examples) for examples in some], gate) for kind, some in sets.items() if kind != leave_out}
    encoders = next(iter(sets.values()))[0].questions
    return make_reading(kinds, tuple(encoders), gate)


def validate(sets: Sets, controls: Sequence[Examples], gate: str, said: Callable[[str], None]) -> Figures:
    """For each set its plain figures, and those with a reading trained without the questions that are measured."""
    every = [examples for some in sets.values() for examples in some]
    figures: Figures = {}
    for examples in [*every, *controls]:
        everything = np.arange(len(examples))
        figures[examples.name] = {"plain": measure(examples, examples.totals, everything)}
    said("cross-validation")
    _cross_validate(sets, every, gate, figures)
    said("the fixed half")
    half = fit_reading(sets, gate, lambda examples: _fold(examples, 2) == 0)
    for examples in every:
        other = np.flatnonzero(_fold(examples, 2) == 1)
        figures[examples.name]["other half, plain"] = measure(examples, examples.totals, other)
        figures[examples.name]["other half, trained on one half"] = measure(examples, totals_with(half, examples), other)
    said("kinds left out")
    for kind, some in sets.items():
        reading = fit_reading(sets, gate, _all_of, leave_out=kind)
        for examples in some:
            figures[examples.name]["kind left out"] = measure(examples, totals_with(reading, examples), np.arange(len(examples)))
    whole = fit_reading(sets, gate, _all_of)
    for examples in controls:
        figures[examples.name]["kind left out"] = measure(examples, totals_with(whole, examples), np.arange(len(examples)))
    return figures


def _cross_validate(sets: Sets, every: Sequence[Examples], gate: str, figures: Figures) -> None:
    totals = {examples.name: examples.totals.copy() for examples in every}
    for fold in range(FOLDS):
        reading = fit_reading(sets, gate, lambda examples, fold=fold: _fold(examples, FOLDS) != fold)  # type: ignore[misc]
        for examples in every:
            held_out = _fold(examples, FOLDS) == fold
            totals[examples.name][held_out] = totals_with(reading, examples)[held_out]
    for examples in every:
        figures[examples.name]["cross-validated"] = measure(examples, totals[examples.name], np.arange(len(examples)))


def _fold(examples: Examples, folds: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """By the group, so that all questions on one document fall into one fold, in whatever order they come; documents in turn."""
    order = sorted(set(examples.groups), key=lambda group: hashlib.sha256(group.encode()).hexdigest())
    place = {group: number % folds for number, group in enumerate(order)}
    return np.array([place[group] for group in examples.groups], dtype=np.intp)


def _all_of(examples: Examples) -> Mask:
    return np.ones(len(examples), dtype=bool)
