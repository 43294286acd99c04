"""Generations of the index: each a folder of its own, complete before it is switched to.

index/CURRENT                 the name of the generation that answers
index/g-<digest>/manifest.json    what it was built from, and the hash of each of its files
                 chroma/          the clauses and their vectors in Chroma
                 vectors.npy      the same vectors as one matrix, derived from them
                 bm25/            the word indexes
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import IndexDamagedError, StoreError
from assistant.index.bm25 import BM25Index
from assistant.index.text import anchor_texts, document_text
from assistant.index.vector_cache import cached_vectors
from assistant.schema import Clause, Knowledge

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder, Vectors
    from assistant.settings import Settings

FORMAT = 3
COLLECTION = "clauses"
_CHROMA_BATCH = 5_000  # Chroma takes at most 5,461 entries at a time


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an index run did. ``reason`` says why a build was needed; None if nothing had to be done."""

    clauses: int
    encoded: int
    reason: str | None


@dataclass(frozen=True)
class Generation:
    """An opened generation. ``clause_ids[i]`` belongs to row i of ``vectors`` and of the BM25 scores, ``anchor_keys[i]`` to row i
    of ``anchor_vectors``.
    """

    folder: Path
    content_digest: str
    fingerprint: str
    clause_ids: tuple[str, ...]
    vectors: Vectors
    bm25: BM25Index
    anchor_keys: tuple[str, ...]
    anchor_vectors: Vectors


def recipe_digest(content_digest: str, fingerprint: str, settings: Settings) -> str:
    """What the index depends on: the clauses, the model, the BM25 parameters and the format of the folder."""
    recipe = (FORMAT, content_digest, fingerprint, settings.retrieval.k1, settings.retrieval.b)
    return hashlib.sha256(repr(recipe).encode()).hexdigest()


def build_index(
    knowledge: Knowledge,
    content_digest: str,
    encoder: Encoder,
    settings: Settings,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> BuildReport:
    """Make the index answer for exactly these clauses, encoding only what is new. The caller holds the write lock.

    Raises StoreError if the folder cannot be written; the old generation then stays current.
    """
    digest = recipe_digest(content_digest, encoder.fingerprint, settings)
    reason = _reason_to_build(settings.index_folder, digest, encoder.fingerprint)
    clauses = list(knowledge.clauses.values())
    if reason is None:
        return BuildReport(len(clauses), 0, None)
    try:
        settings.index_folder.mkdir(parents=True, exist_ok=True)
        texts = [document_text(knowledge, clause) for clause in clauses]
        anchors = list(anchor_texts(knowledge).values())
        both, encoded = cached_vectors(settings.vector_cache, encoder, texts + anchors, progress)
        folder = _free_folder(settings.index_folder, digest)
        _write_generation(folder, knowledge, clauses, texts, both[: len(texts)], settings)
        np.save(folder / "anchors.npy", both[len(texts) :])
        _write_manifest(folder, digest, content_digest, encoder.fingerprint, knowledge)
        _switch(settings.index_folder, folder)
    except OSError as error:
        full = " The disk is full: free some room and try again." if error.errno == 28 else ""
        raise StoreError(f"The index in {settings.index_folder} cannot be written: {error.strerror or error}.{full}") from error
    return BuildReport(len(clauses), encoded, reason)


def open_current(index_folder: Path) -> Generation:
    """Open the generation that answers, after checking every file of it.

    Raises IndexDamagedError if there is none or it is not whole.
    """
    folder = _current_folder(index_folder)
    manifest = _checked_manifest(folder)
    try:
        vectors = np.load(folder / "vectors.npy", mmap_mode="r")
        anchor_vectors = np.load(folder / "anchors.npy")
        bm25 = BM25Index.load(folder / "bm25")
    except (OSError, ValueError, KeyError) as error:
        raise IndexDamagedError(f"The index in {folder} cannot be read ({error}). Run `clausewise index`.") from error
    return Generation(
        folder=folder,
        content_digest=manifest["content_digest"],
        fingerprint=manifest["fingerprint"],
        clause_ids=tuple(manifest["clause_ids"]),
        vectors=vectors,
        bm25=bm25,
        anchor_keys=tuple(manifest["anchor_keys"]),
        anchor_vectors=anchor_vectors,
    )


def current_name(index_folder: Path) -> str | None:
    """The name of the generation that answers; None if there is none. Cheap: one small file."""
    try:
        return (index_folder / "CURRENT").read_text().strip() or None
    except OSError:
        return None


def purge_index(index_folder: Path) -> None:
    """Drop every generation but the one that answers: the others may hold what was removed."""
    current = current_name(index_folder)
    for path in index_folder.glob("g-*"):
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)


