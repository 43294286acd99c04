"""The learned part: fitted on questions, measured on others, and read by a reranker whose scores are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from eval.learning.examples import Examples, measure
from eval.learning.reading import KeptPairs, read_first
from eval.learning.validation import Reading, validate

if TYPE_CHECKING:
    from assistant.index.state import Scores

TEXTS = ("wrong", "right", "far")


def examples(name: str = "set", count: int = 24) -> Examples:
    """Every question finds "wrong" before "right"; only "right" answers. Their vectors stand at right angles."""
    questions = np.tile(np.array([1, 0, 0], dtype=np.float32), (count, 1))
    return Examples(
        name,
        tuple(f"question {number}" for number in range(count)),
        tuple(None for _ in range(count)),
        tuple(str(number) for number in range(count)),
        TEXTS,
        {"one": questions},
        {"one": np.eye(3, dtype=np.float32)},
        np.tile(np.array([0, 1, -1]), (count, 1)),
        np.tile(np.array([9.0, 5.0, -np.inf], dtype=np.float32), (count, 1)),
        np.tile(np.array([0, 1, 0], dtype=np.float32), (count, 1)),
        np.ones(count, dtype=np.float32),
    )


class Longer:
    """A reranker that likes "right"; it counts what it read."""

    fingerprint = "right"

    def __init__(self) -> None:
        self.pairs = 0

    def score(self, question: str, texts: Sequence[str]) -> Scores:
        self.pairs += len(texts)
        return np.array([text == "right" for text in texts], dtype=np.float32)


def test_figures_by_hand() -> None:
    figures = measure(examples(), examples().totals, [0, 1, 2])
    assert figures["P@1"] == 0
    assert figures["nDCG@10"] == figures["from"] == figures["to"] == pytest.approx(1 / np.log2(3), abs=1e-4)
    assert (figures["R@10"], figures["AP@10"]) == (1, 0.5)


def test_what_is_learned_holds_on_questions_left_out_and_what_is_read_too(tmp_path: Path) -> None:
    reader = KeptPairs(Longer(), tmp_path / "pairs.sqlite3")
    said: list[str] = []
    figures = validate({"kind": [examples()]}, [examples("control", 4)], "one", said.append, Reading(reader, 2, 0.7, 3))
    of_set = figures["set"]
    assert of_set["plain"]["P@1"] == 0
    assert of_set["cross-validated"]["P@1"] == of_set["other half, trained on one half"]["P@1"] == 1
    assert of_set["kind left out"] == of_set["plain"]
    assert (of_set["plain, 3 questions"]["P@1"], of_set["plain, 3 questions, read"]["P@1"]) == (0, 1)
    assert {"kind left out, 3 questions", "kind left out, 3 questions, read"} <= set(figures["control"])


def test_the_first_few_are_read_and_stay_before_the_rest(tmp_path: Path) -> None:
    some = examples(count=2)
    totals = read_first(some, some.totals, np.array([1]), Longer(), 1, 0.7, lambda done, total: None)
    assert totals[0].tolist() == some.totals[0].tolist()
    assert totals[1, 0] > totals[1, 1]  # "right" stood second and was not read
    assert totals[1, 2] == -np.inf


def test_no_pair_is_read_twice(tmp_path: Path) -> None:
    reader = Longer()
    first = KeptPairs(reader, tmp_path / "pairs.sqlite3").score("q", ["right", "far"])
    again = KeptPairs(reader, tmp_path / "pairs.sqlite3").score("q", ["far", "new", "right"])
    assert first.tolist() == [1, 0]
    assert again.tolist() == [0, 0, 1]
    assert reader.pairs == 3
