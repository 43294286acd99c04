"""Running, interrupting, going on, reporting and comparing, with a system whose rankings are written by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.errors import InputError, UsageError
from eval.retrieval.compare import compare_runs, render_comparison
from eval.retrieval.datasets import load_data_set
from eval.retrieval.failures import find_failures
from eval.retrieval.finish import finish, open_report
from eval.retrieval.measures import measure_results
from eval.retrieval.report import render_report
from eval.retrieval.results import RetrievalFolder, Selection, kind_of
from eval.retrieval.run import Task, ask_all, build_index, describe_retrieval, folder_for, take_over
from eval.retrieval.runs import read_run, write_run
from tests.unit.eval.retrieval.made_up_set import PASSAGES, QUERIES, RANKINGS, Scripted, write_set

STARTED = datetime(2026, 11, 24, tzinfo=UTC)


def ignore(done: int, total: int) -> None:
    """No progress is shown."""


@pytest.fixture
def task(tmp_path: Path) -> Task:
    return Task(load_data_set(write_set(tmp_path / "small")), Selection())


def start(task: Task, path: Path, system: Scripted) -> RetrievalFolder:
    return RetrievalFolder.start(path, describe_retrieval(task, system, STARTED))


def run(task: Task, path: Path, system: Scripted | None = None, *, finished: bool = False) -> RetrievalFolder:
    """All questions asked; with ``finished`` the reports too, which take most of the time."""
    system = system or Scripted()
    folder = start(task, path, system)
    folder.keep_build(build_index(system, task.data, path / "index", ignore))
    ask_all(system, task, folder, ignore)
    if finished:
        finish(folder, task.data.passages)
    return folder


def test_questions_are_asked_within_the_document_they_name(task: Task, tmp_path: Path) -> None:
    system = Scripted()
    run(task, tmp_path / "run", system)
    assert system.asked[0] == (QUERIES[0]["text"], frozenset())
    assert system.asked[1] == ("may sessions be recorded?", frozenset({"B"}))


def test_unscoped_questions_are_asked_of_everything(task: Task, tmp_path: Path) -> None:
    unscoped = Task(task.data, Selection(), within_document=False)
    system = Scripted(rankings={**RANKINGS, QUERIES[1]["text"]: ["b2"]})
    run(unscoped, tmp_path / "run", system)
    assert system.asked[1] == (QUERIES[1]["text"], frozenset())


def test_the_measures_by_hand(task: Task, tmp_path: Path) -> None:
    """q1 finds its passage first, q2 its two at ranks 2 and 3, q3 nothing."""
    summary = open_report(run(task, tmp_path / "run")).summary
    assert summary.short["P@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert summary.short["RR@10"] == pytest.approx((1 + 1 / 2 + 0) / 3, abs=1e-4)
    assert summary.short["R@10"] == pytest.approx(2 / 3, abs=1e-4)
    assert summary.stage_ms["words"].p50 == 1


def test_an_interrupted_run_goes_on_to_the_same_result(task: Task, tmp_path: Path) -> None:
    whole = run(task, tmp_path / "whole", finished=True)
    halting = Scripted(stop_at=2)
    folder = start(task, tmp_path / "halted", halting)
    with pytest.raises(KeyboardInterrupt):
        ask_all(halting, task, folder, ignore)
    with (tmp_path / "halted" / "results.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "q3", "rank')  # the power went off while a line was written
    system = Scripted()
    resumed = run(task, tmp_path / "halted", system, finished=True)
    assert [question for question, _ in system.asked] == [QUERIES[2]["text"]]
    assert (tmp_path / "halted" / "run.trec").read_bytes() == (tmp_path / "whole" / "run.trec").read_bytes()
    assert open_report(resumed).summary.measures == open_report(whole).summary.measures
    assert (tmp_path / "halted" / "failures.jsonl").read_bytes() == (tmp_path / "whole" / "failures.jsonl").read_bytes()


def test_a_half_done_run_can_be_reported(task: Task, tmp_path: Path) -> None:
    halting = Scripted(stop_at=1)
    folder = start(task, tmp_path / "run", halting)
    with pytest.raises(KeyboardInterrupt):
        ask_all(halting, task, folder, ignore)
    report = open_report(RetrievalFolder.open(tmp_path / "run"))
    assert report.summary.short["P@1"] == 1
    assert "**2 questions are still open: the run was interrupted.**" in render_report(report)


def test_other_settings_do_not_go_on_in_the_same_folder(task: Task, tmp_path: Path) -> None:
    run(task, tmp_path / "run")
    other = Scripted()
    other.settings = {"version": 2}
    with pytest.raises(UsageError, match="another settings"):
        start(task, tmp_path / "run", other)


def test_the_folder_of_a_run_is_found_again_until_it_is_complete(task: Task, tmp_path: Path) -> None:
    manifest = describe_retrieval(task, Scripted(), STARTED)
    first = folder_for(tmp_path, manifest)
    assert first.name.startswith("small-scripted-")
    assert folder_for(tmp_path, manifest.model_copy(update={"started": datetime(2026, 12, 1, tzinfo=UTC)})) == first
    run(task, first, finished=True)
    assert folder_for(tmp_path, manifest).name == f"{first.name}-2"
    other = manifest.model_copy(update={"settings": {"version": 2}})
    assert folder_for(tmp_path, other) != first


def test_what_a_run_was_made_with_is_kept_and_names_no_place(task: Task, tmp_path: Path) -> None:
    run(task, tmp_path / "run", finished=True)
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["kind"], manifest["data_set"], manifest["passages"], manifest["questions"]) == ("retrieval", "small", 6, 3)
    assert set(manifest["data_sha256"]) == {"corpus", "queries", "qrels"}
    assert len(manifest["code_sha256"]) == 64
    written = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert all(str(tmp_path) not in path.read_text(encoding="utf-8") for path in written)


def test_a_passage_that_is_ranked_twice_is_not_counted_twice(task: Task, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ranked twice for q1"):
        run(task, tmp_path / "run", Scripted(rankings={**RANKINGS, QUERIES[0]["text"]: ["a1", "a1"]}))


def test_failures_tell_what_was_ranked_above_what(task: Task, tmp_path: Path) -> None:
    folder = run(task, tmp_path / "run")
    failures = find_failures(task.data.passages, folder.results, measure_results(folder.results), "nDCG@10")
    assert [failure.id for failure in failures] == ["q3", "q2"]  # q1 is right, q3 the worst
    worst, second = failures
    assert [(entry.id, entry.rank) for entry in worst.missed] == [("a2", None)]
    assert worst.missed[0].text == PASSAGES[1]["text"]
    assert [entry.id for entry in worst.above] == ["b3", "a1"]
    assert (worst.found, worst.relevant) == (0, 1)
    assert [(entry.id, entry.rank) for entry in second.missed] == [("b1", 2), ("b2", 3)]
    assert [entry.id for entry in second.above] == ["b3"]
    assert second.document == "B"


def test_the_report_can_be_read(task: Task, tmp_path: Path) -> None:
    folder = run(task, tmp_path / "run", finished=True)
    markdown = (tmp_path / "run" / "report.md").read_text(encoding="utf-8")
    assert "# Retrieval: small, scripted" in markdown
    assert "The processor tells the controller of a breach." in markdown
    assert "not ranked a2" in markdown
    assert render_report(open_report(folder)) == markdown
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    assert "src=" not in page
    assert (tmp_path / "run" / "charts" / "measures.svg").is_file()
    assert kind_of(tmp_path / "run") == "retrieval"
    assert kind_of(tmp_path) is None


def test_a_recorded_run_is_measured_like_one_of_our_own(task: Task, tmp_path: Path) -> None:
    own = run(task, tmp_path / "own")
    write_run(tmp_path / "run.trec", ((result.id, result.ranking) for result in own.results), "elsewhere")
    folder = start(task, tmp_path / "taken", Scripted())
    take_over(read_run(tmp_path / "run.trec"), task, folder)
    assert open_report(folder).summary.measures == open_report(own).summary.measures


def changed_runs(task: Task, tmp_path: Path, ranking: Sequence[str]) -> tuple[RetrievalFolder, RetrievalFolder]:
    other = Scripted(rankings={**RANKINGS, QUERIES[2]["text"]: ranking})
    other.settings = {"version": 2}
    return run(task, tmp_path / "first"), run(task, tmp_path / "second", other)


def test_comparing_two_runs(task: Task, tmp_path: Path) -> None:
    comparison = compare_runs(*changed_runs(task, tmp_path, ["a2"]))
    figures = comparison.figures
    assert figures.shared == 3
    assert figures.settings == {"version": ("1", "2")}
    assert figures.differences["P@1"].value == pytest.approx(1 / 3)
    assert (figures.differences["P@1"].better, figures.differences["P@1"].worse) == (1, 0)
    assert [(change.id, change.rank_before, change.rank_after) for change in figures.changes] == [("q3", None, 1)]
    words = render_comparison(comparison)
    assert "| q3 | Who tells whom of a breach? | 0.000 | 1.000 | not found → 1 |" in words
    assert comparison.charts["differences"].startswith("<svg")


def test_runs_that_are_judged_otherwise_are_not_compared(task: Task, tmp_path: Path) -> None:
    first = run(task, tmp_path / "first")
    other = load_data_set(write_set(tmp_path / "other", qrels=[("q1", "b1")]))
    second = run(Task(other, Selection()), tmp_path / "second")
    with pytest.raises(InputError, match="nothing to compare"):
        compare_runs(first, second)
