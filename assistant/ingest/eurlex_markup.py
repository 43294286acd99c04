"""The small parts of EUR-Lex mark-up: classes, labels, tables and grids of points, footnote and amendment marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.ingest.law_tree import Part, clean_label, fold

if TYPE_CHECKING:
    from lxml.etree import _Element

FOOTNOTE_CLASSES = frozenset({"note", "footnote"})
_SKIPPED = re.compile(
    r"^(?:hd-(?:date|lg|ti|oj|uniq|coll|modifiers)$|modref$|arrow$|disclaimer$|reference$|separator|signatory$|image$|title-fam-member"
    r"|page$|linkToTop$)"
)
_HEAD_OF_JOURNAL = re.compile(r"^hd-(?:date|lg|ti|oj|uniq|coll)$")
_SILENT_TAGS = frozenset({"script", "style", "noscript", "head", "nav", "form", "img", "hr", "br", "button", "select", "col", "colgroup"})
_BLOCK_TAGS = frozenset({"p", "div", "table", "tbody", "tr", "td", "ul", "ol", "li", "dl", "dd", "dt", "h1", "h2", "h3", "h4", "section"})
_AMENDMENT_MARK = re.compile(r"[►▼▲](?:\s?[A-Z]{1,2}[0-9]*)?|\s*◄\s*(?=[,;.)])|◄")
_FOOTNOTE_MARK = re.compile(r"[\s\u00a0]*(?:\(\x00\)|\x00)(?=[,;.:)\]’”\s]|$)|\(\x00\)|\x00")


def fill(part: Part, element: _Element) -> None:
    """Give the part an element's words; tables and grids with labels become parts below it."""
    sentence = [element.text or ""]
    for child in elements_of(element):
        classes = classes_of(child)
        if child.tag not in _BLOCK_TAGS:
            sentence.append(_inline(child))
        else:
            part.say(words_of(sentence))
            sentence.clear()
            if not is_skipped(classes) and FOOTNOTE_CLASSES.isdisjoint(classes):
                _fill_block(part, child, classes)
        sentence.append(child.tail or "")
    part.say(words_of(sentence))


def _fill_block(part: Part, block: _Element, classes: frozenset[str]) -> None:
    if block.tag == "table":
        fill_table(part, block)
    elif is_indented(block):
        fill_indented(part, block)
    elif is_grid(block, classes):
        fill_grid(part, block)
    else:
        fill(part, block)


def fill_table(part: Part, table: _Element) -> None:
    """A row with a label and a text is a numbered part; any other row is words, cell by cell."""
    is_data = not classes_of(table).isdisjoint({"table", "oj-table"})
    for row in rows_of(table):
        label, cell = label_and_cell(row)
        if cell is None or label is None or is_data:
            part.say(row_text(row))
        else:
            fill(part.below(label), cell)


def fill_grid(part: Part, grid: _Element, *, within: bool = False) -> None:
    """A point of a consolidated text. ``within``: its label has already been read."""
    label_cell = grid_label(grid)
    below = part if within or label_cell is None else part.below(fold(raw_text(label_cell)))
    for child in elements_of(grid):
        if child is not label_cell:
            fill(below, child)


def fill_indented(part: Part, block: _Element, *, within: bool = False) -> None:
    """A point of a consolidated text of before 2017: a block that hangs, its label set off by a wide space."""
    label = hanging_label(block)
    below = part if within or label is None else part.below(label)
    for child in elements_of(block):
        space = _wide_space(child)
        if space is not None and label is not None:
            rest = [space.tail or "", *(piece for each in space.itersiblings() for piece in (_inline(each), each.tail or ""))]
            below.say(words_of(rest))
            label = None
        elif child.tag in _BLOCK_TAGS:
            _fill_block(below, child, classes_of(child))
        else:
            below.say(_inline(child))


def hanging_label(block: _Element) -> str | None:
    first = next(elements_of(block), None)
    return fold(first.text or "") or None if first is not None and _wide_space(first) is not None else None


