"""A whole answer: each claim, each span as shown, and the verdict against the findings worked out again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.assess import assess_tool
from assistant.dating import Dating
from assistant.schema import Answer, Citation, Jurisdiction
from eval.checker.claims import Case, Judgement, judge_claim
from eval.checker.holdings import Holdings

_HEADLINES = {
    "suitable": "suitable",
    "suitable_on_conditions": "only on conditions",
    "not_enough_evidence": "do not use it with clients until the open questions are answered",
    "not_suitable": "do not use it with clients",
}
_US_WORDS = re.compile(
    r"\b(?:US|U\.S\.|USA|HIPAA|America\w*|United States|CFR|california\w*|covered entit\w*|business associate)\b", re.IGNORECASE
)
_UK_WORDS = re.compile(r"\b(?:UK|DPA|ICO|England|Britain|British|Kingdom|Scotland|Wales|London)\b", re.IGNORECASE)
_EU_WORDS = re.compile(r"\b(?:EU|GDPR|Europe\w*|Germany|German|France|Spain|Austria|Ireland|EDPB)\b", re.IGNORECASE)


@dataclass(frozen=True)
class AnswerCheck:
    """The judgements of an answer's claims, and what is wrong with it beyond them."""

    judgements: tuple[Judgement, ...]
    faults: tuple[str, ...]


def check_answer(answer: Answer, holdings: Holdings, *, stale_after_days: int = 180) -> AnswerCheck:
    """Everything that can be checked about one answer."""
    case = Case(day=answer.as_of, tools=answer.tools, places=places_of(answer))
    judgements = tuple(judge_claim(claim, holdings, case) for claim in answer.claims)
    faults = (*_span_faults(answer, holdings), *_listing_faults(answer), *_verdict_faults(answer, holdings, stale_after_days))
    return AnswerCheck(judgements, faults)


def places_of(answer: Answer) -> frozenset[Jurisdiction]:
    """Where the practitioner and the client are, and what the question names itself. The EU's text also stands for the UK's."""
    places: set[Jurisdiction] = set(answer.profile.jurisdictions)
    if "uk" in places:
        places.add("eu")
    named: tuple[tuple[Jurisdiction, re.Pattern[str]], ...] = (("us", _US_WORDS), ("uk", _UK_WORDS), ("eu", _EU_WORDS))
    return frozenset(places | {place for place, pattern in named if pattern.search(answer.question)})


def _span_faults(answer: Answer, holdings: Holdings) -> Iterator[str]:
    for citation in answer.citations:
        clause = holdings.clause(citation.id)
        if clause is None:
            yield f"citation: {citation.id} is not held"
        elif clause.text != citation.text:
            yield f"citation: {citation.id} is shown in other words than it is held in"
        elif not _is_exact(citation, clause.text):
            yield f"citation: the span of {citation.id} does not stand at {citation.span_start}"


def _is_exact(citation: Citation, text: str) -> bool:
    return bool(citation.span.strip()) and text[citation.span_start : citation.span_start + len(citation.span)] == citation.span


def _listing_faults(answer: Answer) -> Iterator[str]:
    listed = {citation.id for citation in answer.citations}
    for claim in answer.claims:
        for clause_id in claim.citations:
            if clause_id not in listed:
                yield f"citation: {clause_id} is cited and not listed"
        if claim.text.rstrip(".!?") not in answer.text:
            yield f"claim: not in the text of the answer: {claim.text}"


def _verdict_faults(answer: Answer, holdings: Holdings, stale_after_days: int) -> Iterator[str]:
    """The tokens against the verdict function, and the words of the heading against the tokens."""
    dating = Dating(holdings.knowledge, answer.as_of, stale_after_days)
    for tool, token in answer.verdicts.items():
        worked_out = assess_tool(holdings.knowledge.tools[tool], answer.profile, dating)
        if token != worked_out.at_best.verdict.token:
            yield f"verdict: {tool} is {token}, worked out {worked_out.at_best.verdict.token}"
        if len(answer.verdicts) == 1 and answer.as_it_comes != worked_out.as_it_comes.verdict.token:
            yield f"verdict: {tool} as it comes is {answer.as_it_comes}, worked out {worked_out.as_it_comes.verdict.token}"
    heading = next((line for line in answer.text.splitlines() if line.startswith("###")), "")  # notices may stand before it
    if answer.intent == "verdict" and answer.verdict and f"**{_HEADLINES[answer.verdict]}**" not in heading:
        yield f"verdict: the heading does not say {_HEADLINES[answer.verdict]}"
