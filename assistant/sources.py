"""Bring texts into the store and take them out again; each source is one transaction, so that it is there whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from assistant.dating import version_on
from assistant.errors import InputError, UsageError
from assistant.ingest.changes import Change, compare_versions
from assistant.ingest.comparing import find_rewordings, tie_versions
from assistant.ingest.details import Details
from assistant.ingest.exported import EXPORT_SUFFIX, read_export, write_export
from assistant.ingest.files import Group, file_hash, find_groups, read_file
from assistant.ingest.importing import (
    ImportReport,
    ReadFile,
    add_units,
    check_length,
    check_shrunk,
    choose_source,
    make_source,
    make_version,
    read_group_file,
    words_of,
)
from assistant.library import ignore_progress, ready_store
from assistant.schema import Knowledge, Source, Version
from assistant.settings import Settings
from assistant.store import ImportedSource, Store

FEWEST_PARTS = 5  # fewer files of one source in a folder are different texts of it, such as one as published and one as amended


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What was asked for. ``details`` go before what files say of themselves."""

    source_id: str | None = None
    details: Details = field(default_factory=Details)
    accept_short: bool = False
    indexed: bool = True


@dataclass
class ImportSummary:
    """What one import did: a report for each source, and what was left out and why."""

    reports: list[ImportReport] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(report.changed for report in self.reports)


def import_texts(
    settings: Settings, path: Path, options: ImportOptions, *, today: date, progress: Callable[[int, int], None] = ignore_progress
) -> ImportSummary:
    """Import a file, or every file of a folder. Of a folder, what cannot be read is left out and said.

    Raises InputError if nothing could be read, UsageError if an option does not fit, StoreError if the store cannot be used.
    """
    groups, skipped = find_groups(path, one_source=options.source_id is not None)
    if options.source_id and len({group.names for group in groups}) > 1:
        raise UsageError(
            f"{path} holds several documents in folders of their own, and --id {options.source_id} names one: import each folder."
        )
    summary = ImportSummary(skipped=skipped)
    total, done = sum(len(group.files) for group in groups), 0
    with ready_store(settings, today=today) as store:
        knowledge = store.load()
        for group in _join_parts(groups, knowledge):
            try:
                report = _import_group(store, knowledge, group, options, today)
            except InputError as error:
                if not path.is_dir():
                    raise
                summary.skipped.append(_in_folder(path, group, str(error)))
            else:
                summary.reports.append(report)
                summary.skipped += [_in_folder(path, group, reason) for reason in report.left_out]
                knowledge = _with_source(knowledge, store, report)
            done += len(group.files)
            progress(done, total)
    if not summary.reports:
        raise InputError("Nothing was imported. " + " ".join(summary.skipped[:10]))
    return summary


def _join_parts(groups: Sequence[Group], knowledge: Knowledge) -> Iterator[Group]:
    """The groups, with files of one folder joined that are known to be parts of one text: a law may come as a file a section."""
    known = {
        reading.sha256: source_id
        for source_id, versions in knowledge.versions.items()
        for version in versions
        for reading in version.read
        if reading.sha256
    }
    parts: dict[tuple[str, ...], list[Path]] = {}
    for group in groups:
        alone = not group.dated and len(group.files) == 1 < len(groups)
        source_id = known.get(file_hash(group.files[0]) or "") if alone else None
        if source_id is None:
            yield group
        else:
            parts.setdefault((source_id, *group.names), []).append(group.files[0])
    for (_, *names), files in parts.items():
        for chosen in [files] if len(files) >= FEWEST_PARTS else [[file] for file in files]:
            yield Group(tuple(chosen), tuple(names), dated=False)


def _in_folder(path: Path, group: Group, reason: str) -> str:
    """A reason that begins with the name of a file, with the folder that it lies in."""
    folder = group.files[0].parent
    return reason if folder == path or not path.is_dir() else f"{folder.relative_to(path)}/{reason}"


def remove_texts(settings: Settings, source_id: str, version_id: str | None = None, *, today: date) -> None:
    """Forget an imported source, or one version of it. The index has to be built again afterwards.

    Raises InputError if it was not imported.
    """
    with ready_store(settings, today=today) as store:
        held = _held(store, source_id)
        if version_id is None or [version.id for version in held.versions] == [version_id]:
            store.remove_imported(source_id)
            return
        if version_id not in [version.id for version in held.versions]:
            raise InputError(f"{source_id} has no version {version_id}; it has {', '.join(version.id for version in held.versions)}.")
        left = held.without_version(version_id)
        store.put_imported(left, find_rewordings(left), takes_words_out=True)


