"""One peer measured: indexing, every question, and a start from what it kept on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from assistant.index.passages import Passage
from assistant.schema import Frozen
from eval.peers.environments import Environment
from eval.peers.process import Worker
from eval.progress import Progress
from eval.retrieval.datasets import Query
from eval.retrieval.memory import folder_size

_COLD_STARTS = 3


class Asked(Frozen):
    """One question: what was ranked, and the seconds that took without encoding the question. ``encode_cpu`` is what the contestant
    spent on encoding it, where it does so itself.
    """

    id: str
    ranking: tuple[tuple[str, float], ...]
    wall: float
    cpu: float
    encode_cpu: float = 0.0


class PeerResult(Frozen):
    """What a peer did. Seconds are without encoding; bytes of memory are resident. ``start_cpu`` and ``start_wall``: from the start of
    the process to its first answer from the stored index, the best of three. ``import_cpu``: of that, until it can be asked anything.
    """

    peer: str

    @property
    def id(self) -> str:
        """What the folder of a run tells results apart by."""
        return self.peer

    index_wall: float
    index_cpu: float
    disk_bytes: int
    memory_imported: int
    memory_indexed: int
    memory_peak: int
    import_cpu: float
    start_cpu: float
    start_wall: float
    distributions: int
    environment_bytes: int
    asked: tuple[Asked, ...] = Field(default=())


@dataclass(frozen=True)
class Material:
    """What every peer gets: files of passages and of their vectors, the questions with their vectors, and how they are scoped.

    ``groups`` are rows by name, one index each; None stands for all rows.
    """

    passages_file: Path
    vectors_file: Path
    groups: dict[str, list[int] | None]
    queries: Sequence[tuple[Query, str, str]]  # query, the words to ask, the group to ask in
    question_vectors: Any
    depth: int


ALL = "all"


def prepare_material(
    folder: Path,
    passages: Sequence[Passage],
    vectors: Any,
    queries: Sequence[Query],
    question_vectors: Any,
    *,
    within_document: bool,
    depth: int,
) -> Material:
    """Write down what the workers read. Questions that name a document get an index of that document's passages alone."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"id": p.id, "text": p.text, "document": p.document}, ensure_ascii=False) + "\n" for p in passages)
    (folder / "passages.jsonl").write_text("".join(lines), encoding="utf-8")
    np.save(folder / "vectors.npy", vectors)
    asked = [
        (query, query.asked(within_document=within_document), query.document if within_document and query.document else ALL)
        for query in queries
    ]
    rows: dict[str, list[int] | None] = {name: [] for _, _, name in asked if name != ALL}
    for row, passage in enumerate(passages):
        if (group := rows.get(passage.document)) is not None:
            group.append(row)
    if any(name == ALL for _, _, name in asked):
        rows[ALL] = None
    return Material(folder / "passages.jsonl", folder / "vectors.npy", rows, asked, question_vectors, depth)


def measure_peer(
    peer: str, module: str, environment: Environment, material: Material, folder: Path, progress: Progress, arguments: tuple[str, ...] = ()
) -> PeerResult:
    """Run one peer from nothing. ``folder`` takes its index and must be empty."""
    start = {
        "folder": str(folder),
        "passages": str(material.passages_file),
        "vectors": str(material.vectors_file),
        "groups": material.groups,
    }
    with Worker(peer, module, environment, arguments) as worker:
        imported = worker.ready
        built = worker.ask({"do": "build", **start})
        asked = _ask_all(worker, material, progress)
        memory_peak = worker.ask({"do": "stop"})["memory_peak"]
    starts = [_start_cold(Worker(peer, module, environment, arguments), start, material) for _ in range(_COLD_STARTS)]
    return PeerResult(
        peer=peer,
        index_wall=built["wall"],
        index_cpu=built["cpu"],
        disk_bytes=folder_size(folder),
        memory_imported=imported["memory"],
        memory_indexed=built["memory"],
        memory_peak=memory_peak,
        import_cpu=min(entry[2] for entry in starts),
        start_cpu=min(entry[0] for entry in starts),
        start_wall=min(entry[1] for entry in starts),
        distributions=environment.distributions,
        environment_bytes=environment.bytes,
        asked=tuple(asked),
    )


def _ask_all(worker: Worker, material: Material, progress: Progress) -> list[Asked]:
    """The first question is asked once more before the measuring, so that latencies are those of a warm system."""
    asked = []
    worker.ask(_question(material, 0))
    for number, (query, _, _) in enumerate(material.queries):
        answer = worker.ask(_question(material, number))
        ranking = tuple((name, score) for name, score in answer["ranking"])
        wall, cpu = (answer[clock] - answer.get(f"encode_{clock}", 0.0) for clock in ("wall", "cpu"))
        asked.append(Asked(id=query.id, ranking=ranking, wall=max(wall, 0.0), cpu=max(cpu, 0.0), encode_cpu=answer.get("encode_cpu", 0.0)))
        progress(number + 1, len(material.queries))
    return asked


def _question(material: Material, number: int) -> dict[str, Any]:
    _, text, group = material.queries[number]
    vector = material.question_vectors[number].tolist()
    return {"do": "ask", "text": text, "vector": vector, "group": group, "k": material.depth}


def _start_cold(worker: Worker, start: dict[str, Any], material: Material) -> tuple[float, float, float]:
    """CPU and wall seconds from the start of a process to its first answer, and the CPU seconds until it was imported.

    Without the reading of the files that we hand over.
    """
    with worker:
        opened = worker.ask({"do": "open", **start})
        answer = worker.ask(_question(material, 0))
        seconds = worker.seconds_alive - opened["read_wall"]
        worker.ask({"do": "stop"})
    return answer["process_cpu"] - opened["read_cpu"], seconds, worker.ready["process_cpu"]
