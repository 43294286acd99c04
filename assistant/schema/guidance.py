"""Knowledge that is not tied to one clause: everyday words, ways of asking, outlines of answers, and parts of a client information text."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from assistant.schema.base import Feature, Frozen, Id, Jurisdiction, Text

Wish = Literal["verdict", "topic", "outside", "law", "tool"]


class GlossaryEntry(Frozen):
    """Everyday words and the words that law and policies use for them; both only widen a search."""

    id: Id
    say: tuple[Text, ...] = Field(min_length=1)
    mean: tuple[Text, ...] = Field(min_length=1)


class Exemplar(Frozen):
    """Ways of asking for the same thing; a question is compared with them and takes after the nearest.

    Either ``clauses`` answer them; or they ask what a ``criterion`` is about; or ``wish`` says what is wanted: a verdict on a tool or
    one ``topic`` about it; something ``outside`` what this is for; ``law``, told apart from a ``tool`` that was not named. Where a
    tool is meant its name is read as "the service".
    """

    id: Id
    asks: tuple[Text, ...] = Field(min_length=1)
    clauses: tuple[Text, ...] = ()
    criterion: str | None = Field(default=None, pattern=r"^VT-[0-9]{2}$")
    wish: Wish | None = None

    @model_validator(mode="after")
    def _serves_one_end(self) -> Self:
        if sum(map(bool, (self.clauses, self.criterion, self.wish))) != 1:
            raise ValueError("give either clauses, criterion or wish")
        return self


class Point(Frozen):
    """One statement of an outline, with the clauses that say it."""

    text: Text
    clauses: tuple[Text, ...] = Field(min_length=1)


class Brief(Frozen):
    """The outline of an answer that no single clause gives ("Do I need consent to record?").

    ``asks`` are ways in which people ask it. ``criteria`` are those whose findings belong to the answer when a tool is named.
    ``caution`` claims nothing about a source. ``with_verdict``: the verdict on the tool belongs to the answer when one is named, and
    what fits better where it is a bad one.
    """

    id: Id
    title: Text
    asks: tuple[Text, ...] = Field(min_length=1)
    points: tuple[Point, ...] = Field(min_length=1)
    criteria: tuple[str, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    caution: Text | None = None
    with_verdict: bool = False


class InformationItem(Frozen):
    """One item of what clients must be told, as a sentence to them.

    ``text`` may hold {tool}, {product} and {publisher}; what only the practice knows stands in [square brackets]. ``criterion``: the
    finding on it for the tool is added, with its clauses.
    """

    id: Id
    title: Text
    text: Text
    clauses: tuple[Text, ...] = Field(min_length=1)
    criterion: str | None = Field(default=None, pattern=r"^VT-[0-9]{2}$")
    jurisdictions: tuple[Jurisdiction, ...] = ()
    needs_feature: tuple[Feature, ...] = ()


class ConsentItem(Frozen):
    """A consent wording for one purpose, and the clauses that set its conditions. Without ``needs_feature`` it always applies."""

    id: Id
    title: Text
    text: Text
    clauses: tuple[Text, ...] = Field(min_length=1)
    jurisdictions: tuple[Jurisdiction, ...] = ()
    needs_feature: tuple[Feature, ...] = ()
