"""What can be configured. Built once at the rim (command line, page, evaluation) and passed down; nothing else reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from assistant.schema import Frozen, Jurisdiction

EMBEDDED_ENCODER = "minilm"


class RetrievalSettings(Frozen):
    """How clauses are ranked; the defaults are those of docs/retrieval.md."""

    k1: PositiveFloat = Field(default=1.2, description="BM25: how quickly repeated words stop counting.")
    b: NonNegativeFloat = Field(default=0.75, le=1, description="BM25: how much long clauses are held back.")
    dense_weight: NonNegativeFloat = Field(default=30.0, description="What a cosine of 1 counts for, in BM25 points.")
    smoothing: NonNegativeFloat = Field(default=0.1, description="How much the neighbouring clauses' cosines count.")
    top_k: PositiveInt = Field(default=20, description="Clauses handed to the next stage.")
    dense_search: str = Field(default="exact", pattern="^(exact|chroma)$", description="exact: all cosines; chroma: its HNSW search.")


class Settings(Frozen):
    """Where the data lies and how the assistant works."""

    home: Path = Field(description="Folder of the store, the index and the overlay; CLAUSEWISE_HOME, or the user's data folder.")
    encoder: str = Field(default=EMBEDDED_ENCODER, description="minilm (embedded), or a sentence-transformers model name or folder.")
    jurisdiction: Jurisdiction = Field(default="uk", description="Assumed, and said, where a question names none.")
    stale_after_days: PositiveInt = Field(default=180, description="After how many days a vendor or guidance text counts as stale.")
    lock_timeout_seconds: PositiveFloat = Field(default=10.0, description="How long a writer waits for another one.")
    retrieval: RetrievalSettings = RetrievalSettings()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from CLAUSEWISE_HOME, CLAUSEWISE_ENCODER and CLAUSEWISE_JURISDICTION.

        Raises pydantic.ValidationError if a value does not fit.
        """
        values: dict[str, object] = {"home": Path(environment.get("CLAUSEWISE_HOME") or user_data_path("clausewise", appauthor=False))}
        for field in ("encoder", "jurisdiction"):
            if value := environment.get(f"CLAUSEWISE_{field.upper()}"):
                values[field] = value
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
