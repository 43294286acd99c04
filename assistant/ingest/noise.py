"""What surrounds a document on its page and is no part of it: site navigation, tables of contents, links to other formats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from assistant.ingest.blocks import Block

_CONTENTS = re.compile(
    r"^table of contents?$|^contents$|^on this page$|^in this (?:article|policy|document)$|^sommaire$|^table des matières$"
    r"|^inhalt(?:sverzeichnis)?$",
    re.IGNORECASE,
)
_CONTROLS = re.compile(
    r"^(?:skip to (?:main )?content|back to top|top of page|opens? in (?:a )?new (?:tab|window)|print(?: this page)?|share|copy link"
    r"|download(?: as)? pdf|select (?:a|your) (?:language|region)|search|menu|close|expand all|collapse all|show more|show less"
    r"|view more|read more|was this (?:page )?helpful\??|jump to section|learn more|filter by"
    r"|[0-9]+\s*[-–]\s*[0-9]+ of [0-9]+ results?|show ?results per page|fa-[a-z-]+(?: [\w-]+)*)$",
    re.IGNORECASE,
)
_SENTENCE_WORDS = 12
_LINK_WORDS = 4
_ENTRY_CHARACTERS = 300
_ENTRY_BEGINNING = 25
_LEAST_ENTRIES = 5
_ENTRY_GAP = 3
_LEAST_LINKS = 4


def drop_noise(blocks: Sequence[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks of the document itself, and what was left out."""
    kept, skipped = _drop_navigation_before_title(list(blocks))
    kept, contents = _drop_contents(kept)
    controls = [block for block in kept if _is_control(block)]
    if controls:
        kept = [block for block in kept if not _is_control(block)]
        skipped.append(f"{len(controls)} controls of the page ({_sample(controls)})")
    return kept, (*skipped, *contents)


def _drop_navigation_before_title(blocks: list[Block]) -> tuple[list[Block], list[str]]:
    """Menus before the first heading: several links and no sentence among them."""
    before = list(takewhile(lambda block: block.kind != "heading", blocks))
    if len(before) == len(blocks) or sum(block.is_links for block in before) < 2:
        return blocks, []
    sentence = next((index for index, block in enumerate(before) if _is_sentence(block)), None)
    menu = before if sentence is None else before[:sentence]
    last_link = max((index for index, block in enumerate(menu) if block.is_links), default=-1)
    menu = menu[: last_link + 1]
    dated = [block for block in menu if re.search(r"\b(?:19|20)[0-9]{2}\b", block.text)]
    if sum(block.is_links for block in menu) < 2:
        return blocks, []
    left_out = [block for block in menu if block not in dated]
    return [*dated, *blocks[len(menu) :]], [f"site navigation before the title: {len(left_out)} lines ({_sample(left_out)})"]


def drop_link_bars(blocks: Sequence[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks without rows of short links, such as the tabs of a page, which only HTML has; and what was left out."""
    kept: list[Block] = []
    left_out = 0
    index = 0
    while index < len(blocks):
        bar = list(takewhile(lambda block: block.is_links and len(block.text.split()) <= _LINK_WORDS, blocks[index:]))
        if len(bar) >= _LEAST_LINKS:
            left_out += len(bar)
        else:
            kept.extend(bar)
        index += len(bar)
        if index < len(blocks):
            kept.append(blocks[index])
            index += 1
    return kept, (f"rows of links: {left_out}",) if left_out else ()


def _drop_contents(blocks: list[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """The entries under a heading such as "Contents", with the heading."""
    entries: set[int] = set()
    for index, block in enumerate(blocks):
        if _CONTENTS.match(block.text.strip(" :")) and block.kind != "row" and (found := _entries(blocks, index + 1)):
            entries.update([index, *found])
    kept = [block for index, block in enumerate(blocks) if index not in entries]
    return kept, (f"table of contents: {len(entries)} lines",) if entries else ()


def _entries(blocks: Sequence[Block], start: int) -> list[int]:
    """Where the entries of a table of contents stand: links, or titles that stand again further down, with few others between."""
    links = list(takewhile(lambda index: blocks[index].is_links and blocks[index].kind != "heading", range(start, len(blocks))))
    if links:
        return links
    begins = Counter(_beginning(block) for block in blocks[start:])
    found: list[int] = []
    for index in range(start, len(blocks)):
        if begins[_beginning(blocks[index])] > 1 and len(blocks[index].text) < _ENTRY_CHARACTERS:
            found.append(index)
            begins[_beginning(blocks[index])] -= 1
        elif index - (found[-1] if found else start) >= _ENTRY_GAP:
            break
    return found if len(found) >= _LEAST_ENTRIES else []


def _beginning(block: Block) -> str:
    return re.sub(r"\W+", " ", block.text)[:_ENTRY_BEGINNING].strip().casefold()


def _is_control(block: Block) -> bool:
    return bool(_CONTROLS.match(block.text.strip(" .:"))) and block.kind != "row"


def _is_sentence(block: Block) -> bool:
    return not block.is_links and len(block.text.split()) >= _SENTENCE_WORDS and block.text.rstrip("”\"')")[-1:] in ".:;!?"


def _sample(blocks: Sequence[Block]) -> str:
    return "; ".join(f"“{block.text[:30]}”" for block in blocks[:3]) + (" …" if len(blocks) > 3 else "")
