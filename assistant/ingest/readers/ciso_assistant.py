"""Libraries of CISO Assistant: a framework or a law as a flat YAML list of requirement nodes that name their parents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from assistant.errors import InputError
from assistant.ingest.documents import Metadata, ParsedClause, ParsedDocument, RawDocument
from assistant.ingest.law_tree import LawTree, Part, countable_heading, counted, fold, named_place
from assistant.ingest.xml_input import decode
from assistant.locators import Locator, parse_locator

_LIBRARY = re.compile(rb"^urn:\s*[\"']?urn:[\w.-]+:risk:library:", re.MULTILINE)
_ARTICLE = re.compile(r"article\s+([0-9]{1,3}[a-z]{0,2})", re.IGNORECASE)
_RECITAL = re.compile(r"recital\s+([0-9]{1,3})", re.IGNORECASE)
_DIVISION = re.compile(r"(?:chapter|section|title|part|chapitre|titre|kapitel)\s+[0-9IVXLA-Z]{1,6}", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s\"'<>)]+")
# A library that only outlines a standard one must buy: its descriptions are the library's own words.
_OUTLINE = re.compile(r"\b(?:outline|purchase|buy the|full standard|iso\.org/standard|acheter|résumé)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Node:
    urn: str
    parent: str
    ref: str
    name: str
    text: str
    assessable: bool
    annotated: bool


def recognises(document: RawDocument) -> bool:
    return _LIBRARY.search(document.data[:300_000]) is not None


def read(document: RawDocument) -> ParsedDocument:
    """The requirements of a framework under their own ids; those of a law under its articles, paragraphs and points.

    Numbers are read as they are written ("4.10" is no fraction). Notes and translations of the library are left out. Raises
    InputError for a library that holds no framework, such as a risk matrix or a mapping.
    """
    library = _load(document)
    framework = _framework(document, library)
    nodes = _nodes(framework)
    is_law = any(_ARTICLE.fullmatch(node.ref) for node in nodes)
    outline = bool(_OUTLINE.search(str(library.get("copyright", ""))))
    units = Counter(
        requirement_nodes=len(nodes),
        assessable=sum(node.assessable for node in nodes),
        nodes_without_ref_id=sum(not node.ref for node in nodes),
    )
    warnings: tuple[str, ...] = ()
    if is_law:
        tree = _read_law(nodes)
        clauses, warnings = tree.clauses(), tree.warnings
        units.update(articles=tree.units["articles"], recitals=tree.units["recitals"])
    else:
        clauses = tuple(_framework_clauses(nodes))
        controls = sum(clause.locator.kind == "control" for clause in clauses)
        units.update({"controls": controls} if controls else {})
    if not clauses:
        raise InputError(f"{document.name} is a CISO Assistant library whose requirements hold no text.")
    if outline:
        warnings += ("The library outlines a standard that must be bought: its descriptions are not the standard's own words.",)
    return ParsedDocument(
        format="CISO Assistant YAML",
        clauses=clauses,
        metadata=_metadata(library, is_law),
        units=dict(units),
        skipped=tuple(_skipped(nodes, library, framework)),
        warnings=warnings,
        wording="summary" if outline else "official",
    )


def _load(document: RawDocument) -> Mapping[str, Any]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar stays text
    try:
        library = yaml.load(decode(document), Loader=loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"{document.name} is not well-formed YAML ({reason}): get it again from where it came.") from error
    if not isinstance(library, dict):
        raise InputError(f"{document.name} is no CISO Assistant library: its outermost level must be a mapping.")
    return library


def _framework(document: RawDocument, library: Mapping[str, Any]) -> Mapping[str, Any]:
    objects = library.get("objects")
    if isinstance(objects, dict):
        found = objects.get("framework")
        several = objects.get("frameworks")
        if found is None and isinstance(several, list) and len(several) == 1:
            found = several[0]
        if isinstance(found, dict) and isinstance(found.get("requirement_nodes"), list):
            return found
    raise InputError(f"{document.name} is a CISO Assistant library without a framework: import the library that holds the requirements.")


def _nodes(framework: Mapping[str, Any]) -> list[_Node]:
    return [
        _Node(
            urn=_scalar(node, "urn"),
            parent=_scalar(node, "parent_urn"),
            ref=_scalar(node, "ref_id"),
            name=_scalar(node, "name"),
            text=_scalar(node, "description"),
            assessable=_scalar(node, "assessable").lower() == "true",
            annotated=bool(_scalar(node, "annotation")),
        )
        for node in framework["requirement_nodes"]
        if isinstance(node, dict)
    ]


def _scalar(node: Mapping[str, Any], key: str) -> str:
    value = node.get(key)
    return fold(value) if isinstance(value, str) and value not in ("null", "~") else ""


def _framework_clauses(nodes: Sequence[_Node]) -> Iterator[ParsedClause]:
    """One clause a node that has words: its description, or its name where it has no other."""
    by_urn = {node.urn: node for node in nodes}
    seen: set[Locator] = set()
    counts: Counter[str] = Counter()
    for node in nodes:
        text = node.text or node.name
        if not text:
            continue
        above = _ancestors(node, by_urn)
        locator = named_place(node.ref)
        while locator is None or locator in seen:
            heading = countable_heading(node.ref, node.name, *(words for each in above for words in (each.name, each.ref)))
            counts[heading] += 1
            locator = parse_locator(f"{heading}, para. {counts[heading]}")
        seen.add(locator)
        path = [f"{each.ref} {each.name or each.text}".strip() for each in reversed(above)]
        yield ParsedClause(locator, text, tuple(filter(None, [*path, node.name if node.text else ""])))


def _ancestors(node: _Node, by_urn: Mapping[str, _Node]) -> list[_Node]:
    """Nearest first; a loop ends where it closes."""
    above: list[_Node] = []
    seen = {node.urn}
    while (parent := by_urn.get(node.parent)) is not None and parent.urn not in seen:
        seen.add(parent.urn)
        above.append(parent)
        node = parent
    return above


def _read_law(nodes: Sequence[_Node]) -> LawTree:
    reader = _LawReader()
    for node in nodes:
        reader.read(node)
    reader.finish()
    return reader.tree


class _LawReader:
    """Nodes follow the law's order. One without an id goes on with the paragraph, article or recital before it."""

    def __init__(self) -> None:
        self.tree = LawTree()
        self._titles: list[tuple[Part, str]] = []
        self._article = ""
        self._top: Part | None = None  # the article or recital that is open
        self._paragraph: Part | None = None  # and the paragraph in it
        self._points: dict[tuple[str, ...], Part] = {}

    def read(self, node: _Node) -> None:
        label = node.ref or node.name
        words = node.text or (node.name if node.ref else "")
        if article := _ARTICLE.fullmatch(label):
            self._enter("article", article.group(1), words)
        elif recital := _RECITAL.fullmatch(label):
            self._enter("recital", recital.group(1), "")
            self._say(words)
        elif _DIVISION.fullmatch(label):
            self.tree.divide(label, words)
            self._top = self._paragraph = None
            self._article = ""
        elif node.ref and self._article and node.ref.split(".")[0] == self._article:
            self._enter_point(tuple(node.ref.split(".")[1:]), words)
        elif words:
            self._say(words if not node.name or node.name == words else f"{node.name}: {words}")

    def finish(self) -> None:
        """An article whose words all stand in its paragraphs is known by its title."""
        for part, title in self._titles:
            if part.is_silent:
                part.say(title)

    def _enter(self, kind: str, number: str, title: str) -> None:
        self.tree.units["articles" if kind == "article" else "recitals"] += 1
        self._article = number if kind == "article" else ""
        self._top = self.tree.part("article" if kind == "article" else "recital", number, title)
        self._paragraph = None
        self._points.clear()
        if title:
            self._titles.append((self._top, title))

    def _enter_point(self, steps: tuple[str, ...], words: str) -> None:
        assert self._top is not None
        above = self._points.get(steps[:-1], self._top)
        part = above.below(".".join(steps) if above is self._top and len(steps) > 1 else steps[-1])
        part.say(words)
        self._points[steps] = part
        if len(steps) == 1 and steps[0].isdigit():
            self._paragraph = part

    def _say(self, words: str) -> None:
        part = self._paragraph or self._top or self.tree.unnumbered("Text")
        part.say(words)


