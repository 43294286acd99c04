"""One parser for every way a person or a document names a place in a source.

A locator is the address of a clause inside its source: ``Art. 28(3)(a)``, ``Recital 47``, ``A.8.24``, ``§10.2``,
``s. 164A(1)``, ``Sch. 1 para. 2(1)``, ``Annex III(1)(c)``, ``164.502(e)(1)`` (a section of the US Code of Federal
Regulations) or, where a document prints no numbers, its heading and the number of the paragraph: ``Retention, para. 2``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

LocatorKind = Literal["article", "recital", "annex", "control", "section", "schedule", "regulation", "cfr", "numbered", "heading"]

_PART = r"[0-9]{1,3}[A-Z]{0,3}|[a-z]{1,3}|[ivxlc]{1,8}"
_BRACKETS = re.compile(rf"\(?\s*({_PART})\s*\)", re.IGNORECASE)
# Articles put between others by later laws, as France, Italy and Spain count them.
_LATIN_SUFFIX = r"(?:bis|ter|quater|quinquies|sexies|septies|octies|novies|decies)"
# What the levels below an article are called: English, German, French, Spanish, Italian, Dutch.
_LEVEL = (
    r"paragraphs?|paras?\.?|par\.|subsections?|subs\.|points?|pt\.|lit\.|sub-?points?|letters?|nr\.|no\."
    r"|absatz|abs\.?|buchstaben?|buchst\.?|nummern?|ziffern?|ziff\.|ziffer"
    r"|paragraphes?|lettres?|sous|apartados?|apdo\.|letras?|puntos?|paragraf[oi]|letter[ae]|comm[ai]|lid|onder"
)
_WORDED_PARTS = re.compile(rf"(?:,|\s)*\b(?:{_LEVEL})(?![^\W\d_])\s*\(?\s*({_PART})\b\s*\)?", re.IGNORECASE)
# A subparagraph or a sentence has no number of its own in a locator: its words stand under the paragraph.
_WITHIN_PARAGRAPH = re.compile(
    r",?\s*\b(?:unterabsatz\s*[0-9]{1,2}|uabs\.\s*[0-9]{1,2}|satz\s*[0-9]{1,2}"
    r"|(?:first|second|third|fourth|fifth|last)\s+(?:subparagraph|sentence)"
    r"|(?:premier|deuxième|troisième|quatrième|dernier)\s+alinéa"
    r"|párrafo\s+(?:primero|segundo|tercero|cuarto|último))\b",
    re.IGNORECASE,
)
# A law named after the place is not part of the address.
_LAW_NAMED_AFTER = re.compile(
    r"\s+(?:(?:of\s+the|der|des|du|del|della)\s+)?(?:UK\s+GDPR|GDPR|DS-?GVO|RGPD|AVG|BDSG|KI-VO|AI\s+Act|DPA(?:\s+2018)?)$", re.IGNORECASE
)
# "point (a) of the first subparagraph of Article 28(3)" names the point before the article.
_POINT_FIRST = re.compile(
    rf"\bpoints?\s*\(?\s*({_PART})\s*\)?\s+of\s+(?:the\s+)?(?:[a-z]+\s+subparagraph\s+of\s+)?"
    r"((?:art(?:icle|\.)|annex)\s*(?:[0-9]{1,3}[a-z]?|[IVXL]+)(?:\s*\(\s*[0-9A-Za-z]{1,4}\s*\))*)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Locator:
    """A parsed address.

    ``kind`` says what is numbered, ``number`` is the outermost number as printed (``28``, ``8.24``, ``164A``, ``III``) or
    the heading text, ``parts`` are the bracketed levels below it, outermost first (``("3", "a")``).
    """

    kind: LocatorKind
    number: str
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The canonical spelling; parsing it gives an equal locator."""
        brackets = "".join(f"({part})" for part in self.parts)
        match self.kind:
            case "article":
                return f"Art. {self.number}{brackets}"
            case "recital":
                return f"Recital {self.number}"
            case "annex":
                return f"Annex {self.number}{brackets}" if self.number else f"Annex{brackets}"
            case "control":
                return f"A.{self.number}"
            case "section":
                return f"s. {self.number}{brackets}"
            case "regulation":
                return f"reg. {self.number}{brackets}"
            case "schedule":
                paragraph = f" para. {self.parts[0]}" + "".join(f"({p})" for p in self.parts[1:]) if self.parts else ""
                return f"Sch. {self.number}{paragraph}"
            case "cfr":
                return f"{self.number}{brackets}"
            case "numbered":
                return f"§{self.number}{brackets}"
            case "heading":
                return f"{self.number}, para. {self.parts[0]}" if self.parts else self.number

    @property
    def slug(self) -> str:
        """The address as part of a clause id: lower case, no spaces, no brackets."""
        prefix = {
            "article": "art-",
            "recital": "recital-",
            "annex": "annex-",
            "control": "a.",
            "section": "s-",
            "regulation": "reg-",
            "schedule": "sch-",
            "cfr": "",
            "numbered": "sec-",
            "heading": "",
        }[self.kind]
        number = _slugify(self.number) if self.kind == "heading" else self.number.lower() or "0"
        tail = [f"para-{self.parts[0]}", *self.parts[1:]] if self.kind in ("schedule", "heading") and self.parts else self.parts
        return prefix + "-".join([number, *(part.lower() for part in tail)])

    @property
    def parents(self) -> tuple[Locator, ...]:
        """The places that contain this one, nearest first: Art. 28(3)(a) -> Art. 28(3), Art. 28."""
        return tuple(Locator(self.kind, self.number, self.parts[:size]) for size in range(len(self.parts) - 1, -1, -1))

    def contains(self, other: Locator) -> bool:
        """Whether ``other`` is this place or lies inside it."""
        same = (self.kind, self.number) == (other.kind, other.number)
        return same and other.parts[: len(self.parts)] == self.parts


