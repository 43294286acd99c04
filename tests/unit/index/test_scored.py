"""Clauses that are scored and not in order yet: points are added as arrays, and only the first become ranked clauses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.index.retriever import ClauseTable, Scored
from assistant.schema import Clause
from tests.unit.samples import sample_knowledge


@pytest.fixture
def clauses(tmp_path: Path) -> list[Clause]:
    return list(sample_knowledge(tmp_path).clauses.values())[:4]


@pytest.fixture
def scored(clauses: list[Clause]) -> Scored:
    """All but the second of four clauses; the first and the last have the same score."""
    rows = np.array([0, 2, 3])
    return Scored(ClauseTable.of(clauses), rows, np.array([1.0, 3.0, 1.0]), {"cosine": np.array([0.25, 0.5, 0.75], dtype=np.float32)})


def test_points_go_to_the_clauses_they_are_for_and_nowhere_else(clauses: list[Clause], scored: Scored) -> None:
    points = {clauses[3].id: 5.0, clauses[1].id: 7.0, "somewhere/else@2020-01-01": 9.0}
    assert scored.spread(points).tolist() == [0.0, 0.0, 5.0]
    assert scored.spread({}).tolist() == [0.0, 0.0, 0.0]


def test_the_best_come_first_with_what_they_got_and_ties_fall_by_id(clauses: list[Clause], scored: Scored) -> None:
    first = scored.first(3, scored.scores, asked=np.array([0.0, 2.0, 0.0]))
    tied = sorted([clauses[0].id, clauses[3].id])
    assert [entry.clause.id for entry in first] == [clauses[2].id, *tied]
    assert (first[0].score, first[0].cosine, first[0].stages["asked"]) == (3.0, 0.5, 2.0)
    assert len(scored.first(1, scored.scores)) == 1


def test_what_stays_away_or_does_not_pass_leaves_its_place_to_the_next(clauses: list[Clause], scored: Scored) -> None:
    assert scored.first(1, scored.scores, without=[clauses[2].id])[0].clause.id == min(clauses[0].id, clauses[3].id)
    only = np.array([True, True, False, False])
    assert [entry.clause for entry in scored.first(3, scored.scores, only=only)] == [clauses[0]]
    refusing = Scored(scored.table, scored.rows, scored.scores, scored.stages, passes=lambda clause: clause is not clauses[2])
    assert clauses[2] not in [entry.clause for entry in refusing.first(3, scored.scores)]


def test_nothing_scored_gives_nothing(clauses: list[Clause]) -> None:
    nothing = Scored(ClauseTable.of(clauses), np.zeros(0, dtype=np.intp), np.zeros(0), {})
    assert nothing.first(3, nothing.spread({clauses[0].id: 1.0})) == []
