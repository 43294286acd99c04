"""The encoders and the reranker that settings ask for; each is loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.index.encoders import make_encoder
from assistant.index.model_files import BGE_MODEL, is_installed
from assistant.settings import EMBEDDED_ENCODER, SECOND_ENCODER, RetrievalProfile, RetrievalSettings

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder
    from assistant.index.reranker import Reranker

_ALONE = {EMBEDDED_ENCODER: 30.0, SECOND_ENCODER: 54.0}  # what a cosine of 1 counts for, in BM25 points; its cosines lie closer together


def make_encoders(settings: RetrievalSettings) -> dict[str, Encoder]:
    """By the names the settings use. Raises ModelError if one's files are missing or are not the ones expected."""
    return {name: make_encoder(name) for name in settings.encoders}


def encoders_with(first: Encoder, settings: RetrievalSettings) -> dict[str, Encoder]:
    """``first``, which also compares questions with anchors, under the first name the settings use, and the others after it."""
    return {name: make_encoder(name) if number else first for number, name in enumerate(settings.encoders)}


def make_reranker(settings: RetrievalSettings) -> Reranker | None:
    """None if the settings ask for none."""
    from assistant.index.reranker import CrossEncoder

    return CrossEncoder() if settings.rerank_depth and "rerank" not in settings.without else None


def settings_for(encoder: str, profile: RetrievalProfile) -> RetrievalSettings:
    """The profile with the embedding model that was chosen.

    The profiles are made for MiniLM and the extra models beside it; without those only ``fast`` can be had. Any other model ranks alone.
    """
    if encoder != EMBEDDED_ENCODER:
        alone = RetrievalSettings.for_profile("fast")
        return alone.model_copy(update={"encoders": (encoder,), "dense_weights": (_ALONE.get(encoder, _ALONE[EMBEDDED_ENCODER]),)})
    return RetrievalSettings.for_profile(profile if is_installed(BGE_MODEL) else "fast")
