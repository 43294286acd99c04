"""The one object that every interface and the evaluation call: a question in, a checked answer out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from queue import SimpleQueue
from typing import Self

from assistant.answering import Answering
from assistant.clock import Clock, SystemClock
from assistant.converse.compose.context import Context
from assistant.converse.compose.others import compose_language, left_out
from assistant.converse.compose.with_model import WRITTEN_INTENTS, ClaimListener, Written, ignore_claim, write_with_model
from assistant.converse.draft import Draft, keep_verified
from assistant.converse.languages import ENGLISH, NAMES, SERVED, Reading, check_overlay, consent_question, frames_of
from assistant.converse.query import AskOptions, Query
from assistant.converse.render import with_notices
from assistant.converse.search import Searcher
from assistant.converse.session import Session
from assistant.errors import InputError
from assistant.guard import Protected, protect_question
from assistant.holdings import Holdings, present_holdings
from assistant.index.encoders import Encoder, make_encoder
from assistant.index.retriever import RankedClause
from assistant.index.scope import Scope
from assistant.library import Report, ignore_progress, ignore_report, update_library
from assistant.llm import LanguageModel, open_model
from assistant.outcome import Outcome, answer_of, with_use
from assistant.schema import Answer, AnswerClaim, Feature, Knowledge, Profile
from assistant.settings import Settings
from assistant.verify import Verifier

log = logging.getLogger(__name__)


class Assistant:
    """Answers questions from the store and its index. ``stopwatch`` is what the timings of an answer are taken with, in seconds."""

    stopwatch: Callable[[], float] = staticmethod(time.perf_counter)

    def __init__(self, settings: Settings, clock: Clock, encoder: Encoder, model: LanguageModel | None = None) -> None:
        self._settings = settings
        self._model = model
        self._clock = clock
        self._encoder = encoder
        self._last: Holdings | None = None
        self._looking = threading.Lock()

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
        encoder = make_encoder(settings.encoder, settings.models_folder)
        update_library(settings, encoder, today=chosen.today(), report=report, progress=progress)
        return cls(settings, chosen, encoder, model)

    @property
    def knowledge(self) -> Knowledge:
        """Everything held, as it stands now."""
        return self._holdings().knowledge

    @property
    def searcher(self) -> Searcher:
        """What ranks and weighs, over knowledge and index as they stand now."""
        return self._holdings().searcher

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
        return self._ask(self._holdings(), question, options or AskOptions(), session or Session(), on_claim)

    def _ask(self, holdings: Holdings, question: str, options: AskOptions, session: Session, on_claim: ClaimListener) -> Answer:
        """The answer from one state of the holdings, whatever is imported meanwhile."""
        timings: dict[str, float] = {}
        with self._timed(timings, "understand"):
            protected = protect_question(question, holdings.known_names(question, session.language))
            reading, query = self._read(holdings, protected.text, options, session)
            if not reading.is_served:
                query = replace(query, intent="outside", tools=())
            context = holdings.context(query)
            answering = Answering(holdings, context, session)
        with self._timed(timings, "retrieve"):
            answering.look_up()
        with self._timed(timings, "compose"):
            outcome = answering.compose() if reading.is_served else _sorry(reading)
        with self._timed(timings, "verify"):
            verifier = holdings.verifier(context)
            draft = keep_verified(outcome.draft, verifier)
        written = self._write(context, outcome, draft, verifier, timings, on_claim)
        frames = frames_of(query.language if query.language in SERVED else ENGLISH, self._settings.overlay)
        answer = with_use(answer_of(context, outcome, written.draft, verifier.tally, timings, frames), written)
        answer = with_notices(answer, (*protected.notices, *map(frames.say, left_out(query))))
        if verifier.tally.dropped:
            log.warning("dropped %d of %d claims: %s", verifier.tally.dropped, verifier.tally.checked, verifier.tally.failures)
        if answer.intent == "start_over":
            session.forget()
        else:
            session.remember(answer, reading.english)
        session.language = reading.language if reading.is_served else session.language
        return answer

    def understand(self, question: str, options: AskOptions | None = None, session: Session | None = None) -> Query:
        """How a question is read, before anything is looked up for it.

        Raises QuestionError if the question cannot be read.
        """
        holdings, session = self._holdings(), session or Session()
        clean = protect_question(question, holdings.known_names(question, session.language)).text
        return self._read(holdings, clean, options or AskOptions(), session)[1]

    def protect(self, question: str, before: str = ENGLISH) -> Protected:
        """The question as it is worked with, shown and remembered: without client details and without words to a program.

        ``before``: the language of the conversation. Raises QuestionError if it cannot be read.
        """
        return protect_question(question, self._holdings().known_names(question, before))

    def client_information(
        self, tool: str, options: AskOptions | None = None, features: Mapping[Feature, str] | None = None, language: str = ENGLISH
    ) -> Answer:
        """The information text and consent wordings for a tool, as an answer whose ``text`` is the document.

        Raises InputError if nothing is held about the tool, or if the ``language`` (a code) is not served.
        """
        holdings = self._holdings()
        tools = holdings.knowledge.tools
        if tool not in tools:
            raise InputError(f"Nothing is held about {tool}. Held are {', '.join(sorted(tools))}.")
        session = Session(tools=(tool,), profile=Profile.model_validate({"features": dict(features or {})}))
        return self._ask(holdings, consent_question(language, tools[tool].name), options or AskOptions(), session, ignore_claim)

    def search(self, question: str, scope: Scope, *, top_k: int) -> list[RankedClause]:
        """Ranked clauses for a question, as the retriever gives them."""
        holdings = self._holdings()
        return holdings.searcher.retriever.retrieve(protect_question(question, holdings.names).text, scope, top_k=top_k)

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

    def _read(self, holdings: Holdings, question: str, options: AskOptions, session: Session) -> tuple[Reading, Query]:
        """A protected question in English, and what is asked."""
        reading = holdings.languages.read(question, session.language)
        query = holdings.understanding.read(reading.question, options, session, self._clock.today())
        return reading, replace(query, asked=question, language=reading.language)

    def _write(
        self, context: Context, outcome: Outcome, draft: Draft, verifier: Verifier, timings: dict[str, float], on_claim: ClaimListener
    ) -> Written:
        """The draft with what a language model adds to it, where one is set and the answer is of a kind that it may add to."""
        settings = self._settings.model
        if self._model is None or settings is None or outcome.abstained or context.query.intent not in WRITTEN_INTENTS:
            return Written(draft)
        with self._timed(timings, "model"):
            return write_with_model(
                self._model, context, draft, outcome.verdicts, verifier, max_clauses=settings.max_clauses, on_claim=on_claim
            )

    @contextmanager
    def _timed(self, timings: dict[str, float], stage: str) -> Iterator[None]:
        start = self.stopwatch()
        yield
        timings[stage] = self.stopwatch() - start

    def _holdings(self) -> Holdings:
        """Store and index as they stand now. Asked for once a question, which is answered from what this gave."""
        with self._looking:
            self._last = present_holdings(self._settings, self._encoder, self._last)
            return self._last


def _sorry(reading: Reading) -> Outcome:
    return Outcome(compose_language(reading.sorry, list(NAMES.values())), abstained=True)
