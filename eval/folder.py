"""The folder of a run of any kind: its manifest, its results as they come, and the reports once it is complete.

- manifest.json: what the run is made with
- results.jsonl: one result a line, written as each question is answered
- summary.json: the figures, when the run is complete
- report.md: the same to read
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Generic, Protocol, Self, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.errors import AssistantError, InputError, UsageError
from eval.provenance import Manifest, RunManifest
from eval.results import Result

MANIFEST, RESULTS, SUMMARY, REPORT = "manifest.json", "results.jsonl", "summary.json", "report.md"


class KeptResult(Protocol):
    """One question of a run with what came of it."""

    @property
    def id(self) -> str: ...

    def model_dump_json(self) -> str: ...


M = TypeVar("M", bound=RunManifest)
R = TypeVar("R", bound=KeptResult)


class Folder(Generic[M, R]):
    """A run on disk. Results are appended and flushed one by one, so that an interruption loses at most the question at hand.

    Each kind of run names its two models.
    """

    manifest_model: ClassVar[type[BaseModel]]
    result_model: ClassVar[type[BaseModel]]

    def __init__(self, path: Path, manifest: M, results: Sequence[R]) -> None:
        self.path = path
        self.manifest = manifest
        self._results = list(results)

    @classmethod
    def start(cls, path: Path, manifest: M) -> Self:
        """A new run in a folder that is empty or does not exist, or the one that was interrupted there.

        Raises UsageError if the folder holds anything else: a run with other code, settings, knowledge or questions, or other files.
        """
        if (path / MANIFEST).is_file():
            return cls._resume(path, manifest)
        if path.is_dir() and any(path.iterdir()):
            raise UsageError(f"{path} holds other files: give --out a new folder")
        try:
            path.mkdir(parents=True, exist_ok=True)
            (path / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
        return cls(path, manifest, ())

    @classmethod
    def open(cls, path: Path) -> Self:
        """A run as it lies on disk, complete or not.

        Raises InputError if there is none or a file of it cannot be read.
        """
        try:
            manifest: M = cls.manifest_model.model_validate_json((path / MANIFEST).read_bytes())  # type: ignore[assignment]
        except OSError as error:
            raise InputError(f"{path} is no folder of a run: it has no {MANIFEST} that can be read") from error
        except ValidationError as error:
            raise InputError(f"{path / MANIFEST} was not written by this program: {error.errors()[0]['msg']}") from error
        return cls(path, manifest, cls._read_results(path / RESULTS))

    @classmethod
    def _resume(cls, path: Path, manifest: M) -> Self:
        found = cls.open(path)
        before, now = found.manifest.identity, manifest.identity
        if changed := [name for name in now if now[name] != before.get(name)]:
            raise UsageError(f"{path} holds a run with another {', '.join(changed)}: give --out a new folder")
        _drop_half_a_line(path / RESULTS)
        going_on = found.manifest.model_copy(update={"questions": manifest.questions})
        return cls(path, going_on, found.results)

    @property
    def results(self) -> tuple[R, ...]:
        return tuple(self._results)

    def append(self, result: R) -> None:
        """Keep one more result, on disk before it returns.

        Raises AssistantError if it cannot be written; what was kept before stays.
        """
        with self._explained(), (self.path / RESULTS).open("a", encoding="utf-8") as file:
            file.write(result.model_dump_json() + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._results.append(result)

    def write_report(self, markdown: str, figures: object) -> None:
        """Write both reports.

        Raises AssistantError if they cannot be written.
        """
        with self._explained():
            (self.path / REPORT).write_text(markdown, encoding="utf-8")
            (self.path / SUMMARY).write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def _read_results(cls, path: Path) -> list[R]:
        """The results in the order they were written; what stands after the last line end is an unfinished one and left out."""
        if not path.is_file():
            return []
        results: dict[str, R] = {}
        for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
            try:
                result: R = cls.result_model.model_validate_json(line)  # type: ignore[assignment]
            except ValidationError as error:
                fault = error.errors()[0]["msg"]
                raise InputError(f"{path}:{number}: not a result: {fault}. Delete the line to have the question asked again.") from error
            results[result.id] = result
        return list(results.values())

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            raise AssistantError(
                f"{self.path} cannot be written ({reason}). What was answered is kept; with --out the run goes on."
            ) from error


class RunFolder(Folder[Manifest, Result]):
    """A run over the gold questions."""

    manifest_model = Manifest
    result_model = Result


def _drop_half_a_line(path: Path) -> None:
    if path.is_file():
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if whole != data:
            path.write_bytes(whole)
