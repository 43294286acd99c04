"""The project's files state facts in their own words: no run of twelve words stands like that in an official text."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.places import CHECKOUT
from tests.strictness import require
from tests.tracked import tracked_text_files

CHECKED = {".md", ".html", ".yaml", ".yml", ".json", ".jsonl", ".txt", ".csv", ".toml", ".py"}
RUN = 12


def test_of_all_files_only_a_planted_one_copies_a_run_of_words(shared: Path, tmp_path: Path) -> None:
    """The planted one shows that the check compares with something."""
    check, official = shared / "tools" / "verbatim_check.py", shared / "sources" / "law" / "wp248-dpia-guidelines.md"
    require(check.is_file() and official.is_file(), "../shared holds no check of copied words, or no official text")
    planted = tmp_path / "planted.md"
    planted.write_text(" ".join(re.findall(r"[A-Za-z0-9]+", official.read_text(encoding="utf-8"))[1000 : 1000 + RUN]), encoding="utf-8")
    files = [path for path in tracked_text_files() if path.suffix in CHECKED]

    command = [sys.executable, str(check), "--words", str(RUN), str(planted), *(str(path.relative_to(CHECKOUT)) for path in files)]
    result = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=300)

    *found, total = result.stdout.splitlines()
    assert [line.split(": ")[0] for line in found] == [str(planted)], result.stdout + result.stderr
    assert total.startswith("1 copied run(s)")
