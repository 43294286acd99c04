"""BM25 over words and over words with adjacent pairs of words, added up once, when the index is built.

A BM25 score is a sum over the question's terms, so the mean of two indexes is one index: a word's weight in a text is the mean of its
weights in both, a pair's is half of its own. bm25s computes the weights; one pass over the question's terms gives the mean.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.index.text import bigrams, terms
from assistant.index.text import words as all_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]
    Numbers = NDArray[Any]

_ARRAYS = ("weights", "rows", "starts", "lengths")
_NO_TOKEN = "\x00"


class BM25Index:
    """The weights of every term in every text, by term. Row i of a score is text i."""

    def __init__(self, vocabulary: dict[str, int], weights: Scores, rows: Numbers, starts: Numbers, lengths: Scores, k1: float) -> None:
        self._vocabulary = vocabulary
        self._weights, self._rows, self._starts = weights, rows, starts
        self._k1 = k1
        self.lengths = lengths
        """How many words each text has, stop words too; shape (texts,)."""

    @classmethod
    def build(cls, texts: Sequence[str], *, k1: float, b: float, pairs: bool = True) -> BM25Index:
        """Index the texts, at least one, in order. Without ``pairs`` it is plain BM25 over words."""
        words = [terms(text) for text in texts]
        vocabulary, postings = _postings(words, k1, b)
        if pairs:
            both = [unigrams + bigrams(text) for unigrams, text in zip(words, texts, strict=True)]
            wider, more = _postings(both, k1, b)
            postings = [_mean(postings[vocabulary[token]] if token in vocabulary else None, more[place]) for token, place in wider.items()]
            vocabulary = {token: place for place, token in enumerate(wider)}
        starts = np.cumsum([0, *(len(rows) for rows, _ in postings)], dtype=np.int64)
        nothing = np.zeros(0)  # texts of stop words alone have no posting
        rows = np.concatenate([nothing, *(rows for rows, _ in postings)]).astype(np.int32)
        weights = np.concatenate([nothing, *(weights for _, weights in postings)]).astype(np.float32)
        lengths = np.array([len(all_words(text)) for text in texts], dtype=np.float32)
        return cls(vocabulary, weights, rows, starts, lengths, k1)

    @classmethod
    def load(cls, folder: Path) -> BM25Index:
        """Arrays stay on disk and are mapped. Raises OSError, ValueError or KeyError if the files are missing or damaged."""
        content = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        weights, rows, starts, lengths = (mapped_array(folder / f"{name}.npy") for name in _ARRAYS)
        vocabulary = {token: place for place, token in enumerate(content["terms"])}
        return cls(vocabulary, weights, rows, starts, lengths, content["k1"])

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        content = {"k1": self._k1, "terms": list(self._vocabulary)}
        (folder / "terms.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        for name, array in zip(_ARRAYS, (self._weights, self._rows, self._starts, self.lengths), strict=True):
            save_array(folder / f"{name}.npy", array)

    def knows(self, word: str) -> bool:
        """Whether a word, in any of its forms, stands in a text. Stop words are known."""
        stems = terms(word)
        return not stems or all(stem in self._vocabulary for stem in stems)

    def scores(self, question: str) -> Scores:
        """Shape (texts,), float32, 0 where no word is shared. A word that is asked twice counts twice."""
        places = self._places(question)
        if not places:
            return np.zeros(len(self.lengths), dtype=np.float32)
        parts = [slice(self._starts[place], self._starts[place + 1]) for place in places]
        rows = np.concatenate([self._rows[part] for part in parts])
        weights = np.concatenate([self._weights[part] for part in parts])
        total: Scores = np.bincount(rows, weights, minlength=len(self.lengths)).astype(np.float32)
        return total

    def ceiling(self, question: str) -> float:
        """What a text of usual length would score that held each of the question's words and pairs once, those too that no text holds.

        Were only known terms counted, or the best that any text makes of them, this would grow with the collection faster than scores do.
        """
        pairs = sum(self._rarity(pair) for pair in bigrams(question))
        return (sum(self._rarity(word) for word in terms(question)) + pairs / 2) / (1 + self._k1)

    def _rarity(self, term: str) -> float:
        """The inverse document frequency as bm25s has it."""
        place = self._vocabulary.get(term)
        holding = 0 if place is None else int(self._starts[place + 1] - self._starts[place])
        return math.log1p((len(self.lengths) - holding + 0.5) / (holding + 0.5))

    def _places(self, question: str) -> list[int]:
        tokens = terms(question) + bigrams(question)
        return [self._vocabulary[token] for token in tokens if token in self._vocabulary]


def mapped_array(path: Path) -> Numbers:
    """An array that stays on disk, as a plain one: numpy's own class for these makes every slice several times as dear."""
    return np.asarray(np.load(path, mmap_mode="r"))


def save_array(path: Path, array: Numbers) -> None:
    """Put a new file in the place of the old one, which a reader may have mapped: written over, it would break under that reader."""
    draft = path.with_name(f"{path.stem}.new.npy")
    np.save(draft, array)
    draft.replace(path)


def _mean(first: tuple[Numbers, Numbers] | None, second: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    rows, weights = second
    if first is None:
        return rows, weights * np.float32(0.5)
    return rows, (weights + first[1]) * np.float32(0.5)


def _postings(tokens: Sequence[Sequence[str]], k1: float, b: float) -> tuple[dict[str, int], list[tuple[Numbers, Numbers]]]:
    """The vocabulary, and by place in it the rows in ascending order and the weights there."""
    import bm25s

    index = bm25s.BM25(k1=k1, b=b, method="lucene")
    # bm25s cannot index an empty vocabulary; a token that no question can hold keeps the rows in place
    index.index([list(row) or [_NO_TOKEN] for row in tokens], show_progress=False)
    data, indices, starts = (index.scores[name] for name in ("data", "indices", "indptr"))
    names = [token for token in index.vocab_dict if token and token != _NO_TOKEN]
    parts = [slice(starts[index.vocab_dict[token]], starts[index.vocab_dict[token] + 1]) for token in names]
    orders = [np.argsort(indices[part], kind="stable") for part in parts]
    return (
        {token: place for place, token in enumerate(names)},
        [(indices[part][order], data[part][order]) for part, order in zip(parts, orders, strict=True)],
    )
