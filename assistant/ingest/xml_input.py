"""XML and HTML as strangers write them: read without expanding, fetching or nesting anything that could hurt."""

from __future__ import annotations

import codecs
import re
import zlib
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.ingest.documents import RawDocument

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST_UNPACKED_BYTES = 200_000_000
DEEPEST = 120  # laws nest about 40 elements deep with a saved page around them; our readers walk them by recursion
GZIP_MAGIC = b"\x1f\x8b"
_SNIFFED_BYTES = 65_536

_PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"\s*<([A-Za-z_][\w.:-]*)((?:\s[^>]*)?)>", re.DOTALL)
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding=["']([\w.:-]+)["']|<meta[^>]*?charset=["']?\s*([\w.:-]+)""", re.IGNORECASE)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def unpack_gzip(document: RawDocument) -> RawDocument:
    """The file inside a gzip file; any other document as it is.

    Raises InputError if the archive is damaged, cut short, or unpacks to more than LARGEST_UNPACKED_BYTES.
    """
    if not document.data.startswith(GZIP_MAGIC):
        return document
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        data = unpacker.decompress(document.data, LARGEST_UNPACKED_BYTES)
    except zlib.error as error:
        raise InputError(f"{document.name} is a damaged gzip file ({error}): get it again from where it came.") from error
    if unpacker.unconsumed_tail:
        limit = LARGEST_UNPACKED_BYTES // 1_000_000
        raise InputError(f"{document.name} unpacks to more than {limit} MB: no law or policy is that large, so it was not read.")
    if not unpacker.eof:
        raise InputError(f"{document.name} is cut short: get the gzip file again from where it came.")
    return RawDocument(document.name.removesuffix(".gz"), data)


def decode(document: RawDocument) -> str:
    """The text of a document in the encoding it declares, else in UTF-8.

    Raises InputError where the bytes are not in that encoding: words of a law are never guessed.
    """
    encoding = _encoding(document.data)
    try:
        return document.data.decode(encoding)
    except LookupError as error:
        raise InputError(f"{document.name} declares the encoding {encoding!r}, which is unknown: save it as UTF-8.") from error
    except UnicodeError as error:
        raise InputError(f"{document.name} is not in the encoding {encoding} that it claims: save it as UTF-8.") from error


def read_xml(document: RawDocument) -> _Element:
    """The root element of an XML file.

    Comments are dropped. Raises InputError if the file is not well-formed, declares entities or nests too deeply.
    """
    from lxml import etree

    # Squeezed, so that UTF-16 is seen through as well. No law declares entities; every XML bomb does.
    if b"<!ENTITY" in document.data.replace(b"\0", b""):
        raise InputError(f"{document.name} declares XML entities, which can hide other files or bombs: it was not read.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, huge_tree=False)
    try:
        root = etree.fromstring(document.data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise InputError(f"{document.name} is not well-formed XML ({error}): get it again from where it came.") from error
    _refuse_depth(document, root)
    return root


def read_html(document: RawDocument) -> _Element:
    """The root element of an HTML or XHTML file, as a browser would understand it.

    Raises InputError if it is empty, not in the encoding it declares, or nests too deeply.
    """
    from lxml import etree

    text = decode(document)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"{document.name} is no HTML page ({error}): save the page again.") from error
    if root is None:
        raise InputError(f"{document.name} is empty: save the page again.")
    _refuse_depth(document, root)
    return root


def root_name(data: bytes) -> tuple[str, str]:
    """The name of the outermost element, without its prefix, and its attributes as written; two empty texts if there is none."""
    text = _sniff(data)
    position = 0
    while match := _PROLOGUE.match(text, position):
        position = match.end()
    root = _ROOT.match(text, position)
    return (root.group(1).rpartition(":")[2], root.group(2)) if root else ("", "")


def _sniff(data: bytes) -> str:
    head = data[:_SNIFFED_BYTES]
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return head.decode(encoding, errors="replace")
    return head.replace(b"\0", b"").decode("utf-8", errors="replace")


def _encoding(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    declared = _DECLARED.search(data[:_SNIFFED_BYTES])
    return (declared.group(1) or declared.group(2)).decode("ascii", errors="replace") if declared else "utf-8"


def _refuse_depth(document: RawDocument, root: _Element) -> None:
    if root.xpath("/*" * (DEEPEST + 1)):
        raise InputError(f"{document.name} nests its elements more than {DEEPEST} deep: it is no law, so it was not read.")
