"""The lines of a PDF as they are set: their words, place, size and weight."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from assistant.ingest.blocks import fold_space

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage
    from pypdfium2.raw import FPDF_TEXTPAGE

_LINE_END = 0x0A
_LINE_ENDS = {_LINE_END, 0x0D}
_SPACES = {0x09, 0x20, 0xA0}
_HYPHENS = {0x02, 0xFFFE, 0xAD}  # what pdfium gives for a hyphen at the end of a line
_GAP_EMS = 2.0  # a wider gap within a line parts columns or cells
_RAISED = 0.8  # a digit smaller than that beside its word is the number of a footnote
_BOLD_WEIGHT = 600
_FORCE_BOLD = 1 << 18


@dataclass(frozen=True, slots=True)
class Line:
    """Part of a line of print without a wide gap in it. Lengths are points, ``bottom`` and ``top`` count from the foot of the page.

    ``page`` counts from 1. ``is_hyphenated``: the last word goes on in the next line.
    """

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    size: float
    is_bold: bool
    is_hyphenated: bool = False

    @property
    def width(self) -> float:
        return self.right - self.left


class _Word(NamedTuple):
    """Characters without a space between them; boxes are measured at its first and last character only, which is quicker."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    first: int
    last: int
    goes_on: bool


def read_lines(text_page: PdfTextPage, page: int) -> Iterator[Line]:
    """The lines of a page in the order in which the file draws them."""
    for words in _words_of_lines(text_page):
        for group in _split_at_gaps(words):
            yield _make_line(text_page, group, page)


def _words_of_lines(text_page: PdfTextPage) -> Iterator[list[_Word]]:
    import pypdfium2.raw as pdfium

    handle = text_page.raw
    codes = [pdfium.FPDFText_GetUnicode(handle, index) for index in range(pdfium.FPDFText_CountChars(handle))]
    measure = _Measure(handle)
    words: list[_Word] = []
    start = 0
    for index, code in enumerate([*codes, _LINE_END]):
        divides = code in _HYPHENS  # pdfium puts the parts of a divided word together: what follows stands on the next line
        if code not in _SPACES and code not in _LINE_ENDS and not divides:
            continue
        end = index + divides
        if end > start and (word := _make_word(measure, codes, start, end)) is not None:
            words.append(word)
        start = index + 1
        if code in _LINE_ENDS:
            yield words
            words = []


class _Measure:
    """Measures characters of one page, with one buffer for all of them."""

    def __init__(self, handle: FPDF_TEXTPAGE) -> None:
        import pypdfium2.raw as pdfium

        self._handle = handle
        self._box = pdfium.FS_RECTF()
        self._reference = ctypes.byref(self._box)
        self._call = pdfium.FPDFText_GetLooseCharBox

    def box(self, index: int) -> tuple[float, float, float, float] | None:
        """Left, right, bottom and top of a character with the room of its font; None if it has none."""
        if not self._call(self._handle, index, self._reference):
            return None
        return self._box.left, self._box.right, self._box.bottom, self._box.top


def _make_word(measure: _Measure, codes: Sequence[int], start: int, end: int) -> _Word | None:
    first, last = measure.box(start), measure.box(end - 1)
    if first is None or last is None:
        return None
    height = first[3] - first[2]
    letters = []
    for index in range(start, end):
        code = codes[index]
        if 0x30 <= code <= 0x39 and index > start and not 0x30 <= codes[start] <= 0x39 and _is_raised(measure, index, height):
            continue
        letters.append("-" if code in _HYPHENS else _letter(code))
    return _Word("".join(letters), first[0], last[1], first[2], first[3], start, end - 1, codes[end - 1] in _HYPHENS)


def _is_raised(measure: _Measure, index: int, height: float) -> bool:
    """Whether a digit behind a word is smaller than it: the number of a footnote."""
    box = measure.box(index)
    return box is not None and 0 < box[3] - box[2] < _RAISED * height


def _split_at_gaps(words: Sequence[_Word]) -> Iterator[list[_Word]]:
    group: list[_Word] = []
    for word in words:
        if group and _is_apart(group[-1], word):
            yield group
            group = []
        group.append(word)
    if group and any(word.text.strip() for word in group):
        yield group


def _is_apart(last: _Word, word: _Word) -> bool:
    """Whether a word stands in another column or on another line than the one before it."""
    size = max(last.top - last.bottom, word.top - word.bottom)
    off_line = min(last.top, word.top) - max(last.bottom, word.bottom) < -0.2 * size
    return off_line or word.left - last.right > _GAP_EMS * size or word.left < last.left - 3 * size


def _make_line(text_page: PdfTextPage, words: Sequence[_Word], page: int) -> Line:
    text = fold_space("".join(word.text if word.goes_on else f"{word.text} " for word in words))
    size = sorted(word.top - word.bottom for word in words)[len(words) // 2]
    return Line(
        text,
        page,
        min(word.left for word in words),
        max(word.right for word in words),
        min(word.bottom for word in words),
        max(word.top for word in words),
        round(size, 1),
        _is_bold(text_page, {words[0].first, words[len(words) // 2].first, words[-1].last}),
        words[-1].goes_on or bool(re.search(r"\w-$", text)),
    )


def _letter(code: int) -> str:
    """The character; one of a private font (a bullet or a tick of a symbol font) is shown as a bullet."""
    if 0xE000 <= code <= 0xF8FF:
        return "•"
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def _is_bold(text_page: PdfTextPage, samples: set[int]) -> bool:
    """Whether the first, the middle and the last character are set in bold type."""
    return all(_is_bold_char(text_page, index) for index in samples)


def _is_bold_char(text_page: PdfTextPage, index: int) -> bool:
    import pypdfium2.raw as pdfium

    if pdfium.FPDFText_GetFontWeight(text_page.raw, index) >= _BOLD_WEIGHT:
        return True
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(text_page.raw, index, name, 128, ctypes.byref(flags))
    return bool(flags.value & _FORCE_BOLD) or b"bold" in name.value.lower() or b"black" in name.value.lower()
