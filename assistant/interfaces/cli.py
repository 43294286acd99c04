"""The command line. Everything heavy is imported inside the commands, so that --help answers at once."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from assistant import __version__
from assistant.errors import AssistantError, InputError, UsageError
from assistant.interfaces import cli_sources
from assistant.interfaces.terminal import Progress as _Progress
from assistant.interfaces.terminal import note as _note
from assistant.interfaces.terminal import print_rows as _print_rows
from assistant.interfaces.terminal import read_settings as _settings

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.converse.query import AskOptions
    from assistant.schema import Answer, AnswerClaim

app = typer.Typer(
    name="clausewise",
    help="Whether a tool may be used with clients: verdicts with dated, cited clauses. Everything stays on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
knowledge_app = typer.Typer(help="The knowledge files.", no_args_is_help=True)
app.add_typer(knowledge_app, name="knowledge")
cli_sources.register(app)


NoModel = Annotated[bool, typer.Option("--no-model", help="Compose without the language model that CLAUSEWISE_MODEL names.")]


def main() -> NoReturn:
    """Run the command line; what was raised on purpose becomes one message and an exit code."""
    try:
        app()
    except AssistantError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(0)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"clausewise {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", callback=_print_version, is_eager=True)] = False,
) -> None:
    """Nothing of its own: every command stands alone."""


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question; - or nothing reads it from standard input.")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Where you practise: uk, eu or us.")] = None,
    client_jurisdiction: Annotated[str | None, typer.Option(help="Where the client is, if elsewhere: uk, eu or us.")] = None,
    use: Annotated[str | None, typer.Option(help="session, messaging, reminders, notes or storage.")] = None,
    plan: Annotated[str | None, typer.Option(help="The plan you have, for example pro.")] = None,
    setting: Annotated[list[str] | None, typer.Option(help="A setting as name=value, for example e2ee=on. Can be repeated.")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Answer as of this day.")] = None,
    batch: Annotated[Path | None, typer.Option(help="Answer every line of a JSONL file and print one JSON object a line.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="Plain Markdown, no colours.")] = False,
    no_model: NoModel = False,
) -> None:
    """Ask a question and get a cited answer."""
    options = _options(
        jurisdiction=jurisdiction,
        client_jurisdiction=client_jurisdiction,
        use=use,
        plan=plan,
        settings=_read_settings(setting or []),
        as_of=as_of.date() if as_of else None,
    )
    if batch is not None:
        from assistant.interfaces.batch import answer_batch

        answer_batch(_open(model=not no_model), batch, options, sys.stdout)
        return
    text = _read_stdin() if question in (None, "-") else question
    assistant = _open(model=not no_model)
    if as_json:
        typer.echo(assistant.ask(text or "", options).model_dump_json())
    else:
        _print_markdown(_ask_showing(assistant, text or "", options).text, plain=no_color)


@app.command()
def chat(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port on 127.0.0.1; the next free one from 7860 if not given.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
    no_model: NoModel = False,
) -> None:
    """Open the chat page on this machine."""
    from assistant.interfaces.page import serve

    serve(_open(model=not no_model), port=port, open_browser=browser and sys.stdout.isatty())


@app.command()
def index() -> None:
    """Bring store and index up to date with the knowledge files; unchanged clauses are not encoded again."""
    from assistant.clock import SystemClock
    from assistant.index.encoders import make_encoder
    from assistant.library import rebuild_library

    settings = _settings()
    with _Progress() as progress:
        update = rebuild_library(
            settings, make_encoder(settings.encoder, settings.models_folder), today=SystemClock().today(), report=_note, progress=progress
        )
    built = update.index
    if built.reason is None:
        typer.echo(f"{built.clauses} clauses, nothing to do.")
        return
    change = update.change
    parts = f" ({change.added} new, {change.changed} changed, {change.removed} removed)" if change else ""
    typer.echo(f"{built.clauses} clauses indexed{parts}; {built.encoded} encoded, the others taken from the cache.")


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="How many clauses.")] = 10,
    source: Annotated[list[str] | None, typer.Option(help="Only this source (id). Can be repeated.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="law, standard, vendor, guidance or contract. Can be repeated.")] = None,
    tool: Annotated[list[str] | None, typer.Option(help="Of the vendors' clauses only those of this tool. Can be repeated.")] = None,
    jurisdiction: Annotated[list[str] | None, typer.Option(help="Of law and guidance only what applies in uk, eu or us.")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of this day.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Rank clauses for a question, with the score of each stage."""
    from assistant.interfaces.listings import search_clauses

    day = as_of.date() if as_of else None
    limits = {"sources": source, "kinds": kind, "tools": tool, "jurisdictions": jurisdiction}
    found = search_clauses(_open(), question, k=k, limits={name: values for name, values in limits.items() if values}, day=day)
    _print_rows(found, as_json=as_json, columns=("label", "score", "text"))


