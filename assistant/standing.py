"""Whether the words that a summary was written from still stand in a newer official text.

Our summaries say which texts they were written from; an imported text that is one of them is *tied* to that version. For a
newer text, which nobody has summarised, the words at the summary's place are compared with those of the text it is tied to:

    same words                      the summary stands, and is as fresh as the newer text
    words added, lost or changed    reworded
    nothing of them left            removed
    the older text was not imported unchecked: the newer words are held, but not those the summary was written from
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.locators import Locator, parse_locator
from assistant.schema import Clause, Knowledge, Rewording, Version, lies_inside
from assistant.twins import twin_in

StandingKind = Literal["reworded", "removed", "unchecked"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Why a summary is to be reviewed: what happened, between which imported texts (``base`` is None if unchecked), and both words.

    ``old`` and ``new`` are the clauses at the place in either text, as far as there are any.
    """

    kind: StandingKind
    base: Version | None
    newer: Version
    changes: tuple[Rewording, ...] = ()
    old: Clause | None = None
    new: Clause | None = None

    @property
    def old_words(self) -> str:
        """The sentences that changed or went, as they were."""
        if self.changes:
            return " … ".join(change.old for change in self.changes if change.old)
        return self.old.text if self.old else ""

    @property
    def new_words(self) -> str:
        """The sentences that took their place or came; the whole clause where nothing could be compared."""
        if self.changes:
            return " … ".join(change.new for change in self.changes if change.new)
        return self.new.text if self.new else ""


def base_version(knowledge: Knowledge, clause: Clause) -> Version | None:
    """The latest imported text that the summary was written from; None if none of those was imported."""
    return next(
        (version for version in reversed(knowledge.official.get(clause.source_id, ())) if was_read(knowledge, clause, version)), None
    )


def standing_in(knowledge: Knowledge, clause: Clause, read_from: Version, present: Version) -> Standing | None:
    """The standing of a summary, written from ``read_from`` or a text tied to it, in the official text ``present``."""
    if present.tied_to is not None or present.seen_on <= read_from.last_seen:
        return None  # the summaries know this text, or are younger than it
    return compare_with(knowledge, clause, present)


def compare_with(knowledge: Knowledge, clause: Clause, newer: Version) -> Standing | None:
    """What became of a summary's words in a later imported text; None if they stand."""
    base = base_version(knowledge, clause)
    if base is None:
        return Standing("unchecked", None, newer, new=twin_in(knowledge, clause, newer.id))
    old = twin_in(knowledge, clause, base.id)
    place = old.parsed_locator if old else clause.parsed_locator
    found = knowledge.rewordings.get(clause.source_id, {}).get((base.id, newer.id))
    changes = tuple(change for change in found or () if lies_inside(place, parse_locator(change.old_locator)))
    new = _official_at(knowledge, clause.source_id, place, newer)
    if found is None or (old is None and not changes and not _official_at(knowledge, clause.source_id, place, base)):
        return Standing("unchecked", base, newer, new=new)  # the place is addressed otherwise in the official text
    if not changes:
        return None
    gone = new is None and all(change.kind == "removed" for change in changes)
    return Standing("removed" if gone else "reworded", base, newer, changes, old, new)


def superseded_by(knowledge: Knowledge, clause: Clause) -> Standing | None:
    """What became of a summary's words in the first imported text after those it was written from; None if there is none or they stand."""
    base = base_version(knowledge, clause)
    texts = knowledge.official.get(clause.source_id, ())
    if base is None:
        return None
    later = texts[texts.index(base) + 1 :]
    return compare_with(knowledge, clause, later[0]) if later else None


def replaced_by(knowledge: Knowledge, clause: Clause, present: Version) -> Standing:
    """What stands now in place of official words that an imported text no longer holds."""
    new = _official_at(knowledge, clause.source_id, clause.parsed_locator, present)
    base = next(version for version in knowledge.official[clause.source_id] if version.id == (clause.until or clause.since))
    return Standing("reworded" if new else "removed", base, present, old=clause, new=new)


def was_read(knowledge: Knowledge, clause: Clause, version: Version) -> bool:
    """Whether an imported text is one of those in which the summary's words stand by our own reading."""
    if version.tied_to is None or clause.wording != "summary":
        return False
    order = [known.id for known in knowledge.versions[clause.source_id]]
    if version.tied_to not in order:
        return False
    position = order.index(version.tied_to)
    return order.index(clause.since) <= position and (clause.until is None or position <= order.index(clause.until))


def _official_at(knowledge: Knowledge, source_id: str, place: Locator, version: Version) -> Clause | None:
    """The official words at a place in a version; the first below it where none stand at the place itself."""
    order = [known.id for known in knowledge.official[source_id]]
    position = order.index(version.id)
    for found in (knowledge.at(source_id, place), knowledge.inside(source_id, place)):
        for clause in found:
            if clause.wording != "official":
                continue
            last = order.index(clause.until) if clause.until in order else len(order) - 1
            if order.index(clause.since) <= position <= last:
                return clause
    return None
