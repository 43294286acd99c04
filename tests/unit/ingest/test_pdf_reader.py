from __future__ import annotations

import pytest

from assistant.errors import InputError
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.readers import pdf
from tests.unit.ingest.papers import Print, column, make_pdf

pytestmark = pytest.mark.unit


def read(*pages: list[Print], title: str = "") -> ParsedDocument:
    return pdf.read(RawDocument("leaflet.pdf", make_pdf(pages, title=title)))


def shown(document: ParsedDocument) -> list[tuple[str, str, int | None]]:
    return [(str(clause.locator), clause.text, clause.page) for clause in document.clauses]


BODY = [
    "The practice keeps its records on a machine of its own in the cellar",
    "and makes a copy of them every night on a disk that is kept elsewhere.",
]


def framed(number: int, *lines: Print) -> list[Print]:
    """A page with the header and the page number that every page has."""
    return [Print(72, 760, "Leaflet of the Elm Practice", 9), *lines, Print(300, 30, str(number), 9)]


def test_clauses_have_headings_numbers_and_pages() -> None:
    document = read(
        [Print(72, 700, "How records are kept", 18), *column(72, 670, BODY)],
        [
            Print(72, 700, "2. Deletion", 14),
            *column(72, 670, BODY),
            *column(72, 630, ["(a) After ten years records are", "deleted by hand."]),
        ],
    )
    assert shown(document) == [
        ("How records are kept, para. 1", "How records are kept", 1),
        ("How records are kept, para. 2", " ".join(BODY), 1),
        ("§2", " ".join(BODY), 2),
        ("§2(a)", "After ten years records are deleted by hand.", 2),
    ]
    assert document.clauses[2].heading_path == ("How records are kept", "2. Deletion")
    assert document.units == {"headings": 2, "clauses": 4, "pages": 2}


def test_running_headers_and_page_numbers_are_left_out_and_counted() -> None:
    document = read(
        *(
            framed(number, *column(72, 600, [f"Sheet {word} says something about records that nobody else says."]))
            for number, word in enumerate(("one", "two", "three"), start=1)
        )
    )
    assert "Leaflet" not in " ".join(clause.text for clause in document.clauses)
    assert [clause.page for clause in document.clauses] == [1, 2, 3]
    assert document.skipped == ("running headers and footers: 6 lines",)


def test_a_divided_word_is_put_together_and_a_hyphen_of_its_own_kept() -> None:
    lines = [
        "Every one of the therapists who work here has to keep what is con-",
        "fidential to herself, and the self-",
        "employed ones too: a self-employed therapist is bound in the same way.",
    ]
    [clause] = read(column(72, 600, lines)).clauses
    assert "what is confidential to herself" in clause.text
    assert "the self-employed ones too" in clause.text


def test_two_columns_are_read_one_after_the_other_though_the_file_draws_line_by_line() -> None:
    left = [f"left column line {number} has quite some words" for number in range(12)]
    right = [f"right column line {number} has quite some words" for number in range(12)]
    lines = [line for pair in zip(column(60, 600, left), column(330, 600, right), strict=True) for line in pair]
    text = " ".join(clause.text for clause in read(lines).clauses)
    assert text.index("left column line 11") < text.index("right column line 0")


def test_rows_whose_cells_stand_below_one_another_are_rows() -> None:
    cells = [("Elm Hosting", "keeps the copies"), ("Oak Mail", "sends reminders"), ("Ash Print", "prints the letters")]
    lines = [Print(x, 560 - 14 * row, cell) for row, pair in enumerate(cells) for x, cell in zip((72, 300), pair, strict=True)]
    document = read([*column(72, 640, BODY), *lines])
    assert [clause.text for clause in document.clauses][1:] == [f"{name} | {task}" for name, task in cells]


def test_one_word_a_text_object_makes_lines_again() -> None:
    """Some programs place each word by itself; a plain extraction gives one word a line then."""
    words = "Requests of an authority are answered by the lawyer of the practice only and in writing.".split()
    lines = [Print(72 + 70 * (index % 6), 600 - 12 * (index // 6), word) for index, word in enumerate(words)]
    spaced = [line._replace(x=72 + sum(len(w) + 1 for w in words[6 * (index // 6) : index]) * 5.6) for index, line in enumerate(lines)]
    assert read(spaced).clauses[0].text == " ".join(words)


def test_a_table_of_contents_is_left_out() -> None:
    contents = ["Contents", "Records ........................ 2", "Deletion ....................... 3"]
    document = read([*column(72, 700, contents)], [Print(72, 700, "Records", 16), *column(72, 670, BODY)])
    assert not any("...." in clause.text for clause in document.clauses)
    assert document.skipped == ("table of contents: 3 lines",)


def test_a_sentence_that_begins_on_the_next_page_has_that_page() -> None:
    first = ["The practice keeps its records on a machine of its own in the cellar and makes"]
    second = ["a copy of them every night on a disk. The disk is kept in another house by a person", "who is bound to keep silence."]
    document = read(column(72, 100, first), column(72, 700, second))
    assert [(clause.page, clause.text.split()[0]) for clause in document.clauses] == [(1, "The"), (2, "The")]


def test_the_title_is_that_on_the_page_before_that_in_the_properties() -> None:
    assert read([Print(72, 700, "Leaflet for clients", 20), *column(72, 600, BODY)], title="draft7").metadata.title == "Leaflet for clients"
    assert read(column(72, 600, BODY), title="Leaflet for clients").metadata.title == "Leaflet for clients"
    assert read(column(72, 600, BODY), title="Microsoft Word - leaflet.doc").metadata.title is None


def test_the_date_is_the_printed_one() -> None:
    document = read([Print(72, 700, "Leaflet", 20), *column(72, 640, ["Last updated: 4 May 2025"]), *column(72, 600, BODY)])
    assert str(document.metadata.version_date) == "2025-05-04"


def test_pages_without_text_are_named_and_a_file_of_such_is_refused() -> None:
    assert read([], column(72, 600, BODY)).warnings == ("1 of 2 pages hold no text (pages 1): pictures are not read.",)
    with pytest.raises(InputError, match=r"leaflet\.pdf is scanned: none of its 2 pages holds text"):
        read([], [])


@pytest.mark.parametrize(
    "data, reason",
    [
        (make_pdf([column(72, 600, BODY)], encrypted=True), "is encrypted and opens with a password only"),
        (make_pdf([column(72, 600, BODY)])[:200], "is damaged or no whole PDF"),
        (b"%PDF-1.7\n" + b"\x00\xff" * 500, "is damaged or no whole PDF"),
        (b"%PDF-", "is damaged or no whole PDF"),
    ],
    ids=["encrypted", "cut off", "binary", "header only"],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    document = RawDocument("leaflet.pdf", data)
    assert pdf.recognises(document)
    with pytest.raises(InputError, match=reason):
        pdf.read(document)


def test_a_pdf_is_recognised_by_its_content() -> None:
    assert pdf.recognises(RawDocument("leaflet.txt", make_pdf([[]])))
    assert not pdf.recognises(RawDocument("leaflet.pdf", b"<html><body>Leaflet</body></html>"))
