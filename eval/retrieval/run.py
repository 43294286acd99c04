"""Ask a system every question of a data set and keep what it ranks."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from eval.folder import SUMMARY
from eval.progress import Progress
from eval.provenance import RunManifest, describe_checkout, describe_machine, own_code_digest
from eval.retrieval.datasets import DataSet, Query
from eval.retrieval.memory import folder_size, peak, resident
from eval.retrieval.results import STAGES_KEPT, Build, Ranked, RetrievalFolder, RetrievalManifest, Selection
from eval.retrieval.runs import Ranking
from eval.retrieval.system import RetrievalSystem

DEPTH = 100
_NOTICES_KEPT = 20
_WARM_UP = "What is meant by a day?"


@dataclass(frozen=True)
class Task:
    """A data set as it is asked: which of its questions, and whether within the document they name."""

    data: DataSet
    selection: Selection
    within_document: bool = True
    depth: int = DEPTH

    @property
    def chosen(self) -> DataSet:
        return self.data.select(limit=self.selection.limit, sample=self.selection.sample, seed=self.selection.seed)


def describe_retrieval(task: Task, system: RetrievalSystem, started: datetime) -> RetrievalManifest:
    """The manifest of a run that is about to start."""
    described = describe_task(task, started, settings=dict(system.settings), models=dict(system.models))
    return RetrievalManifest(**described, system=system.name)


def describe_task(task: Task, started: datetime, *, settings: dict[str, object], models: dict[str, str]) -> dict[str, Any]:
    """The fields of a manifest that any run over a data set has."""
    commit, modified = describe_checkout()
    notices = task.data.notices
    return {
        "started": started,
        "questions": len(task.chosen.queries),
        "commit": commit,
        "modified": modified,
        "code_sha256": own_code_digest(),
        "settings": settings,
        "machine": describe_machine(os.environ),
        "data_set": task.data.name,
        "passages": len(task.data.passages),
        "documents": len(task.data.documents),
        "data_sha256": dict(task.data.sha256),
        "selection": task.selection,
        "within_document": task.within_document,
        "depth": task.depth,
        "models": models,
        "left_out": tuple(map(str, notices[:_NOTICES_KEPT])),
        "left_out_count": len(notices),
    }


def folder_for(root: Path, manifest: RunManifest) -> Path:
    """The folder where a run belongs if none is given: the one that was interrupted with the same of everything, else a new one."""
    digest = hashlib.sha256(json.dumps(manifest.identity, sort_keys=True).encode()).hexdigest()[:8]
    name = f"{manifest.title}-{digest}"
    candidates = (root / (name if number == 1 else f"{name}-{number}") for number in range(1, 10_000))
    return next(path for path in candidates if not (path / SUMMARY).exists())


def build_index(system: RetrievalSystem, data: DataSet, folder: Path, progress: Progress) -> Build:
    """Have the system index the passages, and say what that took."""
    before, wall, cpu = resident(), time.perf_counter(), time.process_time()
    built = system.build(data.passages, folder, progress)
    return Build(
        wall_seconds=round(time.perf_counter() - wall, 4),
        cpu_seconds=round(time.process_time() - cpu, 4),
        encoded=built.encoded,
        disk_bytes=folder_size(built.folder) if built.folder else 0,
        memory_before=before,
        memory_after=resident(),
        memory_peak=peak(),
    )


def ask_all(system: RetrievalSystem, task: Task, folder: RetrievalFolder, progress: Progress) -> None:
    """Ask the questions that the folder has no ranking of yet, in order. ``progress`` gets (done, of how many), first with 0 asked.

    One question that is not measured comes before them, so that latencies are those of a warm system.
    """
    queries = task.chosen.queries
    kept = {result.id for result in folder.results}
    progress(len(kept), len(queries))
    pending = [query for query in queries if query.id not in kept]
    if pending:
        system.rank(_WARM_UP, None, 1)
    for done, query in enumerate(pending, start=len(kept) + 1):
        folder.append(ask(system, query, task))
        progress(done, len(queries))


def ask(system: RetrievalSystem, query: Query, task: Task) -> Ranked:
    """Rank the passages for one question; a ranking that repeats a passage is a bug of the system and ends the run."""
    document = query.document if task.within_document else None
    question = query.asked(within_document=task.within_document)
    wall, cpu = time.perf_counter(), time.process_time()
    answer = system.rank(question, {document} if document else None, task.depth)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Ranked(
        id=query.id,
        question=question,
        document=document,
        relevant=dict(task.data.qrels[query.id]),
        ranking=distinct(query.id, [(hit.passage, round(hit.score, 6)) for hit in answer.hits]),
        stage_scores=tuple({name: round(value, 4) for name, value in hit.stages.items()} for hit in answer.hits[:STAGES_KEPT]),
        wall_seconds=round(wall, 6),
        cpu_seconds=round(cpu, 6),
        stage_seconds={name: round(value, 6) for name, value in answer.seconds.items()},
    )


def distinct(query: str, ranking: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Raises AssertionError if a passage stands twice in a ranking: a relevant one would be counted twice."""
    if len({passage for passage, _ in ranking}) < len(ranking):
        raise AssertionError(f"a passage is ranked twice for {query}")
    return tuple(ranking)


def take_over(rankings: Mapping[str, Ranking], task: Task, folder: RetrievalFolder) -> None:
    """Keep a run that was made elsewhere, question by question; one that it does not rank anything for found nothing."""
    kept = {result.id for result in folder.results}
    for query in task.chosen.queries:
        if query.id not in kept:
            document = query.document if task.within_document else None
            folder.append(
                Ranked(
                    id=query.id,
                    question=query.asked(within_document=task.within_document),
                    document=document,
                    relevant=dict(task.data.qrels[query.id]),
                    ranking=tuple(rankings.get(query.id, ())),
                    wall_seconds=0,
                    cpu_seconds=0,
                )
            )
