"""The mistakes a careless writer makes in a claim: one operator a kind, each changing one thing and leaving a fluent sentence.

They know nothing of the checks. An operator gives every way in which it can change a text, in reading order; the caller draws one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.schema import Clause, Knowledge

_WORDED = "three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty thirty sixty ninety".split()
_MONTHS = "January February March April May June July August September October November December".split()
_UNITS = r"hours?|days?|weeks?|months?|years?|minutes?|people|participants?|%|per cent|percent|bits?|users?|times?|members?"
_LOCATOR = re.compile(
    r"(?P<sign>\bArt(?:icles?|\.|s\.)?\s*|\bRecitals?\s*|§\s*|\bs\.\s*|\bsections?\s+|\bA\.(?=\d)|\b45 CFR "
    r"(?=\d))(?P<number>\d+(?:\.\d+)*)(?P<parts>(?:\(\w{1,3}\))*)"
)
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|will|would|may|must|can|could|should|has|have|does|do|did|shall)\b(?! not\b|n't)", re.IGNORECASE
)
_VERBS = (
    "keeps stores uses names goes covers applies encrypts shares sells says offers provides holds asks needs works "
    "deletes records allows lets "
    "requires includes sends receives collects trains serves binds lies rests reaches comes ends counts belongs "
    "depends means makes takes gives "
    "supports promises contains processes transfers tells gets stays runs becomes shows remains follows protects helps acts"
).split()
_VERB = re.compile(rf"\b({'|'.join(_VERBS)})\b")
_PLURAL_VERB = re.compile(
    r"\b(customers|clients|users|owners|terms|they|you|we|hosts|recordings|documents|policies|keys|data|"
    r"participants)\s+(keep|store|use|go|apply|share|need|work|get|say|stay|lie|hold|have to|belong|choose|decide|own|"
    r"join)\b"
)
_REMOVALS: tuple[tuple[str, str], ...] = (
    (r"\b(is|are|was|were|will|would|may|must|can|could|should|has|have|shall) not\b", r"\1"),
    (r"\b(?:does|do|did) not (\w+)", r"does \1"),
    (r"\bcannot\b", "can"),
    (r"\bnever\b", "always"),
    (r"\bno longer\b", "still"),
    (r"\bnobody\b", "everybody"),
    (r"\bNobody\b", "Everybody"),
    (r"\bnothing\b", "everything"),
    (r"\bNothing\b", "Everything"),
    (r"\bnone\b", "all"),
    (r"\bNone\b", "All"),
    (r"\bwithout\b(?! undue)", "with"),
    (r"\bneither\b([^.;]{1,60})\bnor\b", r"both\1and"),
    (r"\bno (?!more\b|less\b|later\b|fewer\b|longer\b)(\w+)", r"a \1"),
    (r"\bNo (\w+)", r"A \1"),
    (r"\bnot\b ", ""),
)
_MODALS: tuple[tuple[str, Sequence[str]], ...] = (
    (r"\bmust\b(?! not)", ("may", "should")),
    (r"\bmay\b(?! not)", ("must", "will")),
    (r"\bcan\b(?! not)", ("must",)),
    (r"\bshould\b(?! not)", ("must", "may")),
    (r"\bshall\b", ("may",)),
    (r"\b(?:has|have) to\b", ("may",)),
    (r"\bneeds? to\b", ("may",)),
    (r"\bat least\b", ("at most",)),
    (r"\bat most\b", ("at least",)),
    (r"\bup to\b", ("at least",)),
    (r"\balways\b", ("sometimes", "never")),
    (r"\bnever\b", ("sometimes",)),
    (r"\bonly (?=\w)", ("also ",)),
    (r"\ball\b", ("some",)),
    (r"\bevery\b", ("some",)),
    (r"\bneeds?\b(?! to)", ("may have",)),
    (r"\brequires?\b", ("recommends",)),
    (r"\bare allowed to\b", ("must",)),
)
_PLACES = ("the United Kingdom", "the European Union", "the United States", "Germany", "France", "Switzerland", "Canada")
_SHORT_PLACES = ("UK", "EU", "US")
_PLACE_WORDS: dict[str, Sequence[str]] = {
    r"(?<![\w-])UK(?!\w)": ("EU", "US"),
    r"(?<![\w-])EU(?!\w)": ("UK", "US"),
    r"(?<![\w-])EEA(?!\w)": ("UK", "US"),
    r"(?<![\w-])US(?!\w)": ("UK", "EU"),
    r"\bUnited Kingdom\b": ("United States", "European Union"),
    r"\bUnited States\b": ("United Kingdom", "European Union"),
    r"\bEuropean Union\b": ("United Kingdom", "United States"),
    r"\bEuropean Economic Area\b": ("United Kingdom", "United States"),
    r"\bEuropean\b(?! (?:Union|Economic|Commission|Data))": ("American", "British"),
    r"\bEurope\b": ("America", "Canada"),
    r"\bGermany\b": ("France", "Ireland"),
    r"\bIreland\b": ("Germany", "the Netherlands"),
    r"\bSwitzerland\b": ("Canada", "Germany"),
    r"\bSwiss\b": ("German", "Canadian"),
    r"\bCalifornia\b": ("Texas", "New York"),
    r"\bAustralia\b": ("Canada", "Ireland"),
    r"\bCanada\b": ("Australia", "Ireland"),
    r"\bNetherlands\b": ("United States", "United Kingdom"),
}


@dataclass(frozen=True)
class Material:
    """What an operator may draw on: everything held, the claim's own clauses, and others at hand."""

    knowledge: Knowledge
    cited: Sequence[Clause]
    others: Sequence[Clause]


