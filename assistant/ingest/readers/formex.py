"""Formex 4, the XML of the Publications Office: acts, annexes, consolidated acts and corrigenda, in any language of the Union."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.errors import InputError
from assistant.ingest.documents import Metadata, ParsedDocument, RawDocument
from assistant.ingest.law_tree import CORRIGENDUM_WARNING, LawTree, Part, counted, fold, without_eea_note
from assistant.ingest.xml_input import read_xml, root_name

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOTS = frozenset({"ACT", "CONS.ACT", "ANNEX", "CONS.ANNEX", "CORR", "AGR", "GENERAL"})
# Files of the same publication that only say where its texts are.
_INDEXES = frozenset({"DOC", "PUBLICATION"})
PUBLISHER = "Publications Office of the European Union"

# Elements that hold words of their own and begin on a line of their own; anything else is part of a sentence.
_BLOCKS = frozenset(
    "P ALINEA TXT LIST ITEM NP PARAG SUBPARAG GR.SEQ TBL QUOT.S DIVISION ARTICLE CONTENTS GR.TBL CORPUS ROW CELL BLK LIST.AMEND "
    "DLIST DLIST.ITEM TERM DEFINITION PREFIX GR.AMEND AMEND DIV.CONSID TI STI TITLE TI.ART STI.ART NO.P NO.PARAG CONSID ANNOTATION "
    "INCL.ELEMENT IMG.CNT TI.BLK STI.BLK TI.CJT INTRO WRAP".split()
)
_SILENT = frozenset({"NOTE", "BIB.INSTANCE", "FORMULA.MATHML", "BIB.INSTANCE.CONS", "BIB.DATA", "NOTCOL"})
_ATTRIBUTE = re.compile(r"([\w.]+)=\"([^\"]*)\"")
_WRAPPED = re.compile(rb"<(?:ACT|CONS\.ACT)[\s>]")
_ANNEX_NUMBER = re.compile(r"\b([IVXLC]+|\d{1,2})\b")
_SEQUENCE = re.compile(r"^\(?([0-9]{1,3}(?:\.[0-9]{1,3})*[a-z]?|[A-Z]|[a-z]{1,4}|[IVXL]+)[.)]\)?\s|^\w+\s+([A-Z]|[IVXL]+|[0-9]{1,2})\b")


def recognises(document: RawDocument) -> bool:
    name, attributes = root_name(document.data)
    head = document.data[:20_000]
    if name in ROOTS:
        return "formex" in attributes.lower() or b"<BIB." in head or b"<TI" in head
    # Else an index, or several files of one publication in a wrapper of somebody's making.
    return "formex" in attributes.lower() if name in _INDEXES else b"formex" in head and _WRAPPED.search(head) is not None


def read(document: RawDocument) -> ParsedDocument:
    """Articles with their paragraphs and points, recitals, annexes and the words around them; footnotes are left out.

    A corrigendum gives its corrections, not articles: it is no law text of its own. Raises InputError for a file without text.
    """
    root = read_xml(document)
    _drop_deleted(root)
    parsed = _read_corrigendum(root) if root.tag == "CORR" else _read_law(root)
    if not parsed.clauses:
        raise InputError(f"{document.name} is Formex XML without any article, recital or annex: import the file with the text of the act.")
    return parsed


def _drop_deleted(root: _Element) -> None:
    """Take out what later acts have deleted: a consolidated file keeps it between two processing instructions."""
    openings = [mark for mark in root.iter(_processing_instruction()) if getattr(mark, "target", "") == "CLG.MDFO"]
    for opening in openings:
        attributes = dict(_ATTRIBUTE.findall(opening.text or ""))
        parent = opening.getparent()
        if attributes.get("ACTION") != "DELETED" or parent is None:
            continue
        between = []
        for sibling in opening.itersiblings():
            between.append(sibling)
            if getattr(sibling, "target", "") == "CLG.MDFC" and dict(_ATTRIBUTE.findall(sibling.text or "")).get("ID") == attributes.get(
                "IDREF"
            ):
                opening.tail = None
                for deleted in between[:-1]:
                    parent.remove(deleted)
                break


def _processing_instruction() -> Any:
    from lxml import etree

    return etree.ProcessingInstruction


def _read_law(root: _Element) -> ParsedDocument:
    tree = LawTree()
    if root.tag in ("ANNEX", "CONS.ANNEX"):
        _read_annex(tree, root)
    else:
        _read_structure(tree, root)
    units = tree.units
    units["numbered_paragraphs"] = sum(1 for _ in _outside_quotations(root, "PARAG"))
    units["list_items"] = sum(1 for _ in root.iter("ITEM"))
    footnotes = sum(1 for _ in root.iter("NOTE"))
    units["footnotes"] = footnotes
    units["divisions"] = units["chapters"] + units["sections"] + units["titles"] + units["parts"] + units["divisions"]
    for unit in ("articles", "recitals", "annexes"):
        units.setdefault(unit, 0)
    skipped = [counted(footnotes, "footnote")] if footnotes else []
    if root.find(".//SIGNATURE") is not None:
        skipped.append("the signatures")
    return ParsedDocument("Formex XML", tree.clauses(), _metadata(root), dict(units), tuple(skipped), tree.warnings)


def _read_structure(tree: LawTree, element: _Element) -> None:
    """Everything down to the articles: preamble, divisions, annexes."""
    for child in _children(element):
        match child.tag:
            case "PREAMBLE.INIT" | "PREAMBLE.FINAL" | "GR.CONSID.INIT" | "GR.VISA.INIT":
                _say(tree, "Preamble", child)
            case "VISA":
                tree.units["citations"] += 1
                _say(tree, "Preamble", child)
            case "CONSID":
                _read_recital(tree, child)
            case "DIVISION":
                _read_division(tree, child)
            case "ARTICLE":
                _read_article(tree, child)
            case "ANNEX" | "CONS.ANNEX":
                _read_annex(tree, child)
            case "FINAL":
                _read_final(tree, child)
            case "PREAMBLE" | "GR.VISA" | "GR.CONSID" | "ENACTING.TERMS" | "CONS.DOC" | "CONTENTS" | "DIV.CONSID" | "FRAGMENT":
                _read_structure(tree, child) if child.tag != "CONTENTS" else _read_loose(tree, child)
            case "ACT" | "CONS.ACT":
                _read_structure(tree, child)


def _read_loose(tree: LawTree, contents: _Element) -> None:
    """Text that is divided into neither articles nor annexes, as in a recommendation's letter or an agreement."""
    if any(True for _ in contents.iter("ARTICLE")):
        _read_structure(tree, contents)
    else:
        fill(tree.unnumbered("Text"), contents)


def _read_division(tree: LawTree, division: _Element) -> None:
    depth = tree.depth
    title = division.find("TITLE")
    if title is not None:
        tree.divide(_text(title.find("TI")), _text(title.find("STI")))
    _read_structure(tree, division)
    tree.leave_divisions(depth)


def _read_recital(tree: LawTree, recital: _Element) -> None:
    number = recital.find(".//NO.P")
    digits = re.search(r"\d+", _text(number))
    tree.units["recitals"] += 1
    part = tree.part("recital", digits.group()) if digits else tree.unnumbered("Recitals")
    for block in _children(recital):
        for piece in _children(block) if block.tag == "NP" else [block]:
            if piece is not number:
                fill(part, piece)


def _read_article(tree: LawTree, article: _Element) -> None:
    tree.units["articles"] += 1
    part = tree.part("article", _article_number(article), _text(article.find("STI.ART")))
    for child in _children(article):
        if child.tag not in ("TI.ART", "STI.ART"):
            _fill_child(part, child)


def _article_number(article: _Element) -> str:
    """As the act counts it: the identifier is zero-padded ("032") and the same in every language; else the digits of the title."""
    identifier = re.fullmatch(r"0*([0-9]+[A-Za-z]{0,2})", article.get("IDENTIFIER", ""))
    if identifier:
        return identifier.group(1)
    title = _text(article.find("TI.ART"))
    digits = re.search(r"\d+\s?[a-z]{0,2}\b", title)
    return digits.group().replace(" ", "") if digits else "1"  # "Article premier", "Sole article"


