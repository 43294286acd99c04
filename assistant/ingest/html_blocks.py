"""HTML text to blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.ingest.blocks import Block
from assistant.ingest.markup import read_blocks

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_NULL = "\x00"


def blocks_of_html(text: str) -> list[Block]:
    """All blocks of the HTML, nothing sorted out."""
    root = parse_html(text)
    return read_blocks(root) if root is not None else []


def parse_html(text: str) -> HtmlElement | None:
    """The tree of the page, as a browser would mend it; None if there are no elements in it. Nothing outside is loaded."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return html.document_fromstring(_DECLARATION.sub("", text).replace(_NULL, "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing but white space or comments
        return None
