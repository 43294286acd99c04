"""From the lines of a PDF to paragraphs, headings and rows, without what is printed on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from assistant.ingest.blocks import Block, fold_space
from assistant.ingest.labels import split_label
from assistant.ingest.pdf_lines import Line

_MARGIN = 0.12  # share of the page's height in which running headers and footers stand
_RUNNING = 0.3  # share of the pages that repeat them
_FEWEST_REPEATS = 3
_PAGE_NUMBER = re.compile(
    r"^(?:(?:page|seite|p\.)\s*)?[-–—|]?\s*(?:#+|[ivxl]{1,6})\s*(?:(?:/|of|von|sur|de)\s*#+)?\s*[-–—|]?$", re.IGNORECASE
)
_LEADERS = re.compile(r"(?:[.·…]\s?){5,}\s*[0-9ivx]*$")
_CONTENTS = re.compile(r"^(?:table of )?contents?:?$|^sommaire$|^inhalt(?:sverzeichnis)?$|^table des matières$", re.IGNORECASE)
_BULLET = re.compile(r"^[•▪◦●○■□➢✓*–-]\s+\S|^o\s+\S")
_SENTENCE_END = re.compile(r"[.:;!?][”\"’')\]]*$")
_HEADING_SIZE = 1.12
_SMALL_SIZE = 0.93
_SAME_SIZE = 0.12
_HEADING_WORDS = 25
_PARAGRAPH_GAP = 1.35
_FOOT = 0.35
_DEEPEST_LEVEL = 5
_CAPITAL_WORDS = 16
_AROUND = 6
_SHORT = 0.2


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The lines of one page in the order of the file; ``height`` in points."""

    lines: tuple[Line, ...]
    height: float


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line]
    is_row: bool = False

    @property
    def last(self) -> Line:
        return self.lines[-1]


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a document and what was left out; ``headings`` counts those told by their size."""

    blocks: tuple[Block, ...]
    skipped: tuple[str, ...]


@dataclass(slots=True)
class _Measures:
    """What is usual in the document: the size of its letters, the distance of its lines, its words."""

    size: float
    leading: float
    words: Counter[str] = field(default_factory=Counter)


def lay_out(pages: Sequence[PrintedPage]) -> Layout:
    """Blocks in reading order. Running headers, footers, page numbers and tables of contents are left out and named."""
    bodies, running = _drop_running_lines(pages)
    bodies, contents = _drop_contents(bodies)
    bodies = [_sort_columns(lines) for lines in bodies]
    measures = _measure(bodies)
    main, feet = _part_footnotes(bodies, [page.height for page in pages], measures)
    paragraphs = _join_titles(list(_merge_notes(_paragraphs(main, measures), _paragraphs(feet, measures))), measures)
    levels = _heading_levels(paragraphs, measures)
    skipped = []
    if running:
        skipped.append(f"running headers and footers: {running} lines")
    if contents:
        skipped.append(f"table of contents: {contents} lines")
    return Layout(tuple(block for paragraph in paragraphs for block in _blocks(paragraph, levels, measures)), tuple(skipped))


def _drop_running_lines(pages: Sequence[PrintedPage]) -> tuple[list[list[Line]], int]:
    seen: Counter[tuple[bool, str]] = Counter()
    for page in pages:
        seen.update({key for line in page.lines if (key := _margin_key(line, page.height))})
    least = max(_FEWEST_REPEATS, _RUNNING * len(pages))
    kept: list[list[Line]] = []
    dropped = 0
    for page in pages:
        body = []
        for line in page.lines:
            key = _margin_key(line, page.height)
            if key and (seen[key] >= least or _PAGE_NUMBER.match(key[1])):
                dropped += 1
            else:
                body.append(line)
        kept.append(body)
    return kept, dropped


def _margin_key(line: Line, height: float) -> tuple[bool, str] | None:
    """Which margin a line stands in and its words with the numbers masked; None for the body."""
    if line.bottom > height * (1 - _MARGIN) or line.top < height * _MARGIN:
        return line.bottom > height / 2, re.sub(r"[0-9]+", "#", line.text).casefold()
    return None


def _drop_contents(bodies: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], int]:
    kept: list[list[Line]] = []
    dropped = 0
    for lines in bodies:
        entries = [index for index, line in enumerate(lines) if _LEADERS.search(line.text)]
        page = list(lines)
        if entries:  # entries that run over two lines have their dots in the second
            page = [line for line in [*lines[: entries[0]], *lines[entries[-1] + 1 :]] if not _CONTENTS.match(line.text)]
        dropped += len(lines) - len(page)
        kept.append(page)
    return kept, dropped


def _sort_columns(lines: list[Line]) -> list[Line]:
    """The lines in reading order: as the file draws them, except where it draws two columns line by line across the page."""
    rows = _rows(lines)
    pairs = [row for row in rows if len(row) == 2 and min(len(line.text) for line in row) >= 20]
    if len(pairs) < 8 or len(pairs) < 0.6 * len(rows):
        return lines
    gutter = median((row[0].right + row[1].left) / 2 for row in pairs)
    if any(line.left < gutter - 5 and line.right > gutter + 5 for row in pairs for line in row):
        return lines
    first, last = lines.index(pairs[0][0]), lines.index(pairs[-1][1])
    inner = lines[first : last + 1]
    return [*lines[:first], *(x for x in inner if x.left < gutter), *(x for x in inner if x.left >= gutter), *lines[last + 1 :]]


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that follow one another on the same height, put together."""
    rows: list[list[Line]] = []
    for line in lines:
        last = rows[-1][-1] if rows else None
        if last and last.page == line.page and abs(last.bottom - line.bottom) < 0.4 * line.size and line.left > last.right:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _measure(bodies: Sequence[Sequence[Line]]) -> _Measures:
    sizes: Counter[float] = Counter()
    gaps: list[float] = []
    words: Counter[str] = Counter()
    for lines in bodies:
        for before, line in zip([None, *lines], lines, strict=False):
            sizes[line.size] += len(line.text)
            words.update(re.findall(r"\w+(?:-\w+)*", line.text.lower()))
            if before is not None and 0 < before.bottom - line.bottom < 3 * line.size and abs(before.size - line.size) < 1:
                gaps.append(before.bottom - line.bottom)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    return _Measures(size, median(gaps) if gaps else 1.2 * size, words)


