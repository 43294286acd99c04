"""Questions that went wrong, so that one can read why: the question, each passage that answers it, and what was ranked above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from assistant.index.passages import Passage
from assistant.schema import Frozen
from eval.retrieval.measures import PerQuery
from eval.retrieval.results import Ranked

DEPTH = 10  # what lies further down is as good as not found
_ABOVE_SHOWN = 3
_UNRANKED = 10**9


class Placed(Frozen):
    """A passage as it was ranked; ``rank`` is None beyond the depth of the run, ``stages`` are known for the first ones only."""

    id: str
    document: str
    text: str
    rank: int | None
    score: float | None = None
    stages: dict[str, float] = Field(default_factory=dict)


class Failure(Frozen):
    """A question with its relevant passages that are not at the top, and the best of those that wrongly stand above them.

    ``found`` of ``relevant`` are among the first ten; ``value`` is the measure that the failures are ordered by.
    """

    id: str
    question: str
    document: str | None
    value: float
    relevant: int
    found: int
    missed: tuple[Placed, ...]
    above: tuple[Placed, ...]


def find_failures(known: Sequence[Passage], results: Sequence[Ranked], values: PerQuery, measure: str) -> list[Failure]:
    """The questions with a relevant passage below one that is not, the worst by ``measure`` first, ties by id."""
    passages = {passage.id: passage for passage in known}
    found = [failure for result in results if (failure := _failure(result, passages, values[result.id][measure]))]
    return sorted(found, key=lambda failure: (failure.value, failure.id))


def _failure(result: Ranked, passages: Mapping[str, Passage], value: float) -> Failure | None:
    relevant = result.relevant
    ranks = {passage: place for place, (passage, _) in enumerate(result.ranking, start=1)}
    wrong = [passage for passage, _ in result.ranking[:DEPTH] if passage not in relevant]
    first_wrong = ranks[wrong[0]] if wrong else DEPTH + 1
    missed = [passage for passage in relevant if ranks.get(passage, _UNRANKED) > first_wrong]
    if not missed:
        return None
    missed.sort(key=lambda passage: (ranks.get(passage, _UNRANKED), passage))
    return Failure(
        id=result.id,
        question=result.question,
        document=result.document,
        value=round(value, 4),
        relevant=len(relevant),
        found=sum(ranks.get(passage, _UNRANKED) <= DEPTH for passage in relevant),
        missed=tuple(_placed(passage, result, ranks, passages) for passage in missed),
        above=tuple(_placed(passage, result, ranks, passages) for passage in wrong[:_ABOVE_SHOWN]),
    )


def _placed(passage: str, result: Ranked, ranks: Mapping[str, int], passages: Mapping[str, Passage]) -> Placed:
    rank = ranks.get(passage)
    known = passages.get(passage)
    return Placed(
        id=passage,
        document=known.document if known else "",
        text=known.text if known else "(no text)",
        rank=rank,
        score=result.ranking[rank - 1][1] if rank else None,
        stages=result.stage_scores[rank - 1] if rank and rank <= len(result.stage_scores) else {},
    )
