"""The checks on one claim and the clauses it cites. Each yields (what failed, in words); none changes anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.locators import Locator, find_locators
from assistant.schema import Clause
from assistant.verify.alignment import contradicts, find_copy, parts_of, stems_of
from assistant.verify.backing import Backing
from assistant.verify.force import can_back, can_back_denial, force_of
from assistant.verify.names import Gazetteer, capitalised_names, names_of_tools, places_in
from assistant.verify.numbers import dates_in, is_backed, quantities_in
from assistant.verify.sentences import sentences
from assistant.verify.spans import find_span
from assistant.verify.support import asks_support, elsewhere, shared

Fault = tuple[str, str]
Meaning = Callable[[str, Sequence[str], float], bool]
"""Whether the cosine of a sentence with any of several texts is at least so great. Those that look nearest come first."""

# Chosen on the development questions (docs/verification.md): the mean of the share of words and of the nearness in meaning from which
# a sentence counts as carried, the share of words alone where there is no encoder, and how much more of its words another clause
# may hold. From PLAINLY_CARRIED on, nothing else is looked at.
CARRIED = 0.36
CARRIED_BY_WORDS = 0.34
CARRIED_ELSEWHERE = 0.30
COPIED_ELSEWHERE = 0.50  # of a sentence that needs no support: advice, and what is not said
PLAINLY_CARRIED = 0.80
NEEDS_ITS_WORD = frozenset(["oblige", "advise", "at_most", "at_least"])  # "may" and "only" are put in too many ways to ask for a word

_QUOTED = re.compile(r"[“„«]([^“”„«»]{2,400})[”»“]|(?<!\w)\"([^\"]{2,400})\"(?!\w)")
_VERDICT = re.compile(
    r"\b(?:un)?suitable\b|\b(?:is|are|be|as|quite|very|perfectly|completely|totally|absolutely|un)\s*safe\b|"
    r"\bunsafe\b|\bsafe (?:to use|for|enough|choice)\b|"
    r"\b(?:do not|don[’']t|never|should not|shouldn[’']t|must not|avoid) us(?:e|ing) (?:it|this|that|[A-Z]\w+)\b|"
    r"\byou (?:may|can|could|are free to) (?:safely )?use (?:it|this|that|[A-Z]\w+)\b|\bcan (?:safely )?be used "
    r"(?:for|with|in) (?:therapy|clients|patients|sessions)\b|"
    r"\b(?:fit|good|fine|ok(?:ay)?|appropriate|ideal) for (?:therapy|clients|patients|sessions)\b|\brecommended for "
    r"(?:therapy|clients|patients|sessions)\b|"
    r"\b(?:gdpr|hipaa|dsgvo)[- ]compliant\b|\b(?:fully|completely) compliant\b|\b(?:geeignet|ungeeignet|unbedenklich)\b",
    re.IGNORECASE,
)


def check_numbers(text: str, backing: Backing) -> Iterator[Fault]:
    for quantity in sorted(quantities_in(text), key=str):
        if not is_backed(quantity, backing.quantities):
            yield "number", f"{quantity} stands in no cited clause"
    for day in dates_in(text):
        if not any(day.is_within(held) for held in backing.dates):
            yield "date", f"{day} is the date of no cited clause and stands in none"


def check_locators(text: str, backing: Backing) -> Iterator[Fault]:
    for locator in find_locators(text):
        if not any(_same_place(locator, held) for held in backing.locators):
            yield "locator", f"{locator} is not cited"


def _same_place(named: Locator, held: Locator) -> bool:
    if named.contains(held) or held.contains(named):
        return True
    numbered = {named.kind, held.kind} <= {"numbered", "section"}
    return numbered and (held.number == named.number or held.number.startswith(f"{named.number}."))


def check_quotations(text: str, backing: Backing) -> Iterator[Fault]:
    for match in _QUOTED.finditer(text):
        quote = (match[1] or match[2]).strip().rstrip(".,;")
        if len(quote.split()) < 2 or any(find_span(clause, quote) for clause in backing.clauses):
            continue
        if not _stands_in(quote, backing.full_text):
            yield "quotation", "the quoted words stand in no cited clause"


def _stands_in(quote: str, text: str) -> bool:
    dummy = Clause(id="x/x", source_id="x", locator="x", text=text, wording="summary", since="x")
    return find_span(dummy, quote) is not None


_BLANK = re.compile(r"\[[^\[\]]{1,300}\]")


def without_blanks(text: str, readings: Sequence[str]) -> str:
    """The text without the blanks of a reviewed form ("[address of the practice]"), which the practice fills in."""
    held = " ".join(readings)
    return _BLANK.sub(lambda match: " " if match.group() in held else match.group(), text)


def without_reviewed_advice(text: str, readings: Sequence[str]) -> str:
    """The text without sentences that state nothing about a source (advice, what is not said) and stand so in a reviewed statement.

    What a reviewed step tells the reader to look for ("ask for the UK addendum") need not stand in a clause.
    """
    reviewed = {reading.rstrip(".") for reading in readings}
    return " ".join(sentence for sentence in sentences(text) if asks_support(sentence) or sentence.rstrip(".") not in reviewed)


def check_names(text: str, backing: Backing, gazetteer: Gazetteer, asked: frozenset[str]) -> Iterator[Fault]:
    """Names of tools, laws, authorities and places, and any other capitalised name, stand in what is cited or name what it is about."""
    about = {tool for source in backing.sources for tool in source.tools} or asked
    own_names = names_of_tools(backing.knowledge, about)
    held, mine = gazetteer.read(backing.full_text), gazetteer.read(text)
    tool_names = gazetteer.tool_names(text)
    for written, tools in tool_names:
        if not tools & (about | held.tools):
            yield "tool", f"{written} is not what the cited clauses are about"
    for key in sorted(mine.authorities - held.authorities):
        yield "name", f"{key} is not named by the cited clauses"
    for place in sorted(mine.places - backing.places - places_in(own_names)):
        yield "jurisdiction", f"{place} is not named by the cited clauses"
    looked_at = {word for written, _ in tool_names for word in written.lower().split()} | {
        word for key in mine.authorities for word in key.split()
    }
    full = _one_spelling(f"{backing.full_text} . {own_names}")
    for word in capitalised_names(text):
        plain = _one_spelling(word)
        if plain.removesuffix("s") not in full and plain not in looked_at and not any(key in plain for key in mine.authorities):
            yield "name", f"{word} is not named by the cited clauses"


def _one_spelling(text: str) -> str:
    return text.lower().replace("centre", "center").replace("isation", "ization")


def check_statements(
    text: str, backing: Backing, readings: Sequence[str], others: Sequence[Clause], meaning: Meaning | None
) -> Iterator[Fault]:
    """Every sentence says what is cited, with the same force.

    One that repeats a sentence of a cited clause, or of a reviewed statement about it, is held against that sentence: its denials,
    modal words and numbers must be the same. Any other is held against the clauses.
    """
    held = (*backing.sentences, *(_BLANK.sub(" ", reading) for reading in readings))
    for sentence in sentences(text):
        copy = find_copy(sentence, held)
        if copy is None:
            yield from _force_faults(sentence, backing, readings)
            yield from _support_faults(sentence, backing, others, meaning)
        elif not copy.same_force:
            yield "turned", "repeats what is cited, but with another force or number"


def _force_faults(sentence: str, backing: Backing, readings: Sequence[str]) -> Iterator[Fault]:
    held = (*backing.parts, *(part for reading in readings for part in parts_of(reading)))
    if any(contradicts(part, held) for part in parts_of(sentence)):
        yield "negation", "denies what is cited, or the reverse"
    if not asks_support(sentence):
        return
    force = force_of(sentence)
    if force.denies and not can_back_denial(backing.text):
        yield "negation", "denies something where the cited clauses deny nothing"
    official = any(source.kind in ("law", "standard") for source in backing.sources)
    for kind in sorted(force.classes & NEEDS_ITS_WORD):
        if not (kind == "oblige" and official) and not can_back(kind, backing.text):  # a law in the indicative obliges too
            yield "modal", f"no cited clause says anything like {kind}"


def _support_faults(sentence: str, backing: Backing, others: Sequence[Clause], meaning: Meaning | None) -> Iterator[Fault]:
    """A sentence that states something is carried by what is cited, and none much better by something else."""
    words = shared(sentence, backing.stems)
    if words >= PLAINLY_CARRIED:
        return
    states = asks_support(sentence)
    if states and not _is_carried(sentence, words, backing, meaning):
        yield "support", "the cited clauses do not carry one of its sentences"
    elif elsewhere(sentence, backing, others) >= (CARRIED_ELSEWHERE if states else COPIED_ELSEWHERE):
        yield "support", "another clause carries one of its sentences better"


def _is_carried(sentence: str, words: float, backing: Backing, meaning: Meaning | None) -> bool:
    if meaning is None:
        return words >= CARRIED_BY_WORDS
    mine = stems_of(sentence)
    held = dict.fromkeys([*backing.sentences, *(clause.text for clause in backing.clauses)])
    likeliest_first = sorted(held, key=lambda text: -len(mine & stems_of(text)))
    return meaning(sentence, likeliest_first, 2 * CARRIED - words)


def check_verdict_words(text: str, backing: Backing) -> Iterator[Fault]:
    for match in _VERDICT.finditer(text):
        if match.group().lower() not in backing.text.lower():
            yield "verdict_words", f"{match.group()!r} is for the verdict to say"
