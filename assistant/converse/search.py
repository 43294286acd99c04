"""What answers a question: the provisions in order, the outline of an answer, and whether anything held can answer at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, cast, get_args

import numpy as np

from assistant.converse.compose.context import legal_space
from assistant.converse.exemplars import Exemplars
from assistant.converse.judgement import judgement, weighing_of_provisions
from assistant.converse.query import Query
from assistant.converse.relevance import nearness, without_names
from assistant.converse.spelling import Spelling
from assistant.converse.understand import LEGAL_KINDS, TOOL_KINDS, ToolWish, asking_sentence, named_kinds
from assistant.converse.words import Words
from assistant.index.anchors import Cosines
from assistant.index.retriever import RankedClause, Retriever, Scored
from assistant.index.scope import Scope
from assistant.index.text import BRIEF, EVIDENCE, EXEMPLAR
from assistant.schema import Jurisdiction, Knowledge, Tool, Wish

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from assistant.index.passages import Mask

SCORE_SCALE = 40.0
SAID_SCALE = 20.0
ASKED_SCALE = 60.0  # so many points behind the clause asked for most, nothing speaks for a clause
LOGIT_SCALE = 10.0
WISHED_SCALE = 20.0
NOT_WISHED = -100.0  # for a wish that no way of asking is known of
CRITERION_POINTS = 10.0  # what a cosine of 1 with a way of asking for a criterion adds to the clauses that are evidence on it
_IN_THE_WAY = 0.70  # so near a way of asking for a provision, a question is not about a tool that was not named
SURE = 0.60  # so near a way of asking for a provision, nothing need stand beside it
_CERTAINLY_A_TOOL = 0.80
_LIKELY = 0.25  # of 1: with a word of judgement in the question, the verdict is meant
_PLAINLY = 0.10
_RATHER_SURE = 0.60  # of 1: what names several tools is about something else than their use
_ASK_BACK_FLOOR = 0.50
_ASK_BACK_MARGIN = 0.15


@dataclass(frozen=True)
class Searcher:
    """Ranks and weighs, over one state of knowledge and index."""

    knowledge: Knowledge
    retriever: Retriever
    words: Words
    is_known_word: Callable[[str], bool]
    top_k: int
    _evidence: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def exemplars(self) -> Exemplars:
        return Exemplars(self.knowledge, self.retriever.anchors(EXEMPLAR).keys)

    @cached_property
    def spelling(self) -> Spelling:
        return Spelling(self.knowledge, self.is_known_word)

    def judge_tools(self, question: str, tools: Sequence[Tool], day: date) -> ToolWish:
        """What a question wants that names tools. Of several nothing but a comparison is asked, unless it is something else."""
        signals = self.tool_signals(question, tools, day)
        if len(tools) > 1:
            return "outside" if judgement("about_tool").shares(signals)["outside"] >= _RATHER_SURE else "verdict"
        shares = judgement("about_tool").shares(signals)
        if shares["topic"] > shares["outside"] and shares["verdict"] >= _LIKELY and self.words.says("asks_for_judgement", question):
            return "verdict"
        return cast("ToolWish", judgement("about_tool").choose(signals))

    def tool_signals(self, question: str, tools: Sequence[Tool], day: date) -> dict[str, float]:
        """The signals by which such a question is judged, the names of the tools read as "the service"."""
        plain = without_names(question, tools)
        tool = tools[0]
        asking = asking_sentence(plain)
        cosines = self._near_exemplars(plain)
        if asking != plain:
            cosines = cosines.or_nearer(self._near_exemplars(asking))
        wishes = self.exemplars.wishes(cosines)
        evidence = self.retriever.compare(plain, EVIDENCE).among(entry.id for entry in self.knowledge.evidence_for(tool.id))
        return {
            **{f"{wish}_best": wishes[wish].best for wish in ("verdict", "topic", "outside")},
            **{f"{wish}_mean": wishes[wish].mean for wish in ("verdict", "topic", "outside")},
            "criterion_best": max(self.exemplars.criteria(cosines).values(), default=0.0),
            "evidence": max(evidence.values(), default=0.0),
            "law": nearness(self._ranked(plain, Scope(on=day, tools=(), kinds=LEGAL_KINDS), 3)),
            "documents": nearness(self._ranked(plain, Scope(on=day, tools=(tool.id,), kinds=TOOL_KINDS), 3)),
            **self._wished(plain),
        }

    def is_outside(self, question: str, ranked: Sequence[RankedClause]) -> bool:
        """Whether a question that names no tool asks for what is not held here. ``ranked``: the provisions, best first."""
        if not ranked or any(self.words.says(entry, question) for entry in ("clinical_or_legal_service", "law_not_held")):
            return True
        return judgement("without_tool").choose(self.lookup_signals(question, ranked)) == "outside"

    def lookup_signals(self, question: str, ranked: Sequence[RankedClause]) -> dict[str, float]:
        """The signals by which such a question is judged."""
        cosines = self._near_exemplars(self.spelling.correct(question))
        wishes, provisions = self.exemplars.wishes(cosines), self.exemplars.provisions(cosines)
        return {
            "nearness": nearness(ranked),
            "score": ranked[0].score / LOGIT_SCALE,
            "provision_best": provisions.best,
            "outside_best": wishes["outside"].best,
            **self._wished(self.spelling.correct(question)),
        }

    def _wished(self, question: str) -> dict[str, float]:
        wished = self.retriever.wished(question)
        return {f"wished_{wish}": wished.get(wish, NOT_WISHED) / WISHED_SCALE for wish in (*get_args(Wish), "criterion", "provision")}

    def brief_lead(self, question: str, brief: str, ranked: Sequence[RankedClause]) -> float:
        """How much more the question asks for a brief than for any of the clauses that may answer it; negative where it asks less."""
        asked = self.retriever.asked(self.spelling.correct(question))
        return asked.get(f"{BRIEF}{brief}", -np.inf) - max((asked.get(entry.clause.id, -np.inf) for entry in ranked), default=-np.inf)

    def speaks_of_tool(self, question: str, name: str) -> bool:
        """Whether the question, ``name`` read as a tool's, asks for what people ask of tools rather than for a provision."""
        wished = self.retriever.wished(question.replace(name, "the service"))
        return max(wished.get(wish, -np.inf) for wish in ("verdict", "topic", "tool", "criterion")) > wished.get("provision", 0.0)

    def nearest_provision(self, question: str) -> float:
        """The cosine of the nearest way of asking for a provision."""
        return self.exemplars.provisions(self._near_exemplars(self.spelling.correct(question))).best

    def rank(self, query: Query) -> list[RankedClause]:
        """The clauses that may answer, best first: of law and standards for a look-up, of the tools for a question about them."""
        if query.intent == "lookup":
            return self._rank_provisions(query)
        return self._rank_documents(query) if query.intent in ("topic", "clause") else []

    def criteria_asked(self, query: Query) -> dict[str, float]:
        """How near a question about tools lies to the ways of asking for each criterion."""
        plain = without_names(query.search, [self.knowledge.tools[tool] for tool in query.tools])
        return self.exemplars.criteria(self._near_exemplars(plain))

    def reads_as_tool_question(self, question: str, law: Sequence[RankedClause], vendors: Sequence[RankedClause]) -> bool:
        """Whether a question that names no tool lies so much nearer to vendors' documents than to law that it must mean one."""
        if self.words.says("names_us_law", question) or self.words.says("names_law", question):
            return False
        cosines = self._near_exemplars(question)
        wishes, provisions = self.exemplars.wishes(cosines), self.exemplars.provisions(cosines)
        if provisions.best >= max(_IN_THE_WAY, wishes["tool"].best - _PLAINLY):
            return False
        far_nearer = nearness(vendors) >= max(_ASK_BACK_FLOOR, nearness(law) + _ASK_BACK_MARGIN)
        return far_nearer or wishes["tool"].best >= _CERTAINLY_A_TOOL

    def leads_away(self, question: str, tools: Sequence[str], day: date) -> bool:
        """Whether a question that names no tool is not about those of the conversation: it asks for law, or for something else."""
        return (
            self.words.says("names_law", question) or self.judge_tools(question, [self.knowledge.tools[t] for t in tools], day) == "outside"
        )

    def _rank_provisions(self, query: Query) -> list[RankedClause]:
        scored, signals = self.provision_signals(query)
        weighed = weighing_of_provisions().scores(signals)
        return scored.first(self.top_k, weighed, without=query.told, asked=signals["asked"])

    def provision_signals(self, query: Query) -> tuple[Scored, dict[str, NDArray[np.float64]]]:
        """The provisions and controls that may answer a look-up, and what speaks for each: an array a signal, all of about 0 to 1."""
        named = tuple(source for source, patterns in self.words.sources.items() if self.words.any_of(patterns, query.question))
        places: tuple[Jurisdiction, ...] = ("us",) if self.words.says("names_us_law", query.question) else legal_space(query.profile)
        kinds = () if named else named_kinds(query.question, self.words)
        scope = Scope(on=query.day, tools=(), kinds=kinds, sources=named, jurisdictions=() if named else places)
        wordings = dict.fromkeys(self.spelling.correct(wording) for wording in (query.question, query.search))
        scored = self.retriever.score(self.spelling.correct(query.search), scope)
        near = [self._near_exemplars(wording) for wording in wordings]
        asked = [self.retriever.asked(wording) for wording in wordings]
        said = [self.exemplars.said(wording, len(cosines.values)) for wording, cosines in zip(wordings, near, strict=True)]
        meant = [self.exemplars.meant(cosines) for cosines in near]
        defining = self.words.says("definition", query.question)
        return scored, {
            "text": scored.scores / SCORE_SCALE,
            "meant": np.maximum(scored.spread(_greatest(meant)), scored.stages.get("cosine", 0.0)),
            "said": scored.spread(_greatest(said)) / SAID_SCALE,
            "asked": np.maximum(1 + _behind_the_best(scored, _greatest(asked)) / ASKED_SCALE, 0.0),
            **{name: traits[scored.rows] for name, traits in self._traits.items()},
            "defines": self._defining[scored.rows] * float(defining),
        }

    def _rank_documents(self, query: Query) -> list[RankedClause]:
        """The clauses of the tools; those that are evidence on the criterion asked about come a little forward."""
        scored = self.retriever.score(query.search, Scope(on=query.day, tools=query.tools, kinds=TOOL_KINDS))
        asked = self.criteria_asked(query)
        points: dict[str, float] = {}
        for tool in query.tools:
            for criterion, clause_id in self._evidenced(tool):
                points[clause_id] = max(points.get(clause_id, 0.0), CRITERION_POINTS * asked.get(criterion, 0.0))
        added = scored.spread(points)
        return scored.first(self.top_k, scored.scores + added, asked=added)

    def _evidenced(self, tool: str) -> tuple[tuple[str, str], ...]:
        """Each clause that is evidence on the tool, with the criterion."""
        if tool not in self._evidence:
            self._evidence[tool] = tuple(
                (entry.criterion, clause.id)
                for entry in self.knowledge.evidence_for(tool)
                for reference in entry.clauses
                for clause in self.knowledge.resolve(reference)
            )
        return self._evidence[tool]

    @cached_property
    def _traits(self) -> dict[str, NDArray[np.float64]]:
        """What makes a clause explain, support or complete rather than decide: 1 or 0."""
        clauses = self.retriever.table.clauses
        return {
            "beside_law": np.array([self.knowledge.sources[clause.source_id].kind != "law" for clause in clauses], dtype=np.float64),
            "recital": np.array([clause.parsed_locator.kind == "recital" for clause in clauses], dtype=np.float64),
            "point": np.array([len(clause.parsed_locator.parts) > 1 for clause in clauses], dtype=np.float64),
        }

    @cached_property
    def _defining(self) -> Mask:
        clauses = self.retriever.table.clauses
        return np.fromiter((bool(clause.defines) for clause in clauses), dtype=bool, count=len(clauses))

    def _ranked(self, question: str, scope: Scope, top_k: int) -> list[RankedClause]:
        return self.retriever.retrieve(question, scope, top_k=top_k)

    def _near_exemplars(self, question: str) -> Cosines:
        return self.retriever.compare(question, EXEMPLAR)


def _behind_the_best(scored: Scored, asked: Mapping[str, float]) -> NDArray[np.float64]:
    """How far each clause is asked for less than the one of these that is asked for most: at most 0; far for one without ways of asking."""
    least = min(asked.values(), default=0.0) - 1
    found = scored.spread({clause: share - least for clause, share in asked.items()})
    return np.where(found > 0, found - found.max(initial=0.0), -np.inf)


def _greatest(values: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """By key the greatest of the values, which all have the same keys."""
    first, *others = values
    return {key: max(value, *(other[key] for other in others)) if others else value for key, value in first.items()}
