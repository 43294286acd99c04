"""Which part each block plays: a heading, a numbered clause, or text under them; marked up or only looking like it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.ingest.blocks import Block
from assistant.ingest.labels import Label, is_division, split_label

Role = Literal["heading", "clause", "text"]

_HEADING_WORDS = 20
_TITLE_WORDS = 14
_CAPITALS_WORDS = 14
_BOLD_TITLE_WORDS = 12
_PLAIN_HEADING_WORDS = 12
_PARAGRAPH_WORDS = 12
_SMALL_WORDS = set("a an and as at by for from in into of on or our the to via with your we under over".split())
_DATED = re.compile(r"\b(?:19|20)[0-9]{2}\b")


@dataclass(frozen=True, slots=True)
class Part:
    """A block and its part. ``title`` is the heading's words or a clause's run-in title, ``text`` what is left for the clause.

    ``from_list``: the number is that of an ordered list, which conversions get wrong, and not printed in the text.
    """

    role: Role
    block: Block
    text: str = ""
    title: str | None = None
    label: Label | None = None
    from_list: bool = False


def assign_parts(blocks: Sequence[Block]) -> list[Part]:
    """One part for each block, in order."""
    counts_lists = _is_mostly_ordered_lists(blocks)
    parts: list[Part] = []
    heading_is_numbered = False
    for block in blocks:
        part = _assign(block, counts_lists or heading_is_numbered)
        if part.role == "heading" and part.block.kind == "heading":
            heading_is_numbered = part.label is not None
        parts.extend(_unfold(part))
    return parts if any(part.role == "heading" for part in parts) else _with_plain_headings(parts)


def _with_plain_headings(parts: Sequence[Part]) -> list[Part]:
    """The parts of a document without any other heading: lines that look like one above a paragraph, and a first line, are."""
    following: list[Part | None] = [*parts[1:], None]
    return [
        Part("heading", part.block, title=part.text) if _stands_above(part, after, is_first=index == 0) else part
        for index, (part, after) in enumerate(zip(parts, following, strict=True))
    ]


def _stands_above(part: Part, after: Part | None, *, is_first: bool) -> bool:
    block = part.block
    if part.role != "text" or block.kind != "paragraph" or after is None or not block.text[:1].isupper() or "|" in block.text:
        return False
    is_line = _looks_like_heading(block.text, block) and block.text[-1] not in ".!" and len(block.text.split()) <= _PLAIN_HEADING_WORDS
    return is_line and (is_first or len(after.block.text.split()) >= _PARAGRAPH_WORDS)


# A title before the first of its parts: "Content of notification —(1) Elements. …", "Written notice. (i) …".
_LEADING_TITLE = re.compile(r"^(?P<title>[A-Z](?:[^.;()]{2,120}?\s?[—–]|[^.;:()]{2,90}?\.))\s*(?=\((?:1|i|A|a)\)\s+[A-Z])")


def _unfold(part: Part) -> list[Part]:
    """A clause that opens two levels at once, "(c)(1) Standard: …", as one clause with no more than a title and one in it."""
    if part.role != "clause" or part.from_list or part.title or part.label is None or not part.label.is_bracketed:
        return [part]
    title = _LEADING_TITLE.match(part.text)
    lead, text = (title["title"], part.text[title.end() :]) if title else ("", part.text)
    label, rest = split_label(text)
    opens_two = bool(title) or bool(re.match(r"^\s*(?:§*\s*[\w.]+|\(\w{1,5}\))\(", part.block.text))
    if label is None or not label.is_bracketed or not opens_two or not text.startswith("("):
        return [part]
    return [Part("clause", part.block, text=lead, label=part.label), *_unfold(Part("clause", part.block, text=rest, label=label))]


def _is_mostly_ordered_lists(blocks: Sequence[Block]) -> bool:
    """Whether the ordered lists are the document (a contract) and no lists in a document."""
    sizes = {True: 0, False: 0}
    for block in blocks:
        sizes[block.kind == "item" and (block.label is not None or block.depth > 1)] += len(block.text)
    return sizes[True] > sizes[False]


def _assign(block: Block, counts_lists: bool) -> Part:
    if block.kind == "heading":
        label, _ = split_label(block.text, spaced=True)
        return Part("heading", block, title=block.text, label=label)
    if block.kind == "row":
        return Part("text", block, text=block.text)
    if block.label is not None and (part := _list_item(block, counts_lists)):
        return part
    label, rest = split_label(block.text, spaced=block.is_bold)
    if label is not None:
        return _labelled(block, label, rest)
    return _unlabelled(block)


def _list_item(block: Block, counts_lists: bool) -> Part | None:
    """An item of an ordered list; None if its number is no address in the document."""
    assert block.label is not None
    label = Label((block.label,))
    printed, rest = split_label(block.text)
    if printed is not None and printed.is_absolute:
        return None  # "1. 10.1 Scope": the printed number is the policy's own
    text = rest if printed is not None and printed.parts == label.parts else block.text
    if _looks_like_heading(text, block) and (block.is_bold or block.list_size == 1):
        return Part("heading", block, title=text, label=label, from_list=True)
    title = _bold_title(block)
    if title is not None:
        _, shown = split_label(title)
        return Part("clause", block, text=_after(title, block.text), title=shown if printed else title, label=label, from_list=True)
    if counts_lists:
        return Part("clause", block, text=text, label=label, from_list=True)
    return None


def _labelled(block: Block, label: Label, rest: str) -> Part:
    in_bullet = block.kind == "item"
    if not rest.strip():
        return Part("clause", block, label=label)
    if block.is_bold and (_looks_like_heading(rest, block) or len(rest.split()) <= _BOLD_TITLE_WORDS):
        return Part("heading", block, title=rest, label=label)
    title = _bold_title(block)
    if title is not None and split_label(title)[1]:
        return Part("clause", block, text=_after(title, block.text), title=title, label=label)
    if not in_bullet:
        if _looks_like_heading(rest, block) and rest[:1].isupper() and not label.is_bracketed:
            return Part("heading", block, title=block.text, label=label)
        run_in = _plain_title(rest)
        if run_in is not None and not label.is_bracketed:
            shown = block.text[: len(block.text) - len(rest)] + run_in
            return Part("clause", block, text=rest[len(run_in) :].strip(), title=shown, label=label)
    return Part("clause", block, text=rest, label=label)


def _unlabelled(block: Block) -> Part:
    if block.kind == "paragraph":
        if (block.is_bold or is_division(block.text)) and _looks_like_heading(block.text, block):
            return Part("heading", block, title=block.text)
        if _is_capitals(block.text) and _looks_like_heading(block.text, block):
            return Part("heading", block, title=block.text)
        title = _bold_title(block)
        if title is not None:
            return Part("heading", block, title=title, text=_after(title, block.text))
    return Part("text", block, text=block.text)


def _looks_like_heading(text: str, block: Block) -> bool:
    """Short, no sentence, no date."""
    words = text.split()
    if not words or len(words) > _HEADING_WORDS or (_DATED.search(text) and len(words) < 8 and block.kind != "heading"):
        return False
    if text.endswith((";", ",", ":", "…")):
        return False
    if text.endswith((".", "!")):
        return len(words) <= 8 and _is_title_case(words)
    return not re.search(r"[a-zà-ÿ]{3}[.!] ", text)


def _is_capitals(text: str) -> bool:
    return (
        text.isupper()
        and sum(letter.isalpha() for letter in text) >= 4
        and text[0] not in "“\"‘'«„"
        and 1 <= len(text.split()) <= _CAPITALS_WORDS
    )


def _is_title_case(words: Sequence[str]) -> bool:
    return all(word[:1].isupper() or not word[:1].isalpha() or word.lower().strip(".,") in _SMALL_WORDS for word in words)


def _bold_title(block: Block) -> str | None:
    """The bold run-in, if it is a title and no term that the sentence goes on from."""
    title = block.title
    if title is None or block.is_bold or title[0] in "“\"‘'«„(" or len(title.split()) > _TITLE_WORDS:
        return None
    _, words = split_label(title)
    ends = title.endswith((".", ":", "?", "!")) or _after(title, block.text, strip=False)[:1] in (".", ":", "?")
    if not ends or (words and not words[:1].isupper()) or (block.kind == "item" and block.label is None and split_label(title)[0] is None):
        return None
    return title


def _after(title: str, text: str, *, strip: bool = True) -> str:
    """What follows the run-in title, without the mark that closes it."""
    rest = text[len(title) :] if text.startswith(title) else text
    return rest.lstrip(" .:–—-").strip() if strip else rest.lstrip()


def _plain_title(text: str) -> str | None:
    """A run-in title without mark-up: a few words in title case, closed by a full stop ("Limitations on Use. You agree …")."""
    match = re.match(r"^(?P<title>[A-ZÀ-Þ][^.;:!?]{1,70})\.\s+(?=[A-ZÀ-Þ“\"])", text)
    if match is None:
        return None
    words = match["title"].split()
    return match["title"] + "." if len(words) <= 8 and _is_title_case(words) else None


def with_label(part: Part, label: Label) -> Part:
    return replace(part, label=label)
