"""What a test may do without: locally it is skipped then, in CI it fails, so that nothing goes untested unnoticed."""

from __future__ import annotations

import os

import pytest


def require(condition: object, reason: str) -> None:
    """Skip the running test unless the condition holds; with CLAUSEWISE_TEST_STRICT=1 fail it. ``reason`` says what is missing."""
    if condition:
        return
    if os.environ.get("CLAUSEWISE_TEST_STRICT") == "1":
        pytest.fail(f"{reason}, and CLAUSEWISE_TEST_STRICT=1 allows no skipping", pytrace=False)
    pytest.skip(reason)
