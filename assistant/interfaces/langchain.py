"""The retriever as LangChain knows one, for programs built on LangChain."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from assistant.assistant import Assistant
from assistant.index.scope import Scope
from assistant.schema import Jurisdiction, SourceKind

if TYPE_CHECKING:
    from assistant.index.retriever import RankedClause


class ClauseRetriever(BaseRetriever):
    """Ranked clauses as documents: the summary as content, the citation as metadata.

    >>> ClauseRetriever(assistant=Assistant.open(settings), kinds=("law",)).invoke("How long may I take to answer an access request?")
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    top_k: int = Field(default=10, ge=1, description="How many clauses.")
    tools: tuple[str, ...] | None = Field(default=None, description="Of the vendors' clauses only those of these tools.")
    kinds: tuple[SourceKind, ...] = Field(default=(), description="Only sources of these kinds.")
    jurisdictions: tuple[Jurisdiction, ...] = Field(default=(), description="Only law and guidance of these places.")
    as_of: date | None = Field(default=None, description="As of this day; today if not given.")

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        scope = Scope(on=self.as_of or self.assistant.today, tools=self.tools, kinds=self.kinds, jurisdictions=self.jurisdictions)
        return [self._document(entry) for entry in self.assistant.search(query, scope, top_k=self.top_k)]

    def _document(self, entry: RankedClause) -> Document:
        knowledge = self.assistant.knowledge
        source = knowledge.sources[entry.clause.source_id]
        metadata: dict[str, Any] = {
            "label": knowledge.label(entry.clause),
            "source": source.id,
            "kind": source.kind,
            "wording": entry.clause.wording,
            "url": source.url,
            "score": entry.score,
        }
        return Document(id=entry.clause.id, page_content=entry.clause.text, metadata=metadata)
