"""Questions and answers in other languages: which language it is, how it reads in English, and that no frame sentence lacks its own."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.converse.draft import Block, Draft, Item
from assistant.converse.languages import ENGLISH, SERVED, Languages, check_overlay, frames_of
from assistant.converse.languages.claims import ClaimTexts
from assistant.converse.languages.frames import STATED_AS_HELD
from assistant.converse.languages.language import asks_of, claims_of, frame_texts, language_of, other_languages, terms_of
from assistant.converse.words import words_of
from assistant.errors import KnowledgeError
from assistant.guard import KnownNames, protect_question
from assistant.ingest.knowledge_files import load_knowledge, shipped_knowledge
from assistant.schema import Claim, Knowledge, Span
from assistant.verify.spans import first_sentence
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


NUMBER_WORDS = {
    "en": "two three four five six seven eight nine ten",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn",
    "fr": "deux trois quatre cinq six sept huit neuf dix",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez",
}


def numbers(text: str, code: str) -> list[str]:
    """The numbers of a text in figures, those in words too, sorted."""
    words = {word: str(value) for value, word in enumerate(NUMBER_WORDS[code].split(), start=2)}
    words |= dict.fromkeys("both beide beides beiden ambos ambas".split(), "2")
    found = re.findall(r"\d+|[^\W\d_]+", text.lower())
    return sorted(words.get(word, word) for word in found if word in words or word.isdigit())


@pytest.mark.parametrize("code", OTHERS)
def test_a_sentence_of_an_answer_has_the_same_numbers_and_slots_as_the_english_that_was_verified(code: str) -> None:
    held = claims_of(code)
    assert len(held) > 60
    for english, own in held.items():
        assert sorted(re.findall(r"\d+", english)) == sorted(re.findall(r"\d+", own)), english
        assert numbers(english, ENGLISH) == numbers(own, code), english
        assert sorted(SLOT.findall(english)) == sorted(SLOT.findall(own)), english
        assert english.count("[") == own.count("["), english


@pytest.mark.parametrize("code", OTHERS)
def test_what_a_client_reads_and_what_a_practitioner_must_do_is_held_in_every_language(knowledge: Knowledge, code: str) -> None:
    frames = frames_of(code)
    wanted = [text for item in knowledge.information.values() for text in (item.title, item.text)]
    wanted += [text for item in knowledge.consents.values() for text in (item.title, item.text)]
    wanted += [text for duty in knowledge.duties.values() for text in (duty.text, first_sentence(duty.text))]
    filled = [text.replace("{tool}", "Zoom").replace("{product}", "Zoom Workplace").replace("{publisher}", "Zoom, Inc.") for text in wanted]
    assert [text for text in filled if frames.find(text) is None] == []


def test_every_step_and_every_point_of_an_outline_is_held_in_german(knowledge: Knowledge) -> None:
    find = frames_of("de").find
    wanted = [step for tool in knowledge.tools.values() for setting in tool.settings for step in setting.steps.values()]
    wanted += [entry.step.text for entry in knowledge.evidence.values() if entry.step and entry.step.kind != "recheck"]
    wanted += [point.text for brief in knowledge.briefs.values() for point in brief.points]
    assert [text for text in wanted if find(text) is None] == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_is_held_that_the_knowledge_files_do_not_have(knowledge: Knowledge, code: str) -> None:
    entries = [text for item in knowledge.information.values() for text in (item.title, item.text)]
    entries += [text for item in knowledge.consents.values() for text in (item.title, item.text)]
    entries += [duty.text for duty in knowledge.duties.values()]
    entries += [text for brief in knowledge.briefs.values() for text in (*(point.text for point in brief.points), brief.caution or "")]
    for tool in knowledge.tools.values():
        entries += [step for setting in tool.settings for step in setting.steps.values()]
        entries += [contract.step for contract in tool.contracts] + [notice.text for notice in tool.notices]
        entries += [tool.retired.reason] if tool.retired else []
    entries += [text for entry in knowledge.evidence.values() for text in (entry.reason, entry.step.text if entry.step else "")]
    held = {text.lower().rstrip(".") for text in entries}
    composed = re.compile(r"\{(?:label|claim)\}|^(?:Read the clause yourself|File the signed copy)")
    assert [text for text in claims_of(code) if text.lower().rstrip(".") not in held and not composed.search(text)] == []


def test_a_claim_in_another_language_cites_the_same_clauses() -> None:
    english = "Use the Business plan"
    claim = Claim(text=english, spans=(Span(clause_id="a/1@2020", start=0, end=3), Span(clause_id="b/1@2020", start=0, end=3)))
    draft = Draft(blocks=(Block((Item(claims=(claim,)),), style="checklist"),))
    for code in OTHERS:
        (own,) = frames_of(code).draft(draft).claims
        assert own.text != english
        assert "Business" in own.text
        assert own.spans == claim.spans
        assert not any(item.tail for block in frames_of(code).draft(draft).blocks for item in block.items)


def test_a_sentence_within_a_sentence_must_be_held_too() -> None:
    claims = ClaimTexts({"On other plans: {claim}": "In anderen Tarifen: {claim}", "Nothing is said.": "Nichts ist gesagt."})
    assert claims.find("On other plans: Nothing is said.") == "In anderen Tarifen: Nichts ist gesagt."
    assert claims.find("On other plans: Something is said.") is None
    assert claims.find("nothing is said") == "Nichts ist gesagt"


@pytest.mark.parametrize(
    "question, english",
    [
        ("Welche Risiken wäge ich ab?", "weigh"),
        ("Wer hat die Akte geöffnet?", "open"),
        ("Ich habe die Sitzung aufgezeichnet.", "record"),
        ("Muss ich die Schlüssel zurückgeben oder abgeben?", "return"),
    ],
)
def test_german_verbs_in_two_parts_and_participles_are_read(languages: Languages, question: str, english: str) -> None:
    assert english in languages.read(question).english.lower()


def test_a_question_near_a_way_of_asking_gets_the_english_one_beside_it(languages: Languages) -> None:
    reading = languages.read("Kann eine Klientin ihre Einwilligung widerrufen?")
    assert reading.near == "Can a client withdraw consent?"
    assert reading.question == f"{reading.english} {reading.near}"
    assert languages.read("Verkauft Zoom Daten?").near == "Does Zoom sell data?"
    assert languages.read("Was koche ich heute Abend für meine Gäste?").near is None


@pytest.mark.parametrize("code", OTHERS)
def test_ways_of_asking_are_asked_in_english_too(knowledge: Knowledge, code: str) -> None:
    english = {ask for entry in knowledge.exemplars.values() for ask in entry.asks} | {a for b in knowledge.briefs.values() for a in b.asks}
    assert [ask for ask in asks_of(code) if ask not in english and "the service" not in ask] == []
    assert set(asks_of(code)) == set(asks_of("de"))


@pytest.mark.parametrize("code", OTHERS)
def test_no_noun_of_another_language_is_taken_for_a_name(knowledge: Knowledge, languages: Languages, code: str) -> None:
    held = set(re.findall(r"\w+", " ".join(clause.text for clause in knowledge.clauses.values()).lower()))
    known = KnownNames.of(knowledge, held.__contains__)
    asked = [turn for pair in load_twins(code, "practice") for turn in pair.other.asked]
    changed = [turn for turn in asked if protect_question(turn, languages.known_names(turn, ENGLISH, known)).notices]
    assert len(changed) <= len(asked) // 40, changed


@pytest.mark.parametrize("message", ["Frau Petra Sommerfeld möchte Zoom. Darf sie?", "Meine Klientin Aylin Demir will ihre Akte sehen."])
def test_a_german_name_is_still_taken_out(knowledge: Knowledge, languages: Languages, message: str) -> None:
    known = KnownNames.of(knowledge)
    protected = protect_question(message, languages.known_names(message, ENGLISH, known))
    assert "[name" in protected.text
    assert not {"Sommerfeld", "Aylin", "Demir", "Petra"} & set(protected.text.replace(".", " ").split())


def test_the_users_own_words_are_laid_over_the_shipped_ones(knowledge: Knowledge, tmp_path: Path) -> None:
    folder = tmp_path / "languages"
    folder.mkdir()
    (folder / "de.yaml").write_text("say:\n  Plauderkiste: messenger\n", encoding="utf-8")
    (folder / "de-claims.yaml").write_text("claims:\n  'Use the {label} plan': 'Nehmen Sie {label}'\n", encoding="utf-8")
    check_overlay(tmp_path)
    own = Languages(lambda word: False, [tool.name for tool in knowledge.tools.values()], tmp_path)
    assert own.read("Was ist eine Plauderkiste?").english == "What is a messenger?"
    assert frames_of("de", tmp_path).say("Use the Pro plan") == "Nehmen Sie Pro"
    assert frames_of("de").say("Use the Pro plan") == "Den Tarif Pro verwenden"


@pytest.mark.parametrize(
    "text, line",
    [("say: [a, b]\n", 1), ("say:\n  Wort: word\nunknown: {}\n", 3), ("say:\n  Wort: [1, 2]\n", 2), ("say:\n  Wort: {x\n", 3)],
)
def test_what_is_wrong_in_a_users_own_file_is_named_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "de.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        check_overlay(tmp_path)
    assert [(problem.file, problem.line) for problem in error.value.problems][:1] == [("languages/de.yaml", line)]
