from __future__ import annotations

import io
import zipfile

import pytest

from assistant.errors import InputError
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.readers import docx
from tests.unit.ingest.papers import make_docx, paragraph, table

pytestmark = pytest.mark.unit

FILLER = paragraph("The provider works for the practice and for nobody else, as this agreement says below in all detail, part by part.")


def read(*body: str) -> ParsedDocument:
    return docx.read(RawDocument("agreement.docx", make_docx(*body)))


def shown(document: ParsedDocument) -> list[tuple[str, str]]:
    return [(str(clause.locator), clause.text) for clause in document.clauses]


def test_numbers_are_those_that_word_shows() -> None:
    document = read(
        FILLER,
        paragraph("*Security*", list_id=1),
        paragraph("*Keys.* Keys are changed every year.", list_id=1, level=1),
        paragraph("*Rooms.* The rooms are locked.", list_id=1, level=1),
        paragraph("by day, with one key;", list_id=1, level=2),
        paragraph("by night, with two.", list_id=1, level=2),
        paragraph("*Breaches*", list_id=1),
        paragraph("The provider tells of a breach on the day it learns of it.", list_id=1, level=1),
        paragraph("A list that goes on at seven.", list_id=3),
    )
    assert shown(document)[1:] == [
        ("§1.1", "Keys are changed every year."),
        ("§1.2", "The rooms are locked."),
        ("§1.2(a)", "by day, with one key;"),
        ("§1.2(b)", "by night, with two."),
        ("§2.1", "The provider tells of a breach on the day it learns of it."),
        ("§7", "A list that goes on at seven."),
    ]
    assert document.clauses[1].heading_path == ("Security", "1.1 Keys.")


def test_headings_are_told_by_their_style_or_by_the_style_it_is_based_on() -> None:
    document = read(
        paragraph("Agreement", style="H1"),
        paragraph("Duties", style="Mine"),
        FILLER,
        paragraph("Fees", style="H2"),
        paragraph("None are due."),
    )
    assert [clause.heading_path for clause in document.clauses] == [("Agreement", "Duties"), ("Agreement", "Fees")]
    assert document.metadata.title == "Agreement"


def test_a_table_gives_rows_and_one_of_a_single_column_paragraphs() -> None:
    document = read(FILLER, table(("Name", "Task"), ("Elm Hosting", "keeps copies"), ("", "sends post")), table(("A note in a frame.",)))
    assert [text for _, text in shown(document)][1:] == ["Name | Task", "Elm Hosting | keeps copies", "sends post", "A note in a frame."]


def test_a_cell_merged_downwards_is_read_once() -> None:
    merged = '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paragraph("Hosting") + "</w:tc>"
    below = "<w:tc><w:tcPr><w:vMerge/></w:tcPr>" + paragraph("Hosting") + "</w:tc>"
    rows = "".join(
        f"<w:tr>{cell}<w:tc>{paragraph(text)}</w:tc><w:tc>{paragraph('yes')}</w:tc></w:tr>" for cell, text in ((merged, "a"), (below, "b"))
    )
    assert [text for _, text in shown(read(FILLER, f"<w:tbl>{rows}</w:tbl>"))][1:] == ["Hosting | a | yes", "b | yes"]


def test_deleted_and_hidden_words_are_left_out_and_inserted_ones_read() -> None:
    tracked = (
        "<w:p><w:r><w:t>The fee is </w:t></w:r><w:del><w:r><w:delText>ten</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>twelve</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t> or "
        "so</w:t></w:r><w:r><w:t> pounds.</w:t></w:r></w:p>"
    )
    assert shown(read(FILLER, tracked))[1][1] == "The fee is twelve pounds."


def test_a_table_of_contents_is_left_out() -> None:
    document = read(paragraph("Duties 2", style="TOC1"), paragraph("Duties", style="H1"), FILLER)
    assert len(document.clauses) == 1
    assert document.skipped == ("table of contents: 1 lines",)


def test_a_style_based_on_itself_ends_nowhere_else() -> None:
    assert read(paragraph("A word.", style="Loop"), FILLER).clauses[0].text == "A word."


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


WHOLE = make_docx(FILLER)


@pytest.mark.parametrize(
    "data, reason",
    [
        (make_docx(FILLER, extra={"word/media/a.bin": b"\x00" * 30_000_000}), "would unpack to 30,00"),
        (make_docx(FILLER, extra={"../../outside.xml": b"<a/>"}), r"a part named '\.\./\.\./outside\.xml'"),
        (make_docx(FILLER, extra={"/etc/outside.xml": b"<a/>"}), "outside of the document"),
        (make_docx(FILLER, prolog='<!DOCTYPE a [<!ENTITY b "c">]>'), "declares entities"),
        (WHOLE[: len(WHOLE) // 2], "is damaged or no whole DOCX"),
        (zipped(word__document=b"x", other=b"y"), "is damaged or no Word document"),
        (make_docx("<w:p><w:r>"), "is damaged or no Word document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "Word before 2007"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "is encrypted"),
        (make_docx(), "holds no words"),
    ],
    ids=["bomb", "path up", "path from root", "entities", "cut off", "no document", "broken XML", "old format", "encrypted", "empty"],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    document = RawDocument("agreement.docx", data)
    assert docx.recognises(document)
    with pytest.raises(InputError, match=reason):
        docx.read(document)


def test_a_docx_is_recognised_by_its_content() -> None:
    assert docx.recognises(RawDocument("agreement.pdf", WHOLE))
    assert not docx.recognises(RawDocument("agreement.docx", zipped(mimetype=b"application/epub+zip")))
    assert not docx.recognises(RawDocument("agreement.docx", b"Agreement"))
