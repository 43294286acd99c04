"""The encoders and the reranker that settings ask for; each is loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.index.encoders import make_encoder

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.index.encoders import Encoder
    from assistant.index.reranker import Reranker
    from assistant.settings import RetrievalSettings


def make_encoders(settings: RetrievalSettings, models: Path | None = None) -> dict[str, Encoder]:
    """By the names the settings use; ``models`` as in ``make_encoder``."""
    return {name: make_encoder(name, models) for name in settings.encoders}


def encoders_with(first: Encoder, settings: RetrievalSettings) -> dict[str, Encoder]:
    """``first``, which also compares questions with anchors, under the first name the settings use, and the others after it."""
    return {name: make_encoder(name) if number else first for number, name in enumerate(settings.encoders)}


def make_reranker(settings: RetrievalSettings) -> Reranker | None:
    """None if the settings ask for none."""
    from assistant.index.reranker import CrossEncoder

    return CrossEncoder() if settings.rerank_depth and "rerank" not in settings.without else None
