"""What a reader makes of a file: the document's own words as clauses, and what the file says about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from assistant.locators import Locator
from assistant.schema import Jurisdiction, SourceKind, Wording


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file as found: its name (only a hint, never trusted) and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ParsedClause:
    """The smallest citable part of a document, in the document's words.

    ``locator`` is unique within the document. ``text`` has its white space folded and holds no markup, footnote marks or
    running headers. ``page`` counts from 1 where the format has pages.
    """

    locator: Locator
    text: str
    heading_path: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says of itself; None where it says nothing. The importer asks options and side files first."""

    title: str | None = None
    publisher: str | None = None
    kind: SourceKind | None = None
    url: str | None = None
    jurisdictions: tuple[Jurisdiction, ...] = ()
    language: str | None = None
    licence: str | None = None
    version_date: date | None = None
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document split into clauses, in its own order.

    ``units`` counts what the document is made of (articles, recitals, annexes, controls, sections, pages, …), ``skipped`` says
    what was left out and why, ``warnings`` what was read but deserves a look.
    """

    format: str
    clauses: tuple[ParsedClause, ...]
    metadata: Metadata = Metadata()
    units: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    wording: Wording = "official"


Progress = Callable[[int, int], None]
