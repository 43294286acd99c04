"""Fit the small logistic models that weigh the signals of a question (assistant/converse/*.json), on the development questions only.

First how provisions are weighed, since what a question wants is then judged by the best of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.assistant import Assistant
from assistant.converse.judgement import weighing_of_provisions
from assistant.converse.query import Query
from assistant.converse.session import Session
from assistant.converse.understand import ToolWish, Understanding
from assistant.guard import clean_question
from assistant.locators import find_locators
from eval.gold import GoldQuestion, GoldSet
from eval.targets import TargetFinder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

STRENGTH = {"about_tool": 3.0, "without_tool": 10.0}  # inverse regularisation, chosen across the folds
RIDGE = 1.0
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
    for question, query in _read(assistant, gold):
        if question.intent in NOT_JUDGED:
            continue
        if len(query.tools) == 1:
            signals = searcher.tool_signals(query.question, [assistant.knowledge.tools[query.tools[0]]], query.day)
            found["about_tool"].append(Example(question, signals, _wish_of(question)))
        elif query.intent == "lookup" and not find_locators(query.question):
            outcome = "outside" if question.expect.abstain else "held"
            found["without_tool"].append(Example(question, searcher.lookup_signals(query.question, searcher.rank(query)), outcome))
    return found


def _read(assistant: Assistant, gold: GoldSet) -> Iterator[tuple[GoldQuestion, Query]]:
    """The development questions of one turn, as they are understood without any of the fitted models."""
    searcher = assistant.searcher
    understanding = Understanding(searcher.knowledge, searcher.is_known_word, lambda question, tools, day: "verdict", "uk")
    for question in gold.select("dev"):
        if len(question.asked) == 1:
            yield question, understanding.read(clean_question(question.asked[0]), question.options, Session(), assistant.today)


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


@dataclass(frozen=True)
class Choice:
    """A look-up with the signals of the provisions that may answer it (a row each) and which of them do."""

    question: GoldQuestion
    signals: Matrix
    right: NDArray[np.bool_]


def collect_choices(assistant: Assistant, gold: GoldSet) -> tuple[list[str], list[Choice]]:
    """The names of the signals, and the development look-ups of which a right provision is among those weighed."""
    import numpy as np

    finder, names, found = TargetFinder(assistant.knowledge), list[str](), list[Choice]()
    for question, query in _read(assistant, gold):
        if query.intent != "lookup" or query.locators or question.expect.abstain or not question.expect.cite:
            continue
        hits = frozenset[str]().union(*(target.hits for target in finder.find(question.expect.cite, question.as_of or assistant.today)))
        scored, signals = assistant.searcher.provision_signals(query)
        right = np.array([scored.table.clauses[row].id in hits for row in scored.rows])
        if right.any():
            names = list(signals)
            found.append(Choice(question, np.stack(list(signals.values()), axis=1), right))
    return names, found


def fit_weighing(names: Sequence[str], choices: Sequence[Choice], day: date) -> dict[str, Any]:
    """The conditional logit as it is kept, and how often the weights of one fold put a right provision first on the other."""
    folds = [_fit_choice([c for c in choices if c.question.fold != fold]) for fold in (0, 1)]
    first = [bool(c.right[(c.signals @ folds[c.question.fold]).argmax()]) for c in choices]
    weights = _fit_choice(choices)
    return {
        "signals": list(names),
        "weights": [round(float(weight), 4) for weight in weights],
        "fitted": {
            "day": day.isoformat(),
            "questions": len(choices),
            "right_first_across_folds": round(sum(first) / len(first), 4),
        },
    }


def _fit_choice(choices: Sequence[Choice]) -> Matrix:
    """The weights under which the right provisions have the greatest share, less a little for every weight (ridge)."""
    import numpy as np
    from scipy.optimize import minimize

    spread = np.concatenate([choice.signals for choice in choices]).std(axis=0)
    scale = np.where(spread > 1e-6, spread, 1.0)  # so that the ridge is fair to all signals that tell anything

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = RIDGE * float(weights @ weights) / 2, RIDGE * weights
        for choice in choices:
            signals = choice.signals / scale
            shares = np.exp(signals @ weights - (signals @ weights).max())
            right = shares * choice.right
            total -= float(np.log(right.sum() / shares.sum() + 1e-12))
            slope = slope - (right / right.sum() - shares / shares.sum()) @ signals
        return total, slope

    found: Matrix = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B").x / scale
    return found


def write_models(assistant: Assistant, gold: GoldSet, day: date) -> dict[str, dict[str, Any]]:
    """Fit all models and write them beside the code that uses them."""
    models = {"which_provision": fit_weighing(*collect_choices(assistant, gold), day)}
    _write(models)
    weighing_of_provisions.cache_clear()
    judged = {name: fit_model(name, examples, day) for name, examples in collect_examples(assistant, gold).items()}
    _write(judged)
    return {**models, **judged}


def _write(models: Mapping[str, Mapping[str, Any]]) -> None:
    folder = Path(str(files("assistant.converse")))
    for name, model in models.items():
        (folder / f"{name}.json").write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


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
