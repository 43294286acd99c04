"""Answers that no single clause gives: the points of a brief, and what they mean for the tool that was named."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.converse.compose.alternatives import alternatives_block
from assistant.converse.compose.context import VERDICT_HEADLINES, Context, assumption_line, configuration_words, legal_space
from assistant.converse.draft import Block, Draft, Item, claim_from, frame
from assistant.index.anchors import Cosines
from assistant.schema import Brief, Knowledge, Point, Profile, Tool, ToolAssessment

# Cosines of the nearest way of asking, chosen on the development questions: from the first the brief answers, from the second on
# its nearest point stands beside the provision that was looked up.
BRIEF_FLOOR = 0.72
HINT_FLOOR = 0.60
POINT_MARGIN = 0.30
BRIEF_CERTAIN = 0.85  # so near a way of asking, no clause is nearer to what was meant


def nearest_brief(knowledge: Knowledge, near: Cosines, profile: Profile) -> tuple[Brief, float] | None:
    """The brief whose ways of asking lie nearest to the question and which applies in this case. ``near``: with "id/number"."""
    for key, cosine in near.nearest_first():
        brief = knowledge.briefs[key.rpartition("/")[0]]
        if not brief.jurisdictions or set(brief.jurisdictions) & set(legal_space(profile)):
            return (brief, cosine) if cosine >= HINT_FLOOR else None
    return None


def nearest_points(brief: Brief, cosines: Sequence[float]) -> tuple[Point, ...]:
    """The points that belong to the question, nearest first: those not far behind the nearest. One cosine a point, in order."""
    ranked = sorted(zip(cosines, brief.points, strict=True), key=lambda pair: -pair[0])
    return tuple(point for cosine, point in ranked if cosine >= ranked[0][0] - POINT_MARGIN)


def compose_brief(context: Context, brief: Brief, tool: Tool | None, assessment: ToolAssessment | None) -> Draft:
    """The points, each with its clauses; then the findings of the tool that belong to the question."""
    points = [
        Item(claims=(claim_from(point.text, clauses, at_most=3),))
        for point in brief.points
        if (clauses := [clause for clause in context.gather(point.clauses) if context.applies(clause)])
    ]
    blocks = [Block(tuple(points), style="bullets")]
    if tool and assessment:
        if brief.with_verdict:
            blocks.append(_verdict_block(tool, assessment))
        items = _tool_items(context, brief, assessment)
        if items:
            blocks.append(Block(tuple(items), title=f"What {tool.name}'s documents say to it", style="bullets"))
    if assessment and brief.with_verdict and (better := alternatives_block(context, assessment)):
        blocks.append(better)
    closing = " ".join(part for part in (brief.caution, "This informs and is not legal advice.") if part)
    blocks.append(Block((frame(f"*{closing}*"),)))
    return Draft(heading=f"### {brief.title}", intro=(assumption_line(context.query.profile),), blocks=tuple(blocks))


def _verdict_block(tool: Tool, assessment: ToolAssessment) -> Block:
    """The verdict in a sentence; its reasons are a question of their own."""
    words = VERDICT_HEADLINES[assessment.at_best.verdict.token]
    where = configuration_words(tool, assessment.at_best.configuration)
    return Block((frame(f"**{tool.name}: {words}** (at its best: {where}). Ask “Is {tool.name} safe for therapy?” for the reasons."),))


def _tool_items(context: Context, brief: Brief, assessment: ToolAssessment) -> list[Item]:
    items = []
    for criterion_id in brief.criteria:
        finding = assessment.at_best.finding(criterion_id)
        criterion = context.knowledge.criteria[criterion_id]
        if finding is None:
            continue
        if finding.status == "not_stated":
            items.append(frame(f"*{criterion.title}:* no clause I hold says {criterion.gap}."))
            continue
        claims = tuple(claim_from(ground.reason, context.gather(ground.clause_ids), at_most=1) for ground in finding.grounds[:1])
        items.append(Item(lead=f"*{criterion.title}:*", claims=claims))
    return items
