"""What is counted, on good and bad answers made up by hand."""

from __future__ import annotations

import pytest

from assistant.schema import AnswerClaim
from eval.measures import (
    Detection,
    Tally,
    citation_precision,
    citation_recall,
    mean,
    percentile,
    sourced_precision,
    span_is_exact,
    tally_claims,
    tally_quotations,
    tally_spans,
    token_is_right,
)
from eval.targets import Target, TargetFinder
from tests.unit.eval.made_up import TODAY, cite, make_knowledge

KNOWLEDGE = make_knowledge()
ART_28_1, ART_28_3 = "gdpr/art-28-1@2016", "gdpr/art-28-3@2016"
POINT_A, POINT_B = "gdpr/art-28-3-a@2016", "gdpr/art-28-3-b@2016"
ACME, BETA = "acme-terms/sec-10.2@v2", "beta-terms/sec-1@v1"


def targets(*groups: tuple[str, ...]) -> tuple[Target, ...]:
    return TargetFinder(KNOWLEDGE).find(groups, TODAY)


@pytest.mark.parametrize(
    "expected, given, right",
    [
        ("suitable", "suitable", True),
        ("suitable", "suitable_on_conditions", False),
        ("not_suitable", None, False),
        (None, "suitable", None),
        (None, None, None),
    ],
    ids=["same", "near is wrong", "none given is wrong", "not asked for", "neither"],
)
def test_a_verdict_is_right_only_as_the_exact_token(expected: str | None, given: str | None, right: bool | None) -> None:
    assert token_is_right(expected, given) is right


class TestCitationRecall:
    def test_the_clause_itself_counts(self) -> None:
        assert citation_recall([ART_28_3], targets(("GDPR Art. 28(3)",))) == 1

    def test_a_more_specific_clause_counts(self) -> None:
        assert citation_recall([POINT_A], targets(("GDPR Art. 28(3)",))) == 1

    def test_a_sister_does_not_count(self) -> None:
        assert citation_recall([POINT_B], targets(("GDPR Art. 28(3)(a)",))) == 0

    def test_the_parent_does_not_count(self) -> None:
        assert citation_recall([ART_28_3], targets(("GDPR Art. 28(3)(a)",))) == 0

    def test_one_label_of_a_group_is_enough(self) -> None:
        assert citation_recall([ART_28_1], targets(("GDPR Art. 28(3)", "GDPR Art. 28(1)"))) == 1

    def test_every_group_weighs_the_same(self) -> None:
        assert citation_recall([ART_28_1, ART_28_3, POINT_A], targets(("GDPR Art. 28(3)",), ("Acme Terms §10.2",))) == 0.5

    def test_nothing_cited_is_nothing_found(self) -> None:
        assert citation_recall([], targets(("GDPR Art. 28(3)",))) == 0

    def test_nothing_wanted_is_no_measure(self) -> None:
        assert citation_recall([ART_28_1], ()) is None


class TestCitationPrecision:
    def test_clauses_of_any_group_belong(self) -> None:
        assert citation_precision([ART_28_1, ACME], targets(("GDPR Art. 28(1)",), ("Acme Terms §10.2",))) == 1

    def test_a_sister_is_beside_the_point(self) -> None:
        assert citation_precision([POINT_A, POINT_B], targets(("GDPR Art. 28(3)(a)",))) == 0.5

    def test_the_direct_parent_leads_in_and_a_more_specific_clause_belongs(self) -> None:
        assert citation_precision([ART_28_3, POINT_A], targets(("GDPR Art. 28(3)(a)",))) == 1
        assert citation_precision([POINT_A], targets(("GDPR Art. 28(3)",))) == 1

    def test_a_clause_cited_twice_counts_once(self) -> None:
        assert citation_precision([ART_28_1, ART_28_1, BETA], targets(("GDPR Art. 28(1)",))) == 0.5

    def test_nothing_cited_or_nothing_wanted_is_no_measure(self) -> None:
        assert citation_precision([], targets(("GDPR Art. 28(1)",))) is None
        assert citation_precision([ART_28_1], ()) is None


class TestSourcedPrecision:
    def test_law_and_the_tools_own_terms_fit(self) -> None:
        citations = [cite(ART_28_1), cite(ACME)]
        assert sourced_precision(citations, KNOWLEDGE.clauses, KNOWLEDGE.sources, ("acme",)) == 1

    def test_terms_of_another_tool_do_not(self) -> None:
        citations = [cite(ART_28_1), cite(BETA)]
        assert sourced_precision(citations, KNOWLEDGE.clauses, KNOWLEDGE.sources, ("acme",)) == 0.5

    def test_a_span_that_does_not_stand_in_its_clause_does_not(self) -> None:
        citations = [cite(ART_28_1), cite(ACME, span="We sell content.")]
        assert sourced_precision(citations, KNOWLEDGE.clauses, KNOWLEDGE.sources, ("acme",)) == 0.5

    def test_a_source_nobody_holds_does_not(self) -> None:
        assert sourced_precision([cite(ACME, source="gone")], KNOWLEDGE.clauses, KNOWLEDGE.sources, ("acme",)) == 0

    def test_no_citations_is_no_measure(self) -> None:
        assert sourced_precision([], KNOWLEDGE.clauses, KNOWLEDGE.sources, ("acme",)) is None


