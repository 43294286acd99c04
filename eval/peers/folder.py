"""The folder of a run of peers: manifest, one result a contestant, and what encoding the questions took."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from assistant.index.encoders import make_encoder
from assistant.settings import EMBEDDED_ENCODER, RetrievalSettings
from eval.folder import Folder
from eval.peers.measuring import PeerResult
from eval.provenance import RunManifest, describe_checkout, describe_machine, own_code_digest
from eval.retrieval.results import Selection
from eval.retrieval.run import Task

ENCODING, FAILED = "encoding.json", "failed.json"


class PeersManifest(RunManifest):
    """A run of several systems over a data set, as in eval.retrieval.results. ``questions`` is how many are asked of each."""

    kind: Literal["peers"] = "peers"
    data_set: str
    passages: int
    documents: int
    data_sha256: dict[str, str]
    selection: Selection
    within_document: bool
    depth: int
    encoder: str
    contestants: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.data_set}-peers{'' if self.within_document else '-unscoped'}"

    @property
    def identity(self) -> dict[str, object]:
        """A run may go on with more contestants."""
        return {name: value for name, value in super().identity.items() if name != "contestants"}


def describe_peers(task: Task, contestants: Sequence[str], started: datetime) -> PeersManifest:
    """The manifest of a run that is about to start."""
    commit, modified = describe_checkout()
    return PeersManifest(
        started=started,
        questions=len(task.chosen.queries),
        commit=commit,
        modified=modified,
        code_sha256=own_code_digest(),
        settings={profile: RetrievalSettings.for_profile(profile).model_dump(mode="json") for profile in ("fast", "default", "best")},
        machine=describe_machine(os.environ),
        data_set=task.data.name,
        passages=len(task.data.passages),
        documents=len(task.data.documents),
        data_sha256=dict(task.data.sha256),
        selection=task.selection,
        within_document=task.within_document,
        depth=task.depth,
        encoder=make_encoder(EMBEDDED_ENCODER).fingerprint,
        contestants=tuple(contestants),
    )


class PeersFolder(Folder[PeersManifest, PeerResult]):
    """A run of peers on disk."""

    manifest_model = PeersManifest
    result_model = PeerResult

    @property
    def encoding(self) -> dict[str, list[tuple[float, float]]]:
        """By encoder, wall and CPU seconds of encoding each question; {} if that is not known yet."""
        path = self.path / ENCODING
        kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return {name: [(wall, cpu) for wall, cpu in spent] for name, spent in kept.items()}

    def keep_encoding(self, spent: Mapping[str, Sequence[tuple[float, float]]]) -> None:
        rounded = {name: [[round(value, 6) for value in entry] for entry in entries] for name, entries in spent.items()}
        (self.path / ENCODING).write_text(json.dumps(rounded), encoding="utf-8")

    @property
    def failed(self) -> Mapping[str, str]:
        """Contestants that could not be measured, and why; not those that could at another try."""
        path = self.path / FAILED
        kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        measured = {result.id for result in self.results}
        return {name: reason for name, reason in kept.items() if name not in measured}

    def keep_failure(self, contestant: str, reason: str) -> None:
        (self.path / FAILED).write_text(json.dumps({**self.failed, contestant: reason}, indent=2), encoding="utf-8")
