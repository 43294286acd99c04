"""Run a program with the network cut off: nothing but this machine's loopback can be reached.

Where the system permits it, in a network namespace that holds nothing else, which native code cannot get around. Elsewhere
Python's own sockets are guarded.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.places import CHECKOUT

# Inside the namespace the loopback is down at first: 0x8914 is SIOCSIFFLAGS, 0x1 is IFF_UP.
_LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    fcntl.ioctl(control, 0x8914, struct.pack("16sH22x", b"lo", 0x1))
os.execv(sys.argv[1], sys.argv[1:])
"""

_GUARD = """
import socket

def is_near(address):
    return not isinstance(address, tuple) or address[0] in ("127.0.0.1", "::1", "localhost")

def guarded(method):
    def call(self, address, *rest):
        if not is_near(address):
            raise OSError(101, "the network is cut off for this test")
        return method(self, address, *rest)
    return call

class CutOffSocket(socket.socket):
    connect = guarded(socket.socket.connect)
    connect_ex = guarded(socket.socket.connect_ex)

look_up = socket.getaddrinfo

def guarded_look_up(host, *rest, **named):
    if host not in (None, "", "127.0.0.1", "::1", "localhost", "0.0.0.0"):
        raise socket.gaierror(-3, "the network is cut off for this test")
    return look_up(host, *rest, **named)

socket.socket = CutOffSocket
socket.getaddrinfo = guarded_look_up
"""


def run_cut_off(arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``python ARGUMENTS`` in ``folder`` without a network, with this environment and nothing of the present one.

    Where no namespace can be had the guard is written into the folder.
    """
    prefix, search_path = _namespace(), [str(CHECKOUT)]
    if prefix is None:
        (folder / "sitecustomize.py").write_text(_GUARD, encoding="utf-8")
        prefix, search_path = (), [str(folder), *search_path]
    return subprocess.run(
        [*prefix, sys.executable, *arguments],
        cwd=folder,
        env={**environment, "PYTHONPATH": os.pathsep.join(search_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


@cache
def _namespace() -> tuple[str, ...] | None:
    """What to put before a command so that it runs in a network namespace of its own; None where that is not permitted."""
    unshare = shutil.which("unshare")
    for flags in ("-rn", "-n"):
        if unshare:
            prefix = (unshare, flags, sys.executable, "-c", _LOOPBACK_UP)
            if subprocess.run([*prefix, sys.executable, "-c", ""], capture_output=True, timeout=60).returncode == 0:
                return prefix
    return None
