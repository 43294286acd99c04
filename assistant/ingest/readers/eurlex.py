"""EUR-Lex pages: the Official Journal's XHTML, consolidated texts, and either of them inside the web page that a browser saves.

The mark-up of the last twenty years differs in names, not in kind: a heading is a paragraph with a class of its own, a point is
a table or a grid of two columns, label and text. So the document is read in its order, and classes say what comes next.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.eurlex_markup import (
    FOOTNOTE_CLASSES,
    classes_of,
    elements_of,
    fill,
    fill_grid,
    fill_indented,
    fill_table,
    grid_label,
    hanging_label,
    is_grid,
    is_head_of_journal,
    is_indented,
    is_skipped,
    label_and_cell,
    raw_text,
    row_text,
    rows_of,
    without_amendment_marks,
)
from assistant.ingest.eurlex_metadata import read_metadata
from assistant.ingest.law_tree import CORRIGENDUM_WARNING, LawTree, Part, clean_label, counted, fold, union_number
from assistant.ingest.xml_input import read_html

if TYPE_CHECKING:
    from lxml.etree import _Element

_MARKS = re.compile(
    rb"""class=["'](?:oj-)?(?:ti-art|doc-ti|ti-section-1|sti-art|title-article-norm|title-doc-first|title-doc-last)["'\s]"""
)
# Where the web page keeps the document; its menus, tables of languages and footers lie outside.
_CONTAINERS = ("document1", "textTabContent", "TexteOnly", "text", "docHtml")

_TITLE = frozenset({"doc-ti", "title-doc-first", "title-doc-last", "title-doc-oj-reference", "doc-title"})
_DIVISION = frozenset({"ti-section-1", "title-division-1"})
_DIVISION_NAME = frozenset({"ti-section-2", "title-division-2"})
_ARTICLE = frozenset({"ti-art", "title-article-norm", "title-article"})
_ARTICLE_NAME = frozenset({"sti-art", "stitle-article-norm", "stitle-article"})
_ANNEX = frozenset({"ti-annex", "title-annex-1", "doc-ti-annex"})
_ANNEX_NAME = frozenset({"sti-annex", "title-annex-2"})
_GROUP = re.compile(r"^(?:ti-grseq|title-gr-seq)")

_PARAGRAPH = re.compile(r"^\s*(?:\(([0-9]{1,3}[a-z]{0,2})\)|([0-9]{1,3}[a-z]{0,2})\.)[\s\u00a0]*(?:[\u00a0\u2003\u2002]|\s{3})[\s\u00a0]*")
_PARAGRAPH_ID = re.compile(r"^[0-9]{3}[A-Za-z]*\.[0-9]{3}[A-Za-z]*$")
_RECITAL = re.compile(r"^\s*\(\s*([0-9]{1,3})\s*\)[\s\u00a0]*")
_ANNEX_WORD = re.compile(
    r"^(?:annex|anhang|annexe|anexo|allegato|bijlage|bilag|bilaga|załącznik|liite|příloha|príloha|priloga|prilog|lisa|priedas|pielikums"
    r"|melléklet|anexa|приложение|παραρτημα|παράρτημα|anness|iarscríbhinn)\b\s*(?:([ivxlc]+|[0-9]{1,2})(?!\w))?",
    re.IGNORECASE,
)
_GROUP_NUMBER = re.compile(
    r"^(?:(?:section|abschnitt|sección|sezione|part|teil|partie|parte|chapter|kapitel|chapitre)\s+([A-Z]|[IVXL]+|[0-9]{1,2})\b"
    r"|\(?([0-9]{1,3}(?:\.[0-9]{1,3})*|[A-Z]|[IVXL]+)[.)](?=[\s\u00a0]))",
    re.IGNORECASE,
)
_ARTICLE_NUMBER = re.compile(
    r"([0-9]{1,4})(?:er\b)?\s?(bis|ter|quater|quinquies|sexies|septies|octies|novies|decies|[a-z]{0,2})\b", re.IGNORECASE
)
_ARTICLE_ID = re.compile(r"^art_([0-9]{1,4})([a-z]{0,2})$", re.IGNORECASE)
_LEVELS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}[a-z]?)+\.?")
_ENDS_A_SENTENCE = re.compile(r"[.;:,—–][’”»“]?$")
_CORRIGENDUM = re.compile(
    r"(?:corrigend|berichtigung|rectificati|corrección|rettifica|retificação|berigtigelse|rättelse|oikaisu|sprostowanie|oprava|korigend"
    r"|ispravak|popravek|helyesbítés|kļūdu labojums|klaidų ištaisymas|parandus|διορθωτικ|поправка|ceartúchán|rettifika)",
    re.IGNORECASE,
)
_IMPRINT = re.compile(r"^(?:ELI: https?://|ISSN [0-9])")
_CITATION_ID = re.compile(r"^cit_[0-9]+$")


