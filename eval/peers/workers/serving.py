"""What every worker does: read one JSON object a line, do it, answer with one JSON object a line.

- ``{"do": "build", "folder", "passages", "vectors", "groups"}`` indexes and keeps the index in the folder
- ``{"do": "open", …}`` gets ready from what a ``build`` left there
- ``{"do": "ask", "text", "vector", "group", "k"}`` ranks
- ``{"do": "stop"}``

``passages`` is a JSON lines file of ids and texts, ``vectors`` an .npy file with a row for each. ``groups`` are lists of rows by
name: each becomes an index of its own, since not every peer can search within one document.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True)
class Corpus:
    """What to index: ids, texts, the document of each, and a matrix with a unit vector for each."""

    ids: Sequence[str]
    texts: Sequence[str]
    documents: Sequence[str]
    vectors: Any

    def part(self, rows: Sequence[int]) -> Corpus:
        return Corpus(
            [self.ids[row] for row in rows],
            [self.texts[row] for row in rows],
            [self.documents[row] for row in rows],
            np.ascontiguousarray(self.vectors[list(rows)]),
        )


class Peer(Protocol):
    """A retrieval system over one corpus."""

    def build(self, folder: Path, corpus: Corpus) -> None:
        """Index the corpus and keep whatever the system can keep in the folder."""
        ...

    def open(self, folder: Path, corpus: Corpus) -> None:
        """Get ready to answer from the folder; from the corpus only what the system does not keep."""
        ...

    def rank(self, text: str, vector: Any, k: int) -> list[tuple[str, float]]:
        """Ids and scores, best first. ``vector`` is the question's, as a list."""
        ...


# What a peer may have besides: ``encoding``, where it encodes the question itself, says what that took ({"encode_wall", "encode_cpu"},
# seconds); ``within(document)``, where it can search within one document, gives something with the same ``rank``.


def serve(make_peer: Callable[[], Peer]) -> None:
    """Answer requests until told to stop. What the libraries print goes to standard error, so that the answers stay readable."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    peers: dict[str, Any] = {}
    _say(answers, {"process_cpu": time.process_time(), "memory": resident()})
    for line in sys.stdin:
        request = json.loads(line)
        start, cpu = time.perf_counter(), time.process_time()
        if request["do"] == "stop":
            _say(answers, {"memory_peak": peak()})
            return
        if request["do"] == "ask":
            peer = peers[request["group"]]
            vector = request["vector"]
            start, cpu = time.perf_counter(), time.process_time()
            ranking = peer.rank(request["text"], vector, request["k"])
            used = {**_used(start, cpu), **getattr(peer, "encoding", {}), "process_cpu": time.process_time()}
            _say(answers, {"ranking": [[name, float(score)] for name, score in ranking], **used})
            continue
        corpus = _read_corpus(request)
        reading = {f"read_{name}": value for name, value in _used(start, cpu).items()}  # our files, not the peer's work
        start, cpu = time.perf_counter(), time.process_time()
        peers = _prepare(make_peer, request, corpus)
        _say(answers, {**_used(start, cpu), **reading, "memory": resident()})


def _prepare(make_peer: Callable[[], Peer], request: dict[str, Any], corpus: Corpus) -> dict[str, Any]:
    """What answers in each group: one index with views of it, or an index for each."""
    first: Any = make_peer()
    folder = Path(request["folder"])
    if hasattr(first, "within"):
        folder.mkdir(parents=True, exist_ok=True)
        getattr(first, request["do"])(folder, corpus)
        return {group: first if rows is None else first.within(group) for group, rows in request["groups"].items()}
    peers = {}
    for number, (group, rows) in enumerate(request["groups"].items()):
        peers[group] = make_peer() if number else first
        (folder / str(number)).mkdir(parents=True, exist_ok=True)
        getattr(peers[group], request["do"])(folder / str(number), corpus if rows is None else corpus.part(rows))
    return peers


def resident() -> int:
    """Bytes in memory now."""
    return _status("VmRSS")


def peak() -> int:
    """The most bytes in memory since the process began."""
    return _status("VmHWM")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)


def _read_corpus(request: dict[str, Any]) -> Corpus:
    rows = [json.loads(line) for line in Path(request["passages"]).read_text(encoding="utf-8").splitlines()]
    return Corpus([r["id"] for r in rows], [r["text"] for r in rows], [r["document"] for r in rows], np.load(request["vectors"]))


def _used(start: float, cpu: float) -> dict[str, float]:
    return {"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu}


def _say(answers: Any, value: dict[str, Any]) -> None:
    answers.write(json.dumps(value) + "\n")
    answers.flush()
