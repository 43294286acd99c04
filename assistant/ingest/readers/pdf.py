"""PDF: contracts, guidance and policies, with the pages on which their clauses begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.ingest.blocks import fold_space
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.pdf_layout import PrintedPage, lay_out
from assistant.ingest.pdf_lines import read_lines
from assistant.ingest.policies import parse_policy

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

LARGEST_PDF = 100_000_000  # bytes
MOST_PAGES = 3000
_WORDS_OF_A_PAGE = 5  # a page with fewer words is a picture with a stamp on it
_GENERIC_TITLE = re.compile(r"^(?:untitled|document\d*|microsoft word.*|.*\.(?:docx?|pdf|indd|rtf))?$", re.IGNORECASE)


def recognises(document: RawDocument) -> bool:
    return b"%PDF-" in document.data[:1024]


def read(document: RawDocument) -> ParsedDocument:
    if len(document.data) > LARGEST_PDF:
        raise InputError(f"{document.name} has {len(document.data):,} bytes; PDFs of up to {LARGEST_PDF:,} bytes are read.")
    with _opened(document) as pdf:
        count = len(pdf)
        if count > MOST_PAGES:
            raise InputError(f"{document.name} has {count:,} pages; PDFs of up to {MOST_PAGES:,} pages are read. Split it.")
        pages = list(_pages(pdf, document.name))
        title = fold_space(str(pdf.get_metadata_value("Title") or ""))
    empty = [number for number, page in enumerate(pages, start=1) if not _holds_text(page)]
    if len(empty) == count:
        raise InputError(
            f"{document.name} is scanned: none of its {count} page{'s' if count != 1 else ''} holds text. Run "
            f"text recognition (OCR) on it first."
        )
    layout = lay_out(pages)
    return parse_policy(
        "pdf",
        document,
        layout.blocks,
        title=None if _GENERIC_TITLE.match(title) else title,
        units={"pages": count},
        skipped=layout.skipped,
        warnings=[_without_text(empty, count)] if empty else [],
    )


def _holds_text(page: PrintedPage) -> bool:
    return sum(len(line.text.split()) for line in page.lines) >= _WORDS_OF_A_PAGE


@contextmanager
def _opened(document: RawDocument) -> Iterator[PdfDocument]:
    """The PDF, opened with no password: one that only restricts printing or copying needs none to be read."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(document.data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError(f"{document.name} is encrypted and opens with a password only. Save it without one first.") from error
        raise InputError(f"{document.name} is damaged or no whole PDF: it cannot be opened. Download or save it again.") from error
    try:
        yield pdf
    finally:
        pdf.close()


def _pages(pdf: PdfDocument, name: str) -> Iterator[PrintedPage]:
    import pypdfium2

    for number in range(1, len(pdf) + 1):
        try:
            page = pdf[number - 1]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise InputError(f"{name} is damaged: its page {number} cannot be read. Download or save it again.") from error
        yield PrintedPage(tuple(read_lines(text_page, number)), page.get_height())
        text_page.close()
        page.close()


def _without_text(pages: list[int], count: int) -> str:
    named = ", ".join(map(str, pages[:10])) + (" …" if len(pages) > 10 else "")
    return f"{len(pages)} of {count} pages hold no text (pages {named}): pictures are not read."
