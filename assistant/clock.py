"""The one clock. It is passed in, so that no test and no answer depends on the day it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Clock(Protocol):
    def today(self) -> date: ...


class SystemClock:
    """The machine's local date."""

    def today(self) -> date:
        return date.today()


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still."""

    day: date

    def today(self) -> date:
        return self.day
