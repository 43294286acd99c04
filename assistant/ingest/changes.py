"""What differs between two versions of one source, sentence by sentence; noise of the capture is no difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

KindOfChange = Literal["added", "removed", "reworded", "moved"]
MarkKind = Literal["same", "removed", "added"]


class ClauseWords(Protocol):
    """What is compared of a clause; ``schema.Clause`` and ``ParsedClause`` both have it (``locator`` is spelled by str())."""

    @property
    def locator(self) -> object: ...
    @property
    def heading_path(self) -> tuple[str, ...]: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of words in a rewording, in reading order: in both texts, in the old one only, or in the new one only."""

    kind: MarkKind
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, as small as a sentence, a table row or a heading.

    ``old_locator`` is the clause of the old version it touches, ``new_locator`` that of the new one: a sentence added to a clause
    that already stood has both, one that comes with a new clause only the new. ``old`` and ``new`` are the words that were and
    that are; for ``moved``, where the words stay, the old and the new address (number and heading). ``marks`` are given for ``reworded``.
    """

    kind_of_change: KindOfChange
    old_locator: str | None
    new_locator: str | None
    old: str | None
    new: str | None
    marks: tuple[Mark, ...] = ()

    @property
    def locator(self) -> str:
        """Where to look: in the newer version, or in the older one for what is gone."""
        return self.new_locator or self.old_locator or ""

    @property
    def changes_words_of_old_clause(self) -> bool:
        """Whether evidence that rests on ``old_locator`` must be reviewed: words of it were added, removed or reworded."""
        return self.old_locator is not None and self.kind_of_change != "moved"


def compare_versions(old: Sequence[ClauseWords], new: Sequence[ClauseWords]) -> tuple[Change, ...]:
    """The differences between two versions of one source, in the order of the newer one.

    Clauses are given in the order of their document. A sentence that stands in both, wherever, is never reported as added, removed
    or reworded. White space, quotation marks, dashes, list numbers of headings, links and printed dates are not compared.
    """
    raise NotImplementedError
