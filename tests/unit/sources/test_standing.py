"""A summary and the official words beside it: which leads an answer, and what a newer text does to evidence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant import library
from assistant.assess import assess_tool
from assistant.assess.reviews import review_marks
from assistant.dating import Dating
from assistant.ingest.details import Details
from assistant.schema import Clause, Knowledge, Profile
from assistant.settings import Settings
from assistant.sources import ImportOptions, import_texts
from assistant.store import Store
from tests.unit.samples import VENDOR, write_knowledge
from tests.unit.sources.policies import CONTRACT, write_terms

TODAY = date(2026, 6, 1)
TIED = "2026-05-15"  # the day on which the summaries' newest text was last seen
NEWER = "2026-05-28"
CONTRACT_CLAUSE = "sample-terms/sec-2@2026-01-01"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    terms = VENDOR.replace('  - id: "2026-03-01"\n', '  - id: "2026-03-01"\n    first_seen: 2026-03-01\n')
    folder = write_knowledge(tmp_path / "shipped", tools__terms_yaml=terms)
    monkeypatch.setattr(library, "shipped_knowledge", lambda: folder)
    return Settings(home=tmp_path / "home")


def bring_in(settings: Settings, path: Path, source_id: str = "sample-terms", **fields: object) -> None:
    import_texts(settings, path, ImportOptions(source_id, Details.model_validate(fields)), today=TODAY)


def reword(path: Path, old: str, new: str) -> Path:
    path.write_text(path.read_text().replace(old, new))
    return path


def held(settings: Settings) -> Knowledge:
    with Store(settings.database) as store:
        return store.load()


def on(settings: Settings, day: date = TODAY) -> Dating:
    return Dating(held(settings), day)


def summary(dating: Dating) -> Clause:
    return dating.knowledge.clauses[CONTRACT_CLAUSE]


def test_official_words_stand_beside_the_summary_at_the_same_place_and_do_not_lead(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path, TIED))
    dating = on(settings)
    official = dating.official(summary(dating))
    assert official is not None
    assert (official.id, official.wording) == ("sample-terms/sec-2@2026-05-15:official", "official")
    assert "Pro plan" in official.text
    assert (dating.answers(summary(dating)), dating.answers(official)) == (True, False)
    assert dating.holding("Example Meet Terms §2") == (summary(dating),)
    assert {clause.wording for clause in dating.knowledge.resolve("Example Meet Terms §2")} == {"summary", "official"}


def test_words_without_a_summary_answer_by_themselves(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path, TIED))
    dating = on(settings)
    (support,) = dating.holding("Example Meet Terms §3")
    assert support.wording == "official"
    assert dating.answers(support)
    assert support.id in library.indexed_clauses(dating.knowledge)
    assert "sample-terms/sec-2@2026-05-15:official" not in library.indexed_clauses(dating.knowledge)


def test_the_same_words_in_a_newer_text_keep_the_evidence_and_freshen_its_date(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path, TIED))
    bring_in(settings, reword(write_terms(tmp_path, NEWER), "working days", "every day"))
    dating = on(settings)
    assert dating.standing(summary(dating)) is None
    assert dating.as_of(summary(dating)) == date(2026, 5, 28)
    assert review_marks(dating) == []


def test_reworded_words_put_the_evidence_up_for_review_with_both_texts(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path, TIED))
    bring_in(settings, reword(write_terms(tmp_path, NEWER), "on the Pro plan", "on the Gold plan"))
    dating = on(settings)
    (mark,) = review_marks(dating)
    assert (mark.evidence.id, mark.state, mark.standing.kind) == ("example-vt-01", "for review", "reworded")
    assert "Pro plan" in mark.standing.old_words
    assert "Gold plan" in mark.standing.new_words
    official = dating.official(summary(dating))
    assert official is not None
    assert (dating.answers(summary(dating)), dating.answers(official)) == (False, True)


def test_on_a_day_before_the_newer_text_nothing_is_for_review(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path, TIED))
    bring_in(settings, reword(write_terms(tmp_path, NEWER), "on the Pro plan", "on the Gold plan"))
    assert review_marks(on(settings, date(2026, 5, 20))) == []


def test_removed_words_carry_no_promise_any_more(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path, TIED))
    path = write_terms(tmp_path, NEWER)
    text = path.read_text()
    path.write_text(text[: text.index("## 2.")] + text[text.index("## 3.") :])
    bring_in(settings, path)
    dating = on(settings)
    assert [mark.standing.kind for mark in review_marks(dating)] == ["removed"]
    judged = assess_tool(dating.knowledge.tools["example-meet"], Profile(plan="pro"), dating)
    finding = judged.at_best.finding("VT-01")
    assert finding is not None
    assert finding.status == "not_stated"


def test_a_newer_text_without_the_older_one_cannot_be_compared_and_that_counts(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path, NEWER))
    dating = on(settings)
    assert [mark.standing.kind for mark in review_marks(dating)] == ["unchecked"]


@pytest.mark.parametrize("reworded, status", [(False, "met"), (True, "conditional")])
def test_evidence_for_review_never_gives_met(settings: Settings, tmp_path: Path, reworded: bool, status: str) -> None:
    bring_in(settings, write_terms(tmp_path, TIED))
    newer = write_terms(tmp_path, NEWER)
    bring_in(settings, reword(newer, "on the Pro plan", "on the Gold plan") if reworded else newer)
    dating = on(settings)
    finding = assess_tool(dating.knowledge.tools["example-meet"], Profile(plan="pro"), dating).at_best.finding("VT-01")
    assert finding is not None
    assert finding.status == status
    assert any("newer text" in step.text for step in finding.steps) is reworded


def test_evidence_on_imported_words_is_kept_for_review_when_they_change(settings: Settings, tmp_path: Path) -> None:
    bring_in(settings, write_terms(tmp_path, "2026-05-01"), "my-terms", label="My Terms", tools=["example-meet"])
    settings.overlay.mkdir(parents=True)
    entry = "{id: mine, tool: example-meet, criterion: VT-01, status: met, reason: It is part of them., reviewed_on: 2026-05-02, "
    (settings.overlay / "mine.yaml").write_text(f'evidence:\n  - {entry} clauses: ["my-terms/sec-2@2026-05-01"]}}\n')
    bring_in(settings, reword(write_terms(tmp_path, NEWER), "on the Pro plan", "on the Gold plan"), "my-terms")
    with library.ready_store(settings, today=TODAY):
        pass
    dating = on(settings)
    mark = next(mark for mark in review_marks(dating) if mark.evidence.id == "mine")
    assert (mark.state, mark.standing.kind) == ("for review", "reworded")
    finding = assess_tool(dating.knowledge.tools["example-meet"], Profile(plan="free"), dating).at_best.finding("VT-01")
    assert finding is not None
    assert (finding.status, finding.evidence_ids) == ("conditional", ("mine",))


CRITERION = """
criteria:
  - {id: VT-01, title: Contract, question: Is there a contract?, why: It must be., gate: always, contract: dpa,
     rests_on: [Sample Law Art. 1(1)], met: a, conditional: b, not_met: c, gap: whether there is one, ask: Please send it.}
