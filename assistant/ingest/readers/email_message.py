"""E-mails as a mail program saves them: what a vendor has written to a practice."""

from __future__ import annotations

import re
from datetime import date
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from assistant.errors import InputError
from assistant.ingest.blocks import Block, fold_space
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.html_blocks import blocks_of_html
from assistant.ingest.policies import parse_policy
from assistant.ingest.readers.plain_text import blocks_of_text
from assistant.ingest.text_bytes import LARGEST_TEXT

_HEADER = re.compile(rb"\A(?:[A-Za-z-]{2,40}:[^\n]*\n(?:[ \t][^\n]*\n)*)+", re.MULTILINE)
_NEEDED = (
    re.compile(rb"^From:", re.IGNORECASE | re.MULTILINE),
    re.compile(rb"^(?:Date|Received|MIME-Version):", re.IGNORECASE | re.MULTILINE),
)
_PAGE_ARCHIVE = re.compile(rb"^Content-Type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)


def recognises(document: RawDocument) -> bool:
    header = _HEADER.match(document.data[:50_000].replace(b"\r\n", b"\n"))
    return header is not None and all(field.search(header[0]) for field in _NEEDED) and not _PAGE_ARCHIVE.search(header[0])


def read(document: RawDocument) -> ParsedDocument:
    if len(document.data) > LARGEST_TEXT:
        raise InputError(f"{document.name} has {len(document.data):,} bytes; e-mails of up to {LARGEST_TEXT:,} bytes are read.")
    message = BytesParser(policy=policy.default).parsebytes(document.data)
    assert isinstance(message, EmailMessage)
    try:
        blocks = _blocks(message)
        attachments = [name for part in message.iter_attachments() if (name := part.get_filename())]
        stated = _stated(message)
    except (
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        IndexError,
        AssertionError,
    ) as error:  # headers or parts that are broken
        raise InputError(f"{document.name} is a damaged e-mail: it cannot be taken apart. Save it again, or its text alone.") from error
    skipped = [f"attachments, to be imported by themselves: {', '.join(attachments)}"] if attachments else []
    return parse_policy("email", document, blocks, stated=stated, skipped=skipped)


def _blocks(message: EmailMessage) -> list[Block]:
    body = message.get_body(preferencelist=("plain", "html"))
    content = body.get_content() if body is not None else ""
    text = content if isinstance(content, str) else ""
    return blocks_of_html(text) if body is not None and body.get_content_type() == "text/html" else list(blocks_of_text(text))


def _stated(message: EmailMessage) -> dict[str, Any]:
    """The subject as title and the day on which it was written."""
    written = getattr(message["Date"], "datetime", None)
    day: date | None = written.date() if written is not None else None
    return {key: value for key, value in {"title": fold_space(str(message["Subject"] or "")), "date": day}.items() if value}