def index_sources(settings: Settings, source_ids: Sequence[str], *, today: date) -> None:
    """Let clauses of sources that were imported without an index be found by searching, from the next build of the index on."""
    with ready_store(settings, today=today) as store:
        for source_id in source_ids:
            held = _held(store, source_id)
            if not held.indexed:
                store.put_imported(replace(held, indexed=True), find_rewordings(held))


@dataclass(frozen=True, slots=True)
class FoundChanges:
    """What differs between two versions of a source, and all that is held, to say what rests on it."""

    source: Source
    older: Version
    newer: Version
    changes: tuple[Change, ...]
    knowledge: Knowledge


def find_changes(settings: Settings, source_id: str, older: date | None, newer: date | None, *, today: date) -> FoundChanges:
    """The differences between the versions of two days; of the newest and the one before it where no day is given.

    Raises InputError if the source was not imported, or fewer than two versions are held.
    """
    with ready_store(settings, today=today) as store:
        held = _held(store, source_id)
        knowledge = store.load()
    if len(held.versions) < 2:
        raise InputError(f"Of {source_id} only the version {held.versions[0].id} is held: import another one to compare.")
    last = _version_of(held, newer) if newer else held.versions[-1]
    position = held.versions.index(last)
    first = _version_of(held, older) if older else held.versions[max(position - 1, 0)]
    if first == last:
        raise InputError(
            f"Both days lead to the version {first.id} of {source_id}; it has {', '.join(version.id for version in held.versions)}."
        )
    return FoundChanges(held.source, first, last, compare_versions(held.text(first.id), held.text(last.id)), knowledge)


def export_texts(
    settings: Settings, folder: Path, source_ids: Sequence[str], *, include_private: bool, today: date
) -> tuple[list[Path], list[str]]:
    """Write imported sources as files that can be imported again; returns these and the ids of private sources left out.

    Raises InputError if a source was not imported or the folder cannot be written.
    """
    written: list[Path] = []
    kept: list[str] = []
    with ready_store(settings, today=today) as store:
        for source_id in source_ids or store.imported_ids():
            held = _held(store, source_id)
            if held.source.private and not include_private:
                kept.append(source_id)
                continue
            path = folder / f"{source_id}{EXPORT_SUFFIX}"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_bytes(write_export(held))
            except OSError as error:
                raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error
            written.append(path)
    return written, kept


def _version_of(held: ImportedSource, day: date) -> Version:
    """The version named by a day: of that id, seen on it, or in force on it."""
    named = [version for version in held.versions if day.isoformat() == version.id or day in (version.first_seen, version.version_date)]
    found = named[0] if named else version_on(held.versions, day)
    if found is None:
        raise InputError(f"No version of {held.source.id} stood on {day}; it has {', '.join(version.id for version in held.versions)}.")
    return found


def _held(store: Store, source_id: str) -> ImportedSource:
    held = store.imported(source_id)
    if held is None:
        known = ", ".join(store.imported_ids()) or "none"
        raise InputError(f"{source_id} was not imported. Imported are: {known}.")
    return held


def _import_group(store: Store, knowledge: Knowledge, group: Group, options: ImportOptions, today: date) -> ImportReport:
    exported = _exported(group)
    if exported is not None:
        return _put_export(store, knowledge, exported, options)
    report = ImportReport()
    files = _read_files(knowledge, group, options, report, today)
    source_id, guessed = _choose(files, group, options.source_id, knowledge)
    if guessed:
        report.guessed["id"] = source_id
    before = store.imported(source_id)
    source = make_source(source_id, files[-1], before.source if before else None, knowledge, report)
    held = ImportedSource(source, before.versions, before.texts, before.indexed) if before else ImportedSource(source)
    held = replace(held, indexed=options.indexed or held.indexed if before else options.indexed)
    for parts in [[file] for file in files] if group.dated else [files]:
        try:
            held = _add_version(held, source, parts, options, report, today)
        except InputError as error:
            if len(group.files) == 1:
                raise
            report.left_out.append(str(error))
    if not held.versions:
        raise InputError(" ".join(report.left_out))
    if source_id in knowledge.summarised:
        held = tie_versions(knowledge.sources[source_id], knowledge.versions[source_id], held)
    report.source, report.label, report.kind, report.files = source_id, source.label, source.kind, len(files)
    report.changed = held != before
    if report.changed:
        store.put_imported(held, find_rewordings(held), takes_words_out=_takes_words_out(before, held))
    return report


