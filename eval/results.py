"""What a run keeps of each question: what was expected, what was answered, and the scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from assistant.schema import Answer, Clause, Frozen, Knowledge, Source, VerdictToken, Verification
from eval.gold import Expectation, GoldIntent, GoldQuestion, Half
from eval.measures import (
    Tally,
    citation_precision,
    citation_recall,
    sourced_precision,
    tally_claims,
    tally_quotations,
    tally_spans,
    token_is_right,
)
from eval.readability import flesch_reading_ease, prose_of
from eval.targets import Target

FaultKind = Literal["error", "verdict", "as_it_comes", "abstention", "recall", "precision", "unsound", "tools", "intent"]


class Given(Frozen):
    """What the assistant answered, as far as a report needs it. ``cited`` are labels in the order of their numbers."""

    intent: str
    tools: tuple[str, ...] = ()
    as_of: date
    verdict: VerdictToken | None = None
    as_it_comes: VerdictToken | None = None
    abstained: bool = False
    cited: tuple[str, ...] = ()
    text: str
    verification: Verification = Verification()
    timings: dict[str, float] = Field(default_factory=dict)


class Scores(Frozen):
    """The measures of one answer; None where a measure does not apply to the question (see eval.measures).

    ``missed`` are the groups of labels of which nothing was cited, ``beside`` the labels cited beside the point of a look-up.
    ``ranks`` say where the retriever ranks the first clause that counts for each group, from 1, given the right scope; None
    beyond the ranks looked at.
    """

    verdict_right: bool | None = None
    as_it_comes_right: bool | None = None
    about_right: bool | None = None
    intent_right: bool | None = None
    citation_recall: float | None = None
    lookup_precision: float | None = None
    verdict_precision: float | None = None
    reading_ease: float | None = None
    claims_resolved: Tally = Tally()
    spans_exact: Tally = Tally()
    quotations_exact: Tally = Tally()
    missed: tuple[tuple[str, ...], ...] = ()
    beside: tuple[str, ...] = ()
    ranks: tuple[int | None, ...] = ()


class Fault(Frozen):
    """One thing wrong with an answer, in words."""

    kind: FaultKind
    detail: str


class Result(Frozen):
    """One question with its answer, or the error in its place, and the seconds the last turn took."""

    id: str
    half: Half
    intent: GoldIntent
    asked: tuple[str, ...]
    options: dict[str, object] = Field(default_factory=dict)
    tools: tuple[str, ...] = ()
    expect: Expectation
    note: str | None = None
    given: Given | None = None
    error: str | None = None
    seconds: float = Field(ge=0)
    scores: Scores = Scores()
    answer: Answer | None = Field(default=None, description="The whole answer, for checks that look at every claim.")

    @property
    def abstained(self) -> bool:
        return self.given is not None and self.given.abstained

    @property
    def is_miss(self) -> bool:
        """Whether anything is wrong beyond citing more than was wanted, which has a measure of its own."""
        return any(fault.kind != "precision" for fault in self.faults)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong, the gravest first; () for a right answer."""
        return tuple(_faults(self))


def keep_answer(answer: Answer) -> Given:
    """The part of an answer that a run keeps."""
    return Given(
        intent=answer.intent,
        tools=answer.tools,
        as_of=answer.as_of,
        verdict=answer.verdict,
        as_it_comes=answer.as_it_comes,
        abstained=answer.abstained,
        cited=tuple(citation.label for citation in answer.citations),
        text=answer.text,
        verification=answer.verification,
        timings=answer.timings,
    )


def score_answer(
    question: GoldQuestion, answer: Answer, targets: Sequence[Target], knowledge: Knowledge, ranks: Sequence[int | None] = ()
) -> Scores:
    """Every measure of one answer. The citations of a verdict are judged by their source, those of any other answer by the targets."""
    clauses: Mapping[str, Clause] = knowledge.clauses
    sources: Mapping[str, Source] = knowledge.sources
    cited = [citation.id for citation in answer.citations]
    wanted = frozenset[str]().union(*(target.hits | target.lead_ins for target in targets))
    is_lookup = not question.states_verdict
    return Scores(
        verdict_right=token_is_right(question.expect.verdict, answer.verdict),
        as_it_comes_right=token_is_right(question.expect.as_it_comes, answer.as_it_comes),
        about_right=None if question.expect.about is None else set(question.expect.about) == set(answer.tools),
        intent_right=answer.intent in question.expect.intents if question.expect.intents else None,
        citation_recall=citation_recall(cited, targets),
        lookup_precision=citation_precision(cited, targets) if is_lookup else None,
        verdict_precision=None if is_lookup else sourced_precision(answer.citations, clauses, sources, question.tools),
        reading_ease=None if answer.abstained else flesch_reading_ease(prose_of(answer.text)),
        claims_resolved=tally_claims(answer.claims, answer.citations, clauses),
        spans_exact=tally_spans(answer.citations, clauses),
        quotations_exact=tally_quotations(answer.claims, clauses),
        missed=tuple(target.labels for target in targets if not target.hits.intersection(cited)),
        beside=tuple(entry.label for entry in answer.citations if entry.id not in wanted) if is_lookup and targets else (),
        ranks=tuple(ranks),
    )


def score_error(question: GoldQuestion) -> Scores:
    """The scores of a question that ended in an error: wrong wherever something was expected, and nothing to say elsewhere."""
    expect = question.expect
    return Scores(
        verdict_right=token_is_right(expect.verdict, None),
        as_it_comes_right=token_is_right(expect.as_it_comes, None),
        about_right=None if expect.about is None else False,
        intent_right=False if expect.intents else None,
        citation_recall=0.0 if expect.cite else None,
        missed=expect.cite,
    )


def _faults(result: Result) -> list[Fault]:
    scores, expect, given = result.scores, result.expect, result.given
    if given is None:
        return [Fault(kind="error", detail=result.error or "no answer")]
    faults = []
    if given.abstained != expect.abstain:
        faults.append(Fault(kind="abstention", detail="it should have abstained" if expect.abstain else "it abstained"))
    if scores.about_right is False:
        faults.append(Fault(kind="tools", detail=f"about {', '.join(given.tools) or 'no tool'}, expected {', '.join(expect.about or ())}"))
    if scores.intent_right is False:
        faults.append(Fault(kind="intent", detail=f"understood as {given.intent}, expected {' or '.join(expect.intents)}"))
    if scores.verdict_right is False:
        faults.append(Fault(kind="verdict", detail=f"verdict {given.verdict}, expected {expect.verdict}"))
    if scores.as_it_comes_right is False:
        faults.append(Fault(kind="as_it_comes", detail=f"as it comes {given.as_it_comes}, expected {expect.as_it_comes}"))
    faults += [Fault(kind="recall", detail=f"not cited: {' or '.join(labels)}") for labels in scores.missed]
    if scores.beside:
        faults.append(Fault(kind="precision", detail=f"beside the point: {', '.join(scores.beside)}"))
    if scores.verdict_precision is not None and scores.verdict_precision < 1:
        share = f"{scores.verdict_precision:.0%}"
        faults.append(Fault(kind="unsound", detail=f"only {share} of the citations are exact and of a fitting source"))
    for name, tally in (
        ("claims resolve", scores.claims_resolved),
        ("spans are exact", scores.spans_exact),
        ("quotations are exact", scores.quotations_exact),
    ):
        if tally.passed < tally.total:
            faults.append(Fault(kind="unsound", detail=f"only {tally.passed} of {tally.total} {name}"))
    return faults
