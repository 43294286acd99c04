"""The remaining answers: comparison, the clauses behind the last answer, a request to a vendor, asking back, declining."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.converse.compose.context import PLACE_WORDS, USE_WORDS, VERDICT_HEADLINES, Context, assumption_line, configuration_words
from assistant.converse.compose.lookup import clause_items
from assistant.converse.draft import Block, Draft, Item, claim_from, frame
from assistant.converse.products import Product
from assistant.converse.query import Query
from assistant.schema import VERDICTS_BEST_FIRST, Answer, Clause, Finding, Tool, ToolAssessment

EMERGENCY = (
    "**If somebody is in danger now, call the emergency services first:** 999 in the United Kingdom, 112 in the European Union, 911 in the "
    "United States."
)


def compose_comparison(context: Context, assessments: Sequence[ToolAssessment]) -> Draft:
    """Tools side by side, the better verdict first; for each what decides."""
    ordered = sorted(assessments, key=lambda a: (VERDICTS_BEST_FIRST.index(a.at_best.verdict.token), a.tool))
    blocks = []
    for assessment in ordered:
        tool = context.tool(assessment.tool)
        deciding = [f for f in assessment.at_best.findings if f.clause_ids and f.status in ("not_met", "conditional") and not f.falls_away]
        deciding.sort(key=lambda finding: (finding.status != "not_met", not finding.gate, finding.criterion_id))
        met = [f for f in assessment.at_best.findings if f.status == "met" and f.clause_ids]
        items = [
            *(_finding_item(context, finding, "Against it" if finding.status == "not_met" else "Condition") for finding in deciding[:3]),
            *(_finding_item(context, finding, "For it") for finding in met[:2]),
        ]
        title = (
            f"{tool.name}: {VERDICT_HEADLINES[assessment.at_best.verdict.token]} "
            f"(at its best: {configuration_words(tool, assessment.at_best.configuration)})"
        )
        blocks.append(Block(tuple(items) or (frame("No clause I hold decides more."),), title=title, style="bullets"))
    names = [context.tool(assessment.tool).name for assessment in ordered]
    same = len({assessment.at_best.verdict.token for assessment in ordered}) == 1
    heading = (
        f"### {' and '.join(names)}: the same verdict, for different reasons"
        if same
        else f"### {names[0]} rather than {' or '.join(names[1:])}"
    )
    closing = "*Neither was made for therapy unless it says so. The decision is yours; this informs and is not legal advice.*"
    return Draft(heading=heading, intro=(assumption_line(context.query.profile),), blocks=(*blocks, Block((frame(closing),))))


def compose_clauses_of(context: Context, answer: Answer) -> Draft:
    """The clauses of the last answer, in full."""
    clauses = context.gather(citation.id for citation in answer.citations[:6])
    items = tuple(item for clause in clauses for item in clause_items(context, clause))
    return Draft(blocks=(Block(items, title="The answer rests on", style="bullets"),))


def compose_letter(context: Context, tool: Tool, assessment: ToolAssessment) -> Draft:
    """A request to the vendor for what its documents do not say."""
    silent = [f for f in assessment.at_best.findings if f.status == "not_stated" and not f.falls_away and f.scope == "content"]
    criteria = context.knowledge.criteria
    asks = [frame(criteria[finding.criterion_id].ask) for finding in silent]
    steps = [frame(step.text) for f in assessment.at_best.findings if f.status != "met" for step in f.steps if step.kind == "ask"]
    opening = (
        f"To {tool.publisher}\n\nI use, or consider using, {tool.product} in a therapy practice, where client data is health data. "
        "Your published documents leave these points open for me. Please answer them in writing, with the date and the place where "
        "each is stated:"
    )
    return Draft(
        heading=f"### Request to {tool.publisher}",
        intro=(opening,),
        blocks=(Block((*asks, *steps), style="numbered"), Block((frame("Thank you. Please name the plan that each answer applies to."),))),
    )


def compose_ask_back(tools: Sequence[Tool]) -> Draft:
    """One short question."""
    names = ", ".join(tool.name for tool in tools[:8])
    return Draft(intro=(f"Which tool do you mean? I hold documents on {names}.",))


def compose_unknown_tool(name: str, tools: Sequence[Tool], product: Product | None = None) -> Draft:
    """Nothing is held about a tool: no verdict, how to change that, and what is held that serves the same (``product``)."""
    held = [tool for tool in tools if product and set(product.uses) & set(tool.uses) and tool.retired is None]
    return Draft(
        intro=(
            f"I hold no document on **{name}**, a tool for {product.means}, so I cannot give a verdict on it."
            if product
            else f"I hold no document on **{name}**, so I cannot give a verdict on it.",
            "A verdict needs its terms, its privacy statement and its data-processing contract. Add their clauses to the knowledge "
            "folder (the README shows the format) and ask again; or ask its vendor for them first.",
            f"For the same purpose I hold documents on {_all_of([tool.name for tool in held])}."
            if len(held) > 1
            else f"I hold documents on {', '.join(tool.name for tool in tools)}.",
        )
    )


def left_out(query: Query) -> tuple[str, ...]:
    """The notice that a product the question compares tools with is not held; () where there is none."""
    if query.product is None or not query.tools:
        return ()
    return (f"I hold no document on {query.product.name}, so it is left out here.",)


def compose_outside(context: Context, tool: Tool | None) -> Draft:
    """Nothing held answers."""
    about = f" on {tool.name}" if tool else ""
    offer = (
        f"I can say what {tool.name}'s documents state about contracts, encryption, recording, AI, retention and transfers."
        if tool
        else "I can say whether a tool may be used with clients, which clause says so, and what the GDPR, UK and US law and "
        "ISO 27001 ask of you."
    )
    sentence = f"I hold policies, standards and law, and find nothing in them{about} that answers this, so I can't say."
    return Draft(intro=(sentence, offer))


def compose_no_such_place(context: Context, names: Sequence[str], near: Sequence[Clause], *, note: str = "", extent: str = "") -> Draft:
    """A locator that does not exist, or is not held."""
    blocks = []
    if near:
        context.gather(clause.id for clause in near)
        blocks.append(
            Block(
                tuple(item for clause in near for item in clause_items(context, clause)),
                title="What took its place" if note else "Close to it",
                style="bullets",
            )
        )
    sentence = note or f"I hold no clause at {' or '.join(names)}. {extent}"
    return Draft(intro=(sentence,), blocks=tuple(blocks))


def compose_language(sorry: str | None, names: Sequence[str]) -> Draft:
    """A question in a language that is not served: said in it, where a sentence is held, and in English."""
    return Draft(
        intro=tuple(part for part in (sorry, f"I read questions in {_all_of(names)}. Please ask in one of these languages.") if part)
    )


def compose_danger() -> Draft:
    """Somebody may be in danger: help comes before everything else, and this is not the place for it."""
    return Draft(
        intro=(
            EMERGENCY,
            "I hold policies, standards and law, and cannot advise on care. Once everybody is safe, I can look up what data protection "
            "law says about telling others in an emergency.",
        )
    )


def compose_start_over() -> Draft:
    """The conversation begins anew."""
    return Draft(intro=("Done: I have forgotten the tools and the case we talked of. What would you like to know?",))


def compose_noted(context: Context) -> Draft:
    """A statement about the case, taken down; there is no tool yet to judge for it."""
    profile = context.query.profile
    words = [f"you practise in: {PLACE_WORDS[profile.jurisdiction]}"]
    if profile.client_jurisdiction:
        words.append(f"client in: {PLACE_WORDS[profile.client_jurisdiction]}")
    words += [f"clients: {profile.clients}", f"use: {USE_WORDS[profile.use]}"]
    return Draft(intro=(f"Noted: {'; '.join(words)}. Which tool or which rule do you want to know about?",))


def compose_capabilities(tools: Sequence[Tool]) -> Draft:
    """What can be asked."""
    return Draft(
        intro=(
            "Ask me whether a tool may be used with clients, and I answer with a verdict, its reasons, its conditions and the dated "
            "clauses behind them. I can also look up provisions of law and controls of ISO 27001 in plain words.",
            "For example: *Is Zoom safe for therapy?* · *Can clients join Zoom from the browser?* · "
            "*Must a processor help me when a client asks for access?*",
            f"I hold documents on {', '.join(tool.name for tool in tools)}.",
        )
    )


def _all_of(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _finding_item(context: Context, finding: Finding, word: str) -> Item:
    title = context.knowledge.criteria[finding.criterion_id].title
    claims = tuple(claim_from(ground.reason, context.gather(ground.clause_ids), at_most=1) for ground in finding.grounds[:2])
    return Item(lead=f"*{word}* ({title.lower()}):", claims=claims)
