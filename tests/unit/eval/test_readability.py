"""Readability, by formula worked out by hand."""

from __future__ import annotations

import pytest

from assistant.converse.render import CLAUSES_MARK
from eval.readability import count_syllables, flesch_reading_ease, prose_of


@pytest.mark.parametrize(
    "word, syllables",
    [("cat", 1), ("the", 1), ("service", 2), ("table", 2), ("asked", 1), ("needed", 2), ("agree", 2), ("authority", 4), ("hmm", 1)],
)
def test_syllables(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_the_formula() -> None:
    """Six words of one syllable in one sentence: 206.835 - 1.015 x 6 - 84.6 x 1."""
    assert flesch_reading_ease("The cat sat on the mat.") == pytest.approx(206.835 - 6.09 - 84.6)


def test_short_sentences_and_words_read_more_easily() -> None:
    plain = flesch_reading_ease("You may use it. Ask for a contract first.")
    stiff = flesch_reading_ease(
        "Utilisation is permissible subsequent to the conclusion of contractual documentation regarding confidentiality."
    )
    assert plain is not None
    assert stiff is not None
    assert plain > stiff


def test_an_abbreviated_article_does_not_end_a_sentence() -> None:
    assert flesch_reading_ease("See Art. 28 for that.") == flesch_reading_ease("See Art 28 for that.")


def test_text_without_words_has_no_value() -> None:
    assert flesch_reading_ease("[1] 2024.") == flesch_reading_ease("") is None


def test_prose_is_what_a_person_reads() -> None:
    answer = f"### Acme: **no**\n\n1. It sells data [1][2].\n- ☐ Do not use it\n\n{CLAUSES_MARK}\n\n| [1] | clause |\n"
    assert prose_of(answer) == "Acme: no\n\nIt sells data.\nDo not use it"
