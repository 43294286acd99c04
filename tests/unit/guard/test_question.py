"""Questions are bounded, printable and in words before anything is done with them."""

from __future__ import annotations

import pytest

from assistant.errors import QuestionError
from assistant.guard import clean_question


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u200e", "?!?!", "12345", "🙂🙂"])
def test_a_question_without_words_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(QuestionError, match="Is Zoom safe for therapy"):
        clean_question(text)


def test_a_question_of_100_kilobytes_is_refused_without_repeating_it() -> None:
    with pytest.raises(QuestionError) as caught:
        clean_question("secret words " * 8_000)
    assert "secret" not in str(caught.value)
    assert "104,000" in str(caught.value)


def test_control_and_invisible_characters_are_taken_out() -> None:
    assert clean_question("Is\x00 Zo\u200bom\u202e safe\x1b[31m?\r\n") == "Is Zoom safe [31m?"


@pytest.mark.parametrize("text", ["Ist Zoom sicher für Therapie?", "هل زووم آمن؟", "Zoomは安全ですか", "Безопасен ли Zoom?"])
def test_other_scripts_pass(text: str) -> None:
    assert clean_question(text) == text
