"""Akoma Ntoso 3.0, the parliaments' XML for laws, in the dialects of the Union (AKN4EU) and of national publishers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.ingest.documents import Metadata, ParsedClause, ParsedDocument, RawDocument
from assistant.ingest.law_tree import LawTree, Part, counted, fold, union_number, without_eea_note
from assistant.ingest.xml_input import read_xml, root_name
from assistant.locators import LocatorKind
from assistant.schema import Jurisdiction

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMESPACE = re.compile(r"/(?:akn|legaldocml)[\w./-]*|akomantoso\.org", re.IGNORECASE)
_DIVISIONS = frozenset(
    "book tome part title chapter section subpart subtitle subchapter subsection hcontainer division crossHeading".split()
)
_NUMBERED = frozenset(
    "paragraph subparagraph point indent alinea clause subclause item list level subsection subrule tblock rule limb proviso".split()
)
_BLOCKS = frozenset(
    "p content intro wrapUp wrap container blockContainer block tblock listIntroduction listWrapUp blockList item table tr td th caption "
    "num heading subheading quotedStructure embeddedStructure longTitle formula li ul ol".split()
)
_SILENT = frozenset({"authorialNote", "noteRef", "meta", "remark", "img", "eol", "coverPage"})
_NUMBER = re.compile(r"([0-9]{1,4})(?:er\b)?\s*[-.]?\s*(bis|ter|quater|quinquies|sexies|septies|octies|novies|decies|[A-Za-z]{0,2})\b")
_INTRODUCTION = ("~INP", "#INP")
# In a converter's output that lost its text, points shrink to the term they define.
_FEWEST_SHRUNK = 3
_SHRUNK_WORDS = 4


def recognises(document: RawDocument) -> bool:
    name, attributes = root_name(document.data)
    return name == "akomaNtoso" and _NAMESPACE.search(attributes) is not None


def read(document: RawDocument) -> ParsedDocument:
    """Articles (or sections) with all levels below them, recitals, and the words around them; notes are left out.

    Conversions of this format are known to lose text: what looks cut is counted in a warning. Raises InputError for a file
    without provisions.
    """
    root = read_xml(document)
    reader = _Reader(root)
    reader.walk(root)
    tree = reader.tree
    clauses = tree.clauses()
    if not clauses:
        raise InputError(f"{document.name} is Akoma Ntoso without a text: import the file with the provisions.")
    units = tree.units
    units["points"] = sum(1 for element in root.iter() if _name(element) == "point")
    units["footnotes"] = sum(1 for element in root.iter() if _name(element) == "authorialNote")
    for unit in ("articles", "recitals", "chapters"):
        units.setdefault(unit, 0)
    skipped = [counted(units["footnotes"], "footnote")] if units["footnotes"] else []
    return ParsedDocument("Akoma Ntoso", clauses, _metadata(root), dict(units), tuple(skipped), (*tree.warnings, *_signs_of_loss(clauses)))


class _Reader:
    def __init__(self, root: _Element) -> None:
        self.tree = LawTree()
        has_articles = any(_name(element) == "article" for element in root.iter())
        self._provision = "article" if has_articles else "section"
        self._is_union = (_first(root, "FRBRcountry", "value") or "").lower() == "eu"

    def walk(self, element: _Element) -> None:
        for child in _elements(element):
            self._visit(child)

    def _visit(self, child: _Element) -> None:
        name = _name(child)
        if name in _SILENT or name in ("num", "heading", "subheading", "conclusions", "preface", "attachmentOf"):
            return
        if name == "recital":
            self._read_recital(child)
        elif name == self._provision and _is_provision(child):
            self._read_provision(child)
        elif name in _DIVISIONS:
            self._read_division(child)
        elif name in ("citation", "formula", "longTitle") or (name in ("p", "intro") and child.getparent() is not None):
            self.tree.units["citations"] += name == "citation"
            self._loose("Preamble" if name in ("citation", "formula", "intro") else "Text", child)
        elif name in _NUMBERED or name in ("content", "container", "article"):
            self._loose("Text", child)
        else:
            self.walk(child)

    def _read_recital(self, recital: _Element) -> None:
        number = _child(recital, "num")
        digits = re.search(r"[0-9]{1,3}", _text(number))
        self.tree.units["recitals"] += 1
        part = self.tree.part("recital", digits.group()) if digits else self.tree.unnumbered("Recitals")
        for child in _elements(recital):
            if child is not number:
                fill(part, child)

    def _read_division(self, division: _Element) -> None:
        depth = self.tree.depth
        numbers = [_text(child) for child in _elements(division) if _name(child) == "num"]
        heading = _text(_child(division, "heading")) or " ".join(numbers[1:])
        if numbers or heading:
            self.tree.divide(numbers[0] if numbers else heading, heading if numbers else "")
        self.walk(division)
        self.tree.leave_divisions(depth)

    def _read_provision(self, provision: _Element) -> None:
        kind: LocatorKind = "article" if self._provision == "article" else "section"
        numbers = [child for child in _elements(provision) if _name(child) == "num"]
        label = _text(numbers[0]) if numbers else ""
        heading = _text(_child(provision, "heading")) or " ".join(_text(number) for number in numbers[1:])
        digits = _NUMBER.search(label)
        self.tree.units["articles" if kind == "article" else "sections"] += 1
        if digits is None:
            number = "1"
        else:
            number = union_number(digits.group(1), digits.group(2)) if self._is_union else digits.group(1) + digits.group(2)
        part = self.tree.part(kind, number, heading)
        for child in _elements(provision):
            if _name(child) not in ("num", "heading", "subheading"):
                fill_child(part, child)

    def _loose(self, heading: str, element: _Element) -> None:
        if _text(element):
            fill_child(self.tree.unnumbered(heading), element)


def _is_provision(element: _Element) -> bool:
    """A section that holds sections or articles is a division; one with text of its own is what people cite."""
    return not any(_name(below) in ("article", "section") for below in element.iterdescendants()) and _child(element, "num") is not None


def fill(part: Part, element: _Element) -> None:
    sentence = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and (_name(child) in _BLOCKS or _name(child) in _NUMBERED):
            part.say("".join(sentence))
            sentence.clear()
            fill_child(part, child)
        else:
            sentence.append(_inline(child))
        sentence.append(child.tail or "")
    part.say("".join(sentence))


def fill_child(part: Part, child: _Element) -> None:
    name = _name(child)
    if name in _SILENT:
        return
    if name in _NUMBERED and child.get("refersTo") not in _INTRODUCTION:
        number = _child(child, "num")
        label = _text(number)
        below = part.below(label) if label else part
        for each in _elements(child):
            if each is not number:
                fill_child(below, each)
    elif name in ("quotedStructure", "embeddedStructure"):  # the words of another act: its numbers are not this act's
        fill(part.inline(), child)
    elif name == "tr":
        part.say(" | ".join(filter(None, (_text(cell) for cell in _elements(child)))))
    else:
        fill(part, child)


def _signs_of_loss(clauses: tuple[ParsedClause, ...]) -> Iterator[str]:
    shrunk = [
        clause
        for clause in clauses
        if clause.locator.kind == "article"
        and clause.locator.parts
        and len(clause.text.split()) <= _SHRUNK_WORDS
        and clause.text[-1].isalnum()
    ]
    if len(shrunk) >= _FEWEST_SHRUNK:
        named = ", ".join(str(clause.locator) for clause in shrunk[:3])
        yield (
            f"{len(shrunk)} points are a few words without an end ({named}, …): the conversion has lost text. "
            "Do not cite this file; import the act in another format."
        )


def _metadata(root: _Element) -> Metadata:
    work = next((element for element in root.iter() if _name(element) == "FRBRWork"), root)
    expression = next((element for element in root.iter() if _name(element) == "FRBRExpression"), root)
    language = _first(expression, "FRBRlanguage", "language")
    country = (_first(work, "FRBRcountry", "value") or "").lower()
    jurisdictions: dict[str, tuple[Jurisdiction, ...]] = {"eu": ("eu",), "gb": ("uk",), "uk": ("uk",), "us": ("us",)}
    celex = next((element.get("value") for element in work.iter() if element.get("name") == "CELEX"), None)
    return Metadata(
        title=_title(root),
        kind="law",
        url=f"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:{celex}" if celex else _web_address(work),
        jurisdictions=jurisdictions.get(country[:2], ()),
        language=_language(language),
        version_date=_date(_first(expression, "FRBRdate", "date")) or _date(_first(work, "FRBRdate", "date")),
    )


def _title(root: _Element) -> str | None:
    for name in ("preface", "longTitle", "docTitle", "shortTitle"):
        found = next((element for element in root.iter() if _name(element) == name), None)
        if found is not None and (text := without_eea_note(_text(found))):
            return text
    return _first(root, "FRBRname", "value")


def _web_address(work: _Element) -> str | None:
    values = (element.get("value") or "" for element in work.iter() if _name(element) in ("FRBRthis", "FRBRuri", "FRBRalias"))
    return next((value for value in values if value.startswith("http")), None)


def _first(element: _Element, name: str, attribute: str) -> str | None:
    return next((each.get(attribute) for each in element.iter() if _name(each) == name and each.get(attribute)), None)


_THREE_LETTERS = {
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "ita": "it",
    "spa": "es",
    "nld": "nl",
    "fin": "fi",
    "swe": "sv",
}


def _language(code: str | None) -> str | None:
    lower = (code or "").lower()[:3]
    two = _THREE_LETTERS.get(lower, lower[:2])
    return two if re.fullmatch(r"[a-z]{2}", two) else None


def _date(text: str | None) -> date | None:
    """A date in the future of all laws ("2999-01-01") is a placeholder of drafts."""
    try:
        found = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return found if found.year < 2900 else None


def _text(element: _Element | None) -> str:
    return "" if element is None else fold(_inline(element))


def _inline(element: _Element) -> str:
    if not isinstance(element.tag, str) or _name(element) in _SILENT:
        return " " if isinstance(element.tag, str) and _name(element) == "eol" else ""
    words = [element.text or ""]
    for child in element:
        words.append(_inline(child))
        words.append(child.tail or "")
    text = "".join(words)
    return f" {text} " if _name(element) in _BLOCKS or _name(element) in _NUMBERED else text


def _child(element: _Element, name: str) -> _Element | None:
    return next((child for child in _elements(element) if _name(child) == name), None)


def _elements(element: _Element) -> Iterator[_Element]:
    return (child for child in element if isinstance(child.tag, str))


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]
