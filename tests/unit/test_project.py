"""What holds for the project as a whole: its layers, the size of its modules, and what no file may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import CHECKOUT
from tests.strictness import require
from tests.tracked import tracked_text_files

# Each line may import the lines above it and nothing of its own line but itself. A new part needs a place here.
LAYERS = (
    {"errors", "clock", "locators", "no_telemetry", "one_thread"},
    {"schema"},
    {"twins"},
    {"standing"},
    {"settings", "dating"},
    {"store"},
    {"ingest", "index", "llm", "guard", "records"},
    {"library", "verify"},
    {"sources"},
    {"assess"},
    {"converse"},
    {"report"},
    {"holdings", "outcome"},
    {"answering"},
    {"assistant"},
    {"interfaces"},
    {"__main__"},
)
RANKS = {part: rank for rank, layer in enumerate(LAYERS) for part in layer}
LONGEST_MODULE = 500

# Folders that build machines and people's homes lie in, where a word or a quotation starts.
MACHINE_PATH = re.compile(r"""(?:^|[\s"'`=(])/(?:(?:work|farm|root|tmp/bash_jobs)(?:/|$)|(?:home|Users)/\w)""", re.MULTILINE)
REGISTRY_HOST = re.compile(
    r"\b(?:[\w-]+\.)*(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com|deb\.debian\.org)\b", re.IGNORECASE
)


def modules(package: str) -> list[Path]:
    return sorted((CHECKOUT / package).rglob("*.py"))


def imported_modules(path: Path) -> Iterator[str]:
    """Full names of what a module imports, for type checking and inside functions too; ``from a import b`` gives ``a`` and ``a.b``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(module: str) -> str | None:
    """The part of ``assistant`` a module belongs to: ``assistant.store.lock`` is of ``store``; None for anything else."""
    package, _, rest = module.partition(".")
    part = rest.split(".")[0]
    is_part = (CHECKOUT / "assistant" / part).is_dir() or (CHECKOUT / "assistant" / f"{part}.py").is_file()
    return part if package == "assistant" and part and is_part else None


def own_part(path: Path) -> str:
    return path.relative_to(CHECKOUT / "assistant").parts[0].removesuffix(".py")


def test_every_part_of_the_assistant_has_its_layer() -> None:
    parts = {own_part(path) for path in modules("assistant")} - {"__init__"}
    assert parts <= RANKS.keys()


def test_imports_run_one_way() -> None:
    wrong = [
        f"{path.relative_to(CHECKOUT)} imports {name}"
        for path in modules("assistant")
        if (own := own_part(path)) in RANKS
        for name in imported_modules(path)
        if (part := part_of(name)) and part != own and RANKS.get(part, 0) >= RANKS[own]
    ]
    assert wrong == []


def test_the_assistant_and_the_knowledge_do_not_import_the_evaluation_or_the_tests() -> None:
    wrong = [
        f"{path.relative_to(CHECKOUT)} imports {name}"
        for path in [*modules("assistant"), *modules("knowledge")]
        for name in imported_modules(path)
        if name.split(".")[0] in ("eval", "tests")
    ]
    assert wrong == []


def test_nothing_but_the_start_of_the_program_imports_an_interface() -> None:
    others = [path for path in [*modules("assistant"), *modules("eval")] if own_or_outside(path) not in ("interfaces", "__main__")]
    wrong = [
        f"{path.relative_to(CHECKOUT)} imports {name}"
        for path in others
        for name in imported_modules(path)
        if part_of(name) == "interfaces"
    ]
    assert wrong == []


def own_or_outside(path: Path) -> str | None:
    return own_part(path) if path.is_relative_to(CHECKOUT / "assistant") else None


def test_modules_are_short_enough_to_read() -> None:
    lengths = {path.relative_to(CHECKOUT): len(path.read_text(encoding="utf-8").splitlines()) for path in modules("assistant")}
    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_file_names_a_path_of_one_machine() -> None:
    assert list(matches(MACHINE_PATH)) == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert list(matches(REGISTRY_HOST)) == []


def test_no_file_names_the_package_index_that_this_machine_is_set_up_with() -> None:
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, timeout=60)
    require(listed.returncode == 0, "pip cannot be asked for its settings")
    hosts = set(re.findall(r"https?://(?:[^/@\s]*@)?([\w.-]+\.[a-z]+)", listed.stdout))
    assert [found for host in hosts for found in matches(re.compile(re.escape(host)))] == []


def matches(pattern: re.Pattern[str]) -> Iterator[str]:
    for path in tracked_text_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        for match in pattern.finditer(text):
            yield f"{path.relative_to(CHECKOUT)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group().strip()}"


@pytest.mark.parametrize("folder", ["work", "root", "home"])
@pytest.mark.parametrize(
    "text, found",
    [("cd /{}/ann", True), ('open("/{}/ann")', True), ("../{}/ann", False), ("what /{}-flow is", False), ("a {}/ann", False)],
)
def test_a_path_of_one_machine_is_told_from_other_text(text: str, folder: str, found: bool) -> None:
    assert bool(MACHINE_PATH.search(text.format(folder))) is found


def test_the_make_targets_that_the_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    documents = [path for path in tracked_text_files() if path.suffix == ".md" and not path.is_relative_to(CHECKOUT / "knowledge")]
    # In running text "make" is an English word: only code, indented or between backticks, counts.
    named = {target for path in documents for target in re.findall(r"(?:^ {4,}|^|`)make ([a-z]+)\b", code_in(path), re.MULTILINE)}
    assert named <= targets


def code_in(document: Path) -> str:
    """The fenced blocks and the code spans of a Markdown file, each from the start of a line."""
    text = document.read_text(encoding="utf-8")
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)
    return "\n".join([*blocks, *spans])
