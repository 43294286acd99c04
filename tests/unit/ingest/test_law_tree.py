"""How the parts of a law become clauses."""

from __future__ import annotations

import pytest

from assistant.ingest.law_tree import LawTree, clean_label, union_number, without_eea_note

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "label, number",
    [
        ("(a)", "a"),
        ("a)", "a"),
        ("1.", "1"),
        ("(1a)", "1a"),
        ("(iii)", "iii"),
        ("3.1.", "3.1"),
        ("‘(b)", "b"),
        ("—", None),
        ("•", None),
        ("Note", None),
        ("", None),
        ("в)", "c"),
        ("γ)", "c"),
        ("στ)", "f"),
        ("ια)", "k"),
    ],
)
def test_a_label_is_its_number_in_any_alphabet(label: str, number: str | None) -> None:
    assert clean_label(label) == number


def test_an_article_put_in_later_is_counted_as_the_union_does() -> None:
    assert [union_number("12", suffix) for suffix in ("", "a", "bis", "quater")] == ["12", "12a", "12a", "12c"]


def test_a_title_leaves_out_the_note_on_the_economic_area() -> None:
    assert without_eea_note("Verordnung (EU) 1/2031 (Text von Bedeutung für den EWR)") == "Verordnung (EU) 1/2031"


def tree_of(*labels: str) -> dict[str, str]:
    tree = LawTree()
    paragraph = tree.part("article", "1").below("1.")
    paragraph.say("Lead-in:")
    for label in labels:
        paragraph.below(label).say(f"text of {label}")
    paragraph.say("Closing words.")
    return {str(clause.locator): clause.text for clause in tree.clauses()}


def test_lead_in_and_closing_words_stand_under_the_paragraph_and_points_by_themselves() -> None:
    assert tree_of("(a)", "(b)") == {
        "Art. 1(1)": "Lead-in: Closing words.",
        "Art. 1(1)(a)": "text of (a)",
        "Art. 1(1)(b)": "text of (b)",
    }


def test_the_points_of_a_second_list_are_words_of_the_paragraph() -> None:
    assert tree_of("(a)", "(b)", "(a)", "(c)") == {
        "Art. 1(1)": "Lead-in: (a) text of (a) (c) text of (c) Closing words.",
        "Art. 1(1)(a)": "text of (a)",
        "Art. 1(1)(b)": "text of (b)",
    }


def test_a_misprinted_number_does_not_end_the_list() -> None:
    assert list(tree_of("(a)", "(b)", "(b)", "(d)")) == ["Art. 1(1)", "Art. 1(1)(a)", "Art. 1(1)(b)", "Art. 1(1)(d)"]


def test_quoted_labels_and_dashes_are_words() -> None:
    assert tree_of("‘(a)", "(b)") == {"Art. 1(1)": "Lead-in: ‘(a) text of ‘(a) (b) text of (b) Closing words."}
    assert tree_of("—") == {"Art. 1(1)": "Lead-in: — text of — Closing words."}


def test_a_number_of_several_levels_is_placed_by_them() -> None:
    tree = LawTree()
    annex = tree.part("annex", "I")
    annex.below("3.1").say("one")
    annex.below("3").below("3.2").say("two")
    assert [str(clause.locator) for clause in tree.clauses()] == ["Annex I(3)(1)", "Annex I(3)(2)"]


def test_an_article_met_twice_is_read_on_and_reported() -> None:
    tree = LawTree()
    tree.part("article", "4").say("one")
    tree.part("article", "4").say("two")
    assert [clause.text for clause in tree.clauses()] == ["one two"]
    assert "Art. 4" in tree.warnings[0]


def test_a_division_ends_the_last_of_its_name_and_all_below() -> None:
    tree = LawTree()
    for label, title in (("CHAPTER I", "One"), ("Section 1", ""), ("Section 2", "Two"), ("CHAPTER II", "")):
        tree.divide(label, title)
        tree.part("article", str(sum(tree.units.values()))).say("words")
    assert [clause.heading_path for clause in tree.clauses()] == [
        ("CHAPTER I: One",),
        ("CHAPTER I: One", "Section 1"),
        ("CHAPTER I: One", "Section 2: Two"),
        ("CHAPTER II",),
    ]
    assert dict(tree.units) == {"chapters": 2, "sections": 2}


def test_repealed_text_printed_as_dots_or_dashes_makes_no_clause() -> None:
    tree = LawTree()
    for number, text in enumerate((". . . . .", "—————", "… …"), start=1):
        tree.part("article", str(number)).say(text)
    assert tree.clauses() == ()
