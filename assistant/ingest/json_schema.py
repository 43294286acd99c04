"""A JSON Schema of the knowledge files, for editors that check while one writes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from assistant.schema import (
    Brief,
    ConsentItem,
    Criterion,
    Duty,
    Evidence,
    Exemplar,
    Frozen,
    GlossaryEntry,
    InformationItem,
    Source,
    Tool,
    Version,
)
from assistant.schema.base import Id, Text
from assistant.schema.sources import Reading


class ClauseEntry(Frozen):
    """A clause as it is written in a file; its id, position and wording follow from where it stands."""

    locator: Text
    heading: Text | tuple[Text, ...] = ()
    text: Text
    practice: Text | None = None
    terms: tuple[Text, ...] = ()
    related: tuple[Text, ...] = ()
    defines: Text | None = None
    since: Id | None = None
    until: Id | None = None


class RenumberedEntry(Frozen):
    """A locator of an earlier edition, and those that took its place."""

    old: Text
    new: tuple[Text, ...] = Field(min_length=1)


class KnowledgeFile(Frozen):
    """One knowledge file: any of these keys, in any combination."""

    source: Source | None = None
    versions: tuple[Version, ...] = ()
    clauses_of: Id | None = None
    clauses: tuple[ClauseEntry, ...] = ()
    tool: Tool | None = None
    evidence: tuple[Evidence, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    duties: tuple[Duty, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()
    briefs: tuple[Brief, ...] = ()
    information: tuple[InformationItem, ...] = ()
    consents: tuple[ConsentItem, ...] = ()
    renumbered_of: Text | None = None
    renumbered: tuple[RenumberedEntry, ...] = ()
    read: tuple[Reading, ...] = ()


def knowledge_json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one knowledge file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **KnowledgeFile.model_json_schema()}
