"""What every document reader makes of its format first: headings, paragraphs, list items and table rows, in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "row"]

# Characters that have no width and no meaning here: soft hyphen, zero-width space and joiner, word joiner, byte order mark.
_INVISIBLE = re.compile("[\u00ad\u200b\u200d\u2060\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row.

    ``level`` is that of a heading (1 is outermost), ``depth`` the number of lists and block quotes around the block. ``label`` is
    the number an ordered list gives the item (``1``, ``a``, ``iv``), not one printed in the text. ``title`` is a bold run-in at
    the start of ``text``, ``is_bold`` says that all of it is bold. ``lines`` are the lines of the text as the source breaks
    them. ``is_links`` says that nothing but links stands here. ``list_size`` counts the items of an ordered list.
    """

    text: str
    kind: BlockKind = "paragraph"
    level: int = 0
    depth: int = 0
    label: str | None = None
    title: str | None = None
    is_bold: bool = False
    lines: tuple[str, ...] = ()
    is_links: bool = False
    list_size: int = 0
    page: int | None = None


def fold_space(text: str) -> str:
    """The text with its white space folded and what cannot be seen taken out."""
    return " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", text)).split())