@pytest.mark.parametrize(
    "changes, exact",
    [
        ({}, True),
        ({"span": "guarantees", "span_start": 32}, True),
        ({"span": "guarantees", "span_start": 31}, False),
        ({"span": "guarantee's", "span_start": 32}, False),
        ({"span": " ", "span_start": 4}, False),
        ({"text": "Only processors with sufficient guarantees may be used!"}, False),
        ({"id": "gdpr/art-99@2016"}, False),
    ],
    ids=["whole clause", "part", "wrong place", "other words", "blank", "other text than held", "unknown clause"],
)
def test_a_span_is_exact_only_where_it_stands(changes: dict[str, object], exact: bool) -> None:
    assert span_is_exact(cite(ART_28_1, **changes), KNOWLEDGE.clauses) is exact


def test_spans_are_tallied_over_all_citations() -> None:
    assert tally_spans([cite(ART_28_1), cite(ACME, span="no")], KNOWLEDGE.clauses) == Tally(passed=1, total=2)


class TestClaims:
    def test_a_claim_resolves_if_all_it_cites_is_held_and_listed(self) -> None:
        claims = [AnswerClaim(text="So.", citations=(ART_28_1, ACME))]
        assert tally_claims(claims, [cite(ART_28_1), cite(ACME)], KNOWLEDGE.clauses) == Tally(passed=1, total=1)

    @pytest.mark.parametrize("cited", [(), ("gdpr/art-99@2016",), (ART_28_1, BETA)], ids=["nothing", "unknown", "one not listed"])
    def test_any_other_does_not(self, cited: tuple[str, ...]) -> None:
        claims = [AnswerClaim(text="So.", citations=cited)]
        assert tally_claims(claims, [cite(ART_28_1)], KNOWLEDGE.clauses) == Tally(passed=0, total=1)

    def test_no_claims_have_no_share(self) -> None:
        assert tally_claims([], [], KNOWLEDGE.clauses).share is None


class TestQuotations:
    @pytest.mark.parametrize(
        "text, tally",
        [
            ("It says “Only processors with sufficient guarantees”.", Tally(passed=1, total=1)),
            ('It says "only  processors with sufficient\nguarantees".', Tally(passed=1, total=1)),
            ("It says “Only processors with excellent guarantees”.", Tally(passed=0, total=1)),
            ("It calls them “processors”.", Tally()),
            ("It quotes nothing.", Tally()),
        ],
        ids=["verbatim", "other white space", "changed", "a term", "none"],
    )
    def test_a_quotation_is_exact_only_if_it_stands_in_a_cited_clause(self, text: str, tally: Tally) -> None:
        assert tally_quotations([AnswerClaim(text=text, citations=(ART_28_1,))], KNOWLEDGE.clauses) == tally

    def test_the_words_of_a_clause_that_is_not_cited_are_no_quotation_of_it(self) -> None:
        claim = AnswerClaim(text="“Only processors with sufficient guarantees”", citations=(ACME,))
        assert tally_quotations([claim], KNOWLEDGE.clauses) == Tally(passed=0, total=1)


class TestAbstention:
    def test_good_and_bad_decisions(self) -> None:
        found = Detection.of([(True, True), (True, True), (True, False), (False, True), (False, False), (False, False)])
        assert (found.true_positives, found.false_negatives, found.false_positives, found.true_negatives) == (2, 1, 1, 2)
        assert found.precision == pytest.approx(2 / 3)
        assert found.recall == pytest.approx(2 / 3)
        assert found.f1 == pytest.approx(2 / 3)

    def test_never_abstaining_has_no_precision_and_no_recall_of_what_was_due(self) -> None:
        found = Detection.of([(True, False), (False, False)])
        assert (found.precision, found.recall, found.f1) == (None, 0, 0)

    def test_nothing_to_abstain_from_is_no_measure(self) -> None:
        found = Detection.of([(False, False)])
        assert (found.precision, found.recall, found.f1) == (None, None, None)


@pytest.mark.parametrize(
    "values, share, value",
    [([], 0.5, None), ([3.0], 0.95, 3.0), ([4.0, 1.0, 2.0, 3.0], 0.5, 2.5), ([0.0, 10.0], 0.95, 9.5), ([1.0, 2.0], 1.0, 2.0)],
    ids=["none", "one", "even number, unsorted", "between two", "the last"],
)
def test_percentiles_interpolate_between_neighbours(values: list[float], share: float, value: float | None) -> None:
    assert percentile(values, share) == (None if value is None else pytest.approx(value))


def test_a_mean_leaves_out_what_does_not_apply() -> None:
    assert mean([1.0, None, 0.0]) == 0.5
    assert mean([None]) is None
    assert mean([]) is None
