"""Answers that are a provision or a control: the one that decides, what it says, what it means for a practice, what stands close."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.converse.compose.context import Context
from assistant.converse.draft import Block, Draft, Item, claim_from, frame
from assistant.converse.render import day
from assistant.index.retriever import RankedClause
from assistant.locators import Locator
from assistant.schema import Claim, Clause, Point, Span

MAX_SUPPORTING = 1
CLOSE = 1.2  # points (which_provision.json) behind the best, within which a clause stands close


def compose_lookup(context: Context, ranked: Sequence[RankedClause], hint: Point | None = None) -> Draft:
    """The best clause in full, and another that scores nearly as high; what merely stands beside a control is named, not cited.

    ``hint``: the point of a brief that lies near the question; it stands beside the clause unless it rests on it.
    """
    best = ranked[0].clause
    limit = ranked[0].score - CLOSE
    supporting = [entry.clause for entry in ranked[1:] if entry.score >= limit and not _same_place(entry.clause, best)][:MAX_SUPPORTING]
    context.gather(clause.id for clause in (best, *supporting))
    blocks = [Block(clause_items(context, best, lead=True))]
    if supporting:
        blocks.append(
            Block(tuple(item for clause in supporting for item in clause_items(context, clause)), title="It also matters", style="bullets")
        )
    hinted = [clause for clause in context.gather(hint.clauses) if context.applies(clause)] if hint else []
    if hint and hinted and best not in hinted:
        blocks.append(Block((Item(claims=(claim_from(hint.text, hinted, at_most=1),)),), title="Note also"))
    if context.knowledge.sources[best.source_id].kind == "standard":
        near = [f"{clause.locator} ({clause.heading_path[-1]})" for clause in neighbours(context, best) if clause.heading_path]
        blocks.append(Block((frame(f"*Close to it:* {', '.join(near)}."),)))
    blocks.append(_closing(context, [best, *supporting]))
    return Draft(blocks=tuple(blocks))


def compose_places(context: Context, clauses: Sequence[Clause]) -> Draft:
    """The clauses at the places a question names, in full."""
    context.gather(clause.id for clause in clauses)
    return Draft(
        blocks=(Block(tuple(item for clause in clauses for item in clause_items(context, clause, lead=True))), _closing(context, clauses))
    )


def find_places(context: Context, locators: Sequence[Locator]) -> list[Clause]:
    """The clauses that stand at the locators on the day asked about, and where only parts are held, those parts."""
    found: list[Clause] = []
    for locator in locators:
        exact = _at(context, locator, parts=False)
        found += exact or _at(context, locator, parts=True)
    return list(dict.fromkeys(found))


def describe_extent(context: Context, locators: Sequence[Locator]) -> str:
    """How far the sources go that hold places of the kind asked for: “The GDPR as I hold it goes from Art. 1 to Art. 99.”"""
    kinds = {locator.kind for locator in locators}
    places: dict[tuple[str, str], list[Locator]] = {}
    for clause in context.knowledge.clauses.values():
        locator = clause.parsed_locator
        source = context.knowledge.sources[clause.source_id]
        if locator.kind in kinds and source.kind in ("law", "standard") and locator.number.isdigit():
            places.setdefault((source.label, locator.kind), []).append(Locator(locator.kind, locator.number))
    sentences = []
    for (label, _), found in sorted(places.items()):
        first, last = min(found, key=_number), max(found, key=_number)
        sentences.append(f"The {label} as I hold it goes from {first} to {last}.")
    return " ".join(sentences) or "Either it does not exist or its source is not held."


def clause_items(context: Context, clause: Clause, *, lead: bool = False) -> tuple[Item, ...]:
    """A clause as entries: its name, what it says, and what that means for a practice.

    Where the official words are held, the quotation comes first, in the asker's language if it is held in it, with the day of its
    text, and our summary after it.
    """
    official = context.in_language(clause) or (clause if clause.wording == "official" else context.dating.official(clause))
    heading = f", {clause.heading_path[-1]}" if clause.heading_path else ""
    name = f"**{context.knowledge.label(clause)}{heading}**"
    practice = f"*For you:* {clause.practice}" if clause.practice and lead else ""
    if official is None:
        return (Item(lead=f"{name}:", claims=(_whole(clause.text, clause),), tail=practice),)
    context.retrieved[official.id] = official
    quotation = Item(lead=f"{name} ({_whose_words(context, official)}):", claims=(_whole(f"“{official.text}”", official),))
    if clause.wording == "official":
        return (quotation,)
    return quotation, Item(lead="*In our words:*", claims=(_whole(clause.text, clause),), tail=practice)


def _whose_words(context: Context, official: Clause) -> str:
    """``official words, text of 4 May 2016, consolidated``"""
    version = context.dating.read_in(official)
    parts = ["official words"]
    parts += [f"text of {day(version.version_date)}"] if version.version_date else []
    parts += ["consolidated"] if "consolidated" in (version.edition or "").lower() else []
    parts += [f"seen {day(version.as_of)}"] if version.as_of else []
    return ", ".join(parts)


def _whole(text: str, clause: Clause) -> Claim:
    return Claim(text=text, spans=(Span(clause_id=clause.id, start=0, end=len(clause.text)),))


def neighbours(context: Context, clause: Clause) -> list[Clause]:
    """The clauses just before and after in the same source, as far as they hold."""
    same = [c for c in context.knowledge.clauses.values() if c.source_id == clause.source_id and context.dating.answers(c)]
    same.sort(key=lambda c: c.position)
    place = same.index(clause)
    return [c for c in same[max(0, place - 1) : place + 2] if c is not clause]


def _at(context: Context, locator: Locator, *, parts: bool) -> list[Clause]:
    return [
        clause
        for clause in context.knowledge.clauses.values()
        if (locator.contains(clause.parsed_locator) if parts else locator == clause.parsed_locator)
        and context.dating.answers(clause)
        and _wanted_source(context, clause)
    ]


def _wanted_source(context: Context, clause: Clause) -> bool:
    """Where the question names sources by their labels, only those; else vendors' clauses only of the tools asked about."""
    source = context.knowledge.sources[clause.source_id]
    question = context.query.question.lower()
    named = [entry.id for entry in context.knowledge.sources.values() if entry.label.lower() in question]
    if named:
        return source.id in named
    if source.tools:
        return bool(set(source.tools) & set(context.query.tools))
    return clause.parsed_locator.kind != "article" or source.id == _default_law(context)


def _same_place(first: Clause, second: Clause) -> bool:
    return first.source_id == second.source_id and first.parsed_locator == second.parsed_locator


def _closing(context: Context, clauses: Sequence[Clause]) -> Block:
    words = "This informs and is not legal advice."
    if context.lacks_uk_gdpr and any(clause.source_id == "gdpr" for clause in clauses):
        words = "The UK GDPR's own text is not held here: the article is cited in the EU wording. " + words
    return Block((frame(f"*{words}*"),))


def _default_law(context: Context) -> str | None:
    """An article named without its law is one of the law with most summaries: people who say "Article 9" mean the GDPR."""
    counts: dict[str, int] = {}
    for clause in context.knowledge.clauses.values():
        if context.knowledge.sources[clause.source_id].kind == "law" and clause.wording == "summary":
            counts[clause.source_id] = counts.get(clause.source_id, 0) + 1
    return max(counts, key=lambda source_id: counts[source_id], default=None)


def _number(locator: Locator) -> int:
    return int(locator.number)
