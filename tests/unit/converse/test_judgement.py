"""The fitted models: what they weigh, and that those that ship fit the signals that the program gives them."""

import numpy as np
import pytest

from assistant.converse.judgement import Judgement, Weighing, judgement, weighing_of_provisions

WEIGHING = Weighing(signals=("text", "asked"), weights=(2.0, -0.5), fitted={})


def test_each_clause_gets_the_weighed_sum_of_its_signals() -> None:
    signals = {"text": np.array([1.0, 0.0]), "asked": np.array([0.0, 2.0]), "unused": np.array([9.0, 9.0])}
    assert WEIGHING.scores(signals).tolist() == [2.0, -1.0]


def test_a_missing_signal_is_an_error_not_a_zero() -> None:
    with pytest.raises(KeyError, match="asked"):
        WEIGHING.scores({"text": np.array([1.0])})


def test_shares_are_those_of_a_softmax() -> None:
    model = Judgement(signals=("x",), outcomes=("a", "b"), weights={"a": (1.0,), "b": (0.0,)}, constants={"a": 0.0, "b": 0.0}, fitted={})
    assert model.shares({"x": 0.0}) == {"a": 0.5, "b": 0.5}
    assert model.choose({"x": 1.0}) == "a"
    assert model.choose({"x": -1.0}) == "b"


def test_what_speaks_for_a_provision_speaks_for_it_in_the_model_that_ships() -> None:
    shipped = dict(zip(weighing_of_provisions().signals, weighing_of_provisions().weights, strict=True))
    assert min(shipped[name] for name in ("text", "meant", "said", "asked", "defines")) > 0
    assert shipped["beside_law"] < 0


@pytest.mark.parametrize("name", ["about_tool", "without_tool"])
def test_the_models_that_ship_say_how_they_were_fitted(name: str) -> None:
    model = judgement("about_tool" if name == "about_tool" else "without_tool")
    assert "outside" in model.outcomes
    assert int(model.fitted["questions"]) > 200
