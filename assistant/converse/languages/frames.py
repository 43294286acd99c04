"""Frame sentences in the asker's language, by their English: headings, verdict words, notices, closing words.

Frame words claim nothing about a source, so they change nothing that was verified; quotations are left as they are, and a claim is
replaced only by the sentence that was written for it, with the same citations (claims.py). A catalogue is keyed by the English sentence,
as gettext's are, with {slots}; what stands in a slot is looked up in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from assistant.converse.draft import Block, Draft, Item, frame
from assistant.converse.languages.claims import ClaimTexts
from assistant.converse.languages.language import ENGLISH, claims_of, frame_texts, terms_of
from assistant.schema import Claim

_SLOT = re.compile(r"\{(\w*)\}")
_DAY = re.compile(r"(?P<day>\d{1,2}) (?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?P<year>\d{4})")
_MARKS = re.compile(r"^(?P<open>[*_“(]*)(?P<text>.*?)(?P<close>[*_”).:]*)$", re.DOTALL)
LISTS = (" · ", "; ", ", ", " and ", " or ")  # what parts of a slot are joined by, the widest first
AS_HELD = frozenset(["practice", "summary", "words", "steps", "caution", "reason", "name", "label"])  # slots for texts in English
_MORE = re.compile(r"[.!?;·] ")
_FEW = 14  # characters given in a template
LETTER = "### Request to "
STATED_AS_HELD = "What is marked with numbers stands in the language in which it is held here."


class Frames:
    """The frame sentences of one language."""

    def __init__(self, code: str, texts: Mapping[str, str], claims: Mapping[str, str] | None = None) -> None:
        self.code = code
        self._claims = ClaimTexts(claims or {})
        self._whole = {_folded(english): own for english, own in texts.items() if not _SLOT.search(english)}
        slotted = [(english, own) for english, own in texts.items() if _SLOT.search(english)]
        patterns = [(_pattern(english), own, _SLOT.findall(english), _is_open(english)) for english, own in slotted]
        self._slotted = sorted(patterns, key=lambda entry: -len(entry[0].pattern))  # the more words are given, the surer

    def find(self, text: str) -> str | None:
        """The text in this language; None where neither the catalogue nor the sentences of answers have it."""
        if (own := self._whole.get(_folded(text))) is not None:
            return own
        return self._claims.find(text) or self._slots(text)

    def _slots(self, text: str) -> str | None:
        if match := _DAY.fullmatch(text):
            return self._day(match)
        is_more = bool(_MORE.search(text))
        for pattern, own, names, is_open in self._slotted:
            if is_more and is_open:
                continue  # a slot before few words would take in a whole list, or sentences that are no frame
            if match := pattern.fullmatch(text):
                values = {name: self._value(name, value) for name, value in zip(names, match.groups(), strict=True)}
                return _SLOT.sub(lambda slot, values=values: values[slot[1]], own)  # type: ignore[misc]
        return None

    def say(self, text: str) -> str:
        """The text in this language, or as it is: names and texts of the knowledge files stay as they are held."""
        return self._known(text) or (self._parts(text, LISTS[:1]) if text.strip() else text)

    def _known(self, text: str) -> str | None:
        """As ``find``, also between marks of emphasis or quotation."""
        if not text.strip() or (own := self.find(text)) is not None:
            return own if text.strip() else text
        marks = _MARKS.match(text)
        if marks and marks["text"] != text and (own := self.find(marks["text"])) is not None:
            return f"{marks['open']}{own}{marks['close']}"
        return None

    def _value(self, slot: str, value: str) -> str:
        if slot == "extent":
            return " ".join(map(self.say, re.split(r"(?<=\.) (?=The )", value)))
        if slot in AS_HELD:
            return self._claims.find(value) or value
        return self._known(value) or self._parts(value, LISTS)

    def _parts(self, text: str, joints: Sequence[str]) -> str:
        """A list part by part; the text as it is where no part is known."""
        for joint in joints:
            if joint in text:
                parts = text.split(joint)
                said = [self._known(part) or self._parts(part, LISTS) for part in parts]
                if said == parts:
                    return text
                own = self._whole.get(_folded(joint), joint.strip())
                return (joint if own == joint.strip() else f" {own} ").join(said)
        return text

    def draft(self, draft: Draft) -> Draft:
        """The draft in this language as far as its sentences are held in it; says once where claims stay in English."""
        if self.code == ENGLISH:
            return draft
        if draft.heading.startswith(LETTER):  # written to a vendor: what it asks stands in English, so it stays whole
            return replace(draft, heading=self.say(draft.heading))
        blocks = tuple(replace(block, title=self.say(block.title), items=tuple(map(self._item, block.items))) for block in draft.blocks)
        if any(self._claims.find(claim.text) is None for claim in draft.claims):
            blocks = (*blocks, Block((frame(f"*{self.say(STATED_AS_HELD)}*"),)))
        return Draft(heading=self.say(draft.heading), intro=tuple(map(self.say, draft.intro)), blocks=blocks)

    def _item(self, item: Item) -> Item:
        return replace(item, lead=self.say(item.lead), claims=tuple(map(self._claim, item.claims)), tail=self.say(item.tail))

    def _claim(self, claim: Claim) -> Claim:
        """The same claim in this language where it is held: it rests on the same clauses, and what was verified is the English."""
        own = self._claims.find(claim.text)
        return claim if own is None else claim.model_copy(update={"text": own})

    def _day(self, match: re.Match[str]) -> str:
        pattern = self._whole.get(_folded("day month year"), "day month year")
        month = self._whole.get(_folded(f"month {match['month']}"), match["month"])
        return pattern.replace("day", match["day"]).replace("month", month).replace("year", match["year"])


@cache
def frames_of(code: str, overlay: Path | None = None) -> Frames:
    """The sentences of a language served; those of the user's own folder of knowledge files, ``overlay``, count before the shipped."""
    if code == ENGLISH:
        return Frames(code, {})
    texts, terms = frame_texts(code), terms_of(code, overlay)
    switched = {f"{name} {value}": f"{own} {texts[value]}" for name, own in terms.settings.items() for value in ("on", "off")}
    return Frames(code, {**terms.texts, **terms.settings, **switched, **texts}, claims_of(code, overlay))


def _pattern(english: str) -> re.Pattern[str]:
    literals = _SLOT.split(english)[::2]
    return re.compile("(.+?)".join(map(re.escape, literals)), re.DOTALL | re.IGNORECASE)


def _is_open(english: str) -> bool:
    return english.startswith("{") and len(_SLOT.sub("", english)) < _FEW


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
