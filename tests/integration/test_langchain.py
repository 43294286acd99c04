"""The LangChain adapter gives the same clauses as the retriever."""

from __future__ import annotations

from assistant.assistant import Assistant
from assistant.index.scope import Scope
from assistant.interfaces.langchain import ClauseRetriever


def test_documents_are_the_ranked_clauses_with_their_citation(assistant: Assistant) -> None:
    question = "How long may I take to answer an access request?"
    documents = ClauseRetriever(assistant=assistant, kinds=("law",), jurisdictions=("eu",), top_k=4).invoke(question)
    ranked = assistant.search(question, Scope(on=assistant.today, kinds=("law",), jurisdictions=("eu",)), top_k=4)
    assert [document.id for document in documents] == [entry.clause.id for entry in ranked]
    assert documents[0].metadata["label"] == assistant.knowledge.label(ranked[0].clause)
    assert documents[0].page_content == ranked[0].clause.text
