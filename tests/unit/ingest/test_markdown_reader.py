from __future__ import annotations

import pytest

from assistant.errors import InputError
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.readers import markdown

pytestmark = pytest.mark.unit

FILLER = "Elm is a small service for practices that write their notes by hand and want to keep a copy of them somewhere else as well."


def read(text: str, name: str = "terms.md") -> ParsedDocument:
    return markdown.read(RawDocument(name, text.encode()))


def shown(document: ParsedDocument) -> list[tuple[str, str]]:
    return [(str(clause.locator), clause.text) for clause in document.clauses]


def test_the_policy_s_own_numbers_are_the_addresses() -> None:
    document = read(f"""Elm Terms
=========

Effective Date: 3 March 2024

{FILLER}

1\\. Notes
---------

**1.1 Copies**. A copy is made every night.

It is made by hand.

**1.2 Deletion**. Copies are deleted after:

* ten years, or
* a request.

2\\. Fees
--------

There are none.
""")
    assert shown(document)[2:] == [
        ("§1.1", "A copy is made every night. It is made by hand."),
        ("§1.2", "Copies are deleted after: • ten years, or • a request."),
        ("§2", "There are none."),
    ]
    assert document.clauses[3].heading_path == ("Elm Terms", "1. Notes", "1.2 Deletion")
    assert (document.metadata.title, str(document.metadata.version_date)) == ("Elm Terms", "2024-03-03")


def test_list_numbers_that_a_conversion_got_wrong_are_put_right() -> None:
    """The converter counted the clauses below as items of the list too."""
    document = read(f"""{FILLER}

1. **NOTES**

**1.1 Copies**. A copy is made.

**1.2 Deletion**. It is deleted.

4. **FEES**

There are none.

6. **LAW**

**3.1 Courts**. The courts of Elm decide.
""")
    assert [locator for locator, _ in shown(document)] == ["Preamble, para. 1", "§1.1", "§1.2", "§2", "§3.1"]
    assert document.clauses[3].heading_path == ("FEES",)
    assert document.warnings == (
        "2 list numbers did not follow one another, as a conversion leaves them, and were put right: the first is 4, now 2.",
    )


def test_items_below_a_lettered_heading_have_its_letter() -> None:
    document = read(
        f"{FILLER}\n\n### A. Notes\n\n1.  They are kept.\n2.  They are:\n    1.  read;\n    2.  closed.\n\n### "
        f"B. Fees\n\n1.  None are due.\n"
    )
    assert [locator for locator, _ in shown(document)][1:] == ["§A.1", "§A.2", "§A.2.1", "§A.2.2", "§B.1"]


def test_printed_numbers_of_several_levels_count_as_they_stand() -> None:
    document = read(f"{FILLER}\n\nB. Notes\n--------\n\nB.1. They are kept.\n\nB.1.a. by hand;\n\nB.1.b. in ink.\n")
    assert [locator for locator, _ in shown(document)][1:] == ["§B.1", "§B.1(a)", "§B.1(b)"]


def test_headings_that_are_plain_lines_are_headings() -> None:
    document = read(f"""Welcome
-------

{FILLER}

I. NOTES

          A. Copies. You agree that a copy is made.

Copies are made by hand.

          B. Deletion. You may ask for it.

II. FEES

None are due.
""")
    assert [(locator, path[1:]) for locator, path in [(str(c.locator), c.heading_path) for c in document.clauses][1:]] == [
        ("§I.A", ("I. NOTES", "A. Copies.")),
        ("§I.B", ("I. NOTES", "B. Deletion.")),
        ("§II", ("II. FEES",)),
    ]


def test_paragraphs_without_numbers_have_their_heading_and_count() -> None:
    document = read(f"# Elm\n\n## Clients\n\n### Retention\n\n{FILLER}\n\nA second.\n\n## Staff\n\n### Retention\n\nA third.\n")
    assert [locator for locator, _ in shown(document)] == [
        "Clients / Retention, para. 1",
        "Clients / Retention, para. 2",
        "Staff / Retention, para. 1",
    ]


def test_a_second_policy_in_the_same_file_has_its_name_before_its_numbers() -> None:
    document = read(
        f"# Elm Terms\n\n{FILLER}\n\n## 1. Notes\n\nKept.\n\n## 2. Fees\n\nNone.\n\n# Elm Privacy\n\n## 1. "
        f"Notes\n\nSecret.\n\n## 2. Fees\n\nNone too.\n"
    )
    assert [locator for locator, _ in shown(document)][1:] == ["§1", "§2", "Elm Privacy §1", "Elm Privacy §2"]


def test_tables_give_a_clause_for_each_row() -> None:
    document = read(f"{FILLER}\n\n| Name | Task |\n| --- | --- |\n| Oak | Post |\n| Ash | Print<br>*   Letters |\n")
    assert [text for _, text in shown(document)][1:] == ["Name | Task", "Oak | Post", "Ash | Print Letters"]