def recognises(document: RawDocument) -> bool:
    return _MARKS.search(document.data) is not None


def read(document: RawDocument) -> ParsedDocument:
    """Articles with their paragraphs and points, recitals, annexes and the words around them.

    Footnotes, amendment marks, signatures and all of the web page around the document are left out. Raises InputError if the
    page has the mark-up of EUR-Lex but no text of an act, as a page that only lists its languages.
    """
    root = read_html(document)
    body = _document_part(root)
    reader = _Reader()
    reader.walk(body)
    tree = reader.tree
    if not tree.clauses():
        raise InputError(f"{document.name} is an EUR-Lex page without the text of an act: save the page with its text shown.")
    marked = {div.get("id", "") for div in body.iter("div") if _PARAGRAPH_ID.match(div.get("id", ""))}
    if marked:  # as the mark-up counts them, which takes in paragraphs that an amending article quotes
        tree.units["numbered_paragraphs"] = len(marked)
    tree.units["footnotes"] = sum(1 for p in body.iter("p") if not FOOTNOTE_CLASSES.isdisjoint(classes_of(p)))
    for unit in ("articles", "recitals", "annexes", "chapters", "sections"):
        tree.units.setdefault(unit, 0)
    skipped = [counted(tree.units["footnotes"], "footnote")] if tree.units["footnotes"] else []
    if reader.signatures:
        skipped.append("the signatures")
    if body is not root and body.tag != "body":
        skipped.append("the web page around the document")
    metadata = read_metadata(root, body, reader.titles)
    warnings = tree.warnings
    if reader.is_corrigendum:
        warnings = (*warnings, CORRIGENDUM_WARNING)
        tree.units["corrections"] = _count_corrections(tree)
        tree.units.pop("numbered_paragraphs", None)  # the other act's
    return ParsedDocument("EUR-Lex XHTML", tree.clauses(), metadata, dict(tree.units), tuple(skipped), warnings)


def _count_corrections(tree: LawTree) -> int:
    """Each correction has its "for:" and its "read:", whatever the language calls them: the short line that comes most often."""
    lines = Counter(clause.text for clause in tree.clauses() if clause.text.endswith(":") and len(clause.text) < 40)
    return max(lines.values(), default=1)


def _document_part(root: _Element) -> _Element:
    for name in _CONTAINERS:
        found = root.find(f".//*[@id='{name}']")
        if found is not None and _has_act(found):
            return found
    body = root.find("body")
    return body if body is not None else root


def _has_act(element: _Element) -> bool:
    return any(not _ARTICLE.isdisjoint(classes_of(p)) or not _TITLE.isdisjoint(classes_of(p)) for p in element.iter("p"))


