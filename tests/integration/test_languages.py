"""Whole answers in other languages: the same claims as in English, in other frame sentences; the official words in the asker's language."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.clock import FixedClock
from assistant.converse.session import Session
from assistant.errors import InputError
from assistant.schema import Feature
from assistant.settings import Settings
from assistant.sources import ImportOptions, import_texts
from tests.conftest import TODAY

GERMAN_GDPR = "sources/law/gdpr-oj-2016-679.de.formex.xml"


@pytest.mark.parametrize(
    "language, question, words",
    [
        ("de", "Ist Zoom sicher für Therapie?", ["nur unter Bedingungen", "Angenommen habe ich", "**Bedenken Sie:**", "| Klausel |"]),
        ("fr", "Zoom est-il sûr pour la thérapie ?", ["seulement sous conditions", "J'ai supposé", "**À garder à l'esprit :**"]),
        ("es", "¿Es seguro Zoom para la terapia?", ["solo con condiciones", "He supuesto", "**Tenga en cuenta:**"]),
    ],
)
def test_a_verdict_says_the_same_in_every_language(assistant: Assistant, language: str, question: str, words: list[str]) -> None:
    own, english = assistant.ask(question), assistant.ask("Is Zoom safe for therapy?")
    assert (own.language, english.language) == (language, "en")
    assert own.question == question
    assert (own.verdict, own.as_it_comes, own.claims, own.citations) == (
        english.verdict,
        english.as_it_comes,
        english.claims,
        english.citations,
    )
    assert own.verification == english.verification
    assert [word for word in words if word not in own.text] == []
    frames = ["Bear in mind", "What speaks for it", "I assumed", "Yours in any case", "You may use it", "judged for", "No clause I hold"]
    assert [frame for frame in frames if frame in own.text] == []


def test_a_client_can_read_the_consent_text_in_german(assistant: Assistant) -> None:
    features: dict[Feature, str] = {"recording": "on", "transcription": "off", "ai": "off"}
    own, english = (assistant.client_information("zoom", features=features, language=code) for code in ("de", "en"))
    assert own.language == "de"
    assert "**Wer verantwortlich ist.**" in own.text
    assert "Ich kann ohne Nachteil ablehnen" in own.text
    assert "Who is responsible" not in own.text
    assert [citation.id for citation in own.citations] == [citation.id for citation in english.citations]
    with pytest.raises(InputError, match="en, de, fr, es"):
        assistant.client_information("zoom", language="it")


def test_german_nouns_are_no_names(assistant: Assistant) -> None:
    answer = assistant.ask("In welcher Maßnahme von ISO 27001 geht es um Passwörter?")
    assert answer.notices == ()
    assert [citation.label for citation in answer.citations][:1] == ["ISO 27001 A.5.17"]


def test_a_conversation_goes_on_in_its_language(assistant: Assistant) -> None:
    session = Session()
    assistant.ask("Darf ich Teams für Therapie verwenden?", session=session)
    answer = assistant.ask("Teams?", session=session)
    assert (answer.language, answer.tools) == ("de", ("teams",))
    assert assistant.ask("Is Zoom safe for therapy?", session=session).language == "en"


def test_follow_ups_that_are_offered_are_understood(assistant: Assistant) -> None:
    session = Session()
    offered = assistant.ask("Ist Zoom sicher für Therapie?", session=session).follow_ups
    assert offered[0] == "Schreib die Anfrage an Zoom für mich"
    assert [assistant.understand(question, session=session).intent for question in offered] == ["letter", "clause", "topic"]


def test_other_languages_are_told_which_are_served(assistant: Assistant) -> None:
    answer = assistant.ask("Posso usare Zoom con i miei pazienti?")
    assert (answer.language, answer.abstained, answer.claims) == ("it", True, ())
    assert "tedesco" in answer.text
    assert "English, German, French and Spanish" in answer.text


def test_danger_comes_first_in_german(assistant: Assistant) -> None:
    answer = assistant.ask("Meine Klientin will sich heute umbringen")
    assert answer.intent == "danger"
    assert answer.text.startswith("**Wenn jetzt jemand in Gefahr ist, rufen Sie zuerst den Notruf:** 112")


def test_german_askers_get_the_official_german_words(home: Path, shared: Path, tmp_path: Path) -> None:
    settings = Settings(home=Path(shutil.copytree(home, tmp_path / "home")))
    import_texts(settings, shared / GERMAN_GDPR, ImportOptions("gdpr-de", indexed=False), today=TODAY)
    assistant = Assistant.open(settings, clock=FixedClock(TODAY))
    answer = assistant.ask("Was steht in Art. 33 Abs. 1 DSGVO?")
    assert [citation.source for citation in answer.citations] == ["gdpr-de", "gdpr"]
    assert answer.claims[0].text == f"“{answer.citations[0].text}”"
    assert "binnen 72 Stunden" in answer.text
    assert answer.verification.dropped == 0
    english = assistant.ask("What does Art. 33(1) GDPR say?")
    assert "gdpr-de" not in [citation.source for citation in english.citations]
