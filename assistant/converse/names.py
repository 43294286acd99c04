"""Which tools a question names: by alias, misspelt, or not held at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from assistant.converse.products import FoundProduct, Product, Products, product_list
from assistant.converse.words import Words
from assistant.schema import Tool

_NAME = r"(?P<name>[\w.&'+-]+(?:\s+[\w.&'+-]+){0,3}?)"
_LONG = 7  # letters
_SHORTEST_STRANGE = 5
_SHORTEST = 3  # letters of a misspelt name
_ABBREVIATION = 4  # letters: "NHS", "GP"
# A name with a capital inside, or one that ends like an address that products have: people do not write other words so.
_COINED = re.compile(r"\b(?:[A-Z]?[a-z]{2,}[A-Z][a-z][A-Za-z]+|[A-Za-z][\w-]+\.(?:ai|io|app|so))\b")
_WRITTEN_AS_NAME = re.compile(r"(?<![\w\[@.'’-])[A-Z]\w*(?![\w'’-])(?: [A-Z]\w*(?![\w'’-]))*")
_OF_A_PLACE = re.compile(r"\b(?:in|from|near|around|outside|to|of)\s+$", re.IGNORECASE)
_ARTICLES = re.compile(r"^(?:the|a|an|my|our|this|that|using)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class NamedTools:
    """The tools a question names, in order of appearance, and a name that belongs to none of them (None: there is none).

    ``product``: what is known of the one that is not held, where it is among the products that exist.
    """

    held: tuple[str, ...] = ()
    unknown: str | None = None
    product: Product | None = None


class ToolNames:
    """Finds tools in questions.

    ``is_known_word`` tells whether a word occurs in the clauses: a name made of such words, or of those of ``asks`` (ways of asking), is
    no tool nobody has heard of.
    """

    def __init__(self, tools: Iterable[Tool], is_known_word: Callable[[str], bool], words: Words, asks: Iterable[str] = ()) -> None:
        self._words = words
        self._ordinary = frozenset(words.ordinary_words)  # they count only where written as a name or standing where a tool stands
        self._aliases: dict[str, str] = {}
        for tool in tools:
            for alias in (tool.id, tool.name, *tool.aliases):
                self._aliases[" ".join(alias.lower().split())] = tool.id
        self._is_known_word = is_known_word
        self._asks = asks
        self._products = Products(product_list(), words.source("used_as_tool"), words.source("name_ends"))

    @cached_property
    def _asked_words(self) -> frozenset[str]:
        return frozenset(word for ask in self._asks for word in re.findall(r"[\w+.&-]+", ask.lower()))

    @cached_property
    def _named(self) -> tuple[str, ...]:
        """The expressions that show a name, filled with their parts."""
        parts = {"{name}": _NAME, **{f"{{{part}}}": self._words.source(part) for part in ("judged", "practitioners", "name_ends")}}
        filled = []
        for pattern in self._words.unknown_tool:
            for slot, text in parts.items():
                pattern = pattern.replace(slot, text)
            filled.append(pattern)
        return tuple(filled)

    def find(self, question: str) -> NamedTools:
        """The tools named, exactly or nearly; else a name that seems to be a tool and is not held."""
        found = self._products.find(question)
        held = self._exact(question, found) or (() if found else self._nearly(question))
        product = found.product if found else None
        if held:
            return NamedTools(held, product=product)
        product = product or self._products.find_misspelt(question, self._is_known_word)
        return NamedTools((), product.name if product else self._unknown(question), product)

    def _exact(self, question: str, product: FoundProduct | None) -> tuple[str, ...]:
        """The tools whose names stand in the question, but for what is part of another product's ("Skype for Business")."""
        found: dict[int, str] = {}
        taken: list[tuple[int, int]] = []
        for alias in sorted(self._aliases, key=lambda alias: (-len(alias), alias)):
            for match in re.finditer(rf"(?<![\w@]){re.escape(alias)}(?:'s|’s)?(?![\w])", question, re.IGNORECASE):
                if product and product.start <= match.start() < product.end and match.end() - match.start() < product.end - product.start:
                    continue
                inside = any(start <= match.start() < end for start, end in taken)
                if not inside and self._is_name(alias, question, match):
                    taken.append(match.span())
                    found[match.start()] = self._aliases[alias]
        return tuple(dict.fromkeys(found[place] for place in sorted(found)))

    def _is_name(self, alias: str, question: str, match: re.Match[str]) -> bool:
        if alias not in self._ordinary:
            return True
        capitalised = match.group()[:1].isupper() and match.start() > 0
        before = question[: match.start()].rstrip().lower()
        if any(before.endswith(other) for other in self._aliases if other != alias and len(other) > 3):
            return False  # "Webex Meet" is one tool
        return capitalised or not before or bool(re.search(rf"(?:^|\s){self._words.source('used_as_tool')}$", before))

    def _nearly(self, question: str) -> tuple[str, ...]:
        words = re.findall(r"[\w.]+", question.lower())
        runs = [" ".join(words[start : start + size]) for size in (2, 1) for start in range(len(words) - size + 1)]
        found: dict[str, None] = {}
        for run in runs:
            if len(run) < _SHORTEST or self._is_known_word(run):
                continue
            for alias, tool_id in self._aliases.items():
                if len(alias) > _SHORTEST and self._is_misspelt(alias, run):
                    found.setdefault(tool_id)
        return tuple(found)

    def _is_misspelt(self, alias: str, run: str) -> bool:
        """Whether a run of unknown words is the alias with a letter or, in longer ones, two letters wrong, swapped or left out."""
        if run == alias or abs(len(alias) - len(run)) > 2 or (len(run) == _SHORTEST and alias in self._ordinary):
            return False
        slips = 1 if len(alias) < _LONG else 2
        slipped = alias[0] == run[0] and OSA.distance(run, alias, score_cutoff=slips) <= slips
        return slipped or (alias not in self._ordinary and fuzz.ratio(run, alias) >= 80)

    def _unknown(self, question: str) -> str | None:
        for pattern in self._named:
            for match in re.finditer(pattern, question, re.IGNORECASE):
                name = _ARTICLES.sub("", match.group("name").strip(" .,'"))
                words = re.findall(r"[\w+.&-]+", name)
                if not words or words[0].lower() in self._words.not_tools:
                    continue
                strange = [word for word in words if len(word) > 2 and not self._is_everyday(word.lower())]
                written_as_name = any(
                    word[:1].isupper() and not (word.isupper() and len(word) <= _ABBREVIATION) and word.lower() not in self._words.not_tools
                    for word in words
                )
                if strange or written_as_name:
                    return name
        coined = (match.group() for match in _COINED.finditer(question))
        return next((name for name in coined if name.lower() not in self._words.not_tools and not self._is_known_word(name.lower())), None)

    def strange_name(self, question: str) -> str | None:
        """A word or two that are written as a name and that neither clauses nor ways of asking hold: perhaps a tool's."""
        for match in _WRITTEN_AS_NAME.finditer(question):
            words = [word for word in match.group().split() if word.lower() not in self._words.not_tools]
            begins = match.start() == 0 or question[: match.start()].rstrip().endswith((".", "?", "!"))
            words = words[1:] if begins else words  # any word may begin a sentence
            if _OF_A_PLACE.search(question[: match.start()]):
                continue
            if any(len(word) >= _SHORTEST_STRANGE and not word.isupper() and not self._is_everyday(word.lower()) for word in words):
                return " ".join(words)
        return None

    def _is_everyday(self, word: str) -> bool:
        """Whether a word stands in the clauses or in the ways in which people ask."""
        return self._is_known_word(word) or word in self._asked_words
