"""Names that are not a client's: tools, vendors, plans, sources, places, days, and the words of the clauses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from assistant.guard.places import PLACES
from assistant.schema import Knowledge

_ALWAYS = (
    "annex|art|article|artikel|chapter|recital|schedule|section|vt|ai act|amazon|amazon web services|android|apple|"
    "apple notes|apple watch|austria|aws|azure|bayern|belgium|berlin|betterhelp|bitwarden|"
    "bluetooth|brexit|bruxelles|calendly|california|canada|chrome|chromium|cisco|cnil|court of justice|data privacy "
    "framework|data protection act|"
    "deutschland|discord|doctolib|dropbox|dublin|edge|edinburgh|england|english|europe|european commission|european union|excel|facebook|"
    "firefox|france|frankreich|french|german|germany|gmail|google|google calendar|google docs|google drive|google "
    "voice|hamburg|hippocratic|"
    "icloud|icloud drive|information commissioner|instagram|ireland|italy|jane app|linkedin|linux|london|lyon|mac|madrid|mailchimp|"
    "manchester|max schrems|meta|microsoft|microsoft 365|münchen|netherlands|new york|northern ireland|notion|office "
    "for civil rights|onedrive|"
    "openai|österreich|outlook|paris|paypal|proton|proton mail|schrems|schrems ii|schweiz|scotland|session|sharepoint|siri|slack|spain|"
    "spanish|stripe|supreme court|switzerland|texas|threema|tiktok|trello|twitter|uk gdpr|united kingdom|united "
    "states|vereinigtes königreich|"
    "viber|wales|wien|windows|windsor framework|wire|word|youtube|zoho|zürich|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|"
    "october|november|"
    "december|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|januar|februar|märz|mai|juni|juli|oktober|dezember|"
    "vereinigten königreich|vereinigten königreichs|großbritannien|grande-bretagne|royaume-uni|états-unis|reino unido|gran bretaña|"
    "estados unidos|dublín|"
    "christmas|easter|english|i|gp|god"
).split("|")
SHORTEST_SLIP = 5
SLIP = 80
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*", re.UNICODE)


def _never(word: str) -> bool:
    return False


@dataclass(frozen=True)
class KnownNames:
    """What a capital letter may stand for beside a person. ``tools`` are the names of tools in one word, which may
    be misspelt; ``is_word``: whether a word is one of the clauses' everyday words, or of the language of the question.
    ``capital_nouns``: every noun of that language has a capital, so that one alone says nothing.
    """

    phrases: frozenset[str] = field(default_factory=lambda: frozenset(_ALWAYS))
    is_word: Callable[[str], bool] = _never
    tools: frozenset[str] = frozenset()
    capital_nouns: bool = False

    def speaking(self, is_word: Callable[[str], bool], *, capital_nouns: bool) -> KnownNames:
        """The same for a question in another language, whose words ``is_word`` tells."""
        here = self.is_word
        return replace(self, is_word=lambda word: here(word) or is_word(word), capital_nouns=capital_nouns)

    @classmethod
    def of(cls, knowledge: Knowledge, is_word: Callable[[str], bool] = _never, products: Iterable[str] = ()) -> KnownNames:
        """The names of everything held, and of products of which nothing is held."""
        others = (" ".join(_WORD.findall(name)).lower() for name in products)
        phrases = frozenset((*_ALWAYS, *(name for name in _names_of(knowledge) if len(name) > 1), *others))
        names = (name.lower() for tool in knowledge.tools.values() for name in (tool.name, tool.publisher, *tool.aliases))
        return cls(phrases, is_word, frozenset(word for name in names for word in _WORD.findall(name)[:1] if len(word) >= SHORTEST_SLIP))

    def starting(self, words: list[str]) -> int:
        """How many of the words, from the first on, make up a known name, perhaps misspelt; 0 if they begin none."""
        lowered = [word.lower().removesuffix("'s").removesuffix("’s") for word in words]
        for size in range(min(6, len(lowered)), 0, -1):
            phrase = " ".join(lowered[:size])
            if phrase in self.phrases or phrase in PLACES:
                return size
        return 1 if words and words[0][:1].isupper() and self._nearly(lowered[0]) else 0

    def _nearly(self, word: str) -> bool:
        """Whether a word is a known name with a slip of the finger ("Teems", "Microsft")."""
        if len(word) < SHORTEST_SLIP:
            return False
        alike = [name for name in self.tools if name[0] == word[0]]
        return process.extractOne(word, alike, scorer=fuzz.ratio, score_cutoff=SLIP) is not None


def _names_of(knowledge: Knowledge) -> Iterable[str]:
    for tool in knowledge.tools.values():
        yield from _phrases((tool.name, tool.product, tool.publisher, *tool.aliases))
        for plan in tool.plans:
            yield from _phrases((plan.name, *plan.aliases))
        for setting in tool.settings:
            yield from _phrases((setting.name,))
    for source in knowledge.sources.values():
        yield from _phrases((source.label, source.publisher))


def _phrases(names: Iterable[str]) -> Iterable[str]:
    """Each name, and each single capitalised word of it that is long enough to be one ("Communications")."""
    for name in names:
        words = _WORD.findall(name)
        yield " ".join(words).lower()
        yield from (word.lower() for word in words if word[:1].isupper() and len(word) > 2)
