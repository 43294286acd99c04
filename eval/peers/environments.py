"""An environment for each peer, made on first use from the versions in ``<peer>.txt`` beside this file."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from assistant.errors import AssistantError

_READY = "ready"
_CODE = ("__init__.py", "peers/__init__.py")


@dataclass(frozen=True)
class Environment:
    """A Python with what a peer needs, the folder that the workers are imported from, and how many distributions it holds."""

    python: Path
    code: Path
    distributions: int
    bytes: int


def prepare(peer: str, cache: Path, report: Callable[[str], None]) -> Environment:
    """The environment of a peer, made if it is not there or its versions have changed.

    Raises AssistantError if it cannot be made: without a network, or where a version cannot be had.
    """
    requirements = files("eval.peers").joinpath(f"{peer}.txt").read_bytes()
    folder, code = cache / "environments" / peer, _copy_workers(cache / "code")
    marker = folder / _READY
    digest = hashlib.sha256(requirements).hexdigest()
    if not marker.is_file() or marker.read_text(encoding="ascii") != digest:
        report(f"Setting up {peer}, once …")
        _make(peer, folder, requirements.decode())
        marker.write_text(digest, encoding="ascii")
    names = [line for line in requirements.decode().splitlines() if "==" in line]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return Environment(folder / "bin" / "python", code, len(names), size)


def own_environment() -> Environment:
    """The environment that this program runs in, for its own row."""
    return Environment(Path(sys.executable), Path(str(files("eval"))).parent, 0, 0)


def variables() -> dict[str, str]:
    """What every worker runs under: one thread, no hub, no telemetry. What was set for one numpy build is not handed to another."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENBLAS_", "PYTHONPATH"))}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
    quiet = {
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "ANONYMIZED_TELEMETRY": "False",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "ALLOW_RESOLVE_TRANSFORM": "True",  # txtai finds eval.peers.workers.given_vectors by its name only where this allows it
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONUTF8": "1",
    }
    return kept | threads | quiet


def _make(peer: str, folder: Path, requirements: str) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    listed = folder.parent / f"{peer}.txt"
    listed.write_text(requirements, encoding="utf-8")
    # torch goes first: asked for by its number it may be had as a small build, as a dependency of others it brings everything
    first = [line for line in requirements.splitlines() if line.startswith("torch==")]
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    steps = [[sys.executable, "-m", "venv", str(folder)], *([[*pip, *first]] if first else []), [*pip, "-r", str(listed)]]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise AssistantError(f"The environment of {peer} cannot be made: {reason}")


def _copy_workers(code: Path) -> Path:
    """A folder with the workers alone: to import them from here would put this program's packages on the peers' path too."""
    package = files("eval")
    for name in _CODE:
        _copy(Path(str(package.joinpath(name))), code / "eval" / name)
    for source in Path(str(package.joinpath("peers/workers"))).glob("*.py"):
        _copy(source, code / "eval" / "peers" / "workers" / source.name)
    return code


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
