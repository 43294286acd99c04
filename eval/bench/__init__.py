"""Benchmarks: never part of the tests. Each module is a command and says in its first lines how to call it (`make bench` lists them)."""
