"""The commands around imported texts: import, sources, changes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import UsageError
from assistant.interfaces.terminal import Progress, note, print_rows, read_settings

if TYPE_CHECKING:
    from assistant.dating import Dating
    from assistant.ingest.details import Details
    from assistant.settings import Settings

sources_app = typer.Typer(help="The texts that are held: their versions, their clauses, and how to take them out.", no_args_is_help=True)

_DAY = ["%Y-%m-%d"]
_JSON = typer.Option("--json", help="Print JSON.")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("import")(import_path)
    app.command("changes")(changes)
    app.add_typer(sources_app, name="sources")


def import_path(
    path: Annotated[Path, typer.Argument(help="A file or a folder: law, policy, standard or contract.")],
    source_id: Annotated[str | None, typer.Option("--id", help="Id of the source, for example gdpr; guessed if not given.")] = None,
    tool: Annotated[list[str] | None, typer.Option(help="The tool it belongs to, for example zoom. Can be repeated.")] = None,
    kind: Annotated[str | None, typer.Option(help="law, standard, vendor, guidance or contract (your own, kept private).")] = None,
    plan: Annotated[list[str] | None, typer.Option(help="The plan a contract was signed for. Can be repeated.")] = None,
    contract: Annotated[str | None, typer.Option(help="Which contract it is: dpa or baa.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the document.")] = None,
    label: Annotated[str | None, typer.Option(help="Short name that citations begin with.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it.")] = None,
    jurisdiction: Annotated[list[str] | None, typer.Option(help="uk, eu or us. Can be repeated.")] = None,
    version_date: Annotated[datetime | None, typer.Option(formats=_DAY, help="The date the text prints.")] = None,
    effective_date: Annotated[datetime | None, typer.Option(formats=_DAY, help="The day from which it applies, if another.")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=_DAY, help="The day on which the text was seen in force.")] = None,
    url: Annotated[str | None, typer.Option(help="Its address.")] = None,
    licence: Annotated[str | None, typer.Option(help="Under which terms the text may be used.")] = None,
    language: Annotated[str | None, typer.Option(help="Its language, for example en.")] = None,
    edition: Annotated[str | None, typer.Option(help="Name of the edition.")] = None,
    accept_short: Annotated[bool, typer.Option("--accept-short", help="Take a text much shorter than the version before.")] = False,
    index: Annotated[bool, typer.Option("--index/--no-index", help="Whether searching shall find its clauses.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
) -> None:
    """Import a text, or a folder of texts; dated files of one folder are versions of one source."""
    from assistant.clock import SystemClock
    from assistant.sources import ImportOptions, import_texts

    details = _details(
        title=title,
        label=label,
        publisher=publisher,
        kind=kind,
        url=url,
        tools=tool,
        plans=plan,
        contract=contract,
        jurisdictions=jurisdiction,
        language=language,
        licence=licence,
        version_date=version_date.date() if version_date else None,
        effective_date=effective_date.date() if effective_date else None,
        as_of=as_of.date() if as_of else None,
        edition=edition,
    )
    options = ImportOptions(_checked_id(source_id), details, accept_short, index)
    settings = read_settings()
    with Progress("Importing") as progress:
        summary = import_texts(settings, path, options, today=SystemClock().today(), progress=progress)
    if index and summary.changed:
        _build_index(settings)
    from assistant.interfaces.source_listings import import_object, import_text

    typer.echo(json.dumps(import_object(summary), ensure_ascii=False, default=str) if as_json else import_text(summary))


@sources_app.command("list")
def sources_list(
    imported: Annotated[bool, typer.Option("--imported", help="Only what was imported.")] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """List the sources with their versions, and the evidence that a newer text put up for review."""
    from assistant.interfaces.source_listings import list_sources

    rows = [row for row in list_sources(_held()) if row["imported"] or not imported]
    print_rows(rows, as_json=as_json, columns=("id", "kind", "held", "texts", "clauses", "as_of", "stale", "for review"))


@sources_app.command("show")
def sources_show(
    source: Annotated[str, typer.Argument(help="Id of a source.")],
    version: Annotated[str | None, typer.Option("--version", help="Only the clauses of this version (id or day).")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Show every clause of a source, in all versions and wordings."""
    from assistant.interfaces.source_listings import show_source

    print_rows(show_source(_held(), source, version), as_json=as_json, columns=("locator", "wording", "since", "until", "page", "text"))


