"""From bytes to text: which encoding a file is in."""

from __future__ import annotations

import codecs

from assistant.errors import InputError
from assistant.ingest.documents import RawDocument

LARGEST_TEXT = 50_000_000  # bytes; a larger text is no policy, law or contract
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 8192
_ENCODINGS = ["cp1252", "latin_1", "cp1250", "cp1251", "iso8859_15", "mac_roman", "utf_16_le", "utf_16_be"]


def is_text(data: bytes) -> bool:
    """Whether the bytes may be text: empty, with a byte order mark, or without the bytes that text has not."""
    if any(data.startswith(bom) for bom, _ in _BOMS):
        return True
    sample = data[:_SAMPLE]
    odd = sum(byte < 9 or (13 < byte < 32 and byte != 27) for byte in sample)
    return b"\x00" not in sample and odd <= len(sample) / 100


def decode_text(document: RawDocument) -> str:
    """The text of a file with line feeds at its line ends. Raises InputError if it is binary, too large, or in no encoding that fits."""
    data = document.data
    if len(data) > LARGEST_TEXT:
        raise InputError(f"{document.name} has {len(data):,} bytes; text of up to {LARGEST_TEXT:,} bytes is read.")
    if not is_text(data):
        raise InputError(f"{document.name} is not text: give the document as HTML, Markdown, PDF, DOCX or plain text.")
    return _decode(document).replace("\r\n", "\n").replace("\r", "\n")


def _decode(document: RawDocument) -> str:
    data = document.data
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise InputError(
                    f"{document.name} begins as {encoding} text but is broken at byte {error.start}. Save it again."
                ) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(document)


def _guess(document: RawDocument) -> str:
    """The text in the likeliest encoding; where Windows' western and eastern European ones are as likely, the western."""
    from charset_normalizer import from_bytes

    matches = from_bytes(document.data, cp_isolation=_ENCODINGS)
    best = matches.best()
    if best is None:
        raise InputError(f"{document.name} is in no encoding that could be told. Save it as UTF-8.")
    alike = [match for match in matches if match.chaos <= best.chaos and match.coherence >= best.coherence]
    if any("cp1252" in match.could_be_from_charset for match in alike):
        return document.data.decode("cp1252", "replace")
    return str(best)
