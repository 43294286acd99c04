"""Which official words a summary stands for: tied by place, and where a document prints no numbers, by the words as well.

Numbers of paragraphs are counted, not printed: two readers of one page count them differently. So under a heading the paragraph is
taken that holds most of the summary's words, and none if it holds fewer than half of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from assistant.locators import Locator
from assistant.schema import Clause, Knowledge, Twins, containers

FEWEST_SHARED = 0.5  # of the words of a summary, where the place alone does not say which clause it is
_STEM = 6  # letters that tell words apart well enough to count shared ones
_WORD = re.compile(r"[^\W\d_]{4,}")


def twin_in(knowledge: Knowledge, summary: Clause, version_id: str) -> Clause | None:
    """The official words that a summary stands for in one imported version; None where they are not found."""
    return _twins(knowledge, summary.source_id, version_id).official.get(summary.id)


def summaries_of(knowledge: Knowledge, official: Clause, version_id: str) -> tuple[Clause, ...]:
    """The summaries that stand for official words in one imported version."""
    return tuple(_twins(knowledge, official.source_id, version_id).summaries.get(official.id, ()))


def _twins(knowledge: Knowledge, source_id: str, version_id: str) -> Twins:
    """For one source and version the official words of each summary, worked out once."""
    key = source_id, version_id
    if key not in knowledge.twins:
        clauses = knowledge.inside_source(source_id)
        official = [clause for clause in clauses if clause.wording == "official" and _stands(knowledge, clause, version_id)]
        summaries = [clause for clause in clauses if clause.wording == "summary"]
        twins = knowledge.twins[key] = Twins()
        by_place: dict[Locator, Clause] = {}
        for clause in official:
            by_place.setdefault(clause.parsed_locator, clause)
        for summary in summaries:
            twin = _match(knowledge, summary, official, by_place)
            if twin is not None:
                twins.official[summary.id] = twin
                twins.summaries.setdefault(twin.id, []).append(summary)
    return knowledge.twins[key]


def _match(knowledge: Knowledge, summary: Clause, official: Sequence[Clause], by_place: Mapping[Locator, Clause]) -> Clause | None:
    place = summary.parsed_locator
    if place.kind != "heading":
        exact = by_place.get(place)
        if exact is not None or knowledge.sources[summary.source_id].kind in ("law", "standard"):
            return exact
        return _nearest(summary, [clause for clause in official if set(containers(clause.parsed_locator)) & {place, *place.parents}])
    heads = {_fold(part) for part in (place.number, place.number.split(",")[0], *summary.heading_path)} - {""}
    return _nearest(summary, [clause for clause in official if heads & _heads(clause)])


def _heads(clause: Clause) -> set[str]:
    places = containers(clause.parsed_locator)
    return {_fold(part) for part in (*clause.heading_path, *(place.number for place in places), *(str(place) for place in places[1:]))}


def _nearest(summary: Clause, candidates: Iterable[Clause]) -> Clause | None:
    """The candidate with most of the summary's words, the shorter one of two; None where even that holds too few."""
    wanted = _words(summary.text)
    scored = [(len(wanted & _words(clause.text)) / max(len(wanted), 1), -len(clause.text), clause) for clause in candidates]
    share, _, best = max(scored, key=lambda entry: entry[:2], default=(0.0, 0, None))
    return best if share >= FEWEST_SHARED else None


def _stands(knowledge: Knowledge, clause: Clause, version_id: str) -> bool:
    order = [version.id for version in knowledge.official[clause.source_id]]
    position = order.index(version_id)
    last = order.index(clause.until) if clause.until in order else len(order) - 1
    return order.index(clause.since) <= position <= last


@lru_cache(maxsize=50_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower()[:_STEM] for word in _WORD.findall(text))


@lru_cache(maxsize=50_000)
def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
