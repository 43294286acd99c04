"""Sentences in their own words, held to the force that their clause gives the same word."""

from __future__ import annotations

import pytest

from assistant.verify.denials import read_denials
from assistant.verify.turning import turns

CLAUSE = (
    "The vendor keeps recordings of meetings for 30 days at most.",
    "The host must tell every participant that a meeting is recorded.",
    "Administrators may export recordings of meetings.",
    "Content of meetings is not used to train models.",
    "Recordings of meetings are shared only with the host.",
    "The vendor tells the customer of a breach without undue delay.",
)


@pytest.mark.parametrize(
    "sentence, check",
    [
        ("Recordings of meetings are kept by the vendor for at least 30 days.", "modal"),
        ("A host may tell participants that the meeting is recorded.", "modal"),
        ("Recordings of meetings must be exported by administrators.", "modal"),
        ("Recordings of meetings are shared also with the host.", "modal"),
        ("A host must tell some participants that the meeting is recorded.", "modal"),
        ("What is content of meetings is used to train models.", "negation"),
        ("Recordings of meetings are not exported by administrators.", "negation"),
    ],
)
def test_a_turned_sentence_is_noticed(sentence: str, check: str) -> None:
    assert check in set(turns(sentence, CLAUSE))


@pytest.mark.parametrize(
    "sentence",
    [
        "For at most 30 days the vendor keeps recordings of meetings.",
        "Whoever hosts has to tell each participant that the meeting is recorded.",
        "Recordings of meetings can be exported by administrators.",
        "Models are never trained with content of meetings.",
        "Only the host gets the recordings of meetings shared.",
        "Without undue delay the customer hears of a breach from the vendor.",
        "Nothing is said of how recordings of meetings are encrypted.",
        "Support does not answer on Sundays.",
    ],
)
def test_a_faithful_sentence_and_one_about_something_else_pass(sentence: str) -> None:
    assert list(turns(sentence, CLAUSE)) == []


def test_a_denial_bears_on_the_words_after_it() -> None:
    denied, rest = read_denials("The app doesn't share recordings; support answers.")
    assert denied == (("share", "record"),)
    assert "answer" in rest
    assert "share" not in rest
