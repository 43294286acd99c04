"""DOCX: contracts and templates as Word writes them."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.ingest.blocks import fold_space
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.docx_blocks import BodyReader, read_styles
from assistant.ingest.docx_numbering import Numbering, W
from assistant.ingest.policies import parse_policy

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

LARGEST_FILE = 100_000_000  # bytes
LARGEST_UNPACKED = 300_000_000  # bytes
LARGEST_RATIO = 200  # unpacked to packed, of parts large enough to matter
_SMALL_PART = 1_000_000
MOST_PARTS = 10_000
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of Word before 2007, and of an encrypted DOCX


def recognises(document: RawDocument) -> bool:
    if document.data.startswith(_COMPOUND):
        return True
    return document.data.startswith(b"PK\x03\x04") and (b"word/" in document.data[:4096] or b"word/document" in document.data)


def read(document: RawDocument) -> ParsedDocument:
    if document.data.startswith(_COMPOUND):
        raise InputError(_compound_reason(document))
    _check_archive(document)
    word = _open(document)
    body = word.element.body
    reader = BodyReader(read_styles(word.styles.element), Numbering(_numbering(word)), _notes(word))
    blocks = list(reader.read(body))
    title, language = _properties(word)
    return parse_policy(
        "docx",
        document,
        blocks,
        stated={"language": language} if language else {},
        title=title or None,
        units={"tables": sum(1 for _ in body.iter(f"{W}tbl"))},
        skipped=[f"table of contents: {reader.contents} lines"] if reader.contents else [],
    )


def _compound_reason(document: RawDocument) -> str:
    if "EncryptedPackage".encode("utf-16-le") in document.data:
        return f"{document.name} is encrypted and opens with a password only. Save it without one first."
    return f"{document.name} is in the format of Word before 2007. Save it as DOCX."


def _check_archive(document: RawDocument) -> None:
    """Raise InputError if the file is no whole archive, would unpack to too much, or names places outside of itself."""
    name = document.name
    if len(document.data) > LARGEST_FILE:
        raise InputError(f"{name} has {len(document.data):,} bytes; DOCX files of up to {LARGEST_FILE:,} bytes are read.")
    try:
        with zipfile.ZipFile(io.BytesIO(document.data)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise InputError(f"{name} is encrypted and opens with a password only. Save it without one first.")
            _check_sizes(name, parts)
            _check_names(name, parts)
            _check_markup(name, archive)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
        RuntimeError,
    ) as error:
        raise InputError(f"{name} is damaged or no whole DOCX file: it cannot be unpacked. Download or save it again.") from error


def _check_sizes(name: str, parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    swollen = any(part.file_size > _SMALL_PART and part.file_size > LARGEST_RATIO * max(part.compress_size, 1) for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or swollen:
        raise InputError(f"{name} would unpack to {unpacked:,} bytes in {len(parts):,} parts, as no document does: it is not opened.")


def _check_names(name: str, parts: list[zipfile.ZipInfo]) -> None:
    for part in parts:
        path = PurePosixPath(part.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in part.filename:
            raise InputError(f"{name} holds a part named {part.filename!r}, outside of the document: it is not opened.")


def _check_markup(name: str, archive: zipfile.ZipFile) -> None:
    """Read every XML part once: its checksum, that it is not longer than it says, and that it declares no entities."""
    for part in archive.infolist():
        if not part.filename.lower().endswith((".xml", ".rels")):
            continue
        with archive.open(part) as stream:
            data = stream.read(part.file_size + 1)
        if len(data) > part.file_size or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise InputError(f"{name} holds XML that declares entities, as no document does: it is not opened.")


def _open(document: RawDocument) -> Document:
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        return docx.Document(io.BytesIO(document.data))
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, IndexError) as error:
        raise InputError(f"{document.name} is damaged or no Word document. Open it in Word and save it again.") from error


def _properties(word: Document) -> tuple[str, str]:
    """Title and language of the file's properties; empty where it has none (python-docx would then make some up)."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    if not any(rel.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for rel in word.part.package.rels.values()):
        return "", ""
    return fold_space(word.core_properties.title or ""), word.core_properties.language or ""


def _numbering(word: Document) -> _Element | None:
    """The list definitions; None if the document has no lists (python-docx would then make some up)."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    part = next(
        (rel.target_part for rel in word.part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.NUMBERING and not rel.is_external), None
    )
    return _parse(part.blob) if part is not None else None


def _notes(word: Document) -> dict[str, _Element]:
    from docx.opc.constants import RELATIONSHIP_TYPE

    notes: dict[str, _Element] = {}
    for kind, reltype in (("footnote", RELATIONSHIP_TYPE.FOOTNOTES), ("endnote", RELATIONSHIP_TYPE.ENDNOTES)):
        for rel in word.part.rels.values():
            if rel.reltype == reltype and not rel.is_external and (root := _parse(rel.target_part.blob)) is not None:
                notes.update({f"{kind} {note.get(f'{W}id')}": note for note in root.iter(f"{W}{kind}")})
    return notes


def _parse(data: bytes) -> _Element | None:
    from lxml import etree

    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None