@app.command()
def clause(
    locator: Annotated[str, typer.Argument(help="A label (GDPR Art. 28(3)(e)) or a clause id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show one clause in all dates and wordings that are held."""
    from assistant.interfaces.listings import show_clause

    _print_rows(show_clause(_open(), locator), as_json=as_json, columns=("label", "since", "until", "wording", "text"))


@app.command()
def consent(
    tool: Annotated[str, typer.Argument(help="The tool, for example zoom.")],
    jurisdiction: Annotated[str | None, typer.Option(help="Where you practise: uk, eu or us.")] = None,
    use: Annotated[str | None, typer.Option(help="session, messaging, reminders, notes or storage.")] = None,
    plan: Annotated[str | None, typer.Option(help="The plan you have.")] = None,
    recording: Annotated[bool, typer.Option("--recording", help="You record sessions.")] = False,
    transcription: Annotated[bool, typer.Option("--transcription", help="You have sessions transcribed.")] = False,
    ai: Annotated[bool, typer.Option("--ai", help="You use AI notes or summaries.")] = False,
    language: Annotated[str, typer.Option(help="The language of the text: en, de, fr or es.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the document as one JSON object.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="Plain Markdown, no colours.")] = False,
) -> None:
    """Print an information text for clients and, where consent is asked, its wording; every item with its clause."""
    options = _options(jurisdiction=jurisdiction, use=use, plan=plan)
    chosen = {"recording": recording, "transcription": transcription, "ai": ai}
    features = {name: "on" if wanted else "off" for name, wanted in chosen.items()}
    document = _open().client_information(tool.lower(), options, features, language)  # type: ignore[arg-type]
    if as_json:
        typer.echo(document.model_dump_json())
    else:
        _print_markdown(document.text, plain=no_color)


@app.command()
def tools(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the tools that documents are held on, and how old those are."""
    from assistant.interfaces.listings import list_tools

    _print_rows(list_tools(_open()), as_json=as_json, columns=("id", "name", "clauses", "evidence", "newest", "oldest", "stale"))


@app.command()
def criteria(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the questions of due diligence."""
    from assistant.interfaces.listings import list_criteria

    _print_rows(list_criteria(_open()), as_json=as_json, columns=("id", "title", "gate", "question"))


@knowledge_app.command("check")
def knowledge_check() -> None:
    """Validate the shipped knowledge files and your own; every problem with file and line."""
    from assistant.clock import SystemClock
    from assistant.converse.languages import check_overlay
    from assistant.ingest.knowledge_files import load_knowledge
    from assistant.library import knowledge_roots

    settings = _settings()
    held = load_knowledge(knowledge_roots(settings), today=SystemClock().today())
    check_overlay(settings.overlay)
    typer.echo(
        f"{len(held.sources)} sources, {len(held.clauses)} clauses, {len(held.criteria)} criteria, {len(held.tools)} tools, "
        f"{len(held.evidence)} evidence entries: all in order."
    )


@knowledge_app.command("stats")
def knowledge_stats() -> None:
    """Print a Markdown page of figures: clauses by kind and age, verdicts, criteria by tool."""
    from assistant.dating import Dating
    from assistant.report.statistics import knowledge_statistics

    assistant = _open()
    typer.echo(knowledge_statistics(Dating(assistant.knowledge, assistant.today, assistant.stale_after_days)), nl=False)


@knowledge_app.command("schema")
def knowledge_schema() -> None:
    """Print the JSON Schema of the knowledge files, for editors."""
    import json

    from assistant.ingest.json_schema import knowledge_json_schema

    typer.echo(json.dumps(knowledge_json_schema(), indent=2))


def _open(*, model: bool = True) -> Assistant:
    from assistant.assistant import Assistant

    settings = _settings() if model else _settings().model_copy(update={"model": None})
    with _Progress() as progress:
        return Assistant.open(settings, report=_note, progress=progress)


def _ask_showing(assistant: Assistant, question: str, options: AskOptions) -> Answer:
    """Ask; on a terminal, what a language model writes is shown on standard error as it passes, and goes when the answer comes."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console(stderr=True)
    if not console.is_terminal:
        return assistant.ask(question, options)
    said = Text()
    with Live(said, console=console, transient=True) as live:

        def show(claim: AnswerClaim) -> None:
            said.append(f"{claim.text}\n")
            live.refresh()

        return assistant.ask(question, options, on_claim=show)


def _options(**values: Any) -> AskOptions:
    from pydantic import ValidationError

    from assistant.converse.query import AskOptions

    try:
        return AskOptions.model_validate(values)
    except ValidationError as error:
        detail = error.errors()[0]
        raise UsageError(f"--{str(detail['loc'][0]).replace('_', '-')}: {detail['msg']}") from error


def _read_settings(pairs: list[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise UsageError(f"--setting {pair}: write name=value, for example e2ee=on")
        settings[name.strip().lower().replace("_", "-")] = value.strip().lower()
    return settings


def _read_stdin() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("No question. Write it after the command, or pipe it in: clausewise ask “Is Zoom safe for therapy?”")
    try:
        return sys.stdin.buffer.read(1_000_000).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("The question is not UTF-8 text.") from error


def _print_markdown(text: str, *, plain: bool) -> None:
    from assistant.converse.render import CLAUSES_MARK

    shown = text.replace(f"{CLAUSES_MARK}\n", "")
    if plain or os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        typer.echo(shown)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(shown))
