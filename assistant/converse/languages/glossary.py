"""Words of one language in English: the longest phrase first, in any inflection, compounds by their parts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz

_WORD = re.compile(r"[^\W_]+")
_ALIKE = 65  # of 100 (rapidfuzz)
_LONGEST_PHRASE = 6
_SHORTEST_PART = 4  # letters of a part of a compound
_LINKS = ("s", "es", "n", "en", "e", "")  # what German puts between the parts of a compound


class Glossary:
    """``say``: English by phrase. ``endings``: what a verb may end in, and how it then stands in ``say``.

    ``forms``: pairs of an expression for a form of a verb that changes at its beginning ("aufgezeichnet") and the form in ``say``.
    """

    def __init__(
        self,
        say: Mapping[str, str],
        stemmer: str,
        *,
        compounds: bool,
        endings: Sequence[tuple[str, str]] = (),
        forms: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._endings = tuple(endings)
        self._forms = tuple((re.compile(pattern), whole) for pattern, whole in forms)
        self._language = stemmer
        self._splits = compounds
        self._exact: dict[tuple[str, ...], str] = {}
        self._stems: dict[tuple[str, ...], str] = {}
        for phrase, english in say.items():
            words = tuple(_WORD.findall(phrase.lower()))
            self._exact.setdefault(words, english)
            self._stems.setdefault(tuple(map(self.stem, words)), english)

    def tells(self, word: str) -> bool:
        """Whether the word is of this language and unlike its English: "sesión" may be a misspelt "session"."""
        lower = word.lower()
        english = self._find((lower,)) or self._inflected(lower) or self._parts(lower)
        return fuzz.ratio(lower, english) < _ALIKE if english else False

    def knows(self, word: str) -> bool:
        """Whether the word, or another form of it, has an English of its own; compounds do not count."""
        lower = word.lower()
        return bool(self._find((lower,)) or self._inflected(lower))

    def holds(self, word: str) -> bool:
        """Whether the word, another form of it, or both parts of it are held, even as one that English leaves out."""
        lower = word.lower()
        return self._find((lower,)) is not None or bool(self._inflected(lower) or self._parts(lower))

    def english(self, text: str, names: Collection[str] = ()) -> str:
        """The text with what is known put into English; other words, numbers and marks stay as they are.

        ``names``: words in lower case that stay as they are where they are written as names.
        """
        found = list(_WORD.finditer(text))
        pieces: list[str] = []
        position = end = 0
        while position < len(found):
            word = found[position].group()
            is_name = word[:1].isupper() and word.lower() in names
            size, english = (1, word) if is_name else self._longest(text, found, position)
            start = found[position].start()
            pieces.append(text[end:start])
            end = found[position + size - 1].end()
            pieces.append(english)
            position += size
        joined = "".join([*pieces, text[end:]])
        return re.sub(r"\s+(?=[?.,!;:])", "", " ".join(joined.split()))

    def _longest(self, text: str, found: list[re.Match[str]], position: int) -> tuple[int, str]:
        run = [found[position].group().lower()]
        for before, after in zip(found[position:], found[position + 1 : position + _LONGEST_PHRASE], strict=False):
            if not re.fullmatch(r"[\s\-'’/]*", text[before.end() : after.start()]):
                break
            run.append(after.group().lower())
        for size in range(len(run), 0, -1):
            if (english := self._find(tuple(run[:size]))) is not None:
                return size, english
        return 1, self._inflected(run[0]) or self._parts(run[0]) or found[position].group()

    def _find(self, words: tuple[str, ...]) -> str | None:
        exact = self._exact.get(words)
        return exact if exact is not None else self._stems.get(tuple(map(self.stem, words)))

    def _inflected(self, word: str) -> str | None:
        stems = (
            word.removesuffix(ending) + whole for ending, whole in self._endings if word.endswith(ending) and len(word) > _SHORTEST_PART
        )
        found = next((english for stem in stems if (english := self._exact.get((stem,)))), None)
        if found:
            return found
        wholes = (pattern.sub(whole, word) for pattern, whole in self._forms if pattern.fullmatch(word))
        return next((english for whole in wholes if (english := self._find((whole,)))), None)

    def _parts(self, word: str) -> str | None:
        """The English of a compound's two parts, the longest second part first; None if it is none."""
        if not self._splits:
            return None
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            second = self._find((word[cut:],))
            if not second:
                continue
            for link in _LINKS:
                first = word[:cut].removesuffix(link) if link and word[:cut].endswith(link) else word[:cut]
                if len(first) >= _SHORTEST_PART and (english := self._find((first,))):
                    return f"{english} {second}"
        return None

    def stem(self, word: str) -> str:
        stemmed: str = self._stemmer.stemWord(word)
        return stemmed

    @cached_property
    def _stemmer(self) -> Any:
        import Stemmer

        return Stemmer.Stemmer(self._language)
