"""Names that nobody has told the program of, and what only looks like one."""

import pytest

from assistant.converse.names import ToolNames
from assistant.converse.words import words_of

NAMES = ToolNames([], {"data", "clients", "answer", "therapy"}.__contains__, words_of(), ["Does the law hold for practices in Leeds?"])


@pytest.mark.parametrize(
    "question, name",
    [
        ("Where does Kavioo store its data?", "Kavioo"),
        ("We write everything into Mindwell Pro these days.", "Mindwell Pro"),
        ("My clients like Zentalk and so do I", "Zentalk"),
    ],
)
def test_a_word_written_as_a_name_that_nobody_uses_is_one(question: str, name: str) -> None:
    assert NAMES.strange_name(question) == name


@pytest.mark.parametrize(
    "question",
    [
        "Sometimes clients do not answer.",  # any word may begin a sentence
        "Clients answer. Afterwards what?",
        "I practise in Munich and see clients online.",  # a place
        "Is that so under HIPAA-wise reading?",
        "The Leeds practice, may it answer?",  # stands in a way of asking
        "My GP and the NHS want an answer.",
        "Does [name] get the data?",
    ],
)
def test_what_is_no_tools_name(question: str) -> None:
    assert NAMES.strange_name(question) is None