def test_tags_and_loose_marks_are_no_text() -> None:
    document = read(
        f'{FILLER}\n\n1. <span class="header_2">Duties</span>\n    1. <span class="header_3">Silence.</span>  '
        f'<span class="x">Elm</span> is silent.\n\n'
        "### Rights\n\n**Deletion:**the right to have copies deleted.\n\n#### [](#a)4.1. Storing\n\nOn paper.\u2060\n"
    )
    assert shown(document)[1:] == [
        ("§1.1", "Elm is silent."),
        ("Deletion, para. 1", "the right to have copies deleted."),
        ("§4.1", "On paper."),
    ]


def test_front_matter_is_read_and_is_no_clause() -> None:
    document = read(
        f"---\ntitle: Sub-processors\npublisher: Elm Ltd\nlanguage: en-GB\nurl: https://elm.example/sub\ndate: "
        f"2025-02-01\n---\n\n{FILLER}\n"
    )
    metadata = document.metadata
    assert (metadata.title, metadata.publisher, metadata.language, str(metadata.version_date)) == (
        "Sub-processors",
        "Elm Ltd",
        "en",
        "2025-02-01",
    )
    assert metadata.url == "https://elm.example/sub"
    assert len(document.clauses) == 1


def test_broken_front_matter_is_text() -> None:
    assert read(f"---\ntitle: [unclosed\n---\n\n{FILLER}\n").clauses[0].heading_path == ("title: [unclosed",)


def test_navigation_and_contents_are_left_out_and_named() -> None:
    document = read(
        f"[Products](https://e.example/p)\n\n[Prices](https://e.example/f)\n\nSelect a language\n\n[English](https://e.example/en)\n\n"
        f"Elm Terms\n=========\n\n{FILLER}\n\n## Contents\n\n*   [Notes](#n)\n*   [Fees](#f)\n\n## Notes\n\nKept.\n"
    )
    assert [text for _, text in shown(document)] == [FILLER, "Kept."]
    assert [skipped.split(":")[0] for skipped in document.skipped] == ["site navigation before the title", "table of contents"]


def test_a_section_of_the_federal_regulations_has_its_number_from_the_name_of_the_file() -> None:
    document = read(
        "A practice that sees clients in rooms of its own must, by § 164.900:\n\n> (a)\n\n> > (1) Lock "
        "its\ndoors.\n\n> > (2) Count\nits keys:\n\n> > > (i) in the morning;\n\n> > > (ii) at night.\n\n> &#40;b) Close its windows.\n",
        "164-999-doors.md",
    )
    assert [locator for locator, _ in shown(document)] == [
        "164.999", "164.999(a)(1)", "164.999(a)(2)", "164.999(a)(2)(i)", "164.999(a)(2)(ii)", "164.999(b)",
    ]  # fmt: skip
    assert document.clauses[1].text == "Lock its doors."


@pytest.mark.parametrize("letters, ninth", [("abcdefghij", "§1(i)"), ("a", "§1(a)(i)")], ids=["letter", "Roman"])
def test_an_i_is_the_ninth_letter_or_the_roman_one(letters: str, ninth: str) -> None:
    items = (
        [f"({letter}) Item {letter} of the list." for letter in letters]
        if len(letters) > 1
        else ["(a) Item a:", "(i) Item one of it.", "(ii) Item two of it."]
    )
    document = read(f"{FILLER}\n\n## 1. Doors\n\n" + "\n\n".join(items))
    assert ninth in [locator for locator, _ in shown(document)]


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"", r"\(0 bytes\) holds no words"),
        (b"Elm Privacy Statement\n=====================\n", "holds only 3 words: a broken capture"),
        (b"# Sign in\n\nEnter your e-mail and password to continue to Elm.\n", "is a login page and not the document"),
        (b"We value your privacy\n\nAccept all\n\nReject all\n", "is a cookie wall and not the document"),
        (b"# 404\n\nPage not found.\n", "is an error page and not the document"),
        (b"\x00\x01\x02" * 300, "is not text"),
    ],
    ids=["empty", "title only", "login page", "cookie wall", "error page", "binary"],
)
def test_what_is_no_document_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        markdown.read(RawDocument("terms.md", data))


def test_a_long_policy_may_speak_of_cookies_and_of_signing_in() -> None:
    text = f"# Elm\n\n{FILLER} " + "We use cookies. To log in you enter your password. " * 40
    assert read(text).clauses


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told_from_the_bytes(encoding: str) -> None:
    text = f"# Elm\n\n{FILLER} The café’s “notes” – naïve or not – cost 3 €, and the client’s own copy costs nothing.\r\n"
    document = markdown.read(RawDocument("terms.md", text.encode(encoding)))
    assert document.clauses[0].text.endswith("The café’s “notes” – naïve or not – cost 3 €, and the client’s own copy costs nothing.")


def test_a_document_is_recognised_by_suffix_or_marks() -> None:
    assert markdown.recognises(RawDocument("terms.md", b"plain"))
    assert markdown.recognises(RawDocument("terms.txt", b"# A\n\n* b\n* c\n\n## D\n\n**e**\n"))
    assert not markdown.recognises(RawDocument("terms.txt", b"Plain text, nothing else."))
    assert not markdown.recognises(RawDocument("terms.md", b"\x00\x01"))
