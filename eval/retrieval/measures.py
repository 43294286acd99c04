"""Measures of rankings, by ir-measures; nothing is computed here that it computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.errors import UsageError
from eval.retrieval.results import Ranked
from eval.retrieval.runs import Ranking

MEASURES = ("P@1", "P@5", "R@5", "R@10", "R@100", "nDCG@10", "AP@10", "RR@10", "Success@5")
MAIN = "nDCG@10"

PerQuery = dict[str, dict[str, float]]  # query id to measure to value


def check_measures(names: Sequence[str]) -> None:
    """Raises UsageError for a name that ir-measures does not know or cannot compute here."""
    for name in names:
        _parsed(name)


def measure_queries(qrels: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Ranking], names: Sequence[str] = MEASURES) -> PerQuery:
    """Each measure of each judged query among ``rankings``; an empty ranking scores 0.

    Rankings count in the order they are given: ir-measures gets the place instead of the score, since its parts break ties in
    different ways, and a system that breaks them itself would be measured on an order that nobody saw.
    """
    import ir_measures

    judged = {query: qrels[query] for query in rankings if qrels.get(query)}
    judgements = [ir_measures.Qrel(query, passage, value) for query, entries in judged.items() for passage, value in entries.items()]
    placed = [
        ir_measures.ScoredDoc(query, passage, float(-place))
        for query in judged
        for place, (passage, _) in enumerate(rankings[query], start=1)
    ]
    values: PerQuery = {query: dict.fromkeys(names, 0.0) for query in judged}
    measures = {_parsed(name): name for name in names}
    for metric in ir_measures.iter_calc(list(measures), judgements, placed):
        values[metric.query_id][measures[metric.measure]] = float(metric.value)
    return values


def measure_results(results: Sequence[Ranked], names: Sequence[str] = MEASURES) -> PerQuery:
    """The measures of each result of a run, by what it says itself is relevant."""
    return measure_queries({result.id: result.relevant for result in results}, {result.id: result.ranking for result in results}, names)


def mean_of(values: PerQuery, name: str) -> float:
    """The mean of a measure over the queries, 0 for none."""
    return sum(entry[name] for entry in values.values()) / len(values) if values else 0.0


def _parsed(name: str) -> Any:
    import ir_measures

    try:
        measure = ir_measures.parse_measure(name)
    except (NameError, ValueError, SyntaxError) as error:
        raise UsageError(f"{name} is no measure of ir-measures. Examples: {', '.join(MEASURES)}.") from error
    if not ir_measures.DefaultPipeline.supports(measure):  # type: ignore[no-untyped-call]
        raise UsageError(f"{name} cannot be computed with what is installed. Examples: {', '.join(MEASURES)}.")
    return measure
