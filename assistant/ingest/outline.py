"""From blocks to clauses: what each block stands under, which number it has, and which paragraphs belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.ingest.addresses import Draft, address
from assistant.ingest.blocks import Block
from assistant.ingest.documents import ParsedClause
from assistant.ingest.headings import Part, assign_parts
from assistant.ingest.labels import Label, Style, is_division, readings_of
from assistant.locators import Locator

MERGED_CHARACTERS = 1500  # a list stays with the sentence that introduces it up to here
CLAUSE_CHARACTERS = 6000  # unnumbered paragraphs are added to the numbered clause before them up to here
BULLET = "•"  # parts the items of a list that stands in one clause, as the page shows them

_LARGEST_GAP = 10  # numbers that a list may leave out and still go on
_BOLD_RANK = 10.0
_RUN_IN_RANK = 15.0
_LABEL_RANK = 20.0


@dataclass(slots=True)
class _Unit:
    """A heading or a numbered clause under which blocks stand, until one comes whose rank is not higher."""

    rank: float
    title: str | None
    number: tuple[Label, ...] = ()
    reading: tuple[Style, int] | None = None
    label: Label | None = None
    is_markup: bool = False
    is_clause: bool = False
    is_absolute: bool = False
    depth: int = 0
    from_list: bool = False
    is_used: bool = False
    page: int | None = None


@dataclass(frozen=True, slots=True)
class OutlinedDocument:
    """``corrected`` lists the list numbers that were wrong, with the right ones."""

    clauses: tuple[ParsedClause, ...]
    headings: int
    corrected: tuple[tuple[str, str], ...]


def outline(
    blocks: Sequence[Block], *, title: str | None = None, section: Locator | None = None, keeps_title: bool = False
) -> OutlinedDocument:
    """The clauses of a document. ``title`` names what stands before the first heading; in a ``section`` all numbers are its parts.

    ``keeps_title`` makes the first heading a clause too: on paper the title is part of the first page.
    """
    reader = _OutlineReader(assign_parts(blocks), keeps_title=keeps_title)
    reader.read()
    clauses = address(reader.drafts, title=title, section=section)
    return OutlinedDocument(clauses, reader.headings, tuple(reader.corrected))


@dataclass(slots=True)
class _OutlineReader:
    parts: list[Part]
    keeps_title: bool = False
    units: list[_Unit] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    open: Draft | None = None
    headings: int = 0
    corrected: list[tuple[str, str]] = field(default_factory=list)
    last_in_list: dict[int, int] = field(default_factory=dict)
    sibling_numbers: dict[float, tuple[Label, ...]] = field(default_factory=dict)

    def read(self) -> None:
        for position, part in enumerate(self.parts):
            if part.role == "heading":
                self._read_heading(position, part)
            elif part.role == "clause" and (unit := self._place(position, part)) is not None:
                self._open_clause(unit, part)
            else:
                self._read_text(part)
        self._close_units(0)

    # Headings

    def _read_heading(self, position: int, part: Part) -> None:
        self.headings += 1
        if part.block.kind == "heading":
            self._open_markup_heading(part)
        elif part.label is not None and (unit := self._place(position, part)) is not None:
            unit.is_clause = False
            self._push(unit)
        else:
            self._open_plain_heading(part)
        if part.text:
            self._new_draft(part, part.text)
        elif self.keeps_title and self.headings == 1 and part.title:
            self._new_draft(part, part.title)
            self.open = None

    def _open_markup_heading(self, part: Part) -> None:
        rank = float(part.block.level)
        self._close_units(rank)
        self.last_in_list.clear()
        number = self._heading_number(part.label, rank) if self._numbers_sections(rank) else ()
        self._push(_Unit(rank, part.title, number, _first_reading(part.label), part.label, is_markup=True, page=part.block.page))

    def _numbers_sections(self, rank: float) -> bool:
        """Whether a number before an outermost heading is that of a section: the title of a document has no siblings."""
        return rank > 1 or sum(part.label is not None and part.block.level == 1 for part in self.parts) > 1

    def _heading_number(self, label: Label | None, rank: float) -> tuple[Label, ...]:
        """Its own number, below that of the heading above it where it starts anew there (a "B." in section II)."""
        if label is None:
            return ()
        if label.is_absolute:
            return _split(label)
        parent = self._enclosing_number()
        number: tuple[Label, ...] = (label,)
        if parent and not label.is_article:
            before = self.sibling_numbers.get(rank, ())
            continues = bool(before) and _follows(before[-1], label)
            if (not continues and _may_be_first(label)) or (continues and len(before) > 1 and before[:-1] == parent):
                number = (*parent, label)
        self.sibling_numbers[rank] = number
        return number

    def _open_plain_heading(self, part: Part) -> None:
        text = part.title or part.text
        rank = _RUN_IN_RANK if part.text else _BOLD_RANK
        if is_division(text):  # a schedule stands beside the numbered sections and not in the last of them
            rank = min([rank, *(unit.rank - 0.5 for unit in self.units if unit.number)])
        else:
            above = [unit for unit in self.units if not unit.is_clause and unit.rank >= _LABEL_RANK]
            rank = above[-1].rank + 0.5 if above else rank
        self._close_units(rank)
        if rank <= _BOLD_RANK:
            self.last_in_list.clear()
        self._push(_Unit(rank, part.title, page=part.block.page))

    # Numbers

    def _place(self, position: int, part: Part) -> _Unit | None:
        """The unit a labelled part opens, with what it ends closed; None if the label is no number that goes on or begins here."""
        label = part.label
        assert label is not None
        if label.is_absolute or (part.from_list and part.block.depth <= 1):
            while self.units and self.units[-1].rank == _RUN_IN_RANK:  # a run-in title ends where numbered clauses begin
                self._close_units(_RUN_IN_RANK)
        if label.is_absolute:
            return self._place_absolute(part, label)
        found = self._find_place(position, part, label)
        if found is None:
            return None
        rank, reading, label = found
        self._close_units(rank)
        parent = self._enclosing_number()
        if part.from_list:
            self._note_list_number(part.block.depth, reading[1])
        return _Unit(
            rank,
            part.title,
            (*parent, label),
            reading,
            label,
            is_clause=True,
            depth=part.block.depth,
            from_list=part.from_list,
            page=part.block.page,
        )

    def _place_absolute(self, part: Part, label: Label) -> _Unit:
        number = _split(label)
        above = [unit for unit in self.units if unit.number and _spelled(unit.number) == _spelled(number[: len(unit.number)])]
        above = [unit for unit in above if len(unit.number) < len(number)]
        rank = max(_LABEL_RANK, above[-1].rank + 1) if above else _LABEL_RANK + len(number) - 1
        self._close_units(rank)
        return _Unit(
            rank,
            part.title,
            number,
            _first_reading(number[-1]),
            number[-1],
            is_clause=True,
            is_absolute=True,
            depth=part.block.depth,
            page=part.block.page,
        )

    def _find_place(self, position: int, part: Part, label: Label) -> tuple[float, tuple[Style, int], Label] | None:
        if part.from_list:
            return self._find_list_place(position, part, label)
        open_units = [unit for unit in self.units if unit.reading is not None and not unit.is_markup]
        depth = part.block.depth
        for same_depth in (True, False):
            for unit in reversed(open_units):
                reading = _continues(unit, label)
                if reading is None or (same_depth and unit.depth != depth) or (not same_depth and unit.from_list):
                    continue
                if unit is open_units[-1] and self._is_roman_one(position, label, reading):
                    break
                return unit.rank, reading, label
        first = next((reading for reading in reversed(label.readings) if reading[1] == 1), None)
        if first is not None and not (first[0] == "lower" and label.parts[-1] != "a"):
            if part.role == "heading":
                open_units = [unit for unit in open_units if not unit.is_clause]
            elif (same := self._same_list(label, first, depth)) is not None:
                self._close_units(same.rank)  # a list of the same kind that begins anew: its numbers are no addresses
                return None
            above = [unit for unit in open_units if unit.depth <= depth]
            return (above[-1].rank + 1 if above else _LABEL_RANK), first, label
        if first is not None:
            return None
        for unit in reversed(open_units):
            reading = next((r for r in label.readings if unit.reading and r[0] == unit.reading[0] and r[1] > unit.reading[1]), None)
            if reading is None or unit.reading is None or unit.label is None or unit.label.is_bracketed != label.is_bracketed:
                continue
            if part.role == "heading" or (not unit.is_absolute and reading[0] == "digit" and reading[1] - unit.reading[1] <= _LARGEST_GAP):
                return unit.rank, reading, label
        return None

    def _same_list(self, label: Label, first: tuple[Style, int], depth: int) -> _Unit | None:
        for unit in self.units:
            is_same = unit.is_clause and not unit.is_absolute and not unit.from_list and unit.depth == depth
            if is_same and unit.label and unit.reading and unit.reading[0] == first[0] and unit.label.is_bracketed == label.is_bracketed:
                return unit
        return None

    def _is_roman_one(self, position: int, label: Label, reading: tuple[Style, int]) -> bool:
        """Whether an "i" after "h" opens a list of Roman numbers: an "ii" follows before any "j"."""
        if reading[0] not in ("lower", "upper") or label.parts[-1].lower() != "i":
            return False
        for part in self.parts[position + 1 :]:
            if part.label is not None and part.label.parts[-1].lower() in ("ii", "j"):
                return part.label.parts[-1].lower() == "ii"
        return False

    def _find_list_place(self, position: int, part: Part, label: Label) -> tuple[float, tuple[Style, int], Label] | None:
        depth = part.block.depth
        style, value = label.readings[0]
        same = [unit for unit in self.units if unit.from_list and unit.depth >= depth]
        if same and part.role == "clause" and value == 1 and not same[-1].is_clause:
            return same[-1].rank + 1, (style, value), label  # a list inside the section that a list number heads
        text_numbers = [unit for unit in self.units if unit.reading and not unit.is_markup and not unit.from_list and not unit.is_clause]
        if not same and text_numbers and (sibling := next((u for u in reversed(text_numbers) if _continues(u, label)), None)):
            return sibling.rank, (style, value), label
        right = self._right_list_number(position, value, depth)
        if right != value:
            self.corrected.append((label.parts[-1], str(right)))
            label, value = Label((str(right),)), right
        if same:
            return same[0].rank, (style, value), label
        above = [unit for unit in self.units if not unit.is_markup and (unit.is_clause or unit.from_list)]
        return max(_LABEL_RANK, above[-1].rank + 1 if above else 0), (style, value), label

    def _right_list_number(self, position: int, value: int, depth: int) -> int:
        """The number an item of an ordered list should have: that of the clauses printed below it, else one more than the last.

        A conversion that counted other elements as items leaves gaps; a list never leaves any itself.
        """
        last = self.last_in_list.get(depth, 0)
        if value <= last + 1:
            return value
        for part in self.parts[position + 1 :]:
            if (part.from_list and part.block.depth <= depth) or part.block.kind == "heading":
                break
            if part.label is not None and len(part.label.parts) > 1 and part.label.parts[0].isdigit():
                return int(part.label.parts[0])
        return last + 1

    def _note_list_number(self, depth: int, value: int) -> None:
        self.last_in_list = {level: last for level, last in self.last_in_list.items() if level < depth}
        self.last_in_list[depth] = value

    def _enclosing_number(self) -> tuple[Label, ...]:
        """The number of what is open, as far as no heading without a number lies between."""
        return self.units[-1].number if self.units else ()

    # Text

    def _open_clause(self, unit: _Unit, part: Part) -> None:
        self._push(unit)
        if part.text:
            self._new_draft(part, part.text)
        elif part.title is None:
            self.open = None

    def _read_text(self, part: Part) -> None:
        block = part.block
        words = part.text if part.role == "text" else block.text
        while self.units and self.units[-1].is_clause and self.units[-1].from_list and block.depth < self.units[-1].depth:
            self._close_units(self.units[-1].rank)
        draft = self.open
        if draft is not None and self._belongs_to(draft, block):
            draft.texts.append(f"{BULLET} {words}" if block.kind == "item" else words)
        else:
            self._new_draft(part, words)

    def _belongs_to(self, draft: Draft, block: Block) -> bool:
        if self.units and self.units[-1].is_clause:
            return draft.size + len(block.text) <= CLAUSE_CHARACTERS
        if block.kind != "item" or draft.kind == "row":
            return False
        is_nested = draft.kind == "item" and block.depth > draft.depth
        is_introduced = draft.texts[0].endswith(":") and block.depth > draft.depth
        limit = CLAUSE_CHARACTERS if is_nested and not is_introduced else MERGED_CHARACTERS
        return (is_nested or is_introduced) and draft.size + len(block.text) <= limit

    def _new_draft(self, part: Part, words: str) -> None:
        path = tuple(unit.title for unit in self.units if unit.title)
        for unit in self.units:
            unit.is_used = True
        block = part.block
        kind = block.kind if part.role == "text" else "paragraph"
        self.open = Draft(path, *self._address_parts(), texts=[words], page=block.page, depth=block.depth, kind=kind)
        self.drafts.append(self.open)

    def _address_parts(self) -> tuple[tuple[Label, ...], str]:
        """The number of the innermost unit, and the heading outside of all that is numbered (numbers begin anew in each)."""
        number = self._enclosing_number()
        scope = ""
        for unit in self.units:
            if unit.number:
                break
            scope = unit.title or scope
        return number, scope

    def _push(self, unit: _Unit) -> None:
        self.open = None
        self.units.append(unit)

    def _close_units(self, rank: float) -> None:
        """Close what does not contain a unit of that rank. A heading under which nothing stood becomes a clause itself."""
        while self.units and self.units[-1].rank >= rank:
            unit = self.units[-1]
            if not unit.is_used and unit.title:
                outer = self.units[:-1]
                for above in outer:
                    above.is_used = True
                path = tuple(above.title for above in outer if above.title)
                self.drafts.append(Draft((*path, unit.title), *self._address_parts(), texts=[unit.title], page=unit.page))
            self.units.pop()
            self.open = None


def _split(label: Label) -> tuple[Label, ...]:
    return tuple(Label((part,), is_article=label.is_article and index == 0) for index, part in enumerate(label.parts))


def _spelled(number: Sequence[Label]) -> tuple[str, ...]:
    return tuple(label.parts[-1] for label in number)


def _first_reading(label: Label | None) -> tuple[Style, int] | None:
    return next(iter(label.readings), None) if label else None


def _may_be_first(label: Label) -> bool:
    return any(value == 1 for _, value in label.readings)


def _follows(before: Label, label: Label) -> bool:
    known = dict(readings_of(before.parts[-1]))
    return any(known.get(style) == value - 1 for style, value in label.readings)


def _continues(unit: _Unit, label: Label) -> tuple[Style, int] | None:
    """How the label is read as the next after the unit's; None if it is not."""
    if unit.reading is None or unit.label is None or unit.is_absolute or unit.label.is_bracketed != label.is_bracketed:
        return None
    style, value = unit.reading
    return (style, value + 1) if (style, value + 1) in label.readings else None
