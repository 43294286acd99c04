"""A question in the English that the rest of the program works on.

No translation for readers: the order of words is put right where the understanding needs it, and terms become those of the law.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from assistant.converse.languages.asks import Asks
from assistant.converse.languages.glossary import Glossary
from assistant.converse.languages.language import (
    ENGLISH,
    SERVED,
    Language,
    asks_of,
    language_of,
    other_languages,
    terms_of,
    words_of_language,
)
from assistant.converse.languages.recognise import recognise
from assistant.errors import InputError
from assistant.guard import MAX_CHARACTERS, KnownNames
from assistant.locators import Locator, replace_locators
from assistant.schema import Tool

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
NEAR = 0.55  # of 1: how near a way of asking must lie to stand beside the question; chosen on eval/languages/practice.yaml
_COMMA = re.compile(r",(?= (?:when|if|whether|that|because|to|before|after|so that)\b)")  # English puts none there


@dataclass(frozen=True)
class Reading:
    """The language a question is in, and the question in English word by word.

    ``near``: an English way of asking that it lies near. ``sorry``: where the language is not served, a sentence in it that says so.
    """

    language: str
    english: str
    near: str | None = None
    sorry: str | None = None

    @property
    def question(self) -> str:
        """What the rest of the program reads; the way of asking finds what the words alone would miss."""
        return f"{self.english} {self.near}" if self.near else self.english

    @property
    def is_served(self) -> bool:
        return self.language in SERVED


class Languages:
    """Reads questions in every language served. ``is_known_word`` tells whether a word occurs in the clauses, which are in English;
    ``names`` are those of tools, which no glossary may touch ("Signal"); ``overlay`` is the user's own folder of knowledge files.
    """

    def __init__(self, is_known_word: Callable[[str], bool], names: Iterable[str] = (), overlay: Path | None = None) -> None:
        self._is_known_word = is_known_word
        self._overlay = overlay
        self._tools = tuple(names)
        self._names = frozenset(word for name in self._tools for word in name.lower().split())

    @classmethod
    def of(cls, tools: Iterable[Tool], is_known_word: Callable[[str], bool], overlay: Path) -> Languages:
        """With the names of the tools held and of their plans."""
        names = [name for tool in tools for name in (tool.name, *tool.aliases, *(plan.name for plan in tool.plans))]
        return cls(is_known_word, names, overlay)

    def read(self, question: str, before: str = ENGLISH) -> Reading:
        """The question in English. ``before``: the language of the conversation, which a question of a name alone goes on in."""
        code = self.language(question, before)
        if code == ENGLISH:
            return Reading(code, question)
        if code in SERVED:
            near = self._asks[code].nearest(question)
            return Reading(code, self._readers[code].english(question), near.english if near and near.nearness >= NEAR else None)
        return Reading(code, question, sorry=other_languages().sorry.get(code, ""))

    def language(self, question: str, before: str = ENGLISH) -> str:
        """The code of the language that a question is in, served or not."""
        return recognise(question, before, self._glossaries, self._is_known_word)

    def known_names(self, question: str, before: str, known: KnownNames) -> KnownNames:
        """What is known to be no client's name in a question: the words of its language too, where every noun may have a capital."""
        code = self.language(question[:MAX_CHARACTERS], before)
        if code == ENGLISH or code not in SERVED:
            return known
        return known.speaking(partial(self._is_word, code), capital_nouns=language_of(code).capital_nouns)

    def _is_word(self, code: str, word: str) -> bool:
        return all(map(self._glossaries[code].holds, word.split("-")))

    @cached_property
    def _glossaries(self) -> dict[str, Glossary]:
        return {code: reader.glossary for code, reader in self._readers.items()}

    @cached_property
    def _asks(self) -> dict[str, Asks]:
        return {
            code: Asks(
                asks_of(code, self._overlay), reader.glossary.stem, self._tools, service=language.service, little=language.known_by.split()
            )
            for code, reader in self._readers.items()
            if (language := language_of(code))
        }

    @cached_property
    def _readers(self) -> dict[str, _Reader]:
        return {code: _Reader(language_of(code), glossary_of(code, self._overlay), self._names) for code in SERVED if code != ENGLISH}


