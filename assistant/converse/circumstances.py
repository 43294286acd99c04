"""What a question says about the practitioner's case: where, on which plan, with which settings, on which day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from rapidfuzz import fuzz

from assistant.converse.words import Words
from assistant.schema import Clients, Feature, Jurisdiction, Plan, Profile, Tool

_US_WORD = re.compile(r"(?<![\w])US(?![\w])")
_LONG_ALIAS = 11
_ISO_DAY = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")


def read_profile(question: str, tool: Tool | None, start: Profile, words: Words) -> Profile:
    """The profile with what the question states filled in; what it states is no longer assumed."""
    stated: dict[str, object] = {}
    client = _client_place(question, words)
    if client:
        stated["client_jurisdiction"] = client
    own = _place(re.sub(words.source("client_there"), " ", question), words)
    if own:
        stated["jurisdiction"] = own
    use = next((use for use, patterns in words.uses.items() if words.any_of(patterns, question)), None)
    if use:
        stated["use"] = use
    if words.says("minors", question):
        clients: Clients = "minors"
        stated["clients"] = clients
    if words.says("not_covered_by_hipaa", question):
        stated["covered_entity"] = False
    if tool:
        stated |= _tool_choices(question, tool, start, words)
    return start.model_copy(update={**stated, "assumed": tuple(name for name in start.assumed if name not in stated)})


def read_features(question: str, start: Mapping[Feature, str], words: Words) -> dict[Feature, str]:
    """Recording, transcription or AI wanted or refused in so many words ("can I record …", "without recording")."""
    features: dict[Feature, str] = dict(start)
    refused, wanted = words.source("refused"), words.source("wanted")
    for feature, patterns in words.features.items():
        named = "|".join(patterns)
        if re.search(rf"\b{refused}\s+(?:any |the |cloud )?(?:{named})\b|\b(?:{named})\s+off\b", question, re.I):
            features[feature] = "off"
        elif re.search(rf"\b{wanted}\s+(?:{named})\b|\bwith (?:the |cloud )?(?:{named})\b", question, re.I):
            features[feature] = "on"
    return features


def read_day(question: str, today: date, words: Words) -> date | None:
    """A day or month in the past that the question asks about; a month means its first day. None if it names none."""
    if iso := _ISO_DAY.search(question):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]), today)
    pattern = words.source("day").replace("{months}", "|".join(words.months))
    if named := re.search(pattern, question, re.I):
        return _day(int(named["year"]), words.months.index(named["month"].lower()) + 1, int(named["day"] or 1), today)
    return None


def _day(year: int, month: int, day: int, today: date) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found <= today else None


def _place(text: str, words: Words) -> Jurisdiction | None:
    if _US_WORD.search(text):
        return "us"
    return next((place for place, patterns in words.places.items() if words.any_of(patterns, text)), None)


def _client_place(question: str, words: Words) -> Jurisdiction | None:
    match = re.search(words.source("client_there"), question)  # the place is told by its capital letter
    return _place(match["place"], words) if match else None


def _tool_choices(question: str, tool: Tool, start: Profile, words: Words) -> dict[str, object]:
    """The plan and the settings of the tool that the question names by one of their aliases."""
    chosen: dict[str, object] = {}
    for plan in tool.plans:
        names = "|".join(re.escape(name) for name in {plan.name, plan.id.replace("-", " "), *plan.aliases})
        product = re.escape(tool.name)
        named = re.search(rf"\b(?:{names})\s+(?:{words.source('plan_words')}|{product})\b|\b{product}\s+(?:{names})\b", question, re.I)
        if named or (plan.free and words.says("free", question)) or _nearly_names(plan, question):
            chosen["plan"] = plan.id
    settings = dict(start.settings)
    for setting in tool.settings:
        for value, aliases in setting.aliases.items():
            names = "|".join(re.escape(alias) for alias in aliases)
            if names and re.search(rf"\b(?:{names})\b", question, re.I):
                refused = re.search(rf"\b{words.source('refused')}\s+(?:the\s+)?(?:{names})\b", question, re.I)
                settings[setting.id] = "off" if refused and "off" in setting.values else value
    if settings != start.settings:
        chosen["settings"] = settings
    return chosen


def _nearly_names(plan: Plan, question: str) -> bool:
    """Whether a longer alias of the plan stands in the question, perhaps misspelt ("privat acount")."""
    return any(len(alias) >= _LONG_ALIAS and fuzz.partial_ratio(alias.lower(), question.lower()) >= 86 for alias in plan.aliases)
