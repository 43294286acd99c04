"""The versions of one imported source: what each says, and the rows in which a clause unchanged between versions stands once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.locators import Locator
from assistant.schema import Clause, Source, Version


@dataclass(frozen=True, slots=True)
class Words:
    """A clause of one version, in the document's words."""

    locator: Locator
    text: str
    heading_path: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True)
class ImportedSource:
    """A source with its versions, oldest first, and what each of them says, in the order of the document.

    ``indexed``: whether its clauses can be found by searching.
    """

    source: Source
    versions: tuple[Version, ...] = ()
    texts: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    indexed: bool = True

    def with_version(self, version: Version, text: Sequence[Words]) -> ImportedSource:
        """The source with one version more, or with another text for a version that it has."""
        others = [known for known in self.versions if known.id != version.id]
        versions = put_in_order([*others, version])
        return replace(self, versions=versions, texts={**self.texts, version.id: tuple(text)})

    def without_version(self, version_id: str) -> ImportedSource:
        versions = put_in_order([known for known in self.versions if known.id != version_id])
        return replace(self, versions=versions, texts={key: text for key, text in self.texts.items() if key != version_id})

    def text(self, version_id: str) -> tuple[Words, ...]:
        return self.texts.get(version_id, ())


def put_in_order(versions: Sequence[Version]) -> tuple[Version, ...]:
    """The versions in the order in which they answer, oldest first.

    Vendors change a text and leave its printed date: a capture that prints no later day than the one before it answers only from
    the day it was first seen.
    """
    ordered: list[Version] = []
    for version in sorted(versions, key=lambda version: (version.seen_on, version.id)):
        plain = version.model_copy(update={"answers_from": None})
        late = bool(ordered) and plain.first_seen is not None and plain.in_force_from <= ordered[-1].in_force_from
        ordered.append(plain.model_copy(update={"answers_from": plain.first_seen}) if late else plain)
    return tuple(sorted(ordered, key=lambda version: (version.in_force_from, version.seen_on, version.id)))


def make_rows(imported: ImportedSource) -> tuple[list[Clause], dict[str, list[str]]]:
    """One clause for each run of versions in which the same words stand at the same place, and the ids of each version in order."""
    names = _Names(imported.source.id)
    order = [version.id for version in imported.versions]
    rows: dict[str, Clause] = {}
    sequences: dict[str, list[str]] = {}
    standing: dict[Words, str] = {}
    for number, (version_id, version) in enumerate(zip(order, imported.versions, strict=True)):
        present: dict[Words, str] = {}
        for position, words in enumerate(imported.text(version_id)):
            row_id = standing.get(words) or names.make(words.locator, version_id)
            present[words] = row_id
            if row_id in rows:
                rows[row_id] = rows[row_id].model_copy(update={"position": position, "until": None})
            else:
                rows[row_id] = _row(imported.source.id, row_id, words, version, position)
        for words in standing.keys() - present.keys():
            rows[standing[words]] = rows[standing[words]].model_copy(update={"until": order[number - 1]})
        standing = present
        sequences[version_id] = list(present.values())
    return list(rows.values()), sequences


def _row(source_id: str, row_id: str, words: Words, since: Version, position: int) -> Clause:
    return Clause(
        id=row_id,
        source_id=source_id,
        locator=str(words.locator),
        heading_path=words.heading_path,
        text=words.text,
        wording=since.wording,
        since=since.id,
        position=position,
        page=words.page,
    )


class _Names:
    """Ids of clauses; two headings that differ only in what an id cannot hold get a number."""

    def __init__(self, source_id: str) -> None:
        self._source_id = source_id
        self._owners: dict[str, Locator] = {}

    def make(self, locator: Locator, since: str) -> str:
        slug, number = locator.slug, 1
        while self._owners.setdefault(slug if number == 1 else f"{slug}.{number}", locator) != locator:
            number += 1
        return f"{self._source_id}/{slug if number == 1 else f'{slug}.{number}'}@{since}"
