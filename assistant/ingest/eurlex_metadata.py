"""What an EUR-Lex page says about the act it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from assistant.ingest.documents import Metadata
from assistant.ingest.law_tree import fold, without_eea_note, words_in

if TYPE_CHECKING:
    from lxml.etree import _Element

PUBLISHER = "Publications Office of the European Union"

_DATE = re.compile(r"\b([0-9]{1,2})\.([0-9]{1,2})\.((?:19|20)[0-9]{2})\b")
_CONSOLIDATED = re.compile(r"\b0?([0-9]{4}[A-Z]{1,2}[0-9]{4})\s*[—–-]\s*([A-Z]{2})\s*[—–-]\s*([0-9.]{8,10})\s*[—–-]\s*([0-9.]+)")
_ELI = re.compile(r"https?://data\.europa\.eu/eli/[a-z_]+/[0-9]{4}/[0-9]+(?:/[\w/-]+)?")
_LANGUAGE = re.compile(r"[A-Z]{2}")


def read_metadata(root: _Element, body: _Element, titles: Sequence[str]) -> Metadata:
    """``titles`` are the lines of the title as printed in the document itself."""
    reference = _first(body, "reference")
    consolidated = _CONSOLIDATED.search(reference or fold(_page_title(root)))
    language = consolidated.group(2) if consolidated else _printed_language(root, body)
    heads = {name: _first(body, f"hd-{name}") for name in ("date", "oj", "uniq")}
    return Metadata(
        title=without_eea_note(" ".join(line for line in titles if not line.startswith("(OJ "))) or None,
        publisher=PUBLISHER,
        kind="law",
        url=_address(root, body, consolidated),
        jurisdictions=("eu",),
        language=language.lower() if language else None,
        version_date=_consolidated_date(body, consolidated) if consolidated else _last_date([heads["date"] or ""]),
        edition=_edition(consolidated, heads),
    )


def _consolidated_date(body: _Element, consolidated: re.Match[str]) -> date | None:
    """The newest day that the head of a consolidated text names: a corrigendum changes its words, not the day in its reference."""
    acts = [text for name in ("title-fam-member", "hd-modifiers-date") for text in _all(body, name)]
    modifiers = [fold(words_in(cell)) for cell in body.iter("td") if "title-fam-member" not in cell.get("class", "")][:400]
    dated = [text for text in modifiers if len(text) <= 12 and _DATE.search(text)]
    return _last_date([consolidated.group(3), *acts, *dated])


def _edition(consolidated: re.Match[str] | None, heads: dict[str, str | None]) -> str | None:
    if consolidated:
        return f"consolidated text 0{consolidated.group(1)} {consolidated.group(4)}"
    number = heads["oj"] or heads["uniq"]
    return f"OJ {number}" if number else None


def _address(root: _Element, body: _Element, consolidated: re.Match[str] | None) -> str | None:
    if consolidated:
        day, month, year = consolidated.group(3).split(".") if consolidated.group(3).count(".") == 2 else ("", "", "")
        celex = f"0{consolidated.group(1)}" + (f"-{year}{month.zfill(2)}{day.zfill(2)}" if year else "")
        return f"https://eur-lex.europa.eu/legal-content/{consolidated.group(2)}/TXT/?uri=CELEX:{celex}"
    for element in root.iter("meta", "link"):
        about = element.get("about") or ""
        if element.get("typeof") == "eli:LegalResource" and _ELI.fullmatch(about):
            return about
    for paragraph in body.iter("p"):
        text = words_in(paragraph)
        if text.lstrip().startswith("ELI:") and (found := _ELI.search(text)):
            return found.group()
    return None


def _printed_language(root: _Element, body: _Element) -> str | None:
    printed = (_first(body, "hd-lg") or "").strip()
    if _LANGUAGE.fullmatch(printed):
        return printed
    declared = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    return declared[:2] if len(declared) >= 2 else None


def _page_title(root: _Element) -> str:
    title = root.find(".//title")
    return words_in(title) if title is not None else ""


def _first(body: _Element, name: str) -> str | None:
    return next(_all(body, name), None)


def _all(body: _Element, name: str) -> Iterator[str]:
    for paragraph in body.iter("p"):
        names = {each.removeprefix("oj-") for each in paragraph.get("class", "").split()}
        if name in names and (text := fold(words_in(paragraph))):
            yield text


def _last_date(texts: Sequence[str]) -> date | None:
    found = [day for text in texts for match in _DATE.finditer(text) if (day := _day(match))]
    return max(found, default=None)


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match.group(3)), int(match.group(2)), int(match.group(1)))
    except ValueError:
        return None
