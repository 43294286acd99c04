"""The retriever of the assistant itself, over the passages of a data set: the same index, the same stages, the same settings."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assistant.clock import SystemClock
from assistant.errors import UsageError
from assistant.index.glossary import Glossary
from assistant.index.learned import load_learned
from assistant.index.models import make_encoders, make_reranker
from assistant.index.passages import Passage
from assistant.index.pipeline import Pipeline
from assistant.index.search_index import SearchIndex, check_model
from assistant.index.stages import without_opening
from assistant.ingest.knowledge_files import load_knowledge, shipped_knowledge
from assistant.schema import GlossaryEntry
from assistant.settings import RetrievalProfile, RetrievalSettings
from eval.progress import Progress
from eval.retrieval.system import Answer, Built, Hit

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder, Vectors
    from assistant.index.passages import Mask
    from eval.retrieval.datasets import Query

GLOSSARY = "glossary.json"
MODELS = "models"  # of the cache folder, for encoders that have to be prepared


def make_system(
    profile: RetrievalProfile, changes: Mapping[str, object], without: Sequence[str] = (), models: Path | None = None
) -> ClausewiseSystem:
    """The retriever with the settings of a profile, some of them changed, and stages switched off; ``models`` as in ``make_encoder``.

    Raises UsageError for a setting or a stage that does not exist, ModelError if a model is not there.
    """
    try:
        switched = {**changes, "without": tuple(without)} if without else changes
        settings = RetrievalSettings.for_profile(profile, **switched)
    except (ValidationError, TypeError) as error:
        detail = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
        name = ".".join(map(str, detail["loc"])) or "settings"
        raise UsageError(f"{name}: {detail['msg']}. Settings: {', '.join(RetrievalSettings.model_fields)}.") from error
    return ClausewiseSystem(settings, models)


class TimedEncoder:
    """An encoder that counts what encoding questions takes, so that it can be told apart from the rest; seconds."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.wall = 0.0
        self.cpu = 0.0

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_documents(texts)

    def encode_query(self, text: str) -> Vectors:
        wall, cpu = time.perf_counter(), time.process_time()
        vector = self._encoder.encode_query(text)
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        return vector


class ClausewiseSystem:
    """A pipeline over an index of the passages. Vectors are cached in the folder by (model, text), the index is kept beside them."""

    def __init__(self, settings: RetrievalSettings, models: Path | None = None) -> None:
        self._settings = settings
        self.name = f"clausewise-{settings.profile}"
        self.encoders = {name: TimedEncoder(encoder) for name, encoder in make_encoders(settings, models).items()}
        self._reranker = make_reranker(settings)
        self._masks: dict[str, Mask] = {}

    @property
    def settings(self) -> Mapping[str, object]:
        return self._settings.model_dump(mode="json")

    @property
    def models(self) -> Mapping[str, str]:
        found = {f"encoder {name}": encoder.fingerprint for name, encoder in self.encoders.items()}
        return found | ({"reranker": self._reranker.fingerprint} if self._reranker else {})

    @property
    def vectors(self) -> Mapping[str, Vectors]:
        """Of the index that was built or opened, by encoder; row i is passage i."""
        return self._index.vectors

    def trained_on(self, queries: Sequence[Query]) -> int:
        """How many of the questions the learned part was trained on: figures over them say nothing about others."""
        learned = load_learned(self.encoders) if self._settings.learned and "learned" not in self._settings.without else None
        if learned is None:
            return 0
        asked = [(query.asked(within_document=True), query.document) for query in queries]
        return sum(learned.was_trained_on(without_opening(text, [document or text]), document) for text, document in asked)

    def build(self, passages: Sequence[Passage], folder: Path, progress: Progress) -> Built:
        own = folder / corpus_name(passages)
        encoded = self.index(passages, own / "vectors.sqlite3", own / self._settings.profile, progress)
        return Built(encoded, own / self._settings.profile)

    def index(self, passages: Sequence[Passage], vectors: Path, folder: Path, progress: Progress) -> int:
        """Index the passages into a folder, taking what vectors there are from a cache; how many had to be encoded.

        Every model is tried before anything is written.
        """
        for name, encoder in self.encoders.items():
            check_model(encoder, name)
        encoded = 0

        def count(done: int, total: int) -> None:
            nonlocal encoded
            encoded = max(encoded, done)
            progress(done, total)

        vectors.parent.mkdir(parents=True, exist_ok=True)
        index = SearchIndex.build(passages, self.encoders, self._settings, vectors, count)
        index.save(folder)
        self._use(index, self._keep_glossary(folder))
        return encoded

    def open(self, folder: Path) -> None:
        """Get ready from an index that was built there."""
        entries = json.loads((folder / GLOSSARY).read_text(encoding="utf-8"))
        self._use(SearchIndex.open(folder), Glossary(map(GlossaryEntry.model_validate, entries)))

    def rank(self, question: str, documents: Collection[str] | None, top_k: int) -> Answer:
        names = sorted(documents) if documents else ()
        ranking = self._pipeline.rank(question, mask=self._mask(names), names=names, top_k=top_k)
        return Answer(tuple(Hit(entry.id, entry.score, entry.stages) for entry in ranking.entries), ranking.seconds)

    def rank_by(self, settings: RetrievalSettings, encoders: Mapping[str, Encoder]) -> None:
        """Go on with the same index and other settings, such as a stage switched off, and perhaps encoders that remember questions."""
        self._settings = settings
        self._pipeline = Pipeline(self._index, encoders, settings, reranker=self._reranker, glossary=self._glossary)

    def _use(self, index: SearchIndex, glossary: Glossary) -> None:
        self._index, self._glossary = index, glossary
        self._masks.clear()
        self.rank_by(self._settings, self.encoders)

    def _keep_glossary(self, folder: Path) -> Glossary:
        """The shipped one, as the assistant uses it; kept with the index, as the assistant keeps it in its store."""
        entries = list(load_knowledge([shipped_knowledge()], today=SystemClock().today()).glossary.values())
        (folder / GLOSSARY).write_text(json.dumps([entry.model_dump(mode="json") for entry in entries]), encoding="utf-8")
        return Glossary(entries)

    def _mask(self, names: Sequence[str]) -> Mask | None:
        if not names:
            return None
        key = "\0".join(names)
        if key not in self._masks:
            self._masks[key] = self._index.mask(lambda passage: passage.document in names)
        return self._masks[key]


def corpus_name(passages: Sequence[Passage]) -> str:
    """A folder name of its own for each corpus: vectors of one would push those of another out of a cache they share."""
    digest = hashlib.sha256()
    for passage in passages:
        digest.update(f"{passage.id}\0{passage.label}\0{passage.text}\0".encode())
    return digest.hexdigest()[:16]
