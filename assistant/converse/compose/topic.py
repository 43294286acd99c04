"""Answers to one question about one tool: what the clauses say to it, what that means for the criteria, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.converse.compose.context import Context, assumption_line
from assistant.converse.compose.lookup import clause_items
from assistant.converse.draft import Block, Draft, Item, claim_from, frame
from assistant.converse.render import sources_seen
from assistant.index.retriever import RankedClause
from assistant.schema import Assessment, Clause, Criterion, Finding, Knowledge, Setting, Tool, ToolAssessment

MAX_CLAUSES = 2
MAX_FINDINGS = 1
MAX_GROUNDS = 1
CLOSE_SHARE = 0.97
NEAR_EVIDENCE = 0.45  # a finding belongs to the answer if its evidence lies this near the question (cosine) …
NEAR_CRITERION = 0.70  # … and a way of asking for its criterion this near


def compose_topic(
    context: Context,
    tool: Tool,
    ranked: Sequence[RankedClause],
    assessment: ToolAssessment,
    near: Mapping[str, float],
    asked: Mapping[str, float],
) -> Draft:
    """What the findings nearest to the question say, then the clauses nearest to it.

    ``near``: cosine by evidence id; ``asked``: by criterion, with its ways of asking.
    """
    clauses = _nearest_clauses(ranked)
    context.gather(clause.id for clause in clauses)
    blocks = [Block(items)] if (items := tuple(_choice_items(context, tool))) else []
    findings = nearest_findings(assessment.at_best, near, asked)
    if findings:
        blocks.append(Block(tuple(_finding_item(context, finding, near) for finding in findings)))
    title = "The clauses" if len(clauses) > 1 else "The clause"
    blocks.append(
        Block(tuple(item for clause in clauses for item in clause_items(context, clause, lead=True)), title=title, style="bullets")
    )
    seen = sources_seen(context.dating, clauses)
    closing = f"*{seen}. This informs and is not legal advice; ask “Is {tool.name} safe for therapy?” for the whole verdict.*"
    blocks.append(Block((frame(closing),)))
    intro = tuple(part for part in (*assessment.conflicts, assumption_line(context.query.profile)) if part)
    return Draft(intro=intro, blocks=tuple(blocks))


def compose_silent(tool: Tool, criterion: Criterion) -> Draft:
    """What is asked is a question of due diligence that nothing held on this tool answers: said, instead of the nearest clause."""
    return Draft(
        intro=(
            f"No clause I hold says {criterion.gap}.",
            f"Ask “Write the request to {tool.name} for me” for a letter that asks for it, or “Is {tool.name} safe for therapy?” for the "
            "verdict on what is known.",
        )
    )


def silent_criterion(knowledge: Knowledge, tool: Tool, asked: Mapping[str, float]) -> Criterion | None:
    """The criterion plainly asked about, where no evidence was found on it in any document of the tool; None otherwise."""
    nearest = max(asked, key=lambda criterion_id: asked[criterion_id], default=None)
    if nearest is None or asked[nearest] < NEAR_CRITERION or any(entry.criterion == nearest for entry in knowledge.evidence_for(tool.id)):
        return None
    return knowledge.criteria[nearest]


def _nearest_clauses(ranked: Sequence[RankedClause]) -> list[Clause]:
    """The best clause, and those that score nearly as high."""
    limit = ranked[0].score * CLOSE_SHARE
    return [entry.clause for entry in ranked if entry.score >= limit][:MAX_CLAUSES]


def nearest_findings(assessment: Assessment, near: Mapping[str, float], asked: Mapping[str, float]) -> list[Finding]:
    """The findings that lie near the question by their evidence and by what they are asked with, nearest first."""
    scored = [
        (max(near.get(evidence_id, 0.0) for evidence_id in finding.evidence_ids), finding)
        for finding in assessment.findings
        if finding.evidence_ids
    ]
    scored.sort(key=lambda entry: (-entry[0], entry[1].criterion_id))
    near_enough = [f for score, f in scored if score >= NEAR_EVIDENCE and asked.get(f.criterion_id, 0.0) >= NEAR_CRITERION]
    return near_enough[:MAX_FINDINGS]


def _choice_items(context: Context, tool: Tool) -> Iterator[Item]:
    """What the values that the question names exclude, and which of them exclude each other, with the clauses that say so."""
    named = context.query.profile.settings
    for name, value in context.query.profile.settings.items():
        chosen = tool.setting(name)
        if chosen is None or value not in chosen.values:
            continue
        for exclusion in chosen.excludes:
            if exclusion.value == value and (clauses := context.gather(exclusion.clauses)):
                lost = "; ".join(_values(tool, other, values) for other, values in exclusion.excludes.items())
                yield Item(claims=(claim_from(f"With {_value(chosen, value)} you cannot have: {lost}.", clauses),))
        for setting in tool.settings:
            for exclusion in setting.excludes:
                if (
                    named.get(setting.id) == exclusion.value
                    and value in exclusion.excludes.get(name, ())
                    and (clauses := context.gather(exclusion.clauses))
                ):
                    text = f"Not together with {_value(setting, exclusion.value)}: {_value(chosen, value)} and that exclude each other."
                    yield Item(claims=(claim_from(text, clauses),))


def _values(tool: Tool, name: str, values: Sequence[str]) -> str:
    setting = tool.setting(name)
    assert setting is not None  # the tool profile was checked when it was read
    return _value(setting, "” or “".join(values))


def _value(setting: Setting, value: str) -> str:
    return f"{setting.name.lower()} “{value}”"


def _finding_item(context: Context, finding: Finding, near: Mapping[str, float]) -> Item:
    """The grounds of a finding, the one nearest to the question first."""
    pairs = sorted(zip(finding.evidence_ids, finding.grounds, strict=True), key=lambda pair: -near.get(pair[0], 0.0))
    grounds = [ground for _, ground in pairs][:MAX_GROUNDS]
    claims = tuple(claim_from(ground.reason, context.gather(ground.clause_ids), at_most=1) for ground in grounds if ground.clause_ids)
    steps = [step.text.rstrip(".") for ground in grounds for step in ground.steps if step.kind != "recheck"]
    tail = f"*What you can do:* {'; '.join(steps)}." if steps else ""
    return Item(claims=claims, tail=tail)
