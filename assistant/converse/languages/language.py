"""What is held of a language: the words it is known by, how questions are put in it, and what its words are in English.

How people speak stands beside this file; the terms of law and tools stand in knowledge/languages.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import KnowledgeError, Problem
from assistant.ingest.yaml_files import YamlFile, read_yaml
from assistant.schema import Frozen

Model = TypeVar("Model", bound=BaseModel)

ENGLISH = "en"
NAMES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}  # in the order in which they are named
SERVED = tuple(NAMES)


class Language(Frozen):
    r"""One language besides English.

    ``known_by`` are little words that hardly any question is without, ``marks`` characters of no other language. ``rewrite`` are
    pairs of a regular expression and what stands for it in the same language, ``put`` pairs of one and the English for it, ``\1``
    standing for the English of a group; {parts} stand for expressions that many share. ``say`` gives the English of words and
    phrases, in any inflection; ``service`` are words for a tool that is not named; ``endings`` are pairs of what a verb may end in
    and how it then stands in ``say``. ``forms`` are such pairs of expressions for forms that change at the beginning, and
    ``separable`` what a verb may leave at the end of its clause. ``wants_consent_text`` asks for the information text on a {tool}.
    """

    model_config = ConfigDict(str_strip_whitespace=False)  # a space in an expression counts

    name: str
    stemmer: str
    compounds: bool = False
    capital_nouns: bool = False
    known_by: str
    marks: str = ""
    service: tuple[str, ...] = ()
    wants_consent_text: str
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    day: str
    endings: tuple[tuple[str, str], ...] = ()
    forms: tuple[tuple[str, str], ...] = ()
    separable: tuple[str, ...] = ()
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


class Sentences(Frozen):
    """Sentences of answers by the English ones that were verified."""

    claims: dict[str, str]


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
def terms_of(code: str, overlay: Path | None = None) -> Terms:
    """Raises FileNotFoundError for a language that is not served, KnowledgeError if the user's own file does not hold together."""
    return _laid_over(Terms, f"{code}.yaml", overlay)


@cache
def words_of_language(code: str, overlay: Path | None = None) -> Words:
    """Raises as ``terms_of``."""
    return _laid_over(Words, f"{code}-words.yaml", overlay)


@cache
def asks_of(code: str, overlay: Path | None = None) -> dict[str, tuple[str, ...]]:
    """The ways of asking in a language by the English one. Raises as ``terms_of``."""
    return _laid_over(WaysOfAsking, f"{code}-asks.yaml", overlay).asks


@cache
def claims_of(code: str, overlay: Path | None = None) -> dict[str, str]:
    """Sentences in a language by the verified English ones. Raises as ``terms_of``."""
    return _laid_over(Sentences, f"{code}-claims.yaml", overlay).claims


def check_overlay(overlay: Path) -> None:
    """Raises KnowledgeError if a file of the user's own on a language does not hold together."""
    for code in SERVED:
        if code != ENGLISH:
            for read in (terms_of, words_of_language, asks_of, claims_of):
                read(code, overlay)


@cache
def other_languages() -> Others:
    return Others.model_validate(_read("assistant.converse.languages", "others.yaml"))


def frame_texts(code: str) -> dict[str, str]:
    """The frame sentences of a language by the English ones."""
    texts: dict[str, str] = _read("assistant.converse.languages", f"frames-{code}.yaml")
    return texts


def _laid_over(model: type[Model], name: str, overlay: Path | None) -> Model:
    """A shipped file with the user's own laid over it: an entry of theirs replaces the one with the same key."""
    shipped: dict[str, Any] = _read("knowledge.languages", name)
    path = overlay / "languages" / name if overlay else None
    if path is None or not path.is_file():
        return model.model_validate(shipped)
    shown = f"languages/{name}"
    own = read_yaml(shown, path.read_bytes())
    if not isinstance(own, YamlFile):
        raise KnowledgeError(own)
    problems = [
        Problem(shown, own.line((key,)), f"{key!r} must hold entries under one of {', '.join(shipped)}")
        for key, entries in own.content.items()
        if key not in shipped or not isinstance(entries, dict)
    ]
    if problems:
        raise KnowledgeError(problems)
    try:
        return model.model_validate({key: {**entries, **own.content.get(key, {})} for key, entries in shipped.items()})
    except ValidationError as error:
        raise KnowledgeError([Problem(shown, own.line(problem["loc"]), problem["msg"]) for problem in error.errors()]) from error


def _read(package: str, name: str) -> Any:
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