def _read_annex(tree: LawTree, annex: _Element) -> None:
    tree.units["annexes"] += 1
    tree.leave_divisions()
    title = annex.find("TITLE")
    label = _text(title.find("TI")) if title is not None else ""
    name = _text(title.find("STI")) if title is not None else ""
    number = _ANNEX_NUMBER.search(label)
    part = tree.part("annex", number.group(1) if number else "", f"{label}: {name}" if label and name else label or name)
    for child in _children(annex):
        if child.tag not in ("TITLE", "BIB.INSTANCE"):
            fill(part, child)


def _read_final(tree: LawTree, final: _Element) -> None:
    tree.leave_divisions()
    for child in _children(final):
        if child.tag not in ("SIGNATURE", "NOTE"):
            _say(tree, "Final formula", child)


def fill(part: Part, element: _Element) -> None:
    """Give the part an element's words; numbered elements become parts below it."""
    sentence = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _SILENT or child.tag not in _BLOCKS:
            sentence.append(_inline_text(child))
        else:
            part.say("".join(sentence))
            sentence.clear()
            _fill_child(part, child)
        sentence.append(child.tail or "")
    part.say("".join(sentence))


def _fill_child(part: Part, child: _Element) -> None:
    match child.tag:
        case "ITEM" if child.find("NP") is None:
            dashed = (parent := child.getparent()) is not None and parent.get("TYPE", "").upper() in ("DASH", "NDASH")
            fill(part.below("—") if dashed else part, child)
        case "NP":
            _fill_numbered(part, child, "NO.P")
        case "PARAG":
            _fill_numbered(part, child, "NO.PARAG")
        case "GR.SEQ":
            _fill_sequence(part, child)
        case "DLIST":
            _fill_definitions(part, child)
        case "QUOT.S":  # the words of another act, or its new wording: numbers in it are not this act's
            fill(part.inline(), child)
        case "TBL":
            for row in child.iter("ROW"):
                part.say(" | ".join(filter(None, (_text(cell) for cell in row.iter("CELL")))))
        case _:
            fill(part, child)


def _fill_numbered(part: Part, element: _Element, tag: str) -> None:
    number = element.find(tag)
    below = part.below(_text(number)) if number is not None else part
    for child in _children(element):
        if child is not number:
            _fill_child(below, child)


def _fill_definitions(part: Part, definitions: _Element) -> None:
    """A list of terms and their meanings; the sign between them is said once for the list."""
    separator = definitions.get("SEPARATOR", "")
    for item in definitions.iter("DLIST.ITEM"):
        prefix, term = item.find("PREFIX"), item.find("TERM")
        below = part.below(_text(prefix)) if prefix is not None else part
        if term is not None:
            below.say(_text(term) + separator)
        for child in _children(item):
            if child is not prefix and child is not term:
                fill(below, child)


def _fill_sequence(part: Part, sequence: _Element) -> None:
    """A headed group of an annex: a part of its own where its heading begins with a number, whose words then are the part's."""
    title = sequence.find("TITLE")
    heading = _text(title)
    numbered = _SEQUENCE.match(heading)
    if numbered and numbered.group(1):
        below = part.below(numbered.group(1))
        below.say(heading[numbered.end() :])
    elif numbered:
        below = part.below(numbered.group(2), heading=heading)
    else:
        part.say(heading)
        below = part
    for child in _children(sequence):
        if child is not title:
            _fill_child(below, child)


def _read_corrigendum(root: _Element) -> ParsedDocument:
    tree = LawTree()
    for number, correction in enumerate(root.iter("CORRECTION"), start=1):
        part = tree.part("heading", f"Correction {number}").inline()
        fill(part, correction)
    units = {"corrections": sum(1 for _ in root.iter("CORRECTION")), "articles": 0, "recitals": 0}
    return ParsedDocument("Formex XML", tree.clauses(), _metadata(root), units, warnings=(CORRIGENDUM_WARNING,))


