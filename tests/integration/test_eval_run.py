"""The evaluation end to end: a handful of questions through the real assistant, kept, reported and compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from eval.gold import load_gold
from tests.places import CHECKOUT

QUESTIONS = """\
questions:
  - {id: q1, question: "Is Zoom safe for therapy?", profile: {jurisdiction: uk}, intent: verdict, tool: zoom,
     expect: {verdict: suitable_on_conditions, cite: [["GDPR Art. 28(1)", "GDPR Art. 28(3)"]]}}
  - {id: q2, question: "What does Article 9(2)(h) say?", intent: lookup, expect: {cite: [["GDPR Art. 9(2)(h)"]]}}
  - {id: q3, question: "Is Calmroom Connect safe for therapy?", intent: unknown_tool, expect: {abstain: true}}
  - {id: q4, turns: ["Is Zoom safe for therapy?", "And for a practice in the United States?"], intent: follow_up, tool: zoom,
     expect: {cite: [["45 CFR 164.502(e)(1)(i)", "45 CFR 164.504(e)(2)", "45 CFR 164.308(b)(1)", "45 CFR 164.502(e)(2)"]]}}
  - {id: q5, question: "?!", intent: hostile, expect: {abstain: true}}
"""

Evaluation = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def evaluation(home: Path) -> Evaluation:
    """Runs ``python -m eval`` over ``home`` in a process of its own."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "CLAUSEWISE_HOME": str(home), "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "eval", *map(str, arguments)]
        return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=300)

    return run


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    (folder / "few.yaml").write_text(QUESTIONS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def finished(evaluation: Evaluation, gold: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a complete run over all questions."""
    folder = tmp_path_factory.mktemp("runs") / "first"
    done = evaluation("run", "--half", "all", "--gold", gold, "--out", folder)
    assert done.returncode == 0, done.stderr
    assert "citation recall" in done.stdout
    return folder


def read_results(folder: Path) -> dict[str, dict[str, Any]]:
    lines = (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return {result["id"]: result for result in map(json.loads, lines)}


def test_every_question_is_answered_and_scored(finished: Path) -> None:
    results = read_results(finished)
    assert list(results) == ["q1", "q2", "q3", "q4", "q5"]
    assert results["q1"]["scores"]["verdict_right"] is True
    assert results["q1"]["scores"]["verdict_precision"] == 1
    assert results["q2"]["scores"]["citation_recall"] == 1
    assert results["q3"]["given"]["abstained"] is True
    assert results["q4"]["scores"]["citation_recall"] == 1
    assert "no words" in results["q5"]["error"]


def test_the_run_says_what_it_was_made_with_and_where_nothing_lies(finished: Path, home: Path) -> None:
    manifest = json.loads((finished / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["model"].startswith("minilm")
    assert list(manifest["gold_sha256"]) == ["few.yaml"]
    assert manifest["today_is"] == "newest reading"
    assert manifest["settings"]["jurisdiction"] == "uk"
    assert all(str(home) not in path.read_text(encoding="utf-8") for path in finished.iterdir())


def test_both_reports_are_written(finished: Path) -> None:
    summary = json.loads((finished / "summary.json").read_text(encoding="utf-8"))
    assert summary["answered"] == 5
    assert sum(group["questions"] for name, group in summary["groups"].items() if "/" not in name) == 5
    assert all(group["figures"]["spans_exact"]["value"] in (1, None) for group in summary["groups"].values())
    assert "## Misses" in (finished / "report.md").read_text(encoding="utf-8")


def test_an_interrupted_run_goes_on_to_the_same_result(evaluation: Evaluation, gold: Path, finished: Path, tmp_path: Path) -> None:
    assert evaluation("run", "--half", "all", "--gold", gold, "--out", tmp_path / "run", "--limit", "2").returncode == 0
    with (tmp_path / "run" / "results.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "q3"')
    assert evaluation("run", "--half", "all", "--gold", gold, "--out", tmp_path / "run").returncode == 0
    shown = evaluation("compare", finished, tmp_path / "run", "--json")
    comparison = json.loads(shown.stdout)
    assert (comparison["shared"], comparison["left_out"], comparison["changes"]) == (5, 0, [])


def test_a_run_can_be_shown_again(evaluation: Evaluation, finished: Path) -> None:
    assert evaluation("report", finished).stdout == (finished / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text, message",
    [
        (
            "questions:\n  - {id: q1, question: Why?, intent: lookup, expect: {cite: [[GDPR Art. 199]]}}\n",
            "bad.yaml:2: q1: no clause is held",
        ),
        ("questions:\n  - {id: q1, question: Why?, intent: lookup, expect: {verdict: fine}}\n", "bad.yaml:2: expect.verdict"),
    ],
)
def test_bad_gold_files_end_with_file_and_line(evaluation: Evaluation, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    done = evaluation("run", "--gold", tmp_path, "--out", tmp_path / "run")
    assert done.returncode == 3
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "arguments, code", [(("run", "--half", "most"), 2), (("run", "--today", "soon"), 2), (("report", "nowhere"), 3), (("--help",), 0)]
)
def test_exit_codes(evaluation: Evaluation, arguments: tuple[str, ...], code: int) -> None:
    done = evaluation(*arguments)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_the_shipped_questions_fit_the_shipped_knowledge(assistant: Assistant) -> None:
    with as_file(files("eval").joinpath("gold")) as folder:
        gold = load_gold(folder, assistant.knowledge)
    assert len(gold.questions) >= 30
    split = [question for question in gold.questions if question.only is None]
    test = gold.select("test")
    assert abs(len(split) - 2 * len(test)) <= 0.2 * len(split)
