"""The parts of a law, in the order of the document, and the clauses they make.

Readers of the different mark-ups build one tree: an article holds paragraphs, a paragraph its points. Each part keeps its own
words only (the lead-in, and what follows after its points); so every text of a law stands in exactly one clause.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.ingest.documents import ParsedClause
from assistant.locators import Locator, LocatorKind, parse_locator

if TYPE_CHECKING:
    from lxml.etree import _Element

CORRIGENDUM_WARNING = (
    "This is a corrigendum: it holds old and new words of another act and is no law text of its own. Import the corrected text too."
)

_LABEL = re.compile(r"(?:[0-9]{1,3}\s?[a-z]{0,3}|[a-z]{1,3}|[ivxlcdm]{1,8})(?:\.[0-9]{1,3}[a-z]?)*", re.IGNORECASE)
_OPENING_QUOTES = ("‘", "“", "„", "«", "”")
_NO_WORDS = re.compile(r"[\s.…—–-]*")
_EEA_NOTE = re.compile(r"\s*\([^()]*\b(?:EEA|EWR|EEE|SEE|EØS|EHP|EER|EOG|ETA|ЕИП|ΕΟΧ)\b[^()]*\)\s*$")
_WORD = re.compile(r"[^\W\d_]+")

# What laws of the larger languages of the Union and of the United Kingdom call their divisions.
_DIVISIONS = {
    "titles": "title titel titre título titolo tytuł titlu titlul hlava naslov cím дял τίτλος afsnit osasto avdelning jaotis",
    "parts": "part teil partie parte deel część partea část časť del osa rész част μέρος dio daļa dalis",
    "chapters": "chapter kapitel chapitre capítulo capo hoofdstuk rozdział capitolul kapitola luku kapitel poglavlje poglavje fejezet "
    "глава κεφαλαιο κεφάλαιο peatükk nodaļa skyrius kapitolu caibidil",
    "sections": "section abschnitt sección sezione afdeling secção secțiunea sektion avsnitt oddział oddíl oddiel odjeljak oddelek szakasz "
    "раздел τμημα τμήμα jagu iedaļa skirsnis taqsima roinn jakso",
}
_DIVISION_OF = {word: unit for unit, words in _DIVISIONS.items() for word in words.split()}


_SUFFIXES = dict(zip("bis ter quater quinquies sexies septies octies novies decies".split(), "abcdefghi", strict=True))
# Points are cited by the place of their letter: the third is (c) in Bulgarian (в) and in Greek (γ) too.
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_GREEK_UNITS = ("", "α", "β", "γ", "δ", "ε", "στ", "ζ", "η", "θ")
_GREEK = [tens + unit for tens in ("", "ι", "κ") for unit in _GREEK_UNITS][1:27]
_LETTERS = {**dict(zip("абвгдежзийклмнопрстуфхцчшщ", _LATIN, strict=True)), **dict(zip(_GREEK, _LATIN, strict=True))}


def words_in(element: _Element) -> str:
    """All text inside an element, as it stands."""
    return "".join(map(str, element.itertext()))


def fold(text: str) -> str:
    """Text with every run of white space as one space, and none of the characters that only steer the printing."""
    return " ".join(text.replace("\u200b", "").replace("\ufeff", "").replace("\u00ad", "").split())


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def union_number(digits: str, suffix: str) -> str:
    """An article put between others, as the Union counts it in every language: French prints 12 bis for 12a."""
    return digits + _SUFFIXES.get(suffix.lower(), suffix.lower())


def without_eea_note(title: str) -> str:
    """The title of an act without the note that it matters for the European Economic Area, which is no part of its name."""
    return _EEA_NOTE.sub("", fold(title))


def clean_label(label: str) -> str | None:
    """The number of a part without its punctuation ("(1a)", "a)", "1." …); None for a dash, a bullet or anything else."""
    bare = unicodedata.normalize("NFKC", label).strip(" \t\r\n().[]‘’“”„«»\"',:;—–-")
    bare = _LETTERS.get(bare.lower(), bare)
    return "".join(bare.split()) if _LABEL.fullmatch(bare) else None


def named_place(name: str) -> Locator | None:
    """The place that an id of a framework names, as any reader of the id would parse it; None if it names none."""
    try:
        return parse_locator(name)
    except ValueError:
        return None


def countable_heading(*candidates: str) -> str:
    """The first text under which paragraphs can be counted without being taken for the paragraphs of a numbered article."""
    for candidate in candidates:
        place = named_place(f"{candidate}, para. 1") if candidate else None
        if place is not None and place.kind == "heading" and place.parts:
            return place.number
    return "Text"


class Part:
    """A numbered part of a law: its own words, and the parts below it."""

    __slots__ = ("_below", "_closed", "_inline", "_locator", "_met", "_own", "headings")

    def __init__(self, locator: Locator, headings: tuple[str, ...], *, inline: bool = False) -> None:
        self._locator = locator
        self._own: list[str] = []
        self._below: dict[str, Part] = {}
        self._inline = inline
        self._met = True  # false while only a part below it has been named ("3.1" before "3")
        self._closed = False  # whether further labels number nothing that could be cited
        self.headings = headings

    @property
    def locator(self) -> Locator:
        return self._locator

    @property
    def is_silent(self) -> bool:
        """Whether the part has no words of its own."""
        return not self._own

    @property
    def is_empty(self) -> bool:
        """Whether neither words nor parts have come yet."""
        return not self._own and not self._below

    @property
    def own_words(self) -> str:
        return " ".join(self._own)

    def say(self, text: str) -> None:
        """Add to the part's own words; a row of dots or dashes, as a repealed text is printed, adds none."""
        folded = fold(text)
        if folded and not _NO_WORDS.fullmatch(folded):
            self._own.append(folded)

    def below(self, label: str, *, heading: str | None = None) -> Part:
        """The part of that number below this one, made if need be.

        A label that is no number, or whose number is taken (a second list in one paragraph), gives this part itself: the
        label and what follows then are among its own words, as nobody could cite them apart, and so is the rest of that list.
        So is a label inside quotation marks with those after it: they number a text that this law puts into another.
        """
        number = clean_label(label)
        self._closed = self._closed or label.lstrip().startswith(_OPENING_QUOTES)
        if self._inline or number is None or self._closed:
            return self._within(label)
        steps = self._steps(number)
        if not steps:
            return self._within(label)
        part = self
        for step in steps[:-1]:
            part = part._below.get(step.lower()) or part._new(step, met=False)
        last = steps[-1]
        found = part._below.get(last.lower())
        if found is not None and not found._met:
            found._met = True
            return found
        if found is not None:
            restarts = last.lower() == next(iter(part._below))  # else a number is misprinted, and the list goes on
            self._closed = restarts and not (self._locator.kind == "article" and not self._locator.parts and last.isdigit())
            return self._within(label)
        new = part._new(last)
        if heading:
            new.headings = (*new.headings, heading)
        return new

    def inline(self) -> Part:
        """The same part, taking every label below it as words."""
        same = Part(self._locator, self.headings, inline=True)
        same._own = self._own
        return same

    def clauses(self) -> Iterator[ParsedClause]:
        if self._own:
            yield ParsedClause(self._locator, self.own_words, self.headings)
        for part in self._below.values():
            yield from part.clauses()

    def _within(self, label: str) -> Part:
        if fold(label):
            self._own.append(fold(label))
        return self.inline()

    def _new(self, number: str, *, met: bool = True) -> Part:
        canonical = number.lower() if self._locator.kind == "article" and number.isalpha() else number
        part = Part(Locator(self._locator.kind, self._locator.number, (*self._locator.parts, canonical)), self.headings)
        part._met = met
        self._below[number.lower()] = part
        return part

    def _steps(self, number: str) -> tuple[str, ...]:
        """The levels a label names below this part: under point 1, "1.2" is its 2; under the annex itself, point 1 and its 2."""
        steps = tuple(number.split("."))
        above = tuple(part.lower() for part in self._locator.parts)
        for size in range(min(len(above), len(steps) - 1), 0, -1):
            if above[-size:] == tuple(step.lower() for step in steps[:size]):
                return steps[size:]
        return steps


