"""Crown Legislation Markup Language: Acts, instruments and retained EU law as legislation.gov.uk gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.ingest.documents import Metadata, ParsedDocument, RawDocument
from assistant.ingest.law_tree import LawTree, Part, counted, fold, words_in
from assistant.ingest.xml_input import read_xml, root_name
from assistant.locators import LocatorKind

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "http://www.legislation.gov.uk/namespaces/legislation"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DCT = "{http://purl.org/dc/terms/}"
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

_DIVISIONS = frozenset(
    "Part Chapter Pblock PsubBlock Group EUPart EUTitle EUChapter EUSection EUSubsection Section SubSection Title1 Title2 Division".split()
)
_PROVISION = re.compile(r"^P[1-7]$")
_GROUPS = frozenset("P1group P2group P3group P4group P5group P6group".split())
_SILENT = frozenset(
    "CommentaryRef FootnoteRef MarginNoteRef Footnote MarginNote Contents Commentaries Resources Metadata Versions Footnotes MarginNotes "
    "tfoot Image Figure Character".split()
)
_BLOCKS = frozenset(
    "P Para Text P1 P2 P3 P4 P5 P6 P7 P1para P2para P3para P4para P5para P6para P7para P1group P2group P3group P4group UnorderedList "
    "OrderedList KeyList ListItem KeyListItem Key BlockAmendment BlockText Tabular table tbody thead tr td th Title Subtitle Number "
    "Pnumber TitleBlock Reference ScheduleBody Part Chapter Pblock PsubBlock Section Division Schedule AppendText BlockExtract Form "
    "Formula Where Appendix AppendixBody Abstract AbstractBody LongTitle FormBody EUPart EUChapter EUSection EUSubsection EUTitle".split()
)
# A provision that the file numbers but does not name: by the kind of document.
_KIND_BY_TYPE: dict[str, LocatorKind] = {"act": "section", "order": "article", "regulation": "regulation", "european": "article"}
_KIND_BY_ID: dict[str, LocatorKind] = {
    "section": "section",
    "regulation": "regulation",
    "article": "article",
    "rule": "numbered",
    "paragraph": "numbered",
}
_JURISDICTION_NUMBER = re.compile(r"([0-9]{1,3}\s?[A-Z]{0,3})\b")
_SCHEDULE_NUMBER = re.compile(r"\b(?:SCHEDULE|ANNEX|ATODLEN)\s+([A-Z]?[0-9]{1,3}[A-Z]{0,2}|[IVXL]+)\b", re.IGNORECASE)
_PART_NUMBER = re.compile(r"\b([IVXL]+|[A-Z]|[0-9]{1,2})$")
_RECITAL_NUMBER = re.compile(r"^\(?([0-9]{1,3})\)?$")


def recognises(document: RawDocument) -> bool:
    name, attributes = root_name(document.data)
    return name == "Legislation" and NAMESPACE in attributes


def read(document: RawDocument) -> ParsedDocument:
    """Sections (regulations, articles) with all levels below them, schedules by paragraph, recitals of EU law.

    Commentary, footnotes, contents and repealed text are left out; text that the Act inserts into other Acts stays among the
    words of the provision that inserts it. Raises InputError for a file of metadata or contents alone.
    """
    root = read_xml(document)
    reader = _Reader(root)
    for child in _elements(root):
        if _name(child) in ("Primary", "Secondary", "EURetained"):
            reader.walk(child)
    tree = reader.tree
    clauses = tree.clauses()
    if not clauses:
        raise InputError(f"{document.name} holds the data of an Act but not its text: save the whole Act as XML from legislation.gov.uk.")
    units = tree.units
    footnotes, commentaries = _count(root, "Footnote"), _count(root, "Commentary")
    # As the mark-up counts them, which takes in a schedule that the Act inserts into another.
    units.update(footnotes=footnotes, commentaries=commentaries, schedules=_count(root, "Schedule"))
    for unit in ("articles", "recitals", "parts"):
        units.setdefault(unit, 0)
    skipped = [counted(count, what) for count, what in ((footnotes, "footnote"), (commentaries, "editorial note")) if count]
    repealed = sum(1 for text in root.iter(f"{{{NAMESPACE}}}Text") if re.fullmatch(r"[\s.]*\.[\s.]*", words_in(text)))
    if repealed:
        skipped.append(f"{counted(repealed, 'repealed text')}, printed as rows of dots")
    warnings = list(tree.warnings)
    prospective = sum(1 for element in root.iter() if element.get("Status") == "Prospective")
    if prospective:
        warnings.append(f"Marked as not yet in force: {counted(prospective, 'provision')}.")
    return ParsedDocument("CLML", clauses, _metadata(root), dict(units), tuple(skipped), tuple(warnings))


class _Reader:
    def __init__(self, root: _Element) -> None:
        self.tree = LawTree()
        self._kind = _provision_kind(root)
        self._top: Part | None = None  # the schedule or annex that is open

    def walk(self, element: _Element) -> None:
        for child in _elements(element):
            self._visit(child)

    def _visit(self, child: _Element) -> None:
        name = _name(child)
        if name in ("PrimaryPrelims", "SecondaryPrelims", "EUPrelims"):
            self._read_preliminaries(child)
        elif name == "Schedule" or (name == "Attachment" and self._kind == "article"):
            self._read_schedule(child)
        elif name == "P1":
            self._read_provision(child, "")
        elif name in _GROUPS:
            self._read_group(child)
        elif name in _DIVISIONS:
            self._read_division(child)
        elif name == "SignedSection":
            for words in child.findall(f"{{{NAMESPACE}}}Para"):
                self._loose("Final formula", words)
        elif name in ("ExplanatoryNotes", "EarlierOrders"):
            self._loose("Explanatory Note", child)
        elif name in _SILENT or name in ("Title", "Number"):
            return
        elif name in ("Body", "EUBody", "Schedules", "ScheduleBody", "Attachments", "Primary", "Secondary", "P1para"):
            self.walk(child)
        else:
            self._loose("Introductory text", child)

    def _read_preliminaries(self, element: _Element) -> None:
        for child in element.iter(*(f"{{{NAMESPACE}}}{name}" for name in ("LongTitle", "EnactingText", "IntroductoryText", "EUPreamble"))):
            if _name(child) == "EUPreamble":
                self._read_recitals(child)
            elif not any(_name(above) == "EUPreamble" for above in child.iterancestors()):
                self._loose("Introductory text", child)

    def _read_recitals(self, preamble: _Element) -> None:
        for child in _elements(preamble):
            number = child.find(f"{{{NAMESPACE}}}Number") if _name(child) == "Division" else None
            digits = _RECITAL_NUMBER.match(_text(number))
            if digits:
                self.tree.units["recitals"] += 1
                part = self.tree.part("recital", digits.group(1))
                for block in _elements(child):
                    if block is not number:
                        fill(part, block)
            elif any(_name(each) == "Division" for each in _elements(child)):
                self._read_recitals(child)
            else:
                self._loose("Preamble", child)

    def _read_division(self, element: _Element) -> None:
        depth = self.tree.depth
        number, title = _text(_child(element, "Number")), _text(_child(element, "Title"))
        if self._top is not None:
            self._read_division_of_schedule(self._top, element, number, title)
            return
        self.tree.divide(number or title, title if number else "")
        self.walk(element)
        self.tree.leave_divisions(depth)

    def _read_division_of_schedule(self, top: Part, element: _Element, number: str, title: str) -> None:
        """Paragraphs of a schedule are counted through its parts; an annex has no paragraphs, so its parts are what one cites."""
        heading = f"{number}: {title}" if number and title else number or title
        label = _PART_NUMBER.search(number)
        if any(True for _ in element.iter(f"{{{NAMESPACE}}}P1")):
            above, top.headings = top.headings, (*top.headings, heading)
            self.walk(element)
            top.headings = above
        elif top.locator.kind == "annex" and label:
            self._top = top.below(label.group(1), heading=heading)
            self.walk(element)
            self._top = top
        else:
            top.say(heading)
            self.walk(element)

    def _read_group(self, group: _Element) -> None:
        title = _text(_child(group, "Title"))
        for child in _elements(group):
            if _name(child) == "P1":
                self._read_provision(child, title)
            elif _name(child) != "Title":
                self._visit(child)

    def _read_provision(self, provision: _Element, title: str) -> None:
        label = _text(_child(provision, "Pnumber"))
        found = _JURISDICTION_NUMBER.search(label)
        number = found.group(1).replace(" ", "") if found else label
        if self._top is not None:
            part = self._top.below(number, heading=title) if number else self._top
        elif number:
            kind = _KIND_BY_ID.get(provision.get("id", "").partition("-")[0], self._kind)
            self.tree.units[{"section": "sections", "regulation": "regulations", "article": "articles"}.get(kind, "provisions")] += 1
            part = self.tree.part(kind, number, title)
        else:
            part = self.tree.unnumbered(title or "Introductory text")
        fill_provision(part, provision)

    def _read_schedule(self, schedule: _Element) -> None:
        self.tree.leave_divisions()
        label = _text(_child(schedule, "Number"))
        title = _text(_child(_child(schedule, "TitleBlock"), "Title"))
        found = _SCHEDULE_NUMBER.search(label)
        kind: LocatorKind = "annex" if self._kind == "article" and "ANNEX" in label.upper() else "schedule"
        number = found.group(1).upper() if found else ""
        heading = f"{label}: {title}" if label and title else label or title
        if kind == "schedule" and not number:
            number = "1" if not re.search(r"\d", label) else re.sub(r"\D", "", label)
        self._top = self.tree.part(kind, number, heading)
        body = _child(schedule, "ScheduleBody")
        self.walk(body if body is not None else schedule)
        self._top = None

    def _loose(self, heading: str, element: _Element) -> None:
        if self._top is not None:
            _fill_block(self._top, element)
        elif _text(element):
            fill(self.tree.unnumbered(heading), element)


def fill_provision(part: Part, provision: _Element) -> None:
    """Give the part the words of a provision; provisions inside it become parts below."""
    for child in _elements(provision):
        if _name(child) != "Pnumber":
            _fill_block(part, child)


def fill(part: Part, element: _Element) -> None:
    sentence = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and _name(child) in _BLOCKS:
            part.say("".join(sentence))
            sentence.clear()
            _fill_block(part, child)
        else:
            sentence.append(_inline(child))
        sentence.append(child.tail or "")
    part.say("".join(sentence))


def _fill_block(part: Part, block: _Element) -> None:
    name = _name(block)
    if name in _SILENT:
        return
    if _PROVISION.match(name):
        number = _child(block, "Pnumber")
        label = _text(number)
        fill_provision(part.below(_printed(name, label, number)) if label else part, block)
    elif name in ("BlockAmendment", "BlockExtract"):  # the words of another Act: its numbers are not this Act's
        fill(part.inline(), block)
    elif name == "UnorderedList":  # definitions and the like: nobody can cite their points apart
        for item in _elements(block):
            fill(part.inline(), item)
    elif name == "ListItem" and block.get("NumberOverride"):
        label = block.get("NumberOverride", "")
        fill(part.below(label if not label.isalnum() else f"({label})"), block)
    elif name == "tr":
        part.say(" | ".join(filter(None, (_cell_text(part, cell) for cell in _elements(block)))))
    else:
        fill(part, block)


def _cell_text(part: Part, cell: _Element) -> str:
    """The words of a table's cell with the labels of the lists in it."""
    words = Part(part.locator, (), inline=True)
    fill(words, cell)
    return words.own_words


