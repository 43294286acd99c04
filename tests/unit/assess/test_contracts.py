"""Contracts: in force by the terms, to be signed, held on the person's word, or imported."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.assess import assess_tool
from assistant.schema import Evidence, Finding, Profile, Tool
from tests.unit.assess.builders import (
    SIGNED_COPY,
    THIRD_PARTY,
    assess,
    clause,
    contract,
    criterion,
    dating,
    evidence,
    tool,
    version,
)

GATE = criterion(1, gate="always", contract="dpa")
ON_WORD = Profile(contracts={"dpa": "on_word"})
IMPORTED = Profile(contracts={"dpa": "imported"})
TO_SIGN = tool(contracts=[contract("dpa", "free")])
UNSIGNED = evidence(1, "not_met", cure="Sign the addendum", when={"without_contract": ["example-dpa"]})
TEXT_HELD = evidence(1, "met", SIGNED_COPY, when={"contract": ["example-dpa"]})


def as_it_comes(*entries: Evidence, profile: Profile | None = None, subject: Tool = TO_SIGN) -> Finding:
    (found,) = assess(subject, [GATE], entries, profile).as_it_comes.findings
    return found


# Nobody has signed.


def test_a_contract_offered_but_not_signed_is_not_met_as_it_comes() -> None:
    found = as_it_comes(UNSIGNED, TEXT_HELD)
    assert (found.status, found.gate, [step.text for step in found.steps]) == ("not_met", True, ["Sign the addendum"])


def test_a_contract_offered_but_not_signed_makes_it_not_suitable_until_it_is_signed() -> None:
    judged = assess(TO_SIGN, [GATE], [UNSIGNED, TEXT_HELD])
    assert (judged.as_it_comes.verdict.token, judged.at_best.verdict.token) == ("not_suitable", "suitable_on_conditions")
    assert [(step.kind, step.value, step.fixed) for step in judged.at_best.steps] == [("contract", "example-dpa", False)]


def test_the_step_to_sign_is_the_contracts_own() -> None:
    (step,) = assess(TO_SIGN, [GATE], [UNSIGNED, TEXT_HELD]).at_best.steps
    assert step.text == "Sign the dpa"


def test_a_contract_that_is_not_for_this_plan_cannot_be_signed() -> None:
    subject = tool(plans=["free", "pro"], contracts=[contract("dpa", "pro")])
    judged = assess(subject, [GATE], [UNSIGNED, TEXT_HELD], Profile(plan="free"))
    assert (judged.at_best.verdict.token, judged.at_best.configuration.contracts) == ("not_suitable", ())


def test_a_contract_that_no_clause_shows_on_that_day_cannot_be_signed() -> None:
    """The addendum came with the terms of 2024; in 2023 nobody could have signed it."""
    refused = evidence(1, "not_met", "example-terms/sec-2@v1", when={"without_contract": ["example-dpa"]})
    seen = dating(
        [GATE],
        [refused],
        day=date(2023, 6, 1),
        versions={"example-terms": (version("v1"), version("v2", version_date=date(2024, 1, 1)))},
        clauses=[clause("example-terms"), clause("example-terms", number=2), clause("example-terms", "v2", number=3)],
    )
    subject = tool(contracts=[contract("dpa", "free", clauses=["example-terms/sec-3@v2"])])
    judged = assess_tool(subject, Profile(), seen)
    assert (judged.at_best.configuration.contracts, judged.at_best.verdict.token) == ((), "not_suitable")


# In force by accepting the terms.


def test_a_contract_that_the_terms_bring_is_in_force_as_it_comes() -> None:
    subject = tool(contracts=[contract("dpa", "free", obtained="incorporated")])
    judged = assess(subject, [GATE], [UNSIGNED, TEXT_HELD])
    assert (judged.as_it_comes.configuration.contracts, judged.as_it_comes.steps) == (("example-dpa",), ())
    assert judged.as_it_comes.verdict.token == "suitable"


def test_a_contract_that_the_terms_bring_for_another_plan_is_not_in_force() -> None:
    subject = tool(plans=["free", "pro"], contracts=[contract("dpa", "pro", obtained="incorporated")])
    assert assess(subject, [GATE], [UNSIGNED, TEXT_HELD]).as_it_comes.configuration.contracts == ()


def test_the_plan_that_was_named_brings_its_contract() -> None:
    subject = tool(plans=["free", "pro"], contracts=[contract("dpa", "pro", obtained="incorporated")])
    judged = assess(subject, [GATE], [UNSIGNED, TEXT_HELD], Profile(plan="pro"))
    assert judged.as_it_comes.configuration.contracts == ("example-dpa",)
    assert [step.kind for step in judged.as_it_comes.steps] == ["plan"]


def test_a_contract_that_the_terms_bring_needs_nobodys_word() -> None:
    """Its text is held and it is in force by the terms: that the person also says so takes nothing away."""
    subject = tool(contracts=[contract("dpa", "free", obtained="incorporated")])
    assert as_it_comes(TEXT_HELD, profile=ON_WORD, subject=subject).status == "met"


# On the person's word.


def test_a_contract_nobody_holds_leaves_the_gate_silent() -> None:
    assert as_it_comes().status == "not_stated"


@pytest.mark.parametrize("subject", [TO_SIGN, tool()], ids=["contract that the tool lists", "contract it does not list"])
def test_a_contract_on_the_persons_word_is_conditional_with_the_step_to_file_the_copy(subject: Tool) -> None:
    found = as_it_comes(profile=ON_WORD, subject=subject)
    assert (found.status, found.gate, found.counts_as_evidenced, found.clause_ids) == ("conditional", True, True, ())
    assert ["copy" in step.text for step in found.steps] == [True]


@pytest.mark.parametrize("name", ["example-dpa", "dpa"], ids=["by id", "by kind"])
def test_a_contract_on_the_persons_word_is_no_longer_unsigned(name: str) -> None:
    unsigned = evidence(1, "not_met", when={"without_contract": [name]})
    assert as_it_comes(unsigned, profile=ON_WORD).status == "conditional"


@pytest.mark.parametrize("name", ["example-dpa", "dpa"], ids=["by id", "by kind"])
@pytest.mark.parametrize("profile, status", [(ON_WORD, "conditional"), (IMPORTED, "met")], ids=["on word", "imported"])
def test_what_a_contract_says_is_met_only_once_it_is_imported(name: str, profile: Profile, status: str) -> None:
    entry = evidence(1, "met", SIGNED_COPY, when={"contract": [name]})
    assert as_it_comes(entry, profile=profile).status == status


def test_what_a_contract_on_the_persons_word_says_elsewhere_is_conditional_too() -> None:
    entry = evidence(12, "met", SIGNED_COPY, when={"contract": ["example-dpa"]})
    (found,) = assess(TO_SIGN, [criterion(12)], [entry], ON_WORD).as_it_comes.findings
    assert (found.status, len(found.steps)) == ("conditional", 1)


def test_a_contract_on_the_persons_word_does_not_hide_what_a_clause_denies() -> None:
    assert as_it_comes(evidence(1, "not_met"), profile=ON_WORD).status == "not_met"


def test_a_contract_of_one_kind_says_nothing_about_the_other_kind() -> None:
    (found,) = assess(TO_SIGN, [criterion(2, contract="baa")], [], ON_WORD).as_it_comes.findings
    assert found.status == "not_stated"


def test_a_contract_on_word_says_nothing_about_a_question_that_asks_for_none() -> None:
    (found,) = assess(TO_SIGN, [criterion(11)], [], ON_WORD).as_it_comes.findings
    assert found.status == "not_stated"


def test_a_finding_on_the_persons_word_shows_no_date_of_a_clause_it_does_not_rest_on() -> None:
    found = as_it_comes(evidence(1, "not_met", THIRD_PARTY), profile=ON_WORD)
    assert (found.status, found.clause_ids, found.as_of) == ("conditional", (), None)


# Imported: its clauses decide.


@pytest.mark.parametrize("status", ["met", "conditional", "not_met"])
def test_the_clauses_of_an_imported_contract_decide(status: str) -> None:
    entry = evidence(1, status, SIGNED_COPY, when={"contract": ["example-dpa"]})
    assert as_it_comes(entry, profile=IMPORTED).status == status


def test_an_imported_contract_without_a_clause_on_the_question_leaves_it_not_stated() -> None:
    assert as_it_comes(profile=IMPORTED).status == "not_stated"


def test_a_contract_that_is_held_is_a_step_the_person_took() -> None:
    judged = assess(TO_SIGN, [GATE], [UNSIGNED, TEXT_HELD], IMPORTED)
    assert [(step.kind, step.fixed) for step in judged.as_it_comes.steps] == [("contract", True)]
