"""Products of matrices in one thread, which must be said before numpy is imported.

A question is held against some ten thousand vectors, a millisecond's work. Several threads divide it and then wait for each other by
spinning, which on a machine in use costs a multiple of what it saves. Whoever sets a number keeps it.
"""

from __future__ import annotations

import os

_SWITCHES = ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")  # numpy's on Linux and Windows, and on Apple's processors


def multiply_in_one_thread() -> None:
    """For this process and those it starts."""
    for name in _SWITCHES:
        os.environ.setdefault(name, "1")
