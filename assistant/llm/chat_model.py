"""A LangChain chat model behind a time limit, a bounded number of tries, and our own errors."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from functools import cached_property
from queue import Empty, SimpleQueue
from typing import Any

from assistant.errors import ModelError, ModelReplyError, ModelTimeoutError, ModelUnavailableError
from assistant.llm.http import ReplyTooLongError
from assistant.llm.model import Exchange, Prompt
from assistant.llm.providers import Options, Provider
from assistant.settings import ModelSettings

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.5  # before the second try; twice as long before each further one
_NOT_UNDERSTOOD = (400, 404, 415, 422)  # what servers answer that know no JSON Schema
_BUSY = (408, 409, 425, 429)
_COMPLETE = ("stop", "end_turn", "stop_sequence")
_CUT_SHORT = ("length", "max_tokens")


class ChatModel:
    """One model at one address, as set; see LanguageModel. Everything set reaches every call, and nothing else is called."""

    def __init__(self, settings: ModelSettings, provider: Provider) -> None:
        self._settings = settings
        self._provider = provider
        self._address = settings.base_url or provider.address

    @property
    def name(self) -> str:
        return self._settings.name

    def stream(self, prompt: Prompt, exchange: Exchange) -> Iterator[str]:
        """The reply as it comes. A failure that may pass is tried again, within the time for all, as long as nothing came.

        Raises ModelUnavailableError, ModelTimeoutError or ModelReplyError.
        """
        deadline = time.monotonic() + self._settings.timeout_seconds
        schema: Mapping[str, Any] | None = prompt.schema
        pause = FIRST_PAUSE_SECONDS
        for tries_left in range(self._settings.retries, -1, -1):
            came = False
            try:
                for piece in self._try_once(prompt, schema, exchange, deadline):
                    came = True
                    yield piece
                return
            except _NotUnderstoodError as error:
                if tries_left == 0 or schema is None:
                    raise ModelUnavailableError(self.name, str(error), retryable=False) from error
                schema = None  # perhaps it only knows no schema
            except ModelError as error:
                if came or tries_left == 0 or not error.retryable or time.monotonic() + pause >= deadline:
                    raise
                time.sleep(pause)
                pause *= 2

    def _try_once(self, prompt: Prompt, schema: Mapping[str, Any] | None, exchange: Exchange, deadline: float) -> Iterator[str]:
        """One call, in a thread of its own: a server that trickles signs of life and no words must not hold us."""
        exchange.requests += 1
        chunks: SimpleQueue[Any] = SimpleQueue()
        given_up = threading.Event()
        options = self._provider.hold_to(self._settings, schema)
        arguments = (self._model, prompt, options, chunks, given_up)
        threading.Thread(target=_receive, args=arguments, name="language model", daemon=True).start()
        reason: str | None = None
        try:
            while (chunk := self._next(chunks, deadline)) is not None:
                _note_usage(exchange, chunk)
                reason = _finish_reason(chunk) or reason
                if text := chunk.text:
                    yield str(text)
        finally:
            given_up.set()
        if reason not in (*_COMPLETE, *_CUT_SHORT):
            raise ModelReplyError(self.name, "it broke off")
        exchange.cut_short = reason in _CUT_SHORT

    def _next(self, chunks: SimpleQueue[Any], deadline: float) -> Any:
        """The next chunk, None after the last one; what failed in the thread is raised here."""
        try:
            found = chunks.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            raise ModelTimeoutError(self.name, self._settings.timeout_seconds) from None
        if isinstance(found, Exception):
            raise self._explained(found) from found
        return found

    def _explained(self, error: Exception) -> Exception:
        """Our error for one of the client's. Its own words are left out: they may repeat what was sent."""
        status = getattr(error, "status_code", None)
        kind = type(error).__name__
        log.info("%s failed: %s %s", self.name, kind, status or "")
        if isinstance(error, ReplyTooLongError):
            return ModelReplyError(self.name, str(error))
        if isinstance(status, int) and status in _NOT_UNDERSTOOD:
            return _NotUnderstoodError(f"status {status}")
        if isinstance(status, int) and status >= 300:
            return ModelUnavailableError(self.name, f"status {status}", retryable=status in _BUSY or status >= 500)
        if "Timeout" in kind:
            return ModelTimeoutError(self.name, self._settings.timeout_seconds)
        if "Connect" in kind or isinstance(error, OSError):
            return ModelUnavailableError(self.name, "no connection", retryable=True)
        if "Protocol" in kind or "ReadError" in kind:
            return ModelReplyError(self.name, "it broke off")
        return ModelReplyError(self.name, f"its form is wrong ({kind})")

    @cached_property
    def _model(self) -> Any:
        try:
            return self._provider.build(self._settings, self._address)
        except Exception as error:  # whatever a client raises about its own options
            raise ModelUnavailableError(self.name, f"it cannot be set up: {type(error).__name__}", retryable=False) from error


class _NotUnderstoodError(Exception):
    """The server refuses the form of the call."""


def _receive(model: Any, prompt: Prompt, options: Options, chunks: SimpleQueue[Any], given_up: threading.Event) -> None:
    """Put every chunk of a reply into the queue, then None, or the error instead. Stops after the chunk at which it was given up."""
    from langsmith import tracing_context

    try:
        with tracing_context(enabled=False):
            for chunk in model.stream([("system", prompt.system), ("human", prompt.user)], config={"callbacks": []}, **options):
                if given_up.is_set():
                    return
                chunks.put(chunk)
        chunks.put(None)
    except Exception as error:  # whatever a client raises is told to the waiting side, which turns it into ours
        chunks.put(error)


def _note_usage(exchange: Exchange, chunk: Any) -> None:
    """Clients tell tokens in one chunk, or in several that add up."""
    if used := chunk.usage_metadata:
        exchange.input_tokens = (exchange.input_tokens or 0) + used["input_tokens"]
        exchange.output_tokens = (exchange.output_tokens or 0) + used["output_tokens"]


def _finish_reason(chunk: Any) -> str | None:
    told = chunk.response_metadata
    reason = told.get("finish_reason") or told.get("stop_reason") or told.get("done_reason")
    return str(reason) if reason else None
