"""How clauses are weighed against each other and against a question.

A tool's name lies near every clause of its documents, so it is taken out before a question is compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.index.retriever import RankedClause
from assistant.schema import Knowledge, Tool

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


def in_legal_order(knowledge: Knowledge, ranked: Sequence[RankedClause]) -> list[RankedClause]:
    """The ranking with what explains or supports held back a little behind what decides: provisions of law first."""

    def score(entry: RankedClause) -> float:
        kind = knowledge.sources[entry.clause.source_id].kind
        locator = entry.clause.parsed_locator
        weight = 1.0 if kind == "law" else BESIDE_LAW
        if locator.kind == "recital":
            weight *= RECITAL
        return entry.score * weight * (POINT if len(locator.parts) > 1 else 1.0)

    weighed = [replace(entry, score=score(entry)) for entry in ranked]
    return sorted(weighed, key=lambda entry: (-entry.score, entry.clause.id))


def is_defined(ranked: Sequence[RankedClause], *, asks_meaning: bool) -> bool:
    """Whether the question asks the meaning of a word and the best clause defines it."""
    return bool(ranked) and ranked[0].clause.defines is not None and asks_meaning


def definition_first(ranked: Sequence[RankedClause], asks_meaning: bool) -> list[RankedClause]:
    """The ranking with the clause first that defines what the question asks the meaning of, if it is among them."""
    if not asks_meaning:
        return list(ranked)
    defining = [entry for entry in ranked if entry.clause.defines]
    best = max(defining, key=lambda entry: entry.score, default=None)
    if best is None or best.score < ranked[0].score * _DEFINITION_SHARE:
        return list(ranked)
    return [best, *(entry for entry in ranked if entry is not best)]
