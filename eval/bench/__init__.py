"""Benchmarks: never part of the tests. `python -m eval.bench.first_answer` and `python -m eval.bench.speed` print how to read them."""
