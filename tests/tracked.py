"""The project's own text files: those in version control, and those about to be."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from tests.places import CHECKOUT
from tests.strictness import require


@cache
def _listing() -> tuple[int, str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    except OSError:
        return 1, ""
    return listed.returncode, listed.stdout


def tracked_text_files() -> list[Path]:
    """Their full paths, sorted. Skips (strict: fails) the calling test where git or its folder is missing."""
    code, names = _listing()
    require(code == 0 and names, "the checkout is not a git repository")
    paths = (CHECKOUT / name for name in sorted(names.split("\0")) if name)
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8_000]]
