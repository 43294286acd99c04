"""One parser for all ways of writing a locator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.locators import Locator, find_locators, parse_locator, parse_numbered_locator

WRITTEN = [
    ("Art. 28(3)(a)", "Art. 28(3)(a)", "art-28-3-a"),
    ("Article 28 (3) a", "Art. 28(3)(a)", "art-28-3-a"),
    ("art 28.3.a", "Art. 28(3)(a)", "art-28-3-a"),
    ("article 28, paragraph 3, point (a)", "Art. 28(3)(a)", "art-28-3-a"),
    ("Art. 28 Abs. 3 lit. a", "Art. 28(3)(a)", "art-28-3-a"),
    ("Artikel 28 Absatz 3 Buchstabe a", "Art. 28(3)(a)", "art-28-3-a"),
    ("Artikel 28 Absatz 3 Unterabsatz 1 Buchstabe a DSGVO", "Art. 28(3)(a)", "art-28-3-a"),
    ("Art. 6 Abs. 1 lit. f", "Art. 6(1)(f)", "art-6-1-f"),
    ("Art. 6 Abs. 1 Satz 1 Buchst. f DS-GVO", "Art. 6(1)(f)", "art-6-1-f"),
    ("Art. 4 Nr. 1", "Art. 4(1)", "art-4-1"),
    ("article 28, paragraphe 3, point a)", "Art. 28(3)(a)", "art-28-3-a"),
    ("article 6, paragraphe 1, premier alinéa, point f)", "Art. 6(1)(f)", "art-6-1-f"),
    ("art. 28, par. 3, lettre a", "Art. 28(3)(a)", "art-28-3-a"),
    ("artículo 28, apartado 3, letra a)", "Art. 28(3)(a)", "art-28-3-a"),
    ("articolo 28, paragrafo 3, lettera a)", "Art. 28(3)(a)", "art-28-3-a"),
    ("artikel 28, lid 3, onder a)", "Art. 28(3)(a)", "art-28-3-a"),
    ("point (a) of Article 28(3)", "Art. 28(3)(a)", "art-28-3-a"),
    ("point (f) of the first subparagraph of Article 6(1)", "Art. 6(1)(f)", "art-6-1-f"),
    ("Article 6(1), first subparagraph, point (f)", "Art. 6(1)(f)", "art-6-1-f"),
    ("Article 28(3) of the GDPR", "Art. 28(3)", "art-28-3"),
    ("Article 4(16)(a)", "Art. 4(16)(a)", "art-4-16-a"),
    ("Article 10aa(2)", "Art. 10aa(2)", "art-10aa-2"),
    ("Article 28th", "Article 28th", "article-28th"),
    ("Erwägungsgrund 47", "Recital 47", "recital-47"),
    ("considérant 47", "Recital 47", "recital-47"),
    ("considerando (47)", "Recital 47", "recital-47"),
    ("Anhang III Nummer 1 Buchstabe c", "Annex III(1)(c)", "annex-iii-1-c"),
    ("annexe III, point 1, point c)", "Annex III(1)(c)", "annex-iii-1-c"),
    ("anexo III, punto 1, letra c)", "Annex III(1)(c)", "annex-iii-1-c"),
    ("Annex C(1)", "Annex C(1)", "annex-c-1"),
    ("Annex (2)(a)", "Annex(2)(a)", "annex-0-2-a"),
    ("§ 26 Abs. 1 BDSG", "§26(1)", "sec-26-1"),
    ("ARTICLE 9(2)(H)", "Art. 9(2)(h)", "art-9-2-h"),
    ("Recital 47", "Recital 47", "recital-47"),
    ("recital (47)", "Recital 47", "recital-47"),
    ("A.8.24", "A.8.24", "a.8.24"),
    ("Annex A 8.24", "A.8.24", "a.8.24"),
    ("A.12.4.1", "A.12.4.1", "a.12.4.1"),
    ("§ 10.2", "§10.2", "sec-10.2"),
    ("clause 10.2", "§10.2", "sec-10.2"),
    ("section 164A(1)", "s. 164A(1)", "s-164a-1"),
    ("Schedule 1 paragraph 2 (1)", "Sch. 1 para. 2(1)", "sch-1-para-2-1"),
    ("Annex III(1)(c)", "Annex III(1)(c)", "annex-iii-1-c"),
    ("45 CFR § 164.502(e)(1)(ii)", "164.502(e)(1)(ii)", "164.502-e-1-ii"),
    ("Retention, para. 2", "Retention, para. 2", "retention-para-2"),
    ("Защита данных, para. 2", "Защита данных, para. 2", "защита-данных-para-2"),
    ("How Do We Use Personal Data?", "How Do We Use Personal Data?", "how-do-we-use-personal-data"),
]


@pytest.mark.parametrize("written, canonical, slug", WRITTEN)
def test_every_spelling_gives_one_locator(written: str, canonical: str, slug: str) -> None:
    locator = parse_locator(written)
    assert (str(locator), locator.slug) == (canonical, slug)


@pytest.mark.parametrize("written", [written for written, _, _ in WRITTEN])
def test_the_canonical_spelling_parses_to_the_same_locator(written: str) -> None:
    locator = parse_locator(written)
    assert parse_locator(str(locator)) == locator


@pytest.mark.parametrize("text", ["", "   ", " ,;: "])
def test_an_empty_locator_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        parse_locator(text)


def test_a_heading_is_no_numbered_locator() -> None:
    assert parse_numbered_locator("Retention") is None


def test_a_paragraph_contains_its_points_and_not_its_sisters() -> None:
    paragraph = parse_locator("Art. 28(3)")
    assert paragraph.contains(parse_locator("Art. 28(3)(a)"))
    assert not paragraph.contains(parse_locator("Art. 28(4)"))
    assert not paragraph.contains(parse_locator("Art. 28"))


def test_parents_are_given_nearest_first() -> None:
    assert [str(parent) for parent in parse_locator("Art. 28(3)(a)").parents] == ["Art. 28(3)", "Art. 28"]


def test_locators_are_found_in_running_text_in_order() -> None:
    text = "What does Art. 9(2)(h) say, and recital 35, A.8.24, section 164A, 45 CFR 164.502(e) or §10.2?"
    assert [str(locator) for locator in find_locators(text)] == [
        "Art. 9(2)(h)",
        "Recital 35",
        "A.8.24",
        "s. 164A",
        "164.502(e)",
        "§10.2",
    ]


@pytest.mark.parametrize(
    "text, found",
    [
        ("Gilt Artikel 28 Absatz 3 Buchstabe a auch hier?", "Art. 28(3)(a)"),
        ("Was sagt Art. 6 Abs. 1 lit. f DSGVO dazu?", "Art. 6(1)(f)"),
        ("Que dit l'article 28, paragraphe 3, point a), du RGPD ?", "Art. 28(3)(a)"),
        ("¿Qué dice el artículo 28, apartado 3, letra a)?", "Art. 28(3)(a)"),
        ("Does point (f) of Article 6(1) cover this?", "Art. 6(1)(f)"),
        ("See Erwägungsgrund 47.", "Recital 47"),
    ],
)
def test_a_locator_is_found_in_a_question_of_another_language(text: str, found: str) -> None:
    assert [str(locator) for locator in find_locators(text)] == [found]


@pytest.mark.parametrize("text", ["I paid 28 pounds", "a room for 3", "at 10.2 percent", "what is art about?"])
def test_numbers_that_are_no_locators_are_left_alone(text: str) -> None:
    assert find_locators(text) == []


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_refused_without_a_trace(text: str) -> None:
    find_locators(text)
    try:
        locator = parse_locator(text)
    except ValueError:
        return
    assert isinstance(locator, Locator)
    assert locator.slug
