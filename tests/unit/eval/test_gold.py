"""Gold files: what is read, what is refused, and how questions are split."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import InputError
from eval.gold import GoldError, half_of, load_gold
from tests.unit.eval.made_up import make_knowledge

KNOWLEDGE = make_knowledge()

GOOD = """\
questions:
  - id: q1
    question: "Is Acme safe?"
    profile: {jurisdiction: uk, plan: pro, settings: {e2ee: "on"}}
    intent: verdict
    tool: acme
    expect:
      verdict: suitable_on_conditions
      as_it_comes: null
      abstain: false
      cite:
        - ["GDPR Art. 28(3)", "GDPR Art. 28(1)"]
        - ["Acme Terms §10.2"]
    note: >-
      It has a contract.
"""


def entry(question_id: str, *lines: str, intent: str = "lookup", question: str | None = None) -> str:
    """An entry of a gold file; ``lines`` stand below ``expect``."""
    asked = question or f"What is {question_id}?"
    return f"  - id: {question_id}\n    question: {asked}\n    intent: {intent}\n    expect:\n" + "".join(
        f"      {line}\n" for line in lines
    )


def write(folder: Path, text: str, name: str = "gold.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(GoldError) as raised:
        load_gold(folder, KNOWLEDGE)
    return [str(problem) for problem in raised.value.problems]


def test_a_good_file_is_read_in_order(tmp_path: Path) -> None:
    write(tmp_path, GOOD + entry("q2", "abstain: true", intent="outside"))
    gold = load_gold(tmp_path, KNOWLEDGE)
    assert [question.id for question in gold.questions] == ["q1", "q2"]
    first = gold.questions[0]
    assert first.expect.cite == (("GDPR Art. 28(3)", "GDPR Art. 28(1)"), ("Acme Terms §10.2",))
    assert (first.options.jurisdiction, first.options.plan, first.tools) == ("uk", "pro", ("acme",))
    assert list(gold.sha256) == ["gold.yaml"]


def test_the_turns_of_a_conversation_are_asked_in_order(tmp_path: Path) -> None:
    turns = '  - {id: q1, turns: ["Is Acme safe?", "And Beta?"], intent: follow_up, tool: beta, expect: {}}\n'
    question = load_gold(write(tmp_path, f"questions:\n{turns}"), KNOWLEDGE).questions[0]
    assert question.asked == ("Is Acme safe?", "And Beta?")


def test_every_problem_is_named_with_file_and_line(tmp_path: Path) -> None:
    write(tmp_path, "questions:\n" + entry("q1", "verdict: fine") + entry("q2", 'cite: [["GDPR Art. 99"]]'))
    verdict, label = problems_of(tmp_path)
    assert verdict.startswith("gold.yaml:6: expect.verdict: Input should be 'suitable'")
    assert verdict.endswith("(given: 'fine')")
    assert (
        label == "gold.yaml:11: q2: no clause is held at 'GDPR Art. 99': write the label as `clausewise clause` prints it, or a clause id"
    )


def test_an_id_may_stand_once_in_all_files(tmp_path: Path) -> None:
    write(tmp_path, "questions:\n" + entry("q1", "abstain: true"), "a.yaml")
    write(tmp_path, "questions:\n" + entry("q1", "abstain: true", question="Another?"), "b.yaml")
    assert problems_of(tmp_path) == ["b.yaml:2: q1: the id stands twice, first in a.yaml:2"]


def test_the_same_question_may_not_stand_twice(tmp_path: Path) -> None:
    write(tmp_path, "questions:\n" + entry("q1", "abstain: true", question="Same?") + entry("q2", "abstain: true", question="Same?"))
    assert problems_of(tmp_path) == ["gold.yaml:7: q2: the same question stands in gold.yaml:2 as q1: the two halves must not share one"]


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("intent: verdict", "intent: guess", "intent: Input should be"),
        ("id: q1", "id: Q 1", "id: String should match pattern"),
        ("tool: acme", "tool: gamma", "nothing is held on the tool 'gamma': held are acme, beta"),
        ("plan: pro", "plan: gold", "Acme has no plan 'gold': it has free, pro"),
        ("e2ee: ", "e3: ", "Acme has no setting e3=on: it has e2ee (on, off)"),
        ("jurisdiction: uk", "country: uk", "profile.country: Extra inputs are not permitted"),
        ("abstain: false", "abstain: true", "an answer that abstains gives no verdict"),
        ('["Acme Terms §10.2"]', "[]", "cite holds an empty group"),
        ("tool: acme", "tool: acme\n    as_of: 2025-01-01\n    turns: [And?]", "give either question or turns"),
        ('    question: "Is Acme safe?"\n', "", "give either question or turns"),
        ("Acme Terms §10.2", "Acme Terms §10.9", "no clause is held at 'Acme Terms §10.9'"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    write(tmp_path, GOOD.replace(old, new, 1))
    assert any(message in problem for problem in problems_of(tmp_path))


def test_a_label_must_have_stood_on_the_day_asked_about(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("    tool: acme", "    tool: acme\n    as_of: 2025-01-01").replace("§10.2", "§10.4"))
    assert problems_of(tmp_path) == ["gold.yaml:14: q1: 'Acme Terms §10.4' is held, but not as it stood on 2025-01-01"]


@pytest.mark.parametrize(
    "text, message",
    [
        ("questions: [", "gold.yaml:2: not valid YAML"),
        ("questions: {}", "must be a list"),
        ("gold: []", "unknown key 'gold'"),
        ("- q1", "must be a mapping"),
    ],
    ids=["broken", "no list", "other key", "no mapping"],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, message: str) -> None:
    assert any(message in problem for problem in problems_of(write(tmp_path, text)))


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no gold questions"):
        load_gold(tmp_path, KNOWLEDGE)
    with pytest.raises(InputError, match="is no folder"):
        load_gold(tmp_path / "none", KNOWLEDGE)


def test_a_question_stays_in_its_half_when_others_are_added(tmp_path: Path) -> None:
    few = [entry(f"q{number}", "abstain: true") for number in range(20)]
    many = [entry(f"p{number}", "abstain: true") for number in range(20)] + few[::-1]
    before = load_gold(write(tmp_path, "questions:\n" + "".join(few)), KNOWLEDGE)
    after = load_gold(write(tmp_path, "questions:\n" + "".join(many)), KNOWLEDGE)
    halves = {question.id: question.half for question in after.questions}
    assert all(halves[question.id] == question.half for question in before.questions)


def test_the_split_is_fixed_and_near_even() -> None:
    """The first halves stand here in full: a change of the seed or the rule would mix what was tuned on with what was not."""
    assert [half_of(f"g{number:03d}") for number in range(1, 9)] == ["dev", "dev", "test", "test", "test", "dev", "test", "dev"]
    assert 450 < sum(half_of(f"q{number}") == "dev" for number in range(1000)) < 550


def test_a_half_is_selected_in_the_order_of_the_files(tmp_path: Path) -> None:
    write(tmp_path, "questions:\n" + "".join(entry(f"q{number}", "abstain: true") for number in range(20)))
    gold = load_gold(tmp_path, KNOWLEDGE)
    dev, test = gold.select("dev"), gold.select("test")
    assert {question.half for question in dev} == {"dev"}
    assert sorted(question.id for question in (*dev, *test)) == sorted(question.id for question in gold.questions)
    assert gold.select("dev", 2) == dev[:2]
    assert gold.select("all") == gold.questions


def test_a_whole_file_may_belong_to_one_half(tmp_path: Path) -> None:
    write(tmp_path, "half: dev\n" + GOOD + entry("q2", "abstain: true", intent="outside"))
    assert {question.half for question in load_gold(tmp_path, KNOWLEDGE).questions} == {"dev"}


def test_no_other_half_can_be_named(tmp_path: Path) -> None:
    write(tmp_path, "half: most\n" + GOOD)
    assert "half is 'most'" in problems_of(tmp_path)[0]
