"""The wheel, built from the checkout and installed elsewhere, works without the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.places import CHECKOUT
from tests.tracked import tracked_text_files

PACKAGES = ("assistant", "knowledge", "eval")


def run(*command: str | Path, cwd: Path, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """What a program printed; nothing on this process's search path reaches it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(command, cwd=cwd, env=inherited | (environment or {}), stdin=subprocess.DEVNULL, capture_output=True, text=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built without a build environment of its own, which would need a network."""
    folder = tmp_path_factory.mktemp("dist")
    options = ["--no-deps", "--no-build-isolation", "--no-cache-dir", "--disable-pip-version-check", "--wheel-dir", str(folder)]
    built = run(sys.executable, "-m", "pip", "wheel", *options, CHECKOUT, cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds the wheel; the dependencies it sees are those of the environment the tests run in."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(folder, with_pip=False, symlinks=os.name == "posix")
    options = ["--no-deps", "--no-index", "--disable-pip-version-check"]
    installed = run(sys.executable, "-m", "pip", "--python", folder, "install", *options, wheel, cwd=folder)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    # A folder named in a .pth file is searched, but the .pth files in it are not read: the editable install stays out of sight.
    site_packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    dependencies = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site_packages / "dependencies.pth").write_text("".join(f"{path}\n" for path in sorted(dependencies)), encoding="utf-8")
    return folder


def program(folder: Path, name: str) -> Path:
    return folder / ("Scripts" if os.name == "nt" else "bin") / name


def test_wheel_holds_the_three_packages_and_nothing_else(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    (info,) = (top for top in tops if top.endswith(".dist-info"))
    assert tops == {*PACKAGES, info}
    assert [name for name in names if "test" in Path(name).name.split(".")[0].split("_") or name.endswith((".pyc", ".sqlite3"))] == []


def test_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    own = {path.relative_to(CHECKOUT).as_posix() for path in tracked_text_files() if path.relative_to(CHECKOUT).parts[0] in PACKAGES}
    packed = set(ZipFile(wheel).namelist())
    assert "knowledge/criteria.yaml" in own
    assert own - packed == set()


def test_wheel_names_its_licence_and_its_command(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        metadata = next(archive.read(name).decode() for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        assert any(name.endswith(".dist-info/licenses/LICENSE") for name in archive.namelist())
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_installed_packages_lie_in_the_new_environment(elsewhere: Path, tmp_path: Path) -> None:
    """The checkout is hidden: neither the packages nor anything else of it can be imported."""
    code = "import json, sys, assistant, knowledge, eval; print(json.dumps([[m.__file__ for m in (assistant, knowledge, eval)], sys.path]))"
    shown = run(program(elsewhere, "python"), "-c", code, cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    files, search_path = json.loads(shown.stdout)
    assert all(Path(file).is_relative_to(elsewhere) for file in files)
    assert str(CHECKOUT) not in search_path


def test_installed_command_says_its_version(elsewhere: Path, tmp_path: Path) -> None:
    shown = run(program(elsewhere, "clausewise"), "--version", cwd=tmp_path)
    version = (CHECKOUT / "assistant" / "__init__.py").read_text(encoding="utf-8").split('__version__ = "')[1].split('"')[0]
    assert (shown.returncode, shown.stdout.strip()) == (0, f"clausewise {version}")


def test_installed_command_answers_with_a_verdict_and_citations(elsewhere: Path, home: Path, tmp_path: Path) -> None:
    """There is no index yet: the first question builds it from the knowledge in the wheel. What was encoded once is at hand."""
    (tmp_path / "home").mkdir()
    shutil.copy(home / "vectors.sqlite3", tmp_path / "home")
    answered = run(
        program(elsewhere, "clausewise"),
        "ask",
        "Is Zoom safe for therapy?",
        "--json",
        cwd=tmp_path,
        environment={"CLAUSEWISE_HOME": str(tmp_path / "home")},
    )
    assert answered.returncode == 0, answered.stderr
    answer = json.loads(answered.stdout)
    assert answer["verdict"] in ("suitable", "suitable_on_conditions", "not_suitable", "not_enough_evidence")
    assert answer["verdicts"].keys() == {"zoom"}
    assert {citation["id"] for citation in answer["citations"]} >= {cited for claim in answer["claims"] for cited in claim["citations"]}
    assert any(citation["id"].startswith("zoom") for citation in answer["citations"])
    assert (tmp_path / "home" / "index" / "CURRENT").is_file()
