"""Plain text: contracts and e-mails without mark-up, with headings as lines of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.ingest.blocks import Block, fold_space
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.labels import split_label
from assistant.ingest.policies import parse_policy
from assistant.ingest.text_bytes import decode_text, is_text

_UNDERLINE = re.compile(r"^\s*(?:(={3,})|(-{3,})|(~{3,}))\s*$")
_RULE = re.compile(r"^\s*[-_=*~#+.]{4,}\s*$")
_BULLET = re.compile(r"^\s*[•▪◦●○*–—-]\s+(?=\S)")
_PAGE_NUMBER = re.compile(r"^\s*(?:page\s+)?[-–]?\s*[0-9]{1,4}\s*(?:(?:of|/)\s*[0-9]{1,4})?\s*[-–]?\s*$", re.IGNORECASE)
_HEADING_CHARACTERS = 90
_SENTENCE_END = re.compile(r"[.:;!?,][”\"’')\]]*$")


def recognises(document: RawDocument) -> bool:
    return is_text(document.data)


def read(document: RawDocument) -> ParsedDocument:
    return parse_policy("text", document, list(blocks_of_text(decode_text(document))))


def blocks_of_text(text: str) -> Iterator[Block]:
    """Paragraphs as blank lines part them, or lines if there are no blank ones; single lines that look like it are headings."""
    lines = [line.expandtabs(4) for line in re.sub(r"[\f\v]", "\n\n", text).split("\n")]
    groups = list(_groups(lines))
    if len(groups) == 1 and len(groups[0]) > 1:
        groups = [[line] for line in groups[0]]
    for position, group in enumerate(groups):
        yield from _read_group(group, is_last=position == len(groups) - 1)


def _groups(lines: Sequence[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for line in lines:
        if line.strip() and not (_PAGE_NUMBER.match(line) and not group):
            group.append(line)
        elif group and not line.strip():
            yield group
            group = []
    if group:
        yield group


def _read_group(group: list[str], *, is_last: bool) -> Iterator[Block]:
    if len(group) >= 2 and (underline := _UNDERLINE.match(group[1])):
        yield Block(fold_space(group[0]), "heading", level=1 if underline[1] else 2)
        if group[2:]:
            yield from _read_group(group[2:], is_last=is_last)
        return
    kept = [line for line in group if not _RULE.match(line)]
    if not kept:
        return
    if len(kept) == 1 and not is_last and _is_heading(kept[0]):
        yield Block(fold_space(kept[0]), is_bold=True)
        return
    if len(kept) > 1 and _is_heading_over_text(kept):
        yield Block(fold_space(kept[0]), is_bold=True)
        kept = kept[1:]
    yield from _paragraphs(kept)


def _is_heading(line: str) -> bool:
    """Whether a line that stands alone is a heading: short, not a sentence, nor an item of a list."""
    text = line.strip()
    label, words = split_label(text)
    if len(text) > _HEADING_CHARACTERS or _SENTENCE_END.search(text) or _BULLET.match(line) or not re.search(r"[^\W\d_]{2}", text):
        return False
    return words[:1].isupper() and (label is not None or not re.search(r"[0-9@]", text))


def _is_heading_over_text(lines: Sequence[str]) -> bool:
    """Whether a heading stands right above its text: numbered or in capitals, and far shorter than the line below."""
    label, words = split_label(lines[0].strip())
    return (
        _is_heading(lines[0])
        and (label is not None or words.isupper())
        and split_label(lines[1].strip())[0] is None
        and len(words.split()) <= 12
    )


def _paragraphs(lines: Sequence[str]) -> Iterator[Block]:
    """The paragraphs of a group: each bullet is one, and so is what stands before the first."""
    open_lines: list[str] = []
    open_depth = 0
    for line in [*lines, None]:
        bullet = _BULLET.match(line) if line is not None else None
        if open_lines and (line is None or bullet):
            folded = tuple(fold_space(open_line) for open_line in open_lines)
            yield Block(" ".join(folded), "item" if open_depth else "paragraph", depth=open_depth, lines=folded)
            open_lines = []
        if line is not None:
            if bullet:
                open_depth = 1 + (len(line) - len(line.lstrip())) // 4
            elif not open_lines:
                open_depth = 0
            open_lines.append(line[bullet.end() :] if bullet else line)
