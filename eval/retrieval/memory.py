"""Resident memory of this process, in bytes, and the size of folders."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def resident() -> int:
    """What is in memory now; where the system does not tell, the most that was."""
    return _from_status("VmRSS") or peak()


def peak() -> int:
    """The most that was in memory since the process began."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return _from_status("VmHWM") or (most if sys.platform == "darwin" else most * 1024)


def folder_size(folder: Path) -> int:
    """Bytes of the files below a folder, as they are read; 0 if there is none."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _from_status(name: str) -> int:
    """A value of Linux's own account in bytes, or 0. ru_maxrss would count what the parent held before this program began."""
    try:
        lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    line = next((line for line in lines if line.startswith(f"{name}:")), "")
    return int(line.split()[1]) * 1024 if line else 0
