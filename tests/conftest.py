"""What the tests share. The marks follow the folders; nothing here reads today's date or the user's own data."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest
from filelock import FileLock

from assistant.assistant import Assistant
from assistant.clock import FixedClock
from tests.places import CHECKOUT, SHARED, as_shipped
from tests.strictness import require

TODAY = date(2026, 12, 1)  # after every date in the shipped knowledge files
KINDS = ("unit", "integration", "browser")


class CommandLine(Protocol):
    """Runs ``clausewise`` in a process of its own and returns what it printed, its exit code unchecked."""

    def __call__(
        self, *arguments: str, stdin: str | None = None, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test with the kind its folder names."""
    for item in items:
        kind = item.path.relative_to(CHECKOUT / "tests").parts[0]
        if kind in KINDS:
            item.add_marker(kind)


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees, or writes to, what the person at this machine has set or holds."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CLAUSEWISE_") and name != "CLAUSEWISE_TEST_STRICT"]:
            patch.delenv(name)
        patch.setenv("CLAUSEWISE_HOME", str(tmp_path_factory.mktemp("nobody")))
        yield


@pytest.fixture(scope="session")
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A data folder with the shipped knowledge in store and index, made once for all workers. For reading: see ``own_home``.

    What was encoded is kept in pytest's cache, by model and text, so that only the first run on a machine encodes everything.
    """
    base = tmp_path_factory.getbasetemp()
    settings = as_shipped((base if worker_id == "master" else base.parent) / "home")
    kept = request.config.cache.mkdir("clausewise") / settings.vector_cache.name
    with FileLock(f"{settings.home}.lock"):
        settings.home.mkdir(exist_ok=True)
        if kept.is_file() and not settings.vector_cache.exists():
            shutil.copy(kept, settings.vector_cache)
        Assistant.open(settings, clock=FixedClock(TODAY))
        shutil.copy(settings.vector_cache, kept)
    return settings.home


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A copy of ``home`` that the test may change."""
    return Path(shutil.copytree(home, tmp_path / "home"))


@pytest.fixture(scope="session")
def assistant(home: Path) -> Assistant:
    """The assistant over ``home``, on the day ``TODAY``."""
    return Assistant.open(as_shipped(home), clock=FixedClock(TODAY))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of sources and benchmarks beside the checkout."""
    require(SHARED.is_dir(), "there is no folder ../shared beside the checkout")
    return SHARED


@pytest.fixture
def clausewise(home: Path) -> CommandLine:
    """The command line over ``home``."""

    def run(*arguments: str, stdin: str | None = None, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        settings = {**os.environ, "CLAUSEWISE_HOME": str(home), "PYTHONUTF8": "1", **(environment or {})}
        command = [sys.executable, "-m", "assistant", *arguments]
        return subprocess.run(command, cwd=CHECKOUT, env=settings, input=stdin or "", capture_output=True, text=True, timeout=300)

    return run
