"""What a run was made with: code, settings, model, knowledge, questions and machine."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from assistant import __version__
from assistant.index.generation import open_current
from assistant.schema import Frozen, Knowledge
from assistant.settings import Settings
from assistant.store import Store
from eval.gold import SPLIT_SEED, GoldSet, Half

FORMAT: Literal[1] = 1
_GIT_SECONDS = 10
_CODE_PACKAGES = ("assistant", "eval")


class RunManifest(Frozen):
    """What the figures of a run of any kind depend on, without any path of the machine.

    ``commit`` and ``modified`` (whether files differed from it) are None outside a git checkout; ``code_sha256`` covers the
    Python files of the packages either way.
    """

    format: Literal[1] = FORMAT
    started: datetime
    questions: int
    version: str = __version__
    commit: str | None
    modified: bool | None
    code_sha256: str
    settings: dict[str, object]
    machine: dict[str, str | int]

    @property
    def title(self) -> str:
        """A few words that tell a run from others, fit for the name of a folder."""
        return "run"

    @property
    def identity(self) -> dict[str, object]:
        """What must be equal for two parts of a run to belong together: all but when, where and how many questions."""
        return self.model_dump(mode="json", exclude={"started", "questions", "commit", "modified", "machine"})


class Manifest(RunManifest):
    """A run over the gold questions. ``knowledge_sha256`` is over the knowledge files, ``content_sha256`` over the clauses they
    became, ``gold_sha256`` over each file of questions.
    """

    kind: Literal["gold"] = "gold"
    half: Half | Literal["all"]
    split_seed: int = SPLIT_SEED
    today: date
    today_is: Literal["given", "newest reading", "this day"]
    model: str
    knowledge_sha256: str | None
    content_sha256: str
    gold_sha256: dict[str, str]


def describe_run(
    settings: Settings,
    gold: GoldSet,
    *,
    half: Half | Literal["all"],
    questions: int,
    today: date,
    today_is: Literal["given", "newest reading", "this day"],
    started: datetime,
) -> Manifest:
    """The manifest of a run that is about to start, over a data folder that is up to date."""
    with Store(settings.database) as store:
        knowledge_sha256, content_sha256 = store.knowledge_digest, store.content_digest
    commit, modified = describe_checkout()
    return Manifest(
        started=started,
        half=half,
        questions=questions,
        today=today,
        today_is=today_is,
        commit=commit,
        modified=modified,
        code_sha256=own_code_digest(),
        settings=settings.model_dump(mode="json", exclude={"home"}),
        model=open_current(settings.index_folder).fingerprint,
        knowledge_sha256=knowledge_sha256,
        content_sha256=content_sha256,
        gold_sha256=dict(gold.sha256),
        machine=describe_machine(os.environ),
    )


def describe_checkout() -> tuple[str | None, bool | None]:
    """The commit, and whether files differ from it; None for both outside a git checkout."""
    commit = _git("rev-parse", "HEAD")
    changes = _git("status", "--porcelain") if commit else None
    return commit, None if changes is None else bool(changes)


def own_code_digest() -> str:
    """SHA-256 over the Python files that a figure depends on."""
    return code_digest(files(package) for package in _CODE_PACKAGES)


def newest_reading(knowledge: Knowledge) -> date | None:
    """The last day on which any held text was read; None where nothing is held."""
    return max((reading.date for versions in knowledge.versions.values() for entry in versions for reading in entry.read), default=None)


def code_digest(packages: Iterable[Traversable]) -> str:
    """SHA-256 over names and contents of the Python files of packages, whatever order the disk lists them in."""
    digest = hashlib.sha256()
    for package in packages:
        for name, entry in sorted(_python_files(package, package.name), key=lambda pair: pair[0]):
            digest.update(f"{name}\0{hashlib.sha256(entry.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def describe_machine(environment: Mapping[str, str]) -> dict[str, str | int]:
    """Processor, cores and versions; no names of hosts, users or folders. OMP_NUM_THREADS is named where it is set."""
    machine: dict[str, str | int] = {
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
    }
    if threads := environment.get("OMP_NUM_THREADS"):
        machine["omp_num_threads"] = threads
    return machine


def _processor() -> str:
    """The name of the processor; Linux tells it only in a file."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())


def _python_files(folder: Traversable, prefix: str) -> Iterable[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _python_files(entry, name)
        elif entry.name.endswith(".py"):
            yield name, entry


def _git(*arguments: str) -> str | None:
    """What git says about the folder the program runs from; None without git, a checkout or a commit. Changes nothing."""
    folder = Path(str(files("eval"))).parent
    command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_GIT_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
