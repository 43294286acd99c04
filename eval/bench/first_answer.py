"""From a fresh clone to the first answer, in wall seconds: install, index, first answer; and what was installed.

`python -m eval.bench.first_answer [--repository PATH]` clones the repository into a temporary folder, sets it up with its own
Makefile and an empty data folder, and prints one JSON object. It takes minutes and installs about two gigabytes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

QUESTION = "Is Zoom safe for therapy?"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repository", type=Path, default=Path.cwd(), help="what to clone; the current folder if not given")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        environment = {**os.environ, "CLAUSEWISE_HOME": str(Path(folder) / "home")}
        program = str(clone / ".venv" / "bin" / "clausewise")
        steps = {
            "clone": ["git", "clone", "--quiet", str(arguments.repository), str(clone)],
            "install": ["make", "--silent", "-C", str(clone), ".venv/.ready-to-use"],
            "index": [program, "index"],
            "first answer": [program, "ask", QUESTION, "--json"],
            "second index, nothing changed": [program, "index"],
            "second answer": [program, "ask", QUESTION, "--json"],
        }
        seconds = {name: _timed(command, environment) for name, command in steps.items()}
        size = _size(clone / ".venv")
    print(json.dumps({"wall_seconds": seconds, "installed_megabytes": round(size / 1e6)}, indent=2))


def _timed(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return round(time.perf_counter() - start, 1)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    main()
