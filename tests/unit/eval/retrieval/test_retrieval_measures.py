"""The measures against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from assistant.errors import UsageError
from eval.retrieval.measures import check_measures, mean_of, measure_queries

QRELS = {"q": {"a": 1, "b": 1}}


def ranking(*passages: str) -> list[tuple[str, float]]:
    return [(passage, 1.0) for passage in passages]


def test_by_hand() -> None:
    values = measure_queries(QRELS, {"q": ranking("x", "a", "b")})["q"]
    assert values["P@1"] == 0
    assert values["P@5"] == pytest.approx(2 / 5)
    assert values["R@10"] == 1
    assert values["RR@10"] == 0.5
    assert values["AP@10"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    ideal = 1 + 1 / math.log2(3)
    assert values["nDCG@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(4)) / ideal)
    assert values["Success@5"] == 1


def test_what_was_not_found_counts_in_recall_and_average_precision() -> None:
    values = measure_queries(QRELS, {"q": ranking("a", "x")})["q"]
    assert values["R@10"] == 0.5
    assert values["AP@10"] == 0.5


def test_beyond_ten_nothing_counts() -> None:
    values = measure_queries(QRELS, {"q": ranking(*"0123456789", "a", "b")})["q"]
    assert (values["R@10"], values["nDCG@10"], values["RR@10"], values["R@100"]) == (0, 0, 0, 1)


def test_ties_fall_as_the_system_ordered_them() -> None:
    """All scores are equal: every measure has to see the same order, the given one."""
    first = measure_queries({"q": {"m": 1}}, {"q": ranking("m", "a", "z")})["q"]
    last = measure_queries({"q": {"m": 1}}, {"q": ranking("a", "z", "m")})["q"]
    assert (first["P@1"], first["RR@10"], first["nDCG@10"]) == (1, 1, 1)
    assert [last["P@1"], last["RR@10"], last["nDCG@10"]] == pytest.approx([0, 1 / 3, 0.5])


def test_graded_judgements_weigh_in_ndcg() -> None:
    values = measure_queries({"q": {"a": 2, "b": 1}}, {"q": ranking("b", "a")})["q"]
    assert values["nDCG@10"] == pytest.approx((1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)))


def test_an_empty_ranking_scores_nothing_and_counts_in_the_mean() -> None:
    values = measure_queries({"q": {"a": 1}, "r": {"a": 1}}, {"q": ranking("a"), "r": []})
    assert values["r"]["nDCG@10"] == 0
    assert mean_of(values, "nDCG@10") == 0.5


def test_a_query_that_nobody_judged_is_left_out() -> None:
    assert list(measure_queries({"q": {"a": 1}}, {"q": ranking("a"), "r": ranking("a")})) == ["q"]


@pytest.mark.parametrize("name", ["nDCG", "nope@10", "__import__('os')", "P@x"])
def test_unknown_measures_are_refused(name: str) -> None:
    if name == "nDCG":
        check_measures([name])
    else:
        with pytest.raises(UsageError, match="no measure"):
            check_measures([name])
