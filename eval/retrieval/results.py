"""What a retrieval run keeps: how it was made, what building the index took, and the ranking of each question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from assistant.errors import InputError
from assistant.schema import Frozen
from eval.folder import MANIFEST, Folder
from eval.provenance import RunManifest

BUILD, RUN, FAILURES, HTML, CHARTS = "build.json", "run.trec", "failures.jsonl", "report.html", "charts"
STAGES_KEPT = 10  # of so many first passages the score of each stage is kept: what stands further down is not read


class Selection(Frozen):
    """Which questions of the set are asked: the first ``limit``, or ``sample`` drawn with ``seed``; all if both are None."""

    limit: int | None = None
    sample: int | None = None
    seed: int = 0


class DataSetManifest(RunManifest):
    """A run over a data set, whoever is asked. ``within_document``: a question that names its document is answered within it.

    ``models`` and ``data_sha256`` are hashes by role and by file; ``left_out`` are lines of the set that were not used or are odd.
    """

    data_set: str
    passages: int
    documents: int
    data_sha256: dict[str, str]
    selection: Selection
    within_document: bool
    depth: int
    models: dict[str, str]
    left_out: tuple[str, ...] = ()
    left_out_count: int = 0

    @property
    def asked(self) -> str:
        """Who is asked, as the title of the run says it."""
        raise NotImplementedError

    @property
    def title(self) -> str:
        return f"{self.data_set}-{self.asked}{'' if self.within_document else '-unscoped'}"


class RetrievalManifest(DataSetManifest):
    """A run of one system."""

    kind: Literal["retrieval"] = "retrieval"
    system: str

    @property
    def asked(self) -> str:
        return self.system


class Build(Frozen):
    """What building the index took. ``encoded`` is 0 where all vectors lay in the cache: then the seconds are without encoding.

    Memory is resident, in bytes: before and after the index was built, and the most while it was.
    """

    wall_seconds: float
    cpu_seconds: float
    encoded: int
    disk_bytes: int
    memory_before: int
    memory_after: int
    memory_peak: int


class Ranked(Frozen):
    """One question with what is relevant and what was ranked for it, best first, so that a run can be measured by itself.

    ``question`` are the words that were searched with. Seconds are of the whole, wall and CPU, and by stage.
    """

    id: str
    question: str
    document: str | None = None
    relevant: dict[str, int]
    ranking: tuple[tuple[str, float], ...]
    stage_scores: tuple[dict[str, float], ...] = Field(default=(), description="of the first passages, in their order")
    wall_seconds: float = Field(ge=0)
    cpu_seconds: float = Field(ge=0)
    stage_seconds: dict[str, float] = Field(default_factory=dict)


class RetrievalFolder(Folder[RetrievalManifest, Ranked]):
    """A retrieval run on disk."""

    manifest_model = RetrievalManifest
    result_model = Ranked

    @property
    def build(self) -> Build | None:
        """What the index took when this run was started; None for a run that was read from a TREC file."""
        path = self.path / BUILD
        if not path.is_file():
            return None
        try:
            return Build.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise InputError(f"{path} was not written by this program: {error.errors()[0]['msg']}") from error

    def keep_build(self, build: Build) -> None:
        """Keep what the index took, once: a run that goes on finds it built."""
        path = self.path / BUILD
        if not path.exists():
            path.write_text(build.model_dump_json(indent=2) + "\n", encoding="utf-8")


def kind_of(path: Path) -> str | None:
    """What kind of run a folder holds. None for whatever else; opening it says what is wrong with it."""
    try:
        return str(json.loads((path / MANIFEST).read_bytes())["kind"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
