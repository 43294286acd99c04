"""A worker in a process of its own, asked over its standard input and output."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from types import TracebackType
from typing import Any, Self

from assistant.errors import AssistantError
from eval.peers.environments import Environment, variables

_LAST_WORDS = 2_000


class Worker:
    """Raises AssistantError, with the last that it said, if the process ends before it has answered."""

    def __init__(self, name: str, module: str, environment: Environment, arguments: tuple[str, ...] = ()) -> None:
        self._name = name
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the worker
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            [str(environment.python), "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**variables(), "PYTHONPATH": str(environment.code)},
            cwd=environment.code,
            text=True,
            encoding="utf-8",
        )
        self.ready = self._answer()

    @property
    def seconds_alive(self) -> float:
        """Wall seconds since the process was started."""
        return time.perf_counter() - self._started

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Hand over a request and wait for the answer."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise AssistantError(self._last_words()) from error
        return self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                stream.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise AssistantError(self._last_words())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _last_words(self) -> str:
        self._process.wait()
        self._errors.seek(0)
        said = self._errors.read()[-_LAST_WORDS:].decode("utf-8", errors="replace").strip()
        return f"{self._name} ended with code {self._process.returncode}: {said or 'it said nothing'}"
