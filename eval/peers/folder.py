"""The folder of a run of peers: manifest, one result a contestant, and what encoding the questions took."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, get_args

from assistant.index.encoders import make_encoder
from assistant.settings import EMBEDDED_ENCODER, RetrievalProfile, RetrievalSettings
from eval.folder import Folder
from eval.peers.measuring import PeerResult
from eval.retrieval.results import DataSetManifest
from eval.retrieval.run import Task, describe_task

ENCODING, FAILED = "encoding.json", "failed.json"


class PeersManifest(DataSetManifest):
    """A run of several systems."""

    kind: Literal["peers"] = "peers"
    contestants: tuple[str, ...]

    @property
    def asked(self) -> str:
        return "peers"

    @property
    def identity(self) -> dict[str, object]:
        """A run may go on with more contestants."""
        return {name: value for name, value in super().identity.items() if name != "contestants"}


def describe_peers(task: Task, contestants: Sequence[str], started: datetime) -> PeersManifest:
    """The manifest of a run that is about to start."""
    settings: dict[str, object] = {
        profile: RetrievalSettings.for_profile(profile).model_dump(mode="json") for profile in get_args(RetrievalProfile)
    }
    models = {"encoder of all": make_encoder(EMBEDDED_ENCODER).fingerprint}
    return PeersManifest(**describe_task(task, started, settings=settings, models=models), contestants=tuple(contestants))


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
