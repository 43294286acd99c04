"""Small logistic models that weigh the signals of a question, or of each clause that may answer it.

`python -m eval fit` fits their weights and keeps them beside this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import exp
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from assistant.schema import Frozen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

Judged = Literal["about_tool", "without_tool"]


class Judgement(Frozen):
    """A fitted model: for each outcome the weight of each signal and a constant, and how it was fitted."""

    signals: tuple[str, ...]
    outcomes: tuple[str, ...] = Field(min_length=2)
    weights: dict[str, tuple[float, ...]]
    constants: dict[str, float]
    fitted: dict[str, str | int | float]

    def shares(self, signals: Mapping[str, float]) -> dict[str, float]:
        """How likely each outcome is, together 1 (softmax). Raises KeyError if a signal is missing."""
        values = [signals[name] for name in self.signals]
        scores = {
            outcome: self.constants[outcome] + sum(weight * value for weight, value in zip(self.weights[outcome], values, strict=True))
            for outcome in self.outcomes
        }
        highest = max(scores.values())
        powers = {outcome: exp(score - highest) for outcome, score in scores.items()}
        total = sum(powers.values())
        return {outcome: power / total for outcome, power in powers.items()}

    def choose(self, signals: Mapping[str, float]) -> str:
        """The likeliest outcome; of equally likely ones the first."""
        shares = self.shares(signals)
        return max(self.outcomes, key=lambda outcome: shares[outcome])


@cache
def judgement(name: Judged) -> Judgement:
    """The model that ships for one decision."""
    text = files("assistant.converse").joinpath(f"{name}.json").read_text(encoding="utf-8")
    return Judgement.model_validate_json(text)


class Weighing(Frozen):
    """A fitted conditional logit (McFadden 1974): of the clauses that may answer a question, each is the one with a share that grows
    by e for each point of its score.
    """

    signals: tuple[str, ...]
    weights: tuple[float, ...]
    fitted: dict[str, str | int | float]

    def scores(self, signals: Mapping[str, Values]) -> Values:
        """The weighed sum, one for each clause. Raises KeyError if a signal is missing."""
        first, *rest = (weight * signals[name] for name, weight in zip(self.signals, self.weights, strict=True))
        total: Values = first
        for part in rest:
            total = total + part
        return total


@cache
def weighing_of_provisions() -> Weighing:
    """How provisions are weighed that may answer a look-up."""
    text = files("assistant.converse").joinpath("which_provision.json").read_text(encoding="utf-8")
    return Weighing.model_validate_json(text)
