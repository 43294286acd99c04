"""What it takes to import many files: CPU seconds and memory of 1,000 files parsed and stored, and of 100 of them embedded.

`python -m eval.bench.importing FOLDER` takes the Markdown and HTML files below a folder again and again, each time with a line of its
own, until there are enough. It works in a folder of its own and goes on where it was interrupted; `--work` names that folder.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

BATCH = 50
SUFFIXES = (".md", ".html")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with Markdown and HTML files")
    parser.add_argument("--work", type=Path, default=Path("bench-importing"), help="folder of the run, new or interrupted")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--embedded", type=int, default=100)
    given = parser.parse_args()
    originals = sorted(path for path in given.folder.rglob("*") if path.suffix in SUFFIXES and path.stat().st_size > 2_000)
    if not originals:
        parser.error(f"{given.folder} holds no {' or '.join(SUFFIXES)} file")
    state = _State(given.work / "state.json")
    environment = {**os.environ, "CLAUSEWISE_HOME": str(given.work / "home")}
    if "shipped" not in state.parts:
        given.work.mkdir(parents=True, exist_ok=True)
        state.note("shipped", _run(["index"], environment))
    for number in range(0, given.files, BATCH):
        name = f"batch-{number // BATCH:03}"
        if name not in state.parts:
            folder = _write_batch(given.work / name, originals, range(number, min(number + BATCH, given.files)))
            state.note(name, _run(["import", str(folder), "--no-index", "--json"], environment))
    if "embedded" not in state.parts:
        ids = [source for part in state.parts.values() for source in part["sources"]][: given.embedded]
        state.note("embedded", _run(["sources", "index", *ids], environment))
    if "asked" not in state.parts:
        state.note("asked", _run(["ask", "Is Zoom safe for therapy?", "--json"], environment))
    print(json.dumps(_figures(state.parts, given.work / "home", given.files), indent=2))


class _State:
    """What was done and measured so far, kept after every part."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.parts: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.is_file() else {}

    def note(self, name: str, figures: dict[str, Any]) -> None:
        self.parts[name] = figures
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(self.parts))
        draft.replace(self._path)


def _write_batch(folder: Path, originals: list[Path], numbers: range) -> Path:
    """Copies of the files, each with a line that no other has, so that every one is a source of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        original = originals[number % len(originals)]
        line = f"This is the text number {number} of a measurement."
        words = f"\n\n{line}\n" if original.suffix == ".md" else f"\n<p>{line}</p>\n"
        (folder / f"text {number:04}{original.suffix}").write_bytes(original.read_bytes() + words.encode())
    return folder


def _run(arguments: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """Run a command in a process of its own: its CPU seconds, its greatest memory, and what an import said of itself."""
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen([sys.executable, "-m", "assistant", *arguments], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"clausewise {' '.join(arguments[:2])} failed with {os.waitstatus_to_exitcode(status)}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(printed) if arguments[0] == "import" else {}
    return {
        "cpu_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "seconds": time.monotonic() - start,
        "peak_megabytes": usage.ru_maxrss / 1024,
        "files": report.get("read", 0),
        "clauses": report.get("clauses", 0),
        "sources": [source["source"] for source in report.get("sources", [])],
    }


def _figures(parts: dict[str, dict[str, Any]], home: Path, files: int) -> dict[str, Any]:
    batches = [part for name, part in parts.items() if name.startswith("batch-")]
    cpu = sum(part["cpu_seconds"] for part in batches)
    clauses = sum(part["clauses"] for part in batches)
    return {
        "files_stored": sum(part["files"] for part in batches),
        "files_left_out": files - sum(part["files"] for part in batches),
        "clauses": clauses,
        "import_cpu_seconds": round(cpu, 1),
        "clauses_per_cpu_second": round(clauses / cpu, 1),
        "first_and_last_batch_cpu_seconds": [round(batches[0]["cpu_seconds"], 1), round(batches[-1]["cpu_seconds"], 1)],
        "import_peak_megabytes": round(max(part["peak_megabytes"] for part in batches)),
        "embedding_cpu_seconds": round(parts["embedded"]["cpu_seconds"], 1),
        "embedding_peak_megabytes": round(parts["embedded"]["peak_megabytes"]),
        "cold_ask_cpu_seconds": round(parts["asked"]["cpu_seconds"], 1),
        "cold_ask_peak_megabytes": round(parts["asked"]["peak_megabytes"]),
        "store_megabytes": round((home / "clausewise.sqlite3").stat().st_size / 2**20),
    }


if __name__ == "__main__":
    main()
