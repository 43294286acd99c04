"""Where things lie, and the settings that go with a data folder."""

from __future__ import annotations

from pathlib import Path

from assistant.settings import Settings

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED = CHECKOUT.parent / "shared"


def as_shipped(home: Path) -> Settings:
    """The settings of somebody who has set nothing but where the data lies."""
    return Settings.from_environment({"CLAUSEWISE_HOME": str(home)})
