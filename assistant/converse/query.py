"""A question as the rest of the program sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pydantic import Field

from assistant.converse.products import Product
from assistant.locators import Locator
from assistant.schema import Frozen, Intent, Jurisdiction, Profile, Use


class AskOptions(Frozen):
    """What the person fixed beside the question (command line options, controls of the page). None: left open."""

    jurisdiction: Jurisdiction | None = None
    client_jurisdiction: Jurisdiction | None = None
    use: Use | None = None
    plan: str | None = None
    settings: dict[str, str] = Field(default_factory=dict)
    as_of: date | None = None


@dataclass(frozen=True)
class Query:
    """What is asked: the words as given and those to search with, the intent, the tools, the case, the day, and the places it names.

    ``product``: what is known of a product that is named and not held; beside ``tools``, one that they are compared with. ``told``:
    the clauses that the answer before cited, where this question goes on from it. ``question`` is in English; ``asked`` are the words
    as they were written where that was in another ``language``.
    """

    question: str
    search: str
    intent: Intent
    profile: Profile
    day: date
    tools: tuple[str, ...] = ()
    unknown_tool: str | None = None
    product: Product | None = None
    locators: tuple[Locator, ...] = field(default=())
    told: frozenset[str] = frozenset()
    asked: str | None = None
    language: str = "en"
