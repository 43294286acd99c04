"""Whether what is held can answer a question at all.

A tool's name lies near every clause of its documents, so it is taken out before a question is compared. The floors were chosen on
development questions only; docs/evaluation.md shows the distributions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.index.retriever import RankedClause
from assistant.schema import Knowledge, Tool

LOOKUP_FLOOR = 0.60  # nearness plus a fortieth of the best score: words in common count where the meaning is said in a roundabout way
TOPIC_FLOOR = 0.34  # mean of three such cosines: with law, with the tool's documents, with its evidence
ASK_BACK_FLOOR = 0.50
ASK_BACK_MARGIN = 0.15
BESIDE_LAW = 0.85  # what a control or guidance counts for beside a provision of law, unless a question asks for it
RECITAL = 0.90  # a recital explains an article
POINT = 0.97  # a point completes its paragraph
_FIRST = 3
_SCORE_SCALE = 40.0
_DEFINITION = re.compile(
    r"\bwhat (?:counts as|is meant by|does .{2,40} mean|(?:is|are) (?:an? )?)|\bdefin(?:e|ition)\b|\bmeaning of\b", re.IGNORECASE
)
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


def is_answerable(ranked: Sequence[RankedClause]) -> bool:
    """Whether a look-up finds anything that can answer it."""
    return bool(ranked) and nearness(ranked) + ranked[0].score / _SCORE_SCALE >= LOOKUP_FLOOR


def is_about_tool(
    question: str, tool: Tool, law: Sequence[RankedClause], documents: Sequence[RankedClause], evidence: Mapping[str, float]
) -> bool:
    """Whether a question about a tool is one that policies answer: it names one of the tool's settings, or lies near all three."""
    mean = (nearness(law) + nearness(documents) + max(evidence.values(), default=0.0)) / 3
    return mean >= TOPIC_FLOOR or _names_setting(question, tool)


def asks_about_some_tool(law: Sequence[RankedClause], documents: Sequence[RankedClause]) -> bool:
    """Whether a question that names no tool lies so much nearer to vendors' documents than to law that it must mean a tool."""
    return nearness(documents) >= max(ASK_BACK_FLOOR, nearness(law) + ASK_BACK_MARGIN)


def _names_setting(question: str, tool: Tool) -> bool:
    names = {name.lower() for setting in tool.settings for name in (setting.name, setting.id.replace("-", " "))}
    names |= {alias.lower() for setting in tool.settings for aliases in setting.aliases.values() for alias in aliases}
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return bool(pattern) and bool(re.search(rf"\b(?:{pattern})s?\b", question, re.IGNORECASE))


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


def is_defined(ranked: Sequence[RankedClause], question: str) -> bool:
    """Whether the question asks the meaning of a word and the best clause defines it."""
    return bool(ranked) and ranked[0].clause.defines is not None and bool(_DEFINITION.search(question))


def definition_first(ranked: Sequence[RankedClause], question: str) -> list[RankedClause]:
    """The ranking with the clause first that defines what the question asks the meaning of, if it is among them."""
    asked = _DEFINITION.search(question)
    if asked is None:
        return list(ranked)
    defining = [entry for entry in ranked if entry.clause.defines]
    best = max(defining, key=lambda entry: entry.score, default=None)
    if best is None or best.score < ranked[0].score * _DEFINITION_SHARE:
        return list(ranked)
    return [best, *(entry for entry in ranked if entry is not best)]