def _part_footnotes(bodies: Sequence[Sequence[Line]], heights: Sequence[float], measures: _Measures) -> tuple[list[Line], list[Line]]:
    """The running text, and what stands in small print at the foot of the pages."""
    main: list[Line] = []
    feet: list[Line] = []
    for lines, height in zip(bodies, heights, strict=True):
        normal = [line.bottom for line in lines if line.size > _SMALL_SIZE * measures.size and not _is_stray(line)]
        lowest = min(normal, default=0.0)
        for line in lines:
            is_foot = line.size <= _SMALL_SIZE * measures.size and line.top < min(height * _FOOT, lowest)
            (feet if is_foot else main).append(line)
    return main, feet


def _is_stray(line: Line) -> bool:
    return not re.search(r"\w", line.text)


def _paragraphs(lines: Sequence[Line], measures: _Measures) -> list[_Paragraph]:
    paragraphs: list[_Paragraph] = []
    rows = _rows(lines)
    short = _short_lines(lines)
    for index, row in enumerate(rows):
        if len(row) > 1 and _is_table_row(rows, index):
            paragraphs.append(_Paragraph(row, is_row=True))
            continue
        for line in row:
            if paragraphs and not paragraphs[-1].is_row and _goes_on(paragraphs[-1], line, measures, short):
                paragraphs[-1].lines.append(line)
            else:
                paragraphs.append(_Paragraph([line]))
    return paragraphs


