"""From the blocks of a policy, contract or guidance to its clauses and to what it says of itself; the same for every format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from assistant.errors import InputError
from assistant.ingest.blocks import Block, fold_space
from assistant.ingest.captures import refuse_broken_capture
from assistant.ingest.documents import Metadata, ParsedDocument, RawDocument
from assistant.ingest.labels import is_division, split_label
from assistant.ingest.noise import drop_noise
from assistant.ingest.outline import OutlinedDocument, outline
from assistant.ingest.paragraphs import join_wrapped, split_long
from assistant.ingest.printed import printed_date
from assistant.locators import Locator

_TITLE_BLOCKS = 15
_TITLE_LINES = 3
_TITLE_WORDS = 12


def parse_policy(
    format_name: str,
    document: RawDocument,
    blocks: Sequence[Block],
    *,
    stated: Mapping[str, Any] | None = None,
    section: Locator | None = None,
    title: str | None = None,
    units: Mapping[str, int] | None = None,
    skipped: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> ParsedDocument:
    """The clauses of the blocks. ``stated`` is what the file says in front matter or properties; ``title`` counts after that.

    Raises InputError if the blocks are no document: an empty one, a login page, a cookie wall.
    """
    parts = (part for block in join_wrapped(blocks) for line in _split_lines(block) for part in split_long(line))
    kept, noise = drop_noise(list(parts))
    refuse_broken_capture(document.name, kept, size=len(document.data))
    metadata = _metadata(kept, stated or {}, title)
    outlined = outline(kept, title=metadata.title, section=section, keeps_title=any(block.page for block in kept))
    if not outlined.clauses:
        raise InputError(f"{document.name} holds no text that could be cited. Save the document again.")
    return ParsedDocument(
        format_name,
        outlined.clauses,
        metadata,
        units={"headings": outlined.headings, "clauses": len(outlined.clauses), **(units or {})},
        skipped=(*skipped, *noise),
        warnings=(*warnings, *_corrections(outlined)),
    )


def _corrections(outlined: OutlinedDocument) -> Iterator[str]:
    if outlined.corrected:
        printed, right = outlined.corrected[0]
        yield (
            f"{len(outlined.corrected)} list numbers did not follow one another, as a conversion leaves them, and were put right: "
            f"the first is {printed}, now {right}."
        )


def _split_lines(block: Block) -> Iterator[Block]:
    """The block, parted where a line of it begins with a number or is a heading of its own."""
    if block.kind not in ("paragraph", "item") or len(block.lines) < 2:
        yield block
        return
    groups: list[list[str]] = [[block.lines[0]]]
    for line in block.lines[1:]:
        before = groups[-1][-1]
        if _begins_clause(line, before) or (len(groups[-1]) == 1 and _is_heading_line(before)):
            groups.append([line])
        else:
            groups[-1].append(line)
    if len(groups) == 1:
        yield block
        return
    for index, group in enumerate(groups):
        text = fold_space(" ".join(group))
        first = index == 0
        title = block.title if first and block.title and text.startswith(block.title) and text != block.title else None
        is_bold = block.is_bold or (first and text == block.title)
        yield replace(block, text=text, lines=tuple(group), title=title, is_bold=is_bold, label=block.label if first else None)


def _begins_clause(line: str, before: str) -> bool:
    """Whether a new line begins with a number that the end of the line before allows: not one broken off "paragraph (a)"."""
    label, rest = split_label(line)
    if label is not None and rest:
        return before.rstrip("”\"')").endswith((".", ";", ":", "and", "or", ",")) or _is_heading_line(before)
    return bool(re.match(r"^[-–•▪·*]\s+\S", line))


def _is_heading_line(line: str) -> bool:
    label, rest = split_label(line)
    words = rest.split()
    return label is not None and 0 < len(words) <= 12 and rest[0].isupper() and not rest.endswith((".", ";", ",", ":"))


def _metadata(blocks: Sequence[Block], stated: Mapping[str, Any], title: str | None) -> Metadata:
    day, edition = printed_date(blocks)
    return Metadata(
        title=_text(stated, "title") or _first_heading(blocks) or title,
        publisher=_text(stated, "publisher", "organization", "company"),
        url=_url(stated),
        language=_language(stated),
        licence=_text(stated, "licence", "license", "rights"),
        version_date=_date(stated, "version_date", "date", "updated", "last_updated") or day,
        edition=_text(stated, "version", "edition") or edition,
    )


def _first_heading(blocks: Sequence[Block]) -> str | None:
    """The document's title: its outermost heading at the beginning, if it is neither numbered nor the name of a part."""
    headings = [
        block
        for block in blocks[:_TITLE_BLOCKS]
        if block.kind == "heading" and split_label(block.text)[0] is None and not is_division(block.text)
    ]
    if headings:
        return min(headings, key=lambda block: block.level).text
    shown = [
        block
        for block in blocks[:_TITLE_LINES]
        if block.label is None and (block.is_bold or block.text.isupper()) and len(block.text.split()) <= _TITLE_WORDS
    ]
    first = blocks[0] if blocks else None
    if (
        first
        and not headings
        and not shown
        and not any(block.is_bold for block in blocks)
        and 0 < len(first.text.split()) <= _TITLE_WORDS // 2
    ):
        shown = [first]
    return next(
        (block.text for block in shown if split_label(block.text)[0] is None and not re.search(r"[0-9]{4}|[.:;]$", block.text)), None
    )


def _text(stated: Mapping[str, Any], *keys: str) -> str | None:
    return next((fold_space(str(stated[key])) for key in keys if isinstance(stated.get(key), str | int) and str(stated[key]).strip()), None)


def _url(stated: Mapping[str, Any]) -> str | None:
    url = _text(stated, "url", "source", "canonical", "canonical_url")
    return url if url and re.match(r"https?://\S+$", url) else None


def _language(stated: Mapping[str, Any]) -> str | None:
    match = re.match(r"^([a-z]{2})(?:[-_]|$)", (_text(stated, "language", "lang") or "").lower())
    return match[1] if match else None


def _date(stated: Mapping[str, Any], *keys: str) -> date | None:
    for key in keys:
        value = stated.get(key)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            try:
                return date.fromisoformat(value[:10])
            except ValueError:
                continue
    return None
