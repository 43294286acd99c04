"""An answer before it is checked and printed: blocks of items, each made of claims and of frame words that claim nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.schema import Claim, Clause
from assistant.verify import Verifier, choose_clauses, numbers_in, supporting_span

Style = Literal["paragraph", "numbered", "bullets", "checklist"]


@dataclass(frozen=True)
class Item:
    """One entry of a block: a bold lead, claims, and frame words after them. ``needs_claim``: dropped when no claim survives."""

    lead: str = ""
    claims: tuple[Claim, ...] = ()
    tail: str = ""
    needs_claim: bool = True


@dataclass(frozen=True)
class Block:
    """Items under an optional title."""

    items: tuple[Item, ...]
    title: str = ""
    style: Style = "paragraph"


@dataclass(frozen=True)
class Draft:
    """The parts of an answer in reading order. ``heading`` and ``intro`` hold no claims."""

    heading: str = ""
    intro: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(claim for block in self.blocks for item in block.items for claim in item.claims)


def claim_from(text: str, clauses: Iterable[Clause], *, at_most: int | None = None) -> Claim:
    """A claim resting on clauses, with the sentence of each that supports it best.

    ``at_most`` keeps a long list readable: the clauses that carry the claim stay, and any further one that a sentence of it needs
    or that holds a number the claim names and they do not.
    """
    chosen = list(clauses)
    if at_most is not None and len(chosen) > at_most:
        kept = choose_clauses(text, chosen, at_most)
        for clause in chosen:
            if clause not in kept and numbers_in(clause.text) & (numbers_in(text) - numbers_in(" ".join(entry.text for entry in kept))):
                kept.append(clause)
        chosen = [clause for clause in chosen if clause in kept]
    return Claim(text=text, spans=tuple(supporting_span(clause, text) for clause in chosen))


def frame(text: str) -> Item:
    """An item that claims nothing about any source."""
    return Item(tail=text, needs_claim=False)


def keep_verified(draft: Draft, verifier: Verifier) -> Draft:
    """The draft without claims that fail a check, and without items and blocks that fall empty by it."""
    blocks = []
    for block in draft.blocks:
        items = tuple(kept for item in block.items if (kept := _verified(item, verifier)) is not None)
        if items:
            blocks.append(replace(block, items=items))
    return replace(draft, blocks=tuple(blocks))


def _verified(item: Item, verifier: Verifier) -> Item | None:
    claims: Sequence[Claim] = verifier.check(item.claims)
    if item.needs_claim and not claims:
        return None
    return replace(item, claims=tuple(claims))