class LawTree:
    """Collects the parts of a law as a reader meets them, under the headings that stand over them."""

    def __init__(self) -> None:
        self._parts: dict[Locator, Part] = {}
        self._unnumbered: Counter[str] = Counter()
        self._headings: list[tuple[str, str]] = []
        self.units: Counter[str] = Counter()
        self.repeated: list[str] = []

    def divide(self, label: str, title: str = "") -> None:
        """Enter a chapter, a section or the like: it ends the last one of its name and all that stood below that."""
        label, title = fold(label), fold(title)
        words = sorted(_WORD.findall(label.lower()), key=len, reverse=True)
        word = next((word for word in words if word in _DIVISION_OF), words[0] if words else "")
        open_words = [name for name, _ in self._headings]
        if word in open_words:
            del self._headings[open_words.index(word) :]
        self.units[_DIVISION_OF.get(word, "divisions")] += 1
        self._headings.append((word, f"{label}: {title}" if title else label))

    def name_division(self, title: str) -> None:
        """Give the division entered last its title, where that stands apart from the number."""
        if self._headings and fold(title):
            word, label = self._headings[-1]
            self._headings[-1] = (word, f"{label}{' ' if ': ' in label else ': '}{fold(title)}")

    def leave_divisions(self, depth: int = 0) -> None:
        del self._headings[depth:]

    @property
    def depth(self) -> int:
        return len(self._headings)

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(heading for _, heading in self._headings)

    def part(self, kind: LocatorKind, number: str, title: str = "") -> Part:
        """The article, recital, annex or section of that number; one met a second time goes on where the first ended."""
        locator = Locator(kind, number.lower() if kind == "article" else number)
        found = self._parts.get(locator)
        if found is not None:
            self.repeated.append(str(locator))
            return found.inline()
        headings = (*self.headings, fold(title)) if fold(title) else self.headings
        part = Part(locator, headings, inline=kind == "recital")
        self._parts[locator] = part
        return part

    def unnumbered(self, heading: str) -> Part:
        """A text that the law does not number: it is found by its heading and counted below it."""
        self._unnumbered[heading] += 1
        locator = Locator("heading", heading, (str(self._unnumbered[heading]),))
        part = Part(locator, self.headings, inline=True)
        self._parts[locator] = part
        return part

    def clauses(self) -> tuple[ParsedClause, ...]:
        return tuple(clause for part in self._parts.values() for clause in part.clauses())

    @property
    def warnings(self) -> tuple[str, ...]:
        if not self.repeated:
            return ()
        named = ", ".join(sorted(set(self.repeated))[:5])
        return (f"{len(self.repeated)} numbers occur twice and were read as one ({named}): compare with the official text.",)
