"""One claim against the clauses it cites."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.schema import AnswerClaim, Clause, Jurisdiction
from eval.checker import language
from eval.checker.holdings import Holdings, words_of

Outcome = Literal["confirmed", "refuted", "undecided"]

SHARE_CONFIRMED = 0.6  # of the words that carry a statement, to call it confirmed
SHARE_SAME = 0.75  # of them in one sentence of a clause, to hold the two against each other
FEWEST_WORDS = 3  # that a sentence must have to be held against another; so few must all be the same
QUOTATION_WORDS = 4
_OF_PLACES = (("ireland", "irish"), ("germany", "german"), ("netherlands", "dutch"))
_PARTS_OF_PLACES = frozenset(["GDPR", "Union", "Kingdom", "United", "States", "European", "Europe"])
VERDICT_PHRASES = ("suitable on conditions", "not suitable", "suitable", "not enough evidence")
_PLACES: tuple[tuple[Jurisdiction, re.Pattern[str]], ...] = (
    ("uk", re.compile(r"\b(?:UK|United Kingdom|British|Britain)\b")),
    ("eu", re.compile(r"\b(?:EU|European Union|Member States?)\b")),
    ("us", re.compile(r"\b(?:US|U\.S\.|United States|American|HIPAA)\b")),
)
_SPELT = {
    "uk": r"\b(?:UK|United Kingdom|British|Britain|Kingdom)",
    "eu": r"\b(?:EU|Europe\w*|Union|EEA|Member State|GDPR|Regulation)",
    "us": r"\b(?:US|U\.S|United States|America\w*|HIPAA|CFR|covered entit)",
}


@dataclass(frozen=True)
class Case:
    """What a claim was said in answer to: the tools asked about, the day, and whose law may be cited."""

    day: date
    tools: tuple[str, ...] = ()
    places: frozenset[Jurisdiction] = frozenset()


@dataclass(frozen=True)
class Judgement:
    """What became of a claim, and why."""

    claim: str
    outcome: Outcome
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Cited:
    """The clauses of a claim, and everything that may back its words."""

    clauses: tuple[Clause, ...]
    said: str  # the clauses' own texts
    around: str  # with addresses, titles and names


def judge_claim(claim: AnswerClaim, holdings: Holdings, case: Case) -> Judgement:
    """Confirmed where all that can be checked is backed and the words are the clauses'; refuted where anything is not."""
    found = [holdings.clause(clause_id) for clause_id in claim.citations]
    missing = [clause_id for clause_id, clause in zip(claim.citations, found, strict=True) if clause is None]
    if missing or not found:
        return Judgement(claim.text, "refuted", (f"cites {', '.join(missing) or 'nothing'}, which is not held",))
    clauses = tuple(clause for clause in found if clause is not None)
    cited = _Cited(clauses, " ".join(clause.text for clause in clauses), " ".join(holdings.said_about(clause) for clause in clauses))
    faults = tuple(fault for check in _CHECKS for fault in check(claim.text, cited, holdings, case))
    if faults:
        return Judgement(claim.text, "refuted", faults)
    doubts = tuple(_doubts(claim.text, cited))
    return Judgement(claim.text, "undecided" if doubts else "confirmed", doubts)


Check = Callable[[str, _Cited, Holdings, Case], Iterator[str]]


def _verbatim(text: str, cited: _Cited) -> bool:
    return any(language.fold(text).rstrip(".") in language.fold(clause.text) for clause in cited.clauses)


