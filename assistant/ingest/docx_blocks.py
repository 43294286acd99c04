"""From the body of a Word document to blocks, with the numbers that Word shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.ingest.blocks import Block, fold_space
from assistant.ingest.docx_numbering import Numbering, W

if TYPE_CHECKING:
    from lxml.etree import _Element

_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HEADING_NAME = re.compile(r"^heading ([1-9])$", re.IGNORECASE)
_BODY_LEVEL = 9  # the outline level that Word gives to what is no heading
_CONTENTS_STYLE = re.compile(r"^toc ?[0-9]|^toc heading$|^table of figures$", re.IGNORECASE)
_LAYOUT_CHARACTERS = 1500  # a cell with more text than that is part of a layout and not of a table
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Style:
    """What counts of a paragraph style, with what it takes from the styles it is based on."""

    name: str = ""
    level: int | None = None
    number_id: str | None = None
    depth: int | None = None
    is_bold: bool = False


@dataclass(slots=True)
class BodyReader:
    """Reads a document's body once, in order, since numbers are counted on the way."""

    styles: Mapping[str, Style]
    numbering: Numbering
    notes: Mapping[str, _Element] = field(default_factory=dict)
    contents: int = 0

    def read(self, parent: _Element, nesting: int = 0) -> Iterator[Block]:
        if nesting > _DEEPEST:
            return
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._read_paragraph(child)
                yield from self._read_frames(child, nesting)
                yield from self._read_notes(child)
            elif child.tag == f"{W}tbl":
                yield from self._read_table(child, nesting)
            elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}smartTag"):
                yield from self.read(child, nesting + 1)

    def _read_paragraph(self, paragraph: _Element) -> Iterator[Block]:
        style = self._style(paragraph)
        label, depth = self._number(paragraph, style)
        runs = list(_runs(paragraph))
        text = fold_space("".join(text for text, _ in runs))
        if not re.search(r"\w", text):
            return
        if _CONTENTS_STYLE.match(style.name):
            self.contents += 1
            return
        numbered = f"{label} {text}" if label else text
        level = self._level(paragraph, style)
        if level is not None:
            yield Block(numbered, "heading", level=level)
            return
        bold = [is_bold if is_bold is not None else style.is_bold for words, is_bold in runs if re.search(r"\w", words)]
        title = _bold_beginning(runs, style)
        if label and title:
            title = f"{label} {title}"
        is_bullet = label == ""
        lines = tuple(folded for line in "".join(text for text, _ in runs).split("\n") if (folded := fold_space(line)))
        yield Block(
            numbered,
            "item" if is_bullet else "paragraph",
            depth=depth + 1 if label is not None else 0,
            title=title if title and title != numbered else None,
            is_bold=all(bold),
            lines=(numbered,) if label or len(lines) < 2 else lines,
        )

    def _style(self, paragraph: _Element) -> Style:
        reference = paragraph.find(f"{W}pPr/{W}pStyle")
        return self.styles.get(str(reference.get(f"{W}val")) if reference is not None else "", self.styles.get("", Style()))

    def _number(self, paragraph: _Element, style: Style) -> tuple[str | None, int]:
        number_id, depth = style.number_id, style.depth or 0
        own = paragraph.find(f"{W}pPr/{W}numPr")
        if own is not None:
            own_id, own_depth = own.find(f"{W}numId"), own.find(f"{W}ilvl")
            number_id = str(own_id.get(f"{W}val")) if own_id is not None else number_id
            depth = _small_integer(own_depth.get(f"{W}val")) if own_depth is not None else depth
        return (self.numbering.label(number_id, depth) if number_id else None), depth

    def _level(self, paragraph: _Element, style: Style) -> int | None:
        own = paragraph.find(f"{W}pPr/{W}outlineLvl")
        if own is not None:
            level = _small_integer(own.get(f"{W}val"))
            return level + 1 if level < _BODY_LEVEL else None
        return style.level

    def _read_frames(self, paragraph: _Element, nesting: int) -> Iterator[Block]:
        """Text boxes, once each: Word writes them a second time for older programs."""
        for box in paragraph.iter(f"{W}txbxContent"):
            if next(box.iterancestors(f"{_MARKUP}Fallback"), None) is None:
                yield from self.read(box, nesting + 1)

    def _read_notes(self, paragraph: _Element) -> Iterator[Block]:
        for kind in ("footnote", "endnote"):
            for reference in paragraph.iter(f"{W}{kind}Reference"):
                note = self.notes.get(f"{kind} {reference.get(f'{W}id')}")
                text = (
                    fold_space(" ".join("".join(words for words, _ in _runs(part)) for part in note.iter(f"{W}p")))
                    if note is not None
                    else ""
                )
                if text:
                    yield Block(text)

    def _read_table(self, table: _Element, nesting: int) -> Iterator[Block]:
        rows = [list(_cells(row)) for row in _children(table, "tr")]
        for row in rows:
            texts = [self._cell_text(cell) for cell in row]
            filled = [text for text in texts if text]
            if len(row) == 1 or any(len(text) > _LAYOUT_CHARACTERS for text in texts):
                for cell in row:
                    yield from self.read(cell, nesting + 1)
            elif filled:
                for cell in row:
                    self._count(cell)
                yield Block(" | ".join(filled), "row")

    def _cell_text(self, cell: _Element) -> str:
        return fold_space(" ".join("".join(text for text, _ in _runs(paragraph)) for paragraph in cell.iter(f"{W}p")))

    def _count(self, cell: _Element) -> None:
        """Numbers that stand in a row count on, though the row shows its words only."""
        for paragraph in cell.iter(f"{W}p"):
            self._number(paragraph, self._style(paragraph))


