"""The numbers that Word shows before paragraphs and keeps out of their text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.ingest.markup import spell_number

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 9
_STYLES = {"decimal": "1", "decimalZero": "1", "lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: ``text`` has %1 to %9 where the numbers of the levels stand."""

    style: str
    text: str
    start: int
    restarts_after: int
    is_legal: bool


class Numbering:
    """Counts along the document. ``label`` must be called once for each numbered paragraph, in order."""

    def __init__(self, root: _Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = defaultdict(dict)
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[str] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: _Element) -> None:
        for abstract in root.iter(f"{W}abstractNum"):
            levels = {
                index: _read_level(level) for level in abstract.iter(f"{W}lvl") if (index := _integer(level.get(f"{W}ilvl"))) is not None
            }
            self._levels[str(abstract.get(f"{W}abstractNumId"))] = levels
        for number in root.iter(f"{W}num"):
            number_id = str(number.get(f"{W}numId"))
            reference = number.find(f"{W}abstractNumId")
            self._abstract[number_id] = str(reference.get(f"{W}val")) if reference is not None else ""
            for override in number.iter(f"{W}lvlOverride"):
                level, start = _integer(override.get(f"{W}ilvl")), override.find(f"{W}startOverride")
                if level is not None and start is not None:
                    self._starts[number_id][level] = _integer(start.get(f"{W}val")) or 0

    def label(self, number_id: str, depth: int) -> str | None:
        """The number of the next paragraph of a list at that depth (0 is outermost); an empty text for a bullet, None for no list."""
        levels = self._levels.get(self._abstract.get(number_id, ""), {})
        level = levels.get(depth)
        if level is None or number_id == "0" or depth >= _DEEPEST:
            return None
        counts = self._counts[self._abstract[number_id]]
        self._count(number_id, depth, levels, counts)
        if level.style == "bullet" or (level.style == "none" and "%" not in level.text):
            return ""
        return re.sub(r"%([1-9])", lambda match: self._show(int(match[1]) - 1, level, levels, counts), level.text).strip()

    def _count(self, number_id: str, depth: int, levels: dict[int, _Level], counts: dict[int, int]) -> None:
        if number_id not in self._started:
            self._started.add(number_id)
            for index, start in self._starts[number_id].items():
                counts[index] = start - 1
        start = self._starts[number_id].get(depth, levels[depth].start)
        counts[depth] = counts.get(depth, start - 1) + 1
        for inner in [index for index in counts if index > depth]:
            if depth < levels[inner].restarts_after if inner in levels else True:
                del counts[inner]

    def _show(self, index: int, shown: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> str:
        level = levels.get(index)
        if level is None:
            return ""
        number = counts.setdefault(index, level.start)
        return spell_number(number, "1" if shown.is_legal else _STYLES.get(level.style, "1"))


def _read_level(level: _Element) -> _Level:
    index = _integer(level.get(f"{W}ilvl")) or 0
    restart = _integer(_value(level, "lvlRestart"))
    return _Level(
        style=_value(level, "numFmt") or "decimal",
        text=_value(level, "lvlText") or "",
        start=1 if (start := _integer(_value(level, "start"))) is None else start,
        restarts_after=index if restart is None else restart,
        is_legal=level.find(f"{W}isLgl") is not None,
    )


def _value(element: _Element, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def _integer(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,9}", text) else None
