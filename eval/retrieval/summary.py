"""The figures of a retrieval run: measures with their intervals, and what a question costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from assistant.schema import Frozen
from eval.retrieval.measures import MEASURES, PerQuery
from eval.retrieval.results import Build, Ranked
from eval.retrieval.significance import Interval, interval_of_mean


class Cost(Frozen):
    """Milliseconds over the questions."""

    p50: float
    p95: float
    mean: float


class RetrievalSummary(Frozen):
    """``measures`` by name; ``wall_ms`` and ``stage_ms`` are wall time, ``cpu_ms`` is CPU time of the whole question."""

    questions: int
    answered: int
    measures: dict[str, Interval]
    wall_ms: Cost
    cpu_ms: Cost
    stage_ms: dict[str, Cost]
    build: Build | None

    @property
    def short(self) -> dict[str, float]:
        """The measures alone, as the command prints them."""
        return {name: round(entry.value, 4) for name, entry in self.measures.items()}


def summarise(results: Sequence[Ranked], values: PerQuery, questions: int, build: Build | None) -> RetrievalSummary:
    """The figures over the questions asked. ``values`` are the measures of each; ``questions`` is how many there are to ask."""
    names = next(iter(values.values()), dict.fromkeys(MEASURES, 0.0))
    return RetrievalSummary(
        questions=questions,
        answered=len(results),
        measures={name: interval_of_mean([entry[name] for entry in values.values()]) for name in names} if values else {},
        wall_ms=cost(result.wall_seconds for result in results),
        cpu_ms=cost(result.cpu_seconds for result in results),
        stage_ms=_stage_costs([result.stage_seconds for result in results]),
        build=build,
    )


def cost(seconds: Iterable[float]) -> Cost:
    """All 0 for no question."""
    values = np.array(list(seconds) or [0.0]) * 1000
    return Cost(p50=_rounded(np.median(values)), p95=_rounded(np.percentile(values, 95)), mean=_rounded(values.mean()))


def _stage_costs(seconds: Sequence[Mapping[str, float]]) -> dict[str, Cost]:
    stages = list(dict.fromkeys(name for entry in seconds for name in entry))
    return {stage: cost(entry.get(stage, 0.0) for entry in seconds) for stage in stages}


def _rounded(value: np.floating) -> float:
    return round(float(value), 3)
