from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from assistant.ingest.changes import Change, compare_versions, mark_words
from assistant.ingest.sentences import compared_words

pytestmark = pytest.mark.unit


@dataclass(frozen=True)
class Words:
    locator: str
    text: str
    heading_path: tuple[str, ...] = ()


def changes(old: list[Words], new: list[Words]) -> list[tuple[str, str | None, str | None]]:
    return [(change.kind_of_change, change.old, change.new) for change in compare_versions(old, new)]


KEPT = Words("§1", "Notes are kept in a locked room. The room has one key.", ("Notes",))


def test_the_same_clauses_have_no_changes() -> None:
    assert compare_versions([KEPT], [KEPT]) == ()
    assert compare_versions([], []) == ()


def test_a_sentence_added_to_a_clause_is_an_addition_that_touches_the_old_clause() -> None:
    [change] = compare_versions([KEPT], [Words("§1", KEPT.text + " Nobody else may enter it.", ("Notes",))])
    assert change == Change("added", "§1", "§1", None, "Nobody else may enter it.")
    assert change.changes_words_of_old_clause


def test_a_new_clause_touches_no_old_one() -> None:
    [change] = compare_versions([KEPT], [KEPT, Words("§2", "Fees are due in May.", ("Fees",))])
    assert (change.kind_of_change, change.old_locator, change.new_locator, change.locator) == ("added", None, "§2", "§2")
    assert not change.changes_words_of_old_clause


def test_a_clause_that_is_gone_is_removed_at_its_old_place() -> None:
    [change] = compare_versions([KEPT, Words("§2", "Fees are due in May.", ("Fees",))], [KEPT])
    assert (change.kind_of_change, change.old_locator, change.new_locator, change.locator) == ("removed", "§2", None, "§2")
    assert change.changes_words_of_old_clause


def test_a_rewording_marks_the_words() -> None:
    [change] = compare_versions([KEPT], [Words("§1", "Notes are kept in a locked room. The room has two keys.", ("Notes",))])
    assert (change.kind_of_change, change.old, change.new) == ("reworded", "The room has one key.", "The room has two keys.")
    assert [(mark.kind, mark.words) for mark in change.marks] == [
        ("same", "The room has"), ("removed", "one key."), ("added", "two keys."),
    ]  # fmt: skip


def test_a_negation_and_a_number_are_rewordings() -> None:
    old = [Words("§1", "We will use your notes to train our models. Breaches are told within 72 hours.")]
    new = [Words("§1", "We will not use your notes to train our models. Breaches are told within 48 hours.")]
    assert [kind for kind, _, _ in changes(old, new)] == ["reworded", "reworded"]


def test_a_renumbered_clause_is_moved_and_needs_no_review() -> None:
    old = [Words("§1", "Fees are due in May.", ("Fees",)), Words("§2", "Notes are kept in a locked room.", ("Notes",))]
    new = [Words("§1", "Notes are kept in a locked room.", ("Notes",)), Words("§2", "Fees are due in May.", ("Fees",))]
    found = compare_versions(old, new)
    assert {(change.kind_of_change, change.old, change.new) for change in found} == {
        ("moved", "§1 Fees", "§2 Fees"),
        ("moved", "§2 Notes", "§1 Notes"),
    }
    assert not any(change.changes_words_of_old_clause for change in found)


def test_paragraphs_counted_on_after_an_added_one_are_not_moved() -> None:
    old = [Words(f"Notes, para. {number}", f"Rule {word} about the room.", ("Notes",)) for number, word in ((1, "one"), (2, "two"))]
    new = [
        Words(f"Notes, para. {number}", f"Rule {word} about the room.", ("Notes",)) for number, word in ((1, "one"), (2, "new"), (3, "two"))
    ]
    assert [(change.kind_of_change, change.new) for change in compare_versions(old, new)] == [("added", "Rule new about the room.")]


def test_paragraphs_that_come_under_another_heading_are_one_move() -> None:
    old = [Words(f"Notes, para. {number}", f"Rule {word} about the room.", ("Notes",)) for number, word in ((1, "one"), (2, "two"))]
    new = [Words(f"Rooms, para. {number}", f"Rule {word} about the room.", ("Rooms",)) for number, word in ((1, "one"), (2, "two"))]
    assert changes(old, new) == [("moved", "Notes", "Rooms")]


