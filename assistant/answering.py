"""Which answer a question gets: what is looked up for it, what it turns out to be about, and who composes it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.converse.compose.brief import (
    BRIEF_CERTAIN,
    BRIEF_FLOOR,
    compose_brief,
    nearest_brief,
    nearest_points,
)
from assistant.converse.compose.context import Context
from assistant.converse.compose.lookup import compose_lookup, compose_places, describe_extent, find_places
from assistant.converse.compose.others import (
    EMERGENCY,
    compose_ask_back,
    compose_capabilities,
    compose_clauses_of,
    compose_comparison,
    compose_danger,
    compose_letter,
    compose_no_such_place,
    compose_noted,
    compose_outside,
    compose_start_over,
    compose_unknown_tool,
)
from assistant.converse.compose.topic import compose_silent, compose_topic, silent_criterion
from assistant.converse.compose.verdict import compose_conditions, compose_verdict
from assistant.converse.languages import ENGLISH
from assistant.converse.relevance import is_defined, nearness, without_names
from assistant.converse.search import SURE
from assistant.converse.session import Session
from assistant.converse.words import words_of
from assistant.holdings import Holdings
from assistant.index.text import BRIEF, EVIDENCE
from assistant.outcome import Outcome
from assistant.report.consent import compose_client_information
from assistant.schema import Brief, Clause, Point


@dataclass(frozen=True)
class Answering:
    """Looks up and composes for one question; ``context`` holds what was found for it."""

    holdings: Holdings
    context: Context
    session: Session

    def look_up(self) -> None:
        """Rank clauses for the question, which may turn out to be answered by a brief, or to be about a tool."""
        self.context.ranked = self.holdings.searcher.rank(self.context.query)
        self._meet_strange_name()
        self._find_brief()
        self._reconsider()

    def compose(self) -> Outcome:
        context = self.context
        query, tools = context.query, list(context.knowledge.tools.values())
        match query.intent:
            case "danger":
                return Outcome(compose_danger(), abstained=True)
            case "capabilities":
                return Outcome(compose_capabilities(tools))
            case "ask_back":
                return Outcome(compose_ask_back(tools))
            case "start_over":
                return Outcome(compose_start_over())
            case "noted":
                return Outcome(compose_noted(context))
            case "outside":
                return Outcome(compose_outside(context, context.tool(query.tools[0]) if query.tools else None), abstained=True)
            case "unknown_tool":
                return Outcome(compose_unknown_tool(query.unknown_tool or "it", tools, query.product), abstained=True)
            case "clause" if self.session.last_answer and self.session.last_answer.citations:
                return Outcome(compose_clauses_of(context, self.session.last_answer))
            case "verdict" | "letter" | "conditions" | "consent":
                return self._compose_about_tool()
            case "comparison":
                assessed = {tool: context.assess(context.tool(tool)) for tool in query.tools}
                return Outcome(compose_comparison(context, list(assessed.values())), verdicts=assessed)
            case "brief":
                return self._compose_brief()
            case "topic":
                return self._compose_topic()
            case _:
                return self._compose_lookup()

    def _compose_about_tool(self) -> Outcome:
        """What rests on the judgement of one tool."""
        context = self.context
        tool = context.tool(context.query.tools[0])
        assessment = context.assess(tool)
        match context.query.intent:
            case "letter":
                return Outcome(compose_letter(context, tool, assessment))
            case "conditions":
                return Outcome(compose_conditions(context, assessment))
            case "consent":
                return Outcome(compose_client_information(context, tool, assessment))
        parts = compose_verdict(context, assessment)
        return Outcome(parts.draft, verdicts={tool.id: assessment}, parts=parts)

    def _compose_brief(self) -> Outcome:
        context = self.context
        assert context.brief is not None  # the intent is set together with the brief
        tools = context.query.tools
        tool = context.tool(tools[0]) if tools else None
        assessment = context.assess(tool) if tool else None
        judged = {tool.id: assessment} if tool and assessment and context.brief.with_verdict else {}
        return Outcome(compose_brief(context, context.brief, tool, assessment), verdicts=judged)

    def _compose_topic(self) -> Outcome:
        context = self.context
        tool = context.tool(context.query.tools[0])
        places = find_places(context, context.query.locators)
        if places:
            return Outcome(compose_places(context, places))
        if not context.ranked:
            return Outcome(compose_outside(context, tool), abstained=True)
        asked = self.holdings.searcher.criteria_asked(context.query)
        if silent := silent_criterion(context.knowledge, tool, asked):
            return Outcome(compose_silent(tool, silent), abstained=True)
        plain = without_names(context.query.search, [tool])
        near = context.retriever.compare(plain, EVIDENCE).among(entry.id for entry in context.knowledge.evidence_for(tool.id))
        assessment = context.assess(tool)
        draft = compose_topic(context, tool, context.ranked, assessment, near, asked)
        return Outcome(draft, verdicts={tool.id: assessment} if context.query.profile.settings else {})

    def _compose_lookup(self) -> Outcome:
        context = self.context
        if context.query.locators:
            places = find_places(context, context.query.locators)
            if places:
                return Outcome(compose_places(context, places))
            return self._no_such_place()
        in_danger = words_of().says("danger", context.query.question)
        if self.holdings.searcher.is_outside(context.query.question, context.ranked):
            return Outcome(compose_danger() if in_danger else compose_outside(context, None), abstained=True)
        draft = compose_lookup(context, context.ranked, context.hint)
        return Outcome(replace(draft, intro=(EMERGENCY,)) if in_danger else draft)

    def _no_such_place(self) -> Outcome:
        context = self.context
        names = [str(locator) for locator in context.query.locators]
        for entry in context.knowledge.renumbered:
            if any(name in entry.old for name in names):
                successors: list[Clause] = [c for label in entry.new for c in context.gather([label, f"ISO 27001 {label}"])]
                note = f"{entry.old} is a number of an earlier edition; I hold the present one."
                return Outcome(compose_no_such_place(context, names, successors, note=note))
        extent = describe_extent(context, context.query.locators)
        return Outcome(compose_no_such_place(context, names, [], extent=extent), abstained=True)

    def _meet_strange_name(self) -> None:
        """A look-up that asks of something unheard of what people ask of tools is about a tool that is not held."""
        query = self.context.query
        if query.intent != "lookup" or query.locators or query.language != ENGLISH:
            return
        name = self.holdings.understanding.strange_name(query.question)
        if name and self.holdings.searcher.speaks_of_tool(query.question, name):
            self.context.query, self.context.ranked = replace(query, intent="unknown_tool", unknown_tool=name), []

    def _find_brief(self) -> None:
        """A question that lies near a way of asking for a brief is answered by it; one not quite as near gets its nearest point."""
        context, searcher = self.context, self.holdings.searcher
        query, knowledge = context.query, context.knowledge
        if (
            query.intent not in ("lookup", "topic", "verdict")
            or query.locators
            or not knowledge.briefs
            or is_defined(context.ranked, asks_meaning=words_of().says("definition", query.question))
        ):
            return
        plain = without_names(query.search, [knowledge.tools[tool] for tool in query.tools])
        near = context.retriever.compare(query.search, BRIEF).or_nearer(context.retriever.compare(plain, BRIEF))
        found = nearest_brief(knowledge, near, query.profile)
        if found is None:
            return
        brief, cosine = found
        if query.intent == "lookup":
            asked_for = cosine >= BRIEF_CERTAIN or searcher.brief_lead(query.question, brief.id, context.ranked) >= 0
            wanted = asked_for and not searcher.is_outside(query.question, context.ranked)
        else:
            wanted = cosine >= max(BRIEF_FLOOR, min(nearness(context.ranked), BRIEF_CERTAIN))
        if query.intent == "verdict" and not self._tells_more_than_the_verdict(brief, cosine):
            return
        if wanted:
            points = brief.points if cosine >= BRIEF_CERTAIN else self._nearest_points(brief, plain)
            context.query, context.brief = replace(query, intent="brief"), brief.model_copy(update={"points": points})
        elif query.intent == "lookup" and searcher.nearest_provision(query.question) < SURE:
            context.hint = self._nearest_points(brief, plain)[0]

    def _nearest_points(self, brief: Brief, question: str) -> tuple[Point, ...]:
        encoder = self.holdings.encoder
        vectors = encoder.encode_documents([point.text for point in brief.points])
        return nearest_points(brief, (vectors @ encoder.encode_query(question)).tolist())

    def _tells_more_than_the_verdict(self, brief: Brief, cosine: float) -> bool:
        """Whether a question about a tool is better answered by a brief that holds the verdict too ("I have already used it")."""
        if not brief.with_verdict or cosine < BRIEF_FLOOR:
            return False
        query = self.context.query
        signals = self.holdings.searcher.tool_signals(query.question, [self.context.tool(tool) for tool in query.tools], query.day)
        return cosine > signals["verdict_best"]

    def _reconsider(self) -> None:
        """A look-up whose words stand nearer to vendors' documents than to law is about the tool of the conversation, or asks back."""
        context, session, searcher = self.context, self.session, self.holdings.searcher
        query = context.query
        if query.intent != "lookup" or query.locators:
            return
        about_tools = replace(query, intent="topic", tools=session.tools or tuple(context.knowledge.tools))
        vendors = searcher.rank(about_tools)
        if session.tools and nearness(vendors) > nearness(context.ranked):
            if not searcher.leads_away(query.question, session.tools, query.day):
                context.query, context.ranked = about_tools, vendors
        elif not session.tools and searcher.reads_as_tool_question(query.question, context.ranked, vendors):
            context.query, context.ranked = replace(query, intent="ask_back"), []
