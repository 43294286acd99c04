"""Knowledge files are read whole or not at all, and every problem is named with file, line and what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.errors import KnowledgeError
from assistant.ingest.knowledge_files import load_knowledge
from tests.unit.samples import CRITERIA, LAW, TODAY, TOOL, VENDOR, sample_knowledge, write_knowledge


def problems(folder: Path, **changed: str) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        sample_knowledge(folder, **changed)
    return [str(problem) for problem in caught.value.problems]


def test_clauses_get_ids_positions_and_our_wording(tmp_path: Path) -> None:
    knowledge = sample_knowledge(tmp_path)
    clause = knowledge.clauses["sample-law/art-1-2@2020-01-01"]
    assert (clause.position, clause.wording, clause.locator) == (1, "summary", "Art. 1(2)")


def test_a_clause_that_changed_is_held_in_both_wordings(tmp_path: Path) -> None:
    found = sample_knowledge(tmp_path).resolve("Example Meet Terms §1")
    assert [(clause.since, clause.until) for clause in found] == [("2026-01-01", "2026-01-01"), ("2026-03-01", None)]


def test_a_label_resolves_only_to_exactly_its_place(tmp_path: Path) -> None:
    knowledge = sample_knowledge(tmp_path)
    assert [clause.id for clause in knowledge.resolve("Sample Law Article 1 (1)")] == ["sample-law/art-1-1@2020-01-01"]
    assert knowledge.resolve("Sample Law Art. 1") == ()
    assert knowledge.resolve("Sample Lawyer Art. 1(1)") == ()


@pytest.mark.parametrize(
    "changed, line, message",
    [
        ({"law_yaml": "source: [\n"}, "law.yaml:2", "not valid YAML"),
        ({"law_yaml": "- a list\n"}, "law.yaml:1", "must be a mapping"),
        ({"law_yaml": LAW.replace("  label: Sample Law", "  label: Sample Law\n  label: Twice")}, "law.yaml:6", "stands twice"),
        ({"law_yaml": LAW.replace("kind: law", "kind: rumour")}, "law.yaml:6", "kind"),
        ({"law_yaml": LAW + "surprise: 1\n"}, "law.yaml:25", "unknown key 'surprise'"),
        ({"law_yaml": LAW.replace("- locator: Art. 2", "- locator: Art. 1(1)")}, "law.yaml:22", "stands twice"),
        ({"law_yaml": LAW.replace("- locator: Art. 2", "- locator: ''")}, "law.yaml:22", "locator is empty"),
        ({"law_yaml": LAW.replace("version_date: 2020-01-01", "version_date: 2027-01-01")}, "law.yaml", "lies in the future"),
        ({"criteria_yaml": CRITERIA.replace("Art. 1(1)", "Art. 7(1)")}, "criteria.yaml:8", "Sample Law Art. 7(1) is not held"),
        ({"tools__tool_yaml": TOOL.replace("criterion: VT-01", "criterion: VT-09")}, "tools/tool.yaml", "unknown criterion VT-09"),
        ({"tools__tool_yaml": TOOL.replace("plan: [pro]", "plan: [gold]")}, "tools/tool.yaml", "unknown plan gold"),
        ({"tools__tool_yaml": TOOL.replace("{plan: [pro]}", "{setting: {e2e: ['on']}}")}, "tools/tool.yaml", "did you mean e2ee"),
        ({"tools__tool_yaml": TOOL.replace("{plan: [pro]}", "{setting: {e2ee: [maybe]}}")}, "tools/tool.yaml", "has no value maybe"),
        ({"tools__tool_yaml": TOOL.replace('"Example Meet Terms §2"', '"Example Meet Terms §9"')}, "tools/tool.yaml", "is not held"),
        ({"tools__tool_yaml": TOOL.replace('"Example Meet Terms §2"', '"Example Meet Terms §1"')}, "tools/tool.yaml", "several wordings"),
        ({"tools__tool_yaml": TOOL.replace("entry_plan: free", "entry_plan: gratis")}, "tools/tool.yaml:3", "entry_plan gratis"),
        ({"tools__terms_yaml": VENDOR.replace('    until: "2026-01-01"\n', "")}, "tools/terms.yaml", "holds at the same time"),
        ({"tools__terms_yaml": VENDOR.replace('since: "2026-03-01"', 'since: "2026-02-01"')}, "tools/terms.yaml", "is no version"),
        ({"tools__terms_yaml": VENDOR.replace("tools: [example-meet]", "tools: [example-met]")}, "tools/terms.yaml", "unknown tool"),
    ],
)
def test_a_problem_is_named_with_its_file_and_line(tmp_path: Path, changed: dict[str, str], line: str, message: str) -> None:
    found = problems(tmp_path, **changed)
    assert any(problem.startswith(line) and message in problem for problem in found), found


def test_every_problem_is_reported_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path, law_yaml=LAW.replace("kind: law", "kind: rumour"), tools__tool_yaml=TOOL.replace("status: met", "status: grand")
    )
    assert {problem.split(":")[0] for problem in found} >= {"law.yaml", "tools/tool.yaml"}


def test_evidence_without_clauses_is_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, tools__tool_yaml=TOOL.replace('    clauses: ["Example Meet Terms §2"]\n', ""))
    assert any("names no clause" in problem for problem in found)


def test_anchors_are_refused_before_they_can_grow(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert any("anchors and aliases" in problem for problem in problems(tmp_path, law_yaml=bomb))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    write_knowledge(tmp_path)
    (tmp_path / "law.yaml").write_bytes(LAW.replace("Nobody", "Näßler").encode("latin-1"))
    with pytest.raises(KnowledgeError, match=r"law\.yaml:7: not UTF-8"):
        load_knowledge([tmp_path], today=TODAY)


def test_an_overlay_replaces_what_has_the_same_id_and_keeps_the_rest(tmp_path: Path) -> None:
    shipped = write_knowledge(tmp_path / "shipped")
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.yaml").write_text(CRITERIA.replace("title: Contract", "title: My own contract question"))
    knowledge = load_knowledge([shipped, own], today=TODAY)
    assert knowledge.criteria["VT-01"].title == "My own contract question"
    assert "example-meet" in knowledge.tools


def test_the_same_day_decides_what_lies_in_the_future(tmp_path: Path) -> None:
    write_knowledge(tmp_path)
    with pytest.raises(KnowledgeError, match="lies in the future"):
        load_knowledge([tmp_path], today=date(2026, 5, 1))
