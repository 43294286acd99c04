"""Vectors of the texts that were encoded last: one question is encoded for several ends, one clause is cited by many answers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder, Vectors

MOST_QUESTIONS = 256
MOST_TEXTS = 5_000  # a vector of MiniLM takes 1.5 kilobytes


class RememberingEncoder:
    """Another encoder, which is not asked again for what it encoded lately. What it gives must not be changed."""

    def __init__(self, encoder: Encoder, *, questions: int = MOST_QUESTIONS, texts: int = MOST_TEXTS) -> None:
        self._encoder = encoder
        self._questions = _Lately(questions)
        self._texts = _Lately(texts)

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        known = {text: vector for text in dict.fromkeys(texts) if (vector := self._texts.get(text)) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        for text, vector in zip(new, self._encoder.encode_documents(new) if new else (), strict=True):
            known[text] = vector
            self._texts.put(text, vector)
        return np.stack([known[text] for text in texts]) if texts else self._encoder.encode_documents(())

    def encode_query(self, text: str) -> Vectors:
        vector = self._questions.get(text)
        if vector is None:
            vector = self._encoder.encode_query(text)
            self._questions.put(text, vector)
        return vector


class _Lately:
    """At most ``most`` vectors by text; the one not asked for longest goes first. Safe for several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str) -> Vectors | None:
        with self._lock:
            if text in self._vectors:
                self._vectors.move_to_end(text)
            return self._vectors.get(text)

    def put(self, text: str, vector: Vectors) -> None:
        with self._lock:
            self._vectors[text] = vector
            self._vectors.move_to_end(text)
            if len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
