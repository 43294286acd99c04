"""What the rest of the program knows of a language model: a prompt in, pieces of text out, and what the call took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Prompt:
    """What a model is told. ``schema``: the JSON Schema of the reply, for providers that can hold a model to one."""

    system: str
    user: str
    schema: Mapping[str, Any]


@dataclass
class Exchange:
    """What one answer took of the model, filled in while it is written. Tokens are None where the provider does not tell.

    ``cut_short``: the reply ended at its longest length; what is complete of it can be used.
    """

    requests: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    cut_short: bool = False


class LanguageModel(Protocol):
    """A model that a person has set."""

    @property
    def name(self) -> str:
        """``provider:model``, as it was set."""
        ...

    def stream(self, prompt: Prompt, exchange: Exchange) -> Iterator[str]:
        """The reply, piece by piece as it comes. Closing the iterator ends the call.

        Raises ModelUnavailableError, ModelTimeoutError or ModelReplyError; never any other error.
        """
        ...
