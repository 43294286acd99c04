"""Names that a claim may use only where its clauses do: tools, vendors, plans, laws, authorities, standards, places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.schema import Knowledge, Source

# Places by code. What applies in the EU is not thereby said of one of its countries, nor the other way round.
_PLACES: dict[str, str] = {
    "uk": r"UK|U\.K\.|United Kingdom|(?:Great )?Britain|British|England|English law|Scotland|Wales|Vereinigte[sn]? Königreich",
    "eu": r"EU|E\.U\.|EEA|European Union|European Economic Area|Europe(?:an)?|Union law|Member States?|EWR|Europäische[nr]? Union",
    "us": r"US|U\.S\.(?:A\.)?|USA|United States(?: of America)?|American?|Americans",
    "de": r"Germany|German|Deutschland|Bundesrepublik",
    "fr": r"France|French|Frankreich",
    "es": r"Spain|Spanish|Spanien|España",
    "it": r"Italy|Italian",
    "ie": r"Ireland|Irish",
    "nl": r"Netherlands|Dutch",
    "at": r"Austria|Austrian|Österreich",
    "ch": r"Switzerland|Swiss|Schweiz",
    "be": r"Belgium|Belgian",
    "pl": r"Poland|Polish law",
    "se": r"Sweden|Swedish",
    "no": r"Norway|Norwegian",
    "dk": r"Denmark|Danish",
    "ca": r"Canada|Canadian",
    "au": r"Australia|Australian",
    "nz": r"New Zealand",
    "in": r"India|Indian",
    "cn": r"China|Chinese",
    "ru": r"Russia|Russian",
    "jp": r"Japan|Japanese",
    "br": r"Brazil|Brazilian",
    "sg": r"Singapore",
    "ae": r"United Arab Emirates|Dubai",
    "california": r"California|Californian",
    "texas": r"Texas",
    "new-york": r"New York",
}
_PLACE = {code: re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])") for code, pattern in _PLACES.items()}
_BARE_ENGLISH = re.compile(r"\bEnglish(?! law)\b")

# Laws, authorities and standards by key, with the ways of writing them.
_AUTHORITIES: dict[str, str] = {
    "uk gdpr": r"UK[- ]GDPR",
    "gdpr": r"GDPR|DSGVO|DS-GVO|RGPD|General Data Protection Regulation",
    "dpa 2018": r"DPA 2018|Data Protection Act(?: 2018)?",
    "pecr": r"PECR",
    "hipaa": r"HIPAA|Health Insurance Portability and Accountability Act",
    "hitech": r"HITECH",
    "ccpa": r"CCPA|CPRA|California Consumer Privacy Act",
    "ferpa": r"FERPA",
    "coppa": r"COPPA",
    "pipeda": r"PIPEDA",
    "phipa": r"PHIPA",
    "ai act": r"AI Act",
    "eprivacy": r"ePrivacy",
    "bdsg": r"BDSG|Bundesdatenschutzgesetz",
    "tddg": r"TDDDG|TTDSG",
    "stgb": r"StGB",
    "ico": r"ICO|Information Commissioner(?:'s Office|’s Office)?",
    "cnil": r"CNIL",
    "edpb": r"EDPB|European Data Protection Board",
    "bfdi": r"BfDI",
    "aepd": r"AEPD",
    "hhs": r"HHS|Department of Health and Human Services",
    "ocr": r"OCR|Office for Civil Rights",
    "ftc": r"FTC|Federal Trade Commission",
    "nhs": r"NHS",
    "iso 27001": r"ISO(?:/IEC)?[ -]?27001|ISO 27k",
    "iso 27701": r"ISO(?:/IEC)?[ -]?27701",
    "iso 27018": r"ISO(?:/IEC)?[ -]?27018",
    "iso 27017": r"ISO(?:/IEC)?[ -]?27017",
    "soc 1": r"SOC[ -]?1",
    "soc 2": r"SOC[ -]?(?:1(?:,| and|/) ?)?2",
    "soc 3": r"SOC[ -]?(?:(?:1, )?2(?:,| and|/) ?)?3",
    "hitrust": r"HITRUST",
    "nist": r"NIST",
    "fips": r"FIPS(?: 140(?:-[23])?)?",
    "c5": r"BSI C5|C5",
    "privacy framework": r"Data Privacy Framework|DPF",
    "privacy shield": r"Privacy Shield",
    "schrems": r"Schrems(?: II)?",
    "aes": r"AES(?:[- ]?(?:128|192|256))?(?:[- ]bit)?",
    "tls": r"TLS",
    "dtls": r"DTLS",
    "srtp": r"SRTP",
    "rsa": r"RSA",
}
_AUTHORITY = {
    key: re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.IGNORECASE if key in ("privacy shield",) else 0)
    for key, pattern in _AUTHORITIES.items()
}

_KEPT = 5_000  # texts: the same claims and clauses come back with every answer about a tool

_COMMON = frozenset(
    (
        "i art arts article articles recital recitals section sections sch schedule annex control controls gdpr ai dpia baa dpa "
        "e2ee phi id ip vpn sso pin url pdf faq sms mfa 2fa api cpu qr hd wi-fi wifi scc sccs bcr ehr pii no yes opinion others rule "
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
        "september october november december"
    ).split()
)


@dataclass(frozen=True)
class NamesFound:
    """What a text names: ids of tools, keys of laws, authorities and standards, codes of places, and other capitalised names."""

    tools: frozenset[str]
    authorities: frozenset[str]
    places: frozenset[str]


class Gazetteer:
    """Finds the names of everything held."""

    def __init__(self, knowledge: Knowledge) -> None:
        names: dict[str, set[str]] = {}
        for tool in knowledge.tools.values():
            for name in {tool.name, tool.product, *_publisher_names(tool.publisher), *(a for a in tool.aliases if len(a) > 3)}:
                names.setdefault(name.lower(), set()).add(tool.id)
        for source in knowledge.sources.values():
            for name in _publisher_names(source.publisher) if source.kind == "vendor" and not source.third_party else ():
                names.setdefault(name.lower(), set()).update(source.tools)
        self._tools = {name: frozenset(tools) for name, tools in names.items()}
        self._first = {name.split()[0] for name in self._tools}
        self._longest = max((len(name.split()) for name in self._tools), default=0)
        self._names_found = lru_cache(maxsize=_KEPT)(self._read)
        self._tools_found = lru_cache(maxsize=_KEPT)(self._find_tools)

    def read(self, text: str) -> NamesFound:
        return self._names_found(text)

    def tool_names(self, text: str) -> tuple[tuple[str, frozenset[str]], ...]:
        """The names of tools and vendors in a text, each with the tools that bear it, the longest name at each place.

        Only capitalised words are names: "signal" and "teams" are also words.
        """
        return self._tools_found(text)

    def _read(self, text: str) -> NamesFound:
        found = [ids for _, ids in self.tool_names(text)]
        return NamesFound(
            tools=frozenset().union(*found) if found else frozenset(),
            authorities=frozenset(key for key, pattern in _AUTHORITY.items() if pattern.search(text)),
            places=places_in(text),
        )

    def _find_tools(self, text: str) -> tuple[tuple[str, frozenset[str]], ...]:
        words = list(re.finditer(r"[\w.+-]*\w", text))
        found, position = [], 0
        while position < len(words):
            step = 1
            if words[position].group()[:1].isupper():
                for size in range(min(self._longest, len(words) - position), 0, -1):
                    written = text[words[position].start() : words[position + size - 1].end()]
                    ids = self._tools.get(written.lower())
                    if ids and not (size == 1 and _begins_sentence(text, words[position].start()) and written.lower() in _WORDS_TOO):
                        found.append((written, ids))
                        step = size
                        break
            position += step
        return tuple(found)


_WORDS_TOO = frozenset(["meet", "max"])  # at the beginning of a sentence they may be verbs or first names


@lru_cache(maxsize=_KEPT)
def places_in(text: str) -> frozenset[str]:
    """Codes of the countries and unions named; the language English is no place."""
    plain = _BARE_ENGLISH.sub(" ", text)
    return frozenset(code for code, pattern in _PLACE.items() if pattern.search(plain))


def count_places(text: str) -> Counter[str]:
    """How often each of them is named, in whatever way."""
    plain = _BARE_ENGLISH.sub(" ", text)
    return Counter({code: count for code, pattern in _PLACE.items() if (count := len(pattern.findall(plain)))})


@lru_cache(maxsize=_KEPT)
def capitalised_names(text: str) -> tuple[str, ...]:
    """Single capitalised words that do not merely begin a sentence, and acronyms, without everyday ones and those of places."""
    plain = text
    for pattern in _PLACE.values():
        plain = pattern.sub(lambda match: match.group().lower(), plain)
    found = []
    for match in re.finditer(r"(?<![\w'’-])[A-ZÄÖÜ][\w-]*\w", plain):
        word = match.group().removesuffix("-")
        if word.lower() in _COMMON or (_begins_sentence(plain, match.start()) and not word.isupper()):
            continue
        found.append(word)
    return tuple(found)


def names_of(sources: Iterable[Source], knowledge: Knowledge) -> str:
    """Every way of writing what the sources are, who publishes them and which tools they are about."""
    held = tuple(sources)
    written = [name for source in held for name in (source.title, source.label, source.publisher)]
    return " . ".join([*written, names_of_tools(knowledge, (tool for source in held for tool in source.tools))])


def names_of_tools(knowledge: Knowledge, tools: Iterable[str]) -> str:
    """Every way of writing the tools and their vendors."""
    held = (knowledge.tools[tool] for tool in tools if tool in knowledge.tools)
    return " . ".join(name for tool in held for name in (tool.name, tool.product, tool.publisher, *tool.aliases))


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip()
    return not before or before[-1] in '.!?:;“"„«(*[]–—-' or before.endswith(("’s “", "☐"))


def _publisher_names(publisher: str) -> set[str]:
    """``Zoom Communications, Inc.`` gives that, the name without its legal form, and nothing shorter."""
    bare = re.sub(r",?\s+(?:Inc|LLC|Ltd|Limited|GmbH|AG|B\.V|SE|Corporation|Corp|AS|PBC|FZ-LLC|Inc\.|Holdings?)\.?$", "", publisher.strip())
    return {name for name in (publisher.strip(), bare) if len(name) > 2}
