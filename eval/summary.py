"""From the results of many questions to the figures of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from pydantic import Field

from assistant.schema import Frozen
from eval.gold import HALVES
from eval.measures import Detection, Tally, mean, percentile
from eval.results import Result

RANK_CUT = 10


class Figure(Frozen):
    """A value and how many questions (or claims, spans, quotations, groups of labels) it was taken over; None with 0."""

    value: float | None = None
    count: int = Field(default=0, ge=0)


class Latency(Frozen):
    """Seconds below which half and 95 in 100 of the answers stayed."""

    p50: float
    p95: float
    count: int


class Summary(Frozen):
    """The figures of a group of questions, by the names of MEASURES, and the latency of ``total`` and of each stage.

    ``right`` are the questions without a miss.
    """

    questions: int
    errors: int
    right: int
    figures: dict[str, Figure]
    latency: dict[str, Latency]


@dataclass(frozen=True)
class Measure:
    """A column of the reports. ``style`` is how its value is printed."""

    name: str
    title: str
    style: Literal["share", "score"]
    take: Callable[[Sequence[Result]], Figure]


def summarise(results: Sequence[Result]) -> Summary:
    """The figures over any group of results, the empty one too."""
    return Summary(
        questions=len(results),
        errors=sum(result.given is None for result in results),
        right=sum(not result.is_miss for result in results),
        figures={measure.name: measure.take(results) for measure in MEASURES},
        latency=_latency(results),
    )


def summarise_groups(results: Sequence[Result]) -> dict[str, Summary]:
    """Summaries by half and by half and intent (``dev``, ``dev/verdict``), in the order of the halves and of first appearance."""
    groups: dict[str, list[Result]] = {}
    for half in HALVES:
        for result in results:
            if result.half == half:
                groups.setdefault(half, []).append(result)
                groups.setdefault(f"{half}/{result.intent}", []).append(result)
    return {name: summarise(group) for name, group in groups.items()}


def _figure(values: Iterable[float | bool | None]) -> Figure:
    known = [float(value) for value in values if value is not None]
    return Figure(value=mean(known), count=len(known))


def _mean_score(field: str, results: Sequence[Result]) -> Figure:
    return _figure(getattr(result.scores, field) for result in results)


def _tally_score(field: str, results: Sequence[Result]) -> Figure:
    tally = sum((getattr(result.scores, field) for result in results), Tally())
    return Figure(value=tally.share, count=tally.total)


def _claims_kept(results: Sequence[Result]) -> Figure:
    """Of the claims composed, the share that the verification let through; what it dropped is a fault of the composing."""
    checks = [result.given.verification for result in results if result.given is not None]
    tally = sum((Tally(passed=check.kept, total=check.checked) for check in checks), Tally())
    return Figure(value=tally.share, count=tally.total)


def _abstention(side: Literal["precision", "recall", "f1"], results: Sequence[Result]) -> Figure:
    """The count is what the share is taken of: answers that abstained, questions to abstain from, or either for F1."""
    found = Detection.of((result.expect.abstain, result.abstained) for result in results)
    counts = {
        "precision": found.true_positives + found.false_positives,
        "recall": found.true_positives + found.false_negatives,
        "f1": found.true_positives + found.false_positives + found.false_negatives,
    }
    return Figure(value=getattr(found, side), count=counts[side])


def _found_within(cut: int, results: Sequence[Result]) -> Figure:
    """Of the groups of labels of look-ups, the share that the retriever ranks within the first ``cut``, given the right scope."""
    return _figure(rank is not None and rank <= cut for result in results for rank in result.scores.ranks)


MEASURES: tuple[Measure, ...] = (
    Measure("verdict_accuracy", "verdict", "share", partial(_mean_score, "verdict_right")),
    Measure("as_it_comes_accuracy", "as it comes", "share", partial(_mean_score, "as_it_comes_right")),
    Measure("about", "tools understood", "share", partial(_mean_score, "about_right")),
    Measure("intent", "intent understood", "share", partial(_mean_score, "intent_right")),
    Measure("citation_recall", "citation recall", "share", partial(_mean_score, "citation_recall")),
    Measure("lookup_precision", "citation precision, look-ups", "share", partial(_mean_score, "lookup_precision")),
    Measure("verdict_precision", "citation precision, verdicts", "share", partial(_mean_score, "verdict_precision")),
    Measure("abstention_precision", "abstention precision", "share", partial(_abstention, "precision")),
    Measure("abstention_recall", "abstention recall", "share", partial(_abstention, "recall")),
    Measure("abstention_f1", "abstention F1", "share", partial(_abstention, "f1")),
    Measure("found_first", "wanted clause ranked first", "share", partial(_found_within, 1)),
    Measure("found_in_10", f"wanted clause in the first {RANK_CUT}", "share", partial(_found_within, RANK_CUT)),
    Measure("claims_kept", "claims kept by the verification", "share", _claims_kept),
    Measure("claims_resolved", "claims that resolve", "share", partial(_tally_score, "claims_resolved")),
    Measure("spans_exact", "spans exact", "share", partial(_tally_score, "spans_exact")),
    Measure("quotations_exact", "quotations exact", "share", partial(_tally_score, "quotations_exact")),
    Measure("reading_ease", "Flesch reading ease", "score", partial(_mean_score, "reading_ease")),
)


def _latency(results: Sequence[Result]) -> dict[str, Latency]:
    """Of the answers without an error: ``total`` as measured around the call, and the stages as the assistant times them."""
    seconds: dict[str, list[float]] = {}
    for result in results:
        if result.given is not None:
            for stage, value in (("total", result.seconds), *result.given.timings.items()):
                seconds.setdefault(stage, []).append(value)
    return {stage: _spread(values) for stage, values in seconds.items()}


def _spread(values: Sequence[float]) -> Latency:
    p50, p95 = percentile(values, 0.5), percentile(values, 0.95)
    assert p50 is not None  # a stage is listed only with a value
    assert p95 is not None
    return Latency(p50=round(p50, 5), p95=round(p95, 5), count=len(values))