Operator = Callable[[str, Material], Iterator[str]]


def change_number(text: str, material: Material) -> Iterator[str]:
    """Another number: one more, double, half, tenfold."""
    for match in re.finditer(rf"(?<![\w.§-])(\d+(?:[.,]\d+)*)(?=\s?(?:{_UNITS})\b|\s[a-z]|%|-)", text):
        if re.fullmatch(r"(?:19|20)\d\d", match[1]) or _in_address(text, match.start()) or _in_date(text, match.start()):
            continue
        plain = match[1].replace(",", "")
        if not plain.isdigit():
            continue
        number = int(plain)
        for other in (number + 1, number * 2, max(1, number // 2), number * 10):
            if other != number:
                yield text[: match.start()] + str(other) + text[match.end() :]
    for match in re.finditer(rf"\b({'|'.join(_WORDED)})\b", text, re.IGNORECASE):
        position = _WORDED.index(match[1].lower())
        for step in (1, -1, 3):
            other_word = _WORDED[(position + step) % len(_WORDED)]
            yield text[: match.start()] + (other_word.capitalize() if match[1][0].isupper() else other_word) + text[match.end() :]
    for match in re.finditer(r"\b(one|two)\b(?= (?:hours?|days?|weeks?|months?|years?|minutes?)\b)", text):
        yield text[: match.start()] + ("four" if match[1] == "one" else "five") + text[match.end() :]


def change_date(text: str, material: Material) -> Iterator[str]:
    """Another year, month or day."""
    for match in re.finditer(r"(?<![\w.§/-])((?:19|20)\d\d)(?![\w/-]|\.\d)", text):
        for step in (-1, 1, 2):
            yield text[: match.start()] + str(int(match[1]) + step) + text[match.end() :]
    for match in re.finditer(rf"\b({'|'.join(_MONTHS)})\b(?= (?:19|20)\d\d)", text):
        for step in (1, 5):
            yield text[: match.start()] + _MONTHS[(_MONTHS.index(match[1]) + step) % 12] + text[match.end() :]
    for match in re.finditer(rf"\b(\d{{1,2}})(?= (?:{'|'.join(_MONTHS)})\b)", text):
        yield text[: match.start()] + str(int(match[1]) % 28 + 1) + text[match.end() :]


def change_negation(text: str, material: Material) -> Iterator[str]:
    """A denial taken out, or one put in."""
    for pattern, replacement in _REMOVALS:
        for match in re.finditer(pattern, text):
            yield text[: match.start()] + match.expand(replacement) + text[match.end() :]
    for match in _AUXILIARY.finditer(text):
        if match.start() or match[0][0].islower():
            yield f"{text[: match.end()]} not{text[match.end() :]}"
    for match in _VERB.finditer(text):
        verb = match[1]
        base = verb[:-3] + "y" if verb.endswith("ies") else verb[:-2] if verb == "goes" else verb[:-1]
        yield f"{text[: match.start()]}does not {base}{text[match.end() :]}"
    for match in _PLURAL_VERB.finditer(text):
        yield f"{text[: match.start()]}{match[1]} do not {match[2]}{text[match.end() :]}"


def change_modal(text: str, material: Material) -> Iterator[str]:
    """Another duty, permission or limit."""
    for pattern, others in _MODALS:
        for match in re.finditer(pattern, text):
            for other in others:
                yield text[: match.start()] + other + text[match.end() :]


def change_tool(text: str, material: Material) -> Iterator[str]:
    """Another tool or vendor in place of the one named."""
    tools = list(material.knowledge.tools.values())
    about = {tool for clause in material.cited for tool in material.knowledge.sources[clause.source_id].tools}
    names = {name: tool.id for tool in tools for name in (tool.name, _vendor(tool.publisher))}
    present = [name for name in sorted(names, key=len, reverse=True) if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    for name in present:
        for other in tools:
            replacement = other.name if name in {tool.name for tool in tools} else _vendor(other.publisher)
            if other.id not in about and replacement != name and replacement not in text and not _same_house(name, replacement):
                yield re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", replacement, text)


def change_article(text: str, material: Material) -> Iterator[str]:
    """Another article, section, recital or control, or another paragraph of it."""
    for match in _LOCATOR.finditer(text):
        number = match["number"]
        *front, last = number.split(".")
        for step in (1, 3, -1):
            other = int(last) + step
            if other > 0:
                yield text[: match.start("number")] + ".".join([*front, str(other)]) + text[match.end("number") :]
        if paragraph := re.match(r"\((\d+)\)", match["parts"]):
            yield text[: match.start("parts")] + f"({int(paragraph[1]) + 1})" + text[match.start("parts") + paragraph.end() :]


def change_jurisdiction(text: str, material: Material) -> Iterator[str]:
    """Another country or union."""
    for pattern, others in _PLACE_WORDS.items():
        for match in re.finditer(pattern, text):
            for other in others:
                if other not in text:
                    yield text[: match.start()] + other + text[match.end() :]


def add_sentence(text: str, material: Material) -> Iterator[str]:
    """A sentence of another clause at the end, as if this one's citation covered it."""
    cited = {clause.id for clause in material.cited}
    held = " ".join(clause.text for clause in material.cited)
    for clause in material.others:
        if clause.id in cited or len(text) > 2_000:
            continue
        for sentence in re.findall(r"[A-Z“][^.!?]{30,220}[.!?](?=\s|$)", clause.text)[:2]:
            if sentence not in held and sentence not in text:
                yield f"{text.rstrip().rstrip('.')}. {sentence}"


OPERATORS: Mapping[str, Operator] = {
    "number": change_number,
    "date": change_date,
    "negation": change_negation,
    "modal": change_modal,
    "tool": change_tool,
    "article": change_article,
    "jurisdiction": change_jurisdiction,
    "sentence": add_sentence,
}


def _in_address(text: str, start: int) -> bool:
    return bool(
        re.search(
            r"(?:Art(?:icle)?\.?|Recital|§|s\.|section|A\.|CFR|ISO|SOC|AES|FIPS|VT-|TLS|Schedule|Sch\.|para\.|level|type|"
            r"version)\s*[\d.()-]*$",
            text[:start],
            re.IGNORECASE,
        )
    )


def _in_date(text: str, start: int) -> bool:
    return bool(re.match(rf"\d{{1,2}} (?:{'|'.join(_MONTHS)})", text[start:]) or re.search(r"\d{4}-(?:\d\d-)?$", text[:start]))


def _vendor(publisher: str) -> str:
    return re.split(r"[ ,]", publisher)[0]


def _same_house(name: str, other: str) -> bool:
    return name.split()[0].lower() == other.split()[0].lower()
