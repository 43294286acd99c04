"""Reading data sets: the layouts, and every fault named with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import InputError
from eval.retrieval.datasets import load_data_set
from eval.retrieval.lines import LONGEST_LINE, DataSetError
from tests.unit.eval.retrieval.made_up_set import PASSAGES, QRELS, QUERIES, write_lines, write_set


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(DataSetError) as caught:
        load_data_set(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_plain_folder(tmp_path: Path) -> None:
    data = load_data_set(write_set(tmp_path / "small"))
    assert data.name == "small"
    assert [(passage.id, passage.document) for passage in data.passages][:2] == [("a1", "A"), ("a2", "A")]
    assert data.qrels == {"q1": {"a1": 1}, "q2": {"b2": 1, "b1": 1}, "q3": {"a2": 1}}
    assert data.documents == {"A", "B"}
    assert data.notices == ()
    assert sorted(data.sha256) == ["corpus", "qrels", "queries"]


def test_the_own_words_are_asked_where_the_document_is_known_otherwise(tmp_path: Path) -> None:
    query = load_data_set(write_set(tmp_path)).queries[1]
    assert query.asked(within_document=True) == "may sessions be recorded?"
    assert query.asked(within_document=False) == 'Consider "B"; may sessions be recorded?'


def test_a_beir_folder(tmp_path: Path) -> None:
    write_lines(tmp_path / "corpus.jsonl", [{"_id": "d1", "title": "Backups", "text": "Kept for thirty days."}])
    write_lines(tmp_path / "queries.jsonl", [{"_id": "7", "text": "How long?"}])
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n7\td1\t2\n", encoding="utf-8")
    (tmp_path / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n7\td1\t1\n", encoding="utf-8")
    data = load_data_set(tmp_path)
    assert (data.passages[0].id, data.passages[0].label, data.passages[0].document) == ("d1", "Backups", "d1")
    assert data.qrels == {"7": {"d1": 2}}
    assert load_data_set(tmp_path, split="dev").qrels == {"7": {"d1": 1}}
    with pytest.raises(InputError, match=r"train\.tsv is missing"):
        load_data_set(tmp_path, split="train")


def test_trec_qrels_parted_by_spaces(tmp_path: Path) -> None:
    write_set(tmp_path)
    (tmp_path / "qrels.tsv").unlink()
    (tmp_path / "qrels.txt").write_text("q1 0 a1 1\nq3 Q0 a2 1\nq3 0 b1 0\n", encoding="utf-8")
    assert load_data_set(tmp_path).qrels == {"q1": {"a1": 1}, "q3": {"a2": 1}}


def test_the_readme_may_name_the_corpus_of_another_set(tmp_path: Path) -> None:
    write_set(tmp_path / "first")
    second = write_set(tmp_path / "second", queries=QUERIES[:1], qrels=QRELS[:1])
    (second / "corpus.jsonl").unlink()
    with pytest.raises(InputError, match="Give --corpus"):
        load_data_set(second)
    assert len(load_data_set(second, corpus=tmp_path / "first").passages) == 6
    (second / "README.md").write_text("# Second\n\n**Corpus:** `../first/corpus.jsonl`.\n", encoding="utf-8")
    assert len(load_data_set(second).passages) == 6


def test_documents_come_in_one_piece_each(tmp_path: Path) -> None:
    mixed = [PASSAGES[0], PASSAGES[3], PASSAGES[1]]
    data = load_data_set(write_set(tmp_path, passages=mixed, queries=QUERIES[:1], qrels=QRELS[:1]))
    assert [passage.id for passage in data.passages] == ["a1", "a2", "b1"]


def test_a_passage_of_no_document_is_one_of_its_own(tmp_path: Path) -> None:
    alone = [{"id": "x", "text": "One."}, {"id": "y", "text": "Two."}]
    data = load_data_set(write_set(tmp_path, passages=alone, queries=QUERIES[:1], qrels=[("q1", "x")]))
    assert [passage.document for passage in data.passages] == ["x", "y"]


def test_empty_texts_are_noticed_and_not_indexed(tmp_path: Path) -> None:
    data = load_data_set(write_set(tmp_path, passages=[*PASSAGES, {"id": "b4", "doc": "B", "text": "  "}], qrels=[*QRELS, ("q2", "b4")]))
    assert len(data.passages) == 6
    assert [str(notice) for notice in data.notices] == [
        "corpus.jsonl:7: b4: no text, so it is not indexed",
        "qrels.tsv:5: b4 is relevant to q2 but has no text: it cannot be found",
    ]
    assert data.qrels["q2"]["b4"] == 1  # so the recall of q2 says what it misses


@pytest.mark.parametrize(
    "passages, message",
    [
        ([*PASSAGES, {"doc": "B", "text": "No id."}], "corpus.jsonl:7: the id is missing"),
        ([*PASSAGES, {"id": "", "text": "No id."}], "corpus.jsonl:7: the id is missing"),
        ([*PASSAGES, {"id": "a1", "text": "Twice."}], "corpus.jsonl:7: the id a1 is already used in line 1"),
        ([*PASSAGES, {"id": "a 4", "text": "Apart."}], "corpus.jsonl:7: the id 'a 4' holds white space, which parts the columns of a run"),
        ([*PASSAGES, {"id": "a4", "text": ["a", "list"]}], "corpus.jsonl:7: a4: text has to be a string"),
    ],
)
def test_faulty_passages(tmp_path: Path, passages: list[dict[str, object]], message: str) -> None:
    assert problems_of(write_set(tmp_path, passages=passages)) == [message]
    assert [passage.id for passage in load_data_set(tmp_path, lenient=True).passages] == ["a1", "a2", "a3", "b1", "b2", "b3"]


@pytest.mark.parametrize(
    "query, message",
    [
        ({"text": "Why?"}, "queries.jsonl:4: the id is missing"),
        ({"id": "q1", "text": "Why?"}, "queries.jsonl:4: the id q1 is already used in line 1"),
        ({"id": "q4", "text": ""}, "queries.jsonl:4: q4: the question has no text"),
        ({"id": "q4", "text": "Why?", "doc": "C"}, "queries.jsonl:4: q4 is about the document C, which the corpus lacks"),
    ],
)
def test_faulty_queries(tmp_path: Path, query: dict[str, str], message: str) -> None:
    assert problems_of(write_set(tmp_path, queries=[*QUERIES, query])) == [message]
    assert len(load_data_set(tmp_path, lenient=True).queries) == 3


@pytest.mark.parametrize(
    "line, message",
    [
        ("q1\t0\tz9\t1", "qrels.tsv:5: the passage z9 is not in the corpus"),
        ("q9\t0\ta1\t1", "qrels.tsv:5: the query q9 is not in queries.jsonl"),
        ("q1\t0\ta1\tyes", "qrels.tsv:5: expected: query, 0, passage, relevance (a whole number)"),
        ("q1 a1", "qrels.tsv:5: expected: query, 0, passage, relevance (a whole number)"),
    ],
)
def test_faulty_qrels(tmp_path: Path, line: str, message: str) -> None:
    folder = write_set(tmp_path)
    with (folder / "qrels.tsv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert problems_of(folder) == [message]
    lenient = load_data_set(folder, lenient=True)
    assert lenient.qrels["q1"] == {"a1": 1}
    assert message in map(str, lenient.notices)


def test_a_judgement_that_stands_twice_is_noticed(tmp_path: Path) -> None:
    data = load_data_set(write_set(tmp_path, qrels=[*QRELS, ("q1", "a1")]))
    assert [str(notice) for notice in data.notices] == ["qrels.tsv:5: a1 is judged for q1 once more; the highest judgement counts"]


@pytest.mark.parametrize("text", ["{not json", "[1, 2]", "[" * 100_000])
def test_what_is_no_json_object_is_named(tmp_path: Path, text: str) -> None:
    folder = write_set(tmp_path)
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write(text + "\n")
    assert problems_of(folder)[0].startswith("corpus.jsonl:7: ")


def test_what_is_no_utf_8_is_named(tmp_path: Path) -> None:
    folder = write_set(tmp_path)
    with (folder / "corpus.jsonl").open("ab") as file:
        file.write(b'{"id": "a4", "text": "\xff"}\n')
    assert problems_of(folder) == ["corpus.jsonl:7: this is no UTF-8: invalid start byte at byte 23"]


def test_a_line_that_is_too_long_is_named_and_the_lines_after_it_are_read(tmp_path: Path) -> None:
    folder = write_set(tmp_path, passages=[])
    long = json.dumps({"id": "a0", "text": "x" * (LONGEST_LINE * 2)})
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as file:
        file.write(f"{long}\n")
        file.writelines(json.dumps(passage) + "\n" for passage in PASSAGES)
    (problem,) = problems_of(folder)
    assert problem.startswith(f"corpus.jsonl:1: this line has {len(long) + 1:,} bytes, more than the ")
    assert len(load_data_set(folder, lenient=True).passages) == 6


def test_every_fault_is_counted_and_not_all_are_shown(tmp_path: Path) -> None:
    folder = write_set(tmp_path, passages=[*PASSAGES, *({"text": "No id."} for _ in range(30))])
    with pytest.raises(DataSetError) as caught:
        load_data_set(folder)
    assert "… and 10 more" in str(caught.value)
    assert "30 problems in the data set. With --lenient" in str(caught.value)


def test_leniency_does_not_make_something_out_of_nothing(tmp_path: Path) -> None:
    folder = write_set(tmp_path, passages=[])
    with pytest.raises(DataSetError, match="no passage with text"):
        load_data_set(folder, lenient=True)


@pytest.mark.parametrize("name", ["queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write_set(tmp_path)
    (folder / name).unlink()
    with pytest.raises(InputError, match="missing" if name == "queries.jsonl" else "has no qrels"):
        load_data_set(folder)


def test_selecting(tmp_path: Path) -> None:
    data = load_data_set(write_set(tmp_path, qrels=QRELS[1:]))
    assert [query.id for query in data.select().queries] == ["q2", "q3"]  # nobody judged q1
    assert [query.id for query in data.select(limit=1).queries] == ["q2"]
    drawn = [data.select(sample=1, seed=seed).queries[0].id for seed in range(8)]
    assert set(drawn) == {"q2", "q3"}
    assert drawn == [data.select(sample=1, seed=seed).queries[0].id for seed in range(8)]
