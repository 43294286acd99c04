"""Verified sentences in the asker's language, by their English: only sentences that are written down beforehand, never translated here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.verify.spans import first_sentence

_SLOT = re.compile(r"\{(\w+)\}")
_CLAIM = "claim"  # a slot that holds a sentence of its own


class ClaimTexts:
    """``claims``: sentences by the English ones, with {slots}; a {claim} in one is looked up in turn."""

    def __init__(self, claims: Mapping[str, str]) -> None:
        self._whole: dict[str, str] = {}
        for english, own in claims.items():
            if not _SLOT.search(english):
                self._whole[_folded(english)] = own
                self._whole.setdefault(_folded(first_sentence(english)), first_sentence(own))
        slotted = sorted(((english, own) for english, own in claims.items() if _SLOT.search(english)), key=lambda pair: -len(pair[0]))
        self._slotted = [(_pattern(english), _SLOT.findall(english), own) for english, own in slotted]

    def find(self, text: str) -> str | None:
        """The sentence in this language, ending as the English does; None where it is not held."""
        if (own := self._whole.get(_folded(text))) is not None:
            return own if text.rstrip().endswith(".") or not own.endswith(".") else own[:-1]
        for pattern, names, own in self._slotted:
            if match := pattern.fullmatch(text.strip()):
                values = dict(zip(names, match.groups(), strict=True))
                if _CLAIM in values:
                    inner = self.find(values[_CLAIM])
                    if inner is None:
                        continue
                    values[_CLAIM] = inner
                return _SLOT.sub(lambda slot, values=values: values[slot[1]], own)  # type: ignore[misc]
        return None


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, _SLOT.split(english)[::2])), re.DOTALL)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
