"""What a document says of itself in its first and last lines: the date it prints, as far as it prints one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.ingest.blocks import Block

_HEAD_BLOCKS = 40
_TAIL_BLOCKS = 6
_DATE_LINE_WORDS = 5
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier januar enero",
            "february feb février fevrier februar febrero",
            "march mar mars märz marzo",
            "april apr avril abril",
            "may mai mayo",
            "june jun juin juni junio",
            "july jul juillet juli julio",
            "august aug août aout agosto",
            "september sept sep septembre septiembre",
            "october oct octobre oktober octubre",
            "november nov novembre noviembre",
            "december dec décembre decembre dezember diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_UPDATED = (
    r"(?:last\s+)?(?:updated|modified|revised|amended)|last\s+update|revision\s+date|version(?:\s+(?:date|of|du|vom))?|published|"
    r"dernière\s+mise\s+à\s+jour|mise\s+à\s+jour|stand|zuletzt\s+(?:aktualisiert|geändert)|última\s+actualización|as\s+last\s+revised\s+and\s+adopted|adopted"
)
_EFFECTIVE = r"effective(?:\s+(?:date|as\s+of|from))?|in\s+effect\s+(?:as\s+of|from)|gültig\s+ab|en\s+vigueur"
_DATE = rf"""
      (?P<iso>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})
    | (?P<day1>[0-9]{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+)?(?P<month1>{_MONTH})\.?,?\s+(?P<year1>[0-9]{{4}})
    | (?P<month2>{_MONTH})\.?\s+(?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<year2>[0-9]{{4}})
    | (?P<month3>{_MONTH})\.?,?\s+(?P<year3>[0-9]{{4}})
"""
_PRINTED = re.compile(
    rf"(?<![a-zà-ÿ])(?P<what>(?P<updated>{_UPDATED})|{_EFFECTIVE})\s*(?:date)?\s*(?:on|le|am|of)?\s*[:–—-]?\s*(?P<date>{_DATE})(?![a-z0-9])",
    re.IGNORECASE | re.VERBOSE,
)


def printed_date(blocks: Sequence[Block]) -> tuple[date | None, str | None]:
    """The day on which the document says it was last changed, or from which it holds; and the date as printed if it names no day.

    Looks at the beginning and the end only, and there at words that call it the document's own date.
    """
    texts = [block.text for block in (*blocks[:_HEAD_BLOCKS], *blocks[_HEAD_BLOCKS:][-_TAIL_BLOCKS:]) if len(block.text) < 400]
    matches = [match for text in texts for match in _PRINTED.finditer(text)]
    matches.sort(key=lambda match: match["updated"] is None)  # stable: the first "updated" before the first "effective"
    for match in matches:
        if day := _day(match):
            return day, None
    return None, next((match["date"] for match in matches), None)


def states_date(text: str) -> bool:
    """Whether a line does little else than give the document's own date ("Last updated: 1 May 2024 | Earlier versions")."""
    match = _PRINTED.search(text)
    return match is not None and len(re.findall(r"\w+", text)) - len(re.findall(r"\w+", match.group())) <= _DATE_LINE_WORDS


_ANY_DATE = re.compile(rf"(?<![\w.-])(?:{_DATE})(?![\w])", re.IGNORECASE | re.VERBOSE)


def find_dates(text: str) -> list[tuple[int, int, date]]:
    """The days named in a text, each with where it stands: first and one past the last character."""
    if not re.search(r"[0-9]{4}", text):
        return []
    return [(match.start(), match.end(), day) for match in _ANY_DATE.finditer(text) if (day := _day(match))]


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        for index in ("1", "2"):
            if match[f"day{index}"]:
                return date(int(match[f"year{index}"]), _MONTHS[match[f"month{index}"].lower()], int(match[f"day{index}"]))
    except ValueError:  # the 31st of February: a misprint, and no date
        return None
    return None
