"""The addresses of clauses: the document's own number where it prints one, else the heading and the number of the paragraph."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.ingest.blocks import BlockKind
from assistant.ingest.documents import ParsedClause
from assistant.ingest.labels import Label
from assistant.locators import Locator, parse_locator

UNTITLED = "Preamble"  # what stands before the first heading of a document without a title
_HEADING_CHARACTERS = 120
_FEW_REPEATED = 0.2  # up to this share of repeated numbers a part of the document counts on from the one before it


@dataclass(slots=True)
class Draft:
    """A clause before it has its address.

    ``number`` holds the labels of all levels, outermost first; ``scope`` is the heading within which these numbers are counted.
    """

    path: tuple[str, ...]
    number: tuple[Label, ...] = ()
    scope: str = ""
    texts: list[str] = field(default_factory=list)
    page: int | None = None
    depth: int = 0
    kind: BlockKind = "paragraph"

    @property
    def size(self) -> int:
        return sum(map(len, self.texts))


def address(drafts: Sequence[Draft], *, title: str | None, section: Locator | None = None) -> tuple[ParsedClause, ...]:
    """The clauses with locators, each unique in the document."""
    names = _names(drafts, title, section)
    totals = Counter(names)
    seen: Counter[_Name] = Counter()
    taken: set[str] = set()
    clauses = []
    for draft, name in zip(drafts, names, strict=True):
        seen[name] += 1
        locator = name.alone if totals[name] == 1 and name.alone else _paragraph(name, seen[name])
        while str(locator) in taken:  # a heading that reads like the address of another place
            seen[name] += 1
            locator = parse_locator(f"{name.text} [{seen[name]}]")
        taken.add(str(locator))
        clauses.append(ParsedClause(locator, " ".join(draft.texts), draft.path, draft.page))
    return tuple(clauses)


def _paragraph(name: _Name, count: int) -> Locator:
    """One of several paragraphs. Where "para. 2" would read as a level of the number before it, the count stands in square brackets."""
    locator = parse_locator(f"{name.text}, para. {count}")
    return locator if locator.kind == "heading" else parse_locator(f"{name.text} [{count}]")


@dataclass(frozen=True, slots=True)
class _Name:
    """What the paragraphs of one place share: its number or heading; ``alone`` is the locator if there is only one."""

    text: str
    alone: Locator | None = None


def _names(drafts: Sequence[Draft], title: str | None, section: Locator | None) -> list[_Name]:
    qualified = _scopes_that_repeat_numbers(drafts)
    headings = _unique_headings(drafts, title)
    names = []
    for draft, heading in zip(drafts, headings, strict=True):
        if section is not None:
            name = _name_in_section(section, draft.number, title)
        elif draft.number:
            locator = parse_locator(str(numbered_locator(draft.number)))
            name = _Name(str(locator), locator)
            if draft.scope in qualified:
                within = f"{_shorten(draft.scope)} {locator}"
                name = _Name(within, parse_locator(within))
        else:
            name = _Name(heading)
        names.append(name)
    return names


def _name_in_section(section: Locator, number: Sequence[Label], title: str | None) -> _Name:
    if number or title is None:
        locator = Locator(section.kind, section.number, (*section.parts, *(label.parts[-1] for label in number)))
        return _Name(str(locator), locator)
    return _Name(title, section)


def numbered_locator(number: Sequence[Label]) -> Locator:
    """``§10.2``, ``§B.3(a)`` or ``Art. 5(1)``: levels in small letters or brackets stand in brackets."""
    head, tail = number[0], number[1:]
    if head.is_article:
        return Locator("article", head.parts[-1].lower(), tuple(label.parts[-1] for label in tail))
    outer = [head.parts[-1]]
    inner: list[str] = []
    for label in tail:
        part = label.parts[-1]
        if not inner and not label.is_bracketed and (part.isdigit() or part.isupper()):
            outer.append(part)
        else:
            inner.append(part)
    if not (outer[0].isdigit() or outer[0].isupper()):
        return Locator("numbered", outer[0].upper(), (*outer[1:], *inner))
    return Locator("numbered", ".".join(outer), tuple(inner))


def _scopes_that_repeat_numbers(drafts: Iterable[Draft]) -> set[str]:
    """The parts of the document whose numbers occur in an earlier part too: those of a second policy, of a schedule."""
    numbers: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for draft in drafts:
        if draft.number:
            numbers[draft.scope].add(tuple(label.parts[-1] for label in draft.number))
    repeated = set()
    taken: set[tuple[str, ...]] = set()
    for scope, own in numbers.items():
        if scope and len(own & taken) > _FEW_REPEATED * len(own):
            repeated.add(scope)
        taken |= own
    return repeated


def _unique_headings(drafts: Sequence[Draft], title: str | None) -> list[str]:
    """For each clause its heading, with as many of the headings above as tell it from another place of the same name."""
    places: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    paths = [draft.path or (title or UNTITLED,) for draft in drafts]
    for path in paths:
        for size in range(1, len(path) + 1):
            places[_join(path[-size:])].add(path)
    return [
        next((name for size in range(1, len(path) + 1) if len(places[name := _join(path[-size:])]) == 1), _join(path)) for path in paths
    ]


def _join(path: Sequence[str]) -> str:
    return " / ".join(_shorten(heading) for heading in path)


def _shorten(heading: str) -> str:
    heading = heading.rstrip(" .:;,")
    if len(heading) <= _HEADING_CHARACTERS:
        return heading
    return heading[:_HEADING_CHARACTERS].rsplit(" ", 1)[0] + " …"