def _wide_space(paragraph: _Element) -> _Element | None:
    space = next(elements_of(paragraph), None) if paragraph.tag == "p" else None
    return space if space is not None and "word-spacing" in space.get("style", "") else None


def is_indented(element: _Element) -> bool:
    return element.tag == "div" and "text-indent: -" in element.get("style", "")


def is_grid(element: _Element, classes: frozenset[str]) -> bool:
    return element.tag == "div" and ("grid-container" in classes or "grid-list" in classes) and grid_label(element) is not None


def grid_label(grid: _Element) -> _Element | None:
    return next((child for child in elements_of(grid) if "grid-list-column-1" in classes_of(child)), None)


def rows_of(table: _Element) -> Iterator[_Element]:
    for child in elements_of(table):
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in elements_of(child) if row.tag == "tr")


def label_and_cell(row: _Element) -> tuple[str | None, _Element | None]:
    """The label and the text cell of a list's row; None for both if the row is none."""
    cells = [(cell, fold(raw_text(cell))) for cell in elements_of(row) if cell.tag in ("td", "th")]
    filled = [(cell, text) for cell, text in cells if text]
    if len(filled) != 2 or not _is_label(filled[0][1]):
        return None, None
    return filled[0][1], filled[1][0]


def _is_label(text: str) -> bool:
    return len(text) <= 10 and (clean_label(text) is not None or not any(character.isalnum() for character in text))


def row_text(row: _Element) -> str:
    return " | ".join(filter(None, (fold(raw_text(cell)) for cell in elements_of(row))))


def raw_text(element: _Element | None) -> str:
    """The words of an element with their white space, without footnote and amendment marks."""
    return "" if element is None else words_of([element.text or "", *_pieces(element)])


def without_amendment_marks(text: str) -> str:
    return _AMENDMENT_MARK.sub("", text)


def is_skipped(classes: frozenset[str]) -> bool:
    """Whether a block is none of the law's words: heads, amendment marks, signatures, links."""
    return any(_SKIPPED.match(name) for name in classes)


def is_head_of_journal(table: _Element) -> bool:
    """Whether a table is the head of a page of the Official Journal; tables of data have classes that look alike (hd-column)."""
    return any(_HEAD_OF_JOURNAL.match(name) for paragraph in table.iter("p") for name in classes_of(paragraph))


def words_of(pieces: list[str]) -> str:
    text = "".join(pieces)
    if "\x00" in text:
        text = _FOOTNOTE_MARK.sub("", text)
    return _AMENDMENT_MARK.sub("", text) if "►" in text or "▼" in text or "◄" in text else text


def _pieces(element: _Element) -> Iterator[str]:
    for child in elements_of(element):
        yield _inline(child)
        yield child.tail or ""


def _inline(element: _Element) -> str:
    if element.tag in _SILENT_TAGS:
        return " " if element.tag == "br" else ""
    if _is_footnote_mark(element):
        return "\x00"
    text = "".join([element.text or "", *_pieces(element)])
    return f" {text} " if element.tag in _BLOCK_TAGS else text


def _is_footnote_mark(element: _Element) -> bool:
    """A link down to a note of the same page, or the raised number that stands for one."""
    if element.tag == "a":
        name, target = element.get("id", ""), element.get("href", "")
        return name.startswith(("ntc", "src.")) or "#ntr" in target or target.startswith("#E0")
    return element.tag in ("span", "sup") and not classes_of(element).isdisjoint({"note-tag", "super-note"})


def classes_of(element: _Element) -> frozenset[str]:
    return _names(element.get("class") or "")


@lru_cache(maxsize=1_000)
def _names(attribute: str) -> frozenset[str]:
    """Without the prefix that the Official Journal's mark-up has borne since 2023."""
    return frozenset(name.removeprefix("oj-") for name in attribute.split())


def elements_of(element: _Element) -> Iterator[_Element]:
    return (child for child in element if isinstance(child.tag, str) and child.tag not in ("script", "style", "noscript"))
