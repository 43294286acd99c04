"""Imported sources as rows for a table or JSON, and the report of an import."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.assess.reviews import ReviewMark, review_marks
from assistant.dating import Dating, stands_in, version_on
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.ingest.importing import ImportReport
    from assistant.schema import Clause, Source, Version
    from assistant.sources import ImportSummary

Row = dict[str, Any]


def list_sources(dating: Dating) -> list[Row]:
    """Each source with its versions, how old it is, and the evidence that a newer text put up for review."""
    knowledge = dating.knowledge
    marks: dict[str, list[ReviewMark]] = {}
    for mark in review_marks(dating):
        marks.setdefault(mark.clause.source_id, []).append(mark)
    counts = Counter(clause.source_id for clause in knowledge.clauses.values())
    return [_source_row(dating, source, counts[source.id], marks.get(source.id, [])) for source in knowledge.sources.values()]


def show_source(dating: Dating, source_id: str, version: str | None) -> list[Row]:
    """Every clause of a source in the order of its document, in all versions and wordings, or of one version.

    Raises InputError if the source or the version is not held.
    """
    knowledge = dating.knowledge
    if source_id not in knowledge.sources:
        raise InputError(f"No source {source_id} is held. `clausewise sources list` shows what is.")
    clauses = [clause for clause in knowledge.clauses.values() if clause.source_id == source_id]
    if version is not None:
        clauses = [clause for clause in clauses if _is_of_version(dating, clause, version)]
        if not clauses:
            ids = dict.fromkeys(known.id for known in (*knowledge.versions[source_id], *knowledge.official.get(source_id, ())))
            raise InputError(f"{source_id} has no version {version}; it has {', '.join(ids)}.")
    return [_clause_row(dating, clause) for clause in sorted(clauses, key=lambda clause: (clause.position, clause.id))]


def import_object(summary: ImportSummary) -> Row:
    """The report of an import as one object; that of the only source, or the sum over all."""
    each = [{**asdict(report), "formats": sorted(report.formats)} for report in summary.reports]
    only = summary.reports[0] if len(summary.reports) == 1 else None
    units: Counter[str] = Counter()
    for report in summary.reports:
        units.update(report.units)
    return {
        "source": only.source if only else None,
        "label": only.label if only else None,
        "kind": only.kind if only else None,
        "clauses": sum(report.clauses for report in summary.reports),
        "units": dict(units),
        "skipped": [*summary.skipped, *(reason for report in summary.reports for reason in report.skipped)],
        "warnings": [warning for report in summary.reports for warning in report.warnings],
        "guessed": only.guessed if only else {report.source: report.guessed for report in summary.reports if report.guessed},
        "versions": [version for report in summary.reports for version in report.versions],
        "changed": summary.changed,
        "read": sum(report.files for report in summary.reports),
        "sources": each,
    }


def import_text(summary: ImportSummary) -> str:
    """The report of an import in lines."""
    lines = [line for report in summary.reports for line in _report_lines(report)]
    lines += [f"left out: {reason}" for reason in summary.skipped]
    read, clauses = sum(report.files for report in summary.reports), sum(report.clauses for report in summary.reports)
    lines.append(f"{read} file{'s' if read != 1 else ''} read, {clauses} clauses, {len(summary.skipped)} left out.")
    return "\n".join(lines)


def _report_lines(report: ImportReport) -> list[str]:
    units = ", ".join(f"{count} {name}" for name, count in report.units.items())
    lines = [f"{report.source}: {report.label} ({report.kind}), {report.clauses} clauses{f': {units}' if units else ''}"]
    lines += [f"  version {entry['id']}: {entry['clauses']} clauses, {entry['state']}" for entry in report.versions]
    if report.guessed:
        lines.append("  guessed: " + ", ".join(f"{name} {_plain(value)}" for name, value in report.guessed.items()))
    lines += [f"  not read: {reason}" for reason in report.skipped]
    return lines + [f"  note: {warning}" for warning in report.warnings]


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple | list) else f"“{value}”"


def _source_row(dating: Dating, source: Source, clauses: int, marks: list[ReviewMark]) -> Row:
    knowledge = dating.knowledge
    official = knowledge.official.get(source.id, ())
    summaries = knowledge.versions[source.id] if source.id in knowledge.summarised else ()
    newest = version_on(official, dating.day) or version_on(summaries, dating.day)
    open_ids = list(dict.fromkeys(mark.evidence.id for mark in marks if mark.state == "for review"))
    followed = [name for name in dict.fromkeys(mark.evidence.id for mark in marks) if name not in open_ids]
    return {
        "id": source.id,
        "kind": source.kind,
        "label": source.label,
        "title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "tools": list(source.tools),
        "plans": list(source.plans),
        "private": source.private,
        "imported": bool(official),
        "held": "both" if summaries and official else "official" if official else "summaries",
        "versions": [version.id for version in (official or summaries)],
        "texts": f"{len(official or summaries)}, newest {newest.id if newest else 'none in force'}",
        "clauses": clauses,
        "searchable": source.id not in knowledge.unindexed,
        "version_date": newest.version_date if newest else None,
        "as_of": newest.as_of if newest else None,
        "stale": _is_stale(dating, source, newest),
        "for_review": open_ids,
        "followed": followed,
        "reviews": [_mark_row(mark) for mark in marks],
        "for review": _review_words(open_ids, followed),
    }


def _review_words(open_ids: list[str], followed: list[str]) -> str:
    words = [", ".join(open_ids)] if open_ids else []
    return "; ".join([*words, *([f"({len(followed)} followed)"] if followed else [])])


def _mark_row(mark: ReviewMark) -> Row:
    standing = mark.standing
    return {
        "evidence": mark.evidence.id,
        "clause": mark.clause.id,
        "locator": mark.clause.locator,
        "state": mark.state,
        "what": standing.kind,
        "from": standing.base.id if standing.base else None,
        "to": standing.newer.id,
        "old": standing.old_words,
        "new": standing.new_words,
    }


def _is_stale(dating: Dating, source: Source, newest: Version | None) -> bool:
    if newest is None:
        return True
    if source.kind in ("law", "standard", "contract"):
        return newest.superseded
    return newest.as_of is None or (dating.day - newest.as_of).days > dating.stale_after_days


def _is_of_version(dating: Dating, clause: Clause, version: str) -> bool:
    versions = dating.knowledge.versions_of(clause)
    ids = [known.id for known in versions]
    if version in ids:
        return stands_in(versions, clause, version)
    try:
        day = date.fromisoformat(version)
    except ValueError:
        return False
    return (current := version_on(versions, day)) is not None and stands_in(versions, clause, current.id)


def _clause_row(dating: Dating, clause: Clause) -> Row:
    version = dating.version(clause)
    return {
        "id": clause.id,
        "label": dating.knowledge.label(clause),
        "locator": clause.locator,
        "heading_path": list(clause.heading_path),
        "wording": clause.wording,
        "text": clause.text,
        "page": clause.page,
        "since": clause.since,
        "until": clause.until,
        "version_date": version.version_date,
        "as_of": version.as_of,
        "edition": version.edition,
    }
