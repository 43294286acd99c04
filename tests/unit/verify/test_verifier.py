"""Nothing ships that its clauses do not support."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.schema import Claim, Clause, Knowledge, Span
from assistant.verify import Verifier, find_span, numbers_in, supporting_span
from tests.unit.samples import sample_knowledge


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    return sample_knowledge(tmp_path)


@pytest.fixture
def leak(knowledge: Knowledge) -> Clause:
    return knowledge.clauses["sample-law/art-1-2@2020-01-01"]


def verifier(knowledge: Knowledge, *clauses: Clause, tools: tuple[str, ...] = ()) -> Verifier:
    return Verifier(knowledge, {clause.id: clause for clause in clauses}, tools)


def claim(text: str, *clauses: Clause) -> Claim:
    return Claim(text=text, spans=tuple(supporting_span(clause, text) for clause in clauses))


def rejection(checker: Verifier, candidate: Claim) -> str | None:
    found = checker.rejects(candidate)
    return found.check if found else None


def test_a_supported_claim_passes(knowledge: Knowledge, leak: Clause) -> None:
    assert rejection(verifier(knowledge, leak), claim("A leak is reported within 72 hours.", leak)) is None


def test_a_claim_without_a_citation_is_dropped(knowledge: Knowledge) -> None:
    assert rejection(verifier(knowledge), Claim(text="All is well.")) == "uncited"


def test_a_clause_that_was_not_retrieved_cannot_be_cited(knowledge: Knowledge, leak: Clause) -> None:
    assert rejection(verifier(knowledge), claim("A leak is reported.", leak)) == "not_retrieved"


def test_a_number_that_stands_in_no_cited_clause_is_caught(knowledge: Knowledge, leak: Clause) -> None:
    assert rejection(verifier(knowledge, leak), claim("A leak is reported within 48 hours.", leak)) == "number"


def test_a_number_in_words_counts_as_the_number(knowledge: Knowledge, leak: Clause) -> None:
    assert rejection(verifier(knowledge, leak), claim("It takes twelve hours.", leak)) == "number"


def test_a_clause_of_another_tool_supports_nothing(knowledge: Knowledge) -> None:
    clause = knowledge.clauses["sample-terms/sec-2@2026-01-01"]
    statement = claim("The contract is part of the terms.", clause)
    assert rejection(verifier(knowledge, clause, tools=("zoom",)), statement) == "other_tool"
    assert rejection(verifier(knowledge, clause, tools=("example-meet",)), statement) is None


@pytest.mark.parametrize("start, end", [(5, 5), (10, 5), (0, 10_000)])
def test_a_span_outside_the_text_is_caught(knowledge: Knowledge, leak: Clause, start: int, end: int) -> None:
    statement = Claim(text="A leak.", spans=(Span(clause_id=leak.id, start=start, end=end),))
    assert rejection(verifier(knowledge, leak), statement) == "span"


def test_what_was_dropped_is_counted_by_check(knowledge: Knowledge, leak: Clause) -> None:
    checker = verifier(knowledge, leak)
    kept = checker.check([claim("A leak is reported.", leak), Claim(text="Nothing."), claim("In 5 days.", leak)])
    assert [entry.text for entry in kept] == ["A leak is reported."]
    assert (checker.tally.checked, checker.tally.kept, checker.tally.dropped) == (3, 1, 2)
    assert checker.tally.failures == {"uncited": 1, "number": 1}


def clause_of(text: str) -> Clause:
    return Clause(id="x/a@1", source_id="x", locator="Art. 1", text=text, wording="official", since="1")


@pytest.mark.parametrize(
    "quote, holds",
    [
        ("without undue delay", True),
        ("Without  undue\ndelay", True),
        ("the controller's duty", True),
        ("72-hour", True),
        ("at once", False),
        ("", False),
        ("…", False),
        ("without undue delays", False),
    ],
)
def test_a_quotation_is_found_in_spite_of_white_space_and_quotation_marks(quote: str, holds: bool) -> None:
    clause = clause_of("It is the controller’s duty to act with\u00adout undue\u00a0delay, in a 72–hour window.")
    span = find_span(clause, quote)
    assert (span is not None) is holds


def test_the_span_of_a_quotation_gives_its_words_back() -> None:
    clause = clause_of("First. The  “second” sentence.")
    span = find_span(clause, 'the "second"')
    assert span is not None
    assert clause.text[span.start : span.end] == "The  “second”"


def test_the_supporting_span_is_the_nearest_sentence() -> None:
    clause = clause_of("Doors are locked at night. Recordings are deleted after a week. Dogs sleep.")
    span = supporting_span(clause, "After a week recordings are gone.")
    assert clause.text[span.start : span.end] == "Recordings are deleted after a week."


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("within 72 hours", {"72"}),
        ("twenty days", {"20"}),
        ("EUR 20,000,000", {"20000000"}),
        ("the two of them", set()),
        ("two further months", {"2"}),
        ("4 %", {"4%"}),
    ],
)
def test_numbers_are_read_in_one_spelling(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers
