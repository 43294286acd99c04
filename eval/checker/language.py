"""What can be held against a text: numbers, dates, addresses, names, quotations, negations and modals. English."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

MONTHS = {
    name: number
    for number, name in enumerate("january february march april may june july august september october november december".split(), start=1)
}
_MONTH = "|".join(name.capitalize() for name in MONTHS)
_DATE = re.compile(
    rf"\b(?:(?P<day>[0-3]?\d)\s+)?(?P<month>{_MONTH})(?:\s+(?P<day_after>[0-3]?\d),)?\s+(?P<year>(?:19|20)\d\d)\b"
    rf"|\b(?P<day_alone>[0-3]?\d)\s+(?P<month_alone>{_MONTH})\b(?!\s+\d)"
    r"|\b(?P<iso>(?:19|20)\d\d-[01]\d-[0-3]\d)\b|\b(?P<bare>(?:19|20)\d\d)\b"
)
_ADDRESS = re.compile(
    r"§§?\s?(?P<section>\d+(?:\.\d+)*)"
    r"|\bArt(?:icle|\.)?s?\s?(?P<article>\d+)(?P<article_parts>(?:\s?\(\w{1,2}\))*)"
    r"|\bRecitals?\s(?P<recital>\d+)"
    r"|\b(?P<control>A\.\d+(?:\.\d+)?)\b"
    r"|\bs(?:ection|\.)\s(?P<act>\d+[A-Z]*)(?P<act_parts>(?:\s?\(\w{1,3}\))*)"
    r"|\b(?P<cfr>\d+ CFR )?(?P<rule>1[0-9]{2}\.\d{3})(?P<rule_parts>(?:\s?\(\w{1,3}\))*)"
)
_ADDRESS_KINDS = ("section", "article", "recital", "control", "act", "rule")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS_FOR_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
    )
} | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100}
_UNITS = (
    r"(?:calendar |working |business |full )?"
    r"(?:hour|day|week|month|year|minute|second|euro|pound|dollar|percent|per cent|million|person|participant)s?"
)
_COUNTED = re.compile(rf"(?<![\w-])(?P<number>{'|'.join(_WORDS_FOR_NUMBERS)})\s+{_UNITS}\b", re.IGNORECASE)
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"")
_NAME = re.compile(r"\b(?:[A-Z][\w&’'-]*(?:\.[a-z]{2,3})?|[A-Za-z]+[A-Z]\w*)")
_SENTENCE_END = re.compile(r"(?<=[.!?;:])[”\"']?\s+(?=[A-Z“\"§])")
_BACK_TO_BACK = re.compile(r"(?<=[^\W_]{2}[.!?])\s+(?=[A-Z“])")

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|can't|won't|doesn't|don't|isn't|nowhere|unable)\b",
    re.IGNORECASE,
)
# Words that a summary may render as a negation, and that may render one.
_NEGATIVE_SENSE = re.compile(
    r"\b(?:only|except\w*|exclu\w+|prohibit\w*|forbid\w*|forbidden|refus\w+|den(?:y|ied|ies)|reject\w*"
    r"|prevent\w*|stop(?:s|ped)?|end(?:s|ed)?"
    r"|lack\w*|miss(?:es|ing)|fail\w*|opt(?:s|ed|ing)?[ -]out|disable\w*|off|other than|rather than|instead|limit\w*|restrict\w*|object\w*"
    r"|impossible|ineligible|invalid|delet\w*|remov\w*|erase\w*|solely|free of|exempt\w*|released?|withdraw\w*|cease\w*|until|before"
    r"|outside|beyond|too|un\w{4,}|in(?:ac|ap|co|el|va)\w+|dis\w{4,}|\w+less|as is|as available|nothing"
    r"|avoid\w*|retired?|protect\w*|keep\w* from)\b",
    re.IGNORECASE,
)
# What a claim says about what is held, not about what a clause says: no clause can back it.
_ABOUT_HOLDINGS = re.compile(
    r"\b(?:(?:is|are|was|were|am|has been|have been) (?:not|nowhere|neither) (?:\w+ ){0,3}?"
    r"(?:said|stated|named|mentioned|held|read|found|known|promised|given|covered|described|set out|explained"
    r"|addressed|listed|checked|shown)"
    r"|(?:do|does|did|could) not (?:\w+ )?(?:hold|say|state|name|mention|tell|show|promise|speak|cover"
    r"|give|find|know|set out|address|list|decide|explain)"
    r"|says? nothing|nothing claims|nothing about|not on the (?:lists?|page)|none (?:is|are) held|bears? no date"
    r"|nothing (?:is|was|I hold|held|says|said|in)|no clause|no (?:\w+ ){0,5}(?:is|are|was|were) "
    r"(?:\w+ )?(?:said|stated|named|mentioned|held|found|known|promised|given|described|set)|unchecked"
    r"|I hold no|not (?:held|read|stated|said|known)"
    r"|not (?:in )?(?:what|the part) I hold|undated|stale|my copy|speaks? of|(?:is|are) about"
    r"|names? (?:no|neither)|promises? no|gives? no|states? no)\b",
    re.IGNORECASE,
)

_AMOUNTS = frozenset(["all", "any", "some", "every", "both"])  # left out they change little ("in any form"), exchanged much
_PARENTHESES = re.compile(r"\((?:Articles?|Art\.|see|s\.|§)[^()]*(?:\([^()]*\)[^()]*)*\)")
DENIED_WORDS = 3
NEARLY_THE_SAME = 0.85  # of the words, in order (difflib's ratio)
_WEIGHTY = re.compile(
    r"\d[\d.,]*|not|no|never|none|nobody|nothing|neither|nor|without|cannot|must|shall|may|can|could|should|will|always|only|all|some|any"
    r"|every|least|most|sometimes|also|both|" + "|".join(_WORDS_FOR_NUMBERS)
)

MODALS: dict[str, re.Pattern[str]] = {
    "must": re.compile(
        r"\b(?:must|shall|requir\w+|ha(?:s|ve|d) to|needs?(?: to)?|needed|oblig\w+|dut(?:y|ies)|mandatory|owes?|owed|compel\w*|bound|binds?"
        r"|responsib\w+|commit\w*|demand\w*|ensure\w*|only (?:if|where|when|with|under|after|as|on)|necessary|agree(?:s|d)? to|undertak\w+"
        r"|cannot|may not|not (?:be )?(?:allowed|permitted)|prohibit\w*|forbid\w*|should|essential|calls? for"
        r"|condition\w*|entitled|right)\b",
        re.IGNORECASE,
    ),
    "may": re.compile(
        r"\b(?:may|can|could|might|allow\w*|permit\w*|permission\w*|entitle\w*|rights?|able|ability|free to"
        r"|possib\w+|choos\w+|choice|option\w*"
        r"|let(?:s|ting)?|authori[sz]\w*|enable\w*|available|grant\w*|opt\w*|where|if|when|unless|ask(?:s"
        r"|ed)?|request\w*|offer\w*|support\w*|would"
        r"|will|switch\w*|turn\w*|set(?:ting)?s?|accept\w*|licen[cs]e\w*|consent\w*|exception\w*|lawful"
        r"|cannot|includ\w+|some|example|such as)\b",
        re.IGNORECASE,
    ),
    "never": re.compile(r"\b(?:never|not|no|none|nobody|neither|nor|without|only|cannot|any)\b", re.IGNORECASE),
    "always": re.compile(
        r"\b(?:always|all|every\w*|each|any|whenever|by default|automatic\w*|never|no|at all times|only|both|must)\b", re.IGNORECASE
    ),
}
_SAID = {
    "must": re.compile(  # "has to be turned on" says that it is off, not that anybody asks for it
        r"\b(?:must|shall|is required|are required|obliged|mandatory"
        r"|(?:has|have) to(?! (?:be )?(?:turned|enabled|switched|opened|turn|enable|switch|add|accept|open|opt)\b))\b",
        re.IGNORECASE,
    ),
    "may": re.compile(r"\b(?:may|is allowed|are allowed|permitted|is free to)\b", re.IGNORECASE),
    "never": re.compile(r"\bnever\b", re.IGNORECASE),
    "always": re.compile(r"\balways\b", re.IGNORECASE),
}
_COMMON = frozenset(
    """a an the and or but nor of to in on at by for from with within as is are was were be been being has have had do does did this that
    these those it its they them their he she his her you your i we our us who whom whose which what when where while if so than then there
    here also such other another any each all both some more most less own same too very just up out over under into onto about after before
    between through during per via not no never only can could may might must shall should will would one two new how why
    says say said states state
    stated names name named something anything nothing whether because since until unless however still already yet apart even again
    """.split()
)


@dataclass(frozen=True)
class PartOfDate:
    """A date as far as a text gives it; ``year`` is None in "from 31 March to 11 August 2023"."""

    year: int | None
    month: int | None = None
    day: int | None = None

    def fits(self, day: date) -> bool:
        return self.year in (None, day.year) and self.month in (None, day.month) and self.day in (None, day.day)

    def covers(self, other: PartOfDate) -> bool:
        """Whether the other one says the same, or more exactly."""
        return self.year in (None, other.year) and self.month in (None, other.month) and self.day in (None, other.day)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case, one kind of quotation mark and dash, white space folded, invisible characters gone."""
    plain = unicodedata.normalize("NFKC", text).translate(str.maketrans("“”„«»‘’‚–—‑−", '"""""\'\'\'----'))
    if not plain.isascii():
        plain = "".join(character for character in plain if unicodedata.category(character) != "Cf")
    return " ".join(plain.split()).lower()


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order."""
    return [part.strip() for part in _BACK_TO_BACK.split(text) if part.strip()]


def quotations(text: str) -> list[str]:
    """What stands between double quotation marks."""
    return [match.group(1) or match.group(2) for match in _QUOTED.finditer(text)]


def dates(text: str) -> set[PartOfDate]:
    """The dates a text names, a lone year among them."""
    return {_read_date(match) for match in _DATE.finditer(text)}


def addresses(text: str) -> set[tuple[str, str]]:
    """The places in documents that a text names, as (kind, number with parts): ``("article", "28(3)(a)")``."""
    return {_read_address(match) for match in _ADDRESS.finditer(text)}


def numbers(text: str) -> set[str]:
    """Numbers in digits, and in words before a unit, outside dates and addresses."""
    rest = _DATE.sub(" ", _ADDRESS.sub(" ", text))
    found = {match.group().replace(",", "").rstrip(".") for match in _NUMBER.finditer(rest)}
    return found | {str(_WORDS_FOR_NUMBERS[match["number"].lower()]) for match in _COUNTED.finditer(rest)}


def all_numbers(text: str) -> set[str]:
    """Every number of a text in any form, those inside dates, addresses and words of numbers too."""
    found = {match.group().replace(",", "").rstrip(".") for match in _NUMBER.finditer(text)}
    found |= {part for number in found for part in number.split(".")}
    return found | {str(_WORDS_FOR_NUMBERS[word]) for word in re.findall(r"[a-z]+", text.lower()) if word in _WORDS_FOR_NUMBERS}


def names(text: str) -> set[str]:
    """Words that are written like names: a capital inside a sentence, or capitals within the word."""
    found = set()
    for sentence in sentences(text):
        for match in _NAME.finditer(sentence):
            word = re.sub(r"[’']s$", "", match.group())
            opens = match.start() == 0 or sentence[: match.start()].rstrip()[-1:] in ('"', "“", ":", "•", "(")
            if word.lower() not in _COMMON and word.lower() not in MONTHS and not (opens and word[1:].islower()) and len(word) > 1:
                found.add(word)
    return found


def negated(text: str) -> bool:
    return bool(_NEGATION.search(text))


def denied(text: str) -> list[set[str]]:
    """For each denial in a text, the stems of the few words after it up to the next pause: what it denies."""
    found = []
    for match in _NEGATION.finditer(text):
        after = re.split(r"[,;:.()]|\b(?:but|and|or|if|unless|because|while|so)\b", text[match.end() :])[0]
        carrying = [word for word in re.findall(r"[^\W\d_]+", after) if content_words(word)]
        found.append({stem for word in carrying[:DENIED_WORDS] for stem in content_words(word)})
    return found


def weighty_differences(text: str, other: str) -> list[str]:
    """Between two sentences in nearly the same words: the words that only one has and on which the sense turns; else none."""
    mine, theirs = _tokens(_PARENTHESES.sub(" ", text)), _tokens(_PARENTHESES.sub(" ", other))
    matcher = difflib.SequenceMatcher(None, mine, theirs, autojunk=False)
    if matcher.ratio() < NEARLY_THE_SAME:
        return []
    changed: list[str] = []
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        found = [*mine[start:end], *theirs[other_start:other_end]] if kind != "equal" else []
        changed += [token for token in found if _WEIGHTY.fullmatch(token) and (kind == "replace" or token not in _AMOUNTS)]
    return changed


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+(?:[.,'-]\w+)*", fold(text))


def has_negative_sense(text: str) -> bool:
    """Whether anything in the text could be rendered as a negation."""
    return negated(text) or bool(_NEGATIVE_SENSE.search(text))


def speaks_of_holdings(text: str) -> bool:
    return bool(_ABOUT_HOLDINGS.search(text))


def modals_said(text: str) -> Iterator[str]:
    """The modals whose strength a text states."""
    return (name for name, pattern in _SAID.items() if pattern.search(text))


@lru_cache(maxsize=20_000)
def content_words(text: str) -> frozenset[str]:
    """The stems of the words that carry a text."""
    return frozenset(_stem(word) for word in re.findall(r"[^\W\d_]+", fold(text)) if len(word) > 2 and word not in _COMMON)


def is_advice(sentence: str) -> bool:
    """Whether a sentence tells the reader to do something: it begins with a bare verb, at once or after an opening phrase."""
    openings = sentence.split(", ") if _OPENING.match(sentence) else [sentence]
    starts = (re.match(r"[A-Za-z]+", part) for part in openings)
    return any(start is not None and start.group().lower() in _VERBS for start in starts)


_OPENING = re.compile(r"(?:On|In|If|When|Before|After|For|With|Without|Once|As|Until)\b")
_VERBS = frozenset(
    """
    accept add admit agree apply arrange ask assign avoid book buy call carry check choose clear close complete conclude confirm connect
    consider cover create decide delete describe disable do document download draw enable encrypt end enter expect explain export file
    find follow forbid get give have hold if include inform invite join keep leave let limit lock look make mark measure move mute
    name never note obtain offer open opt pay plan protect put read record refuse remember remove repeat replace report request require
    restrict review run save say see send set show sign sort start state stay stop store switch take tell treat turn type update use
    verify wait warn watch weigh withdraw write
    """.split()
)


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@cache
def _stem(word: str) -> str:
    stem: str = _stemmer().stemWord(word)
    return stem


def _read_date(match: re.Match[str]) -> PartOfDate:
    if match["iso"]:
        day = date.fromisoformat(match["iso"])
        return PartOfDate(day.year, day.month, day.day)
    if match["day_alone"]:
        return PartOfDate(None, MONTHS[match["month_alone"].lower()], int(match["day_alone"]))
    if match["bare"]:
        return PartOfDate(int(match["bare"]))
    day_number = match["day"] or match["day_after"]
    return PartOfDate(int(match["year"]), MONTHS[match["month"].lower()], int(day_number) if day_number else None)


def _read_address(match: re.Match[str]) -> tuple[str, str]:
    kind = next(kind for kind in _ADDRESS_KINDS if match[kind])
    parts = match[f"{kind}_parts"] if kind in ("article", "act", "rule") else None
    return kind, match[kind] + (parts or "").replace(" ", "")
