"""TREC runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import InputError
from eval.retrieval.lines import DataSetError
from eval.retrieval.runs import read_run, write_run


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    rankings = {"q1": [("b", 0.30000000000000004), ("a", 0.3), ("c", -1e-9)], "q2": [("a", 2.0)]}
    write_run(tmp_path / "run.trec", rankings.items(), "my run")
    assert (tmp_path / "run.trec").read_text(encoding="utf-8").splitlines()[0] == "q1 Q0 b 1 0.30000000000000004 my-run"
    assert read_run(tmp_path / "run.trec") == rankings


def test_the_order_is_by_score_and_ties_by_rank(tmp_path: Path) -> None:
    lines = ["q Q0 low 1 1.0 t", "q Q0 second 3 5.0 t", "q Q0 first 2 5.0 t"]
    (tmp_path / "run").write_text("\n".join(lines), encoding="utf-8")
    assert [passage for passage, _ in read_run(tmp_path / "run")["q"]] == ["first", "second", "low"]


@pytest.mark.parametrize(
    "line, message",
    [
        ("q Q0 a", "run:2: expected: query Q0 passage rank score tag"),
        ("q Q0 a 1 high t", "run:2: expected: query Q0 passage rank score tag"),
        ("q Q0 b 2 1.0 t", "run:2: b is ranked twice for q"),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "run").write_text(f"q Q0 b 1 2.0 t\n{line}\n", encoding="utf-8")
    with pytest.raises(DataSetError, match=message):
        read_run(tmp_path / "run")


def test_an_empty_run_is_none(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="ranks nothing"):
        read_run(tmp_path / "run")
