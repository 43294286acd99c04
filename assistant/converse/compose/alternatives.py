"""Tools that reach a better verdict for the same case."""

from __future__ import annotations

from assistant.converse.compose.context import VERDICT_WORDS, Context, configuration_words
from assistant.converse.draft import Block, frame
from assistant.schema import VERDICTS_BEST_FIRST, ToolAssessment, VerdictToken

MAX_ALTERNATIVES = 3
_GOOD: tuple[VerdictToken, ...] = ("suitable", "suitable_on_conditions")


def better_tools(context: Context, judged: ToolAssessment) -> list[ToolAssessment]:
    """Tools for the same use that can be had on better terms than the one judged, best first, fewest steps first; [] beside a good one.

    What the person fixed about the tool judged, its plan and its settings, says nothing about others and is left open for them.
    """
    if judged.at_best.verdict.token in _GOOD:
        return []
    profile = context.query.profile.model_copy(update={"plan": None, "settings": {}, "assumed": ()})
    others = [
        context.assess(tool, profile)
        for tool in context.knowledge.tools.values()
        if tool.id != judged.tool and profile.use in tool.uses and (tool.retired is None or context.dating.day < tool.retired.on)
    ]
    good = [other for other in others if other.at_best.verdict.token in _GOOD]
    return sorted(good, key=lambda a: (VERDICTS_BEST_FIRST.index(a.at_best.verdict.token), len(a.at_best.steps), a.tool))[:MAX_ALTERNATIVES]


def alternatives_block(context: Context, judged: ToolAssessment) -> Block | None:
    """What fits better, each with the verdict it reaches and where; None where nothing does."""
    found = better_tools(context, judged)
    if not found:
        return None
    items = tuple(
        frame(f"{tool.name}: {VERDICT_WORDS[other.at_best.verdict.token]} ({configuration_words(tool, other.at_best.configuration)})")
        for other in found
        for tool in (context.tool(other.tool),)
    )
    return Block(items, title="What fits better, each to be asked about by itself", style="bullets")