def _is_table_row(rows: Sequence[Sequence[Line]], index: int) -> bool:
    """Whether a row next to it has its cells at the same places."""
    row = rows[index]
    for other in (*rows[max(0, index - 1) : index], *rows[index + 1 : index + 2]):
        if len(other) == len(row) and all(abs(a.left - b.left) < 8 for a, b in zip(row, other, strict=True)):
            return True
    return False


def _goes_on(paragraph: _Paragraph, line: Line, measures: _Measures, short: set[int]) -> bool:
    """Whether a line belongs to the paragraph before it."""
    last = paragraph.last
    is_short = id(last) in short
    if _is_capitals(last) or _is_capitals(line):
        return _is_capitals(last) and _is_capitals(line) and _is_near(last, line, measures)
    if abs(last.size - line.size) > _SAME_SIZE * max(last.size, line.size):
        return False
    starts_small = line.text[:1].islower() and not _BULLET.match(line.text)
    if last.is_bold != line.is_bold and not (starts_small and _is_open(last)):
        return False
    if last.page != line.page or line.bottom > last.top or line.left > last.right + measures.size:  # the next page or column
        goes_on = _is_open(last) and (not _starts_item(line) or not is_short) and not _BULLET.match(line.text)
        return goes_on and not paragraph.lines[0].is_bold and (starts_small or last.is_hyphenated or not is_short)
    if not _is_near(last, line, measures):
        return False
    if _BULLET.match(line.text):
        return False
    if _starts_item(line) and (is_short or not (_is_open(last) or line.text.startswith("("))):
        return False
    return _is_open(last) or not (is_short or (abs(line.left - last.left) > line.size and len(paragraph.lines) > 1))


def _is_near(last: Line, line: Line, measures: _Measures) -> bool:
    """Whether a line stands under the other without a gap that parts paragraphs."""
    distance = last.bottom - line.bottom
    return last.page == line.page and 0 < distance <= max(_PARAGRAPH_GAP * measures.leading, 1.5 * line.size)


def _is_capitals(line: Line) -> bool:
    """Whether the line is a heading in capital letters, which need no larger ones."""
    words = line.text.split()
    return (
        line.text.isupper()
        and line.text[0] not in "“\"‘'«„"
        and len(re.findall(r"[^\W\d_]", line.text)) >= 4
        and len(words) <= _CAPITAL_WORDS
        and not line.text.endswith((".", ";", ","))
    )


def _is_open(line: Line) -> bool:
    """Whether the sentence goes on after the line."""
    return line.is_hyphenated or not _SENTENCE_END.search(line.text)


def _starts_item(line: Line) -> bool:
    return bool(_BULLET.match(line.text)) or split_label(line.text)[0] is not None


def _short_lines(lines: Sequence[Line]) -> set[int]:
    """The ids of the lines that end well before those around them do."""
    short = set()
    for position, line in enumerate(lines):
        around = lines[max(0, position - _AROUND) : position + _AROUND + 1]
        near = (other.right for other in around if other.page == line.page and abs(other.left - line.left) < 3 * line.size)
        right = max(near, default=line.right)
        if right - line.right > _SHORT * max(right - line.left, 1.0):
            short.add(id(line))
    return short


def _merge_notes(main: Sequence[_Paragraph], notes: Sequence[_Paragraph]) -> Iterator[_Paragraph]:
    """The footnotes of a page behind the last paragraph that begins on it."""
    left = list(notes)
    for index, paragraph in enumerate(main):
        yield paragraph
        following = main[index + 1].lines[0].page if index + 1 < len(main) else None
        while left and (following is None or left[0].lines[0].page < following):
            yield left.pop(0)
    yield from left


