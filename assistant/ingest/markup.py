"""From a tree of HTML elements to blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.ingest.blocks import Block, fold_space

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD = {"b", "strong"}
_SKIPPED = {
    *("script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "option", "input", "textarea"),
    *("canvas", "audio", "video", "map", "img", "picture", "dialog"),
}
_INLINE = {
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label"),
    *("mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "button", "o:p"),
}
_QUOTE_OR_LIST = {"ul", "ol", "blockquote", "dl", "menu"}
_SCREEN_READER = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text)?|a11y-hidden|assistive-text)(?:$|\s)", re.IGNORECASE
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"))
_ROMAN_UNITS = ((5, "v"), (4, "iv"), (1, "i"))
# Templates of legal texts mark their headings by class in place of bold type.
_TITLE_CLASS = re.compile(r"(?:^|[\s_-])(?:header|heading|title)(?:$|[\s_-])", re.IGNORECASE)
_DEEPEST = 200


@dataclass(slots=True)
class _Run:
    text: str
    bold: bool
    linked: bool


@dataclass(slots=True)
class _Walk:
    """What is gathered on the way through the tree."""

    place: HtmlElement
    blocks: list[tuple[Block, HtmlElement]] = field(default_factory=list)
    runs: list[_Run] = field(default_factory=list)
    depth: int = 0
    label: str | None = None
    list_size: int = 0
    in_item: bool = False


def read_blocks(root: HtmlElement) -> list[Block]:
    """The blocks of everything below an element that a reader of the page sees, in its order.

    Scripts, forms, pictures and hidden elements are left out; a table whose cells hold whole sections is read as layout.
    """
    return [block for block, _ in read_placed_blocks(root)]


def read_placed_blocks(root: HtmlElement) -> list[tuple[Block, HtmlElement]]:
    """The blocks, each with the element in which it ends."""
    walk = _Walk(root)
    _visit(root, walk, bold=False, linked=False, nesting=0)
    _flush(walk)
    return walk.blocks


def _visit(element: HtmlElement, walk: _Walk, *, bold: bool, linked: bool, nesting: int) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _SKIPPED or is_hidden(element) or nesting > _DEEPEST:
        return
    if tag == "br":
        walk.runs.append(_Run("\n", bold, linked))
    elif tag in _HEADINGS:
        _read_heading(element, walk, _HEADINGS[tag])
    elif tag == "table":
        _read_table(element, walk, nesting)
    elif tag in _INLINE:
        if tag == "button" and not _inside_heading(element):
            return
        _visit_children(element, walk, bold=bold or _is_bold(element), linked=linked or tag == "a", nesting=nesting)
    else:
        _read_container(element, walk, bold=bold or _is_bold(element), linked=linked, nesting=nesting)


def _visit_children(element: HtmlElement, walk: _Walk, *, bold: bool, linked: bool, nesting: int) -> None:
    if element.text:
        walk.runs.append(_Run(_soft(element.text), bold, linked))
    for child in element:
        _visit(child, walk, bold=bold, linked=linked, nesting=nesting + 1)
        if child.tail:
            walk.runs.append(_Run(_soft(child.tail), bold, linked))


def _read_container(element: HtmlElement, walk: _Walk, *, bold: bool, linked: bool, nesting: int) -> None:
    _flush(walk)
    tag = element.tag
    outer = (walk.depth, walk.label, walk.in_item, walk.list_size)
    around, walk.place = walk.place, element
    if tag in _QUOTE_OR_LIST:
        walk.depth += 1
    if tag == "li":
        walk.label, walk.list_size = _item_label(element)
        walk.in_item = True
    elif tag == "dt":
        bold = True
    _visit_children(element, walk, bold=bold, linked=linked, nesting=nesting)
    _flush(walk)
    walk.depth, walk.label, walk.in_item, walk.list_size = outer
    walk.place = around


def _read_heading(element: HtmlElement, walk: _Walk, level: int) -> None:
    _flush(walk)
    text = fold_space(_visible_text(element))
    if text:
        walk.blocks.append((Block(text, "heading", level=level, depth=walk.depth), element))


def _read_table(table: HtmlElement, walk: _Walk, nesting: int) -> None:
    _flush(walk)
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    if any(cell.tag in ("td", "th") and _is_layout(cell) for row in rows for cell in row):
        for row in rows:
            for cell in row:
                if isinstance(cell.tag, str) and not is_hidden(cell):
                    _visit_children(cell, walk, bold=False, linked=False, nesting=nesting + 1)
                    _flush(walk)
        return
    caption = table.find("caption")
    if caption is not None and (text := fold_space(_visible_text(caption))):
        walk.blocks.append((Block(text, "paragraph", depth=walk.depth), table))
    for row in rows:
        cells = [_cell_text(cell) for cell in row if cell.tag in ("td", "th") and not is_hidden(cell)]
        if any(cells):
            walk.blocks.append((Block(" | ".join(cell for cell in cells if cell), "row", depth=walk.depth), table))


def _is_layout(cell: HtmlElement) -> bool:
    return next(cell.iter("table", *_HEADINGS), None) is not None


def _cell_text(cell: HtmlElement) -> str:
    """The words of a cell; list marks that a conversion left at the beginning of its lines are no words."""
    lines = re.split(r"\n|(?<=\s)\*\s{2,}", _visible_text(cell))
    return fold_space(" ".join(re.sub(r"^\s*[*•·]\s+", "", line) for line in lines))


def _visible_text(element: HtmlElement) -> str:
    def pieces(node: HtmlElement) -> Iterator[str]:
        if not isinstance(node.tag, str) or node.tag in _SKIPPED or is_hidden(node):
            return
        if node.tag == "br" or node.tag not in _INLINE:
            yield "\n"
        yield node.text or ""
        for child in node:
            yield from pieces(child)
            yield child.tail or ""
        if node.tag not in _INLINE:
            yield "\n"

    return "".join(pieces(element))


def is_hidden(element: HtmlElement) -> bool:
    """Whether a browser does not show the element, as far as the element itself says."""
    return (
        "hidden" in element.attrib
        or bool(_HIDDEN.search(element.get("style") or ""))
        or bool(_SCREEN_READER.search(element.get("class") or ""))
    )


def _inside_heading(element: HtmlElement) -> bool:
    return next(element.iterancestors(*_HEADINGS, "summary"), None) is not None


def _is_bold(element: HtmlElement) -> bool:
    return (
        element.tag in _BOLD
        or bool(re.search(r"font-weight\s*:\s*(?:bold|[6-9]00)", element.get("style") or ""))
        or bool(_TITLE_CLASS.search((element.get("class") or "").replace("header_", "header ")) and element.tag == "span")
    )


def _soft(text: str) -> str:
    """Text as a browser sets it: a line end in the source is a space."""
    return re.sub(r"[\r\n]+", " ", text)


def _item_label(item: HtmlElement) -> tuple[str | None, int]:
    """The number that a browser prints before an item of an ordered list, and how many items the list has; None for a bullet."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return None, 0
    items = [sibling for sibling in parent if sibling.tag == "li"]
    number = _integer(parent.get("start"), 1)
    for sibling in items:
        number = _integer(sibling.get("value"), number)
        if sibling is item:
            break
        number += 1
    return spell_number(number, item.get("type") or parent.get("type") or "1"), len(items)


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,6}", text.strip()) else default


