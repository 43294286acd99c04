"""Matrices are multiplied in one thread, in a fresh process, unless somebody wants more."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.places import CHECKOUT

COUNT = "import assistant, numpy, threadpoolctl; print(*{pool['num_threads'] for pool in threadpoolctl.threadpool_info()})"


@pytest.mark.parametrize("wanted, threads", [(None, "1"), ("2", "2")])
def test_numpy_multiplies_in_as_many_threads_as_are_wanted(wanted: str | None, threads: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    if wanted:
        environment["OPENBLAS_NUM_THREADS"] = wanted
    command = [sys.executable, "-c", COUNT]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.split() in ([threads], [])  # [] where numpy brings no library of threads
