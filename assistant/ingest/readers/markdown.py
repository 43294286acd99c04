"""Markdown: policies as Open Terms Archive keeps them, guidance, sections of the US Code of Federal Regulations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from assistant.ingest.blocks import Block
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.html_blocks import blocks_of_html
from assistant.ingest.policies import parse_policy
from assistant.ingest.text_bytes import decode_text, is_text
from assistant.locators import Locator

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MARKS = re.compile(r"^(?:#{1,6}\s|\s*[*+-]\s+\S|={3,}\s*$|-{3,}\s*$|>\s|\|.*\|)|\*\*\S|\]\(\S+\)|<span\b|\\[.()\[\]_*-]", re.MULTILINE)
# A conversion sets bold words without the spaces that CommonMark asks for ("**Deletion:**the right").
_STRONG = re.compile(r"(?<![\\*])\*\*(?![\s*])([^*\n]{1,300}?)(?<![\s\\])\*\*(?!\*)")
_STRAY_MARKS = re.compile(r"(?<!\*)\*\*(?!\*)")
_SUFFIXES = {".md", ".markdown", ".mdown", ".mkd"}
_CFR_NAME = re.compile(r"^(?P<part>1[0-9]{2})-(?P<section>[0-9]{3})(?:-(?P<title>[a-z0-9-]+))?$")
_CFR_TEXT = re.compile(r"\bCFR\b|§\s*1[0-9]{2}\.[0-9]{3}|\bFR [0-9]{4,5}\b|\bthis (?:sub)?part\b")


def recognises(document: RawDocument) -> bool:
    if not is_text(document.data):
        return False
    has_suffix = PurePath(document.name).suffix.lower() in _SUFFIXES
    return has_suffix or len(_MARKS.findall(decode_text(document)[:50_000])) >= 5


def read(document: RawDocument) -> ParsedDocument:
    text = decode_text(document)
    front, body = split_front_matter(text)
    blocks = blocks_of_markdown(body)
    section, title = _cfr_section(document.name, text)
    return parse_policy("markdown", document, blocks, stated=front, section=section, title=title)


def blocks_of_markdown(text: str) -> list[Block]:
    """The blocks of Markdown text, by way of the HTML that it stands for, so that tags inside it count as well."""
    from markdown_it import MarkdownIt

    # Indented lines are paragraphs of a converted page, never program code; line ends are kept to find numbers at their beginning.
    parser = MarkdownIt("commonmark", {"breaks": True, "html": True}).enable("table").disable("code")
    return blocks_of_html(_STRAY_MARKS.sub("", parser.render(_STRONG.sub(r"<strong>\1</strong>", text))))


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    from yaml import YAMLError, safe_load

    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    try:
        front = safe_load(match["yaml"])
    except (YAMLError, ValueError):  # two thematic breaks with anything between: then it is text
        return {}, text
    if not isinstance(front, dict):
        return {}, text
    return {str(key).lower(): value for key, value in front.items() if isinstance(value, str | date | int | list)}, text[match.end() :]


def _cfr_section(name: str, text: str) -> tuple[Locator | None, str | None]:
    """The section of the Code of Federal Regulations: its number stands in the file's name only ("164-312-technical-safeguards")."""
    match = _CFR_NAME.match(PurePath(name).stem)
    if match is None or not _CFR_TEXT.search(text):
        return None, None
    number = f"{match['part']}.{match['section']}"
    title = (match["title"] or "").replace("-", " ")
    return Locator("cfr", number), f"{number} {title.capitalize()}".strip()
