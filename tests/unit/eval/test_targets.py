"""Which clauses count for a label."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.locators import parse_locator
from eval.targets import TargetFinder, direct_parent, lies_inside
from tests.unit.eval.made_up import TODAY, make_knowledge

FINDER = TargetFinder(make_knowledge())


@pytest.mark.parametrize(
    "place, wanted, inside",
    [
        ("Art. 28(3)(a)", "Art. 28(3)", True),
        ("Art. 28(3)", "Art. 28(3)", True),
        ("Art. 28(3)", "Art. 28(3)(a)", False),
        ("Art. 28(3)(b)", "Art. 28(3)(a)", False),
        ("Art. 28(31)", "Art. 28(3)", False),
        ("§7.3.1", "§7.3", True),
        ("§7.3", "§7.3.1", False),
        ("§7.31", "§7.3", False),
        ("A.8.24", "A.8.2", False),
        ("Retention, para. 2", "Retention", True),
    ],
)
def test_inside_means_at_the_place_or_below_it(place: str, wanted: str, inside: bool) -> None:
    assert lies_inside(parse_locator(place), parse_locator(wanted)) is inside


@pytest.mark.parametrize(
    "place, parent",
    [("Art. 28(3)(a)", "Art. 28(3)"), ("§10.2", "§10"), ("§10.2(a)", "§10.2"), ("Retention, para. 2", "Retention")],
)
def test_the_direct_parent_is_one_level_up(place: str, parent: str) -> None:
    assert direct_parent(parse_locator(place)) == parse_locator(parent)


@pytest.mark.parametrize("place", ["Art. 28", "§10", "Recital 47", "A.8.24"])
def test_the_top_of_a_source_has_no_parent(place: str) -> None:
    assert direct_parent(parse_locator(place)) is None


def hits(label: str, day: date = TODAY) -> frozenset[str]:
    return FINDER.find([[label]], day)[0].hits


def test_a_text_that_was_replaced_does_not_count_as_the_present_one() -> None:
    assert hits("Acme Terms §10.2") == {"acme-terms/sec-10.2@v2", "acme-terms/sec-10.2.1@v2"}


def test_on_an_earlier_day_the_text_of_that_day_counts() -> None:
    assert hits("Acme Terms §10.2", date(2023, 6, 1)) == {"acme-terms/sec-10.2@v1"}


def test_a_text_that_is_gone_can_still_be_wanted() -> None:
    assert hits("Acme Terms §10.4") == {"acme-terms/sec-10.4@v1"}


def test_an_id_means_this_clause_alone() -> None:
    assert hits("acme-terms/sec-10.2@v1") == {"acme-terms/sec-10.2@v1"}


def test_the_parent_leads_in() -> None:
    target = FINDER.find([["Acme Terms §10.2"]], TODAY)[0]
    assert target.lead_ins == {"acme-terms/sec-10@v1"}


def test_a_label_that_is_itself_wanted_is_no_mere_lead_in() -> None:
    target = FINDER.find([["GDPR Art. 28(3)(a)", "GDPR Art. 28(3)"]], TODAY)[0]
    assert "gdpr/art-28-3@2016" in target.hits
    assert target.lead_ins == frozenset()