def consent_question(code: str, tool: str) -> str:
    """A question in a served language for the information text on a tool. Raises InputError if the language is not served."""
    if code not in SERVED:
        raise InputError(f"The text is not held in {code!r}: it can be had in {', '.join(SERVED)}.")
    wanted = "Information text for {tool}" if code == ENGLISH else language_of(code).wants_consent_text
    return wanted.replace("{tool}", tool)


def glossary_of(code: str, overlay: Path | None = None) -> Glossary:
    """The terms and the everyday words of a language served; where both hold a phrase, the term counts."""
    language = language_of(code)
    say = dict(terms_of(code, overlay).say)
    for further in (language.say, words_of_language(code, overlay).say):  # what stands first counts, also for words of the same stem
        say |= {own: english for own, english in further.items() if own not in say}
    return Glossary(say, language.stemmer, compounds=language.compounds, endings=language.endings, forms=language.forms)


@dataclass(frozen=True)
class _Reader:
    language: Language
    glossary: Glossary
    names: frozenset[str]

    def english(self, question: str) -> str:
        places: list[Locator] = []

        def keep(locator: Locator) -> str:
            places.append(locator)
            return f"0place{len(places) - 1}0"

        text = self._with_days(replace_locators(question, keep))
        if not any(pattern.pattern.startswith("^") and pattern.search(text) for pattern, _ in self._patterns):
            text = self._joined(text)
        for pattern, own in self.language.rewrite:
            text = re.sub(pattern, own, text, flags=re.IGNORECASE)
        text = _COMMA.sub("", re.sub(r"(?<=\w)'(?=\w)", " ", self._put(text, whole=True)))
        for number, place in enumerate(places):
            text = text.replace(f"0place{number}0", str(place))
        return text[:1].upper() + text[1:]

    def _joined(self, text: str) -> str:
        """Verbs that stand in two parts in one: "Welche Risiken wäge ich ab?" reads "Welche Risiken abwäge ich?"."""
        if not self.language.separable:
            return text
        prefixes = "|".join(self.language.separable)
        return re.sub(rf"([^,;:?.!]+) ({prefixes})(?=[,;:?.!]|$)", lambda clause: self._with_verb(clause[1], clause[2]), text)

    def _with_verb(self, clause: str, prefix: str) -> str:
        words = clause.split(" ")
        for number, word in enumerate(words):
            if word.isalpha() and self.glossary.knows(prefix + word):
                return " ".join([*words[:number], prefix + word.lower(), *words[number + 1 :]])
        return f"{clause} {prefix}"

    def _put(self, text: str, *, whole: bool = False) -> str:
        """The first way of putting it that the text holds, in English; what stands around it and in it is read in the same way.

        ``whole``: the text is the question, not a part of it; only there an expression may be bound to its beginning.
        """
        for pattern, english in self._patterns:
            if (whole or not pattern.pattern.startswith("^")) and (match := pattern.search(text)):
                filled = re.sub(r"\\(\d)", lambda slot, found=match: self._put(found[int(slot[1])] or ""), english)  # type: ignore[misc]
                before, after = text[: match.start()], text[match.end() :]
                parts = [self._put(before) if before.strip() else "", filled, self._put(after) if after.strip() else ""]
                joined = " ".join(part.strip() for part in parts if part.strip())
                return re.sub(r"\s+(?=[?.,!;:])", "", " ".join(joined.split()))
        return self.glossary.english(text, self.names)

    def _with_days(self, text: str) -> str:
        """Days and months as English writes them."""
        months = [month.lower() for month in self.language.months]
        text = re.sub(
            r"(?<![\d.])(\d{1,2})[./](\d{1,2})[./](20\d\d)(?!\d)", lambda date: f"{date[3]}-{int(date[2]):02}-{int(date[1]):02}", text
        )
        pattern = self.language.day.replace("{months}", "|".join(months))

        def day(match: re.Match[str]) -> str:
            month = _MONTHS[months.index(match["month"].lower())]
            return " ".join(part for part in (match["in"] and ("on" if match["day"] else "in"), match["day"], month, match["year"]) if part)

        return re.sub(pattern, day, text, flags=re.IGNORECASE)

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple((re.compile(self._filled(pattern), re.IGNORECASE), english) for pattern, english in self.language.put)

    def _filled(self, pattern: str) -> str:
        for name, part in self.language.parts.items():
            pattern = pattern.replace(f"{{{name}}}", part)
        return pattern
