"""How clauses are weighed against each other and against a question.

A tool's name lies near every clause of its documents, so it is taken out before a question is compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.index.retriever import RankedClause
from assistant.schema import Clause, Knowledge, Tool

if TYPE_CHECKING:
    from numpy.typing import NDArray

BESIDE_LAW = 0.85  # what a control or guidance counts for beside a provision of law, unless a question asks for it
RECITAL = 0.90  # a recital explains an article
POINT = 0.97  # a point completes its paragraph
_FIRST = 3
_DEFINITION_SHARE = 0.8  # of the best score: a definition further behind is about something else


def without_names(question: str, tools: Sequence[Tool]) -> str:
    """The question with the names of the tools replaced by "the service"."""
    names = sorted(
        {name for tool in tools for name in (tool.name, tool.id, *tool.aliases, tool.publisher.split()[0])}, key=len, reverse=True
    )
    pattern = "|".join(re.escape(name) for name in names)
    return re.sub(rf"\b(?:{pattern})(?:['’]s)?\b", "the service", question, flags=re.IGNORECASE) if pattern else question


def nearness(ranked: Sequence[RankedClause]) -> float:
    """The cosine of the nearest of the first clauses; 0 without any."""
    return max((entry.cosine for entry in ranked[:_FIRST]), default=0.0)


def legal_weights(knowledge: Knowledge, clauses: Sequence[Clause]) -> NDArray[np.float64]:
    """What each clause's score counts for: what explains or supports stands a little behind what decides, provisions of law first."""

    def weight(clause: Clause) -> float:
        locator = clause.parsed_locator
        own = 1.0 if knowledge.sources[clause.source_id].kind == "law" else BESIDE_LAW
        return own * (RECITAL if locator.kind == "recital" else 1.0) * (POINT if len(locator.parts) > 1 else 1.0)

    return np.fromiter(map(weight, clauses), dtype=np.float64, count=len(clauses))


def is_defined(ranked: Sequence[RankedClause], *, asks_meaning: bool) -> bool:
    """Whether the question asks the meaning of a word and the best clause defines it."""
    return bool(ranked) and ranked[0].clause.defines is not None and asks_meaning


def definition_first(ranked: Sequence[RankedClause], defining: Sequence[RankedClause]) -> list[RankedClause]:
    """The ranking with the best clause that defines a word (``defining``, or empty) at its head, unless it lies far behind."""
    if not defining or defining[0].score < ranked[0].score * _DEFINITION_SHARE:
        return list(ranked)
    best = defining[0]
    return [best, *(entry for entry in ranked if entry.clause is not best.clause)][: len(ranked)]