def parse_locator(text: str) -> Locator:
    """Parse one locator, however it is written ("Article 28 (3) a", "Art 28.3.a", "A 8.24", "section 164A", "§ 10.2").

    Text in none of the numbered forms is a heading, with its paragraph where one is named ("Retention, para. 2").

    Raises ValueError if the text is empty.
    """
    clean = _normalise(text)
    if not clean:
        raise ValueError("a locator is empty: give an article, a control, a section or a heading")
    return _parse_numbered(clean) or _parse_heading(clean)


def parse_numbered_locator(text: str) -> Locator | None:
    """Parse text as a numbered locator; None where it is not one. Unlike parse_locator it never falls back to a heading."""
    return _parse_numbered(_normalise(text))


_FIND = re.compile(
    r"""(?<![\w.])(?:
      (?:art(?:icles?|\.)?|artikel|artículo|articolo|recitals?|rec\.|erwägungsgrund|ErwG(?:r)?\.|considérant|considerando
         |annex(?:\ a)?|anhang|anlage|annexe|anexo|allegato|bijlage
         |sections?|sec\.|s\.|sch(?:edule|\.)|regulations?|reg\.)\s*(?:[0-9]+[A-Za-z]{0,2}(?:\.[0-9]+)*|[IVX]+\b)
      |A[.\s]?[0-9]{1,2}\.[0-9]{1,2}(?:\.[0-9]{1,2})?
      |§+\s*[0-9]+(?:\.[0-9]+)*
      |(?:45\s*CFR\s*)?§?\s*1[0-9]{2}\.[0-9]{3}
    )
    (?:\s*\(\s*[0-9A-Za-z]{1,4}\s*\)|\.[0-9]{1,2}(?![0-9])|\.[a-z](?![a-z])
       |,?\s*(?:para(?:graphe?|grafo|\.)?|point|punto|lit\.|letra|lettre|lettera|buchst(?:abe|\.)|abs(?:atz|\.)|apartado|nummer|nr\.)
          \s*\(?[0-9a-z]{1,3}(?!\w)\)?
       |,?\s*(?:unterabsatz\ [0-9]|(?:first|second|third|last)\ subparagraph
          |(?:premier|deuxième)\ alinéa|párrafo\ (?:primero|segundo)))*""",
    re.VERBOSE | re.IGNORECASE,
)


def find_locators(text: str) -> list[Locator]:
    """Every numbered locator named in running text, in order of appearance, each once."""
    found: dict[Locator, None] = {}
    for match in _FIND.finditer(_normalise(text)):
        locator = _parse_numbered(match.group(0).strip())
        if locator is not None:
            found.setdefault(locator)
    return list(found)


def replace_locators(text: str, replace: Callable[[Locator], str]) -> str:
    """Running text with every numbered locator in it replaced; normalised as for finding them."""

    def replaced(match: re.Match[str]) -> str:
        locator = _parse_numbered(match.group(0).strip())
        return match.group(0) if locator is None else replace(locator)

    return _FIND.sub(replaced, _normalise(text))


