"""Readers, one module for each format: bytes in, clauses in the document's own words out.

Each module has two functions. ``recognises(document: RawDocument) -> bool`` looks at the content and is cheap.
``read(document: RawDocument) -> ParsedDocument`` raises InputError if the file is of this format but cannot be used.
"""
