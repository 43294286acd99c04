"""What to say where a verdict rests on words that a newer imported text has changed: both texts, and what they are evidence for."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.converse.compose.context import Context
from assistant.converse.draft import Block, Item, claim_from, frame
from assistant.converse.render import day
from assistant.locators import parse_locator
from assistant.schema import Claim, Clause, ClauseReview, Finding, ToolAssessment, Version
from assistant.standing import Standing
from assistant.verify.spans import find_span

MAX_REVIEWS = 4
MAX_SENTENCES = 2


def clause_reviews(context: Context, assessment: ToolAssessment) -> tuple[ClauseReview, ...]:
    """The clauses that the findings rest on and whose words have changed, in the order of the findings."""
    found: dict[str, ClauseReview] = {}
    for finding in (*assessment.as_it_comes.findings, *assessment.at_best.findings):
        for clause_id in finding.clause_ids:
            clause = context.knowledge.clauses[clause_id]
            standing = context.dating.standing(clause)
            if standing is not None:
                known = found.get(clause_id) or _review(context, clause, standing)
                evidence = dict.fromkeys([*known.evidence, *_resting_on(context, finding, clause)])
                found[clause_id] = known.model_copy(update={"evidence": tuple(evidence)})
    return tuple(found.values())


def review_block(context: Context, reviews: Sequence[ClauseReview]) -> Block | None:
    """Both texts of each clause that changed; None if none did."""
    items: list[Item] = []
    for review in reviews[:MAX_REVIEWS]:
        clause = context.knowledge.clauses[review.clause]
        standing = context.dating.standing(clause)
        if standing is not None:
            items += _items(context, clause, standing, review)
    if not items:
        return None
    rest = len(reviews) - MAX_REVIEWS
    further = [frame(f"*… and {rest} more: `clausewise sources list` names them all*")] if rest > 0 else []
    return Block((*items, *further), title="For review: a newer text that you imported changed what this rests on", style="bullets")


def _items(context: Context, clause: Clause, standing: Standing, review: ClauseReview) -> list[Item]:
    criteria = context.knowledge.criteria
    evidence = [context.knowledge.evidence[entry] for entry in review.evidence if entry in context.knowledge.evidence]
    about = ", ".join(dict.fromkeys(criteria[entry.criterion].title.lower() for entry in evidence))
    name = f"**{review.label}**{f' ({about})' if about else ''}"
    if standing.kind == "unchecked":
        lead = f"{name}: a text of {_date_of(standing.newer)} is held, but not the one that my summary was written from. It says now:"
        new = _quoted(context, standing.new, None)
        return [Item(lead=lead, claims=new)] if new else [frame(f"{lead[:-13]} I find no clause at this place in it.")]
    before = f"{name}, until the text of {_date_of(standing.newer)}:"
    old = [claim for words, _ in _pairs(standing) for claim in _quoted(context, _at_old(context, standing, words) or standing.old, words)]
    items = [Item(lead=before, claims=tuple(old))] if old else [frame(f"{before} without the words that were added")]
    new_claims = [claim for _, change in _pairs(standing) for claim in _quoted(context, _at_new(context, standing, change), change)]
    items.append(Item(lead="*Now:*", claims=tuple(new_claims)) if new_claims else frame("*Now:* these words are gone."))
    return items


def _pairs(standing: Standing) -> list[tuple[str | None, str | None]]:
    """The old and new words to show: the changed sentences, rewordings first, else both clauses."""
    if not standing.changes:
        return [(standing.old.text if standing.old else None, standing.new.text if standing.new else None)]
    order = {"reworded": 0, "removed": 1, "added": 2}
    chosen = sorted(standing.changes, key=lambda change: order[change.kind])[:MAX_SENTENCES]
    return [(change.old, change.new) for change in chosen]


def _at_old(context: Context, standing: Standing, words: str | None) -> Clause | None:
    return _clause_with(context, standing, words, [change.old_locator for change in standing.changes if change.old == words])


def _at_new(context: Context, standing: Standing, words: str | None) -> Clause | None:
    places = [change.new_locator for change in standing.changes if change.new == words and change.new_locator]
    return _clause_with(context, standing, words, places) or standing.new


def _clause_with(context: Context, standing: Standing, words: str | None, places: Sequence[str]) -> Clause | None:
    """The official clause at one of the places that holds the words."""
    source = standing.old or standing.new or None
    if source is None or words is None:
        return None
    for place in places:
        for clause in context.knowledge.at(source.source_id, parse_locator(place)):
            if clause.wording == "official" and find_span(clause, words):
                return clause
    return None


def _quoted(context: Context, clause: Clause | None, words: str | None) -> tuple[Claim, ...]:
    """A claim that quotes words of an official clause, or its first sentences."""
    if clause is None:
        return ()
    context.retrieved[clause.id] = clause
    if words is None:
        return (claim_from(clause.text, [clause]),)
    span = find_span(clause, words)
    return (Claim(text=f"“{clause.text[span.start : span.end]}”", spans=(span,)),) if span else ()


def _review(context: Context, clause: Clause, standing: Standing) -> ClauseReview:
    old = standing.old_words or ("" if standing.changes else clause.text)
    return ClauseReview(
        clause=clause.id,
        label=context.knowledge.label(clause),
        what=standing.kind,
        since=standing.newer.id,
        as_of=standing.newer.as_of,
        old=old,
        new=standing.new_words,
    )


def _resting_on(context: Context, finding: Finding, clause: Clause) -> list[str]:
    evidence = context.knowledge.evidence
    return [
        entry
        for entry in finding.evidence_ids
        if entry in evidence and any(clause in context.dating.holding(reference) for reference in evidence[entry].clauses)
    ]


def _date_of(version: Version) -> str:
    known = version.first_seen or version.as_of or version.version_date
    return day(known) if known else version.id
