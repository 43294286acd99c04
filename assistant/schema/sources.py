"""Sources, their versions, and the clauses in them."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from assistant.locators import Locator, parse_locator
from assistant.schema.base import Frozen, Id, Jurisdiction, Text

SourceKind = Literal["law", "standard", "vendor", "guidance", "contract"]
Wording = Literal["official", "summary"]


class Reading(Frozen):
    """What was read to write an entry: where it stands, when it was read, and the SHA-256 of the bytes."""

    address: Text
    date: date
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    extent: Literal["whole", "excerpt"] = "whole"


class Version(Frozen):
    """One state of a source's text.

    ``version_date`` is printed by the source, ``first_seen`` and ``as_of`` are the first and the last day on which this text
    was seen at its place, ``effective_date`` is given where terms were announced for a later day. Any may be unknown.
    """

    id: Id
    version_date: date | None = None
    effective_date: date | None = None
    first_seen: date | None = None
    as_of: date | None = None
    edition: Text | None = None
    superseded: bool = False
    note: Text | None = None
    answers_from: date | None = None
    tied_to: Id | None = None
    wording: Wording = "official"
    read: tuple[Reading, ...] = Field(min_length=1)

    @property
    def in_force_from(self) -> date:
        """The first day from which this version answers; an undated text only from the day it was read."""
        known = self.answers_from or self.effective_date or self.version_date or self.first_seen or self.as_of
        return known or min(reading.date for reading in self.read)

    @property
    def seen_on(self) -> date:
        """The day that orders captures: when this text was first seen, else what it prints, else when it was read."""
        return self.first_seen or self.as_of or self.version_date or min(reading.date for reading in self.read)

    @property
    def last_seen(self) -> date:
        """The last day on which anybody is known to have seen this text."""
        return max(filter(None, (self.as_of, self.first_seen, self.version_date)), default=min(reading.date for reading in self.read))


ContractKind = Literal["dpa", "baa"]


class Source(Frozen):
    """One document: a law, a standard, guidance, a vendor's policy, or a practitioner's own contract.

    ``private``: it belongs to one practice and leaves it in no export unless asked. A contract says which kind it is and for
    which ``plans`` of its tool it was signed (none: for any).
    """

    id: Id
    title: Text
    label: Text
    kind: SourceKind
    publisher: Text
    url: Text
    tools: tuple[Id, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    licence: Text | None = None
    third_party: bool = False
    private: bool = False
    plans: tuple[Id, ...] = ()
    contract: ContractKind | None = None
    note: Text | None = None


@lru_cache(maxsize=100_000)
def _parse_once(locator: str) -> Locator:
    """Imported laws and policies hold thousands of clauses, and every question asks for their places again."""
    return parse_locator(locator)


class Clause(Frozen):
    """The smallest citable part of a source, in one wording, with the versions in which it stands unchanged.

    ``since`` is the version in which this text first stood and ``until`` the last one (None: it still stands in the newest).
    ``position`` orders the clauses of a source as the document does. ``practice`` (what it means for a small practice) is
    ours and never quoted as the source's; ``terms`` are everyday words that only help to find the clause.
    """

    id: str
    source_id: Id
    locator: Text
    heading_path: tuple[Text, ...] = ()
    text: Text
    wording: Wording
    since: Id
    until: Id | None = None
    position: int = Field(default=0, ge=0)
    practice: Text | None = None
    terms: tuple[Text, ...] = ()
    related: tuple[Text, ...] = ()
    defines: Text | None = None
    page: int | None = Field(default=None, ge=1)

    @classmethod
    def make_id(cls, source_id: str, locator: Locator, since: str) -> str:
        """The id of a clause: ``gdpr/art-28-3-a@2016-05-04``."""
        return f"{source_id}/{locator.slug}@{since}"

    @property
    def parsed_locator(self) -> Locator:
        return _parse_once(self.locator)

    @property
    def content_hash(self) -> str:
        """SHA-256 over all that is shown or searched, so that an edit is noticed whatever the id says."""
        fields = (self.locator, *self.heading_path, self.text, self.wording, self.practice or "", *self.terms, self.defines or "")
        return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()

    @model_validator(mode="after")
    def _id_names_the_source(self) -> Self:
        if not self.id.startswith(f"{self.source_id}/"):
            raise ValueError(f"clause id {self.id!r} does not begin with its source id {self.source_id!r}")
        return self


class Rewording(Frozen):
    """What became of words of a clause between two imported versions: ``old_locator`` is where they stood, ``new_locator`` where the
    new words stand, as far as there are any. ``old`` and ``new`` are sentences, not whole clauses.
    """

    kind: Literal["added", "removed", "reworded"]
    old_locator: Text
    new_locator: Text | None = None
    old: str | None = None
    new: str | None = None
