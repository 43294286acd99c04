"""Numbers, amounts and dates in running text, in one spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.locators import find_locators

_UNITS = {
    "hour": ("hours?", "hrs?", "stunden?", "heures?", "horas?"),
    "day": ("days?", "tage?n?", "jours?", "días?"),
    "week": ("weeks?", "wochen?", "semaines?", "semanas?"),
    "month": ("months?", "monate?n?", "mois", "mes(?:es)?"),
    "year": ("years?", "jahre?n?", "années?", "años?"),
    "minute": ("minutes?", "minuten?", "minutos?"),
    "second": ("seconds?", "sekunden?", "secondes?", "segundos?"),
    "percent": ("%", "per\\s?cent", "prozent", "pour\\s?cent", "por\\s?ciento"),
    "people": ("people", "participants?", "persons?", "users?", "members?", "guests?", "attendees?", "employees?", "personen"),
    "money": ("euros?", "eur", "€", "pounds?", "gbp", "£", "dollars?", "usd", "\\$"),
    "bit": ("bits?",),
}
_KEPT = 5_000  # texts: the same claims and clauses come back with every answer about a tool
_SPANS = frozenset(["hour", "day", "week", "month", "year", "minute", "second", "percent"])
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_WORDS = {word: number for number, word in enumerate(_SMALL) if number} | _TENS | {"hundred": 100, "thousand": 1_000, "a hundred": 100}
_SCALE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
_DATES = (
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month_number>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<year>(?:19|20)\d\d))?", re.I),
    re.compile(rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<year>(?:19|20)\d\d))?", re.I),
    re.compile(rf"\b(?P<month>{_MONTH})\.?\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)\b", re.I),
    re.compile(r"(?<![\w./-])(?P<year>(?:19|20)\d\d)(?![\w/-]|\.\d)"),
)
_FIGURE = r"\d+(?:[.,]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_WORDED = "|".join(sorted((word for word in _WORDS if " " not in word), key=len, reverse=True))
_UNIT = "|".join(pattern for patterns in _UNITS.values() for pattern in patterns)
_QUANTITY = re.compile(
    rf"(?<![\w.])(?<!\ball )(?P<before>[€£$]\s?)?(?:(?P<figure>{_FIGURE})|(?P<tens>{'|'.join(_TENS)})-(?P<ones>{'|'.join(_SMALL[1:10])})"
    rf"|(?P<word>{_WORDED}))(?![\w])"
    rf"(?:[\s\u00a0-]*(?P<scale>{'|'.join(_SCALE)}))?"
    rf"(?:[\s\u00a0-]*(?:(?:calendar|working|business|more|further|full|consecutive|other)\s+)?(?P<unit>{_UNIT})(?![\w]))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quantity:
    """A number and what it counts; ``unit`` is empty where none of the known units follows."""

    value: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value} {self.unit}".strip()


@dataclass(frozen=True)
class PartialDate:
    """A date as far as it is given."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def is_within(self, other: PartialDate) -> bool:
        """Whether ``other`` states at least what this one states, and the same."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine is None or mine == theirs for mine, theirs in pairs)

    def __str__(self) -> str:
        return "-".join(str(part) for part in (self.year, self.month, self.day) if part is not None)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        return cls(day.year, day.month, day.day)


def dates_in(text: str) -> tuple[PartialDate, ...]:
    """Every date, month of a year, day of a month and year (1900 to 2099) named, in the order of their kinds."""
    return tuple(found for found, _ in _dates(text)[0])


@lru_cache(maxsize=_KEPT)
def quantities_in(text: str) -> frozenset[Quantity]:
    """Numbers in digits or in words with their units, without those that belong to a date or an address ("Art. 28(3)").

    "one" and "two" in words count only before a unit of time: elsewhere they are pronouns ("the two of you").
    """
    bare = _without_addresses(_dates(text)[1])
    found = set()
    for match in _QUANTITY.finditer(bare):
        unit = _unit_of(match["unit"] or match["before"] or "")
        if (match["word"] or "").lower() in ("one", "two") and unit not in _SPANS:
            continue
        found.add(Quantity(_value(match), unit))
    return frozenset(found)


def is_backed(wanted: Quantity, held: Iterable[Quantity]) -> bool:
    """Whether the number stands there with the same unit; where either names none, the number is enough."""
    return any(
        wanted == other or _same_span(wanted, other) or (wanted.value == other.value and not (wanted.unit and other.unit)) for other in held
    )


def numbers_in(text: str) -> set[str]:
    """Every number of a text, also those inside dates and addresses."""
    numbers = {quantity.value + ("%" if quantity.unit == "percent" else "") for quantity in quantities_in(text)}
    for day in dates_in(text):
        numbers |= {str(part) for part in (day.year, day.day) if part is not None}
    for locator in find_locators(text):
        if locator.number[:1].isdigit():
            numbers |= {locator.number, locator.number.split(".")[0]}  # §10.2 lies in section 10
    return numbers


@lru_cache(maxsize=_KEPT)
def _dates(text: str) -> tuple[tuple[tuple[PartialDate, str], ...], str]:
    """The dates, and the text with them blanked out."""
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            month = int(groups["month_number"]) if groups.get("month_number") else _month(groups.get("month"))
            year, day = groups.get("year"), groups.get("day")
            if match.group().lower().startswith("may ") and not year and month == 5:
                continue  # "may 3 people join": a verb
            found.append((PartialDate(int(year) if year else None, month, int(day) if day else None), match.group()))
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return tuple(found), text


def _month(name: str | None) -> int | None:
    if not name:
        return None
    return next(number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name.lower().rstrip(".")[:3]))


_ADDRESS = re.compile(
    r"(?:(?<!\w)(?:art(?:icles?|\.|s\.)?|recitals?|rec\.|annex(?:\s+a)?|sections?|sec\.|ss?\.|sch(?:edule|\.)|regulations?|reg\.|part|chapter|"
    r"clauses?|paragraphs?|paras?\.?|vt-|§+|iso(?:/iec)?|en|sp|fips|soc|level|type|version|v\.?|step|artikel|artículo|considérant)\s*)"
    r"[0-9][0-9A-Za-z.]*(?:\s*\([0-9A-Za-z]{1,4}\))*(?:(?:\s*(?:,|and|or|to|-|–)\s*)[0-9]+[0-9A-Za-z.]*(?:\s*\([0-9A-Za-z]{1,4}\))*)*"
    r"|\bA\.?\s?[0-9]{1,2}\.[0-9]{1,2}(?:\.[0-9]{1,2})?\b|\b45\s*CFR\s*[0-9.]+",
    re.IGNORECASE,
)


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(lambda match: " " * len(match.group()), text)


def _unit_of(written: str) -> str:
    written = written.strip().lower()
    if not written:
        return ""
    return next((unit for unit, patterns in _UNITS.items() if any(re.fullmatch(pattern, written) for pattern in patterns)), "")


def _value(match: re.Match[str]) -> str:
    if match["figure"]:
        figure = match["figure"]
        number = float(re.sub(r"[.,](?=\d{3}(?!\d))", "", figure).replace(",", "."))
    elif match["tens"]:
        number = float(_TENS[match["tens"].lower()] + _SMALL.index(match["ones"].lower()))
    else:
        number = float(_WORDS[match["word"].lower()])
    number *= _SCALE.get((match["scale"] or "").lower(), 1)
    return f"{number:.10g}" if number < 1e9 else str(int(number))


def _same_span(first: Quantity, second: Quantity) -> bool:
    return _in_base(first) is not None and _in_base(first) == _in_base(second)


def _in_base(quantity: Quantity) -> tuple[str, float] | None:
    """A span of time in hours or months: 24 hours are a day, twelve months a year."""
    hours = {"hour": 1, "day": 24, "week": 168}
    months = {"month": 1, "year": 12}
    value = float(quantity.value)
    if quantity.unit in hours:
        return "hours", value * hours[quantity.unit]
    return ("months", value * months[quantity.unit]) if quantity.unit in months else None
