"""Questions and answers in other languages: which language it is, how it reads in English, and that no frame sentence lacks its own."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.converse.draft import Block, Draft, Item
from assistant.converse.languages import ENGLISH, SERVED, Languages, frames_of
from assistant.converse.languages.frames import STATED_AS_HELD
from assistant.converse.languages.language import frame_texts, language_of, other_languages, terms_of
from assistant.converse.words import words_of
from assistant.ingest.knowledge_files import load_knowledge, shipped_knowledge
from assistant.schema import Claim, Knowledge, Span
from eval.languages.twins import load_twins
from tests.places import CHECKOUT
from tests.unit.converse.frame_words import templates

OTHERS = [code for code in SERVED if code != ENGLISH]
SLOT = re.compile(r"\{\w*\}")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge([shipped_knowledge()], today=date(2026, 12, 1))


@pytest.fixture(scope="module")
def languages(knowledge: Knowledge) -> Languages:
    held = set(re.findall(r"\w+", " ".join(f"{clause.text} {' '.join(clause.terms)}" for clause in knowledge.clauses.values()).lower()))
    return Languages(held.__contains__, [tool.name for tool in knowledge.tools.values()])


def gold_turns() -> list[str]:
    entries = [
        entry
        for path in sorted((CHECKOUT / "eval" / "gold").glob("*.yaml"))
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["questions"]
    ]
    return [turn for entry in entries for turn in (entry.get("turns") or [entry["question"]])]


def test_no_english_question_is_taken_for_another_language(languages: Languages) -> None:
    turns = gold_turns()
    assert len(turns) > 500
    assert sum(languages.read(turn).language != ENGLISH for turn in turns) == 0


@pytest.mark.parametrize("code", OTHERS)
def test_every_question_of_a_language_is_recognised(languages: Languages, code: str) -> None:
    for pair in load_twins(code):
        assert [languages.read(turn).language for turn in pair.other.asked] == [code] * len(pair.other.asked)
        assert {languages.read(turn).language for turn in pair.english.asked} == {ENGLISH}


@pytest.mark.parametrize(
    "question, before, language",
    [
        ("Webex?", "en", "en"),
        ("Webex?", "de", "de"),
        ("Is Zoom safe?", "de", "en"),
        ("Was gilt in Art. 9 DSGVO?", "en", "de"),
        ("What was in Art. 9?", "en", "en"),
        ("Aufbewahrungsfristen?", "en", "de"),
        ("¿Y Webex?", "en", "es"),
        ("Et Webex ?", "en", "fr"),
        ("Posso usare Zoom con i miei pazienti?", "en", "it"),
        ("Czy Zoom jest bezpieczny?", "en", "pl"),
        ("Безопасен ли Zoom для терапии?", "en", "ru"),
        ("Zoom安全吗", "en", "zh"),
        ("Is 微信 safe?", "en", "en"),
    ],
)
def test_short_and_foreign_questions(languages: Languages, question: str, before: str, language: str) -> None:
    assert languages.read(question, before).language == language


def test_a_language_that_is_not_served_is_told_so_in_its_own_words(languages: Languages) -> None:
    reading = languages.read("Posso usare Zoom con i miei pazienti?")
    assert not reading.is_served
    assert reading.sorry
    assert "tedesco" in reading.sorry
    assert reading.english == "Posso usare Zoom con i miei pazienti?"
    others = other_languages()
    assert {*others.known_by, *others.scripts.values()} == set(others.sorry)


@pytest.mark.parametrize(
    "question, english",
    [
        ("Darf ich WhatsApp mit meinen Klientinnen verwenden?", "May I use WhatsApp with my clients?"),
        (
            "Muss mir ein Auftragsverarbeiter helfen, wenn ein Klient Auskunft verlangt?",
            "Must a processor help me when a client asks for access?",
        ),
        ("Kann eine Klientin ihre Einwilligung widerrufen?", "Can a client withdraw her consent?"),
        ("Was steht in Art. 28 Abs. 3 DSGVO?", "What stands in Art. 28(3) GDPR?"),
        ("Was galt am 7. August 2023?", "What applied on 7 August 2023?"),
        ("Was galt am 07.08.2023?", "What applied on 2023-08-07?"),
        ("Und ohne Aufzeichnung?", "And without recording?"),
        ("Meine Klientin wohnt jetzt in Deutschland", "My client lives in Germany"),
        ("Welche Klausel sagt das?", "Which clause says that?"),
        ("Fang bitte neu an", "Start over"),
        ("Signal vend-il mes données ?", "Does Signal sell my data?"),
        ("Ai-je le droit d’utiliser WhatsApp avec mes clients ?", "May I use WhatsApp with my clients?"),
        ("Un client peut-il retirer son consentement à tout moment ?", "Can a client withdraw consent at any time?"),
        ("¿Es seguro Zoom para sesiones?", "Is Zoom safe for sessions?"),
        ("¿Puede un cliente retirar su consentimiento en cualquier momento?", "Can a client withdraw consent at any time?"),
    ],
)
def test_a_question_reads_in_english(languages: Languages, question: str, english: str) -> None:
    assert languages.read(question).english == english


@pytest.mark.parametrize(
    "question",
    [
        "Meine Klientin will sich heute Nacht umbringen",
        "Er hat Suizidgedanken",
        "Sie möchte nicht mehr leben",
        "Ma cliente veut se suicider",
        "Il veut mettre fin à ses jours",
        "Mi cliente quiere suicidarse",
        "Mi paciente quiere quitarse la vida",
    ],
)
def test_danger_is_seen_in_every_language(languages: Languages, question: str) -> None:
    reading = languages.read(question)
    assert reading.language != ENGLISH
    assert words_of().says("danger", reading.english)


def test_compounds_and_inflections_need_no_entry_of_their_own(languages: Languages) -> None:
    terms = {**terms_of("de").say, **language_of("de").say}
    assert "Verschlüsselungsvertrag" not in terms
    assert languages.read("Was ist ein Verschlüsselungsvertrag?").english == "What is a encryption contract?"
    assert (
        languages.read("Was sagen die Einwilligungen der Klienten?").english
        == languages.read("Was sagen die Einwilligung der Klienten?").english
    )


def covering(template: str) -> str:
    """An expression for the sentences of a catalogue that hold a template, whatever stands in its slots."""
    return ".*".join(re.escape(" ".join(piece.split())) for piece in template.strip().split("{}"))


@pytest.mark.parametrize("code", OTHERS)
def test_every_frame_sentence_of_the_composers_has_its_own(code: str) -> None:
    known = [" ".join(SLOT.sub("{}", english).split()) for english in frame_texts(code)]
    found = list(templates())
    assert len(found) > 80
    missing = [f"{path.name}:{line}: {text}" for path, line, text in found if not any(map(re.compile(covering(text)).search, known))]
    assert not missing, f"frame sentences without an entry in frames-{code}.yaml: {missing}"


@pytest.mark.parametrize("code", OTHERS)
def test_a_frame_sentence_keeps_its_slots_and_its_emphasis(code: str) -> None:
    for english, own in {**frame_texts(code), **terms_of(code).texts}.items():
        assert sorted(SLOT.findall(english)) == sorted(SLOT.findall(own)), english
        assert english.count("**") == own.count("**"), english
        assert own.strip()


@pytest.mark.parametrize("code", OTHERS)
def test_the_texts_of_the_knowledge_files_that_stand_in_frames_have_their_own(knowledge: Knowledge, code: str) -> None:
    terms = terms_of(code)
    wanted = [text for criterion in knowledge.criteria.values() for text in (criterion.title, criterion.gap)]
    wanted += [tool.made_for for tool in knowledge.tools.values()]
    wanted += [f"### {brief.title}" for brief in knowledge.briefs.values()]
    assert [text for text in wanted if text not in terms.texts] == []
    assert {setting.name for tool in knowledge.tools.values() for setting in tool.settings} <= set(terms.settings)


@pytest.mark.parametrize("code", OTHERS)
def test_languages_hold_the_same_frame_sentences(code: str) -> None:
    assert set(frame_texts(code)) == set(frame_texts("de"))
    assert set(terms_of(code).texts) == set(terms_of("de").texts)
    assert set(terms_of(code).settings) == set(terms_of("de").settings)


def test_what_stands_in_a_slot_is_put_into_the_language_part_by_part() -> None:
    say = frames_of("de").say
    assert (
        say("### Zoom for sessions with clients: **only on conditions**")
        == "### Zoom für Sitzungen mit Klienten: **nur unter Bedingungen**"
    )
    assert say("Basic plan") == "Tarif Basic"
    assert say("6 Aug 2026, stale") == "6. Aug. 2026, veraltet"
    assert say("I hold documents on Doxy.me, Zoom.") == "Ich habe Dokumente zu Doxy.me, Zoom."
    assert say("*as it comes (Basic plan, defaults): not suitable · judged for 1 Dec 2026*") == (
        "*wie es geliefert wird (Tarif Basic, Voreinstellungen): nicht geeignet · beurteilt für den 1. Dez. 2026*"
    )


def test_texts_of_the_knowledge_files_stay_as_they_are_held() -> None:
    say = frames_of("de").say
    practice = "Without such a contract for your plan, do not put client data into it, on or off."
    assert say(f"*For you:* {practice}") == f"*Für Sie:* {practice}"
    assert say(practice) == practice
    assert say("Zoom Terms and Conditions") == "Zoom Terms and Conditions"


def test_claims_are_left_alone_and_that_is_said_once() -> None:
    claim = Claim(text="not suitable", spans=(Span(clause_id="law/art-1@2020", start=0, end=3),))
    draft = Draft(blocks=(Block((Item(lead="*In our words:*", claims=(claim,)),), title="The clause"),))
    own = frames_of("de").draft(draft)
    assert own.claims == draft.claims
    assert own.blocks[0].title == "Die Klausel"
    assert own.blocks[0].items[0].lead == "*In unseren Worten:*"
    said = [item.tail for block in own.blocks for item in block.items if item.tail]
    assert said == [f"*{frame_texts('de')[STATED_AS_HELD]}*"]
    assert frames_of(ENGLISH).draft(draft) == draft


def test_the_folder_of_languages_is_no_knowledge() -> None:
    assert (Path(str(shipped_knowledge())) / "languages" / "de.yaml").is_file()
