"""From evidence to a finding: the worst status counts, what is only half sure never gives *met*, and silence stays silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.unit.assess.builders import (
    DAY,
    FRESH,
    LAW,
    SIGNED_COPY,
    STALE,
    THIRD_PARTY,
    UNDATED,
    criterion,
    dating,
    evidence,
    findings,
    only_finding,
    version,
)

# Silence.


def test_no_evidence_is_not_stated() -> None:
    found = only_finding(criterion(11))
    assert (found.status, found.counts_as_evidenced, found.clause_ids, found.as_of) == ("not_stated", False, (), None)


def test_evidence_of_silence_is_not_stated_and_says_what_was_looked_for() -> None:
    found = only_finding(criterion(11), evidence(11, "not_stated", reason="No period was found in the terms."))
    assert (found.status, found.counts_as_evidenced, found.reasons) == ("not_stated", False, ("No period was found in the terms.",))


def test_evidence_on_one_criterion_says_nothing_about_another() -> None:
    first, second = findings([criterion(11), criterion(12)], [evidence(11, "met")])
    assert (first.status, second.status) == ("met", "not_stated")


# The worst status counts.


@pytest.mark.parametrize("status", ["met", "conditional", "not_met"])
def test_a_single_entry_gives_its_own_status(status: str) -> None:
    assert only_finding(criterion(11), evidence(11, status)).status == status


@pytest.mark.parametrize(
    "better, worse", [("met", "conditional"), ("met", "not_met"), ("conditional", "not_met"), ("not_stated", "not_met")]
)
def test_the_worst_entry_decides(better: str, worse: str) -> None:
    assert only_finding(criterion(11), evidence(11, better), evidence(11, worse)).status == worse


@pytest.mark.parametrize("status, counts", [("met", True), ("conditional", True), ("not_met", False)])
def test_met_and_conditional_count_as_evidenced(status: str, counts: bool) -> None:
    assert only_finding(criterion(11), evidence(11, status)).counts_as_evidenced is counts


def test_a_finding_rests_on_all_entries_of_the_deciding_status_and_on_no_other() -> None:
    entries = [evidence(11, "conditional", FRESH, name="a"), evidence(11, "conditional", STALE, name="b"), evidence(11, "met", SIGNED_COPY)]
    found = only_finding(criterion(11), *entries)
    assert set(found.clause_ids) == {FRESH, STALE}
    assert set(found.evidence_ids) == {entries[0].id, entries[1].id}


def test_a_conditional_always_has_its_step() -> None:
    found = only_finding(criterion(11), evidence(11, "conditional"))
    assert [step.text for step in found.steps] == ["Accept this limit on record"]


def test_a_cure_that_mends_only_one_of_two_defects_is_no_cure() -> None:
    entries = [evidence(11, "not_met", name="a", cure="Delete it yourself"), evidence(11, "not_met", name="b")]
    assert only_finding(criterion(11), *entries).steps == ()


def test_the_cures_of_all_defects_are_steps() -> None:
    entries = [evidence(11, "not_met", name="a", cure="Delete it yourself"), evidence(11, "not_met", name="b", cure="Ask for deletion")]
    assert {step.text for step in only_finding(criterion(11), *entries).steps} == {"Delete it yourself", "Ask for deletion"}


# The caps: never met, at most conditional.


@pytest.mark.parametrize("clause", [FRESH, SIGNED_COPY])
def test_the_vendors_own_recent_word_and_a_signed_contract_give_met(clause: str) -> None:
    assert only_finding(criterion(11), evidence(11, "met", clause)).status == "met"


@pytest.mark.parametrize("clause", [THIRD_PARTY, STALE, UNDATED], ids=["third party", "stale", "undated"])
def test_what_is_only_half_sure_gives_at_most_conditional(clause: str) -> None:
    found = only_finding(criterion(11), evidence(11, "met", clause))
    assert (found.status, found.counts_as_evidenced, len(found.steps)) == ("conditional", True, 1)


def test_machine_read_evidence_gives_at_most_conditional() -> None:
    found = only_finding(criterion(11), evidence(11, "met", review="machine", reviewed_on=None))
    assert (found.status, len(found.steps)) == ("conditional", 1)


def test_each_reason_for_doubt_has_a_step_of_its_own() -> None:
    found = only_finding(criterion(11), evidence(11, "met", STALE, THIRD_PARTY, review="machine"))
    assert (found.status, len(found.steps)) == ("conditional", 3)


def test_one_stale_clause_among_fresh_ones_is_enough_for_the_cap() -> None:
    found = only_finding(criterion(11), evidence(11, "met", FRESH, STALE))
    assert (found.status, found.stale) == ("conditional", True)


@pytest.mark.parametrize("clause", [STALE, UNDATED])
def test_a_finding_that_rests_on_old_text_is_marked_stale(clause: str) -> None:
    assert only_finding(criterion(11), evidence(11, "not_met", clause)).stale


def test_a_third_party_alone_refutes_nothing() -> None:
    found = only_finding(criterion(3, gate="always"), evidence(3, "not_met", THIRD_PARTY))
    assert (found.status, found.counts_as_evidenced) == ("not_stated", False)


def test_a_third_party_beside_a_law_refutes_nothing() -> None:
    assert only_finding(criterion(3), evidence(3, "not_met", THIRD_PARTY, LAW)).status == "not_stated"


@pytest.mark.parametrize("own", [FRESH, SIGNED_COPY])
def test_a_third_party_beside_the_vendors_own_word_refutes(own: str) -> None:
    assert only_finding(criterion(3), evidence(3, "not_met", THIRD_PARTY, own)).status == "not_met"


def test_a_third_party_that_objects_leaves_the_vendors_clause_standing() -> None:
    assert only_finding(criterion(3), evidence(3, "met"), evidence(3, "not_met", THIRD_PARTY)).status == "met"


@pytest.mark.parametrize("clause", [STALE, UNDATED])
def test_old_evidence_of_harm_still_counts(clause: str) -> None:
    assert only_finding(criterion(3), evidence(3, "not_met", clause)).status == "not_met"


def test_machine_read_evidence_of_harm_still_counts() -> None:
    assert only_finding(criterion(3), evidence(3, "not_met", review="machine")).status == "not_met"


# Dates.


@pytest.mark.parametrize("days, status", [(0, "met"), (180, "met"), (181, "conditional")])
def test_a_vendors_text_is_stale_after_180_days(days: int, status: str) -> None:
    asked, entry = criterion(11), evidence(11, "met")
    seen = dating([asked], [entry], versions={"example-terms": (version(as_of=DAY - timedelta(days=days)),)})
    found = only_finding(asked, entry, seen=seen)
    assert (found.status, found.stale) == (status, days > 180)


@pytest.mark.parametrize("superseded, status", [(False, "met"), (True, "conditional")])
def test_a_contract_is_stale_only_once_it_is_replaced(superseded: bool, status: str) -> None:
    asked, entry = criterion(11), evidence(11, "met", SIGNED_COPY)
    old = version(as_of=date(2021, 1, 1), superseded=superseded)
    assert only_finding(asked, entry, seen=dating([asked], [entry], versions={"example-signed-contract": (old,)})).status == status


def test_the_date_of_a_finding_is_that_of_its_oldest_clause() -> None:
    assert only_finding(criterion(11), evidence(11, "met", FRESH, STALE)).as_of == date(2022, 1, 1)