def _metadata(root: _Element) -> Metadata:
    information = root.find("INFO.CONSLEG")
    language = root.find(".//LG.DOC")
    if information is not None:
        printed = information.get("CONSLEG.DATE") or information.get("START.DATE")
        start = information.get("START.DATE")
        celex = f"0{information.get('CONSLEG.REF')}-{start}" if information.get("CONSLEG.REF") and start else None
    else:
        reference = root.find(".//DOCUMENT.REF")
        printed = reference.get("DATE.PUB") if reference is not None else None
        celex = root.findtext(".//NO.CELEX")
    code = (language.text or "").strip().lower() if language is not None else ""
    return Metadata(
        title=_title(root),
        publisher=PUBLISHER,
        kind="law",
        url=f"https://eur-lex.europa.eu/legal-content/{code.upper()}/TXT/?uri=CELEX:{celex}" if celex and code else None,
        jurisdictions=("eu",),
        language=code or None,
        version_date=_iso_date(printed) or _date_of_act(root),
        edition=_edition(root),
    )


def _title(root: _Element) -> str | None:
    path = ".//CONS.DOC/TITLE/TI" if root.find("CONS.DOC") is not None else "./TITLE/TI"
    title = root.find(path)
    if title is None and root.tag not in ROOTS:
        title = root.find(".//TITLE/TI")
    return without_eea_note(_text(title)) or None


def _edition(root: _Element) -> str | None:
    """Where the text was printed ("OJ L 119, 2016, p. 1"), or which consolidation it is."""
    information = root.find("INFO.CONSLEG")
    if information is not None:
        return f"consolidated text {information.get('CONSLEG.REF', '')} {information.get('PROD.SEQ', '')}".strip()
    reference = root.find("./BIB.INSTANCE/DOCUMENT.REF")
    if reference is None:
        return None
    number = reference.findtext("NO.OJ") or ""
    pieces = [f"OJ {reference.findtext('COLL') or ''} {number}".strip(), reference.findtext("YEAR") or ""]
    page = root.findtext("./BIB.INSTANCE/PAGE.FIRST")
    return ", ".join(filter(None, [*pieces, f"p. {page}" if page else ""])) or None


def _date_of_act(root: _Element) -> date | None:
    """The day an act was signed, or a corrigendum published: the file of an act does not say when it was printed."""
    found = root.find("./BIB.INSTANCE/DATE")
    return _iso_date(found.get("ISO")) if found is not None else None


def _iso_date(digits: str | None) -> date | None:
    try:
        return date.fromisoformat(digits) if digits else None
    except ValueError:
        return None


def _say(tree: LawTree, heading: str, element: _Element) -> None:
    text = _text(element)
    if text:
        tree.unnumbered(heading).say(text)


def _text(element: _Element | None) -> str:
    """The words of an element in one line, without footnotes."""
    if element is None:
        return ""
    words: list[str] = []
    _collect(element, words)
    return fold("".join(words))


def _collect(element: _Element, words: list[str]) -> None:
    words.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and child.tag in _BLOCKS:
            words.append(" ")
            _collect(child, words)
            words.append(" ")
        else:
            words.append(_inline_text(child))
        words.append(child.tail or "")


def _inline_text(element: _Element) -> str:
    """The words of part of a sentence. Quotation marks are elements that name their character by its code point."""
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return ""
    if element.tag in ("QUOT.START", "QUOT.END"):
        return _character(element.get("CODE", ""))
    if element.tag in ("BR", "IE"):
        return " "
    words: list[str] = []
    _collect(element, words)
    text = "".join(words)
    return _grouped(text) if element.tag == "FT" and element.get("TYPE") == "NUMBER" else text


def _grouped(number: str) -> str:
    """Digits as the Official Journal prints them, in threes: 10000000 is 10 000 000."""
    return f"{int(number):,}".replace(",", " ") if number.isdecimal() and len(number) > 3 else number


def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _children(element: _Element) -> Iterator[_Element]:
    return (child for child in element if isinstance(child.tag, str) and child.tag != "NOTE")


def _outside_quotations(root: _Element, tag: str) -> Iterator[_Element]:
    return (element for element in root.iter(tag) if not any(True for _ in element.iterancestors("QUOT.S")))