def spell_number(number: int, style: str) -> str:
    if style.lower() == "a" and 1 <= number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if style == "A" else letter
    if style.lower() == "i" and 1 <= number < 4000:
        roman = _to_roman(number)
        return roman.upper() if style == "I" else roman
    return str(number)


def _to_roman(number: int) -> str:
    text = ""
    for value, letters in (*_ROMAN, *_ROMAN_UNITS):
        while number >= value:
            text += letters
            number -= value
    return text


def _flush(walk: _Walk) -> None:
    """Close the paragraph that is open, if it has words. Two breaks in a row part paragraphs."""
    runs, walk.runs = walk.runs, []
    for group in _split_at_double_breaks(runs):
        block = _make_block(group, walk)
        if block is not None:
            walk.blocks.append((block, walk.place))
            walk.label = None  # only the first paragraph of an item has its number


def _split_at_double_breaks(runs: list[_Run]) -> Iterator[list[_Run]]:
    group: list[_Run] = []
    breaks = 0
    for run in runs:
        if run.text == "\n":
            breaks += 1
            if breaks == 2:
                yield group
                group = []
        elif fold_space(run.text):
            breaks = 0
        group.append(run)
    yield group


def _make_block(runs: list[_Run], walk: _Walk) -> Block | None:
    whole = "".join(run.text for run in runs)
    text = fold_space(whole)
    if not text or not re.search(r"\w", text):
        return None
    worded = [run for run in runs if re.search(r"\w", run.text)]
    lines = tuple(folded for line in whole.split("\n") if (folded := fold_space(line)))
    block = Block(
        text,
        "item" if walk.in_item else "paragraph",
        depth=walk.depth,
        label=walk.label,
        is_bold=all(run.bold for run in worded),
        lines=lines,
        is_links=all(run.linked for run in worded),
        list_size=walk.list_size,
    )
    return replace(block, title=_run_in_title(runs, text))


def _run_in_title(runs: list[_Run], text: str) -> str | None:
    """The bold words at the beginning, if other words follow."""
    bold = ""
    for run in runs:
        if not run.bold and re.search(r"\S", run.text):
            break
        bold += run.text
    title = fold_space(bold)
    return title if re.search(r"\w", title) and title != text else None