"""


@pytest.fixture
def with_contract(settings: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "shipped" / "criteria.yaml").write_text(CRITERION)
    path = tmp_path / "signed 2026-02-01.md"
    path.write_text(CONTRACT)
    bring_in(settings, path, "my-dpa", kind="contract", tools=["example-meet"], plans=["pro"])
    return settings


def test_an_imported_contract_counts_as_imported_on_its_plan(with_contract: Settings) -> None:
    dating = on(with_contract)
    judged = assess_tool(dating.knowledge.tools["example-meet"], Profile(), dating)
    assert judged.profile.contracts == {"dpa": "imported"}
    assert judged.profile.plan == "pro"
    other = assess_tool(dating.knowledge.tools["example-meet"], Profile(plan="free"), dating)
    assert other.profile.contracts == {}
    assert any("another plan" in notice for notice in other.conflicts)


def test_its_clauses_decide_and_a_reading_by_machine_is_never_met(with_contract: Settings) -> None:
    dating = on(with_contract)
    finding = assess_tool(dating.knowledge.tools["example-meet"], Profile(), dating).as_it_comes.finding("VT-01")
    assert finding is not None
    assert (finding.status, finding.evidence_ids) == ("conditional", ("my-dpa-vt-01-read",))
    assert all(clause_id.startswith("my-dpa/") for clause_id in finding.clause_ids)
    assert any("nobody has checked it" in step.text for step in finding.steps)


def test_what_a_person_wrote_about_the_contract_takes_the_place_of_the_reading(with_contract: Settings) -> None:
    with_contract.overlay.mkdir(parents=True)
    entry = "{id: mine, tool: example-meet, criterion: VT-01, status: met, reason: It covers all points., reviewed_on: 2026-05-02, "
    (with_contract.overlay / "mine.yaml").write_text(f'evidence:\n  - {entry} clauses: ["my-dpa/sec-1@2026-02-01"]}}\n')
    with library.ready_store(with_contract, today=TODAY):
        pass
    dating = on(with_contract)
    finding = assess_tool(dating.knowledge.tools["example-meet"], Profile(), dating).as_it_comes.finding("VT-01")
    assert finding is not None
    assert (finding.status, finding.evidence_ids) == ("met", ("mine",))


def test_a_contract_that_is_not_signed_yet_on_the_day_does_not_count(with_contract: Settings) -> None:
    dating = on(with_contract, date(2026, 1, 15))
    assert assess_tool(dating.knowledge.tools["example-meet"], Profile(), dating).profile.contracts == {}
