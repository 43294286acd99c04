"""Where on a web page the document stands, and what stands around it."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.ingest.blocks import Block, fold_space
from assistant.ingest.markup import read_blocks, read_placed_blocks

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SURROUNDINGS = {"nav", "footer", "aside"}
_ROLES = {"navigation", "banner", "contentinfo", "dialog", "alertdialog", "search", "complementary", "menu", "menubar"}
_BANNER = re.compile(
    r"(?:cookie|consent|gdpr|privacy)[-_]?(?:banner|bar|notice|wall|popup|pop-up|modal|dialog|manager|overlay|widget|layer)"
    r"|onetrust|cybotcookiebot|cookiebot|usercentrics|didomi|truste|cc-window|osano|klaro|borlabs|cky-consent|iubenda-cs|axeptio|sp_message",
    re.IGNORECASE,
)
# Share of the words found as the document that an element must hold to be its place.
_MOST = 0.9
_SENTENCE_WORDS = 12
_FEWEST_WORDS = 3
_SURROUNDING_WORDS = re.compile(r"cookie|©|\(c\)|all rights reserved|newsletter|subscribe|javascript", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PagePart:
    """The blocks of the document, how many were left out around it, and which of these are sentences that nobody expects there."""

    blocks: list[Block]
    left_out: int
    suspicious: tuple[str, ...]


def find_document(root: HtmlElement, text: str) -> PagePart:
    """The document on a page: the smallest element that holds (nearly) all that trafilatura takes for the document's text.

    Everything in that element is read by our own walk, so that a table, a schedule or a short clause that the extraction takes
    for boilerplate is kept.
    """
    every = read_blocks(root)
    _hide_surroundings(root)
    place = _smallest_place(root, _extract(text)) if text else root
    kept = read_blocks(place if place is not None else root)
    title = _title_above(root, place) if place is not None else None
    if title is not None and not any(block.kind == "heading" and block.level == 1 for block in kept):
        kept.insert(0, title)
    shown = {block.text for block in kept}
    around = [block for block in every if block.text not in shown]
    return PagePart(kept, len(around), tuple(_sentences_of_note(around)))


def _extract(text: str) -> set[str]:
    """The words of the lines that trafilatura keeps, each word as often as it will."""
    import trafilatura

    logger = logging.getLogger("trafilatura")  # it reports every page without text as an error of its own
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    extracted = trafilatura.extract(text, output_format="txt", include_comments=False, include_tables=True, favor_recall=True)
    return {folded for line in (extracted or "").splitlines() if (folded := _bare(line))}


def _smallest_place(root: HtmlElement, lines: set[str]) -> HtmlElement | None:
    """The deepest element with most of the words; None if nothing of the page was taken for a document."""
    words: Counter[HtmlElement] = Counter()
    for block, element in read_placed_blocks(root):
        size = len(block.text.split())
        if size >= _FEWEST_WORDS and _is_found(block.text, lines):
            for ancestor in [element, *element.iterancestors()]:
                words[ancestor] += size
    if not words[root]:
        return None
    place = root
    while True:
        child = next((child for child in place if words[child] >= _MOST * words[root]), None)
        if child is None or child.tag in ("p", "li", "ul", "ol", "table", "tbody", "tr", "td"):
            return _semantic_place(place)
        place = child


def _semantic_place(place: HtmlElement) -> HtmlElement:
    """The element that the page itself calls its main part, if the place lies in one: titles and dates stand beside the text there."""
    main = next((element for element in [place, *place.iterancestors()] if element.tag == "main" or element.get("role") == "main"), None)
    return main if main is not None else place


def _is_found(text: str, lines: set[str]) -> bool:
    bare = _bare(text)
    return bare in lines or (len(bare) > 40 and any(bare in line or (line in bare and len(line) > len(bare) / 2) for line in lines))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


def _hide_surroundings(root: HtmlElement) -> None:
    """Mark navigation, footers and cookie banners as what is not seen."""
    for element in root.iter():
        if isinstance(element.tag, str) and element.getparent() is not None and _is_surrounding(element):
            element.set("hidden", "")


def _is_surrounding(element: HtmlElement) -> bool:
    if element.tag in ("html", "body", "main", "article"):
        return False
    if element.tag in _SURROUNDINGS or element.get("role") in _ROLES or element.get("aria-modal") == "true":
        return element.tag != "aside" or next(element.iterancestors("main", "article"), None) is None
    if element.tag == "header":
        return next(element.iterancestors("main", "article"), None) is None and next(element.iter("h1"), None) is None
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    return len(names) < 400 and bool(_BANNER.search(names))


def _title_above(root: HtmlElement, place: HtmlElement) -> Block | None:
    """The page's first heading of level 1, which some pages set above their main part."""
    heading = next(root.iter("h1"), None)
    text = fold_space(str(heading.text_content())) if heading is not None else ""
    return Block(text, "heading", level=1) if text and place is not root else None


def _sentences_of_note(around: list[Block]) -> Iterator[str]:
    for block in around:
        if (
            len(block.text.split()) >= _SENTENCE_WORDS
            and not block.is_links
            and block.text.endswith(".")
            and not _SURROUNDING_WORDS.search(block.text)
        ):
            yield block.text
