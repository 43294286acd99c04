"""The real PDF, DOCX and Markdown documents: every phrase on its page, headings, and paragraphs looked up by eye."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.ingest.documents import ParsedClause, ParsedDocument, RawDocument
from assistant.ingest.recognise import parse_document
from assistant.locators import parse_locator
from tests.places import SHARED
from tests.strictness import require

LAW = SHARED / "sources" / "law"
GUIDELINES = SHARED / "sources" / "vendors" / "openai-chatgpt" / "Law Enforcement Guidelines" / "2026-02-18.pdf"
EDPB = "edpb-opinion-22-2018-uk-dpia-list.pdf"
CNIL = "cnil-pia-1-methodology-en.pdf"
HIPAA = "hipaa-hhs-combined-2013.pdf"
ICO = "ico-dpia-template.docx"
DPA = "common-paper-dpa-template.docx"
SCANNED = "scanned-no-text-malta-dpia-list.pdf"


def expected() -> dict[str, Any]:
    path = LAW / "expected.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@pytest.fixture(autouse=True)
def _sources() -> None:
    require(LAW.is_dir(), f"the documents are not at {LAW}")


@cache
def parse(path: Path) -> ParsedDocument:
    return parse_document(RawDocument(path.name, path.read_bytes()))


def folded(text: str) -> str:
    return " ".join(text.split())


def documents() -> dict[str, dict[str, Any]]:
    return {name: facts for name, facts in expected().items() if name.endswith((".pdf", ".docx")) or name.startswith("wp248")}


PHRASES = [(name, phrase) for name, facts in documents().items() for phrase in facts["phrases"]]
HEADINGS = [(name, heading) for name, facts in documents().items() for heading in facts.get("headings", [])]


@pytest.mark.parametrize("name, phrase", PHRASES)
def test_every_phrase_is_found_on_its_page(name: str, phrase: str | dict[str, Any]) -> None:
    text, page = (phrase, None) if isinstance(phrase, str) else (phrase["text"], phrase["page"])
    holding = [clause for clause in parse(LAW / name).clauses if folded(text) in clause.text]
    assert holding
    assert page is None or page in [clause.page for clause in holding]


@pytest.mark.parametrize("name, heading", HEADINGS)
def test_every_heading_stands_above_a_clause(name: str, heading: str) -> None:
    assert any(heading in clause.heading_path for clause in parse(LAW / name).clauses)


# Looked up in the pages as they are rendered: how the paragraph begins, its page, its heading.
ON_PAPER = [
    (LAW / EDPB, "In compliance with article 35.10", 5, "2.1 General reasoning of the EDPB regarding the submitted list"),
    (LAW / EDPB, "The submitted draft list by", 6, "2.2 Application of the consistency mechanism to the draft list"),
    (LAW / EDPB, "The opinion aims at defining", 5, "2.1 General reasoning of the EDPB regarding the submitted list"),
    (LAW / EDPB, "The Board is of the opinion that, due to", 8, "EMPLOYEE MONITORING"),
    (LAW / EDPB, "This opinion is addressed to", 9, "4. Final Remarks"),
    (LAW / CNIL, "This is an iterative methodology", 4, "Introduction"),
    (LAW / CNIL, "Present a brief outline", 6, "1.1 Overview"),
    (LAW / CNIL, "estimate its severity", 9, "3.2 Risk assessment: potential privacy breaches"),
    (LAW / HIPAA, "Plain language requirement.", 72, "Notification to individuals."),
    (LAW / HIPAA, "Standard. For a breach of", 72, "Notification to the media."),
    (LAW / HIPAA, "Standard: Affiliated covered entities.", 61, "Organizational requirements."),
    (GUIDELINES, "OpenAI US will honor valid", 2, "Preservation Requests"),
    (GUIDELINES, "When OpenAI US or OpenAI Ireland receive", 3, "USER NOTICE"),
]


@pytest.mark.parametrize(
    "path, beginning, page, heading", ON_PAPER, ids=lambda value: value.name if isinstance(value, Path) else str(value)
)
def test_a_paragraph_has_the_page_and_heading_that_a_reader_sees(path: Path, beginning: str, page: int, heading: str) -> None:
    require(path.is_file(), f"{path} is not there")
    [clause] = [clause for clause in parse(path).clauses if clause.text.startswith(beginning)]
    assert (clause.page, clause.heading_path[-1]) == (page, heading)


# Numbers as Word shows them: they are nowhere in the text of the file.
IN_WORD = [
    (ICO, "You should start to", "Sample DPIA template, para. 2", "Sample DPIA template"),
    (ICO, "Subject/title of DPO", "Submitting controller details, para. 2", "Submitting controller details"),
    (ICO, "Explain broadly what", "Step 1: Identify the need for a DPIA, para. 1", "Step 1: Identify the need for a DPIA"),
    (ICO, "Remote, possible or probable", "Step 5: Identify and assess risks, para. 2", "Step 5: Identify and assess risks"),
    (ICO, "Residual risks approved by", "Step 7: Sign off and record outcomes, para. 3", "Step 7: Sign off and record outcomes"),
    (DPA, "In situations where Customer is a Controller", "§1.1", "1.1 Provider as Processor."),
    (DPA, "When engaging a Subprocessor", "§2.6(b)", "2.6 Subprocessors."),
    (DPA, "In Clause 17 (Option 1)", "§3.2(c)(v)", "3.2 Ex-EEA Transfers."),
    (DPA, "Upon becoming aware of any Security Incident", "§4", "Security Incident Response"),
    (DPA, "“Security Incident” means", "§11.15", "Definitions."),
    (DPA, "Agreement | This DPA supplements", "Key Terms, para. 2", "Key Terms"),
]


@pytest.mark.parametrize("name, beginning, locator, heading", IN_WORD)
def test_a_paragraph_has_the_number_and_heading_that_word_shows(name: str, beginning: str, locator: str, heading: str) -> None:
    [clause] = [clause for clause in parse(LAW / name).clauses if clause.text.startswith(beginning)]
    assert (str(clause.locator), clause.heading_path[-1]) == (locator, heading)


def test_running_headers_page_numbers_and_tables_of_contents_are_left_out() -> None:
    for name, running in ((HIPAA, "HIPAA Administrative Simplification Regulation Text"), (CNIL, "February 2018 edition")):
        document = parse(LAW / name)
        assert any("running headers" in skipped for skipped in document.skipped)
        assert sum(running in clause.text for clause in document.clauses) <= 1, name
    assert [clause for clause in parse(LAW / EDPB).clauses if re.search(r"\.{5,}", clause.text)] == []


def test_a_scan_is_refused_and_said_to_be_one() -> None:
    with pytest.raises(InputError, match="is scanned"):
        parse(LAW / SCANNED)


def test_pages_without_text_are_named() -> None:
    assert parse(LAW / CNIL).warnings == ("1 of 13 pages hold no text (pages 1): pictures are not read.",)
    assert parse(LAW / CNIL).units["pages"] == 13


def hipaa_clauses() -> dict[str, ParsedClause]:
    files = sorted((LAW / "hipaa-45cfr164-md").glob("*.md"))
    return {str(clause.locator): clause for path in files for clause in parse(path).clauses}


def test_sections_of_the_federal_regulations_have_their_official_numbers() -> None:
    facts = expected()["hipaa-45cfr164-md/"]
    clauses = hipaa_clauses()
    wrong = {
        number: quote for number, quote in facts["quotes"].items() if number not in clauses or folded(quote) not in clauses[number].text
    }
    assert wrong == {}
    assert {re.split(r"[( ,]", locator)[0] for locator in clauses} == set(facts["section_ids"])


def test_both_copies_of_the_security_rule_have_the_same_clauses() -> None:
    """The Markdown and the PDF of 45 CFR 164.312 were made by different people from the same text."""
    printed = {str(clause.locator): clause for clause in parse(LAW / HIPAA).clauses}
    section = {locator: clause for locator, clause in hipaa_clauses().items() if locator.startswith("164.312")}
    assert len(section) >= 15
    assert {locator for locator in section if locator not in printed} == set()
    words = {locator: re.findall(r"\w+", clause.text) for locator, clause in section.items()}
    assert [at for at, found in words.items() if found[:8] != re.findall(r"\w+", printed[at].text)[:8]] == []


def test_addresses_are_unique_and_read_back() -> None:
    for name in documents():
        if name == SCANNED:
            continue
        locators = [clause.locator for clause in parse(LAW / name).clauses]
        assert len(set(map(str, locators))) == len(locators), name
        assert [locator for locator in locators if parse_locator(str(locator)) != locator] == [], name


@pytest.mark.parametrize("name", [EDPB, CNIL, HIPAA])
def test_no_word_of_a_pdf_is_lost(name: str) -> None:
    """Against the plain text of another routine of the library; what stands in the margins of every page apart."""
    import pypdfium2

    with pypdfium2.PdfDocument(LAW / name) as pdf:
        printed = [pdf[number].get_textpage().get_text_range() for number in range(len(pdf))]
    held = words_of(" ".join(text for clause in parse(LAW / name).clauses for text in (clause.text, *clause.heading_path)))
    shown = words_of(" ".join(re.sub(r"[\x02\ufffe]\r?\n?", "", page) for page in printed))
    # The plain text sets the number of a footnote right behind its word.
    lost = {word for word in shown - held if len(word.rstrip("0123456789")) > 3 and word.rstrip("0123456789") not in held}
    assert len(lost) <= 0.01 * len(shown), sorted(lost)


@pytest.mark.parametrize("name", [ICO, DPA])
def test_no_word_of_a_docx_is_lost(name: str) -> None:
    import docx

    body = docx.Document(str(LAW / name)).element.body
    shown = words_of(" ".join("".join(text.text or "" for text in paragraph.iter("{*}t")) for paragraph in body.iter("{*}p")))
    held = words_of(" ".join(text for clause in parse(LAW / name).clauses for text in (clause.text, *clause.heading_path)))
    assert {word for word in shown - held if not word.isdigit()} == set()


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.lower()))
