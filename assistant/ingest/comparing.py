"""Imported texts beside our summaries: which text a summary was written from, and what later texts did to its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from assistant.ingest.changes import Change, compare_versions
from assistant.schema import Rewording, Source, Version
from assistant.store import ImportedSource, put_in_order


def tie_versions(source: Source, known: Iterable[Version], imported: ImportedSource) -> ImportedSource:
    """The imported source with each version tied to the one of our summaries that was written from it, where there is one.

    The day from which a law applies is taken over with it, and from the same bytes the day they print: what we read in them.
    """
    shipped = tuple(known)
    tied = []
    for version in imported.versions:
        found = _tied(source, shipped, version)
        update: dict[str, object] = {"tied_to": found.id if found else None}
        if found is not None:
            update["effective_date"] = version.effective_date or found.effective_date
        if found is not None and _has_bytes_of(found, version):
            update["version_date"] = version.version_date or found.version_date
        tied.append(version.model_copy(update=update))
    return replace(imported, versions=put_in_order(tied))


def find_rewordings(imported: ImportedSource) -> dict[tuple[str, str], tuple[Rewording, ...]]:
    """What differs between each text that summaries were written from and those later texts that matter to them.

    These are the next one, and all that nobody has summarised.
    """
    return {
        (older.id, newer.id): tuple(_rewordings(compare_versions(imported.text(older.id), imported.text(newer.id))))
        for older, newer in _pairs(imported.versions)
    }


def _pairs(versions: tuple[Version, ...]) -> Iterator[tuple[Version, Version]]:
    latest = {version.tied_to: position for position, version in enumerate(versions) if version.tied_to}
    for position in latest.values():
        for number, newer in enumerate(versions[position + 1 :]):
            if number == 0 or newer.tied_to is None:
                yield versions[position], newer


def _rewordings(changes: Iterable[Change]) -> Iterator[Rewording]:
    for change in changes:
        if change.kind_of_change == "moved" or not change.old_locator:
            continue
        yield Rewording(
            kind=change.kind_of_change, old_locator=change.old_locator, new_locator=change.new_locator, old=change.old, new=change.new
        )


def _tied(source: Source, known: tuple[Version, ...], version: Version) -> Version | None:
    """The version of our summaries that was written from this text: by its bytes, else by its dates.

    A vendor's text may change under the date it prints; so its printed date counts only while our own reading is not older.
    """
    for candidate in known:
        if _has_bytes_of(candidate, version):
            return candidate
    for candidate in known:
        same_date = version.version_date is not None and version.version_date == candidate.version_date
        if same_date and (source.kind in ("law", "standard") or version.seen_on <= candidate.last_seen):
            return candidate
    for candidate in known:
        if (
            version.first_seen
            and candidate.first_seen
            and candidate.as_of
            and candidate.first_seen <= version.first_seen <= candidate.as_of
        ):
            return candidate
    return None


def _has_bytes_of(known: Version, version: Version) -> bool:
    """Whether our summaries were written from the very bytes of an imported version."""
    hashes = {reading.sha256 for reading in version.read if reading.sha256}
    return any(reading.sha256 in hashes for reading in known.read)
