"""What can be configured. Built once at the rim (command line, page, evaluation) and passed down; nothing else reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt, SecretStr, field_validator

from assistant.schema import Frozen, Jurisdiction

EMBEDDED_ENCODER = "minilm"


RetrievalProfile = Literal["fast", "default", "best"]
StageName = Literal["analysis", "filter", "bm25", "dense", "fusion", "context", "rerank", "diversity"]


class RetrievalSettings(Frozen):
    """How passages are ranked; ``for_profile`` gives the three groups that docs/retrieval.md measures."""

    profile: RetrievalProfile = Field(default="default", description="The group these settings belong to.")
    k1: PositiveFloat = Field(default=1.2, description="BM25: how quickly repeated words stop counting.")
    b: NonNegativeFloat = Field(default=0.75, le=1, description="BM25: how much long clauses are held back.")
    encoders: tuple[str, ...] = Field(default=(EMBEDDED_ENCODER,), description="The embedding models whose cosines count.")
    dense_weight: NonNegativeFloat = Field(default=30.0, description="What a cosine of 1 counts for, in BM25 points.")
    smoothing: NonNegativeFloat = Field(default=0.1, description="How much the neighbouring clauses' cosines count.")
    widening: NonNegativeFloat = Field(default=0.5, description="What the words of the glossary count for beside the asker's own.")
    rerank_depth: NonNegativeInt = Field(default=0, description="How many of the first the cross-encoder reads; 0: none.")
    rerank_weight: NonNegativeFloat = Field(default=0.5, le=1, description="Its share of the score of those it reads.")
    diversity: NonNegativeFloat = Field(default=0.0, le=1, description="How much a passage loses that says what a better one says.")
    without: tuple[StageName, ...] = Field(default=(), description="Stages that are switched off, to measure what they are worth.")
    top_k: PositiveInt = Field(default=20, description="Clauses handed to the next stage.")
    dense_search: str = Field(default="exact", pattern="^(exact|chroma)$", description="exact: all cosines; chroma: its HNSW search.")

    @classmethod
    def for_profile(cls, profile: RetrievalProfile, **changed: object) -> Self:
        """The settings of a profile, with some of them changed."""
        return cls.model_validate({"profile": profile, **_PROFILES[profile], **changed})


_PROFILES: dict[RetrievalProfile, dict[str, object]] = {
    "fast": {},
    "default": {},
    "best": {"encoders": (EMBEDDED_ENCODER, "bge-small"), "rerank_depth": 30},
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


class Settings(Frozen):
    """Where the data lies and how the assistant works."""

    home: Path = Field(description="Folder of the store, the index and the overlay; CLAUSEWISE_HOME, or the user's data folder.")
    encoder: str = Field(default=EMBEDDED_ENCODER, description="minilm (embedded), or a sentence-transformers model name or folder.")
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
        """Settings from CLAUSEWISE_HOME, CLAUSEWISE_ENCODER, CLAUSEWISE_JURISDICTION, CLAUSEWISE_MODEL and CLAUSEWISE_MODEL_*.

        Raises pydantic.ValidationError if a value does not fit.
        """
        values: dict[str, object] = {"home": Path(environment.get("CLAUSEWISE_HOME") or user_data_path("clausewise", appauthor=False))}
        for field in ("encoder", "jurisdiction"):
            if value := environment.get(f"CLAUSEWISE_{field.upper()}"):
                values[field] = value
        if name := environment.get("CLAUSEWISE_MODEL"):
            values["model"] = _model_from(name, environment)
        return cls.model_validate(values)

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
