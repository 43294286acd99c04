"""What the commands share: settings from the environment, tables and JSON, notes and a progress bar on standard error."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import typer

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.settings import Settings


def read_settings() -> Settings:
    """The settings of this process.

    Raises UsageError if a variable does not fit.
    """
    from pydantic import ValidationError

    from assistant.settings import Settings

    try:
        return Settings.from_environment(os.environ)
    except ValidationError as error:
        detail = error.errors()[0]
        raise UsageError(f"CLAUSEWISE_{'_'.join(map(str, detail['loc'])).upper()}: {detail['msg']}") from error


def note(message: str) -> None:
    """One line on standard error, so that standard output stays clean."""
    sys.stderr.write(f"{message}\n")


def print_rows(rows: list[dict[str, Any]], *, as_json: bool, columns: tuple[str, ...]) -> None:
    """All of the rows as JSON, or these columns of them as a table."""
    if as_json:
        import json

        typer.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if row.get(column) is None else str(row[column]) for column in columns))
    Console().print(table)


class Progress:
    """A progress bar on standard error while clauses are encoded; nothing where there is no terminal and nothing to do."""

    def __init__(self, words: str = "Building the index") -> None:
        self._words = words
        self._bar: Any = None

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self._words, total=total)
        self._bar.update(self._task, completed=done, total=total)

    def __exit__(self, *details: object) -> None:
        if self._bar is not None:
            self._bar.stop()
