"""Which clauses a question may be answered from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.dating import Dating, version_on
from assistant.index.scope import Scope
from assistant.schema import Knowledge
from tests.unit.samples import sample_knowledge

ON = date(2026, 6, 1)


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    return sample_knowledge(tmp_path)


def admitted(knowledge: Knowledge, scope: Scope) -> list[str]:
    return [clause.id for clause in knowledge.clauses.values() if scope.admits(knowledge, clause)]


def test_an_empty_scope_admits_all_that_holds_on_the_day(knowledge: Knowledge) -> None:
    assert len(admitted(knowledge, Scope(on=ON))) == 5
    assert "example-terms/sec-1@2026-01-01" not in admitted(knowledge, Scope(on=ON))


def test_the_day_chooses_the_wording(knowledge: Knowledge) -> None:
    scope = Scope(on=date(2026, 2, 1), tools=("example-meet",), kinds=("vendor",))
    assert admitted(knowledge, scope) == ["sample-terms/sec-1@2026-01-01", "sample-terms/sec-2@2026-01-01"]


def test_before_the_first_version_nothing_holds(knowledge: Knowledge) -> None:
    assert admitted(knowledge, Scope(on=date(2019, 12, 31))) == []


def test_no_tools_shut_vendors_out_and_leave_law_in(knowledge: Knowledge) -> None:
    assert {clause_id.split("/")[0] for clause_id in admitted(knowledge, Scope(on=ON, tools=()))} == {"sample-law"}


def test_law_of_another_place_is_shut_out(knowledge: Knowledge) -> None:
    assert {clause_id.split("/")[0] for clause_id in admitted(knowledge, Scope(on=ON, jurisdictions=("us",)))} == {"sample-terms"}


def test_a_version_answers_from_its_first_day(knowledge: Knowledge) -> None:
    versions = knowledge.versions["sample-terms"]
    newest = version_on(versions, date(2026, 3, 1))
    older = version_on(versions, date(2026, 2, 28))
    assert newest is not None
    assert older is not None
    assert (newest.id, older.id) == ("2026-03-01", "2026-01-01")


@pytest.mark.parametrize("day, stale", [(date(2026, 11, 11), False), (date(2026, 11, 12), True)])
def test_a_vendors_text_turns_stale_after_180_days(knowledge: Knowledge, day: date, stale: bool) -> None:
    clause = knowledge.clauses["sample-terms/sec-2@2026-01-01"]  # last seen 15 May 2026: 180 days later is 11 November
    assert Dating(knowledge, day).is_stale(clause) is stale


def test_law_does_not_age(knowledge: Knowledge) -> None:
    assert not Dating(knowledge, date(2090, 1, 1)).is_stale(knowledge.clauses["sample-law/art-2@2020-01-01"])