class _Reader:
    """Walks a page in its order; ``_here`` is the part that plain text belongs to."""

    def __init__(self) -> None:
        self.tree = LawTree()
        self.titles: list[str] = []
        self.signatures = False
        self._zone = "title"
        self._top: Part | None = None  # the article, annex or recital that is open
        self._here: Part | None = None
        self._marked_paragraphs = False  # whether the open article marks its numbered paragraphs by id
        self._group_unnamed = False  # whether a group of an annex has its number but not yet its title

    def walk(self, element: _Element) -> None:
        for child in elements_of(element):
            self._visit(child)

    def _visit(self, child: _Element) -> None:
        classes = classes_of(child)
        if _CITATION_ID.match(child.get("id", "")):
            self.tree.units["citations"] += 1
        if child.get("id") == "fnp_1" or "final" in classes:
            self._enter_final()
        if is_skipped(classes):
            self.signatures = self.signatures or "signatory" in classes
        elif not FOOTNOTE_CLASSES.isdisjoint(classes):
            pass  # a note below the text, not a word of the law; counted apart
        elif child.get("id", "").startswith("art_") and "eli-title" in classes and self._zone == "articles" and self._top is not None:
            self._name_article(fold(raw_text(child)))
        elif is_indented(child) and self._here is not None:
            self._indented(child)
        elif child.tag == "table":
            self._table(child)
        elif is_grid(child, classes):
            self._grid(child)
        elif child.tag == "div" and "norm" in classes:
            self._norm(child)
        elif child.tag in ("p", "span", "h1", "h2", "h3", "h4", "li", "dd", "dt"):
            self._paragraph(child, classes)
        else:
            self._loose_text(child.text)
            self.walk(child)
        self._loose_text(child.tail)

    @property
    def is_corrigendum(self) -> bool:
        """Whether the page corrects another act: it quotes that act's articles and recitals, and has none of its own."""
        return bool(self.titles) and _CORRIGENDUM.match(self.titles[0]) is not None

    def _paragraph(self, paragraph: _Element, classes: frozenset[str]) -> None:
        raw = raw_text(paragraph)
        text = fold(raw)
        if not text or _IMPRINT.match(text):
            return
        if self.is_corrigendum and _TITLE.isdisjoint(classes):
            self.tree.unnumbered("Corrections").say(text)
            return
        if not _ARTICLE.isdisjoint(classes):
            self._enter_article(paragraph, text)
        elif not _ARTICLE_NAME.isdisjoint(classes) and self._top is not None and self._zone == "articles":
            self._name_article(text)
        elif not _DIVISION.isdisjoint(classes):
            self._zone = "articles" if self._zone in ("title", "preamble") else self._zone
            self.tree.divide(text)
        elif not _DIVISION_NAME.isdisjoint(classes):
            self.tree.name_division(text)
        elif not _ANNEX.isdisjoint(classes) or (not _TITLE.isdisjoint(classes) and _ANNEX_WORD.match(text)):
            self._enter_annex(text)
        elif not _ANNEX_NAME.isdisjoint(classes) or (not _TITLE.isdisjoint(classes) and self._zone == "annex"):
            self._name_annex(text)
        elif not _TITLE.isdisjoint(classes):
            if self._zone == "title":
                self.titles.append(text)
        elif any(_GROUP.match(name) for name in classes) and self._zone == "annex" and self._top is not None:
            self._group(text)
        else:
            self._plain(paragraph, raw, text)

    def _plain(self, paragraph: _Element, raw: str, text: str) -> None:
        if self._zone == "title":
            self._zone = "preamble"
        if self._zone == "preamble":
            number = _RECITAL.match(raw)
            if number:
                self._enter_recital(number.group(1))
                self._say(raw[number.end() :])
            elif self._here is not None and paragraph.tag != "p":
                self._here.say(text)
            else:
                self._here = None
                self.tree.unnumbered("Preamble").say(text)
            return
        if self._is_bare_title(paragraph, text):
            self._name_article(text)
            return
        numbered = _PARAGRAPH.match(raw) if self._may_be_numbered(paragraph) else None
        if numbered and self._top is not None:
            self._enter_paragraph(numbered.group(1) or numbered.group(2))
            text = fold(raw[numbered.end() :])
        self._say(text)

    def _say(self, text: str) -> None:
        if self._here is not None:
            self._here.say(text)
        elif fold(text):
            heading = "Final formula" if self._zone == "final" else "Preamble" if self._zone in ("title", "preamble") else "Text"
            self.tree.unnumbered(heading).say(text)

    def _loose_text(self, text: str | None) -> None:
        """Words between elements: seldom there, and never to be lost."""
        if text and not text.isspace() and fold(text) and self._zone != "title":
            self._say(without_amendment_marks(text))

    def _is_bare_title(self, paragraph: _Element, text: str) -> bool:
        """Older consolidated texts do not mark the title of an article: it stands right below the number and ends no sentence."""
        if self._zone != "articles" or self._top is None or self._here is not self._top or not self._top.is_empty:
            return False
        return "norm" in classes_of(paragraph) and not _ENDS_A_SENTENCE.search(text) and not _PARAGRAPH.match(text)

    def _may_be_numbered(self, paragraph: _Element) -> bool:
        if self._zone == "annex":
            return True
        if self._zone != "articles":
            return False
        parent = paragraph.getparent()
        return not self._marked_paragraphs or (parent is not None and bool(_PARAGRAPH_ID.match(parent.get("id", ""))))

    def _enter_article(self, heading: _Element, text: str) -> None:
        self._zone = "articles"
        container = heading.getparent()
        # The id counts an article put between others as the Union does (12a), whatever a language prints (12 bis).
        number = (_ARTICLE_ID.match(container.get("id", "")) if container is not None else None) or _ARTICLE_NUMBER.search(text)
        self.tree.units["articles"] += 1
        self._top = self._here = self.tree.part("article", union_number(number.group(1), number.group(2)) if number else "1")
        self._marked_paragraphs = container is not None and any(_PARAGRAPH_ID.match(div.get("id", "")) for div in container.iter("div"))

    def _name_article(self, title: str) -> None:
        if self._top is not None and title:
            self._top.headings = (*self._top.headings, title)

    def _enter_paragraph(self, label: str) -> None:
        self.tree.units["numbered_paragraphs"] += self._zone == "articles"
        if self._top is not None:
            self._here = self._top.below(label)

    def _enter_recital(self, number: str) -> None:
        self.tree.units["recitals"] += 1
        self._top = self._here = self.tree.part("recital", number)

    def _enter_annex(self, text: str) -> None:
        if self._zone == "annex" and self._top is not None and self._top.is_empty and not _ANNEX_WORD.match(text):
            self._name_annex(text)
            return
        self._zone = "annex"
        self.tree.leave_divisions()
        self.tree.units["annexes"] += 1
        match = _ANNEX_WORD.match(text) or re.search(r"()\b([IVXLC]+|[0-9]{1,2})\b", text)
        number = (match.group(match.lastindex or 0) if match and match.lastindex else "") or ""
        self._top = self._here = self.tree.part("annex", number.upper(), text)

    def _name_annex(self, text: str) -> None:
        if self._top is not None and self._top.headings:
            *above, label = self._top.headings
            self._top.headings = (*above, f"{label}: {text}" if ": " not in label else f"{label} {text}")

    def _group(self, text: str) -> None:
        """A heading inside an annex: a part of its own if it has a number, and the number's words stay with it."""
        assert self._top is not None
        number = _GROUP_NUMBER.match(text)
        if number is None and self._group_unnamed and self._here is not None:
            self._here.headings = (*self._here.headings[:-1], f"{self._here.headings[-1]}: {text}")
            self._group_unnamed = False
        elif number is None:
            self._here = self._top
            self._top.say(text)
        elif number.group(1):
            self._here = self._top.below(number.group(1).upper(), heading=text)
            self._group_unnamed = number.end() == len(text)
        else:
            self._here = self._top.below(number.group(2))
            self._here.say(text[number.end() :])

    def _enter_final(self) -> None:
        if self._zone != "final":
            self._zone = "final"
            self.tree.leave_divisions()
            self._top = self._here = None

    def _norm(self, block: _Element) -> None:
        """A block of a consolidated text: numbered if it begins with a number of its own."""
        number = next((child for child in elements_of(block) if "no-parag" in classes_of(child)), None)
        if number is not None and self._zone == "articles":
            self._enter_paragraph(raw_text(number))
        for child in elements_of(block):
            if child is number:
                self._loose_text(child.tail)
            elif child.tag == "div" and "inline-element" in classes_of(child):
                self._fill(child)
                self._loose_text(child.tail)
            else:
                self._visit(child)
        if not len(block):
            self._say(fold(raw_text(block)))

    def _indented(self, block: _Element) -> None:
        """A hanging block; one with a number of several levels ("3.1") stays open for the points after it."""
        label = hanging_label(block)
        if label is not None and _LEVELS.fullmatch(label) and self._top is not None:
            self._here = self._top.below(label)
            fill_indented(self._here, block, within=True)
        elif self._here is not None:
            fill_indented(self._here, block)

    def _table(self, table: _Element) -> None:
        if is_head_of_journal(table) or (self._zone == "title" and _is_preface(table)):
            return  # the head of the Official Journal, or the list of acts over a consolidated text
        if self.is_corrigendum:
            for row in rows_of(table):
                self.tree.unnumbered("Corrections").say(row_text(row))
            return
        if self._here is None and self._zone in ("title", "preamble"):
            self._zone = "preamble"
        if self._zone == "preamble":
            self._recital_table(table)
        elif self._here is None:
            for row in rows_of(table):
                self._say(row_text(row))
        else:
            fill_table(self._here, table)

    def _recital_table(self, table: _Element) -> None:
        for row in rows_of(table):
            label, cell = label_and_cell(row)
            number = clean_label(label) if label else None
            if cell is not None and number and number.isdigit():
                self._enter_recital(number)
                assert self._here is not None
                fill(self._here, cell)
            elif self._here is not None:
                fill_table(self._here, table)
                return
            else:
                self.tree.unnumbered("Preamble").say(row_text(row))

    def _grid(self, grid: _Element) -> None:
        if self._zone in ("title", "preamble"):
            label = fold(raw_text(grid_label(grid)))
            number = clean_label(label)
            if number and number.isdigit():
                self._enter_recital(number)
                assert self._here is not None
                fill_grid(self._here, grid, within=True)
                return
        if self._here is None:
            self._say(fold(raw_text(grid)))
        else:
            fill_grid(self._here, grid)

    def _fill(self, element: _Element) -> None:
        if self._here is None:
            self._say(fold(raw_text(element)))
        else:
            fill(self._here, element)


def _is_preface(table: _Element) -> bool:
    return any(not _TITLE.isdisjoint(classes_of(p)) or "arrow" in classes_of(p) for p in table.iter("p"))
