"""Lines of a file of a data set, each with its number, whatever the file holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import InputError, Problem

LONGEST_LINE = 4_000_000  # bytes; the longest law of Europe has fewer in one article, and a line is read into memory whole
_SHOWN = 20


class DataSetError(InputError):
    """A data set that cannot be measured on. ``problems`` lists every one found, with file and line."""

    def __init__(self, problems: list[Problem], *, can_be_left_out: bool) -> None:
        self.problems = tuple(problems)
        more = len(problems) - _SHOWN
        advice = " With --lenient these lines are left out, and the report says so." if can_be_left_out else ""
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in the data set."
        super().__init__("\n".join([*map(str, problems[:_SHOWN]), *([f"… and {more} more"] if more > 0 else []), count + advice]))


@dataclass
class Findings:
    """What is wrong with a data set. ``fatal``: no figure would mean anything. ``faults``: lines to mend, or to leave out when told so.
    ``notices``: nothing wrong with the measuring, but whoever reads the figures should know.
    """

    fatal: list[Problem] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)

    def settle(self, *, lenient: bool) -> tuple[Problem, ...]:
        """What was left out or is worth knowing.

        Raises DataSetError for anything fatal, and for the faults too unless ``lenient``.
        """
        if self.fatal or (self.faults and not lenient):
            raise DataSetError(self.fatal + self.faults, can_be_left_out=not self.fatal)
        return tuple(self.faults + self.notices)


def numbered_lines(path: Path, findings: Findings) -> Iterator[tuple[int, str]]:
    """The lines that hold something, from 1. One that is too long or no UTF-8 becomes a fault and is never held in memory whole.

    Raises InputError if the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield from _decoded(file, path, findings)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


def json_objects(path: Path, findings: Findings) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON lines file with the number of their line; what is none becomes a fault."""
    for number, line in numbered_lines(path, findings):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else error
            findings.faults.append(Problem(path.name, number, f"this is no JSON: {reason}"))
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            findings.faults.append(Problem(path.name, number, "a JSON object is expected"))


def _decoded(file: BinaryIO, path: Path, findings: Findings) -> Iterator[tuple[int, str]]:
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            length = len(raw) + _skip_line(file)
            findings.faults.append(
                Problem(path.name, number, f"this line has {length:,} bytes, more than the {LONGEST_LINE:,} that are read; split its text")
            )
            continue
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            findings.faults.append(Problem(path.name, number, f"this is no UTF-8: {error.reason} at byte {error.start + 1}"))
            continue
        if line.strip():
            yield number, line


def _skip_line(file: BinaryIO) -> int:
    """Read on to the end of the line in pieces; how many bytes that were."""
    skipped = 0
    while piece := file.readline(LONGEST_LINE):
        skipped += len(piece)
        if piece.endswith(b"\n"):
            break
    return skipped
