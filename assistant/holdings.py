"""What is held at one moment, with all that reads questions against it: a question is answered from one state throughout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from assistant.assess import Assessor
from assistant.converse.compose.context import Context
from assistant.converse.languages import Languages
from assistant.converse.products import names_of_products
from assistant.converse.query import Query
from assistant.converse.search import Searcher
from assistant.converse.understand import Understanding
from assistant.converse.unplanted import UnplantedRetriever
from assistant.converse.words import words_of
from assistant.dating import Dating
from assistant.errors import IndexDamagedError
from assistant.guard import KnownNames
from assistant.index.encoders import Encoder
from assistant.index.generation import Generation, current_name, open_current
from assistant.index.remembered import RememberingEncoder
from assistant.index.retriever import HybridRetriever
from assistant.schema import Knowledge
from assistant.settings import Settings
from assistant.store import Store
from assistant.verify import Verifier

DAYS_KEPT = 16  # what was found out of clauses on a day serves all questions about it


@dataclass(frozen=True, eq=False)
class Holdings:
    """One state of the store and the generation of the index that was built from it. Nothing here changes; what is derived is kept.

    ``digest`` changes whenever either does.
    """

    digest: str
    knowledge: Knowledge
    generation: Generation
    encoder: Encoder
    settings: Settings

    @cached_property
    def searcher(self) -> Searcher:
        """What ranks and weighs."""
        retriever = UnplantedRetriever(HybridRetriever(self.knowledge, self.generation, self.encoder, self.settings.retrieval))
        return Searcher(self.knowledge, retriever, words_of(), self.is_known_word, self.settings.retrieval.top_k)

    @cached_property
    def understanding(self) -> Understanding:
        return Understanding(self.knowledge, self.is_known_word, self.searcher.judge_tools, self.settings.jurisdiction)

    @cached_property
    def names(self) -> KnownNames:
        """What is no client's name."""
        return KnownNames.of(self.knowledge, self.is_known_word, names_of_products())

    @cached_property
    def languages(self) -> Languages:
        return Languages.of(self.knowledge.tools.values(), self.is_known_word, self.settings.overlay)

    def known_names(self, question: str, before: str) -> KnownNames:
        """What is no client's name in a question; ``before``: the language of the conversation."""
        return self.languages.known_names(question, before, self.names)

    @cached_property
    def assessor(self) -> Assessor:
        return Assessor(self.knowledge, self.settings.stale_after_days)

    def is_known_word(self, word: str) -> bool:
        """Whether a word, in any of its forms, stands in a clause."""
        return self.generation.search.bm25.knows(word)

    def dating(self, day: date) -> Dating:
        return self._datings(day)

    @cached_property
    def _datings(self) -> Callable[[date], Dating]:
        return lru_cache(maxsize=DAYS_KEPT)(lambda day: Dating(self.knowledge, day, self.settings.stale_after_days))

    def context(self, query: Query) -> Context:
        """What an answer to a question is composed with."""
        return Context(query, self.dating(query.day), self.searcher.retriever, judge=self.assessor.assess)

    def verifier(self, context: Context) -> Verifier:
        """What checks the claims of an answer that was composed in a context."""
        return Verifier(self.knowledge, context.retrieved, context.query.tools, dating=context.dating, encoder=self.encoder)


def present_holdings(settings: Settings, encoder: Encoder, before: Holdings | None = None) -> Holdings:
    """Store and index as they stand now; ``before`` itself where neither has changed since.

    Between an import and the new index, while clauses are being encoded, the state before answers on. Raises IndexDamagedError where
    there is none, or the index is not whole, StoreError if the store cannot be read.
    """
    with Store(settings.database) as store, store.snapshot():
        digest = f"{current_name(settings.index_folder)} {store.knowledge_digest} {store.imports_digest}"
        if before is not None and before.digest == digest:
            return before
        generation = open_current(settings.index_folder)
        if store.content_digest == generation.content_digest:
            return Holdings(digest, store.load(), generation, RememberingEncoder(encoder), settings)
    if before is None:
        raise IndexDamagedError("The index is not that of the store. Run `clausewise index`.")
    return before
