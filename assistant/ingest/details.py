"""What is known about a document besides its clauses: from options, a side file, its front matter, the file itself, or guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError, field_validator

from assistant.errors import InputError
from assistant.ingest.documents import Metadata, RawDocument
from assistant.ingest.files import FOLDER_SIDE_FILE, SIDE_FILE
from assistant.schema import ContractKind, Frozen, Jurisdiction, SourceKind
from assistant.schema.base import Id, Text

_MAX_SIDE_BYTES = 64_000
_FRONT_MATTER = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(.*?\r?\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_SAME = {
    "tool": "tools",
    "plan": "plans",
    "jurisdiction": "jurisdictions",
    "license": "licence",
    "date": "version_date",
    "address": "url",
    "source": "url",
    "lang": "language",
}
_LISTS = ("tools", "plans", "jurisdictions")


class Details(Frozen):
    """What one place says about a document; None or empty where it says nothing."""

    title: Text | None = None
    label: Text | None = None
    publisher: Text | None = None
    kind: SourceKind | None = None
    url: Text | None = None
    tools: tuple[Id, ...] = ()
    plans: tuple[Id, ...] = ()
    contract: ContractKind | None = None
    jurisdictions: tuple[Jurisdiction, ...] = ()
    language: str | None = None
    licence: Text | None = None
    version_date: date | None = None
    effective_date: date | None = None
    as_of: date | None = None
    edition: Text | None = None

    @field_validator("language", mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        """``en-GB`` is English."""
        return value.strip().lower()[:2] if isinstance(value, str) and value.strip() else None

    def over(self, other: Details) -> Details:
        """These details, and those of the other where these say nothing."""
        own = {name: value for name, value in self if value not in (None, ())}
        return other.model_copy(update=own)

    @property
    def given(self) -> frozenset[str]:
        """The names of the fields that say something."""
        return frozenset(name for name, value in self if value not in (None, ()))


def from_metadata(metadata: Metadata) -> Details:
    """What a reader found in the file. A printed date is no proof that the text was in force on any day."""
    return Details(
        title=metadata.title or None,
        publisher=metadata.publisher or None,
        kind=metadata.kind,
        url=metadata.url or None,
        jurisdictions=metadata.jurisdictions,
        language=metadata.language,
        licence=metadata.licence or None,
        version_date=metadata.version_date,
        edition=metadata.edition or None,
    )


def read_side_files(path: Path) -> Details:
    """What ``NAME.meta.yaml`` says beside the file, and ``meta.yaml`` for its whole folder.

    Raises InputError if one of them cannot be used.
    """
    own = (path.with_name(f"{path.name}{SIDE_FILE}"), path.with_name(f"{path.stem}{SIDE_FILE}"))
    near = next((_read_side_file(side) for side in own if side.is_file() and not side.is_symlink()), Details())
    shared = path.with_name(FOLDER_SIDE_FILE)
    return near.over(_read_side_file(shared)) if shared.is_file() and not shared.is_symlink() else near


def split_front_matter(document: RawDocument) -> tuple[RawDocument, Details]:
    """The document without its YAML front matter, and what that says; what it says besides is nobody's concern here."""
    match = _FRONT_MATTER.match(document.data)
    if match is None or len(match.group(1)) > _MAX_SIDE_BYTES:
        return document, Details()
    try:
        content = yaml.safe_load(match.group(1))
        details = _details(content, strict=False)
    except (yaml.YAMLError, ValidationError, ValueError, RecursionError):
        return document, Details()
    return RawDocument(document.name, document.data[match.end() :]), details


def guess(names: Sequence[str], stem: str, tools: Mapping[str, Iterable[str]]) -> Details:
    """What the names of a file and its folders suggest. ``tools``: the names each known tool goes by."""
    words = [_plain(name) for name in names]
    found = next((tool for tool, known in tools.items() for name in known if _plain(name) in words), None)
    title = re.sub(r"[\s_-]+", " ", _without_day(stem)).strip()
    if not title and names:
        title = " ".join(name for name in names if name)
    title = title[:1].upper() + title[1:] if title else "Untitled document"
    is_vendors = found is not None or re.search(r"\b(?:terms|privacy|policy|agreement|processors?)\b", title, re.IGNORECASE) is not None
    kind: SourceKind = "vendor" if is_vendors else "guidance"
    return Details(title=title, kind=kind, tools=(found,) if found else (), publisher="unknown", language="en")


def guess_contract(title: str, clauses: Iterable[str]) -> ContractKind | None:
    """Which kind of contract a text is: by what its title says, else by which of the two it speaks of more."""
    named = title.lower()
    if re.search(r"business associate|\bbaa\b", named):
        return "baa"
    if re.search(r"data[- ]process|processing (?:agreement|addendum)|\bdpa\b|auftragsverarbeitung", named):
        return "dpa"
    text = " ".join(clauses).lower()
    baa, dpa = text.count("business associate"), len(re.findall(r"\bprocessors?\b|data processing", text))
    if max(baa, dpa) < 3:
        return None
    return "baa" if baa > dpa else "dpa"


def from_mapping(content: Mapping[str, Any]) -> Details:
    """Details from the names that options, side files and front matter use.

    Raises pydantic.ValidationError if a value does not fit.
    """
    return _details(content, strict=True)


def _read_side_file(path: Path) -> Details:
    try:
        if path.stat().st_size > _MAX_SIDE_BYTES:
            raise InputError(f"{path.name} has more than {_MAX_SIDE_BYTES:,} bytes: a side file holds a few lines.")
        content = yaml.safe_load(path.read_bytes())
        return _details(content, strict=True)
    except ValidationError as error:
        detail = error.errors()[0]
        raise InputError(f"{path.name}: {'.'.join(map(str, detail['loc'])) or 'it'}: {detail['msg']}.") from error
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"{path.name} cannot be used: {' '.join(str(error).split())}.") from error


def _details(content: object, *, strict: bool) -> Details:
    if not isinstance(content, Mapping):
        raise ValueError("write one `name: value` a line")
    values: dict[str, Any] = {}
    for key, value in content.items():
        name = str(key).strip().lower().replace("-", "_").replace(" ", "_")
        name = _SAME.get(name, name)
        if value is None or (not strict and name not in Details.model_fields):
            continue
        values[name] = [value] if name in _LISTS and not isinstance(value, list | tuple) else value
    return Details.model_validate(values)


def _without_day(stem: str) -> str:
    return re.sub(r"(?<!\d)(?:19|20)\d{2}-\d{2}-\d{2}(?!\d)", " ", stem)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
