"""Each check on its own: what a claim says beyond its clause, or against it, is caught; a paraphrase of the clause passes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.dating import Dating
from assistant.schema import Claim, Knowledge
from assistant.verify import Verifier, choose_clauses, supporting_span
from tests.unit.samples import sample_knowledge

TERMS = """
source:
  id: meet-terms
  title: Meet Terms
  label: Meet Terms
  kind: vendor
  publisher: Example Ltd
  url: https://example.org/meet
  tools: [example-meet]
versions:
  - id: "2026-02-01"
    version_date: 2026-02-01
    as_of: 2026-05-15
    read: [{address: "https://example.org/meet", date: 2026-05-16}]
clauses:
  - locator: §4
    text: >-
      Recordings are deleted 30 days after the account ends. The host must tell everybody that a meeting is recorded.
      Recordings are not used to train models. Data of customers in the UK stays in Ireland.
  - locator: §5
    text: Guests may join without an account. A meeting holds up to 100 people.
  - locator: §6
    text: Support answers on working days and speaks five languages.
"""


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    return sample_knowledge(tmp_path, tools__meet_yaml=TERMS)


def failed(knowledge: Knowledge, text: str, *places: str) -> str | None:
    """The check that a claim about the sample tool fails when it cites the places of its terms."""
    held = {clause.locator: clause for clause in knowledge.clauses.values() if clause.source_id == "meet-terms"}
    spans = tuple(supporting_span(held[place], text) for place in places or ("§4",))
    verifier = Verifier(knowledge, {clause.id: clause for clause in held.values()}, ("example-meet",))
    rejected = verifier.rejects(Claim(text=text, spans=spans))
    return rejected.check if rejected else None


@pytest.mark.parametrize(
    "text",
    [
        "Recordings are deleted 30 days after the account ends.",
        "After the end of the account recordings go within 30 days, and they train no models.",
        "Recordings are deleted after the account ends.",
        "The host has to tell everybody about a recording.",
        "Example Meet keeps data of UK customers in Ireland (§4, version of 1 February 2026).",
        "Ask Example Ltd where backups lie.",
        "The terms do not say where backups lie.",
    ],
)
def test_a_sentence_that_the_clause_carries_passes(knowledge: Knowledge, text: str) -> None:
    assert failed(knowledge, text) is None


@pytest.mark.parametrize(
    "text, check",
    [
        ("Recordings are deleted 60 days after the account ends.", "number"),
        ("Recordings are deleted 30 hours after the account ends.", "number"),
        ("The terms of 1 March 2026 say that recordings are deleted.", "date"),
        ("By §5 recordings are deleted after the account ends.", "locator"),
        ("The terms say that “recordings are deleted at once” after the account ends.", "quotation"),
        ("Zoomly deletes recordings after the account ends, says Zoomly.", "name"),
        ("Under HIPAA recordings are deleted after the account ends.", "name"),
        ("Data of customers in the US stays in Ireland.", "jurisdiction"),
        ("Recordings are used to train models.", "turned"),
        ("Data of customers in the UK stays in the UK.", "turned"),
        ("Recordings are not deleted 30 days after the account ends.", "turned"),
        ("The host may tell everybody that a meeting is recorded.", "turned"),
        ("Recordings are deleted when the account ends, so the tool is safe to use.", "verdict_words"),
        ("Recordings are deleted after the account ends. Support answers on working days and speaks many languages.", "support"),
        ("Recordings are deleted after the account ends. Passwords are hashed with bcrypt.", "support"),
    ],
)
def test_what_the_clause_does_not_say_is_caught(knowledge: Knowledge, text: str, check: str) -> None:
    assert failed(knowledge, text) == check


def test_two_clauses_carry_together_what_neither_carries_alone(knowledge: Knowledge) -> None:
    text = "Recordings are deleted after the account ends. Guests may join without an account."
    assert failed(knowledge, text, "§4") == "support"
    assert failed(knowledge, text, "§4", "§5") is None


def test_the_clauses_that_a_statement_needs_are_chosen(knowledge: Knowledge) -> None:
    held = [clause for clause in knowledge.clauses.values() if clause.source_id == "meet-terms"]
    chosen = choose_clauses("Recordings are deleted after the account ends. Guests may join without an account.", held, at_most=1)
    assert [clause.locator for clause in chosen] == ["§4", "§5"]


@pytest.mark.parametrize(
    "text, places",
    [
        ("Guests join with an account or none, and models are not trained with recordings.", ["§4", "§5"]),  # the denial
        ("Guests need no account. What customers store lies in Ireland.", ["§4", "§5"]),  # the name
        ("Guests join without an account, and everybody must hear of a recording.", ["§4", "§5"]),  # the duty
        ("Support answers on working days.", ["§6"]),
    ],
)
def test_whatever_clause_a_denial_a_name_or_a_duty_needs_is_chosen(knowledge: Knowledge, text: str, places: list[str]) -> None:
    held = [clause for clause in knowledge.clauses.values() if clause.source_id == "meet-terms"]
    assert [clause.locator for clause in choose_clauses(text, held, at_most=1)] == places


def test_a_reviewed_statement_is_what_a_turned_claim_is_held_against(knowledge: Knowledge) -> None:
    """The sample evidence says that the contract is part of the terms on the Pro plan, of a clause that says it in other words."""
    clause = knowledge.clauses["sample-terms/sec-2@2026-01-01"]
    verifier = Verifier(knowledge, {clause.id: clause}, ("example-meet",))
    turned = Claim(text="The contract is not part of the terms on the Pro plan.", spans=(supporting_span(clause, "contract"),))
    rejected = verifier.rejects(turned)
    assert rejected is not None
    assert rejected.check == "turned"


def test_a_clause_of_another_day_supports_only_what_names_its_time(knowledge: Knowledge) -> None:
    old = knowledge.clauses["sample-terms/sec-1@2026-01-01"]
    dating = Dating(knowledge, date(2026, 6, 1))

    def check(text: str) -> str | None:
        claim = Claim(text=text, spans=(supporting_span(old, text),))
        rejected = Verifier(knowledge, {old.id: old}, ("example-meet",), dating=dating).rejects(claim)
        return rejected.check if rejected else None

    assert check("Recordings may be used for advertising.") == "other_version"
    assert check("In January 2026 recordings might be used for advertising.") is None


def test_what_came_after_the_day_asked_about_supports_nothing(knowledge: Knowledge) -> None:
    new = knowledge.clauses["sample-terms/sec-1@2026-03-01"]
    verifier = Verifier(knowledge, {new.id: new}, ("example-meet",), dating=Dating(knowledge, date(2026, 2, 1)))
    claim = Claim(text="In 2026 recordings are never used for advertising.", spans=(supporting_span(new, "recordings"),))
    rejected = verifier.rejects(claim)
    assert rejected is not None
    assert rejected.check == "other_version"
