"""Sentences of clauses, and what counts when two of them are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.ingest.labels import split_label
from assistant.ingest.printed import find_dates

_ROW_CHARACTERS = 300  # a table row up to here is compared as one
_LEAD_IN_WORDS = 5  # "Effective Date: 1 May 2024" is one sentence
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|no|nos|art|arts|para|paras|sec|inc|ltd|llc|corp|co|mr|mrs|ms|dr|st|approx|incl|cf|al|fig|pt|vol|ed|rev|reg|subs|lit)|\b[A-Z]|\bU\.S|\bD\.C)\.$",
    re.IGNORECASE,
)
_END = re.compile(
    r"""(?: (?<=[.!?])[”"’')\]]* | (?<=[.!?])\[[0-9]+\] )\s+(?=[“"‘'(\[«„]*[A-ZÀ-Þ0-9•‐–-])
      | (?<=:)\s+(?=[“"‘(]?[A-ZÀ-Þ(•]) | \s+(?=•\s)
      | (?<=;)\s+(?!(?:and|or|und|oder|et|ou)\b)
      | (?<=;\sand)\s+ | (?<=;\sor)\s+ | (?<=;\sund)\s+ | (?<=;\soder)\s+ | (?<=;\set)\s+ | (?<=;\sou)\s+""",
    re.VERBOSE,
)
_BARE_LABEL = re.compile(r"^\W*(?:[0-9]{1,3}|[A-Za-z]|[ivxIVX]{1,5})(?:\.[0-9]{1,3})*[.)]$")
_URL = re.compile(r"\bhttps?://[^\s<>()\[\]“”\"]+", re.IGNORECASE)
_QUERY = re.compile(r"[?#].*$")
_WORD = re.compile(r"[^\W_]+|[%€$£§]")
_LIST_MARK = re.compile(r"^\s*(?:[•▪·*–—-]\s*)+")
_INNER_LABEL = re.compile(r"(?<![\w.])\((?:[0-9]{1,2}|[a-z]|[ivx]{1,5})\)(?=\s|$)|(?<=[;:,] )(?:[0-9]{1,2}|[a-z]|[ivx]{1,5})[.)](?=\s)")
# A stamp that a browser or a site sets under a page when it is printed or loaded.
_STAMP = re.compile(
    r"^(?:printed|retrieved|accessed|downloaded|generated|captured|saved|page generated|imprimé|gedruckt|abgerufen)\b.{0,40}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, list item or table row; ``words`` is what is compared, ``clause`` the position of its clause."""

    text: str
    words: tuple[str, ...]
    clause: int

    @property
    def is_closed(self) -> bool:
        """Whether it ends as a sentence or a point of a list does, and is not a label, a title or a cell."""
        return self.text.rstrip("”\"')]").endswith((".", "!", "?", ";", ":", "; and", "; or"))

    @property
    def row_name(self) -> tuple[str, ...] | None:
        """The words of the first cell, which names what a table row is about; None if this is no row."""
        name, bar, _ = self.text.partition(" | ")
        return compared_words(name) if bar else None


def split_sentences(text: str, clause: int = 0) -> Iterator[Sentence]:
    """The sentences of a clause. Those without words (a list mark, a stamp of the printer) are left out."""
    for piece in _pieces(text):
        words = compared_words(piece)
        if words:
            yield Sentence(piece, words, clause)


def _pieces(text: str) -> Iterator[str]:
    if " | " in text and len(text) <= _ROW_CHARACTERS:
        yield text
        return
    for cell in text.split(" | "):
        start = 0
        for end in [*sentence_ends(cell), len(cell)]:
            yield cell[start:end].strip(" •")
            start = end


def sentence_ends(text: str) -> Iterator[int]:
    """Where sentences and points of a list begin in a text, but the first."""
    start = 0
    for match in _END.finditer(text):
        if _ends_sentence(text[start : match.start()], text[match.end() :]):
            start = match.end()
            yield start


def _ends_sentence(before: str, after: str) -> bool:
    if after.startswith("•"):
        return True
    if before.endswith(":") and len(_WORD.findall(before)) < _LEAD_IN_WORDS:
        return False
    return not _ABBREVIATION.search(before) and not _BARE_LABEL.match(before)


def typeset_alike(text: str) -> str:
    """The text with one kind of quotation marks, dashes and spaces, its letters as they are."""
    text = unicodedata.normalize("NFKC", text)
    return " ".join(re.sub(r"[‐‑‒–—−]", "-", re.sub(r"[“”„«»]", '"', re.sub(r"[‘’‚`´]", "'", text))).split())


def compared_words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared.

    Letters in one case; dates in one form; without punctuation, list numbers, what is behind the ``?`` or ``#`` of an address,
    and stamps of the printer.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if _STAMP.match(text) and find_dates(text):
        return ()
    text = _URL.sub(lambda match: _QUERY.sub("", match.group()).rstrip("/.,;:"), text)
    for start, end, day in reversed(find_dates(text)):
        text = f"{text[:start]} {day.isoformat()} {text[end:]}"
    text = _LIST_MARK.sub("", text)
    _, text = split_label(text)
    return tuple(word.casefold() for word in _WORD.findall(_INNER_LABEL.sub(" ", text)))
