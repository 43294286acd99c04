"""How provisions are weighed, on choices whose answer can be seen."""

from datetime import date

import numpy as np
import pytest

from eval.fit import Choice, fit_weighing
from eval.gold import Expectation, GoldQuestion


def choice(number: int, telling: list[float], misleading: list[float], right: int) -> Choice:
    question = GoldQuestion(id=f"q{number}", question=f"Question {number}?", intent="lookup", expect=Expectation())
    marks = np.array([position == right for position in range(len(telling))])
    return Choice(question, np.stack([np.array(telling), np.array(misleading)], axis=1), marks)


CHOICES = [choice(number, [0.9, 0.1, 0.2], [0.1, 0.9, float(number % 2)], 0) for number in range(12)]


def test_the_signal_that_tells_gets_the_weight() -> None:
    model = fit_weighing(["telling", "misleading"], CHOICES, date(2026, 1, 1))
    telling, misleading = model["weights"]
    assert telling > 0 > misleading
    assert model["fitted"] == {"day": "2026-01-01", "questions": 12, "right_first_across_folds": 1.0}


def test_a_signal_that_says_nothing_gets_next_to_none() -> None:
    silent = [choice(number, [0.9, 0.1], [0.5, 0.5], 0) for number in range(12)]
    assert fit_weighing(["telling", "silent"], silent, date(2026, 1, 1))["weights"][1] == pytest.approx(0, abs=1e-6)
