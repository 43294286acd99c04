"""Documents made of checked claims: the information text for clients, briefs, and the page of figures."""

from __future__ import annotations

import json

import pytest

from assistant.assistant import Assistant
from assistant.dating import Dating
from assistant.errors import InputError
from assistant.ingest.json_schema import knowledge_json_schema
from assistant.report.statistics import knowledge_statistics
from tests.conftest import CommandLine


def test_the_information_text_covers_the_items_of_article_13_each_with_its_clause(assistant: Assistant) -> None:
    document = assistant.client_information("zoom")
    labels = {citation.label for citation in document.citations}
    assert {f"GDPR Art. 13(1)({point})" for point in "acdef"} <= labels
    assert {f"GDPR Art. 13(2)({point})" for point in "abde"} <= labels
    assert any(citation.source_kind == "vendor" for citation in document.citations)
    assert "{" not in document.text
    assert "Zoom" in document.text


def test_a_consent_wording_is_given_only_for_what_is_used(assistant: Assistant) -> None:
    plain = assistant.client_information("zoom", features={"recording": "off", "transcription": "off", "ai": "off"})
    recorded = assistant.client_information("zoom", features={"recording": "on", "transcription": "off", "ai": "off"})
    assert "What we ask your consent for" not in plain.text
    consent = recorded.text.split("What we ask your consent for")[1].split("<!-- clauses -->")[0]
    assert consent.count("☐") == 1
    assert {"GDPR Art. 7(3)", "GDPR Art. 7(1)"} & {citation.label for citation in recorded.citations}


def test_a_us_practice_gets_no_european_items(assistant: Assistant, clausewise: CommandLine) -> None:
    result = clausewise("consent", "zoom", "--jurisdiction", "us", "--recording", "--json")
    document = json.loads(result.stdout)
    assert document["citations"]
    assert all(not citation["label"].startswith(("GDPR", "DPA")) for citation in document["citations"])


def test_nothing_is_invented_about_a_tool_that_is_not_held(assistant: Assistant, clausewise: CommandLine) -> None:
    with pytest.raises(InputError, match="Nothing is held about acuity"):
        assistant.client_information("acuity")
    assert clausewise("consent", "acuity").returncode == 3


@pytest.mark.parametrize(
    "question, labels",
    [
        ("Do I need consent to record sessions?", {"GDPR Art. 9(2)(a)", "GDPR Art. 6(1)(a)"}),
        ("Is consent even the right basis?", {"GDPR Art. 9(2)(h)"}),
        ("What must I tell clients about Zoom?", {"GDPR Art. 13(1)"}),
    ],
)
def test_a_question_no_clause_answers_alone_is_answered_by_a_brief(assistant: Assistant, question: str, labels: set[str]) -> None:
    answer = assistant.ask(question)
    assert answer.intent == "brief"
    assert labels <= {citation.label for citation in answer.citations}


def test_somebody_in_danger_is_sent_to_the_emergency_services_first(assistant: Assistant) -> None:
    answer = assistant.ask("My client says she will end her life tonight, what do I tell her?")
    assert answer.text.startswith("**If somebody is in danger now")
    assert answer.abstained


def test_the_page_of_figures_has_every_tool_and_every_criterion(assistant: Assistant) -> None:
    page = knowledge_statistics(Dating(assistant.knowledge, assistant.today))
    assert all(tool.name in page for tool in assistant.knowledge.tools.values())
    assert all(criterion in page for criterion in assistant.knowledge.criteria)


def test_the_json_schema_knows_every_key_of_the_shipped_files(clausewise: CommandLine) -> None:
    schema = json.loads(clausewise("knowledge", "schema").stdout)
    assert schema == json.loads(json.dumps(knowledge_json_schema()))
    assert {"source", "clauses", "tool", "evidence", "criteria", "briefs", "glossary"} <= set(schema["properties"])
