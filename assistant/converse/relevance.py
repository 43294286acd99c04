"""How clauses are weighed against each other and against a question.

A tool's name lies near every clause of its documents, so it is taken out before a question is compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.index.retriever import RankedClause
from assistant.schema import Tool

_FIRST = 3


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


def is_defined(ranked: Sequence[RankedClause], *, asks_meaning: bool) -> bool:
    """Whether the question asks the meaning of a word and the best clause defines it."""
    return bool(ranked) and ranked[0].clause.defines is not None and asks_meaning
