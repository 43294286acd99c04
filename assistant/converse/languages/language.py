"""What is held of a language: the words it is known by, how questions are put in it, and what its words are in English.

How people speak stands beside this file; the terms of law and tools stand in knowledge/languages.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import ConfigDict, Field

from assistant.schema import Frozen

ENGLISH = "en"
NAMES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}  # in the order in which they are named
SERVED = tuple(NAMES)


class Language(Frozen):
    r"""One language besides English.

    ``known_by`` are little words that hardly any question is without, ``marks`` characters of no other language. ``rewrite`` are
    pairs of a regular expression and what stands for it in the same language, ``put`` pairs of one and the English for it, ``\1``
    standing for the English of a group; {parts} stand for expressions that many share. ``say`` gives the English of words and
    phrases, in any inflection; ``service`` are words for a tool that is not named; ``endings`` are pairs of what a verb may end in
    and how it then stands in ``say``.
    """

    model_config = ConfigDict(str_strip_whitespace=False)  # a space in an expression counts

    name: str
    stemmer: str
    compounds: bool = False
    known_by: str
    marks: str = ""
    service: tuple[str, ...] = ()
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    day: str
    endings: tuple[tuple[str, str], ...] = ()
    parts: dict[str, str] = Field(default_factory=dict)
    rewrite: tuple[tuple[str, str], ...] = ()
    put: tuple[tuple[str, str], ...]
    say: dict[str, str]


class Terms(Frozen):
    """The terms of law and tools: ``say`` gives the English of each.

    ``texts`` are the asker's words for texts of the knowledge files, ``settings`` for names of settings.
    """

    say: dict[str, str]
    texts: dict[str, str]
    settings: dict[str, str]


class Words(Frozen):
    """Everyday words by their English: what the ways of asking and the clauses are written in, put into the language."""

    words: dict[str, tuple[str, ...]]

    @property
    def say(self) -> dict[str, str]:
        return {own: english for english, words in self.words.items() for own in words}


class WaysOfAsking(Frozen):
    """Ways of asking in a language by the English one that says the same."""

    asks: dict[str, tuple[str, ...]]


class Others(Frozen):
    """Languages that are not served: the little words each is known by, or its script, and a sentence in it that says so."""

    known_by: dict[str, str]
    scripts: dict[str, str]
    sorry: dict[str, str]


@cache
def language_of(code: str) -> Language:
    """Raises FileNotFoundError for a language that is not served."""
    return Language.model_validate(_read("assistant.converse.languages", f"{code}.yaml"))


@cache
def terms_of(code: str) -> Terms:
    """Raises FileNotFoundError for a language that is not served."""
    return Terms.model_validate(_read("knowledge.languages", f"{code}.yaml"))


@cache
def words_of_language(code: str) -> Words:
    """Raises FileNotFoundError for a language that is not served."""
    return Words.model_validate(_read("knowledge.languages", f"{code}-words.yaml"))


@cache
def asks_of(code: str) -> dict[str, tuple[str, ...]]:
    """The ways of asking in a language by the English one. Raises FileNotFoundError for a language that is not served."""
    return WaysOfAsking.model_validate(_read("knowledge.languages", f"{code}-asks.yaml")).asks


@cache
def other_languages() -> Others:
    return Others.model_validate(_read("assistant.converse.languages", "others.yaml"))


def frame_texts(code: str) -> dict[str, str]:
    """The frame sentences of a language by the English ones."""
    texts: dict[str, str] = _read("assistant.converse.languages", f"frames-{code}.yaml")
    return texts


def _read(package: str, name: str) -> Any:
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
