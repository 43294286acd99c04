"""An imported source as a file: all of its versions and clauses, to be kept elsewhere or imported again."""

from __future__ import annotations

import json

from pydantic import ValidationError

from assistant.errors import InputError
from assistant.ingest.documents import RawDocument
from assistant.locators import parse_locator
from assistant.schema import Frozen, Source, Version
from assistant.store import ImportedSource, Words, put_in_order

EXPORT_SUFFIX = ".clausewise.json"
FORMAT = 1


class _ExportedClause(Frozen):
    locator: str
    text: str
    heading_path: tuple[str, ...] = ()
    page: int | None = None


class _Export(Frozen):
    clausewise_source: int
    source: Source
    versions: tuple[Version, ...]
    texts: dict[str, tuple[_ExportedClause, ...]]


def write_export(imported: ImportedSource) -> bytes:
    """The file; reading it gives an equal source."""
    texts = {
        version.id: tuple(
            _ExportedClause(locator=str(words.locator), text=words.text, heading_path=words.heading_path, page=words.page)
            for words in imported.text(version.id)
        )
        for version in imported.versions
    }
    export = _Export(clausewise_source=FORMAT, source=imported.source, versions=imported.versions, texts=texts)
    return json.dumps(export.model_dump(mode="json"), ensure_ascii=False, indent=1).encode()


def read_export(document: RawDocument) -> ImportedSource:
    """The source in a file that `write_export` made.

    Raises InputError if it is none, or of a newer format.
    """
    try:
        export = _Export.model_validate_json(document.data)
    except ValidationError as error:
        detail = error.errors()[0]
        raise InputError(f"{document.name} is no export: {'.'.join(map(str, detail['loc']))}: {detail['msg']}.") from error
    if export.clausewise_source != FORMAT:
        raise InputError(f"{document.name} has format {export.clausewise_source}; this program reads {FORMAT}. Update clausewise.")
    if export.texts.keys() != {version.id for version in export.versions} or not export.versions:
        raise InputError(f"{document.name} is no export: its versions and its texts do not belong together.")
    texts = {
        version_id: tuple(Words(parse_locator(clause.locator), clause.text, clause.heading_path, clause.page) for clause in clauses)
        for version_id, clauses in export.texts.items()
    }
    return ImportedSource(export.source, put_in_order(export.versions), texts)
