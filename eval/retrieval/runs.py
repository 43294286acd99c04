"""Rankings of questions as TREC runs: ``query Q0 passage rank score tag`` a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from assistant.errors import InputError, Problem
from eval.retrieval.lines import Findings, numbered_lines

Ranking = Sequence[tuple[str, float]]  # passage ids and scores, best first, no passage twice


def write_run(path: Path, rankings: Iterable[tuple[str, Ranking]], tag: str) -> None:
    """Write a run, one query after the other. Ranks count from 1; scores keep what a double holds.

    Raises InputError if the file cannot be written.
    """
    name = tag.replace(" ", "-") or "run"
    try:
        with path.open("w", encoding="utf-8") as file:
            for query, ranking in rankings:
                file.writelines(f"{query} Q0 {passage} {rank} {score!r} {name}\n" for rank, (passage, score) in enumerate(ranking, start=1))
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from error


def read_run(path: Path) -> dict[str, list[tuple[str, float]]]:
    """Read a run. The order within a query is by score, then by the rank column: a run says by its ranks how its ties fall.

    Raises DataSetError with file and line of each line that is none, and of each passage that a query ranks twice.
    """
    findings = Findings()
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for number, line in numbered_lines(path, findings):
        columns = line.split()
        try:
            query, _, passage, rank, score = columns[:5]
            placed = (-float(score), float(rank))
        except ValueError:
            findings.fatal.append(Problem(path.name, number, "expected: query Q0 passage rank score tag"))
            continue
        ranked = found.setdefault(query, {})
        if passage in ranked:
            findings.fatal.append(Problem(path.name, number, f"{passage} is ranked twice for {query}"))
        ranked[passage] = placed
    findings.settle(lenient=False)
    if not found:
        raise InputError(f"{path} ranks nothing")
    return {query: _in_order(ranked) for query, ranked in found.items()}


def _in_order(ranked: Mapping[str, tuple[float, float]]) -> list[tuple[str, float]]:
    return [(passage, -negated) for passage, (negated, _) in sorted(ranked.items(), key=lambda entry: (entry[1], entry[0]))]