@sources_app.command("remove")
def sources_remove(
    source: Annotated[str, typer.Argument(help="Id of an imported source.")],
    version: Annotated[str | None, typer.Option("--version", help="Only this version.")] = None,
) -> None:
    """Forget an imported source: nothing of it remains in the store, the index or an answer."""
    from assistant.clock import SystemClock
    from assistant.sources import remove_texts

    settings = read_settings()
    remove_texts(settings, source, version, today=SystemClock().today())
    _build_index(settings)
    typer.echo(f"{source}{f' of {version}' if version else ''} is removed.")


@sources_app.command("index")
def sources_index(source: Annotated[list[str], typer.Argument(help="Ids of sources that were imported with --no-index.")]) -> None:
    """Let searching find the clauses of sources that were imported without an index."""
    from assistant.clock import SystemClock
    from assistant.sources import index_sources

    settings = read_settings()
    index_sources(settings, source, today=SystemClock().today())
    _build_index(settings)
    typer.echo(f"{len(source)} source{'s' if len(source) != 1 else ''} can be searched.")


@sources_app.command("export")
def sources_export(
    source: Annotated[list[str] | None, typer.Argument(help="Ids; all that was imported if none is given.")] = None,
    to: Annotated[Path, typer.Option(help="Folder to write to, one JSON file a source.")] = Path("clausewise-export"),
    include_private: Annotated[bool, typer.Option("--include-private", help="Your own contracts too.")] = False,
) -> None:
    """Write imported sources to files that `clausewise import` reads again. Private ones stay here unless asked for."""
    from assistant.clock import SystemClock
    from assistant.sources import export_texts

    written, kept = export_texts(read_settings(), to, source or [], include_private=include_private, today=SystemClock().today())
    for name in kept:
        note(f"{name} is private and was left out: --include-private writes it too.")
    typer.echo(f"{len(written)} source{'s' if len(written) != 1 else ''} written to {to}.")


def changes(
    source: Annotated[str, typer.Argument(help="Id of an imported source.")],
    older: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="The older version, by its day.")] = None,
    newer: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="The newer version, by its day.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Show what changed between two versions of a source, and which evidence rests on it; the last two if no day is given."""
    from assistant.clock import SystemClock
    from assistant.interfaces.source_changes import change_rows, print_changes
    from assistant.sources import find_changes

    days = older.date() if older else None, newer.date() if newer else None
    found = find_changes(read_settings(), source, *days, today=SystemClock().today())
    if as_json:
        typer.echo(json.dumps(change_rows(found), ensure_ascii=False, default=str))
    else:
        print_changes(found)


def _held() -> Dating:
    """What is held, seen from today, without the index, which listing does not need."""
    from assistant.clock import SystemClock
    from assistant.dating import Dating
    from assistant.library import ready_store

    settings, today = read_settings(), SystemClock().today()
    with ready_store(settings, today=today) as store:
        return Dating(store.load(), today, settings.stale_after_days)


def _build_index(settings: Settings) -> None:
    from assistant.clock import SystemClock
    from assistant.index.encoders import make_encoder
    from assistant.library import rebuild_library

    with Progress() as progress:
        rebuild_library(settings, make_encoder(settings.encoder, settings.models_folder), today=SystemClock().today(), progress=progress)


def _details(**values: object) -> Details:
    from pydantic import ValidationError

    from assistant.ingest.details import Details

    try:
        return Details.model_validate({name: value for name, value in values.items() if value not in (None, [], ())})
    except ValidationError as error:
        detail = error.errors()[0]
        name = str(detail["loc"][0]).removesuffix("s") if detail["loc"][0] in ("tools", "plans", "jurisdictions") else str(detail["loc"][0])
        raise UsageError(f"--{name.replace('_', '-')}: {detail['msg']}") from error


def _checked_id(source_id: str | None) -> str | None:
    from pydantic import TypeAdapter, ValidationError

    from assistant.schema.base import Id

    if source_id is None:
        return None
    try:
        return TypeAdapter(Id).validate_python(source_id.strip())
    except ValidationError as error:
        raise UsageError(f"--id {source_id}: use lower case letters, digits, dots and hyphens, for example zoom-dpa.") from error
