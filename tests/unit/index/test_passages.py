"""Passages hold together, and know what stands beside them."""

from __future__ import annotations

import pytest

from assistant.errors import InputError
from assistant.index.passages import Neighbours, Passage, check_passages


@pytest.mark.parametrize(
    "passages, said",
    [
        ([Passage("", "d", "text")], "Passage 1 has no id"),
        ([Passage("a", "d", "text"), Passage("a", "d", "other")], "'a', which an earlier one has"),
        ([Passage("a", "d", "  ")], "'a' has no text"),
        ([Passage("a", "d", "x"), Passage("b", "e", "x"), Passage("c", "d", "x")], "'c' stands apart from the rest of 'd'"),
    ],
    ids=["no id", "same id", "no text", "document in two"],
)
def test_passages_that_do_not_hold_together_are_named(passages: list[Passage], said: str) -> None:
    with pytest.raises(InputError, match=said):
        check_passages(passages)


def test_neighbours_are_those_of_the_same_document() -> None:
    neighbours = Neighbours.of(["a", "a", "b", "a2"])
    assert neighbours.before.tolist() == [-1, 0, -1, -1]
    assert neighbours.after.tolist() == [1, -1, -1, -1]


def test_what_a_filter_leaves_out_is_nobodys_neighbour() -> None:
    neighbours = Neighbours.of(["a", "a", "a", "b"], [0, 2, 3])
    assert neighbours.before.tolist() == [-1, 0, -1]  # positions among the rows
    assert neighbours.after.tolist() == [1, -1, -1]