@pytest.mark.parametrize(
    "old, new",
    [
        ("It’s the “room” – locked.", 'It\'s the "room" - locked.'),
        ("The room  is\u00a0locked.", "The room is locked."),
        ("See https://e.example/a?utm_source=x#b for more.", "See https://e.example/a for more."),
        ("Updated: December 1, 2025", "Updated: 1 December 2025"),
        ("(a) The room is locked.", "1. The room is locked."),
        ("The room is locked: (i) by day; and (ii) by night.", "The room is locked: • by day; and • by night."),
        ("The room is locked. Printed on 3 May 2024", "The room is locked. Printed on 9 June 2025"),
        ("The Room is locked.", "The room is locked."),
        ("Rooms: one. Keys: two.", "Rooms: one.\u200b Keys: two."),
    ],
    ids=["typography", "white space", "tracking", "way of writing a date", "list number", "list mark", "stamp", "letter case", "invisible"],
)
def test_noise_is_no_change(old: str, new: str) -> None:
    assert changes([KEPT, Words("§2", old)], [KEPT, Words("§2", new)]) == []


def test_another_date_of_the_document_is_one_rewording() -> None:
    assert changes([Words("P", "Last updated: 3 May 2024"), KEPT], [Words("P", "Effective date: 9 June 2025"), KEPT]) == [
        ("reworded", "Last updated: 3 May 2024", "Effective date: 9 June 2025")
    ]


def test_a_date_that_one_capture_only_shows_is_no_change() -> None:
    assert changes([Words("P", "Last updated: 3 May 2024"), KEPT], [KEPT]) == []


def test_a_title_over_the_same_clauses_moves_none_of_them() -> None:
    assert changes([Words("Preamble, para. 1", "Welcome to Elm.")], [Words("Elm, para. 1", "Welcome to Elm.", ("Elm",))]) == []


def test_a_sentence_parted_in_another_way_is_the_same() -> None:
    assert (
        changes([Words("§1", "Rooms are locked; keys are counted.")], [Words("§1", "Rooms are locked."), Words("§2", "Keys are counted.")])
        == []
    )


def test_a_heading_that_a_capture_shows_as_text_is_no_addition() -> None:
    assert changes([KEPT], [Words("Preamble, para. 1", "Notes"), Words("§1", KEPT.text)]) == []


def test_rows_are_compared_by_their_first_cell() -> None:
    old = [Words("L, para. 1", "Oak Ltd | sends post | Elmland"), Words("L, para. 2", "Ash Ltd | prints | Elmland")]
    new = [Words("L, para. 1", "Fir Ltd | sends post | Elmland"), Words("L, para. 2", "Ash Ltd | prints | Elmland, Oakland")]
    assert sorted(changes(old, new), key=str) == [
        ("added", None, "Fir Ltd | sends post | Elmland"),
        ("removed", "Oak Ltd | sends post | Elmland", None),
        ("reworded", "Ash Ltd | prints | Elmland", "Ash Ltd | prints | Elmland, Oakland"),
    ]


def test_marks_give_both_texts_back() -> None:
    old, new = "The fee is ten pounds a year.", "The yearly fee is twelve pounds."
    marks = list(mark_words(old, new))
    assert compared_words(" ".join(mark.words for mark in marks if mark.kind != "added")) == compared_words(old)
    assert " ".join(mark.words for mark in marks if mark.kind != "removed") == new


def test_comparing_backwards_swaps_additions_and_removals() -> None:
    rng = random.Random(7)
    words = "notes room key client fee year post lock hand night".split()

    def clause(number: int) -> Words:
        return Words(f"§{number}", " ".join(f"{' '.join(rng.choices(words, k=7)).capitalize()}." for _ in range(3)), (f"Title {number}",))

    for _ in range(20):
        old = [clause(number) for number in range(8)]
        new = [clause(number) if rng.random() < 0.3 else old[number] for number in range(8)]
        there, back = compare_versions(old, new), compare_versions(new, old)
        assert sorted(c.new or "" for c in there if c.kind_of_change == "added") == sorted(
            c.old or "" for c in back if c.kind_of_change == "removed"
        )
        assert sorted(c.old or "" for c in there if c.kind_of_change == "removed") == sorted(
            c.new or "" for c in back if c.kind_of_change == "added"
        )
