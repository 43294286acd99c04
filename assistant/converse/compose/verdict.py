"""The answer to "Is it safe?": verdict first, why not as it comes, what speaks for it, conditions, gaps, what to bear in mind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.converse.compose.alternatives import alternatives_block
from assistant.converse.compose.context import (
    USE_WORDS,
    VERDICT_HEADLINES,
    VERDICT_WORDS,
    Context,
    assumption_line,
    configuration_words,
)
from assistant.converse.compose.reviews import clause_reviews, review_block
from assistant.converse.draft import Block, Draft, Item, claim_from, frame
from assistant.converse.render import day, sources_seen
from assistant.schema import Assessment, ChangeStep, Claim, Clause, ClauseReview, Criterion, Duty, Finding, Tool, ToolAssessment
from assistant.verify.spans import first_sentence

MAX_REASONS = 4
MAX_MERITS = 3
MAX_DUTIES = 3
MAX_CONDITIONS = 9
MAX_GROUNDS = 2
MAX_CLAUSES_A_CLAIM = 2


@dataclass(frozen=True)
class VerdictParts:
    """A draft with what the answer carries beside its text."""

    draft: Draft
    conditions: tuple[str, ...]
    missing: tuple[str, ...]
    duties: tuple[str, ...]
    notices: tuple[str, ...]
    review_by: date | None
    reviews: tuple[ClauseReview, ...] = ()


def compose_verdict(context: Context, assessment: ToolAssessment) -> VerdictParts:
    """The whole answer about one tool."""
    tool = context.tool(assessment.tool)
    for half in (assessment.as_it_comes, assessment.at_best):
        for finding in half.findings:
            context.gather(finding.clause_ids)
    relied = list(context.retrieved.values())
    duties = applicable_duties(context, assessment.at_best)
    conditions = _conditions(context, assessment.at_best)
    missing = _missing(context, assessment.at_best)
    reviews = clause_reviews(context, assessment)
    blocks = [
        _retirement(context, tool),
        _reasons(context, assessment),
        review_block(context, reviews),
        _merits(context, assessment.at_best),
        _checklist(conditions, assessment),
        alternatives_block(context, assessment),
        _gaps(tool, missing),
        _duties(context, duties),
        _bear_in_mind(context, tool, relied),
    ]
    draft = Draft(
        heading=_heading(context, tool, assessment),
        intro=tuple(
            part
            for part in (assumption_line(context.query.profile), _subtitle(context, tool, assessment, relied), *assessment.conflicts)
            if part
        ),
        blocks=tuple(block for block in blocks if block is not None and block.items),
    )
    return VerdictParts(
        draft=draft,
        conditions=tuple(_words_of(item) for item in conditions),
        missing=missing,
        duties=tuple(duty.text for duty in duties),
        notices=tuple(notice.text for notice in tool.notices),
        review_by=review_date(context, relied),
        reviews=reviews,
    )


def review_date(context: Context, clauses: Iterable[Clause]) -> date | None:
    """The first day on which a text relied on that is not stale yet turns stale; None if there is none."""
    limit = timedelta(days=context.dating.stale_after_days)
    fresh = [
        seen + limit
        for clause in clauses
        if context.knowledge.sources[clause.source_id].kind in ("vendor", "guidance")
        and (seen := context.dating.as_of(clause)) is not None
        and not context.dating.is_stale(clause)
    ]
    return min(fresh, default=None)


def applicable_duties(context: Context, assessment: Assessment) -> list[Duty]:
    """The duties that go with this case, in the order of the knowledge files."""
    profile = context.query.profile
    on = {name for name, value in profile.features.items() if value == "on"}
    on |= {
        setting.feature
        for setting in context.tool(assessment.tool).settings
        if setting.feature and assessment.configuration.settings[setting.id] != "off"
    }
    return [
        duty
        for duty in context.knowledge.duties.values()
        if (not duty.jurisdictions or set(duty.jurisdictions) & set(profile.jurisdictions))
        and (not duty.uses or profile.use in duty.uses)
        and (not duty.needs_feature or on & set(duty.needs_feature))
    ]


def _heading(context: Context, tool: Tool, assessment: ToolAssessment) -> str:
    best, plain = assessment.at_best.verdict.token, assessment.as_it_comes.verdict.token
    use = USE_WORDS[context.query.profile.use]
    heading = f"### {tool.name} for {use}: **{VERDICT_HEADLINES[best]}**"
    if plain == best:
        return heading
    words = "do not use it with clients" if plain in ("not_suitable", "not_enough_evidence") else VERDICT_HEADLINES[plain]
    return f"{heading}. As it comes: **{words}**"


def compose_conditions(context: Context, assessment: ToolAssessment) -> Draft:
    """Every condition, not only the gravest."""
    tool = context.tool(assessment.tool)
    items = _conditions(context, assessment.at_best)
    heading = f"### All conditions for {tool.name} ({configuration_words(tool, assessment.at_best.configuration)})"
    blocks = (Block(tuple(items), style="checklist"),) if items else (Block((frame("There are none: see the verdict."),)),)
    return Draft(heading=heading, intro=(assumption_line(context.query.profile),), blocks=blocks)


def _subtitle(context: Context, tool: Tool, assessment: ToolAssessment, relied: Sequence[Clause]) -> str:
    halves = [
        f"{name} ({configuration_words(tool, half.configuration)}): {VERDICT_WORDS[half.verdict.token]}"
        for name, half in (("as it comes", assessment.as_it_comes), ("at its best", assessment.at_best))
    ]
    seen = sources_seen(context.dating, relied, at_most=3)
    return f"*{' · '.join([*halves, *([seen] if seen else []), f'judged for {day(context.dating.day)}'])}*"


def _retirement(context: Context, tool: Tool) -> Block | None:
    if tool.retired is None or context.dating.day < tool.retired.on:
        return None
    clauses = context.gather(tool.retired.clauses)
    return Block((Item(claims=(claim_from(tool.retired.reason, clauses),)),), title=f"{tool.name} no longer exists")


def _reasons(context: Context, assessment: ToolAssessment) -> Block | None:
    """Why it is not simply suitable as it comes: what closes a gate first, then what limits it most."""
    criteria = context.knowledge.criteria
    limiting = [f for f in assessment.as_it_comes.findings if f.status != "met" and not f.falls_away]
    worst = sorted(limiting, key=lambda finding: _severity(context, finding))
    silent = [f for f in worst if f.status == "not_stated" and not f.gate]
    chosen = [f for f in worst if f not in silent][:MAX_REASONS]
    items = [_reason(context, criteria[finding.criterion_id], finding, number) for number, finding in enumerate(chosen)]
    if not items:
        return None
    same = assessment.as_it_comes.verdict.token == assessment.at_best.verdict.token
    return Block(tuple(items), title="Why" if same else "Why not as it comes", style="numbered")


def _severity(context: Context, finding: Finding) -> tuple[int, str]:
    """What decides alone comes first, then silent gates, then other faults; limits of gates before limits of the rest."""
    always = context.knowledge.criteria[finding.criterion_id].gate == "always"
    if finding.status == "not_met" and finding.scope == "content" and (finding.gate or finding.fatal):
        rank = 0
    elif finding.status == "not_stated" and finding.gate:
        rank = 1
    elif finding.status == "not_met":
        rank = 2
    elif finding.scope == "usage_data":
        rank = 5
    else:
        rank = 3 if always or finding.fatal else 4 if finding.gate else 5
    return rank, finding.criterion_id


def _reason(context: Context, criterion: Criterion, finding: Finding, number: int) -> Item:
    """What the clauses say, then the rule behind the question; one control is named where an auditor would look."""
    claims = [
        claim_from(ground.reason, clauses, at_most=MAX_CLAUSES_A_CLAIM)
        for ground in finding.grounds[:MAX_GROUNDS]
        if (clauses := context.gather(ground.clause_ids))
    ]
    lead = f"**{criterion.title}.**"
    if any(context.dating.standing(context.knowledge.clauses[clause_id]) for clause_id in finding.clause_ids):
        lead += " *For review: see the two texts below.*"
    if finding.status == "not_stated":
        lead += f" No clause I hold says {_after_says(criterion.gap)}."
    elif not claims:
        lead += f" {' '.join(finding.reasons)}"
    if finding.status == "not_stated":
        claims += _elsewhere(context, criterion)
    claims += _rules(context, criterion, with_control=number < 2)
    return Item(lead=lead, claims=tuple(claims), needs_claim=finding.status not in ("not_stated", "conditional"))


def _elsewhere(context: Context, criterion: Criterion) -> list[Claim]:
    """What the clauses say to a silent question for other plans: no finding for this one, but the way there."""
    for entry in context.knowledge.evidence_for(context.query.tools[0]):
        if entry.criterion == criterion.id and entry.when.plan and entry.status in ("met", "conditional"):
            clauses = context.gather(entry.clauses)
            if clauses:
                return [claim_from(f"On other plans: {entry.reason}", clauses)]
    return []


def _rules(context: Context, criterion: Criterion, *, with_control: bool) -> list[Claim]:
    """The provision behind a question, and the control under which an auditor would look."""
    claims = []
    for rule in context.gather_first(label for label in criterion.rests_on if not label.startswith("ISO")):
        claims.append(claim_from(f"The rule: {context.knowledge.label(rule)}.", [rule]))
    if with_control:
        for control in context.gather_first(label for label in criterion.rests_on if label.startswith("ISO")):
            title = control.heading_path[-1] if control.heading_path else control.locator
            claims.append(claim_from(f"An auditor would look under “{title}”.", [control]))
    return claims


def _merits(context: Context, assessment: Assessment) -> Block | None:
    met = [finding for finding in assessment.findings if finding.status == "met" and finding.clause_ids]
    met.sort(key=lambda finding: (not finding.gate, finding.criterion_id))
    items = []
    for finding in met[:MAX_MERITS]:
        grounds = finding.grounds[:MAX_GROUNDS]
        items.append(Item(claims=tuple(claim_from(g.reason, context.gather(g.clause_ids), at_most=1) for g in grounds)))
    return Block(tuple(items), title="What speaks for it", style="bullets") if items else None


def _conditions(context: Context, assessment: Assessment) -> list[Item]:
    """The steps from the tool as it comes to this verdict: choices first, then what each open finding asks for, the gravest first.

    The first step of every finding comes before the further ones, so that a short list leaves no finding out before it must.
    """
    if assessment.verdict.token == "not_suitable":
        return []
    items = [_change_item(context, step) for step in assessment.steps]
    further: list[Item] = []
    unchecked: dict[str, Clause] = {}
    for finding in sorted(assessment.findings, key=lambda finding: _severity(context, finding)):
        if finding.falls_away or finding.status not in ("conditional", "not_met"):
            continue
        mine: list[Item] = []
        for ground in finding.grounds:
            clauses = context.gather(ground.clause_ids)
            for step in ground.steps:
                if step.kind == "recheck":
                    unchecked |= {clause.id: clause for clause in clauses if context.dating.is_stale(clause)}
                else:
                    mine.append(_step_item(_sentence(step.text), clauses))
        items += mine[:1]
        further += mine[1:]
    items += further
    if unchecked:
        items.append(_check_item(context, list(unchecked.values())))
    unique: dict[str, Item] = {}
    for item in items:
        unique.setdefault(_words_of(item).lower(), item)
    return list(unique.values())


def _change_item(context: Context, step: ChangeStep) -> Item:
    fixed = " (you said you have this: keep it so)" if step.fixed else ""
    return _step_item(_sentence(step.text) + fixed, context.gather(step.clause_ids))


def _step_item(text: str, clauses: Sequence[Clause]) -> Item:
    """A step with the clause that supports it best; a step that no clause supports stands as advice."""
    if not clauses:
        return Item(tail=text, needs_claim=False)
    return Item(claims=(claim_from(text, clauses, at_most=1),))


def _check_item(context: Context, clauses: Sequence[Clause]) -> Item:
    first = {context.knowledge.sources[clause.source_id].label: clause for clause in reversed(clauses)}
    text = f"Look up the present text of {_and(list(first))}: my copy is stale or undated"
    return Item(claims=(claim_from(text, list(first.values())),))


def _words_of(item: Item) -> str:
    return item.claims[0].text if item.claims else item.tail


def _checklist(items: Sequence[Item], assessment: ToolAssessment) -> Block | None:
    if not items:
        return None
    title = (
        "You may use it if you" if assessment.at_best.verdict.token != "not_enough_evidence" else "What you would have to do in any case"
    )
    shown = list(items[:MAX_CONDITIONS])
    if rest := len(items) - len(shown):
        shown.append(frame(f"*… and {rest} more: ask “Show all conditions”*"))
    return Block(tuple(shown), title=title, style="checklist")


def _missing(context: Context, assessment: Assessment) -> tuple[str, ...]:
    silent = [f for f in assessment.findings if f.status == "not_stated" and f.scope == "content" and not f.falls_away]
    return tuple(
        context.knowledge.criteria[finding.criterion_id].gap for finding in sorted(silent, key=lambda finding: _severity(context, finding))
    )


def _gaps(tool: Tool, missing: Sequence[str]) -> Block | None:
    if not missing:
        return None
    text = f"**What my sources do not say:** {'; '.join(missing)}. → *Write the request to {tool.name} for me*"
    return Block((frame(text),))


def _duties(context: Context, duties: Sequence[Duty]) -> Block | None:
    items: list[Item] = []
    for duty in duties:
        clauses = [clause for clause in context.gather(duty.clauses) if context.applies(clause)]
        if clauses and len(items) < MAX_DUTIES:
            items.append(Item(claims=(claim_from(first_sentence(duty.text), clauses, at_most=1),)))
    return Block(tuple(items), title="Yours in any case", style="bullets") if items else None


def _bear_in_mind(context: Context, tool: Tool, relied: Sequence[Clause]) -> Block:
    items = [
        Item(claims=(claim_from(notice.text, clauses),))
        for notice in tool.notices
        if notice.kind in ("history", "opinion") and (clauses := context.gather_history(notice.clauses))
    ]
    review = review_date(context, relied)
    again = (
        f"look again by {day(review)}, when the first of these texts turns stale"
        if review
        else "look again before you rely on it: every text here is stale"
    )
    closing = (
        f"**Bear in mind:** nothing is 100 % secure; {tool.name} is made for {tool.made_for}. "
        f"The decision is yours: keep this record and {again}. Not legal advice."
    )
    if context.lacks_uk_gdpr:
        closing += " The UK GDPR's own text is not held here: GDPR articles are cited in the EU wording."
    return Block((*items[:2], frame(closing)))


def _after_says(gap: str) -> str:
    return gap[0].lower() + gap[1:] if gap[:1].isupper() and not gap[:2].isupper() else gap


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return text[:1].upper() + text[1:]


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
