"""The words by which questions of one language are understood, read from languages/."""

from __future__ import annotations

import re
from functools import cache, cached_property
from importlib.resources import files

import yaml
from pydantic import Field

from assistant.schema import Feature, Frozen, Jurisdiction, Use
from assistant.schema.base import Id

Patterns = tuple[str, ...]


class Words(Frozen):
    """Regular expressions by what they show; the file of a language must hold every one."""

    asks_for_judgement: Patterns
    clause: Patterns
    clause_of_answer: Patterns
    letter: Patterns
    consent_text: Patterns
    conditions: Patterns
    greeting: Patterns
    start_over: Patterns
    definition: Patterns
    follows_up: Patterns
    states: Patterns
    supposes: Patterns
    compares: Patterns
    compares_all: Patterns
    why: Patterns
    what_else: Patterns
    now: Patterns
    both: Patterns
    only_another_tool: Patterns
    about_that: Patterns
    points_back: Patterns
    without_a_tool: Patterns
    names_a_standard: Patterns
    sources: dict[Id, Patterns]
    names_law: Patterns
    names_us_law: Patterns
    clinical_or_legal_service: Patterns
    law_not_held: Patterns
    danger: Patterns
    asks_for_law: Patterns
    asks_for_duty: Patterns
    places: dict[Jurisdiction, Patterns]
    client_there: Patterns
    uses: dict[Use, Patterns]
    minors: Patterns
    not_covered_by_hipaa: Patterns
    features: dict[Feature, Patterns]
    refused: Patterns
    wanted: Patterns
    free: Patterns
    plan_words: Patterns
    months: Patterns = Field(min_length=12, max_length=12)
    day: Patterns
    ordinary_words: Patterns
    used_as_tool: Patterns
    unknown_tool: Patterns
    judged: Patterns
    practitioners: Patterns
    name_ends: Patterns
    not_a_tool: str

    def find(self, name: str, text: str) -> re.Match[str] | None:
        """The first match of any expression of an entry, None without one."""
        return self._compiled(name).search(text)

    def says(self, name: str, text: str) -> bool:
        """Whether any expression of an entry stands in the text."""
        return self.find(name, text) is not None

    @staticmethod
    def any_of(patterns: Patterns, text: str) -> bool:
        """Whether any of some expressions stands in the text."""
        return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)

    def source(self, name: str) -> str:
        """The expressions of an entry as one, to be put into a larger one."""
        return "|".join(getattr(self, name))

    @cached_property
    def not_tools(self) -> frozenset[str]:
        return frozenset(self.not_a_tool.split())

    def _compiled(self, name: str) -> re.Pattern[str]:
        return _compile(self.source(name))


@cache
def _compile(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


@cache
def words_of(language: str = "en") -> Words:
    """The words of a language by its code.

    Raises FileNotFoundError for a language without a file.
    """
    text = files("assistant.converse").joinpath("languages", f"{language}.yaml").read_text(encoding="utf-8")
    return Words.model_validate(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
