"""Client details out of a question before anything is done with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.guard.identifiers import Detail, find_identifiers
from assistant.guard.known import KnownNames
from assistant.guard.persons import find_persons

_AGE = re.compile(
    r"\b(?:aged?|âgée? de)\s+(?P<aged>\d{1,2})\b|\b(?P<old>\d{1,2})[- ]?(?:years?|yrs?|y)?[- ]?(?:old|o)\b|\b(?:who "
    r"is|is|she is|he is|she's|he's)\s+(?P<plain>\d{1,2})\b(?!\s*(?:%|:|[./]|\w))"
    r"|\b(?P<german>\d{1,2})[- ]jährige[rnms]?\b",
    re.IGNORECASE,
)
# What a tale of somebody's health is told with. Words that speak of danger stand apart: they must reach the answer, which then
# names the emergency services first.
_HEALTH = re.compile(
    r"\b(?:depress\w+|anxi\w+|panic(?: attacks?)?|trauma\w*|c?-?ptsd|ocd|adhd|bipolar(?: disorder)?|schizo\w+|"
    r"psychos\w+|addict\w*|alcohol\w*|"
    r"eating disorder|anorexi\w+|bulimi\w+|divorc\w+|affair|pregnan\w+|miscarr\w+|abortion|hiv|cancer|sertraline|fluoxetine|prozac|lithium|"
    r"hospitali[sz]ed|arrested|widow\w*|bereave\w+|autis\w+|borderline|burn-?out)\b",
    re.IGNORECASE,
)
_DANGER = re.compile(r"\b(?:suicid\w+|self-harm\w*|abus\w+|raped?|violent|violence|diagnos\w+|medication)\b", re.IGNORECASE)
_ABOUT_SOMEBODY = re.compile(
    r"\b(?:my|this|one|her|his) (?:client|patient|husband|wife|son|daughter|partner)\b|\b(?:she|he|her|his)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Withheld:
    """A text with placeholders where client details stood. ``kinds``: what was taken out, each kind once, in order."""

    text: str
    kinds: tuple[str, ...] = ()

    @property
    def notice(self) -> str:
        """What the person is told; empty where nothing was taken out. It names kinds only, never what was taken out."""
        if not self.kinds:
            return ""
        return (
            f"I took client details out of your question ({_and(self.kinds)}) before doing anything with it. They are neither "
            f"kept nor passed "
            "on, and no answer here needs them: leave them out."
        )


def withhold_details(text: str, known: KnownNames) -> Withheld:
    """Replace names, contact data, dates of birth, numbers of persons, addresses and ages by placeholders.

    The same name gives the same placeholder. An age alone stays: many have it. Where somebody's story is told, with a person and at
    least two words of health or with one beside another detail, these words go too.
    """
    details = find_details(text, known)
    if details or len(_story(text, ())) > 1:
        details = _apart([*details, *_ages(text)])
    details = _apart([*details, *_story(text, details)])
    pieces, place, numbers = [], 0, dict[str, int]()
    for detail in details:
        pieces += [text[place : detail.start], _placeholder(detail, text[detail.start : detail.end], numbers)]
        place = detail.end
    return Withheld("".join([*pieces, text[place:]]), tuple(dict.fromkeys(_KIND_WORDS[detail.kind] for detail in details)))


def find_details(text: str, known: KnownNames) -> list[Detail]:
    """What identifies a person by itself, in the order of the text, none overlapping another."""
    return _apart([*find_identifiers(text), *find_persons(text, known)])


_KIND_WORDS = {
    "name": "a name",
    "age": "an age",
    "address": "an address",
    "e-mail address": "an e-mail address",
    "phone number": "a phone number",
    "date of birth": "a date of birth",
    "health number": "a health number",
    "record number": "a record number",
    "account number": "an account number",
    "card number": "a card number",
    "insurance number": "an insurance number",
    "identity number": "an identity number",
    "social security number": "a social security number",
    "health detail": "somebody's health",
}


def _story(text: str, details: Iterable[Detail]) -> list[Detail]:
    """The words of health in a text that tells of somebody."""
    told = [Detail("health detail", *match.span()) for match in _HEALTH.finditer(text)]
    somebody = any(detail.kind in ("name", "age", "date of birth") for detail in details) or bool(_ABOUT_SOMEBODY.search(text))
    enough = len(told) + len(_DANGER.findall(text)) >= 2 or any(True for _ in details)
    return told if somebody and enough else []


def _ages(text: str) -> Iterable[Detail]:
    for match in _AGE.finditer(text):
        name = match.lastgroup or "aged"
        if 0 < int(match[name]) < 120 and (
            name != "plain" or re.search(r"\b(?:client|patient|who|she|he|son|daughter|[A-Z]\w+)\b[^.?!]{0,20}$", text[: match.start(name)])
        ):
            yield Detail("age", *match.span(name))


def _placeholder(detail: Detail, written: str, numbers: dict[str, int]) -> str:
    if detail.kind == "age":
        return "under 18" if int(written) < 18 else "[age]"  # the answer may depend on whether a client is a minor
    if detail.kind != "name":
        return f"[{detail.kind}]"
    number = numbers.setdefault(written.lower(), len(numbers) + 1)
    return "[name]" if number == 1 else f"[name {number}]"


def _apart(details: Iterable[Detail]) -> list[Detail]:
    """In the order of the text, overlapping ones reduced to the one that begins first, of two the longer."""
    kept: list[Detail] = []
    for detail in sorted(details, key=lambda entry: (entry.start, -entry.end)):
        if not kept or detail.start >= kept[-1].end:
            kept.append(detail)
        elif detail.end > kept[-1].end:
            kept[-1] = Detail(kept[-1].kind, kept[-1].start, detail.end)
    return kept


def _and(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
