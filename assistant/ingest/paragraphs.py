"""Paragraphs as a reader would part them, where a conversion has broken them at the ends of lines or left them all in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.ingest.blocks import Block
from assistant.ingest.labels import split_label
from assistant.ingest.sentences import sentence_ends

LONGEST = 4000  # characters of a paragraph that stays as it is
_PIECE = 1500
_BROKEN = 0.15  # share of paragraphs that must be broken in the middle of a sentence for it to be the conversion's doing


def join_wrapped(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with paragraphs put together that are lines of one, as text taken from a PDF has them."""
    pairs = sum(_is_broken(before, after) for before, after in pairwise(blocks))
    if pairs < _BROKEN * len(blocks):
        return list(blocks)
    joined: list[Block] = []
    for block in blocks:
        if joined and _is_broken(joined[-1], block):
            before = joined[-1]
            joined[-1] = replace(before, text=f"{before.text} {block.text}", lines=(*before.lines, *block.lines), title=None)
        else:
            joined.append(block)
    return joined


def _is_broken(before: Block, after: Block) -> bool:
    """Whether a paragraph ends within a sentence and the next goes on with a small letter."""
    return (
        before.kind == after.kind == "paragraph"
        and before.depth == after.depth
        and before.page == after.page
        and not before.text.endswith((".", ":", ";", "!", "?", "…", "|"))
        and after.text[:1].islower()
        and split_label(after.text)[0] is None
    )


def split_long(block: Block) -> Iterator[Block]:
    """A paragraph of several thousand characters, parted between sentences; anything else as it is."""
    if block.kind not in ("paragraph", "item") or len(block.text) <= LONGEST:
        yield block
        return
    start = 0
    last = 0
    for end in [*sentence_ends(block.text), len(block.text)]:
        if end - start > _PIECE and last > start:
            yield _piece(block, start, last)
            start = last
        last = end
    yield _piece(block, start, len(block.text))


def _piece(block: Block, start: int, end: int) -> Block:
    text = block.text[start:end].strip()
    return replace(block, text=text, lines=(text,), title=block.title if start == 0 else None, label=block.label if start == 0 else None)
