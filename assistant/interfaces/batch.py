"""Answer a file of questions, one JSON object a line in, one a line out, in order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from pydantic import ValidationError

from assistant.converse.query import AskOptions
from assistant.converse.session import Session
from assistant.errors import AssistantError, InputError

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_PROFILE_OPTIONS = ("jurisdiction", "client_jurisdiction", "use", "plan", "settings")


def answer_batch(assistant: Assistant, path: Path, options: AskOptions, out: TextIO) -> None:
    """Answer every line {id, text or turns, profile, as_of}; a line that cannot be used gives an error object and the rest go on.

    The options hold for every line that does not say otherwise. Raises InputError if the file cannot be read.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            out.write(json.dumps(_answer_line(assistant, line, number, options), ensure_ascii=False) + "\n")
            out.flush()


def _answer_line(assistant: Assistant, line: bytes, number: int, options: AskOptions) -> dict[str, Any]:
    identifier: Any = None
    try:
        entry = json.loads(line)
        if not isinstance(entry, dict):
            raise InputError("expected an object with id and text")
        identifier = entry.get("id")
        turns = entry.get("turns") or [entry.get("text")]
        if not all(isinstance(turn, str) for turn in turns):
            raise InputError("text must be a string, turns a list of strings")
        profile = entry.get("profile") or {}
        given = {name: profile[name] for name in _PROFILE_OPTIONS if name in profile} | (
            {"as_of": entry["as_of"]} if entry.get("as_of") else {}
        )
        chosen = AskOptions.model_validate({**options.model_dump(), **given})
        session = Session()
        answers = [assistant.ask(turn, chosen, session) for turn in turns]
        return {"id": identifier, **answers[-1].model_dump(mode="json")}
    except (AssistantError, ValidationError, ValueError, TypeError) as error:
        message = str(error) if isinstance(error, AssistantError) else f"not a usable line: {str(error).splitlines()[0]}"
        return {"id": identifier, "error": message, "line": number}
