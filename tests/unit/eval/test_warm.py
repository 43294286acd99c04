"""What the costs of warm answers are summed up to."""

from __future__ import annotations

from eval.bench.warm import Cost, summary


def test_costs_are_given_in_milliseconds_by_stage_and_by_intent() -> None:
    lookup = Cost("lookup", 0.010, 0.020, {"understand": 0.002, "retrieve": 0.007})
    verdict = Cost("verdict", 0.100, 0.300, {"understand": 0.010, "retrieve": 0.020, "compose": 0.030, "verify": 0.030})
    found = summary([lookup] * 19 + [verdict] * 2)
    assert found["answers"] == 21
    assert found["cpu_milliseconds"] == {"p50": 10.0, "p95": 100.0}
    assert found["wall_milliseconds"] == {"p50": 20.0, "p95": 300.0}
    assert found["cpu_milliseconds_by_stage"] == {
        "understand": {"p50": 2.0, "p95": 10.0},
        "retrieve": {"p50": 7.0, "p95": 20.0},
        "compose": {"p50": 0.0, "p95": 30.0},
        "verify": {"p50": 0.0, "p95": 30.0},
        "rest": {"p50": 1.0, "p95": 10.0},
    }
    assert found["cpu_milliseconds_by_intent"] == {
        "lookup": {"answers": 19, "p50": 10.0, "p95": 10.0},
        "verdict": {"answers": 2, "p50": 100.0, "p95": 100.0},
    }
