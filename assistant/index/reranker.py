"""Question and passage read together: a MiniLM cross-encoder, opt-in, for the first few."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np

from assistant.index.model_files import RERANKER_MODEL, RERANKER_WORDS, open_session, open_tokenizer, run_padded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

MAX_TOKENS = 256


class Reranker(Protocol):
    """Scores passages for a question; higher is nearer, without a unit."""

    @property
    def fingerprint(self) -> str: ...

    def score(self, question: str, texts: Sequence[str]) -> Scores:
        """Shape (len(texts),), float32, in the order given. A pair's score does not depend on the others."""
        ...


class CrossEncoder:
    """ms-marco-MiniLM-L-12-v2 in int8: one logit a pair, over at most 256 tokens."""

    fingerprint: ClassVar[str] = f"ms-marco-minilm-int8:{RERANKER_MODEL.sha256[:16]}:single"

    def score(self, question: str, texts: Sequence[str]) -> Scores:
        """One pair at a time, as the encoders read texts: the scale of what is rounded follows everything in a batch."""
        scores: Scores = np.zeros(len(texts), dtype=np.float32)
        for place, text in enumerate(texts):
            pair = self._tokenizer.encode(question, text)
            logits, _ = run_padded(self._session, [pair.ids], [pair.type_ids])
            scores[place] = logits.reshape(-1)[0]
        return scores

    @cached_property
    def _session(self) -> Any:
        return open_session(RERANKER_MODEL.path())

    @cached_property
    def _tokenizer(self) -> Any:
        return open_tokenizer(RERANKER_WORDS, MAX_TOKENS)
