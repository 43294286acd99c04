"""An encoder that remembers gives what the other gives, asks it once, and forgets what is oldest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.index.remembered import RememberingEncoder
from tests.unit.index.corpus import HashedWords

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors


class Counting(HashedWords):
    """Also remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__("counting")
        self.seen: list[str] = []

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return super().encode_documents(texts)

    def encode_query(self, text: str) -> Vectors:
        self.seen.append(text)
        return super().encode_query(text)


def test_it_gives_what_the_encoder_gives_in_the_order_asked_for_and_asks_once() -> None:
    encoder = Counting()
    remembering = RememberingEncoder(encoder)
    first = remembering.encode_documents(["a door", "a key", "a door"])
    second = remembering.encode_documents(["a key", "a lamp"])
    assert encoder.seen == ["a door", "a key", "a lamp"]
    assert np.array_equal(first, HashedWords("counting").encode_documents(["a door", "a key", "a door"]))
    assert np.array_equal(second, HashedWords("counting").encode_documents(["a key", "a lamp"]))
    assert remembering.encode_documents([]).shape[0] == 0


def test_questions_and_texts_are_kept_apart() -> None:
    encoder = Counting()
    remembering = RememberingEncoder(encoder)
    for _ in range(2):
        remembering.encode_query("a door")
        remembering.encode_documents(["a door"])
    assert encoder.seen == ["a door", "a door"]


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    encoder = Counting()
    remembering = RememberingEncoder(encoder, questions=2)
    for text in ("a door", "a key", "a door", "a lamp", "a door", "a key"):
        remembering.encode_query(text)
    assert encoder.seen == ["a door", "a key", "a lamp", "a key"]
