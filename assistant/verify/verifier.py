"""The checks between a composed answer and its reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assistant.locators import find_locators
from assistant.schema import Claim, Clause, Knowledge, RejectedClaim, Span, Verification

_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?:\s?%)?")
_WORD_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
        ]
    )
} | {"twenty": "20", "thirty": "30", "forty": "40", "sixty": "60", "ninety": "90", "hundred": "100"}

_MEASURE = re.compile(
    rf"\b(?P<word>{'|'.join(_WORD_NUMBERS)})\s+(?:\w+\s+)?(?:hours?|days?|weeks?|months?|years?|minutes?|per\s?cent|percent|million|euros?|pounds)\b"
)


class Verifier:
    """Checks claims against the clauses that were retrieved for one question.

    ``tools`` are those the question is about: a clause of another tool supports nothing. ``tally`` counts what was dropped.
    """

    def __init__(self, knowledge: Knowledge, retrieved: Mapping[str, Clause], tools: Sequence[str]) -> None:
        self._knowledge = knowledge
        self._retrieved = retrieved
        self._tools = frozenset(tools)
        self._failures: Counter[str] = Counter()
        self._checked = 0

    def check(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims that hold, in order."""
        return [claim for claim in claims if self.rejects(claim) is None]

    def rejects(self, claim: Claim) -> RejectedClaim | None:
        """The first check a claim fails, which is counted; None if it holds."""
        self._checked += 1
        for check, detail in self._faults(claim):
            self._failures[check] += 1
            return RejectedClaim(claim=claim, check=check, detail=detail)
        return None

    @property
    def tally(self) -> Verification:
        dropped = sum(self._failures.values())
        return Verification(checked=self._checked, kept=self._checked - dropped, dropped=dropped, failures=dict(self._failures))

    def _faults(self, claim: Claim) -> Iterable[tuple[str, str]]:
        if not claim.spans:
            yield "uncited", "the claim cites no clause"
        for span in claim.spans:
            yield from self._span_faults(span)
        clauses = [self._retrieved[clause_id] for clause_id in claim.clause_ids if clause_id in self._retrieved]
        supported = numbers_in(" ".join(self._evidence_text(clause) for clause in clauses))
        for number in sorted(numbers_in(claim.text) - supported):
            yield "number", f"{number} stands in no cited clause"

    def _span_faults(self, span: Span) -> Iterable[tuple[str, str]]:
        clause = self._retrieved.get(span.clause_id)
        if clause is None:
            yield "not_retrieved", f"{span.clause_id} was not retrieved for this question"
            return
        tools = self._knowledge.sources[clause.source_id].tools
        if tools and self._tools and not self._tools & set(tools):
            yield "other_tool", f"{span.clause_id} is about {', '.join(tools)}"
        if not 0 <= span.start < span.end <= len(clause.text) or not clause.text[span.start : span.end].strip():
            yield "span", f"{span.clause_id} has no text at {span.start}-{span.end}"

    def _evidence_text(self, clause: Clause) -> str:
        versions = self._knowledge.versions_of(clause)
        days = " ".join(
            f"{day.isoformat()} {day.day} {day.year}"
            for version in versions
            for day in (version.version_date, version.as_of, version.first_seen, version.effective_date)
            if day
        )
        return f"{self._knowledge.label(clause)} {' '.join(clause.heading_path)} {clause.text} {clause.practice or ''} {days}"


def numbers_in(text: str) -> set[str]:
    """Numbers in digits, numbers in words before a unit ("two months", not "the two of you"), and those inside locators."""
    numbers = {match.group().replace(" ", "").rstrip(".,") for match in _NUMBER.finditer(text)}
    numbers |= {_WORD_NUMBERS[match["word"]] for match in _MEASURE.finditer(text.lower())}
    for locator in find_locators(text):
        if locator.number[:1].isdigit():
            numbers |= {locator.number, locator.number.split(".")[0]}  # §10.2 lies in section 10
    return {number.replace(",", "") for number in numbers}
