"""Fit the small logistic models that weigh the signals of a question (assistant/converse/*.json), on the development questions only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.assistant import Assistant
from assistant.converse.session import Session
from assistant.converse.understand import ToolWish, Understanding
from assistant.guard import clean_question
from assistant.locators import find_locators
from eval.gold import GoldQuestion, GoldSet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

STRENGTH = {"about_tool": 3.0, "without_tool": 10.0}  # inverse regularisation, chosen across the folds
NOT_JUDGED = frozenset(("capabilities", "hostile", "unknown_tool", "ask_back", "follow_up"))


@dataclass(frozen=True)
class Example:
    """The signals of one question and the outcome that would have been right."""

    question: GoldQuestion
    signals: Mapping[str, float]
    outcome: str


def collect_examples(assistant: Assistant, gold: GoldSet) -> dict[str, list[Example]]:
    """The development questions each model decides on, of one turn."""
    found: dict[str, list[Example]] = {"about_tool": [], "without_tool": []}
    searcher = assistant.searcher
    # The model is not asked while its examples are collected, so that it can be fitted anew from nothing.
    understanding = Understanding(searcher.knowledge, searcher.is_known_word, lambda question, tools, day: "verdict", "uk")
    for question in gold.select("dev"):
        if len(question.asked) > 1 or question.intent in NOT_JUDGED:
            continue
        query = understanding.read(clean_question(question.asked[0]), question.options, Session(), assistant.today)
        if len(query.tools) == 1:
            signals = searcher.tool_signals(query.question, [assistant.knowledge.tools[query.tools[0]]], query.day)
            found["about_tool"].append(Example(question, signals, _wish_of(question)))
        elif query.intent == "lookup" and not find_locators(query.question):
            outcome = "outside" if question.expect.abstain else "held"
            found["without_tool"].append(Example(question, searcher.lookup_signals(query.question, searcher.rank(query)), outcome))
    return found


def _wish_of(question: GoldQuestion) -> ToolWish:
    if question.expect.abstain:
        return "outside"
    return "verdict" if question.states_verdict or "verdict" in question.expect.intents else "topic"


def fit_model(name: str, examples: Sequence[Example], day: date) -> dict[str, Any]:
    """The model as it is kept: weights, and how well the weights of one fold do on the other."""
    signals = list(examples[0].signals)
    outcomes = sorted({example.outcome for example in examples})
    folds = [_fit([e for e in examples if e.question.fold != fold], signals, STRENGTH[name]) for fold in (0, 1)]
    right = [_predict(folds[e.question.fold], e, signals) == e.outcome for e in examples]
    model = _fit(examples, signals, STRENGTH[name])
    weights, constants = _as_softmax(model, outcomes)
    return {
        "signals": signals,
        "outcomes": outcomes,
        "weights": {outcome: [round(float(value), 4) for value in row] for outcome, row in zip(outcomes, weights, strict=True)},
        "constants": {outcome: round(float(value), 4) for outcome, value in zip(outcomes, constants, strict=True)},
        "fitted": {
            "day": day.isoformat(),
            "questions": len(examples),
            "right_across_folds": round(sum(right) / len(right), 4),
            **_outside_figures(examples, [_predict(folds[e.question.fold], e, signals) for e in examples]),
        },
    }


def write_models(assistant: Assistant, gold: GoldSet, day: date) -> dict[str, dict[str, Any]]:
    """Fit both models and write them beside the code that uses them."""
    folder = Path(str(files("assistant.converse")))
    models = {name: fit_model(name, examples, day) for name, examples in collect_examples(assistant, gold).items()}
    for name, model in models.items():
        (folder / f"{name}.json").write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    return models


def _fit(examples: Sequence[Example], signals: Sequence[str], strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=5_000, class_weight="balanced" if len({e.outcome for e in examples}) > 2 else None)
    return model.fit(_matrix(examples, signals), [example.outcome for example in examples])


def _predict(model: Any, example: Example, signals: Sequence[str]) -> str:
    return str(model.predict(_matrix([example], signals))[0])


def _matrix(examples: Iterable[Example], signals: Sequence[str]) -> Matrix:
    import numpy as np

    return np.array([[example.signals[name] for name in signals] for example in examples], dtype=np.float64)


def _as_softmax(model: Any, outcomes: Sequence[str]) -> tuple[Sequence[Sequence[float]], Sequence[float]]:
    """One row of weights an outcome; a model of two outcomes knows only the second, the first then gets zeros."""
    if len(outcomes) > 2:
        return model.coef_.tolist(), model.intercept_.tolist()
    row = model.coef_[0].tolist()
    return [[0.0] * len(row), row], [0.0, float(model.intercept_[0])]


def _outside_figures(examples: Sequence[Example], predicted: Sequence[str]) -> dict[str, float]:
    from eval.measures import Detection

    found = Detection.of((e.outcome == "outside", p == "outside") for e, p in zip(examples, predicted, strict=True))
    return {f"outside_{name}": round(getattr(found, name) or 0.0, 4) for name in ("precision", "recall", "f1")}
