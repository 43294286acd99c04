"""Client details are taken out; names of tools, vendors, laws, authorities and places stay."""

from __future__ import annotations

import pytest

from assistant.guard import KnownNames, withhold_details

TOOLS = ("zoom", "claude", "max", "signal", "microsoft", "teams", "google meet", "webex")
WORDS = frozenset("which is a safe contract clause client notes meeting record".split())


@pytest.fixture
def known() -> KnownNames:
    plain = KnownNames()
    return KnownNames(plain.phrases | frozenset(TOOLS), lambda word: word in WORDS, frozenset(["zoom", "signal", "teams"]))


@pytest.mark.parametrize(
    "text, shown",
    [
        ("My client Wiremu Tangaroa wants Zoom.", "My client [name] wants Zoom."),
        ("Ms Oyelaran-Smith asks for her notes.", "Ms [name] asks for her notes."),
        ("I told Siobhán O'Dowd that Signal is fine.", "I told [name] that Signal is fine."),
        ("Meine Klientin Käthe von Bülow möchte Zoom.", "Meine Klientin [name] möchte Zoom."),
        ("may I email kiri@example.org?", "may I email [e-mail address]?"),
        ("She was born on 3 May 1988.", "She was born on [date of birth]."),
        ("Ring +44 7911 123456 first.", "Ring [phone number] first."),
        ("NHS number 943 476 5919, is that personal data?", "NHS number [health number], is that personal data?"),
        ("He lives at 12 Acacia Road, Leeds LS6 2AB.", "He lives at [address]."),
        ("Her SSN is 123-45-6789.", "Her SSN is [social security number]."),
        ("KVNR A123456780 notieren?", "KVNR [health number] notieren?"),
        ("IBAN DE89 3704 0044 0532 0130 00 is hers.", "IBAN [account number] is hers."),
    ],
)
def test_an_identifier_gives_way_to_a_placeholder(known: KnownNames, text: str, shown: str) -> None:
    assert withhold_details(text, known).text == shown


@pytest.mark.parametrize(
    "text",
    [
        "Is Zoom safe for therapy?",
        "Does Claude Max train on my chats?",
        "What does the ICO say about Schrems II?",
        "Compare Microsoft Teams with Google Meet.",
        "Is Teems or Zooom okay?",
        "Can clients in Berlin join Webex?",
        "GDPR Art. 28(3) and 45 CFR 164.312(e)(1)",
        "By the terms of 11 August 2023, what was allowed?",
        "Keep notes for 7 years, for 20 clients at most.",
        "Is Otter.ai or SimplePractice covered by a BAA?",
        "ISO 27001:2022 A.8.24",
    ],
)
def test_what_belongs_to_no_person_stays(known: KnownNames, text: str) -> None:
    withheld = withhold_details(text, known)
    assert (withheld.text, withheld.kinds) == (text, ())


def test_two_persons_can_be_told_apart(known: KnownNames) -> None:
    text = "I told Amara Obi that Bram Visser wrote to Amara Obi."
    assert withhold_details(text, known).text == "I told [name] that [name 2] wrote to [name]."


def test_the_notice_names_kinds_and_repeats_nothing(known: KnownNames) -> None:
    notice = withhold_details("My client Wiremu Tangaroa, wiremu@example.org, wants Zoom.", known).notice
    assert "a name and an e-mail address" in notice
    assert "wiremu" not in notice.lower()


def test_a_story_of_somebodys_health_is_taken_out(known: KnownNames) -> None:
    withheld = withhold_details("My client has panic attacks and is on sertraline. Is Zoom safe?", known)
    assert withheld.text == "My client has [health detail] and is on [health detail]. Is Zoom safe?"
    assert withheld.kinds == ("somebody's health",)


@pytest.mark.parametrize("text", ["Is depression health data?", "My client is suicidal.", "My 15-year-old client uses Zoom."])
def test_a_word_of_health_danger_or_age_alone_stays(known: KnownNames, text: str) -> None:
    assert withhold_details(text, known).text == text


def test_a_minor_with_a_name_stays_a_minor(known: KnownNames) -> None:
    assert withhold_details("My client Wiremu Tangaroa is 15 years old.", known).text == "My client [name] is under 18 years old."


@pytest.mark.parametrize("piece", ["1 ", "1-", "Aa, ", "a@", "12 Aa ", "born 1 ", "Von ", "GB12 ", "(", "calle A "])
def test_no_text_takes_long(known: KnownNames, piece: str) -> None:
    """4,000 characters at most reach this; a pattern that runs away would take minutes."""
    withhold_details((piece * 4_000)[:4_000], known)
