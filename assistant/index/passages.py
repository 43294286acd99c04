"""The unit of the core: a passage of a document, whatever the document is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.intp]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest text that is found. ``label`` says where it stands (title, heading path, number); "" if nothing does.

    Passages of one document stand together, in reading order: the one before and the one after are a passage's neighbours.
    """

    id: str
    document: str
    text: str
    label: str = ""


def check_passages(passages: Sequence[Passage]) -> None:
    """Raises InputError, naming the passage, if an id comes twice, an id or a text is empty, or a document is broken in two."""
    seen: set[str] = set()
    closed: set[str] = set()
    previous: str | None = None
    for number, passage in enumerate(passages, start=1):
        if not passage.id.strip():
            raise InputError(f"Passage {number} has no id.")
        if passage.id in seen:
            raise InputError(f"Passage {number} has the id {passage.id!r}, which an earlier one has. Ids must differ.")
        if not passage.text.strip():
            raise InputError(f"Passage {passage.id!r} has no text. Leave it out.")
        if passage.document != previous and passage.document in closed:
            raise InputError(f"Passage {passage.id!r} stands apart from the rest of {passage.document!r}. Keep those together.")
        seen.add(passage.id)
        closed.add(passage.document)
        previous = passage.document


@dataclass(frozen=True)
class Neighbours:
    """For each row the rows before and after it in its document; -1 where there is none."""

    before: Rows
    after: Rows

    @classmethod
    def of(cls, documents: Sequence[str], rows: Sequence[int] | Rows | None = None) -> Neighbours:
        """Neighbours among ``rows`` (ascending; all if None), as positions in ``rows``: what a filter leaves out is nobody's neighbour."""
        chosen = range(len(documents)) if rows is None else rows
        names = np.array([documents[int(row)] for row in chosen], dtype=object)
        count = len(names)
        joined = names[1:] == names[:-1] if count else np.zeros(0, dtype=bool)
        before, after = np.full(count, -1, dtype=np.intp), np.full(count, -1, dtype=np.intp)
        before[1:][joined] = np.flatnonzero(joined)
        after[:-1][joined] = np.flatnonzero(joined) + 1
        return cls(before, after)

    def among(self, positions: Rows) -> Neighbours:
        """The same for some of the positions, ascending, as places among these."""
        place = np.full(len(self.before) + 1, -1, dtype=np.intp)  # the last stands for "none", which is written -1
        place[positions] = np.arange(len(positions))
        return Neighbours(place[self.before[positions]], place[self.after[positions]])