def _normalise(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("‑", "-").replace("–", "-")
    return _POINT_FIRST.sub(r"\2(\1)", " ".join(text.split())).strip(" ,;:")


def _slugify(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    latin = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    return latin or re.sub(r"\W+", "-", text.lower()).strip("-") or "x"  # headings in other scripts keep their letters


_NUMBERED: tuple[tuple[LocatorKind, re.Pattern[str]], ...] = (
    ("cfr", re.compile(r"^(?:45\s*C\.?F\.?R\.?\s*)?(?:part\s*)?§{0,2}\s*(1[0-9]{2}\.[0-9]{3})(?P<rest>.*)$", re.IGNORECASE)),
    (
        "recital",
        re.compile(
            r"^(?:recitals?|rec\.|erwägungsgr(?:und|ünde)|erwgr?\.|considérants?|considerandos?|overweging)\s*(?:no\.?|nr\.?)?\s*"
            r"\(?([0-9]{1,3})\)?(?P<rest>)$",
            re.IGNORECASE,
        ),
    ),
    (
        "control",
        re.compile(r"^(?:control\s*|annex\s*)?A[.\s]?\s*([5-9]\.[0-9]{1,2}|1[0-8]\.[0-9]{1,2}\.[0-9]{1,2})(?P<rest>)$", re.IGNORECASE),
    ),
    ("control", re.compile(r"^(?:control\s+)?A\.?\s?([5-9]\.[0-9]{1,2}\.[0-9]{1,2})(?P<rest>)$", re.IGNORECASE)),
    (
        "annex",
        re.compile(
            r"^(?:annex|anhang|annexe|anexo|allegato|bijlage)\s*([IVXL]+|[0-9]{1,2}|(?<=\s)[A-Z])(?![a-z0-9])(?P<rest>.*)$", re.IGNORECASE
        ),
    ),
    ("annex", re.compile(r"^(?:annex|anhang|annexe|anexo|allegato|bijlage)()(?P<rest>(?:\s*\(.*)?)$", re.IGNORECASE)),
    ("schedule", re.compile(r"^(?:schedule|sched\.|sch\.?)\s*([0-9]{1,2}[A-Z]{0,2}|[A-Z][0-9]{1,2})(?P<rest>.*)$", re.IGNORECASE)),
    ("regulation", re.compile(r"^(?:regulation|reg\.?)\s*([0-9]{1,3}[A-Z]{0,2})(?P<rest>.*)$", re.IGNORECASE)),
    (
        "article",
        re.compile(
            rf"^(?:articles?|art\.?|artikel|artículos?|articolo)\s*([0-9]{{1,4}}(?:\s?-?{_LATIN_SUFFIX}|(?!st|nd|rd|th)[a-z]{{1,2}})?(?![a-z]))(?P<rest>.*)$",
            re.IGNORECASE,
        ),
    ),
    ("section", re.compile(r"^(?:sections?|sec\.?|ss?\.)\s*([0-9]{1,3}[A-Z]{0,3})(?![.\d])(?P<rest>.*)$", re.IGNORECASE)),
    (
        "numbered",
        re.compile(
            r"^(?:§{1,2}|clauses?|sections?|sec\.?)\s*([0-9A-Z]{1,4}(?:\.[0-9A-Z]{1,3})*)\.?"
            r"(?P<rest>(?:\s*(?:\(|,?\s*(?:abs|nr|satz|lit|al)\b).*)?)$",
            re.IGNORECASE,
        ),
    ),
)


def _parse_numbered(text: str) -> Locator | None:
    text = _LAW_NAMED_AFTER.sub("", text)
    for kind, pattern in _NUMBERED:
        match = pattern.match(text)
        if match is None:
            continue
        parts = _parse_parts(match.group("rest"))
        if parts is not None:
            return Locator(kind, _canonical_number(kind, match.group(1)), _canonical_parts(kind, parts))
    return None


def _canonical_number(kind: LocatorKind, number: str) -> str:
    if kind == "article":
        return re.sub(r"[\s-]", "", number).lower()
    return number.upper() if kind in ("section", "annex", "schedule", "regulation", "numbered") else number


def _canonical_parts(kind: LocatorKind, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Letters below an article are lower case, as the Official Journal prints them; elsewhere they stand as printed."""
    if kind == "article":
        return tuple(part.lower() if part.isalpha() else part for part in parts)
    return parts


def _parse_parts(rest: str) -> tuple[str, ...] | None:
    """The levels below the number; None if anything is left that is no level."""
    parts: list[str] = []
    rest = _WITHIN_PARAGRAPH.sub("", rest).strip()
    while rest:
        match = (
            _BRACKETS.match(rest)
            or _WORDED_PARTS.match(rest)
            or re.match(rf"[.\s]\s*({_PART})(?![\w])", rest)
            or re.match(r"([a-z])(?![\w])", rest)
        )
        if match is None:
            return None
        parts.append(match.group(1))
        rest = rest[match.end() :].lstrip(" ,") if rest[match.end() :].startswith((" (", ",")) else rest[match.end() :]
        if not rest.strip(" .,"):
            break
    return tuple(parts)


def _parse_heading(text: str) -> Locator:
    match = re.match(r"^(?P<heading>.+?)\s*[,(]\s*para(?:graph|\.)?\s*(?P<number>[0-9]{1,4})\)?$", text, re.IGNORECASE)
    if match:
        return Locator("heading", match.group("heading").strip(), (match.group("number"),))
    return Locator("heading", text)
