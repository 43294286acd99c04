"""Read the objects of a list out of a JSON text while it is still being written."""

from __future__ import annotations

import json
import re
from typing import Any


class MalformedReplyError(ValueError):
    """The text is not the JSON that was asked for. The message says why, and repeats none of it."""


class ObjectReader:
    """Gives each object of the list under ``field`` as soon as it is complete.

    What stands before the list (a sentence, a code fence) is passed over. Text beyond ``max_characters`` is refused.
    """

    def __init__(self, field: str, *, max_characters: int) -> None:
        self._start = re.compile(rf'"{re.escape(field)}"\s*:\s*\[')
        self._max_characters = max_characters
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._place: int | None = None
        self._complete = False

    def feed(self, piece: str) -> list[dict[str, Any]]:
        """The objects that this piece completes.

        Raises MalformedReplyError if the text is too long, or the list holds anything but objects.
        """
        if self._complete:
            return []
        self._text += piece
        if len(self._text) > self._max_characters:
            raise MalformedReplyError(f"it is longer than {self._max_characters:,} characters")
        if self._place is None and (found := self._start.search(self._text)):
            self._place = found.end()
        return [] if self._place is None else self._read_on(self._place)

    def close(self, *, cut_short: bool) -> None:
        """Say that no more comes. ``cut_short``: the writer was stopped at a length, so that an open end is no fault.

        Raises MalformedReplyError if the list was not completed.
        """
        if self._complete or (cut_short and self._place is not None):
            return
        raise MalformedReplyError("it holds no list of claims" if self._place is None else "it ends in the middle")

    def _read_on(self, place: int) -> list[dict[str, Any]]:
        found = []
        while (place := self._skip_separators(place)) < len(self._text):
            if self._text[place] == "]":
                self._complete = True
                break
            if self._text[place] != "{":
                raise MalformedReplyError("its list holds something other than claims")
            try:
                entry, end = self._decoder.raw_decode(self._text, place)
            except (json.JSONDecodeError, RecursionError):
                break  # not complete yet, or never: close() tells
            found.append(entry)
            place = end
        self._place = place
        return found

    def _skip_separators(self, place: int) -> int:
        while place < len(self._text) and self._text[place] in " \t\r\n,":
            place += 1
        return place
