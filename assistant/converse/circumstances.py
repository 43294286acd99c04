"""What a question says about the practitioner's case: where, on which plan, with which settings, on which day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from rapidfuzz import fuzz

from assistant.schema import Clients, Feature, Jurisdiction, Plan, Profile, Tool, Use

_EU = (
    r"eu|e\.u\.|european union|europe|eea|austria|belgium|bulgaria|croatia|cyprus|czechia|denmark|estonia|finland|france|germany|greece|"
    r"hungary|ireland|italy|latvia|lithuania|luxembourg|malta|netherlands|poland|portugal|romania|slovakia|slovenia|spain|sweden|berlin|paris|"
    r"german|french|irish|dutch|spanish|italian"
)
_PLACES: tuple[tuple[Jurisdiction, re.Pattern[str]], ...] = (
    (
        "uk",
        re.compile(
            r"\b(?:uk|u\.k\.|united kingdom|britain|british|england|english practice|scotland|wales|northern ireland|london)\b", re.I
        ),
    ),
    ("eu", re.compile(rf"\b(?:{_EU})\b", re.I)),
    (
        "us",
        re.compile(
            r"\b(?:usa|u\.s\.a?\.?|united states|american?|california|new york|texas|florida|hipaa|baa|phi)\b|\b(?:in|the) US\b", re.I
        ),
    ),
)
_US_WORD = re.compile(r"(?<![\w])US(?![\w])")
_CLIENT_THERE = re.compile(
    r"\bclients?\b[^.?!]{0,25}?\b(?:in|from|lives? in|living in|moved to|based in)\s+(?:the\s+)?(?P<place>[A-Z][\w. ]{1,25})"
)
_USES: tuple[tuple[Use, re.Pattern[str]], ...] = (
    ("messaging", re.compile(r"\b(?:messag\w+|chat(?:ting)? with|text(?:ing)? (?:my )?clients?|texting)\b", re.I)),
    ("reminders", re.compile(r"\breminders?\b", re.I)),
    ("notes", re.compile(r"\b(?:session notes|case notes|clinical notes|write (?:my )?notes|note[- ]taking|transcri\w+ my notes)\b", re.I)),
    ("storage", re.compile(r"\b(?:stor(?:e|ing) (?:files|records|documents)|file storage|cloud storage)\b", re.I)),
)
_FEATURES: tuple[tuple[Feature, str], ...] = (
    ("recording", r"record(?:ing|ings|ed)?"),
    ("transcription", r"transcri(?:be|bing|ption|pts?)|captions?"),
    ("ai", r"ai(?: companion| assistant| notes?| summar\w+)?|copilot|note[- ]?taker|summar(?:y|ies|ise|ize)"),
)
_REFUSED = r"(?:without|no|not|never|turn(?:ed)? off|switch(?:ed)? off|disable\w*)"
_WANTED = (
    r"(?:can|may|could|should|want to|safe to|ok(?:ay)? to|allowed to|if)(?:\s+(?:i|we|my clients?))?(?:\s+also)?"
    r"(?:\s+use(?:\s+(?:the|its))?)?"
)
_PLAN_WORDS = "plan|acc(?:oun)?t|account|version|tier|licen[cs]e|edition|subscription|users?"
_LONG_ALIAS = 11
_MONTHS = "january february march april may june july august september october november december".split()
_DAY = re.compile(
    rf"\b(?:on|in|as of|since|before|by)\s+(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{'|'.join(_MONTHS)})\s+(?P<year>20\d\d)\b",
    re.I,
)
_ISO_DAY = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")


def read_profile(question: str, tool: Tool | None, start: Profile) -> Profile:
    """The profile with what the question states filled in; what it states is no longer assumed."""
    stated: dict[str, object] = {}
    client = _client_place(question)
    if client:
        stated["client_jurisdiction"] = client
    own = _place(_CLIENT_THERE.sub(" ", question))
    if own:
        stated["jurisdiction"] = own
    use = next((use for use, pattern in _USES if pattern.search(question)), None)
    if use:
        stated["use"] = use
    if re.search(r"\b(?:child(?:ren)?|minors?|teen\w*|adolescents?|young people|under[- ]?18s?)\b", question, re.I):
        clients: Clients = "minors"
        stated["clients"] = clients
    if re.search(r"\bnot (?:a )?(?:covered entity|covered by hipaa)\b|\b(?:life|business|executive) coach", question, re.I):
        stated["covered_entity"] = False
    if tool:
        stated |= _tool_choices(question, tool, start)
    return start.model_copy(update={**stated, "assumed": tuple(name for name in start.assumed if name not in stated)})


def read_features(question: str, start: Mapping[Feature, str]) -> dict[Feature, str]:
    """Recording, transcription or AI wanted or refused in so many words ("can I record …", "without recording")."""
    features: dict[Feature, str] = dict(start)
    for feature, words in _FEATURES:
        if re.search(rf"\b{_REFUSED}\s+(?:any |the |cloud )?(?:{words})\b|\b(?:{words})\s+off\b", question, re.I):
            features[feature] = "off"
        elif re.search(rf"\b{_WANTED}\s+(?:{words})\b|\bwith (?:the |cloud )?(?:{words})\b", question, re.I):
            features[feature] = "on"
    return features


def read_day(question: str, today: date) -> date | None:
    """A day or month in the past that the question asks about; a month means its first day. None if it names none."""
    if iso := _ISO_DAY.search(question):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]), today)
    if named := _DAY.search(question):
        return _day(int(named["year"]), _MONTHS.index(named["month"].lower()) + 1, int(named["day"] or 1), today)
    return None


def _day(year: int, month: int, day: int, today: date) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found <= today else None


def _place(text: str) -> Jurisdiction | None:
    if _US_WORD.search(text):
        return "us"
    return next((jurisdiction for jurisdiction, pattern in _PLACES if pattern.search(text)), None)


def _client_place(question: str) -> Jurisdiction | None:
    match = _CLIENT_THERE.search(question)
    return _place(match["place"]) if match else None


def _tool_choices(question: str, tool: Tool, start: Profile) -> dict[str, object]:
    """The plan and the settings of the tool that the question names by one of their aliases."""
    chosen: dict[str, object] = {}
    for plan in tool.plans:
        names = "|".join(re.escape(name) for name in {plan.name, plan.id.replace("-", " "), *plan.aliases})
        product = re.escape(tool.name)
        named = re.search(rf"\b(?:{names})\s+(?:{_PLAN_WORDS}|{product})\b|\b{product}\s+(?:{names})\b", question, re.I)
        if named or (plan.free and re.search(r"\bfree\b", question, re.I)) or _nearly_names(plan, question):
            chosen["plan"] = plan.id
    settings = dict(start.settings)
    for setting in tool.settings:
        for value, aliases in setting.aliases.items():
            names = "|".join(re.escape(alias) for alias in aliases)
            if names and re.search(rf"\b(?:{names})\b", question, re.I):
                refused = re.search(rf"\b{_REFUSED}\s+(?:the\s+)?(?:{names})\b", question, re.I)
                settings[setting.id] = "off" if refused and "off" in setting.values else value
    if settings != start.settings:
        chosen["settings"] = settings
    return chosen


def _nearly_names(plan: Plan, question: str) -> bool:
    """Whether a longer alias of the plan stands in the question, perhaps misspelt ("privat acount")."""
    return any(len(alias) >= _LONG_ALIAS and fuzz.partial_ratio(alias.lower(), question.lower()) >= 86 for alias in plan.aliases)