def _join_titles(paragraphs: Sequence[_Paragraph], measures: _Measures) -> list[_Paragraph]:
    """The lines of a title page that go on with a small letter put together ("Opinion 22/2018", "on the draft list …")."""
    joined: list[_Paragraph] = []
    for paragraph in paragraphs:
        before = joined[-1] if joined else None
        first = paragraph.lines[0]
        if (
            before
            and _is_large(before, measures)
            and _is_large(paragraph, measures)
            and before.last.page == first.page
            and _rounded(before.last.size) == _rounded(first.size)
            and (first.text[:1].islower() or (before.last.text[-1:].islower() and _is_near(before.last, first, measures)))
            and split_label(first.text)[0] is None
        ):
            before.lines.extend(paragraph.lines)
        else:
            joined.append(paragraph)
    return joined


def _heading_levels(paragraphs: Sequence[_Paragraph], measures: _Measures) -> dict[float, int]:
    """The level of each size of letters that only headings have: the largest is the first."""
    sizes = sorted({_rounded(p.lines[0].size) for p in paragraphs if _is_large(p, measures)}, reverse=True)
    return {size: min(level, _DEEPEST_LEVEL) for level, size in enumerate(sizes, start=1)}


def _is_large(paragraph: _Paragraph, measures: _Measures) -> bool:
    text = _join(paragraph, measures)
    return (
        not paragraph.is_row
        and paragraph.lines[0].size >= _HEADING_SIZE * measures.size
        and len(text.split()) <= _HEADING_WORDS
        and bool(re.search(r"[^\W\d]{2}", text))
        and not re.search(r"[a-z]{3}[.;,]$", text)
    )


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _blocks(paragraph: _Paragraph, levels: dict[float, int], measures: _Measures) -> Iterator[Block]:
    first = paragraph.lines[0]
    if paragraph.is_row:
        yield Block(" | ".join(line.text for line in paragraph.lines), "row", page=first.page)
        return
    text = _join(paragraph, measures)
    if _is_large(paragraph, measures):
        yield Block(text, "heading", level=levels[_rounded(first.size)], page=first.page)
        return
    is_bold = all(line.is_bold for line in paragraph.lines)
    if bullet := re.match(r"^[•▪◦●○■□➢✓*]\s*", text):
        yield Block(text[bullet.end() :] or text, "item", depth=1, page=first.page, is_bold=is_bold)
        return
    here, there = _split_at_page(paragraph, measures)
    yield Block(here, page=first.page, is_bold=is_bold)
    if there:
        yield Block(there, page=paragraph.last.page, is_bold=is_bold)


def _split_at_page(paragraph: _Paragraph, measures: _Measures) -> tuple[str, str]:
    """The text up to the first sentence that begins on the next page, and the text from there: each sentence has its page."""
    first = paragraph.lines[0].page
    here = _Paragraph([line for line in paragraph.lines if line.page == first])
    text, before = _join(paragraph, measures), len(_join(here, measures))
    begins = re.compile(r"[.!?][”\"’')]*\s+(?=[“\"(]?[A-ZÀ-Þ])").search(text, max(0, before - 2))
    if paragraph.last.page == first or begins is None:
        return text, ""
    return text[: begins.end()].strip(), text[begins.end() :].strip()


def _join(paragraph: _Paragraph, measures: _Measures) -> str:
    text = ""
    for line in paragraph.lines:
        if not text:
            text = line.text
        elif text.endswith("-") and line.text[:1].islower():
            text = _mend(text, line.text, measures.words)
        else:
            text = f"{text}{'' if text.endswith('-') and line.text[:1].isupper() else ' '}{line.text}"
    return fold_space(text)


def _mend(text: str, following: str, words: Counter[str]) -> str:
    """Put a divided word together, with its hyphen only if the document has the word with it elsewhere."""
    before = re.search(r"(\w+)-$", text)
    after = re.match(r"\w+", following)
    if before and after:
        whole, hyphenated = (before[1] + after[0]).lower(), f"{before[1]}-{after[0]}".lower()
        if words[hyphenated] > words[whole]:
            return text + following
    return text[:-1] + following
