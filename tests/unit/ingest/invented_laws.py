"""Small laws of our own, one in each format, and the readers they are for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

from assistant.ingest.documents import ParsedDocument, RawDocument

LAWS = Path(__file__).parent / "laws"
READERS = ("formex", "akoma_ntoso", "clml", "eurlex", "ciso_assistant", "oscal")
READER_OF = {
    "meadow.formex.xml": "formex",
    "meadow-consolidated.formex.xml": "formex",
    "meadow-annex.formex.xml": "formex",
    "meadow-corrigendum.formex.xml": "formex",
    "meadow.eurlex.xhtml": "eurlex",
    "meadow-consolidated.eurlex.xhtml": "eurlex",
    "meadow-web-page.html": "eurlex",
    "meadow-corrigendum.eurlex.xhtml": "eurlex",
    "meadow-law.ciso.yaml": "ciso_assistant",
    "meadow-standard.ciso.yaml": "ciso_assistant",
    "meadow-act.clml.xml": "clml",
    "meadow-regulations.clml.xml": "clml",
    "meadow-retained.clml.xml": "clml",
    "meadow.akn.xml": "akoma_ntoso",
    "meadow.oscal.json": "oscal",
}


def raw(name: str) -> RawDocument:
    return RawDocument(name, (LAWS / name).read_bytes())


def reader(name: str) -> ModuleType:
    return import_module(f"assistant.ingest.readers.{name}")


def read(name: str) -> ParsedDocument:
    parsed: ParsedDocument = reader(READER_OF[name]).read(raw(name))
    return parsed


def clauses(name: str) -> dict[str, str]:
    """The words of a law by the places they stand at."""
    return {str(clause.locator): clause.text for clause in read(name).clauses}
