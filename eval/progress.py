"""Progress on standard error, for a person at a terminal and for a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]
_SECONDS_BETWEEN_LINES = 30


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A bar that appears with the first call; where standard error is no terminal, a line every half minute instead."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(title)
        return
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: list[int] = []

        def show(done: int, total: int) -> None:
            if not tasks:
                tasks.append(bar.add_task(title, total=total))
            bar.update(bar.task_ids[0], completed=done, total=total)

        yield show


def _lines(title: str) -> Progress:
    last = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            sys.stderr.write(f"{title}: {done} of {total}\n")

    return show