def _children(parent: _Element, name: str) -> Iterator[_Element]:
    """The rows or cells of a table, through the content controls and marks of change around them."""
    for child in parent:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"):
            yield from _children(child, name)


def _cells(row: _Element) -> Iterator[_Element]:
    """The cells of a row, those merged with the row above left out."""
    for cell in _children(row, "tc"):
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        if merge is None or merge.get(f"{W}val") == "restart":
            yield cell


def _runs(paragraph: _Element) -> Iterator[tuple[str, bool | None]]:
    """The words of a paragraph with whether they are bold (None: as the style has it); without deleted and hidden ones."""
    for run in paragraph.iter(f"{W}r"):
        if _belongs_elsewhere(run, paragraph):
            continue
        properties = run.find(f"{W}rPr")
        if properties is not None and _is_on(properties.find(f"{W}vanish")):
            continue
        bold = properties.find(f"{W}b") if properties is not None else None
        text = "".join(_characters(run))
        if text:
            yield text, (None if bold is None else _is_on(bold))


def _belongs_elsewhere(run: _Element, paragraph: _Element) -> bool:
    """Whether the run was deleted, or stands in a text box, which is read for itself."""
    for ancestor in run.iterancestors():
        if ancestor is paragraph:
            return False
        if ancestor.tag in (f"{W}del", f"{W}moveFrom", f"{W}txbxContent", f"{_MARKUP}Fallback"):
            return True
    return False


def _characters(run: _Element) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif child.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif child.tag in (f"{W}tab", f"{W}ptab"):
            yield " "


def _bold_beginning(runs: list[tuple[str, bool | None]], style: Style) -> str | None:
    title = ""
    for text, is_bold in runs:
        if not (style.is_bold if is_bold is None else is_bold) and text.strip():
            return fold_space(title) or None
        title += text
    return None


def _is_on(switch: _Element | None) -> bool:
    return switch is not None and switch.get(f"{W}val") not in ("0", "false", "off")


def _small_integer(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,2}", text) else 0


def read_styles(root: _Element | None) -> dict[str, Style]:
    """Paragraph styles by id; the default one also under the empty id."""
    elements = {str(style.get(f"{W}styleId")): style for style in root.iter(f"{W}style")} if root is not None else {}
    styles: dict[str, Style] = {}
    for style_id, element in elements.items():
        styles[style_id] = _read_style(style_id, elements)
        if element.get(f"{W}default") == "1" and element.get(f"{W}type") == "paragraph":
            styles[""] = styles[style_id]
    return styles


def _read_style(style_id: str, elements: Mapping[str, _Element]) -> Style:
    """The style with what it takes from those it is based on; a circle of styles ends where it began."""
    chain: list[_Element] = []
    while style_id in elements and elements[style_id] not in chain:
        chain.append(elements[style_id])
        based_on = elements[style_id].find(f"{W}basedOn")
        style_id = str(based_on.get(f"{W}val")) if based_on is not None else ""
    names = [str(name.get(f"{W}val")) for element in chain if (name := element.find(f"{W}name")) is not None]
    heading = next((match for name in names if (match := _HEADING_NAME.match(name))), None)
    outline = next((level for element in chain if (level := element.find(f"{W}pPr/{W}outlineLvl")) is not None), None)
    number = next((found for element in chain if (found := element.find(f"{W}pPr/{W}numPr/{W}numId")) is not None), None)
    depth = next((found for element in chain if (found := element.find(f"{W}pPr/{W}numPr/{W}ilvl")) is not None), None)
    bold = next((found for element in chain if (found := element.find(f"{W}rPr/{W}b")) is not None), None)
    return Style(
        names[0] if names else "",
        _heading_level(names, heading, outline),
        str(number.get(f"{W}val")) if number is not None else None,
        _small_integer(depth.get(f"{W}val")) if depth is not None else None,
        _is_on(bold),
    )


def _heading_level(names: list[str], heading: re.Match[str] | None, outline: _Element | None) -> int | None:
    if heading:
        return int(heading[1])
    if outline is not None and _small_integer(outline.get(f"{W}val")) < _BODY_LEVEL:
        return _small_integer(outline.get(f"{W}val")) + 1
    return 1 if names and names[0].lower() in ("title", "titre", "titel") else None
