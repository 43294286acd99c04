"""Products that exist and of which nothing is held, so that a question about one is not taken for one about law."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import yaml
from rapidfuzz.distance import OSA

from assistant.schema import Frozen, Use
from assistant.schema.base import Id

_SHORTEST_SLIP = 6  # letters that a name must have to be found misspelt
_TWO_SLIPS = 9


class ProductKind(Frozen):
    """What some products are for: ``means`` completes "a tool for …", ``uses`` are those of held tools that serve the same."""

    means: str
    uses: tuple[Use, ...]
    products: tuple[str, ...]


class ProductList(Frozen):
    """The file of products, as it stands."""

    kinds: dict[Id, ProductKind]
    words_too: str
    people_too: str
    beside: str


@dataclass(frozen=True)
class Product:
    """A product by its usual name, and what it is for."""

    name: str
    means: str
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class FoundProduct:
    """A product and where in a question it is named."""

    product: Product
    start: int
    end: int


class Products:
    """Finds products in questions by their names, exactly or misspelt.

    ``used_as_tool`` is an expression for the words before which a tool's name stands, ``name_ends`` for what follows one.
    """

    def __init__(self, held: ProductList, used_as_tool: str, name_ends: str) -> None:
        self._by_name = dict(_names(held))
        self._words_too = frozenset(_split(held.words_too))
        self._people_too = frozenset(_split(held.people_too))
        self._beside = re.compile(rf"[\s-]+(?:{held.beside})\b", re.IGNORECASE)
        self._ends = re.compile(name_ends, re.IGNORECASE)
        self._as_tool = re.compile(rf"(?:^|\s){used_as_tool}\s+(?:the\s+)?$", re.IGNORECASE)

    def find(self, question: str) -> FoundProduct | None:
        """The first product that the question names."""
        for match in self._pattern.finditer(question):
            written = " ".join(match.group().lower().replace("-", " ").split())
            name = written if written in self._by_name else self._spelt[_bare(written)]
            if self._is_meant(name, question, match):
                return FoundProduct(self._by_name[name], match.start(), match.end())
        return None

    def find_misspelt(self, question: str, is_known_word: Callable[[str], bool]) -> Product | None:
        """The first product named with a letter or, in longer names, two letters wrong, where a tool's name stands."""
        for match in re.finditer(r"[A-Za-z]+", question):
            lower = match.group().lower()
            as_tool = self._as_tool.search(question[: match.start()]) and self._ends.match(question, match.end())
            if len(lower) < _SHORTEST_SLIP - 1 or not as_tool or is_known_word(lower):
                continue
            for name in self._long:
                slips = 2 if len(name) >= _TWO_SLIPS else 1
                if name[0] == lower[0] and abs(len(name) - len(lower)) <= slips and OSA.distance(lower, name, score_cutoff=slips) <= slips:
                    return self._by_name[name]
        return None

    def _is_meant(self, name: str, question: str, match: re.Match[str]) -> bool:
        if name not in self._words_too and name not in self._people_too:
            return True
        if self._beside.match(question, match.end()):
            return True
        before = question[: match.start()]
        if name in self._people_too:
            return bool(_USED.search(before)) and match.group()[0].isupper()
        written_as_name = all(word[0].isupper() for word in re.findall(r"[^\W_]+", match.group()))
        return written_as_name and bool(self._as_tool.search(before))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = sorted(self._by_name, key=lambda name: (-len(name), name))
        return re.compile(rf"(?<![\w@.])(?:{'|'.join(map(_loosely, names))})(?![\w@]|\.\w)", re.IGNORECASE)

    @cached_property
    def _spelt(self) -> dict[str, str]:
        return {_bare(name): name for name in reversed(self._by_name)}

    @cached_property
    def _long(self) -> tuple[str, ...]:
        return tuple(name for name in self._by_name if name.isalpha() and len(name) >= _SHORTEST_SLIP and name not in self._words_too)


_USED = re.compile(r"\b(?:us(?:e|ing)|try|via|switch to|bought|subscribe to)\s+$", re.IGNORECASE)


def _names(held: ProductList) -> Iterator[tuple[str, Product]]:
    for kind in held.kinds.values():
        for line in kind.products:
            names = _split(line)
            product = Product(line.split("|")[0].strip(), kind.means, kind.uses)
            yield from ((name, product) for name in names)


def _split(text: str) -> list[str]:
    return [" ".join(name.lower().split()) for name in text.split("|") if name.strip()]


def _loosely(name: str) -> str:
    """An expression for a name in which a space, hyphen or full stop may be left out."""
    return re.escape(name).replace(r"\ ", r"[\s-]?").replace(r"\-", r"[\s-]?").replace(r"\.", r"\.?")


def _bare(text: str) -> str:
    return re.sub(r"[\s.-]", "", text.lower())


@cache
def product_list() -> ProductList:
    """The products that ship."""
    text = files("knowledge.products").joinpath("products.yaml").read_text(encoding="utf-8")
    return ProductList.model_validate(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


@cache
def names_of_products() -> tuple[str, ...]:
    """The names of the products that ship, but for those that people bear."""
    held = product_list()
    people = frozenset(_split(held.people_too))
    return tuple(name for name, _ in _names(held) if name not in people)
