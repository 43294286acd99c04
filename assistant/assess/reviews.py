"""Evidence whose words a newer imported text has changed or dropped: marked for review, computed and never stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.dating import Dating, stands_in
from assistant.ingest.changes import Change
from assistant.locators import Locator, parse_locator
from assistant.schema import Clause, Evidence, Knowledge, Version, lies_inside
from assistant.standing import Standing, superseded_by, was_read
from assistant.twins import twin_in

ReviewState = Literal["for review", "followed"]


@dataclass(frozen=True, slots=True)
class ReviewMark:
    """One clause that a piece of evidence rests on, and what became of its words.

    *For review*: the evidence still counts, within the caps of docs/verdict.md. *Followed*: our summaries already hold what came
    after, so the evidence counts only for the days on which its words stood.
    """

    evidence: Evidence
    clause: Clause
    standing: Standing
    state: ReviewState


def review_marks(dating: Dating) -> list[ReviewMark]:
    """Every mark, in the order of the evidence."""
    knowledge = dating.knowledge
    return [
        mark for entry in knowledge.evidence.values() for clause in _rests_on(knowledge, entry) for mark in _marks(dating, entry, clause)
    ]


def touched_by(knowledge: Knowledge, source_id: str, older: Version, change: Change) -> list[tuple[Evidence, bool]]:
    """The evidence that rests on words of the older version which a change touches, and whether our summaries have followed it."""
    if not change.changes_words_of_old_clause or change.old_locator is None:
        return []
    place = parse_locator(change.old_locator)
    found: list[tuple[Evidence, bool]] = []
    for entry in knowledge.evidence.values():
        touched = [
            clause
            for clause in _rests_on(knowledge, entry)
            if clause.source_id == source_id
            and lies_inside(_place_in(knowledge, clause, older), place)
            and _stood_in(knowledge, clause, older)
        ]
        if touched:
            found.append((entry, all(clause.wording == "summary" and clause.until is not None for clause in touched)))
    return found


def _marks(dating: Dating, entry: Evidence, clause: Clause) -> Iterator[ReviewMark]:
    if clause.source_id not in dating.knowledge.official:
        return
    standing = dating.standing(clause)
    if standing is not None:
        yield ReviewMark(entry, clause, standing, "for review")
    elif clause.wording == "summary" and not dating.holds(clause):
        later = superseded_by(dating.knowledge, clause)
        if later is not None and later.kind != "unchecked":
            yield ReviewMark(entry, clause, later, "followed")


def _rests_on(knowledge: Knowledge, entry: Evidence) -> list[Clause]:
    """The clauses of the evidence; of a label the summaries where there are any."""
    found: list[Clause] = []
    for reference in entry.clauses:
        clauses = knowledge.resolve(reference)
        found += [clause for clause in clauses if clause.wording == "summary"] or clauses
    return found


def _place_in(knowledge: Knowledge, clause: Clause, version: Version) -> Locator:
    """Where the words that a clause stands for are found in an imported version."""
    twin = twin_in(knowledge, clause, version.id) if clause.wording == "summary" else None
    return (twin or clause).parsed_locator


def _stood_in(knowledge: Knowledge, clause: Clause, version: Version) -> bool:
    if clause.wording == "official":
        return stands_in(knowledge.versions_of(clause), clause, version.id)
    return was_read(knowledge, clause, version) or (version.tied_to is None and clause.until is None)
