"""The independent checker on claims made up for it: good ones it must not refute, bad ones it must."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.schema import Answer, AnswerClaim, Citation, Profile
from eval.checker import language
from eval.checker.answers import check_answer
from eval.checker.claims import Case, judge_claim
from eval.checker.holdings import Holdings
from tests.unit.samples import TOOL, VENDOR, sample_knowledge

DAY = date(2026, 4, 1)
CASE = Case(day=DAY, tools=("example-meet",), places=frozenset({"eu"}))
CONTRACT, LEAK = "sample-law/art-1-1@2020-01-01", "sample-law/art-1-2@2020-01-01"
OLD, NEW, PLANS = "sample-terms/sec-1@2026-01-01", "sample-terms/sec-1@2026-03-01", "sample-terms/sec-2@2026-01-01"

OTHER_TOOL = TOOL.replace("example-meet", "other-call").replace("Example Meet", "Other Call").replace("example-vt-01", "other-vt-01")
OTHER_TERMS = VENDOR.replace("sample-terms", "other-terms").replace("Example Meet", "Other Call").replace("example-meet", "other-call")


@pytest.fixture(scope="module")
def holdings(tmp_path_factory: pytest.TempPathFactory) -> Holdings:
    other = {"tools__other_tool_yaml": OTHER_TOOL.replace("Example Meet Terms", "Other Call Terms"), "tools__other_terms_yaml": OTHER_TERMS}
    return Holdings(sample_knowledge(tmp_path_factory.mktemp("knowledge"), **other))


def outcome(holdings: Holdings, text: str, *cited: str, case: Case = CASE) -> str:
    found = judge_claim(AnswerClaim(text=text, citations=cited), holdings, case)
    return found.outcome if found.outcome != "refuted" else found.reasons[0].partition(":")[0]


@pytest.mark.parametrize(
    "text, cited",
    [
        ("A helper may work only under a contract.", CONTRACT),
        ("The contract must be in writing, or no helper may work.", CONTRACT),
        ("A leak must be reported within 72 hours.", LEAK),
        ("Sample Law Art. 1(2) sets 72 hours to report a leak.", LEAK),
        ("Since 1 March 2026 recordings are never used for advertising.", NEW),
        ("On the Pro plan the contract is part of the terms.", PLANS),
        ("Until 2026 the terms of January 2026 said that recordings may serve advertising.", OLD),
        ('The terms say: "We never use recordings for advertising".', NEW),
    ],
)
def test_a_good_claim_is_confirmed(holdings: Holdings, text: str, cited: str) -> None:
    assert outcome(holdings, text, cited) == "confirmed"


@pytest.mark.parametrize(
    "text, cited, reason",
    [
        ("A leak must be reported within 48 hours.", LEAK, "number"),
        ("A leak must be reported within three days.", LEAK, "number"),
        ("Since 1 April 2024 recordings are never used for advertising.", NEW, "date"),
        ("Recordings are used for advertising.", NEW, "negation"),
        ("We may use recordings for advertising.", NEW, "negation"),
        ("The helper must not report a leak within 72 hours.", LEAK, "negation"),
        ("The helper may report a leak within 72 hours.", LEAK, "modal"),
        ("Sample Law Art. 7 asks to report a leak within 72 hours.", LEAK, "address"),
        ("Other Call must report a leak within 72 hours.", LEAK, "tool"),
        ("The contract is part of these terms on the Pro plan.", "other-terms/sec-2@2026-01-01", "tool"),
        ("We may use recordings for advertising.", OLD, "force"),
        ("In the US a leak must be reported within 72 hours.", LEAK, "jurisdiction"),
        ("Acme must report a leak to Bob Miller within 72 hours.", LEAK, "name"),
        ('The law says: "a leak must be reported at once".', LEAK, "quotation"),
        ("The tool is suitable under a contract.", CONTRACT, "verdict"),
        ("Anything at all.", "sample-law/art-9@2020-01-01", "cites sample-law/art-9@2020-01-01, which is not held"),
    ],
)
def test_a_bad_claim_is_refuted_with_the_reason(holdings: Holdings, text: str, cited: str, reason: str) -> None:
    assert outcome(holdings, text, cited) == reason


def test_a_claim_without_a_citation_is_refuted(holdings: Holdings) -> None:
    assert outcome(holdings, "A helper may work only under a contract.").startswith("cites nothing")


def test_law_of_another_place_is_refuted(holdings: Holdings) -> None:
    elsewhere = Case(day=DAY, places=frozenset({"us"}))
    assert outcome(holdings, "A leak must be reported within 72 hours.", LEAK, case=elsewhere) == "jurisdiction"


def test_a_text_of_the_future_is_refuted(holdings: Holdings) -> None:
    before = Case(day=date(2026, 2, 1), tools=("example-meet",))
    assert outcome(holdings, "Since 1 March 2026 recordings are never used for advertising.", NEW, case=before) == "force"


def test_what_is_said_of_the_holdings_is_undecided(holdings: Holdings) -> None:
    assert outcome(holdings, "Whether calls are encrypted is not said.", PLANS) == "undecided"


def test_other_words_are_undecided(holdings: Holdings) -> None:
    assert outcome(holdings, "Assistants act under written agreements.", CONTRACT) == "undecided"


def made_up_answer(holdings: Holdings, **changed: object) -> Answer:
    clause = holdings.knowledge.clauses[LEAK]
    text = "A leak must be reported within 72 hours."
    citation = Citation(
        id=LEAK,
        number=1,
        label="Sample Law Art. 1(2)",
        source="sample-law",
        source_kind="law",
        locator=clause.locator,
        wording="summary",
        text=clause.text,
        span=clause.text,
        span_start=0,
        url="https://example.org/law",
        version_date=None,
        as_of=None,
        stale=False,
    )
    answer = Answer(
        question="How soon?",
        text=f"{text[:-1]} [1].",
        intent="lookup",
        profile=Profile(jurisdiction="eu"),
        as_of=DAY,
        claims=(AnswerClaim(text=text, citations=(LEAK,)),),
        citations=(citation,),
    )
    return answer.model_copy(update=changed)


def test_a_good_answer_has_no_fault(holdings: Holdings) -> None:
    found = check_answer(made_up_answer(holdings), holdings)
    assert found.faults == ()
    assert [judgement.outcome for judgement in found.judgements] == ["confirmed"]


def test_a_span_that_does_not_stand_where_it_is_said_to_is_a_fault(holdings: Holdings) -> None:
    good = made_up_answer(holdings)
    for change in (
        {"span": "The helper may report"},
        {"span_start": 3},
        {"text": "The helper must report a leak within 48 hours."},
        {"id": "x/y@z"},
    ):
        bad = good.model_copy(update={"citations": (good.citations[0].model_copy(update=change),)})
        assert check_answer(bad, holdings).faults[0].startswith("citation:")


def test_a_citation_that_is_not_listed_is_a_fault(holdings: Holdings) -> None:
    assert check_answer(made_up_answer(holdings, citations=()), holdings).faults == (f"citation: {LEAK} is cited and not listed",)


def test_a_claim_that_does_not_stand_in_the_text_is_a_fault(holdings: Holdings) -> None:
    assert check_answer(made_up_answer(holdings, text="Another text."), holdings).faults[0].startswith("claim:")


def test_a_verdict_that_does_not_follow_from_the_findings_is_a_fault(holdings: Holdings) -> None:
    changed = {"verdicts": {"example-meet": "suitable"}, "verdict": "suitable", "as_it_comes": "suitable", "tools": ("example-meet",)}
    faults = check_answer(made_up_answer(holdings, intent="verdict", **changed), holdings).faults
    assert [fault.partition(":")[0] for fault in faults] == ["verdict", "verdict", "verdict"]


@pytest.mark.parametrize(
    "text, found",
    [
        ("within seventy-two hours", set()),
        ("within 72 hours", {"72"}),
        ("two months", {"2"}),
        ("the two of you", set()),
        ("Art. 28(3) of 2016", set()),
        ("AES-256 and 1,000 people", {"256", "1000"}),
    ],
)
def test_numbers_are_those_outside_dates_and_addresses(text: str, found: set[str]) -> None:
    assert language.numbers(text) == found


def test_addresses_are_read_in_every_common_spelling() -> None:
    text = "GDPR Art. 28 (3)(a), Recital 47, §10.2, A.8.24, DPA 2018 s. 164A, 45 CFR 164.312(a)(2)"
    assert language.addresses(text) == {
        ("article", "28(3)(a)"),
        ("recital", "47"),
        ("section", "10.2"),
        ("control", "A.8.24"),
        ("act", "164A"),
        ("rule", "164.312(a)(2)"),
    }
