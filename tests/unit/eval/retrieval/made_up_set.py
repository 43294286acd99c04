"""A data set of six passages and three questions, and a system whose rankings are written by hand."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.index.passages import Passage
from eval.progress import Progress
from eval.retrieval.system import Answer, Built, Hit

PASSAGES = [
    {"id": "a1", "doc": "A", "text": "Backups are kept for thirty days."},
    {"id": "a2", "doc": "A", "text": "The processor tells the controller of a breach."},
    {"id": "a3", "doc": "A", "text": "Data is encrypted at rest."},
    {"id": "b1", "doc": "B", "text": "Recordings are deleted on request."},
    {"id": "b2", "doc": "B", "text": "Sessions may be recorded with consent."},
    {"id": "b3", "doc": "B", "text": "Fees are due monthly."},
]
QUERIES = [
    {"id": "q1", "text": "How long are backups kept?"},
    {"id": "q2", "text": 'Consider "B"; may sessions be recorded?', "question": "may sessions be recorded?", "doc": "B"},
    {"id": "q3", "text": "Who tells whom of a breach?"},
]
QRELS = [("q1", "a1"), ("q2", "b2"), ("q2", "b1"), ("q3", "a2")]

# What Scripted answers, best first.
RANKINGS = {
    "How long are backups kept?": ["a1", "b3", "a3"],
    "may sessions be recorded?": ["b3", "b1", "b2"],
    "Who tells whom of a breach?": ["b3", "a1"],
}


def write_set(
    folder: Path,
    *,
    passages: Sequence[Mapping[str, Any]] = PASSAGES,
    queries: Sequence[Mapping[str, Any]] = QUERIES,
    qrels: Sequence[tuple[str, str]] = QRELS,
) -> Path:
    """A plain folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_lines(folder / "corpus.jsonl", passages)
    write_lines(folder / "queries.jsonl", queries)
    (folder / "qrels.tsv").write_text("".join(f"{query}\t0\t{passage}\t1\n" for query, passage in qrels), encoding="utf-8")
    return folder


def write_lines(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")


class Scripted:
    """Answers from RANKINGS and counts what it is asked; stops with KeyboardInterrupt before question number ``stop_at``."""

    name = "scripted"
    settings: Mapping[str, object] = {"version": 1}
    models: Mapping[str, str] = {}

    def __init__(self, stop_at: int | None = None, rankings: Mapping[str, Sequence[str]] = RANKINGS) -> None:
        self.asked: list[tuple[str, frozenset[str]]] = []
        self._stop_at = stop_at
        self._rankings = rankings

    def build(self, passages: Sequence[Passage], folder: Path, progress: Progress) -> Built:
        return Built(len(passages), folder)

    def rank(self, question: str, documents: Collection[str] | None, top_k: int) -> Answer:
        if question not in self._rankings:
            return Answer(())  # the question that warms up
        if len(self.asked) == self._stop_at:
            raise KeyboardInterrupt
        self.asked.append((question, frozenset(documents or ())))
        hits = [Hit(passage, 1 / place, {"words": 1 / place}) for place, passage in enumerate(self._rankings[question], start=1)]
        return Answer(tuple(hits[:top_k]), {"words": 0.001})
