"""Damaged files of every format: a reader gives clauses or says why not, and never anything else."""

from __future__ import annotations

import random
import time

import pytest

from assistant.errors import InputError
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.recognise import parse_document
from tests.unit.ingest.papers import Print, column, make_docx, make_pdf, paragraph, table

SECONDS = 1.5  # for each format; the seed is fixed, the number of files depends on the machine
TEXT = "The provider keeps notes locked, counts its keys once a month, and tells the practice of every one that is gone."
POLICY = (
    f"# Elm\n\nLast updated: 3 May 2024\n\n{TEXT}\n\n## 1. Keys\n\n**1.1 Count**. {TEXT}\n\n* one\n    * "
    f"two\n\n| a | b |\n| - | - |\n| c | d |\n"
)
SEEDS = {
    "policy.md": POLICY.encode(),
    "policy.html": f"<html><body><nav><a "
    f"href='/'>x</a></nav><main><h1>Elm</h1><p>{TEXT}</p><ol><li>{TEXT}</li></ol></main></body></html>".encode(),
    "policy.txt": f"ELM\n\n1. Keys\n{TEXT}\n\n(a) {TEXT}\n".encode(),
    "policy.pdf": make_pdf([[Print(72, 700, "1. Keys", 16), *column(72, 640, [TEXT, "(a) " + TEXT])], [Print(72, 700, TEXT)]]),
    "policy.docx": make_docx(
        paragraph("Keys", style="H1"), paragraph(TEXT, list_id=1), paragraph(TEXT, list_id=1, level=2), table(("a", "b"), ("c", "d"))
    ),
}
SPICE = [
    b"",
    b"\x00",
    b"<",
    b">",
    b"**",
    b"((((",
    b"1.1.1.1.1.",
    b"\xff\xfe",
    b"&#x110000;",
    b"%PDF-",
    b"PK\x03\x04",
    b"---\n",
    b"| | |\n",
    b"> > > > ",
    b"\x1b[",
    b"\xe2\x80\x8d" * 9,
]


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The file cut off, with bytes changed, taken out, doubled, or with something put in between."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 30))):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(6):
            case 0 if out:
                out[at % len(out)] = rng.randrange(256)
            case 1:
                del out[at : at + rng.randrange(1, 40)]
            case 2:
                out[at:at] = out[at : at + rng.randrange(1, 200)]
            case 3:
                out[at:at] = rng.choice(SPICE) * rng.choice((1, 1, 3, 200))
            case 4:
                del out[at:]
            case _:
                out[at:at] = rng.randbytes(rng.randrange(1, 20))
    return bytes(out)


@pytest.mark.parametrize("name", SEEDS)
def test_a_damaged_file_is_read_or_refused(name: str) -> None:
    rng = random.Random(name)
    end = time.monotonic() + SECONDS
    read = refused = 0
    while time.monotonic() < end:
        document = read_or_none(RawDocument(name, damaged(SEEDS[name], rng)))
        if document is None:
            refused += 1
            continue
        read += 1
        assert document.clauses
        assert all(clause.text.strip() for clause in document.clauses)
        assert len({str(clause.locator) for clause in document.clauses}) == len(document.clauses)
    assert read + refused >= 20


def read_or_none(document: RawDocument) -> ParsedDocument | None:
    try:
        return parse_document(document)
    except InputError:
        return None
