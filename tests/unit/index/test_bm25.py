"""BM25 over words and word pairs."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.index.bm25 import BM25Index
from assistant.index.text import bigrams, terms

TEXTS = ["The right to erasure of data.", "Erasure is a right the data subject has.", "Doors are locked at night."]


def build() -> BM25Index:
    return BM25Index.build(TEXTS, k1=1.2, b=0.75)


def test_words_are_stemmed_and_stop_words_left_out_but_not_those_that_decide() -> None:
    assert terms("You must not delete the recordings") == ["must", "not", "delet", "record"]


def test_pairs_keep_the_order_of_words() -> None:
    assert bigrams("right to erasure") == ["right_to", "to_erasur"]


def test_a_text_that_shares_no_word_scores_nothing() -> None:
    assert build().scores("erasure")[2] == 0


def test_the_same_words_in_the_same_order_score_higher() -> None:
    scores = build().scores("right to erasure")
    assert scores[0] > scores[1] > scores[2]


def test_a_question_of_stop_words_only_scores_nothing_by_words() -> None:
    assert build().scores("is").tolist() == [0, 0, 0]


def test_what_was_saved_scores_the_same_after_loading(tmp_path: Path) -> None:
    index = build()
    index.save(tmp_path)
    assert (BM25Index.load(tmp_path).scores("right to erasure") == index.scores("right to erasure")).all()


def test_known_words_are_known_in_every_form() -> None:
    assert build().knows("locking")
    assert not build().knows("acuity")


def test_texts_of_stop_words_alone_are_found_by_nothing_and_shift_no_row() -> None:
    """The first has pairs but no word, the second neither: each stands in another number of the two indexes."""
    index = BM25Index.build(["What is it", "?", *TEXTS], k1=1.2, b=0.75)
    scores = index.scores("erasure")
    assert scores[:2].tolist() == [0, 0]
    assert scores[2] > 0
    assert BM25Index.build(["?", "!"], k1=1.2, b=0.75).scores("erasure").tolist() == [0, 0]


def test_the_ceiling_is_the_score_of_a_text_of_usual_length_that_holds_everything_asked_for_once() -> None:
    index = BM25Index.build(["red foxes jump", "blue dogs sleep", "old cats wait"], k1=1.2, b=0.75)
    assert index.scores("red foxes jump")[0] == pytest.approx(index.ceiling("red foxes jump"), rel=1e-5)
    assert index.ceiling("red foxes jump home") > index.ceiling("red foxes jump")  # no text holds "home"
