"""HTML pages as a browser saves them: the document without the page around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from assistant.errors import InputError
from assistant.ingest.blocks import Block, fold_space
from assistant.ingest.captures import refuse_broken_capture
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.html_blocks import parse_html
from assistant.ingest.noise import drop_link_bars
from assistant.ingest.page import find_document
from assistant.ingest.policies import parse_policy
from assistant.ingest.text_bytes import decode_text, is_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST_PAGE = 30_000_000  # bytes
_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_BLOCK_TAG = re.compile(rb"</(?:p|div|h[1-6]|li|table|section|article)>", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_ARCHIVE = re.compile(rb"^MIME-Version:|^Content-Type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(https?://\S+?)\s*-->", re.IGNORECASE)
_TRACKING = re.compile(
    r"^(?:utm_|fbclid$|gclid$|dclid$|msclkid$|mc_[ce]id$|_ga$|_gl$|igshid$|yclid$|ref_?src$|spm$|hsa_|hs(?:Ctatracking|enc|mi)$)",
    re.IGNORECASE,
)
_NEW_WINDOW = re.compile(r"\s*\(?opens? in (?:a )?new (?:tab|window)\b\)?", re.IGNORECASE)


def recognises(document: RawDocument) -> bool:
    if _is_archive(document.data):
        return True
    if not is_text(document.data):
        return False
    start = document.data[:20_000].replace(b"\x00", b"")
    return bool(_TAG.search(start)) or (start.lstrip()[:1] == b"<" and len(_BLOCK_TAG.findall(start)) >= 2)


def read(document: RawDocument) -> ParsedDocument:
    text = _page_text(document)
    root = parse_html(text)
    if root is None:
        raise InputError(f"{document.name} is an empty page. Save the document again.")
    stated = _stated(root, text)
    part = find_document(root, text)
    blocks = [cleaned for block in part.blocks if (cleaned := _without_window_notes(block)) is not None]
    blocks, bars = drop_link_bars(blocks)
    refuse_broken_capture(document.name, blocks, size=len(document.data))
    return parse_policy(
        "html",
        document,
        blocks,
        stated=stated,
        title=_page_title(root),
        skipped=[*([f"the page around the document: {part.left_out} lines"] if part.left_out else []), *bars],
        warnings=[f"left out as not part of the document: “{sentence[:100]}”" for sentence in part.suspicious[:5]],
    )


def _page_text(document: RawDocument) -> str:
    if len(document.data) > LARGEST_PAGE:
        raise InputError(f"{document.name} has {len(document.data):,} bytes; pages of up to {LARGEST_PAGE:,} bytes are read.")
    if _is_archive(document.data):
        return _archived_page(document)
    declared = _CHARSET.search(document.data[:8192])
    try:
        return document.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if declared and not document.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return document.data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):  # an unknown or a wrong name: then it is told from the bytes
            return decode_text(document)
    return decode_text(document)


def _is_archive(data: bytes) -> bool:
    return bool(_ARCHIVE.search(data[:2000])) and b"multipart/related" in data[:2000].lower()


def _archived_page(document: RawDocument) -> str:
    """The page of an MHTML file, in which browsers keep a page with its pictures."""
    message = BytesParser(policy=policy.default).parsebytes(document.data)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_content()
            return content if isinstance(content, str) else content.decode("utf-8", "replace")
    raise InputError(f"{document.name} is a web archive without a page in it. Save the page again.")


def _without_window_notes(block: Block) -> Block | None:
    text = fold_space(_NEW_WINDOW.sub(" ", block.text))
    if text == block.text:
        return block
    return replace(block, text=text, lines=(text,), title=None) if re.search(r"\w", text) else None


def _stated(root: HtmlElement, text: str) -> dict[str, Any]:
    """What the page says of itself in its head, and the address that a browser notes when it saves one."""
    saved = _SAVED_FROM.search(text[:4000])
    stated = {
        "url": without_tracking(saved[1]) if saved else next(_addresses(root), None),
        "publisher": _meta(root, "og:site_name"),
        "language": root.get("lang") or root.get("xml:lang") or _meta(root, "content-language"),
    }
    return {key: value for key, value in stated.items() if value}


def _addresses(root: HtmlElement) -> Iterator[str]:
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and re.match(r"https?://", link.get("href") or ""):
            yield without_tracking(str(link.get("href")))
    address = _meta(root, "og:url")
    if address and re.match(r"https?://", address):
        yield without_tracking(address)


def _meta(root: HtmlElement, name: str) -> str | None:
    for meta in root.iter("meta"):
        if name in ((meta.get("property") or "").lower(), (meta.get("name") or "").lower(), (meta.get("http-equiv") or "").lower()):
            return fold_space(meta.get("content") or "") or None
    return None


def _page_title(root: HtmlElement) -> str | None:
    title = next(root.iter("title"), None)
    return fold_space(str(title.text_content())) or None if title is not None else None


def without_tracking(address: str) -> str:
    """The address without what follows a visitor around."""
    parts = urlsplit(address.strip())
    query = urlencode([(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(key)])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))
