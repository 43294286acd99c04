"""Everyday words widen a search; they never narrow it."""

from __future__ import annotations

import pytest

from assistant.index.glossary import Glossary
from assistant.schema import GlossaryEntry

GLOSSARY = Glossary(
    [
        GlossaryEntry(id="sell", say=("sell", "flog"), mean=("disclose", "third parties")),
        GlossaryEntry(id="copy", say=("copy of everything",), mean=("right of access",)),
        GlossaryEntry(id="share", say=("pass on",), mean=("disclose",)),
    ]
)


@pytest.mark.parametrize(
    "question, added",
    [
        ("Do they sell data?", "disclose third parties"),
        ("Is data being sold or selling?", "disclose third parties"),
        ("She wants a copy of everything", "right of access"),
        ("She wants everything of a copy", ""),
        ("Do they pass on or sell it?", "disclose third parties"),
        ("Do they sell or disclose it to third parties?", ""),
        ("Is it encrypted?", ""),
    ],
)
def test_the_words_of_law_are_added_once_and_only_where_they_are_new(question: str, added: str) -> None:
    assert GLOSSARY.widen(question) == added
