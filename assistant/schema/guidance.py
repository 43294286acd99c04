"""Knowledge that is not tied to one clause: everyday words, outlines of answers, and the parts of a client information text."""

from __future__ import annotations

from pydantic import Field

from assistant.schema.base import Feature, Frozen, Id, Jurisdiction, Text


class GlossaryEntry(Frozen):
    """Everyday words and the words that law and policies use for them; both only widen a search."""

    id: Id
    say: tuple[Text, ...] = Field(min_length=1)
    mean: tuple[Text, ...] = Field(min_length=1)


class Point(Frozen):
    """One statement of an outline, with the clauses that say it."""

    text: Text
    clauses: tuple[Text, ...] = Field(min_length=1)


class Brief(Frozen):
    """The outline of an answer that no single clause gives ("Do I need consent to record?").

    ``asks`` are ways in which people ask it. ``criteria`` are those whose findings belong to the answer when a tool is named.
    ``caution`` claims nothing about a source.
    """

    id: Id
    title: Text
    asks: tuple[Text, ...] = Field(min_length=1)
    points: tuple[Point, ...] = Field(min_length=1)
    criteria: tuple[str, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    caution: Text | None = None


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
