"""What each reader makes of a small law of our own."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.errors import InputError
from assistant.ingest.documents import RawDocument
from assistant.locators import parse_locator
from tests.unit.ingest.invented_laws import LAWS, READER_OF, READERS, clauses, raw, read, reader

pytestmark = pytest.mark.unit


def headings(name: str, place: str) -> tuple[str, ...]:
    return next(clause.heading_path for clause in read(name).clauses if str(clause.locator) == place)


@pytest.mark.parametrize("name", READER_OF)
def test_one_reader_recognises_a_law_by_its_content(name: str) -> None:
    document = RawDocument("letter.txt", raw(name).data)
    assert [each for each in READERS if reader(each).recognises(document)] == [READER_OF[name]]


@pytest.mark.parametrize("name", READER_OF)
def test_every_clause_has_a_place_of_its_own_that_is_read_back(name: str) -> None:
    locators = [clause.locator for clause in read(name).clauses]
    assert len(set(locators)) == len(locators)
    assert [locator for locator in locators if parse_locator(str(locator)) != locator] == []


@pytest.mark.parametrize("name", READER_OF)
def test_what_is_no_word_of_the_law_is_in_no_clause(name: str) -> None:
    text = " ".join(clauses(name).values())
    assert [
        word for word in ("ever a clause", "hummed", "old maps", "vieilles", "Quick search", "Cookies", "ISSN", "▼", "►") if word in text
    ] == []


FORMEX = {
    "Preamble, para. 1": "THE COUNCIL OF GARDENERS,",
    "Preamble, para. 2": "Having walked the meadows,",
    "Preamble, para. 3": "Having asked the bees,",
    "Preamble, para. 4": "Whereas:",
    "Recital 1": "A meadow that nobody describes (the ‘silent meadow’) is soon forgotten. Two things follow: "
    "(a) diaries are needed; (b) pencils too.",
    "Recital 2": "Fines of 12 500 acorns deter nobody,",
    "Preamble, para. 5": "HAS ADOPTED THIS REGULATION:",
    "Art. 1": "In this Regulation:",
    "Art. 1(1)": "‘diary’ means any book that is kept outdoors:",
    "Art. 1(1)(a)": "in ink; or",
    "Art. 1(1)(b)": "in pencil;",
    "Art. 1(2)": "‘meadow’ means grass with flowers.",
    "Art. 2(1)": "Every entry shall name: Point (a) of the first subparagraph does not bind moles. "
    "Moles shall instead: (a) dig; or (c) wait.",
    "Art. 2(1)(a)": "the day;",
    "Art. 2(1)(b)": "the weather:",
    "Art. 2(1)(b)(i)": "wind;",
    "Art. 2(1)(b)(ii)": "cloud.",
    "Art. 2(2)": "Drawings shall show: — stalks; — petals.",
    "Art. 3": "In the Hedge Regulation, the following is added: 3. Hedges may keep diaries.",
    "Final formula, para. 1": "This Regulation binds every gardener.",
}


def test_a_formex_act_is_read_in_its_order() -> None:
    assert list(clauses("meadow.formex.xml").items()) == list(FORMEX.items())


def test_the_headings_of_a_formex_act_stand_over_its_articles() -> None:
    assert headings("meadow.formex.xml", "Art. 2(1)(b)(i)") == ("CHAPTER II: Duties", "Section 1: Writing", "Entries")
    assert headings("meadow.formex.xml", "Art. 3") == ("CHAPTER II: Duties", "Section 2: Old laws", "Hedges")
    assert headings("meadow.formex.xml", "Recital 1") == ()


def test_a_formex_act_says_what_it_is() -> None:
    law = read("meadow.formex.xml")
    assert law.metadata.title == "Regulation (EU) 2031/7 of 4 March 2031 on the keeping of meadow diaries"
    assert (law.metadata.language, law.metadata.version_date, law.metadata.kind) == ("en", date(2031, 3, 4), "law")
    assert law.metadata.jurisdictions == ("eu",)
    assert law.metadata.url is None  # no address is printed in it
    assert {unit: law.units[unit] for unit in ("articles", "recitals", "chapters", "sections", "numbered_paragraphs", "footnotes")} == {
        "articles": 3,
        "recitals": 2,
        "chapters": 2,
        "sections": 2,
        "numbered_paragraphs": 2,
        "footnotes": 2,
    }
    assert law.skipped == ("2 footnotes", "the signatures")


def test_what_a_consolidated_text_has_deleted_is_gone() -> None:
    assert clauses("meadow-consolidated.formex.xml") == {
        "Art. 1": "Se entenderá por:",
        "Art. 1(1)": "«diario»: todo libro que se lleva al aire libre;",
        "Art. 2a(1)": "Los topos escriben cada noche.",
    }


def test_a_consolidated_text_is_dated_by_its_newest_change_and_addressed_by_its_number() -> None:
    for name, language in (("meadow-consolidated.formex.xml", "es"), ("meadow-consolidated.eurlex.xhtml", "fr")):
        metadata = read(name).metadata
        assert (metadata.version_date, metadata.language) == (date(2032, 1, 15), language)
        assert metadata.url == f"https://eur-lex.europa.eu/legal-content/{language.upper()}/TXT/?uri=CELEX:02031R0007-20320101"


def test_the_sections_of_an_annex_are_part_of_the_place() -> None:
    annex = {
        "Annex II": "Count only these:",
        "Annex II(A)(1)": "Cowslips",
        "Annex II(B)": "Colour | red Your name:",
        "Annex II(B)(1)": "Poppies",
    }
    assert clauses("meadow-annex.formex.xml") == annex
    assert headings("meadow-annex.formex.xml", "Annex II(A)(1)") == ("ANNEX II: Flowers", "Section A — Spring")


def test_a_corrigendum_gives_its_corrections_and_no_articles() -> None:
    corrigendum = read("meadow-corrigendum.formex.xml")
    assert clauses("meadow-corrigendum.formex.xml") == {
        "Correction 1": "On page 13, Article 2(1), point (a): for: ‘(a) the day;’, read: ‘(a) the hour;’."
    }
    assert (corrigendum.units["corrections"], corrigendum.units["articles"]) == (1, 0)
    assert "no law text of its own" in corrigendum.warnings[0]


def test_the_page_of_a_corrigendum_has_neither_articles_nor_recitals_of_its_own() -> None:
    corrigendum = read("meadow-corrigendum.eurlex.xhtml")
    assert list(clauses("meadow-corrigendum.eurlex.xhtml").items()) == [
        ("Corrections, para. 1", "Seite 13, Artikel 2:"),
        ("Corrections, para. 2", "Anstatt:"),
        ("Corrections, para. 3", "„Artikel 2"),
        ("Corrections, para. 4", "1. | der Tag;“,"),
        ("Corrections, para. 5", "muss es heißen:"),
        ("Corrections, para. 6", "„(1) | die Stunde;“."),
    ]
    assert {unit: corrigendum.units[unit] for unit in ("corrections", "articles", "recitals")} == {
        "corrections": 1,
        "articles": 0,
        "recitals": 0,
    }
    assert "no law text of its own" in corrigendum.warnings[0]


EURLEX = {
    "Preamble, para. 1": "THE COUNCIL OF GARDENERS,",
    "Preamble, para. 2": "Having asked the bees,",
    "Preamble, para. 3": "Whereas:",
    "Recital 1": "A meadow that nobody describes (the ‘silent meadow’) is soon forgotten. (a) diaries are needed.",
    "Preamble, para. 4": "HAS ADOPTED THIS REGULATION:",
    "Art. 1": "In this Regulation:",
    "Art. 1(1)": "‘diary’ means any book that is kept outdoors:",
    "Art. 1(1)(a)": "in ink; or",
    "Art. 1(1)(b)": "in pencil;",
    "Art. 2(1)": "Every entry shall name: Point (a) of the first subparagraph does not bind moles.",
    "Art. 2(1)(a)": "the day;",
    "Art. 2(1)(b)": "the weather.",
    "Art. 2(2)": "A fine of 12 500 acorns may be imposed.",
    "Art. 3": "In the Hedge Regulation, the following points are added: ‘(7) hedges may keep diaries; (8) so may ditches.’",
    "Final formula, para. 1": "This Regulation binds every gardener.",
    "Annex II(A)(1)": "Cowslips",
    "Annex II(B)": "A | red petals",
    "Annex II(B)(1)": "Poppies",
}


@pytest.mark.parametrize("name", ["meadow.eurlex.xhtml", "meadow-web-page.html"])
def test_an_eur_lex_page_is_read_in_its_order_alone_or_inside_the_web_page(name: str) -> None:
    assert list(clauses(name).items()) == list(EURLEX.items())


def test_an_eur_lex_page_says_what_it_is() -> None:
    law = read("meadow.eurlex.xhtml")
    assert law.metadata.title == "REGULATION (EU) 2031/7 on the keeping of meadow diaries"
    assert (law.metadata.language, law.metadata.version_date, law.metadata.edition) == ("en", date(2031, 3, 5), "OJ L 7/12")
    assert law.metadata.url == "http://data.europa.eu/eli/reg/2031/7/oj"
    assert {unit: law.units[unit] for unit in ("articles", "recitals", "annexes", "chapters", "citations", "footnotes")} == {
        "articles": 3,
        "recitals": 1,
        "annexes": 1,
        "chapters": 1,
        "citations": 1,
        "footnotes": 2,
    }
    assert headings("meadow.eurlex.xhtml", "Art. 2(1)(a)") == ("CHAPTER I: Ground rules", "Entries")
    assert headings("meadow.eurlex.xhtml", "Annex II(A)(1)") == ("ANNEX II: Flowers", "Section A: Spring")
    assert "the web page around the document" in read("meadow-web-page.html").skipped


def test_the_marks_of_a_consolidated_page_are_no_words_and_its_older_lists_are_lists() -> None:
    assert clauses("meadow-consolidated.eurlex.xhtml") == {
        "Art. 1(1)": "Chaque page indique: Le point a) ne lie pas les taupes.",
        "Art. 1(1)(a)": "le jour;",
        "Art. 1(1)(b)": "le temps.",
        "Art. 1a": "Les taupes creusent.",
        "Art. 2": "Un dessin montre:",
        "Art. 2(a)": "les tiges;",
        "Art. 2(b)": "les fleurs.",
        "Annex": "Fleur | Mois primevère | mars",
    }
    assert headings("meadow-consolidated.eurlex.xhtml", "Art. 2(a)") == ("CHAPITRE I: Obligations", "Dessins")


def test_a_library_of_a_law_gives_the_places_of_the_law() -> None:
    law = read("meadow-law.ciso.yaml")
    assert clauses("meadow-law.ciso.yaml") == {
        "Recital 1": "Meadows matter. So do ditches.",
        "Art. 1": "Entries",
        "Art. 1(1)": "Every entry shall name: This does not bind moles.",
        "Art. 1(1)(a)": "the day;",
        "Art. 1(10)": "Pencils are allowed.",  # not 1.1, which a number would make of it
        "Art. 2": "Moles are free.",
    }
    assert (law.wording, law.metadata.kind, law.metadata.url) == ("official", "law", "https://meadows.example/law")
    assert headings("meadow-law.ciso.yaml", "Art. 2") == ("CHAPTER I: Duties", "Moles")
    assert law.skipped == ("1 note of the library",)


def test_a_library_that_outlines_a_standard_is_not_taken_for_its_words() -> None:
    standard = read("meadow-standard.ciso.yaml")
    assert clauses("meadow-standard.ciso.yaml") == {
        "A.5": "Grass",
        "A.5.10": "Grass is mown in June.",
        "4.10": "Context",
        "Unnumbered, para. 1": "Look around.",
        "L-1": "Round and round.",
    }
    assert (standard.wording, standard.metadata.kind, standard.metadata.language) == ("summary", "standard", "fr")
    assert "not the standard's own words" in standard.warnings[0]
    assert headings("meadow-standard.ciso.yaml", "A.5.10") == ("A.5 Grass", "Mowing")


def test_a_uk_act_is_read_down_to_its_sub_paragraphs() -> None:
    act = read("meadow-act.clml.xml")
    assert clauses("meadow-act.clml.xml") == {
        "Introductory text, para. 1": "An Act about diaries.",
        "Introductory text, para. 2": "Be it so:—",
        "s. 1(1)": "An entry in the diary must name— This is subject to subsection (2).",
        "s. 1(1)(a)": "the day,",
        "s. 1(1)(b)": "the weather—",
        "s. 1(1)(b)(i)": "wind, or",
        "s. 1(3)": "In this section— “entry” includes— (a) a drawing;",
        "s. 1A": "In the Hedges Act, after section 5 insert— Hedges 5A (1) Hedges may write.",
        "Sch. 1 para. 1(1)": "Moles dig.",
    }
    assert headings("meadow-act.clml.xml", "Sch. 1 para. 1(1)") == ("SCHEDULE 1: Moles", "PART 1: Digging", "Depth")
    assert (act.units["sections"], act.units["schedules"], act.metadata.version_date) == (2, 1, date(2032, 2, 1))
    assert act.metadata.url == "https://www.legislation.gov.uk/ukpga/2031/7"
    assert act.skipped == ("1 editorial note", "1 repealed text, printed as rows of dots")
    assert act.warnings == ("Marked as not yet in force: 1 provision.",)


def test_regulations_and_retained_law_are_cited_as_such() -> None:
    assert clauses("meadow-regulations.clml.xml") == {
        "reg. 1": "These Regulations may be cited.",
        "Explanatory Note, para. 1": "These Regulations are about meadows.",
    }
    assert clauses("meadow-retained.clml.xml") == {
        "Recital 1": "Meadows matter.",
        "Art. 1": "In this Regulation:",
        "Art. 1(a)": "‘mole’ means a digger.",
        "Annex(I)": "Mole | 2 acorns",
    }


def test_akoma_ntoso_is_read_with_its_oddities() -> None:
    law = read("meadow.akn.xml")
    assert clauses("meadow.akn.xml") == {
        "Preamble, para. 1": "Having asked the bees,",
        "Recital 1": "Meadows matter.",
        "Art. 1(1)": "An entry names: Moles are free.",
        "Art. 1(1)(a)": "the weather:",
        "Art. 1(1)(a)(i)": "wind.",
        "Art. 1a": "Insert: 3. Hedges may write.",
    }
    assert headings("meadow.akn.xml", "Art. 1(1)") == ("CHAPTER I: Duties", "Entries")  # its title is a second number in the file
    assert (law.metadata.version_date, law.metadata.language) == (date(2031, 3, 4), "en")  # 2999 is a placeholder
    assert law.metadata.url == "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32031L0007"


def test_an_oscal_catalogue_gives_its_parts_by_their_ids() -> None:
    catalogue = read("meadow.oscal.json")
    assert clauses("meadow.oscal.json") == {
        "gr-1_smt": "The gardener:",
        "gr-1_smt.a": "mows {{ insert: param, gr-1_prm_1 }}; and",
        "gr-1_gdn": "Not in May.",
        "gr-1.1_smt": "Mow late.",
    }
    assert headings("meadow.oscal.json", "gr-1.1_smt") == ("Grass", "GR-1 Mowing", "GR-1.1 At Dusk")
    assert (catalogue.units["controls"], catalogue.units["enhancements"]) == (2, 1)
    assert catalogue.skipped == ("1 list of assessment objects",)


@pytest.mark.parametrize(
    "kind, data, reason",
    [
        ("oscal", (LAWS / "meadow-profile.oscal.json").read_bytes(), "import the catalogue"),
        ("ciso_assistant", b"urn: urn:invented:risk:library:matrix\nobjects:\n  risk_matrix: {}\n", "without a framework"),
        ("ciso_assistant", b"urn: urn:invented:risk:library:x\nobjects: {framework: {requirement_nodes: [{urn: a}]}}\n", "no text"),
        ("clml", b'<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"><Metadata/></Legislation>', "not its text"),
        ("formex", b"<ACT><BIB.INSTANCE/><TITLE><TI><P>Nothing</P></TI></TITLE></ACT>", "without any article"),
        ("akoma_ntoso", b'<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act/></akomaNtoso>', "without a text"),
        ("eurlex", b'<html><body><p class="oj-doc-ti">A title</p></body></html>', "without the text of an act"),
    ],
)
def test_a_file_of_the_format_without_a_text_is_refused_with_a_reason(kind: str, data: bytes, reason: str) -> None:
    document = RawDocument("empty", data)
    assert reader(kind).recognises(document)
    with pytest.raises(InputError, match=reason):
        reader(kind).read(document)
