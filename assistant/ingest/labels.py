"""The numbers that documents print before their headings and clauses: ``10.4``, ``B.3.a``, ``(iv)``, ``II.``, ``Article 5``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Style = Literal["digit", "lower", "upper", "lower_roman", "upper_roman"]

_MULTIPLE = re.compile(
    r"""^(?:(?:§+|sections?|clauses?|sec\.)\s*)?
        (?P<parts>[0-9]{3}\.[0-9]{4}|(?:[0-9]{1,3}|[A-Z]|[IVX]{1,5})(?:\.(?:[0-9]{1,3}|[a-z]|[ivx]{1,5}))+)
        (?P<end>\.(?=\S)|[.):]?\s+|$)""",
    re.VERBOSE,
)
_SINGLE = re.compile(
    r"""^(?:(?:§+|sections?|clauses?|sec\.)\s*(?P<worded>[0-9]{1,3}|[A-Z]|[IVX]{1,5})(?:[.):–—-]?\s+|$)
        |\(\s*(?P<bracketed>[0-9]{1,3}|[A-Za-z]{1,2}|[ivxl]{1,6}|[IVXL]{1,6})\s*\)(?:\s+|$|(?=\())
        |(?P<plain>[0-9]{1,3}|[A-Za-z]|[ivxl]{1,6}|[IVXL]{1,6})(?:[.)](?:\s+|(?=[A-ZÀ-Þ“"][^.]))|$)
        |(?P<spaced>[0-9]{1,2})\s+(?=[A-Z]))""",
    re.VERBOSE | re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:article|artikel)\s+(?P<number>[0-9]{1,3}[a-z]?)(?:\s*[.:–—-]\s*|\s+|$)", re.IGNORECASE)
_DIVISION = re.compile(
    r"^(?:annex|appendix|exhibit|schedule|attachment|anlage|anhang|annexe|part|chapter)\s+[0-9A-Z]{1,4}\b", re.IGNORECASE
)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class Label:
    """A printed number: its parts, outermost first (``("10", "4")``), and how it was written.

    ``is_bracketed``: between brackets, "(a)"; ``is_article``: after the word article.
    """

    parts: tuple[str, ...]
    is_bracketed: bool = False
    is_article: bool = False

    @property
    def is_absolute(self) -> bool:
        """Whether the number says by itself where it belongs."""
        return len(self.parts) > 1 or self.is_article

    @property
    def readings(self) -> tuple[tuple[Style, int], ...]:
        """What the last part may be, the likeliest first: ``i`` is the Roman one or the ninth letter."""
        return readings_of(self.parts[-1])


def split_label(text: str, *, spaced: bool = False) -> tuple[Label | None, str]:
    """The number at the beginning of the text and the words after it; no number and the whole text if there is none.

    ``spaced`` accepts a bare number before a capital ("1 Study of the context"), as headings print it.
    """
    if match := _ARTICLE.match(text):
        return Label((match["number"],), is_article=True), text[match.end() :]
    if (match := _MULTIPLE.match(text)) and _reads_as_number(match["parts"], text[match.end() :]):
        return Label(tuple(match["parts"].split("."))), text[match.end() :]
    if match := _SINGLE.match(text):
        if match["spaced"] and not spaced:
            return None, text
        part = match["worded"] or match["bracketed"] or match["plain"] or match["spaced"]
        if _is_label_part(part):
            return Label((part,), is_bracketed=bool(match["bracketed"])), text[match.end() :]
    return None, text


def is_division(text: str) -> bool:
    """Whether a heading opens a part with numbers of its own: an annex, a schedule, an exhibit."""
    return bool(_DIVISION.match(text))


def readings_of(part: str) -> tuple[tuple[Style, int], ...]:
    """What a part of a number may be, the likeliest first; empty if it is none."""
    if part.isdigit():
        return (("digit", int(part)),)
    upper = part.isupper()
    letter: tuple[Style, int] = ("upper" if upper else "lower", ord(part.lower()[0]) - ord("a") + 1)
    roman: tuple[Style, int] | None = None
    if set(part.lower()) <= _ROMAN_VALUES.keys() and (value := _roman_value(part.lower())):
        roman = ("upper_roman" if upper else "lower_roman", value)
    if len(part) == 1:
        return (roman, letter) if roman and part.lower() == "i" else (letter, roman) if roman else (letter,)
    return (roman,) if roman else ()


def _roman_value(letters: str) -> int:
    """The value of a Roman number; 0 if the letters are not one as it is spelled."""
    total = 0
    for letter, following in zip(letters, [*letters[1:], ""], strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if value < _ROMAN_VALUES.get(following, 0) else value
    return total if re.fullmatch(r"(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", letters) else 0


def _is_label_part(part: str) -> bool:
    return bool(readings_of(part)) and (part.isdigit() or part.isupper() or part.islower())


def _reads_as_number(parts: str, rest: str) -> bool:
    """Whether "1.5" before these words numbers them, and is no quantity ("1.5 million"), abbreviation or version."""
    if not any(part.isdigit() for part in parts.split(".")):
        return False
    return not rest or rest[0].isupper() or rest[0] in "“\"'‘(«„[" or (parts.count(".") > 1 and rest[0].isalpha()) or parts[0].isalpha()
