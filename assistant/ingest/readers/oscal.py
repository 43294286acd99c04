"""OSCAL catalogues in JSON, as NIST and others publish their controls."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from assistant.errors import InputError
from assistant.ingest.documents import Metadata, ParsedClause, ParsedDocument, RawDocument
from assistant.ingest.law_tree import countable_heading, counted, fold, named_place
from assistant.ingest.xml_input import DEEPEST, decode
from assistant.locators import Locator, parse_locator

_ROOT = re.compile(
    r"^\s*\{\s*\"(catalog|profile|component-definition|system-security-plan|assessment-plan|assessment-results|plan-of-action-and-milestones)\""
)
_ASSESSMENT_OBJECTS = frozenset({"objects", "assessment-objects"})


def recognises(document: RawDocument) -> bool:
    head = document.data[:4_000].removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    return _ROOT.match(head) is not None and b'"oscal-version"' in document.data[:200_000]


def read(document: RawDocument) -> ParsedDocument:
    """Statements, guidance and objectives of every control under their own ids; parameters stand as the file writes them.

    Lists of what an assessor looks at are left out. Raises InputError for a profile, which selects controls and has no text.
    """
    content = _load(document)
    catalog = content.get("catalog")
    if not isinstance(catalog, dict):
        kind = next(iter(content), "nothing")
        raise InputError(f"{document.name} is an OSCAL {kind}, which has no control texts of its own: import the catalogue that it names.")
    reader = _Reader()
    reader.read_group(catalog, ())
    if not reader.clauses:
        raise InputError(f"{document.name} is an OSCAL catalogue without any text: import a resolved catalogue.")
    skipped = [counted(reader.objects, "list") + " of assessment objects"] if reader.objects else []
    warnings: tuple[str, ...] = ()
    if reader.placeholders:
        warnings = (f"Values for the user to set stand as {{{{ insert: param, … }}}} in {counted(reader.placeholders, 'text')}.",)
    return ParsedDocument(
        "OSCAL JSON", tuple(reader.clauses), _metadata(catalog.get("metadata")), dict(reader.units), tuple(skipped), warnings
    )


def _load(document: RawDocument) -> Mapping[str, Any]:
    try:
        content = json.loads(decode(document).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{document.name} is not well-formed JSON ({error}): get it again from where it came.") from error
    if not isinstance(content, dict):
        raise InputError(f"{document.name} is no OSCAL file: its outermost level must be an object.")
    return content


class _Reader:
    def __init__(self) -> None:
        self.clauses: list[ParsedClause] = []
        self.units: Counter[str] = Counter(groups=0, controls=0)
        self.objects = 0
        self.placeholders = 0
        self._seen: Counter[str] = Counter()

    def read_group(self, group: Mapping[str, Any], path: tuple[str, ...]) -> None:
        self._check_depth(path)
        for below in _objects(group, "groups"):
            self.units["groups"] += 1
            self.read_group(below, (*path, _scalar(below, "title") or _scalar(below, "id")))
        for part in _objects(group, "parts"):
            self._read_part(part, path, _scalar(group, "id") or "catalog")
        for control in _objects(group, "controls"):
            self._read_control(control, path)

    def _read_control(self, control: Mapping[str, Any], path: tuple[str, ...]) -> None:
        self._check_depth(path)
        self.units["controls"] += 1
        label = _property(control, "label") or _scalar(control, "id").upper()
        below = (*path, f"{label} {_scalar(control, 'title')}".strip())
        for part in _objects(control, "parts"):
            self._read_part(part, below, _scalar(control, "id"))
        for enhancement in _objects(control, "controls"):
            self.units["enhancements"] += 1
            self._read_control(enhancement, below)

    def _read_part(self, part: Mapping[str, Any], path: tuple[str, ...], above: str) -> None:
        self._check_depth(path)
        identifier = _scalar(part, "id") or f"{above}_{_scalar(part, 'name') or 'part'}"
        prose = fold(_scalar(part, "prose"))
        if prose and _scalar(part, "name") in _ASSESSMENT_OBJECTS:
            self.objects += 1
        elif prose:
            self.units["parts_with_prose"] += 1
            self.placeholders += "{{ insert: param" in prose
            self.clauses.append(ParsedClause(self._locator(identifier), prose, path))
        for below in _objects(part, "parts"):
            self._read_part(below, (*path, title) if (title := _scalar(part, "title")) else path, identifier)

    def _locator(self, identifier: str) -> Locator:
        place = named_place(identifier)
        if place is None or self._seen[str(place)]:
            heading = countable_heading(identifier)
            self._seen[f"under {heading}"] += 1
            place = parse_locator(f"{heading}, para. {self._seen[f'under {heading}']}")
        self._seen[str(place)] += 1
        return place

    def _check_depth(self, path: tuple[str, ...]) -> None:
        if len(path) > DEEPEST:
            raise InputError(f"An OSCAL catalogue nests its parts more than {DEEPEST} deep: it was not read.")


def _objects(parent: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    found = parent.get(key)
    return (each for each in found if isinstance(each, dict)) if isinstance(found, list) else iter(())


def _scalar(parent: Mapping[str, Any], key: str) -> str:
    value = parent.get(key)
    return value.strip() if isinstance(value, str) else ""


def _property(parent: Mapping[str, Any], name: str) -> str:
    return next((_scalar(each, "value") for each in _objects(parent, "props") if each.get("name") == name), "")


def _metadata(metadata: object) -> Metadata:
    if not isinstance(metadata, dict):
        return Metadata(kind="standard")
    version = _scalar(metadata, "version")
    return Metadata(
        title=_scalar(metadata, "title") or None,
        publisher=next((_scalar(party, "name") for party in _objects(metadata, "parties") if _scalar(party, "name")), None),
        kind="standard",
        language=None,
        version_date=_date(_scalar(metadata, "published")) or _date(version) or _date(_scalar(metadata, "last-modified")),
        edition=f"version {version}" if version else None,
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if len(text) >= 10 else None
    except ValueError:
        return None