def _check_force(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    """A text out of force may be cited by a claim that says when it was in force, and only once it had begun."""
    for clause in cited.clauses:
        if holdings.in_force(clause, case.day):
            continue
        start, end = holdings.period(clause)
        named = language.dates(text)
        if start > case.day:
            yield f"force: {clause.id} began only on {start}"
        elif not any(
            (part.year and start.year <= part.year <= end.year) or any(part.fits(day) for day in holdings.days_of(clause)) for part in named
        ):
            yield f"force: {clause.id} was not in force on {case.day}, and the claim does not say when it was"


def _check_tool(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    cited_tools: set[str] = set()
    for clause in cited.clauses:
        source = holdings.source(clause)
        cited_tools |= set(source.tools)
        if case.tools and source.tools and not set(source.tools) & set(case.tools):
            yield f"tool: {clause.id} is about {', '.join(source.tools)}"
    words, about = f" {' '.join(words_of(text))} ", f" {' '.join(words_of(cited.around))} "
    for name, tools in holdings.names_of_tools.items():
        spelt = f" {' '.join(words_of(name))} "
        if spelt in words and spelt not in about and not tools & cited_tools and _as_a_name(name, text):
            yield f"tool: {name} is named, and no cited clause is about it"


def _as_a_name(name: str, text: str) -> bool:
    """Whether the name stands in the text with a capital, as a name does ("Signal", not "signal")."""
    return any(match.group()[:1].isupper() for match in re.finditer(re.escape(name), text, re.IGNORECASE))


def _check_jurisdiction(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    for clause in cited.clauses:
        source = holdings.source(clause)
        if (
            source.kind in ("law", "guidance")
            and not source.third_party
            and source.jurisdictions
            and case.places
            and not set(source.jurisdictions) & case.places
        ):
            yield f"jurisdiction: {clause.id} holds in {', '.join(source.jurisdictions)}"
    held_in = {place for clause in cited.clauses for place in holdings.source(clause).jurisdictions}
    stated = " ".join(
        sentence for sentence in language.sentences(text) if not language.is_advice(sentence) and not language.speaks_of_holdings(sentence)
    )
    for place, pattern in _PLACES:
        if pattern.search(stated) and place not in held_in and not re.search(_SPELT[place], cited.around):
            yield f"jurisdiction: the claim speaks of the {place.upper()}, no cited clause does"


def _check_numbers(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    backed = language.all_numbers(cited.around)
    for number in sorted(language.numbers(text) - backed):
        yield f"number: {number} stands in no cited clause"


def _check_dates(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    written = language.dates(cited.around)
    days = {day for clause in cited.clauses for day in holdings.days_of(clause)}
    for part in language.dates(text):
        if not any(part.covers(other) for other in written) and not any(part.fits(day) for day in days):
            yield f"date: {part} belongs to no cited clause"


def _check_addresses(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    labels = " ".join(holdings.knowledge.label(clause) for clause in cited.clauses)
    held = language.addresses(f"{labels} {cited.around}")
    for kind, number in sorted(language.addresses(text)):
        kinds = ("section", "act") if kind in ("section", "act") else (kind,)  # "section 10" and §10 are one
        inside = (f"{number}(", f"{number}.")
        if not any(other_kind in kinds and (other == number or other.startswith(inside)) for other_kind, other in held):
            yield f"address: {kind} {number} is no place of a cited clause"


def _check_names(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    """A sentence on what is held may name what is not there, and one that asks for something names what it asks for."""
    about = language.fold(cited.around)
    words, run_together = set(re.findall(r"\w+", about)), re.sub(r"\W", "", about)
    for sentence in language.sentences(text):
        if language.speaks_of_holdings(sentence) or sentence.startswith("Ask "):
            continue
        for name in sorted(language.names(sentence)):
            folded = language.fold(name)
            parts = [part for part in re.findall(r"\w+", folded) if len(part) > 1]
            if re.sub(r"\W", "", folded) in run_together or all({part, part.rstrip("s"), f"{part}s"} & words for part in parts):
                continue
            if name == "AI":  # written like a name, but none
                continue
            if _stands_for(name, cited.around) or any(folded == place and word in words for place, word in _OF_PLACES):
                continue
            if not _is_place_or_law(name):  # those are checked as jurisdictions
                yield f"name: {name} stands in no cited clause"


def _stands_for(name: str, text: str) -> bool:
    """Whether the name is made of the first letters of capitalised words that follow one another ("FDA")."""
    initials = "".join(word[0] for word in re.findall(r"\b[A-Z]\w*", text))
    return name.isupper() and len(name) > 2 and name in initials


def _is_place_or_law(name: str) -> bool:
    return any(pattern.search(name) for _, pattern in _PLACES) or name in (
        "GDPR",
        "Union",
        "Kingdom",
        "United",
        "States",
        "European",
        "Europe",
    )


def _check_quotations(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    places = [language.fold(place) for clause in cited.clauses for place in (clause.text, *clause.heading_path)]
    for quotation in language.quotations(text):
        inner = language.fold(quotation).strip(" .,;")
        if len(inner.split()) >= QUOTATION_WORDS and not any(inner in place for place in places):
            yield f"quotation: “{quotation}” stands in no cited clause"


def _check_negation(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    if _verbatim(text, cited):
        return
    for sentence in language.sentences(text):
        if language.speaks_of_holdings(sentence) or language.is_advice(sentence):
            continue
        if language.negated(sentence) and not language.has_negative_sense(cited.said):
            yield f"negation: no cited clause denies anything, “{sentence}” does"
        yield from _denials_without_ground(sentence, cited)
        if not language.has_negative_sense(sentence):
            twin = _twin(sentence, cited)
            if twin and language.negated(twin):
                yield f"negation: “{sentence}” leaves out the denial of “{twin}”"


def _denials_without_ground(sentence: str, cited: _Cited) -> Iterator[str]:
    """What the sentence denies and a clause says in the same words, without anything there that could be rendered as a denial.

    A sentence beside it in the clause may hold the denial ("… health information. They must not use it without …").
    """
    wanted = language.content_words(sentence)
    held = [part for clause in cited.clauses for part in language.sentences(clause.text)]
    for stems in language.denied(sentence):
        if len(stems) < 2:
            continue
        saying = [part for part in held if stems <= language.content_words(part)]
        denying = (part for part in held if len(wanted & language.content_words(part)) > 1)
        if any(stems & denied for part in denying for denied in language.denied(part)):
            continue
        if saying and not any(language.has_negative_sense(part) for part in saying):
            yield f"negation: “{sentence}” denies what is said in “{saying[0]}”"


def _check_wording(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    """A sentence in nearly the words of a clause must not differ from it where the sense turns."""
    held = [part for clause in cited.clauses for part in language.sentences(clause.text)]
    for sentence in language.sentences(text):
        if language.speaks_of_holdings(sentence) or any(language.fold(sentence) == language.fold(part) for part in held):
            continue
        for part in held:
            if changed := language.weighty_differences(sentence, part):
                yield f"wording: “{sentence}” differs from “{part}” in {', '.join(changed)}"
                break


def _check_modals(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    if _verbatim(text, cited):
        return
    for sentence in language.sentences(text):
        if language.is_advice(sentence) or language.speaks_of_holdings(sentence):
            continue
        twin, said = _twin(sentence, cited), set(language.modals_said(cited.said))
        for modal in language.modals_said(sentence):
            if not language.MODALS[modal].search(cited.said):
                yield f"modal: “{modal}” of “{sentence}” is in no cited clause"
            elif twin and modal in ("must", "may") and any(language.modals_said(twin)) and modal not in said:
                yield f"modal: “{sentence}” says {modal}, “{twin}” does not"


def _check_verdict_words(text: str, cited: _Cited, holdings: Holdings, case: Case) -> Iterator[str]:
    """A verdict stands above the claims, never in one, unless it is the clause's own word."""
    lower = language.fold(text)
    for phrase in VERDICT_PHRASES:
        if re.search(rf"\b{phrase}\b", lower) and phrase not in language.fold(cited.said):
            yield f"verdict: “{phrase}” is said in a claim"
            return


def _twin(sentence: str, cited: _Cited) -> str | None:
    """The sentence of a cited clause that says nearly the same in nearly the same words; None where there is none."""
    wanted = language.content_words(sentence)
    if len(wanted) < FEWEST_WORDS:
        return None
    best, share = None, 0.0
    for clause in cited.clauses:
        for candidate in language.sentences(clause.text):
            words = language.content_words(candidate)
            found = len(wanted & words) / max(len(wanted), 0.8 * len(words))
            if found > share:
                best, share = candidate, found
    return best if share >= (SHARE_SAME if len(wanted) > FEWEST_WORDS else 1) else None


def _doubts(text: str, cited: _Cited) -> Iterator[str]:
    if _verbatim(text, cited):
        return
    stated: Sequence[str] = [sentence for sentence in language.sentences(text) if not language.speaks_of_holdings(sentence)]
    if not stated:
        yield "it speaks of what is held, which no clause can back"
        return
    known = language.content_words(cited.around)
    denying = [part for clause in cited.clauses for part in language.sentences(clause.text) if language.has_negative_sense(part)]
    for sentence in stated:
        for stems in language.denied(sentence):
            if stems and not any(stems & language.content_words(part) for part in denying):
                yield f"denial in other words: of {', '.join(sorted(stems))}"
        wanted = language.content_words(sentence)
        if wanted and len(wanted & known) < SHARE_CONFIRMED * len(wanted):
            kind = "advice" if language.is_advice(sentence) else "statement"
            yield f"{kind} in other words: {len(wanted & known)} of {len(wanted)} words stand in the clauses"


_CHECKS: tuple[Check, ...] = (
    _check_force,
    _check_tool,
    _check_jurisdiction,
    _check_numbers,
    _check_dates,
    _check_addresses,
    _check_names,
    _check_quotations,
    _check_negation,
    _check_modals,
    _check_wording,
    _check_verdict_words,
)
