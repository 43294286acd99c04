"""Generations of the index: each a folder of its own, complete before it is switched to.

index/CURRENT                 the name of the generation that answers
index/g-<digest>/manifest.json    what it was built from, and the hash of each of its files
                 chroma/          the clauses and their vectors in Chroma, one collection for each encoder
                 search/          the same vectors as matrices, and the words (search_index.py)
                 anchors.npy      vectors of what a question is compared with besides clauses
                 asked-<n>.npz    which clause or brief a question asks for, learned from the ways of asking (discriminant.py) by encoder n
                 wished-<n>.npz   what kind of answer it wants, learned from the same
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import IndexDamagedError, StoreError
from assistant.index.discriminant import Discriminant
from assistant.index.models import encoders_with
from assistant.index.passages import Passage
from assistant.index.search_index import Built, SearchIndex, check_model, searched_text
from assistant.index.text import BRIEF, EXEMPLAR, anchor_texts, asked_clauses, document_text, wished_by
from assistant.schema import Clause, Knowledge

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder, Vectors
    from assistant.settings import Settings

FORMAT = 10
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
    """An opened generation. Each passage of ``search`` is a clause under its id; ``anchor_keys[i]`` belongs to row i of
    ``anchor_vectors``, which the first encoder made; ``asked`` and ``wished`` hold what reads the vectors of each encoder, by its name.
    """

    folder: Path
    content_digest: str
    fingerprint: str
    search: SearchIndex
    anchor_keys: tuple[str, ...]
    anchor_vectors: Vectors
    asked: Mapping[str, Discriminant]
    wished: Mapping[str, Discriminant]


def fingerprint_of(encoders: Mapping[str, Encoder]) -> str:
    """Changes whenever one of the models does."""
    return " ".join(encoder.fingerprint for encoder in encoders.values())


def recipe_digest(content_digest: str, encoder: Encoder, settings: Settings) -> str:
    """What the index depends on: the clauses, the models, the BM25 parameters and the format of the folder."""
    fingerprint = fingerprint_of(encoders_with(encoder, settings.retrieval))
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

    ``encoder`` is the first of those the settings use. Raises ModelError if a model cannot be used, before anything is written,
    and StoreError if the folder cannot be written; the old generation then stays current.
    """
    encoders = encoders_with(encoder, settings.retrieval)
    fingerprint = fingerprint_of(encoders)
    digest = recipe_digest(content_digest, encoder, settings)
    reason = _reason_to_build(settings.index_folder, digest, fingerprint)
    if reason is None:
        return BuildReport(len(knowledge.clauses), 0, None)
    for name, encoder in encoders.items():
        check_model(encoder, name)
    try:
        settings.index_folder.mkdir(parents=True, exist_ok=True)
        passages = clause_passages(knowledge)
        anchors = anchor_texts(knowledge)
        built = SearchIndex.built(passages, encoders, settings.retrieval, settings.vector_cache, progress, list(anchors.values()))
        learned = [_learn_ways(knowledge, built, list(anchors), name) for name in encoders]
        folder = _free_folder(settings.index_folder, digest)
        folder.mkdir(parents=True)
        built.index.save(folder / "search")
        _write_chroma(folder, knowledge, built.index)
        np.save(folder / "anchors.npy", built.beside[next(iter(encoders))])
        for number, (asked, wished) in enumerate(learned):
            asked.save(folder / f"asked-{number}.npz")
            wished.save(folder / f"wished-{number}.npz")
        _write_manifest(folder, digest, content_digest, fingerprint, list(anchors))
        _switch(settings.index_folder, folder)
    except OSError as error:
        full = " The disk is full: free some room and try again." if error.errno == 28 else ""
        raise StoreError(f"The index in {settings.index_folder} cannot be written: {error.strerror or error}.{full}") from error
    return BuildReport(len(passages), built.encoded, reason)


def clause_passages(knowledge: Knowledge) -> list[Passage]:
    """The clauses as passages of their sources, each source in one piece."""
    by_source: dict[str, list[Passage]] = {}
    for clause in knowledge.clauses.values():
        by_source.setdefault(clause.source_id, []).append(Passage(clause.id, clause.source_id, document_text(knowledge, clause)))
    return [passage for passages in by_source.values() for passage in passages]


