"""Which reader a file is for, by its content."""

from __future__ import annotations

from importlib import import_module

from assistant.errors import InputError
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.xml_input import unpack_gzip

# In this order: the narrow formats first, plain text last. Modules are imported when their turn comes, parsers being heavy.
READERS = (
    "pdf",
    "docx",
    "formex",
    "akoma_ntoso",
    "clml",
    "eurlex",
    "ciso_assistant",
    "oscal",
    "email_message",
    "html",
    "markdown",
    "plain_text",
)


def parse_document(document: RawDocument) -> ParsedDocument:
    """The document, split into clauses by the first reader that recognises it; a gzip file is read as the file inside.

    Raises InputError if no reader does, or if the one that does cannot use it.
    """
    document = unpack_gzip(document)
    for name in READERS:
        reader = import_module(f"assistant.ingest.readers.{name}")
        if reader.recognises(document):
            parsed: ParsedDocument = reader.read(document)
            return parsed
    raise InputError(
        f"{document.name} is in no format that can be read: give a law, a policy or a contract as HTML, Markdown, PDF or DOCX."
    )
