"""The one object that every interface and the evaluation call: a question in, a checked answer out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from queue import SimpleQueue
from typing import Self

from assistant.assess import assess_tool
from assistant.clock import Clock, SystemClock
from assistant.converse.compose.brief import (
    BRIEF_CERTAIN,
    BRIEF_FLOOR,
    compose_brief,
    nearest_brief,
    nearest_of_both,
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
    compose_language,
    compose_letter,
    compose_no_such_place,
    compose_noted,
    compose_outside,
    compose_start_over,
    compose_unknown_tool,
)
from assistant.converse.compose.topic import compose_topic
from assistant.converse.compose.verdict import VerdictParts, compose_conditions, compose_verdict
from assistant.converse.compose.with_model import WRITTEN_INTENTS, ClaimListener, Written, ignore_claim, write_with_model
from assistant.converse.draft import Draft, keep_verified
from assistant.converse.languages import ENGLISH, NAMES, SERVED, Languages, Reading, check_overlay, consent_question, frames_of
from assistant.converse.query import AskOptions, Query
from assistant.converse.relevance import is_defined, nearness, without_names
from assistant.converse.render import Renderer, clause_table
from assistant.converse.search import SURE, Searcher
from assistant.converse.session import Session
from assistant.converse.understand import Understanding
from assistant.converse.unplanted import UnplantedRetriever
from assistant.converse.words import words_of
from assistant.dating import Dating
from assistant.errors import IndexDamagedError, InputError
from assistant.guard import KnownNames, Protected, protect_question
from assistant.index.encoders import Encoder, make_encoder
from assistant.index.generation import Generation, current_name, open_current
from assistant.index.retriever import HybridRetriever, RankedClause, Retriever
from assistant.index.scope import Scope
from assistant.index.text import BRIEF, EVIDENCE
from assistant.library import Report, ignore_progress, ignore_report, update_library
from assistant.llm import LanguageModel, open_model
from assistant.report.consent import compose_client_information
from assistant.schema import Answer, AnswerClaim, Brief, Clause, Feature, Knowledge, Profile, Tool, ToolAssessment, VerdictToken
from assistant.settings import Settings
from assistant.store import Store
from assistant.verify import Verifier

log = logging.getLogger(__name__)


@dataclass
class _Outcome:
    """A draft and what goes beside its text."""

    draft: Draft
    abstained: bool = False
    verdicts: dict[str, ToolAssessment] = field(default_factory=dict)
    parts: VerdictParts | None = None


class Assistant:
    """Answers questions from the store and its index."""

    def __init__(self, settings: Settings, clock: Clock, encoder: Encoder, model: LanguageModel | None = None) -> None:
        self._settings = settings
        self._model = model
        self._clock = clock
        self._encoder = encoder
        self._loaded: tuple[str, Knowledge, Generation] | None = None

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        clock: Clock | None = None,
        report: Report = ignore_report,
        progress: Callable[[int, int], None] = ignore_progress,
    ) -> Self:
        """An assistant over the data folder, bringing store and index up to date first where that is needed.

        Raises KnowledgeError if the user's knowledge files do not hold together and there is no earlier state to answer from,
        StoreError if the folder cannot be used, ModelError if the embedding model cannot or no such language model is known.
        """
        chosen = clock or SystemClock()
        model = open_model(settings.model) if settings.model else None
        check_overlay(settings.overlay)
        encoder = make_encoder(settings.encoder)
        update_library(settings, encoder, today=chosen.today(), report=report, progress=progress)
        return cls(settings, chosen, encoder, model)

    @property
    def knowledge(self) -> Knowledge:
        """Everything held, as it stands now."""
        return self._load()[0]

    @property
    def today(self) -> date:
        return self._clock.today()

    @property
    def stale_after_days(self) -> int:
        return self._settings.stale_after_days

    def ask(
        self,
        question: str,
        options: AskOptions | None = None,
        session: Session | None = None,
        *,
        on_claim: ClaimListener = ignore_claim,
    ) -> Answer:
        """Answer one question, within a conversation if a session is given; the session then remembers it.

        ``on_claim`` gets what a language model writes, sentence by sentence, as it passes the verification; the answer decides
        whether it stays. Raises QuestionError if the question cannot be read.
        """
        options, session = options or AskOptions(), session or Session()
        timings: dict[str, float] = {}
        with _timed(timings, "understand"):
            protected = self.protect(question, session.language)
            knowledge, _ = self._load()
            reading = self._languages.read(protected.text, session.language)
            query = self._understanding.read(reading.question, options, session, self._clock.today())
            query = replace(query, asked=protected.text, language=reading.language)
            if not reading.is_served:
                query = replace(query, intent="outside", tools=())
            dating = Dating(knowledge, query.day, self._settings.stale_after_days)
            context = Context(query, dating, self._searcher.retriever)
        with _timed(timings, "retrieve"):
            context.ranked = self._searcher.rank(query)
            self._find_brief(context)
            self._reconsider(context, session)
        with _timed(timings, "compose"):
            outcome = self._compose(context, session) if reading.is_served else self._sorry(reading)
        with _timed(timings, "verify"):
            verifier = Verifier(knowledge, context.retrieved, context.query.tools, dating=context.dating, encoder=self._encoder)
            draft = keep_verified(outcome.draft, verifier)
        written = self._write(context, outcome, draft, verifier, timings, on_claim)
        answer = _with_use(self._answer(context, outcome, written.draft, verifier, timings), written)
        answer = with_notices(answer, protected.notices)
        if verifier.tally.dropped:
            log.warning("dropped %d of %d claims: %s", verifier.tally.dropped, verifier.tally.checked, verifier.tally.failures)
        if answer.intent == "start_over":
            session.forget()
        else:
            session.remember(answer)
            session.last_question = reading.english
        session.language = reading.language if reading.is_served else session.language
        return answer

    def understand(self, question: str, options: AskOptions | None = None, session: Session | None = None) -> Query:
        """How a question is read, before anything is looked up for it.

        Raises QuestionError if the question cannot be read.
        """
        self._load()
        clean = self.protect(question, (session := session or Session()).language).text
        reading = self._languages.read(clean, session.language)
        query = self._understanding.read(reading.question, options or AskOptions(), session, self._clock.today())
        return replace(query, asked=clean, language=reading.language)

    @property
    def searcher(self) -> Searcher:
        """What ranks and weighs, over knowledge and index as they stand now."""
        self._load()
        return self._searcher

    def protect(self, question: str, before: str = ENGLISH) -> Protected:
        """The question as it is worked with, shown and remembered: without client details and without words to a program.

        ``before``: the language of the conversation. Raises QuestionError if it cannot be read.
        """
        self._load()
        return protect_question(question, self._languages.known_names(question, before, self._known_names))

    def client_information(
        self, tool: str, options: AskOptions | None = None, features: Mapping[Feature, str] | None = None, language: str = ENGLISH
    ) -> Answer:
        """The information text and consent wordings for a tool, as an answer whose ``text`` is the document.

        Raises InputError if nothing is held about the tool, or if the ``language`` (a code) is not served.
        """
        if tool not in self.knowledge.tools:
            raise InputError(f"Nothing is held about {tool}. Held are {', '.join(sorted(self.knowledge.tools))}.")
        session = Session(tools=(tool,), profile=Profile.model_validate({"features": dict(features or {})}))
        return self.ask(consent_question(language, self.knowledge.tools[tool].name), options, session)

    def search(self, question: str, scope: Scope, *, top_k: int) -> list[RankedClause]:
        """Ranked clauses for a question, as the retriever gives them."""
        self._load()
        return self._searcher.retriever.retrieve(self.protect(question).text, scope, top_k=top_k)

    def ask_stream(
        self, question: str, options: AskOptions | None = None, session: Session | None = None
    ) -> Iterator[AnswerClaim | Answer]:
        """What ``ask`` gives, preceded by each sentence of a language model as soon as it has passed the verification.

        The last value is the answer, the same as that of ``ask``; it decides which of the sentences stay. Raises what ``ask`` raises.
        """
        said: SimpleQueue[AnswerClaim | Answer | Exception] = SimpleQueue()

        def answer() -> None:
            try:
                said.put(self.ask(question, options, session, on_claim=said.put))
            except Exception as error:  # raised again below, where somebody waits for it
                said.put(error)

        threading.Thread(target=answer, name="answer", daemon=True).start()
        while not isinstance(value := said.get(), Answer):
            if isinstance(value, Exception):
                raise value
            yield value
        yield value

    def _write(
        self, context: Context, outcome: _Outcome, draft: Draft, verifier: Verifier, timings: dict[str, float], on_claim: ClaimListener
    ) -> Written:
        """The draft with what a language model adds to it, where one is set and the answer is of a kind that it may add to."""
        settings = self._settings.model
        if self._model is None or settings is None or outcome.abstained or context.query.intent not in WRITTEN_INTENTS:
            return Written(draft)
        with _timed(timings, "model"):
            return write_with_model(
                self._model, context, draft, outcome.verdicts, verifier, max_clauses=settings.max_clauses, on_claim=on_claim
            )

    def _compose(self, context: Context, session: Session) -> _Outcome:
        query, tools = context.query, list(context.knowledge.tools.values())
        match query.intent:
            case "danger":
                return _Outcome(compose_danger(), abstained=True)
            case "capabilities":
                return _Outcome(compose_capabilities(tools))
            case "ask_back":
                return _Outcome(compose_ask_back(tools))
            case "start_over":
                return _Outcome(compose_start_over())
            case "noted":
                return _Outcome(compose_noted(context))
            case "outside":
                return _Outcome(compose_outside(context, context.tool(query.tools[0]) if query.tools else None), abstained=True)
            case "unknown_tool":
                return _Outcome(compose_unknown_tool(query.unknown_tool or "it", tools), abstained=True)
            case "clause" if session.last_answer and session.last_answer.citations:
                return _Outcome(compose_clauses_of(context, session.last_answer))
            case "verdict":
                return self._compose_verdict(context)
            case "comparison":
                assessed = {tool: _assess(context, context.tool(tool)) for tool in query.tools}
                return _Outcome(compose_comparison(context, list(assessed.values())), verdicts=assessed)
            case "letter":
                return _Outcome(compose_letter(context, context.tool(query.tools[0]), _assess(context, context.tool(query.tools[0]))))
            case "conditions":
                return _Outcome(compose_conditions(context, _assess(context, context.tool(query.tools[0]))))
            case "consent":
                return self._compose_consent(context)
            case "brief":
                return self._compose_brief(context)
            case "topic":
                return self._compose_topic(context)
            case _:
                return self._compose_lookup(context)

    def _sorry(self, reading: Reading) -> _Outcome:
        return _Outcome(compose_language(reading.sorry, list(NAMES.values())), abstained=True)

    def _compose_verdict(self, context: Context) -> _Outcome:
        tool = context.tool(context.query.tools[0])
        assessment = _assess(context, tool)
        parts = compose_verdict(context, assessment)
        return _Outcome(parts.draft, verdicts={tool.id: assessment}, parts=parts)

    def _compose_consent(self, context: Context) -> _Outcome:
        tool = context.tool(context.query.tools[0])
        assessment = _assess(context, tool)
        return _Outcome(compose_client_information(context, tool, assessment))

    def _compose_brief(self, context: Context) -> _Outcome:
        assert context.brief is not None  # the intent is set together with the brief
        tools = context.query.tools
        tool = context.tool(tools[0]) if tools else None
        assessment = _assess(context, tool) if tool else None
        judged = {tool.id: assessment} if tool and assessment and context.brief.with_verdict else {}
        return _Outcome(compose_brief(context, context.brief, tool, assessment), verdicts=judged)

    def _compose_topic(self, context: Context) -> _Outcome:
        tool = context.tool(context.query.tools[0])
        places = find_places(context, context.query.locators)
        if places:
            return _Outcome(compose_places(context, places))
        if not context.ranked:
            return _Outcome(compose_outside(context, tool), abstained=True)
        plain = without_names(context.query.search, [tool])
        mine = {entry.id for entry in context.knowledge.evidence_for(tool.id)}
        near = {key: cosine for key, cosine in context.retriever.compare(plain, EVIDENCE).items() if key in mine}
        assessment = _assess(context, tool)
        draft = compose_topic(context, tool, context.ranked, assessment, near, self._searcher.criteria_asked(context.query))
        return _Outcome(draft, verdicts={tool.id: assessment} if context.query.profile.settings else {})

    def _compose_lookup(self, context: Context) -> _Outcome:
        if context.query.locators:
            places = find_places(context, context.query.locators)
            if places:
                return _Outcome(compose_places(context, places))
            return self._no_such_place(context)
        in_danger = words_of().says("danger", context.query.question)
        if self._searcher.is_outside(context.query.question, context.ranked):
            return _Outcome(compose_danger() if in_danger else compose_outside(context, None), abstained=True)
        draft = compose_lookup(context, context.ranked, context.hint)
        return _Outcome(replace(draft, intro=(EMERGENCY,)) if in_danger else draft)

    def _no_such_place(self, context: Context) -> _Outcome:
        names = [str(locator) for locator in context.query.locators]
        for entry in context.knowledge.renumbered:
            if any(name in entry.old for name in names):
                successors: list[Clause] = [c for label in entry.new for c in context.gather([label, f"ISO 27001 {label}"])]
                note = f"{entry.old} is a number of an earlier edition; I hold the present one."
                return _Outcome(compose_no_such_place(context, names, successors, note=note))
        extent = describe_extent(context, context.query.locators)
        return _Outcome(compose_no_such_place(context, names, [], extent=extent), abstained=True)

    def _find_brief(self, context: Context) -> None:
        """A question that lies near a way of asking for a brief is answered by it; one not quite as near gets its nearest point."""
        query, knowledge = context.query, context.knowledge
        if (
            query.intent not in ("lookup", "topic", "verdict")
            or query.locators
            or not knowledge.briefs
            or is_defined(context.ranked, asks_meaning=words_of().says("definition", query.question))
        ):
            return
        plain = without_names(query.search, [knowledge.tools[tool] for tool in query.tools])
        near = nearest_of_both(context.retriever.compare(query.search, BRIEF), context.retriever.compare(plain, BRIEF))
        found = nearest_brief(knowledge, near, query.profile)
        provision = self._searcher.nearest_provision(query.question) if query.intent == "lookup" else 0.0
        if found is None or found[1] < min(nearness(context.ranked), BRIEF_CERTAIN) or provision > found[1]:
            return
        brief, cosine = found
        if query.intent == "verdict" and not self._tells_more_than_the_verdict(context, brief, cosine):
            return
        vectors = self._encoder.encode_documents([point.text for point in brief.points])
        nearest = nearest_points(brief, (vectors @ self._encoder.encode_query(plain)).tolist())
        if cosine >= BRIEF_FLOOR:
            points = brief.points if cosine >= BRIEF_CERTAIN else nearest
            context.query, context.brief = replace(query, intent="brief"), brief.model_copy(update={"points": points})
        elif query.intent == "lookup" and provision < SURE:
            context.hint = nearest[0]

    def _tells_more_than_the_verdict(self, context: Context, brief: Brief, cosine: float) -> bool:
        """Whether a question about a tool is better answered by a brief that holds the verdict too ("I have already used it")."""
        if not brief.with_verdict or cosine < BRIEF_FLOOR:
            return False
        query = context.query
        signals = self._searcher.tool_signals(query.question, [context.tool(tool) for tool in query.tools], query.day)
        return cosine > signals["verdict_best"]

    def _reconsider(self, context: Context, session: Session) -> None:
        """A look-up whose words stand nearer to vendors' documents than to law is about the tool of the conversation, or asks back."""
        query = context.query
        if query.intent != "lookup" or query.locators:
            return
        about_tools = replace(query, intent="topic", tools=session.tools or tuple(context.knowledge.tools))
        vendors = self._searcher.rank(about_tools)
        if session.tools and nearness(vendors) > nearness(context.ranked):
            context.query, context.ranked = about_tools, vendors
        elif not session.tools and self._searcher.reads_as_tool_question(query.question, context.ranked, vendors):
            context.query, context.ranked = replace(query, intent="ask_back"), []

    def _answer(self, context: Context, outcome: _Outcome, draft: Draft, verifier: Verifier, timings: dict[str, float]) -> Answer:
        frames = frames_of(context.query.language if context.query.language in SERVED else ENGLISH, self._settings.overlay)
        renderer = Renderer(context.dating)
        body = renderer.markdown(frames.draft(draft))
        citations = renderer.citations()
        table = clause_table(citations, frames.say)
        verdicts: dict[str, VerdictToken] = {tool: a.at_best.verdict.token for tool, a in outcome.verdicts.items()}
        single = next(iter(outcome.verdicts.values())) if len(outcome.verdicts) == 1 else None
        parts = outcome.parts
        return Answer(
            question=context.query.asked or context.query.question,
            language=context.query.language,
            text=f"{body}\n\n{table}" if table else body,
            intent=context.query.intent,
            verdict=single.at_best.verdict.token if single else None,
            as_it_comes=single.as_it_comes.verdict.token if single else None,
            verdicts=verdicts,
            abstained=outcome.abstained,
            tools=context.query.tools,
            profile=single.profile if single else context.query.profile,
            as_of=context.query.day,
            claims=tuple(AnswerClaim(text=claim.text, citations=claim.clause_ids) for claim in draft.claims),
            citations=citations,
            conditions=tuple(map(frames.say, parts.conditions)) if parts else (),
            missing=tuple(map(frames.say, parts.missing)) if parts else (),
            duties=tuple(map(frames.say, parts.duties)) if parts else (),
            notices=(*single.conflicts, *(parts.notices if parts else ())) if single else (),
            follow_ups=tuple(map(frames.say, _follow_ups(context, single))),
            review_by=parts.review_by if parts else None,
            reviews=parts.reviews if parts else (),
            verification=verifier.tally,
            timings={name: round(seconds, 4) for name, seconds in timings.items()},
        )

    def _load(self) -> tuple[Knowledge, Generation]:
        """Knowledge and index as they stand now; read again when another process has imported something or built a new generation.

        Between the two, while new clauses are being encoded, the state before answers on.
        """
        with Store(self._settings.database) as store:
            state = f"{current_name(self._settings.index_folder)} {store.knowledge_digest} {store.imports_digest}"
            if self._loaded is None or self._loaded[0] != state:
                generation = open_current(self._settings.index_folder)
                if store.content_digest == generation.content_digest:
                    self._reload(state, store.load(), generation)
                elif self._loaded is None:
                    raise IndexDamagedError("The index is not that of the store. Run `clausewise index`.")
        assert self._loaded is not None  # loaded above, or raised
        return self._loaded[1], self._loaded[2]

    def _reload(self, state: str, knowledge: Knowledge, generation: Generation) -> None:
        self._loaded = (state, knowledge, generation)
        self.__dict__.pop("_understanding", None)
        self.__dict__.pop("_searcher", None)
        self.__dict__.pop("_known_names", None)
        self.__dict__.pop("_languages", None)

    @cached_property
    def _understanding(self) -> Understanding:
        searcher = self._searcher
        return Understanding(searcher.knowledge, searcher.is_known_word, searcher.judge_tools, self._settings.jurisdiction)

    @cached_property
    def _known_names(self) -> KnownNames:
        knowledge, generation = self._load()
        return KnownNames.of(knowledge, generation.search.bm25.knows)

    @cached_property
    def _languages(self) -> Languages:
        searcher = self._searcher
        return Languages.of(searcher.knowledge.tools.values(), searcher.is_known_word, self._settings.overlay)

    @cached_property
    def _searcher(self) -> Searcher:
        knowledge, generation = self._load()
        retriever: Retriever = UnplantedRetriever(HybridRetriever(knowledge, generation, self._encoder, self._settings.retrieval))
        return Searcher(knowledge, retriever, words_of(), generation.search.bm25.knows, self._settings.retrieval.top_k)


def _with_use(answer: Answer, written: Written) -> Answer:
    notices = (*answer.notices, *([written.notice] if written.notice else []))
    return answer.model_copy(update={"model": written.use, "notices": notices})


def with_notices(answer: Answer, notices: Sequence[str]) -> Answer:
    """The answer with notices before everything else."""
    lines = [f"*{notice}*" for notice in notices]
    return answer.model_copy(update={"text": "\n\n".join([*lines, answer.text]), "notices": (*notices, *answer.notices)})


def _assess(context: Context, tool: Tool) -> ToolAssessment:
    return assess_tool(tool, context.query.profile, context.dating)


def _follow_ups(context: Context, single: ToolAssessment | None) -> tuple[str, ...]:
    if single is None:
        return ()
    name = context.tool(single.tool).name
    return (f"Write the request to {name} for me", "Which clause says that?", f"Can clients join {name} from the browser?")


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[stage] = time.perf_counter() - start
