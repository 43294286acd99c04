"""BM25 over words, and over words with adjacent pairs of words, by bm25s."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.index.text import bigrams, terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]


class BM25Index:
    """Two BM25 indexes over the same clauses; a clause's score is the mean of both (docs/retrieval.md)."""

    def __init__(self, words: Any, pairs: Any) -> None:
        self._words = words
        self._pairs = pairs

    @classmethod
    def build(cls, texts: Sequence[str], *, k1: float, b: float) -> BM25Index:
        """Index the texts, at least one, in order; row i of every score is text i."""
        words = [terms(text) for text in texts]
        pairs = [unigrams + bigrams(text) for unigrams, text in zip(words, texts, strict=True)]
        return cls(_index(words, k1, b), _index(pairs, k1, b))

    @classmethod
    def load(cls, folder: Path) -> BM25Index:
        """Raises OSError, ValueError or KeyError if the files are missing or damaged."""
        import bm25s

        return cls(*(bm25s.BM25.load(str(folder / name), load_vocab=True) for name in ("words", "pairs")))

    def save(self, folder: Path) -> None:
        for name, index in (("words", self._words), ("pairs", self._pairs)):
            index.save(str(folder / name), show_progress=False)

    def knows(self, word: str) -> bool:
        """Whether a word, in any of its forms, stands in a clause. Stop words are known."""
        stems = terms(word)
        return not stems or all(stem in self._words.vocab_dict for stem in stems)

    def scores(self, question: str) -> Scores:
        """Shape (clauses,), float32, 0 where no word is shared."""
        words = terms(question)
        total: Scores = (_scores(self._words, words) + _scores(self._pairs, words + bigrams(question))) * np.float32(0.5)
        return total


def _scores(index: Any, tokens: Sequence[str]) -> Scores:
    if not tokens:
        return np.zeros(index.scores["num_docs"], dtype=np.float32)
    scores: Scores = index.get_scores(list(tokens))
    return scores


def _index(tokens: Sequence[Sequence[str]], k1: float, b: float) -> Any:
    import bm25s

    index = bm25s.BM25(k1=k1, b=b, method="lucene")
    # bm25s cannot index an empty vocabulary; a token that no question can hold keeps the rows in place
    index.index([list(row) or ["\x00"] for row in tokens], show_progress=False)
    return index