def _printed(name: str, label: str, number: _Element | None) -> str:
    """A label as the Act prints it: brackets stand around it below the first level unless the file says otherwise."""
    if name == "P1" or number is None or not label.isalnum():
        return label
    return f"{number.get('PuncBefore', '(')}{label}{number.get('PuncAfter', ')')}"


def _provision_kind(root: _Element) -> LocatorKind:
    category = _value(root, "DocumentCategory")
    if category == "euretained" or any(_name(child) == "EURetained" for child in _elements(root)):
        return "article"
    if category == "secondary":
        return _KIND_BY_TYPE.get(_value(root, "DocumentMinorType"), "regulation")
    return "section"


def _value(root: _Element, name: str) -> str:
    return next((element.get("Value", "") for element in root.iter("{*}" + name)), "")


def _metadata(root: _Element) -> Metadata:
    metadata = next((child for child in _elements(root) if _name(child) == "Metadata"), root)
    address = next((text for text in _texts(metadata, f"{_DC}identifier") if text.startswith("http")), None)
    valid = next(iter([*_texts(metadata, f"{_DCT}valid")]), None)
    modified = next(iter([*_texts(metadata, f"{_DC}modified")]), None)
    language = next(iter([*_texts(metadata, f"{_DC}language")]), None) or root.get(_XML_LANGUAGE)
    return Metadata(
        title=next(iter(_texts(metadata, f"{_DC}title")), None),
        publisher=next(iter(_texts(metadata, f"{_DC}publisher")), None),
        kind="law",
        url=address.replace("/id/", "/").replace("http://", "https://") if address else None,
        jurisdictions=("uk",),
        language=language[:2].lower() if language else None,
        version_date=_date(valid) or _date(modified) or _date(_dated(metadata, "EnactmentDate") or _dated(metadata, "Made")),
        edition=f"modified {modified}" if modified else None,
    )


def _dated(metadata: _Element, name: str) -> str | None:
    return next((element.get("Date") for element in metadata.iter("{*}" + name)), None)


def _texts(element: _Element, tag: str) -> Iterator[str]:
    return (text for child in element.iter(tag) if (text := fold(child.text or "")))


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _count(root: _Element, name: str) -> int:
    return sum(1 for _ in root.iter(f"{{{NAMESPACE}}}{name}"))


def _child(element: _Element | None, name: str) -> _Element | None:
    return None if element is None else next((child for child in _elements(element) if _name(child) == name), None)


def _text(element: _Element | None) -> str:
    if element is None:
        return ""
    words: list[str] = []
    _collect(element, words)
    return fold("".join(words))


def _collect(element: _Element, words: list[str]) -> None:
    words.append(element.text or "")
    for child in element:
        words.append(_inline(child))
        words.append(child.tail or "")


def _inline(element: _Element) -> str:
    if not isinstance(element.tag, str) or _name(element) in _SILENT:
        return ""
    words: list[str] = []
    _collect(element, words)
    text = "".join(words)
    return f" {text} " if _name(element) in _BLOCKS else text


def _elements(element: _Element) -> Iterator[_Element]:
    return (child for child in element if isinstance(child.tag, str))


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]
