"""What the learned part is worth on questions it was not trained on: cross-validation, a fixed half, and kinds left out whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eval.learning.examples import measure
from eval.learning.fit import SEED, fit_kind, make_reading, totals_with
from eval.learning.reading import read_first

if TYPE_CHECKING:
    from assistant.index.learned import LearnedReading
    from assistant.index.passages import Mask
    from assistant.index.reranker import Reranker
    from assistant.index.state import Scores
    from eval.learning.examples import Examples
    from eval.progress import Progress

    Sets = Mapping[str, Sequence[Examples]]  # by kind
    Figures = dict[str, dict[str, dict[str, float]]]  # by set, by what was trained on, by measure

FOLDS = 3


def fit_reading(sets: Sets, gate: str, admits: Callable[[Examples], Mask], *, leave_out: str | None = None) -> LearnedReading:
    """A reading from the questions that ``admits`` lets through, without one kind if so asked."""
    kinds = {kind: fit_kind(some, [admits(examples) for examples in some], gate) for kind, some in sets.items() if kind != leave_out}
    encoders = next(iter(sets.values()))[0].questions
    return make_reading(kinds, tuple(encoders), gate)


@dataclass(frozen=True)
class Reading:
    """How the cross-encoder reads the first few, and of how many questions of each set, drawn at random."""

    reranker: Reranker
    depth: int
    weight: float
    questions: int

    def measure(self, examples: Examples, totals: Mapping[str, Scores], progress: Progress) -> dict[str, dict[str, float]]:
        """Figures over the drawn questions by each of the totals, as they are and after it read."""
        draw = np.random.default_rng(SEED)
        chosen = np.sort(draw.permutation(len(examples))[: self.questions])
        figures = {}
        for name, given in totals.items():
            figures[f"{name}, {len(chosen)} questions"] = measure(examples, given, chosen)
            read = read_first(examples, given, chosen, self.reranker, self.depth, self.weight, progress)
            figures[f"{name}, {len(chosen)} questions, read"] = measure(examples, read, chosen)
        return figures


def validate(sets: Sets, controls: Sequence[Examples], gate: str, said: Callable[[str], None], reading: Reading | None = None) -> Figures:
    """For each set its plain figures, and those with a learned part trained without the questions that are measured."""
    every = [examples for some in sets.values() for examples in some]
    figures: Figures = {}
    for examples in [*every, *controls]:
        everything = np.arange(len(examples))
        figures[examples.name] = {"plain": measure(examples, examples.totals, everything)}
    said("cross-validation")
    totals = _cross_validated(sets, every, gate)
    for examples in every:
        figures[examples.name]["cross-validated"] = measure(examples, totals[examples.name], np.arange(len(examples)))
    said("the fixed half")
    half = fit_reading(sets, gate, lambda examples: _fold(examples, 2) == 0)
    for examples in every:
        other = np.flatnonzero(_fold(examples, 2) == 1)
        figures[examples.name]["other half, plain"] = measure(examples, examples.totals, other)
        figures[examples.name]["other half, trained on one half"] = measure(examples, totals_with(half, examples), other)
    said("kinds left out")
    for kind, some in sets.items():
        others = fit_reading(sets, gate, _all_of, leave_out=kind)
        for examples in some:
            figures[examples.name]["kind left out"] = measure(examples, totals_with(others, examples), np.arange(len(examples)))
    whole = fit_reading(sets, gate, _all_of)
    for examples in controls:
        totals[examples.name] = totals_with(whole, examples)
        figures[examples.name]["kind left out"] = measure(examples, totals[examples.name], np.arange(len(examples)))
    if reading is not None:
        for examples in [*controls, *every]:
            said(f"{examples.name}: the cross-encoder reads")
            learned = "kind left out" if examples.name in {control.name for control in controls} else "cross-validated"
            given = {"plain": examples.totals, learned: totals[examples.name]}
            figures[examples.name] |= reading.measure(examples, given, lambda done, total: None)
    return figures


def _cross_validated(sets: Sets, every: Sequence[Examples], gate: str) -> dict[str, Scores]:
    """By set the totals of each question by a learned part trained on the other folds."""
    totals = {examples.name: examples.totals.copy() for examples in every}
    for fold in range(FOLDS):
        reading = fit_reading(sets, gate, lambda examples, fold=fold: _fold(examples, FOLDS) != fold)  # type: ignore[misc]
        for examples in every:
            held_out = _fold(examples, FOLDS) == fold
            totals[examples.name][held_out] = totals_with(reading, examples)[held_out]
    return totals


def _fold(examples: Examples, folds: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """By the group, so that all questions on one document fall into one fold, in whatever order they come; documents in turn."""
    order = sorted(set(examples.groups), key=lambda group: hashlib.sha256(group.encode()).hexdigest())
    place = {group: number % folds for number, group in enumerate(order)}
    return np.array([place[group] for group in examples.groups], dtype=np.intp)


def _all_of(examples: Examples) -> Mask:
    return np.ones(len(examples), dtype=bool)
