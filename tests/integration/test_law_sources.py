"""Every law and framework in ``../shared/sources/law``: its counts, and each quotation word for word under its locator."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from importlib import import_module
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.ingest.documents import ParsedClause, ParsedDocument, RawDocument
from assistant.ingest.xml_input import read_html, read_xml, unpack_gzip
from assistant.locators import Locator, parse_locator
from tests.places import SHARED
from tests.strictness import require

LAW = SHARED / "sources" / "law"
READER_OF = {
    "ai-act-oj-2024-1689.eurlex.xhtml": "eurlex",
    "ciso-cnil-guide-securite.yaml": "ciso_assistant",
    "ciso-gdpr.yaml": "ciso_assistant",
    "ciso-iso27001-2022.yaml": "ciso_assistant",
    "directive-2014-92.akn.xml": "akoma_ntoso",
    "gdpr-consolidated-02016R0679-20160504.eurlex.xhtml": "eurlex",
    "gdpr-consolidated.formex.xml": "formex",
    "gdpr-corrigendum-2018.formex.xml": "formex",
    "gdpr-eurlex-webpage-32016R0679.html": "eurlex",
    "gdpr-oj-2016-679.de.formex.xml": "formex",
    "gdpr-oj-2016-679.eurlex.xhtml": "eurlex",
    "gdpr-oj-2016-679.formex.xml": "formex",
    "join-2022-19-regulation-proposal.akn4eu.xml": "akoma_ntoso",
    "oscal-nist-800-53-rev4-low-catalog.json": "oscal",
    "uk-clml-eur-2014-319-adopted.xml": "clml",
    "uk-clml-ukpga-2018-12-dpa-latest.xml.gz": "clml",
    "uk-clml-ukpga-2021-5.xml": "clml",
    "uk-clml-uksi-2009-3157.xml": "clml",
}
PROFILE = "oscal-nist-800-53-rev4-low-profile.json"
# Where expected.json counts the same thing under another name.
UNIT_NAMES = {
    "recital_nodes": "recitals",
    "article_nodes": "articles",
    "annex_a_controls": "controls",
    "controls_total": "controls",
    "of_which_nested_enhancements": "enhancements",
}
NO_UNITS = {"version", "clauses_assessable"}  # a number of the file's edition, and one of the 123 assessable nodes' two halves
READERS = ("formex", "akoma_ntoso", "clml", "eurlex", "ciso_assistant", "oscal")

pytestmark = pytest.mark.integration


@cache
def expectations() -> dict[str, Any]:
    require((LAW / "expected.json").is_file(), "the shared folder with the sources is not there")
    return dict(json.loads((LAW / "expected.json").read_text(encoding="utf-8")))


@cache
def document(name: str) -> RawDocument:
    require((LAW / name).is_file(), f"{name} is not in the shared folder")
    return unpack_gzip(RawDocument(name, (LAW / name).read_bytes()))


@cache
def parsed(name: str) -> ParsedDocument:
    read = import_module(f"assistant.ingest.readers.{READER_OF[name]}").read
    result: ParsedDocument = read(document(name))
    return result


@cache
def clauses_of(name: str) -> dict[str, ParsedClause]:
    return {str(clause.locator): clause for clause in parsed(name).clauses}


def clause_at(name: str, place: str) -> ParsedClause | None:
    """The clause of a place as expected.json writes it: with the subparagraph it stands in, or as the library numbers it."""
    place = re.sub(r" subpara [0-9]+$", "", place)
    if place.startswith("correction "):
        place = place.removesuffix(" description").capitalize()
    if name == "ciso-gdpr.yaml" and place[0].isdigit():
        place = f"Art. {place}"
    return clauses_of(name).get(str(parse_locator(place)))


def folded(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def test_every_law_and_framework_of_the_folder_is_tested_here() -> None:
    formats = (".xhtml", ".xml", ".html", ".yaml", ".json", ".gz")
    assert {name for name in expectations() if name.endswith(formats)} == {*READER_OF, PROFILE}


@pytest.mark.parametrize("name", [*READER_OF, PROFILE])
def test_exactly_one_reader_recognises_it(name: str) -> None:
    recognising = [reader for reader in READERS if import_module(f"assistant.ingest.readers.{reader}").recognises(document(name))]
    assert recognising == [READER_OF.get(name, "oscal")]


@pytest.mark.parametrize("name", READER_OF)
def test_its_parts_are_counted(name: str) -> None:
    expected = {
        UNIT_NAMES.get(unit, unit): count
        for unit, count in expectations()[name].items()
        if isinstance(count, int) and not isinstance(count, bool) and unit not in NO_UNITS
    }
    units = parsed(name).units
    assert {unit: units.get(unit) for unit in expected} == expected


@pytest.mark.parametrize("name", READER_OF)
def test_every_quotation_stands_word_for_word_under_its_locator(name: str) -> None:
    quotes = expectations()[name]["quotes"]
    missing = [
        place for place, quote in quotes.items() if (clause := clause_at(name, place)) is None or folded(quote) not in folded(clause.text)
    ]
    assert quotes
    assert missing == []


@pytest.mark.parametrize("name", READER_OF)
def test_the_titles_of_articles_stand_over_their_clauses(name: str) -> None:
    titles = expectations()[name].get("article_titles", {})
    found = {
        number: next(c.heading_path[-1] for c in parsed(name).clauses if c.locator.kind == "article" and c.locator.number == number)
        for number in titles
    }
    assert found == titles


@pytest.mark.parametrize("name", READER_OF)
def test_every_locator_is_one_clause_and_is_read_back_from_its_spelling(name: str) -> None:
    clauses = parsed(name).clauses
    assert len(clauses_of(name)) == len(clauses)
    assert [c.locator for c in clauses if parse_locator(str(c.locator)) != c.locator] == []


@pytest.mark.parametrize("name", READER_OF)
def test_clauses_are_folded_and_hold_no_markup(name: str) -> None:
    assert [str(c.locator) for c in parsed(name).clauses if c.text != folded(c.text) or not c.text] == []
    assert [str(c.locator) for c in parsed(name).clauses if re.search(r"</?[a-z]+[ >]|&[a-z]+;|[►▼◄]", c.text)] == []


def test_a_corrected_and_an_uncorrected_text_are_kept_apart() -> None:
    (place, versions), *others = expectations()["_about"]["version_traps"].items()
    assert (place, others) == ("GDPR Art. 37(1)(c)", [])
    held = {name: [part for part in set(versions.values()) if part in folded(clauses_of(name)["Art. 37(1)(c)"].text)] for name in versions}
    assert held == {name: [part] for name, part in versions.items()}


@pytest.mark.parametrize(
    "name, day",
    [
        ("gdpr-oj-2016-679.eurlex.xhtml", "2016-05-04"),
        ("gdpr-eurlex-webpage-32016R0679.html", "2016-05-04"),
        ("gdpr-consolidated-02016R0679-20160504.eurlex.xhtml", "2018-05-23"),
        ("gdpr-consolidated.formex.xml", "2018-05-23"),
        ("ai-act-oj-2024-1689.eurlex.xhtml", "2024-07-12"),
        ("ciso-gdpr.yaml", "2025-09-24"),
        ("uk-clml-ukpga-2018-12-dpa-latest.xml.gz", "2026-04-07"),
    ],
)
def test_a_version_is_dated_as_the_file_says(name: str, day: str) -> None:
    assert str(parsed(name).metadata.version_date) == day


@pytest.mark.parametrize("name", READER_OF)
def test_the_language_is_the_one_of_the_file(name: str) -> None:
    expected = expectations()[name]["language"]
    assert parsed(name).metadata.language in (expected, None)
    assert parsed(name).metadata.language == expected or READER_OF[name] == "oscal"


def test_nothing_of_the_web_page_around_the_law_is_a_clause() -> None:
    name = "gdpr-eurlex-webpage-32016R0679.html"
    text = "\n".join(clause.text for clause in parsed(name).clauses)
    assert [phrase for phrase in expectations()[name]["must_not_contain_in_clauses"] if phrase in text] == []
    assert parsed(name).clauses == parsed("gdpr-oj-2016-679.eurlex.xhtml").clauses


def test_two_formats_of_one_text_give_the_same_clauses() -> None:
    for formex, xhtml in (
        ("gdpr-oj-2016-679.formex.xml", "gdpr-oj-2016-679.eurlex.xhtml"),
        ("gdpr-consolidated.formex.xml", "gdpr-consolidated-02016R0679-20160504.eurlex.xhtml"),
    ):
        one = {place: clause.text for place, clause in clauses_of(formex).items()}
        other = {place: clause.text for place, clause in clauses_of(xhtml).items()}
        other.pop("Final formula, para. 2", None)  # "Done at Brussels", in Formex part of the signatures
        assert one == other


def test_the_german_law_has_the_places_of_the_english_one() -> None:
    assert list(clauses_of("gdpr-oj-2016-679.de.formex.xml")) == list(clauses_of("gdpr-oj-2016-679.formex.xml"))


def test_all_annex_a_controls_of_iso_27001_have_their_titles_and_nobody_takes_the_descriptions_for_iso_wording() -> None:
    name = "ciso-iso27001-2022.yaml"
    found = {str(c.locator): c.heading_path[-1] for c in parsed(name).clauses if c.locator.kind == "control"}
    assert found == expectations()[name]["annex_a_titles"]
    assert parsed(name).wording == "summary"
    assert parsed("ciso-gdpr.yaml").wording == "official"


def test_inserted_sections_have_clauses_of_their_own() -> None:
    name = "uk-clml-ukpga-2018-12-dpa-latest.xml.gz"
    numbers = {clause.locator.number for clause in parsed(name).clauses if clause.locator.kind == "section"}
    missing = set(expectations()[name]["inserted_sections"]) - numbers
    texts = {number: words_outside(section_of(name, number), frozenset({"Pnumber"})) for number in missing}
    assert {number: text for number, text in texts.items() if re.search(r"\w", text)} == {}  # repealed: rows of dots
    assert len(numbers) > 200


def section_of(name: str, number: str) -> Any:
    return next(element for element in read_xml(document(name)).iter() if element.get("id") == f"section-{number}")


def test_a_conversion_that_lost_its_text_is_reported() -> None:
    assert any("lost text" in warning for warning in parsed("directive-2014-92.akn.xml").warnings)
    assert parsed("join-2022-19-regulation-proposal.akn4eu.xml").warnings == ()


def test_a_corrigendum_is_no_law_of_its_own() -> None:
    corrigendum = parsed("gdpr-corrigendum-2018.formex.xml")
    assert {clause.locator.kind for clause in corrigendum.clauses} == {"heading"}
    assert corrigendum.warnings


def test_a_profile_without_texts_is_refused() -> None:
    with pytest.raises(InputError, match="import the catalogue"):
        import_module("assistant.ingest.readers.oscal").read(document(PROFILE))


# Nothing is lost: the words of the file, read without the readers, are the words of the clauses.

FORMEX_APART = frozenset("TITLE TI.ART STI.ART NO.P NO.PARAG NOTE BIB.INSTANCE SIGNATURE FAM.COMP QUOT.START QUOT.END FT".split())
INSIDE_WORDS = frozenset({"Superior", "Inferior", "SmallCaps"})
CLML_APART = frozenset(
    "Pnumber Number Title TitleBlock Reference Commentaries Metadata Contents Footnote Footnotes PrimaryPrelims SecondaryPrelims "
    "EUPrelims SignedSection".split()
)


def words_outside(element: Any, apart: frozenset[str]) -> str:
    if not isinstance(element.tag, str) or element.tag.rpartition("}")[2] in apart:
        return str(element.tail or "")
    children = (
        words_outside(child, apart) if str(child.tag).rpartition("}")[2] in INSIDE_WORDS else f" {words_outside(child, apart)}"
        for child in element
    )
    return "".join([element.text or "", *children, element.tail or ""])


@pytest.mark.parametrize(
    "name",
    ["gdpr-oj-2016-679.formex.xml", "gdpr-oj-2016-679.de.formex.xml", "gdpr-consolidated.formex.xml", "gdpr-corrigendum-2018.formex.xml"],
)
def test_no_word_of_a_formex_file_is_lost_or_doubled(name: str) -> None:
    body = words(words_outside(read_xml(document(name)), FORMEX_APART))
    clauses = words(" ".join(clause.text for clause in parsed(name).clauses))
    assert body - clauses == Counter()
    assert {word for word in clauses - body if not re.fullmatch(r"[0-9]+|[a-z]{1,4}", word)} == set()  # numbers set off in the file


@pytest.mark.parametrize("name", [name for name, reader in READER_OF.items() if reader == "clml"])
def test_no_word_of_an_act_is_lost(name: str) -> None:
    body = words(words_outside(read_xml(document(name)), CLML_APART))
    clauses = words(" ".join(clause.text for clause in parsed(name).clauses))
    assert body - clauses == Counter()


EURLEX_APART = re.compile(
    r"(?:^| )(?:oj-)?(?:hd-(?:date|lg|ti|oj|uniq|coll|modifiers)|doc-ti|ti-art|sti-art|ti-section-[12]|ti-grseq-1|note|note-tag|signatory"
    r"|modref|arrow|reference|disclaimer|title-[\w-]+|stitle-[\w-]+|footnote|no-parag|list|superscript)(?: |$)"
)


def words_of_page(element: Any) -> str:
    if not isinstance(element.tag, str) or element.tag in ("script", "style", "head") or EURLEX_APART.search(element.get("class") or ""):
        return str(element.tail or "")
    if (element.text or "").startswith(("ELI: ", "ISSN ")):  # the imprint
        return str(element.tail or "")
    return "".join([element.text or "", *(words_of_page(child) for child in element), element.tail or ""])


@pytest.mark.parametrize(
    "name", ["ai-act-oj-2024-1689.eurlex.xhtml", "gdpr-oj-2016-679.eurlex.xhtml", "gdpr-consolidated-02016R0679-20160504.eurlex.xhtml"]
)
def test_no_word_of_an_eur_lex_page_is_lost_but_labels_and_the_imprint(name: str) -> None:
    body = words(re.sub(r"►[A-Z]+[0-9]*", "", words_of_page(read_html(document(name)))))
    clauses = words(" ".join(clause.text for clause in parsed(name).clauses))
    lost = body - clauses
    labels = Counter({word: count for word, count in lost.items() if re.fullmatch(r"[0-9]{1,3}|[a-z]{1,2}|[ivx]{1,5}", word)})
    assert lost - labels == Counter()
    # Each label is lost at most once for each part that bears it.
    borne = Counter(part for clause in parsed(name).clauses for part in _path(clause.locator))
    assert sum(labels.values()) <= sum(borne.values())


def _path(locator: Locator) -> tuple[str, ...]:
    return locator.parts or (locator.number,)