def _skipped(nodes: Sequence[_Node], library: Mapping[str, Any], framework: Mapping[str, Any]) -> Iterator[str]:
    notes = sum(node.annotated for node in nodes)
    if notes:
        yield counted(notes, "note") + " of the library"
    languages = sorted({*_languages(library), *_languages(framework)})
    if languages:
        yield f"translations ({', '.join(languages)})"


def _languages(part: Mapping[str, Any]) -> Iterator[str]:
    translations = part.get("translations")
    return iter(map(str, translations)) if isinstance(translations, dict) else iter(())


def _metadata(library: Mapping[str, Any], is_law: bool) -> Metadata:
    address = _ADDRESS.search(_scalar(library, "description"))
    locale = _scalar(library, "locale")
    version = _scalar(library, "version")
    try:
        published = date.fromisoformat(_scalar(library, "publication_date"))
    except ValueError:
        published = None
    return Metadata(
        title=_scalar(library, "name") or None,
        publisher=_scalar(library, "provider") or None,
        kind="law" if is_law else "standard",
        url=address.group() if address else None,
        language=locale[:2].lower() if re.fullmatch(r"[A-Za-z]{2}(?:[-_].*)?", locale) else None,
        licence=_scalar(library, "copyright") or None,
        version_date=published,
        edition=f"library version {version}" if version else None,
    )