def open_collection(folder: Path, *, create: bool = False) -> Any:
    """The Chroma collection of a generation, telemetry off, cosine space."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    client = chromadb.PersistentClient(path=str(folder / "chroma"), settings=ChromaSettings(anonymized_telemetry=False))
    if not create:
        return client.get_collection(COLLECTION, embedding_function=None)
    configuration: Any = {"hnsw": {"space": "cosine", "ef_search": 400}}
    return client.create_collection(COLLECTION, configuration=configuration, embedding_function=None)


def _write_generation(
    folder: Path, knowledge: Knowledge, clauses: Sequence[Clause], texts: Sequence[str], vectors: Vectors, settings: Settings
) -> None:
    folder.mkdir(parents=True)
    collection = open_collection(folder, create=True)
    for start in range(0, len(clauses), _CHROMA_BATCH):
        part = slice(start, start + _CHROMA_BATCH)
        collection.upsert(
            ids=[clause.id for clause in clauses[part]],
            embeddings=vectors[part],
            documents=list(texts[part]),
            metadatas=[_metadata(knowledge, clause) for clause in clauses[part]],
        )
    np.save(folder / "vectors.npy", vectors)
    BM25Index.build(texts, k1=settings.retrieval.k1, b=settings.retrieval.b).save(folder / "bm25")


def _metadata(knowledge: Knowledge, clause: Clause) -> dict[str, str]:
    source = knowledge.sources[clause.source_id]
    fields = {"source": source.id, "kind": source.kind, "label": knowledge.label(clause), "since": clause.since}
    return {**fields, "until": clause.until or "", "wording": clause.wording, "tools": " ".join(source.tools)}


def _write_manifest(folder: Path, digest: str, content_digest: str, fingerprint: str, knowledge: Knowledge) -> None:
    manifest = {
        "format": FORMAT,
        "digest": digest,
        "content_digest": content_digest,
        "fingerprint": fingerprint,
        "clause_ids": list(knowledge.clauses),
        "anchor_keys": list(anchor_texts(knowledge)),
        "files": {name: _sha256(folder / name) for name in _own_files(folder)},
    }
    with (folder / "manifest.json").open("w") as file:
        json.dump(manifest, file)
        file.flush()
        os.fsync(file.fileno())


def _own_files(folder: Path) -> list[str]:
    """The files that never change once written; Chroma keeps its own in order and is checked when it is opened."""
    paths = [folder / "vectors.npy", folder / "anchors.npy", *sorted((folder / "bm25").rglob("*"))]
    return [str(path.relative_to(folder)) for path in paths if path.is_file()]


def _checked_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        if manifest["format"] != FORMAT:
            raise IndexDamagedError(f"The index in {folder} has another format. Run `clausewise index`.")
        for name, sha256 in manifest["files"].items():
            if _sha256(folder / name) != sha256:
                raise IndexDamagedError(f"The index file {folder / name} is damaged. Run `clausewise index`.")
        if not (folder / "chroma" / "chroma.sqlite3").is_file():
            raise IndexDamagedError(f"The Chroma folder of {folder} is missing. Run `clausewise index`.")
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise IndexDamagedError(f"The index in {folder} is not whole ({error}). Run `clausewise index`.") from error
    return manifest


def _reason_to_build(index_folder: Path, digest: str, fingerprint: str) -> str | None:
    if current_name(index_folder) is None:
        return "there was no index"
    try:
        manifest = _checked_manifest(_current_folder(index_folder))
        count = open_collection(_current_folder(index_folder)).count()
    except IndexDamagedError as error:
        return f"the index was damaged: {error}"
    except Exception as error:  # Chroma raises errors of many kinds over a damaged folder; all mean the same
        return f"the index was damaged: Chroma says {error}"
    if count != len(manifest["clause_ids"]):
        return "the index was damaged: Chroma holds another number of clauses"
    if manifest["digest"] == digest:
        return None
    return "the embedding model changed" if manifest["fingerprint"] != fingerprint else "the clauses changed"


def _current_folder(index_folder: Path) -> Path:
    name = current_name(index_folder)
    if name is None or "/" in name or not name.startswith("g-"):
        raise IndexDamagedError(f"There is no index in {index_folder}. Run `clausewise index`.")
    return index_folder / name


def _free_folder(index_folder: Path, digest: str) -> Path:
    """A folder of a name never used before: left-overs of an interrupted build are never continued, and Chroma remembers within a
    process what lay in a folder that has been deleted since.
    """
    while (folder := index_folder / f"g-{digest[:12]}-{secrets.token_hex(4)}").exists():
        pass
    return folder


def _switch(index_folder: Path, folder: Path) -> None:
    """Make the folder current in one step, then drop all but it and its predecessor, which a reader may still have open."""
    previous = current_name(index_folder)
    draft = index_folder / "CURRENT.new"
    draft.write_text(folder.name + "\n")
    draft.replace(index_folder / "CURRENT")
    for path in index_folder.glob("g-*"):
        if path.name not in (folder.name, previous):
            shutil.rmtree(path, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
