"""``python -m eval retrieval`` and ``python -m eval score``."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import UsageError
from eval.progress import progress_bar

if TYPE_CHECKING:
    from eval.provenance import RunManifest
    from eval.retrieval.report import Report
    from eval.retrieval.results import RetrievalFolder
    from eval.retrieval.run import Task
    from eval.retrieval.system import RetrievalSystem

RUNS = Path("eval-runs")


class Profile(StrEnum):
    fast = "fast"
    default = "default"
    best = "best"


class SystemChoice(StrEnum):
    clausewise = "clausewise"
    bm25 = "bm25"


DataSetFolder = Annotated[Path, typer.Option("--dataset", help="Folder of the data set: plain, or BEIR; qrels may be TREC's.")]
Corpus = Annotated[Path | None, typer.Option(help="The corpus, if not the folder's own: a corpus.jsonl or a folder with one.")]
Split = Annotated[str | None, typer.Option(help="Which qrels/SPLIT.tsv of a BEIR folder to use.")]
Unscoped = Annotated[bool, typer.Option("--unscoped", help="Search all documents even where a question names the one it is about.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Ask only the first N questions.")]
Sample = Annotated[int | None, typer.Option(min=1, help="Ask only N questions, drawn at random.")]
Seed = Annotated[int, typer.Option(help="Of the drawing.")]
Depth = Annotated[int, typer.Option(min=10, max=1000, help="Passages kept a question.")]
Measures = Annotated[list[str] | None, typer.Option("--measure", help="A measure of ir-measures, such as nDCG@10; again for more.")]
Lenient = Annotated[bool, typer.Option("--lenient", help="Leave faulty lines of the data set out instead of stopping.")]
Out = Annotated[Path | None, typer.Option(help=f"Folder of the run, new or interrupted; one below {RUNS} if not given.")]
Cache = Annotated[Path | None, typer.Option(help="Folder of vectors and indexes; the user's cache folder if not given.")]


def retrieval(
    dataset: DataSetFolder,
    run: Annotated[Path | None, typer.Option(help="Write the TREC run to this file too.")] = None,
    profile: Annotated[Profile, typer.Option(help="The settings to measure.")] = Profile.default,
    system: Annotated[SystemChoice, typer.Option(help="clausewise, or plain BM25 as a line to measure against.")] = SystemChoice.clausewise,
    change: Annotated[
        list[str] | None, typer.Option("--set", help="A retrieval setting changed, NAME=VALUE (JSON or a word); again for more.")
    ] = None,
    without: Annotated[list[str] | None, typer.Option(help="A stage switched off; again for more.")] = None,
    unscoped: Unscoped = False,
    limit: Limit = None,
    sample: Sample = None,
    seed: Seed = 0,
    depth: Depth = 100,
    measure: Measures = None,
    corpus: Corpus = None,
    split: Split = None,
    lenient: Lenient = False,
    out: Out = None,
    cache: Cache = None,
) -> None:
    """Rank the passages of a data set for its questions; print the measures as JSON and write a TREC run and a report.

    The same command goes on with a run that was interrupted.
    """
    from eval.retrieval.measures import MEASURES, check_measures

    names = tuple(measure or MEASURES)
    check_measures(names)
    root = cache or cache_folder()
    chosen = _system(system, profile, change or [], without or [], root)
    task = make_task(dataset, corpus, split, limit, sample, seed, depth, unscoped=unscoped, lenient=lenient)
    folder = _start(task, chosen, out)
    report = _run(task, chosen, folder, root, names)
    if run is not None:
        _copy_run(folder, run)
    _print(report, folder, _trained_on(task, chosen))


def score(
    run: Annotated[Path, typer.Argument(help="A TREC run: query Q0 passage rank score tag.")],
    dataset: DataSetFolder,
    unscoped: Unscoped = False,
    limit: Limit = None,
    sample: Sample = None,
    seed: Seed = 0,
    measure: Measures = None,
    corpus: Corpus = None,
    split: Split = None,
    lenient: Lenient = False,
    out: Out = None,
) -> None:
    """Measure a TREC run that another program wrote, and keep it as a run that `report` and `compare` take."""
    from eval.retrieval.finish import finish
    from eval.retrieval.measures import MEASURES, check_measures
    from eval.retrieval.run import take_over
    from eval.retrieval.runs import read_run
    from eval.retrieval.system import RecordedRun

    names = tuple(measure or MEASURES)
    check_measures(names)
    rankings = read_run(run)
    depth = max(map(len, rankings.values()))
    task = make_task(dataset, corpus, split, limit, sample, seed, depth, unscoped=unscoped, lenient=lenient)
    folder = _start(task, RecordedRun.of(run), out)
    take_over(rankings, task, folder)
    _print(finish(folder, task.data.passages, names), folder)


def is_retrieval_run(path: Path) -> bool:
    """Whether a folder holds a retrieval run."""
    from eval.retrieval.results import kind_of

    return kind_of(path) == "retrieval"


def report(path: Path, *, as_json: bool, html: Path | None, failures: int) -> None:
    """Print the report of a run."""
    from eval.retrieval.finish import open_report
    from eval.retrieval.html import render_html
    from eval.retrieval.report import render_report
    from eval.retrieval.results import RetrievalFolder

    shown = open_report(RetrievalFolder.open(path))
    markdown = render_report(shown, failures=failures)
    if html is not None:
        _write(html, render_html(markdown, shown.charts))
    typer.echo(json.dumps(shown.figures, ensure_ascii=False) if as_json else markdown, nl=as_json)


def compare(first: Path, second: Path, *, as_json: bool, html: Path | None) -> None:
    """Print what differs between two runs over the same questions."""
    from eval.retrieval.compare import compare_runs, render_comparison
    from eval.retrieval.html import render_html
    from eval.retrieval.results import RetrievalFolder

    comparison = compare_runs(RetrievalFolder.open(first), RetrievalFolder.open(second))
    markdown = render_comparison(comparison)
    if html is not None:
        _write(html, render_html(markdown, comparison.charts))
    typer.echo(comparison.figures.model_dump_json() if as_json else markdown, nl=as_json)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error


def _run(task: Task, system: RetrievalSystem, folder: RetrievalFolder, cache: Path, names: tuple[str, ...]) -> Report:
    from eval.retrieval.finish import finish
    from eval.retrieval.run import ask_all, build_index

    try:
        with progress_bar("Indexing") as progress:
            folder.keep_build(build_index(system, task.data, cache, progress))
        with progress_bar("Asking") as progress:
            ask_all(system, task, folder, progress)
    except KeyboardInterrupt:
        done = f"Interrupted after {len(folder.results)} of {folder.manifest.questions} questions."
        sys.stderr.write(f"{done} The same command goes on from there, in {folder.path}.\n")
        raise
    return finish(folder, task.data.passages, names)


def _start(task: Task, system: RetrievalSystem, out: Path | None) -> RetrievalFolder:
    from eval.retrieval.results import RetrievalFolder
    from eval.retrieval.run import describe_retrieval

    manifest = describe_retrieval(task, system, datetime.now(UTC))
    return RetrievalFolder.start(out or folder_for(manifest), manifest)


def folder_for(manifest: RunManifest) -> Path:
    """The folder of a run if none is given: the one that was interrupted with the same of everything, else a new one."""
    from eval.retrieval.run import folder_for

    return folder_for(RUNS, manifest)


def make_task(
    dataset: Path,
    corpus: Path | None,
    split: str | None,
    limit: int | None,
    sample: int | None,
    seed: int,
    depth: int,
    *,
    unscoped: bool,
    lenient: bool,
) -> Task:
    """Load a data set and choose its questions, saying what is odd about it."""
    from eval.retrieval.datasets import load_data_set
    from eval.retrieval.results import Selection
    from eval.retrieval.run import Task

    data = load_data_set(dataset, corpus=corpus, split=split, lenient=lenient)
    for notice in data.notices[:2]:
        typer.echo(notice, err=True)
    if len(data.notices) > 2:
        typer.echo(f"… and {len(data.notices) - 2} more such lines", err=True)
    return Task(data, Selection(limit=limit, sample=sample, seed=seed), within_document=not unscoped, depth=depth)


def _system(choice: SystemChoice, profile: Profile, changes: list[str], without: list[str], cache: Path) -> RetrievalSystem:
    from eval.retrieval.system import BM25System

    if choice is SystemChoice.bm25:
        if changes or without:
            raise UsageError("--set and --without change clausewise's own settings; plain BM25 has none of them.")
        return BM25System()
    from eval.retrieval.clausewise import MODELS, make_system

    return make_system(profile.value, dict(map(_parse_change, changes)), without, cache / MODELS)


def _parse_change(words: str) -> tuple[str, object]:
    name, equals, value = words.partition("=")
    if not equals or not name:
        raise UsageError(f"--set takes NAME=VALUE, not {words!r}")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _copy_run(folder: RetrievalFolder, target: Path) -> None:
    import shutil

    from eval.retrieval.results import RUN

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder.path / RUN, target)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error


def cache_folder() -> Path:
    """Where vectors and indexes go if nothing else is said."""
    from platformdirs import user_cache_path

    return user_cache_path("clausewise", appauthor=False) / "eval"


def _trained_on(task: Task, system: RetrievalSystem) -> int:
    from eval.retrieval.clausewise import ClausewiseSystem

    return system.trained_on(task.chosen.queries) if isinstance(system, ClausewiseSystem) else 0


def _print(report: Report, folder: RetrievalFolder, trained_on: int = 0) -> None:
    summary = report.summary
    if trained_on:
        sys.stderr.write(
            f"The learned part was trained on {trained_on} of the {summary.answered} questions: these figures say nothing about others. "
            "See its record for cross-validated ones, or add --without learned.\n"
        )
    shown = {
        **summary.short,
        "data_set": report.manifest.data_set,
        "system": report.manifest.system,
        "questions": summary.answered,
        "questions_trained_on": trained_on,
        "milliseconds": {"wall_p50": summary.wall_ms.p50, "wall_p95": summary.wall_ms.p95, "cpu_p50": summary.cpu_ms.p50},
        "run": str(folder.path),
    }
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