def _learn_ways(knowledge: Knowledge, built: Built, anchor_keys: Sequence[str], reader: str) -> tuple[Discriminant, Discriminant]:
    """Which clause or brief a question asks for, and what it wants, from the vectors of the encoder named ``reader``."""
    vectors = built.beside[reader]
    ways, wishes, owners, rows = [], [], [], []
    for row, key in enumerate(anchor_keys):
        kind, _, way = key.partition("/")
        name = way.rpartition("/")[0]
        if f"{kind}/" == BRIEF:
            owners.append(f"{BRIEF}{name}")
            rows.append(row)
        elif f"{kind}/" == EXEMPLAR:
            exemplar = knowledge.exemplars[name]
            ways.append(row)
            wishes.append(wished_by(exemplar))
            for clause in asked_clauses(knowledge, exemplar):
                owners.append(clause.id)
                rows.append(row)
    # a clause that nobody has written ways of asking for asks for itself; those of vendors are found by what they say
    own = [row for row, passage in enumerate(built.index.passages) if not knowledge.sources[passage.document].tools]
    texts = np.concatenate([vectors[rows], built.index.vectors[reader][own]])
    asked = Discriminant.learn([*owners, *(built.index.passages[row].id for row in own)], texts)
    return asked, Discriminant.learn(wishes, vectors[ways])


def shipped_texts(knowledge: Knowledge) -> list[str]:
    """All that is encoded of a state of the knowledge, each text once."""
    passages = (searched_text(passage) for passage in clause_passages(knowledge))
    return list(dict.fromkeys([*passages, *anchor_texts(knowledge).values()]))


def open_current(index_folder: Path) -> Generation:
    """Open the generation that answers, after checking every file of it.

    Raises IndexDamagedError if there is none or it is not whole.
    """
    folder = _current_folder(index_folder)
    manifest = _checked_manifest(folder)
    try:
        search = SearchIndex.open(folder / "search")
        anchor_vectors = np.load(folder / "anchors.npy")
        asked, wished = (
            {name: Discriminant.open(folder / f"{what}-{number}.npz") for number, name in enumerate(search.vectors)}
            for what in ("asked", "wished")
        )
    except (OSError, ValueError, KeyError) as error:
        raise IndexDamagedError(f"The index in {folder} cannot be read ({error}). Run `clausewise index`.") from error
    return Generation(
        folder=folder,
        content_digest=manifest["content_digest"],
        fingerprint=manifest["fingerprint"],
        search=search,
        anchor_keys=tuple(manifest["anchor_keys"]),
        anchor_vectors=anchor_vectors,
        asked=asked,
        wished=wished,
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


def open_collection(folder: Path, number: int = 0, *, create: bool = False) -> Any:
    """The Chroma collection of a generation with the vectors of one encoder, by its number; telemetry off, cosine space."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    name = f"{COLLECTION}-{number}"
    client = chromadb.PersistentClient(path=str(folder / "chroma"), settings=ChromaSettings(anonymized_telemetry=False))
    if not create:
        return client.get_collection(name, embedding_function=None)
    configuration: Any = {"hnsw": {"space": "cosine", "ef_search": 400}}
    return client.create_collection(name, configuration=configuration, embedding_function=None)


def _write_chroma(folder: Path, knowledge: Knowledge, search: SearchIndex) -> None:
    clauses = [knowledge.clauses[passage.id] for passage in search.passages]
    for number, vectors in enumerate(search.vectors.values()):
        collection = open_collection(folder, number, create=True)
        for start in range(0, len(clauses), _CHROMA_BATCH):
            part = slice(start, start + _CHROMA_BATCH)
            collection.upsert(
                ids=[clause.id for clause in clauses[part]],
                embeddings=vectors[part],
                documents=[passage.text for passage in search.passages[part]],
                metadatas=[_metadata(knowledge, clause) for clause in clauses[part]],
            )


def _metadata(knowledge: Knowledge, clause: Clause) -> dict[str, str]:
    source = knowledge.sources[clause.source_id]
    fields = {"source": source.id, "kind": source.kind, "label": knowledge.label(clause), "since": clause.since}
    return {**fields, "until": clause.until or "", "wording": clause.wording, "tools": " ".join(source.tools)}


def _write_manifest(folder: Path, digest: str, content_digest: str, fingerprint: str, anchor_keys: list[str]) -> None:
    manifest = {
        "format": FORMAT,
        "digest": digest,
        "content_digest": content_digest,
        "fingerprint": fingerprint,
        "anchor_keys": anchor_keys,
        "files": {name: _sha256(folder / name) for name in _own_files(folder)},
    }
    with (folder / "manifest.json").open("w") as file:
        json.dump(manifest, file)
        file.flush()
        os.fsync(file.fileno())


def _own_files(folder: Path) -> list[str]:
    """The files that never change once written; Chroma keeps its own in order and is checked when it is opened."""
    paths = [folder / "anchors.npy", *sorted(folder.glob("*.npz")), *sorted((folder / "search").rglob("*"))]
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
        folder = _current_folder(index_folder)
        counts = {open_collection(folder, number).count() for number in range(len(manifest["fingerprint"].split(" ")))}
        expected = len(SearchIndex.open(folder / "search").passages)
    except IndexDamagedError as error:
        return f"the index was damaged: {error}"
    except Exception as error:  # Chroma raises errors of many kinds over a damaged folder; all mean the same
        return f"the index was damaged: Chroma says {error}"
    if counts != {expected}:
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
