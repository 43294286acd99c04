"""What is counted. Pure functions over one answer or over many; none of them reads a file or a clock.

A measure that nothing speaks to is None, never 0: no question states a verdict, no clause was cited, nobody abstained.
Every question weighs the same in a mean; a share over claims, spans or quotations weighs each of those the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Self

from assistant.schema import AnswerClaim, Citation, Clause, Frozen, Source
from assistant.verify import find_span
from eval.targets import Target

QUOTATION_WORDS = 4  # shorter runs between quotation marks are names and terms
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"")


class Tally(Frozen):
    """How many of a number of things passed."""

    passed: int = 0
    total: int = 0

    @property
    def share(self) -> float | None:
        """``passed`` / ``total``; None without any."""
        return self.passed / self.total if self.total else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(passed=self.passed + other.passed, total=self.total + other.total)

    @classmethod
    def of(cls, outcomes: Iterable[bool]) -> Self:
        """A tally of single outcomes."""
        listed = list(outcomes)
        return cls(passed=sum(listed), total=len(listed))


class Detection(Frozen):
    """Abstaining as a yes-or-no decision: right and wrong ones, with and without abstention.

    An answer that failed with an error counts as one that did not abstain.
    """

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0
    true_negatives: int = 0

    @classmethod
    def of(cls, decisions: Iterable[tuple[bool, bool]]) -> Self:
        """From (should abstain, abstained) of each question."""
        counts = {(True, True): 0, (False, True): 0, (True, False): 0, (False, False): 0}
        for decision in decisions:
            counts[decision] += 1
        return cls(
            true_positives=counts[True, True],
            false_positives=counts[False, True],
            false_negatives=counts[True, False],
            true_negatives=counts[False, False],
        )

    @property
    def precision(self) -> float | None:
        """Of the answers that abstained, the share that should; None if none did."""
        return Tally(passed=self.true_positives, total=self.true_positives + self.false_positives).share

    @property
    def recall(self) -> float | None:
        """Of the questions to abstain from, the share that were; None if there is none."""
        return Tally(passed=self.true_positives, total=self.true_positives + self.false_negatives).share

    @property
    def f1(self) -> float | None:
        """2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall; None if nobody abstained and nobody should."""
        total = 2 * self.true_positives + self.false_positives + self.false_negatives
        return 2 * self.true_positives / total if total else None


def token_is_right(expected: str | None, given: str | None) -> bool | None:
    """Whether a verdict is exactly the expected token; None where the question states none. No verdict given is wrong."""
    return None if expected is None else given == expected


def citation_recall(cited: Collection[str], targets: Sequence[Target]) -> float | None:
    """The share of the targets of which at least one clause is cited; None without targets.

    A clause inside the wanted one counts; its parent, a sister, and another version of it do not (see TargetFinder).
    """
    return Tally.of(bool(target.hits.intersection(cited)) for target in targets).share


def citation_precision(cited: Collection[str], targets: Sequence[Target]) -> float | None:
    """For look-ups: the share of the cited clauses that belong to some target; None without citations or without targets.

    A clause belongs to a target if it is at one of its labels, inside one, or the direct parent that leads into one.
    A clause counts once, however many claims cite it.
    """
    if not targets:
        return None
    wanted = frozenset[str]().union(*(target.hits | target.lead_ins for target in targets))
    return Tally.of(clause_id in wanted for clause_id in set(cited)).share


def sourced_precision(
    citations: Sequence[Citation], clauses: Mapping[str, Clause], sources: Mapping[str, Source], tools: Collection[str]
) -> float | None:
    """For verdicts: the share of the citations whose span stands in its clause and whose source fits the question.

    It fits if it is a law, a standard or guidance, or if it belongs to one of the tools asked about. None without citations.
    """
    return Tally.of(span_is_exact(entry, clauses) and _source_fits(entry, sources, tools) for entry in citations).share


def _source_fits(citation: Citation, sources: Mapping[str, Source], tools: Collection[str]) -> bool:
    source = sources.get(citation.source)
    if source is None:
        return False
    return source.kind in ("law", "standard", "guidance") or bool(set(source.tools).intersection(tools))


def span_is_exact(citation: Citation, clauses: Mapping[str, Clause]) -> bool:
    """Whether the span shown is, character for character, what stands at its place in the clause as held, and not blank."""
    clause = clauses.get(citation.id)
    if clause is None or not citation.span.strip():
        return False
    return clause.text == citation.text and clause.text.startswith(citation.span, citation.span_start)


def tally_spans(citations: Iterable[Citation], clauses: Mapping[str, Clause]) -> Tally:
    """Citations whose span is exact, of all citations."""
    return Tally.of(span_is_exact(entry, clauses) for entry in citations)


def tally_claims(claims: Iterable[AnswerClaim], citations: Iterable[Citation], clauses: Mapping[str, Clause]) -> Tally:
    """Claims that cite at least one clause and of which every cited id is held and listed among the answer's citations, of all claims."""
    listed = {entry.id for entry in citations}
    return Tally.of(bool(claim.citations) and all(cited in clauses and cited in listed for cited in claim.citations) for claim in claims)


def tally_quotations(claims: Iterable[AnswerClaim], clauses: Mapping[str, Clause]) -> Tally:
    """Passages between double quotation marks that stand in a clause their claim cites, of all such passages.

    Passages of fewer than QUOTATION_WORDS words are no quotations. A heading of the clause may be quoted like its text. White
    space and the shape of quotation marks and dashes do not matter, as in the verification itself.
    """
    outcomes = []
    for claim in claims:
        held = [clauses[cited] for cited in claim.citations if cited in clauses]
        for match in _QUOTED.finditer(claim.text):
            quotation = match.group(1) or match.group(2)
            if len(quotation.split()) >= QUOTATION_WORDS:
                outcomes.append(any(_holds_quotation(clause, quotation) for clause in held))
    return Tally.of(outcomes)


def _holds_quotation(clause: Clause, quotation: str) -> bool:
    places = (clause.text, *clause.heading_path)
    return any(find_span(clause.model_copy(update={"text": place}), quotation) for place in places)


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of what there is; None values are left out, and None if nothing is left."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value below which a share (0 to 1) of the values lies, interpolated linearly between neighbours; None without values.

    This is definition 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996).
    """
    ordered = sorted(values)
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    lower = int(place)
    upper = min(lower + 1, len(ordered) - 1)
    return ordered[lower] + (ordered[upper] - ordered[lower]) * (place - lower)
