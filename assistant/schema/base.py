"""What every noun of the project shares."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints


class Frozen(BaseModel):
    """A value that cannot be changed afterwards and refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=120)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Jurisdiction = Literal["uk", "eu", "us"]
Use = Literal["session", "messaging", "reminders", "notes", "storage"]
Clients = Literal["adults", "minors"]
Feature = Literal["recording", "transcription", "ai"]

JURISDICTIONS: tuple[Jurisdiction, ...] = ("uk", "eu", "us")
USES: tuple[Use, ...] = ("session", "messaging", "reminders", "notes", "storage")
