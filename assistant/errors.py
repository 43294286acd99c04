"""The errors raised on purpose.

    AssistantError
    ├── UsageError            exit code 2: the command or its options do not fit
    ├── InputError            exit code 3: what was given cannot be used
    │   ├── QuestionError         a question that cannot be read
    │   └── KnowledgeError        knowledge files with problems, each with file and line
    ├── StoreError            exit code 4: the store or the index cannot be used
    │   ├── StoreLockedError      another process is writing (try again)
    │   ├── StoreVersionError     written by a newer program
    │   └── IndexDamagedError     the index does not match the store (rebuilt on the next index run)
    └── ModelError            exit code 1: an embedding or language model cannot be used
        ├── ModelUnavailableError a language model that does not answer, or refuses to (some of these: try again)
        ├── ModelTimeoutError     a language model that took too long (try again)
        └── ModelReplyError       a reply that is not what was asked for

Not knowing is a result, never an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


class AssistantError(Exception):
    """Raised on purpose; its text is fit to be shown to the practitioner."""

    retryable: ClassVar[bool] = False
    exit_code: ClassVar[int] = 1


class UsageError(AssistantError):
    exit_code = 2


class InputError(AssistantError):
    exit_code = 3


class QuestionError(InputError):
    """The question is empty, too long, or holds no words."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a knowledge file, where it stands, and what to do about it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class KnowledgeError(InputError):
    """Knowledge files that do not hold together. ``problems`` lists every one found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__("\n".join([*map(str, self.problems), f"{count} problem{'s' if count != 1 else ''} in the knowledge files"]))


class StoreError(AssistantError):
    exit_code = 4


class StoreLockedError(StoreError):
    retryable = True

    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__(f"Another clausewise process is writing to {path.parent}. Waited {seconds:g} s; try again when it is done.")


class StoreVersionError(StoreError):
    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(f"{path} was written by a newer clausewise (format {found}; this one reads up to {known}). Update clausewise.")


class IndexDamagedError(StoreError):
    """The index folder is missing, incomplete or does not match the store; building it again mends it."""


class ModelError(AssistantError):
    """A model cannot be loaded or is not the one its hash names."""


class ModelUnavailableError(ModelError):
    """The language model cannot be reached or refuses the call. ``reason`` holds nothing of what was sent."""

    def __init__(self, model: str, reason: str, *, retryable: bool) -> None:
        self.retryable = retryable  # type: ignore[misc]  # of this one failure: a busy server may be asked again, a wrong key not
        super().__init__(f"{model} cannot be used now ({reason}). Check that it runs and that CLAUSEWISE_MODEL names it.")


class ModelTimeoutError(ModelError):
    retryable = True

    def __init__(self, model: str, seconds: float) -> None:
        super().__init__(f"{model} gave no whole answer within {seconds:g} s. Try again, or raise CLAUSEWISE_MODEL_TIMEOUT_SECONDS.")


class ModelReplyError(ModelError):
    """The language model sent something that cannot be read as claims."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(f"{model} sent a reply that cannot be used: {reason}.")