def _exported(group: Group) -> ImportedSource | None:
    """The source that a file made by `sources export` holds; None for any other file."""
    path = group.files[0]
    return read_export(read_file(path)) if len(group.files) == 1 and path.name.endswith(EXPORT_SUFFIX) else None


def _put_export(store: Store, knowledge: Knowledge, exported: ImportedSource, options: ImportOptions) -> ImportReport:
    source_id = exported.source.id
    before = store.imported(source_id)
    held = replace(before or exported, source=exported.source, indexed=options.indexed)
    for version in exported.versions:
        held = held.with_version(version, exported.text(version.id))
    if source_id in knowledge.summarised:
        held = tie_versions(knowledge.sources[source_id], knowledge.versions[source_id], held)
    if held != before:
        store.put_imported(held, find_rewordings(held), takes_words_out=_takes_words_out(before, held))
    report = ImportReport(source=source_id, label=held.source.label, kind=held.source.kind, changed=held != before, files=1)
    report.clauses = sum(len(exported.text(version.id)) for version in exported.versions)
    report.versions = [{"id": version.id, "clauses": len(exported.text(version.id)), "state": "exported"} for version in exported.versions]
    return report


def _read_files(knowledge: Knowledge, group: Group, options: ImportOptions, report: ImportReport, today: date) -> list[ReadFile]:
    """The files of a group that can be read, in their order; of a single one the error is raised."""
    files: list[ReadFile] = []
    for path in group.files:
        try:
            files.append(read_group_file(path, group, options.details, knowledge, today=today))
        except InputError as error:
            if len(group.files) == 1:
                raise
            report.left_out.append(str(error))
    if not files:
        raise InputError(" ".join(report.left_out))
    return files


def _choose(files: Sequence[ReadFile], group: Group, source_id: str | None, knowledge: Knowledge) -> tuple[str, bool]:
    """The source that any of the files is known to belong to; else what the names suggest."""
    chosen = [choose_source(file, group, source_id, knowledge) for file in files]
    return next((choice for choice in chosen if choice[0] in knowledge.sources), chosen[0])


def _add_version(
    held: ImportedSource, source: Source, parts: Sequence[ReadFile], options: ImportOptions, report: ImportReport, today: date
) -> ImportedSource:
    version = make_version(parts[-1], source, held, report, today=today)
    if len(parts) > 1:
        version = version.model_copy(update={"read": tuple(reading for part in parts for reading in _readings(part, version))})
    text = words_of(parts, report)
    check_length(parts[-1], text)
    earlier = next((known for known in held.versions if known.id == version.id), None)
    same_text = earlier is not None and held.text(version.id) == text
    if earlier is not None and same_text:
        version = version.model_copy(update={"read": earlier.read, "as_of": _later(earlier.as_of, version.as_of)})
    elif not options.accept_short:
        check_shrunk(parts[-1].name, text, version, held)
    for part in parts:
        add_units(report, part.parsed)
        report.formats.add(part.parsed.format)
        report.skipped += [f"{part.name}: {reason}" for reason in part.parsed.skipped]
        report.warnings += [f"{part.name}: {warning}" for warning in part.parsed.warnings]
    report.clauses += len(text)
    state = "unchanged" if same_text else "read again" if earlier else "new"
    report.versions.append(
        {"id": version.id, "version_date": version.version_date, "as_of": version.as_of, "edition": version.edition}
        | {"clauses": len(text), "state": state, "file": parts[-1].name if len(parts) == 1 else f"{len(parts)} files"}
    )
    return held.with_version(version, text)


def _readings(part: ReadFile, version: Version) -> Iterator[object]:
    yield version.read[0].model_copy(update={"address": part.said.url or part.name, "sha256": part.sha256})


def _later(first: date | None, second: date | None) -> date | None:
    return max(filter(None, (first, second)), default=None)


def _takes_words_out(before: ImportedSource | None, after: ImportedSource) -> bool:
    """Whether words that were held are held no longer: a version was read again with another text."""
    if before is None:
        return False
    return any(after.texts.get(version_id) != text for version_id, text in before.texts.items())


def _with_source(knowledge: Knowledge, store: Store, report: ImportReport) -> Knowledge:
    """What the next files of the same run must know of the source: its label is taken, its bytes are known."""
    held = store.imported(report.source)
    if held is None:
        return knowledge
    sources = {report.source: held.source, **knowledge.sources}
    return replace(
        knowledge,
        sources=sources,
        versions={report.source: held.versions, **knowledge.versions},
        official={**knowledge.official, report.source: held.versions},
    )
