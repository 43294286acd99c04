"""``python -m eval``: run the gold questions or a retrieval data set, show a run, compare two."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from assistant.errors import AssistantError, InputError, UsageError
from eval.adversary import commands as adversary
from eval.checker.commands import check, statements
from eval.learning import commands as learning_commands
from eval.peers import commands as peers_commands
from eval.progress import progress_bar
from eval.retrieval import commands as retrieval_commands

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings
    from eval.folder import RunFolder

app = typer.Typer(
    name="python -m eval",
    help="Measure the assistant on the gold questions, and its retrieval on data sets. "
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 bad input, 4 store not usable.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

RUNS = Path("eval-runs")

app.command("retrieval")(retrieval_commands.retrieval)
app.command("score")(retrieval_commands.score)
app.command("learn")(learning_commands.learn)
app.command("peers")(peers_commands.peers)

ShowTest = Annotated[bool, typer.Option("--show-test", help="Show single questions of the test half too; then it is no test any more.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
HtmlFile = Annotated[Path | None, typer.Option(help="Write it to this file as one HTML page with charts, too. Retrieval runs only.")]


class HalfChoice(StrEnum):
    dev = "dev"
    test = "test"
    all = "all"


class Composer(StrEnum):
    rules = "rules"
    llm = "llm"


def main() -> NoReturn:
    """Run the command; what was raised on purpose becomes one message and an exit code."""
    try:
        app()
    except AssistantError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


@app.command()
def run(
    half: Annotated[HalfChoice, typer.Option(help="The half to ask: development, test, or both.")] = HalfChoice.dev,
    gold: Annotated[Path | None, typer.Option(help="Folder of gold files; the shipped questions if not given.")] = None,
    out: Annotated[Path | None, typer.Option(help=f"Folder of the run, new or interrupted; one below {RUNS} if not given.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only the first N questions.")] = None,
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to answer on; the day of the newest reading held if not given.")
    ] = None,
    composer: Annotated[Composer, typer.Option(help="rules: without a language model; llm: with the one CLAUSEWISE_MODEL names.")] = (
        Composer.rules
    ),
) -> None:
    """Ask the gold questions and write manifest.json, results.jsonl, summary.json and report.md."""
    from eval.folder import RunFolder
    from eval.gold import load_gold
    from eval.provenance import describe_run
    from eval.report import render_figures, render_report, report_figures
    from eval.run import ask_all
    from eval.summary import summarise_groups

    settings, now = _composing(_settings(), composer), datetime.now(UTC)
    assistant, day, day_is = _open_assistant(settings, today.date() if today else None)
    with as_file(files("eval").joinpath("gold")) as shipped:
        questions_held = load_gold(gold or shipped, assistant.knowledge)
    questions = questions_held.select(half.value, limit)
    manifest = describe_run(settings, questions_held, half=half.value, questions=len(questions), today=day, today_is=day_is, started=now)
    path = out or RUNS / f"{now:%Y%m%d-%H%M%S}-{half.value}"
    folder = RunFolder.start(path, manifest)
    try:
        with progress_bar("Asking") as progress:
            ask_all(assistant, questions, folder, progress)
    except KeyboardInterrupt:
        done = f"Interrupted after {len(folder.results)} of {len(questions)}."
        sys.stderr.write(f"{done} The same command with --out {path} goes on from there.\n")
        raise
    folder.write_report(render_report(folder.manifest, folder.results), report_figures(folder.manifest, folder.results))
    typer.echo(f"{render_figures(summarise_groups(folder.results))}\n\nEvery miss: {path / 'report.md'}")


app.command()(check)
app.command()(statements)


@app.command()
def report(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    as_json: AsJson = False,
    show_test: ShowTest = False,
    html: HtmlFile = None,
    failures: Annotated[int, typer.Option(min=0, help="Of a retrieval run: show so many of the questions that went wrong.")] = 30,
) -> None:
    """Show a run, complete or not: figures, latency, and every miss in full; of a retrieval run also as a page with charts."""
    if retrieval_commands.is_retrieval_run(run):
        retrieval_commands.report(run, as_json=as_json, html=html, failures=failures)
        return
    if peers_commands.is_peers_run(run):
        peers_commands.report(run, as_json=as_json)
        return
    if html is not None:
        raise UsageError("--html is for retrieval runs; a run over the gold questions is shown as Markdown or --json")
    from eval.report import render_report, report_figures

    folder = _open_run(run)
    if as_json:
        typer.echo(json.dumps(report_figures(folder.manifest, folder.results), ensure_ascii=False))
    else:
        typer.echo(render_report(folder.manifest, folder.results, show_test=show_test), nl=False)


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(help="Folder of a run.")],
    second: Annotated[Path, typer.Argument(help="Folder of the run to hold against it.")],
    as_json: AsJson = False,
    show_test: ShowTest = False,
    html: HtmlFile = None,
) -> None:
    """Compare two runs on the questions they share: figures, latency, and what changed; retrieval runs with tests of significance."""
    kinds = [retrieval_commands.is_retrieval_run(path) for path in (first, second)]
    if all(kinds):
        retrieval_commands.compare(first, second, as_json=as_json, html=html)
        return
    if any(kinds) or html is not None:
        raise UsageError("A retrieval run can be compared with a retrieval run only, and only those as --html")
    from eval.compare import compare_runs, comparison_figures, render_comparison

    before, after = _open_run(first), _open_run(second)
    comparison = compare_runs((before.manifest, before.results), (after.manifest, after.results))
    if as_json:
        typer.echo(json.dumps(comparison_figures(comparison, show_test=show_test), ensure_ascii=False))
    else:
        typer.echo(render_comparison(comparison, show_test=show_test), nl=False)


for command in (adversary.corruption, adversary.guard, adversary.injection):
    app.command()(command)


@app.command()
def languages(
    language: Annotated[str, typer.Option(help="The language whose questions are asked beside their English twins.")] = "de",
    questions: Annotated[
        Literal["questions", "unseen", "unseen-second", "practice", "practice-second", "check"],
        typer.Option("--set", help="The forty questions, those used for completing, the check, or older German ones."),
    ] = "questions",
    as_json: AsJson = False,
) -> None:
    """Ask the questions of a language and the same ones in English: citation recall of both and the difference, verdicts, misses."""
    from eval.languages.twins import ask_twins, figures, load_twins, misses

    twins = load_twins(language, questions)
    assistant, _, _ = _open_assistant(_settings().model_copy(update={"model": None}), None)
    with progress_bar("Asking") as progress:
        english, other = ask_twins(assistant, twins, progress)
    measured = figures(english, other, language)
    if as_json:
        typer.echo(json.dumps(measured, ensure_ascii=False))
        return
    typer.echo(json.dumps(measured, ensure_ascii=False, indent=2))
    for name, outcomes in (("English", english), (language, other)):
        typer.echo("\n".join([f"\nNot as expected, {name}:", *(misses(outcomes) or ["none"])]))


@app.command()
def fit() -> None:
    """Fit the models that tell what a question wants, on the development questions, and write them into assistant/converse."""
    from eval.fit import write_models
    from eval.gold import load_gold

    settings = _settings()
    assistant, day, _ = _open_assistant(settings, None)
    with as_file(files("eval").joinpath("gold")) as shipped:
        gold = load_gold(shipped, assistant.knowledge)
    for name, model in write_models(assistant, gold, day).items():
        typer.echo(f"{name}: {json.dumps(model['fitted'])}")


@app.command()
def vectors() -> None:
    """Make the vectors of the shipped texts anew that a first start takes over (knowledge/vectors); takes minutes."""
    from assistant.index.generation import shipped_texts
    from assistant.index.models import make_encoders
    from assistant.index.shipped_vectors import encode_to_ship, write_shipped_vectors
    from assistant.ingest.knowledge_files import load_knowledge, shipped_knowledge

    settings = _settings()
    texts = shipped_texts(load_knowledge([shipped_knowledge()], today=datetime.now(UTC).date()))
    for name, encoder in make_encoders(settings.retrieval, settings.models_folder).items():
        with progress_bar(f"Encoding with {name}") as progress:
            made = encode_to_ship(encoder, texts, progress)
        path = write_shipped_vectors(Path(str(files("knowledge"))) / "vectors", encoder.fingerprint, made)
        typer.echo(f"{path.name}: {len(made)} texts, {path.stat().st_size / 1e6:.1f} MB")


def _open_run(path: Path) -> RunFolder:
    from eval.folder import RunFolder

    return RunFolder.open(path)


def _settings() -> Settings:
    from pydantic import ValidationError

    from assistant.settings import Settings

    try:
        return Settings.from_environment(os.environ)
    except ValidationError as error:
        detail = error.errors()[0]
        raise UsageError(f"CLAUSEWISE_{'_'.join(map(str, detail['loc'])).upper()}: {detail['msg']}") from error


def _composing(settings: Settings, composer: Composer) -> Settings:
    if composer is Composer.rules:
        return settings.model_copy(update={"model": None})
    if settings.model is None:
        raise UsageError("--composer llm needs a language model: set CLAUSEWISE_MODEL, for example to openai:gpt-4.1-mini")
    return settings


def _open_assistant(settings: Settings, today: date | None) -> tuple[Assistant, date, Literal["given", "newest reading"]]:
    """An assistant whose clock stands still, on the day given or on that of the newest reading.

    The data folder is brought up to date by the machine's own date first: a text read after the day asked about is no fault in it.
    """
    from assistant.assistant import Assistant
    from assistant.clock import FixedClock
    from eval.provenance import newest_reading

    with progress_bar("Building the index") as progress:
        current = Assistant.open(settings, report=lambda message: typer.echo(message, err=True), progress=progress)
    if today is not None:
        return Assistant.open(settings, clock=FixedClock(today)), today, "given"
    newest = newest_reading(current.knowledge)
    if newest is None:
        raise InputError("Nothing is held, so there is nothing to ask about. Run `clausewise index`.")
    return Assistant.open(settings, clock=FixedClock(newest)), newest, "newest reading"


if __name__ == "__main__":
    main()
