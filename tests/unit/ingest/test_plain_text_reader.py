from __future__ import annotations

import pytest

from assistant.errors import InputError
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.readers import plain_text

pytestmark = pytest.mark.unit

AGREEMENT = """AGREEMENT ON NOTES

Last updated: 3 March 2024

1. What the words mean
In this agreement the words below have the meaning
that is given to them here.

1.1 "Note" means what a therapist writes about
a client.

2. Keeping

The provider keeps notes locked:

- by day, with one key;
- by night, with two.

(a) Keys are changed every year.

(b) Locks are changed every ten.

                                   - 2 -

Appendix A

Oak Post sends the letters.
"""


def read(text: str | bytes) -> ParsedDocument:
    return plain_text.read(RawDocument("agreement.txt", text if isinstance(text, bytes) else text.encode()))


def shown(document: ParsedDocument) -> list[tuple[str, str]]:
    return [(str(clause.locator), clause.text) for clause in document.clauses]


def test_numbered_lines_are_headings_and_clauses() -> None:
    document = read(AGREEMENT)
    assert shown(document) == [
        ("AGREEMENT ON NOTES, para. 1", "Last updated: 3 March 2024"),
        ("§1", "In this agreement the words below have the meaning that is given to them here."),
        ("§1.1", '"Note" means what a therapist writes about a client.'),
        ("§2", "The provider keeps notes locked: • by day, with one key; • by night, with two."),
        ("§2(a)", "Keys are changed every year."),
        ("§2(b)", "Locks are changed every ten."),
        ("Appendix A, para. 1", "Oak Post sends the letters."),
    ]
    assert document.metadata.title == "AGREEMENT ON NOTES"
    assert str(document.metadata.version_date) == "2024-03-03"


def test_underlined_lines_are_headings_and_rules_are_nothing() -> None:
    text = (
        "Agreement\n=========\n\nDuties\n------\n\n"
        + "The provider keeps silent about every client whose notes it keeps in its rooms. " * 3
        + "\n\n**********\n\nBye to all of you.\n"
    )
    assert [clause.heading_path for clause in read(text).clauses] == [("Agreement", "Duties")] * 2


def test_a_number_broken_off_the_line_before_begins_no_clause() -> None:
    text = (
        "1. Keeping\n\nThe provider keeps notes as it is laid down in paragraph\n(a) of the law on notes "
        "and in no other way, for as long as the practice wants it to.\n"
    )
    assert [locator for locator, _ in shown(read(text))] == ["§1"]


def test_text_without_blank_lines_has_a_clause_for_each_line() -> None:
    text = "\n".join(f"Line {word} of the message says that notes are kept in a locked room." for word in ("one", "two", "three"))
    assert len(read(text).clauses) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "mac-roman"])
def test_encodings_are_told_from_the_bytes(encoding: str) -> None:
    text = (
        "\ufeff" * (encoding == "utf-16-le")
        + "Dès le début, les données sont protégées par la clé du « café » – à l’hôpital comme à l’étage, où rien n’est écrit.\n"
    )
    assert "protégées par la clé du « café »" in read(text.encode(encoding)).clauses[0].text


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"", "holds no words"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00" * 50, "is not text"),
        (b"\xff\xfe" + b"a\x00" * 30 + b"\x00\xd8", "is broken at byte"),
        (b"\xef\xbb\xbf" + b"notes \xff\xfe", "is broken at byte"),
        (b"no.", "holds only 1 word"),
    ],
    ids=["empty", "binary", "broken UTF-16", "broken UTF-8", "one word"],
)
def test_what_is_no_text_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(data)


def test_a_text_larger_than_any_document_is_refused_before_it_is_read() -> None:
    with pytest.raises(InputError, match=r"has 60,000,000 bytes"):
        read(b"a" * 60_000_000)
