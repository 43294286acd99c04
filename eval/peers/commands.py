"""``python -m eval peers``: every contestant over one data set, one after the other, in one run."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from assistant.errors import AssistantError, InputError, UsageError
from eval.peers.roster import CONTESTANTS, Contestant
from eval.progress import progress_bar
from eval.retrieval import commands as retrieval_commands
from eval.retrieval.commands import Corpus, DataSetFolder, Lenient, Limit, Sample, Seed, Split, Unscoped

if TYPE_CHECKING:
    from eval.peers.folder import PeersFolder
    from eval.peers.measuring import Material
    from eval.retrieval.run import Task

DEPTH = 10


def peers(
    dataset: DataSetFolder,
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(CONTESTANTS)}; again for more. All if not given.")] = None,
    unscoped: Unscoped = False,
    limit: Limit = None,
    sample: Sample = None,
    seed: Seed = 0,
    corpus: Corpus = None,
    split: Split = None,
    lenient: Lenient = False,
    out: Annotated[Path | None, typer.Option(help="Folder of the run, new or interrupted; one below eval-runs if not given.")] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Folder of environments, vectors and indexes; the user's cache folder if not given.")
    ] = None,
) -> None:
    """Measure other retrieval systems and this one over a data set: quality, time, memory, disk, start-up.

    Each works in an environment of its own, made on first use (that needs a package index), one after the other, on one thread, with the
    same vectors. The same command goes on with a run that was interrupted.
    """
    from eval.peers.folder import PeersFolder, describe_peers
    from eval.peers.report import write_peers_report

    chosen = _chosen(only or list(CONTESTANTS))
    root = cache or retrieval_commands.cache_folder()
    task = retrieval_commands.make_task(dataset, corpus, split, limit, sample, seed, DEPTH, unscoped=unscoped, lenient=lenient)
    manifest = describe_peers(task, [entry.name for entry in chosen], datetime.now(UTC))
    folder = PeersFolder.start(out or retrieval_commands.folder_for(manifest), manifest)
    material, vectors = _material(task, folder, root)
    for contestant in chosen:
        if contestant.name not in {result.id for result in folder.results}:
            _measure(contestant, material, vectors, folder, root)
    typer.echo(write_peers_report(folder, task), nl=False)


def is_peers_run(path: Path) -> bool:
    """Whether a folder holds a run of peers."""
    from eval.retrieval.results import kind_of

    return kind_of(path) == "peers"


def report(path: Path, *, as_json: bool) -> None:
    """Print the report of a complete run as it was written.

    Raises InputError if the run is not complete.
    """
    from eval.folder import REPORT, SUMMARY

    name = path / (SUMMARY if as_json else REPORT)
    if not name.is_file():
        raise InputError(f"{path} holds a run that is not complete. The same `python -m eval peers … --out {path}` goes on with it.")
    typer.echo(name.read_text(encoding="utf-8"), nl=False)


def _chosen(names: Sequence[str]) -> list[Contestant]:
    for name in names:
        if name not in CONTESTANTS:
            raise UsageError(f"--only {name}: known are {', '.join(CONTESTANTS)}")
    return [CONTESTANTS[name] for name in CONTESTANTS if name in names]


def _material(task: Task, folder: PeersFolder, root: Path) -> tuple[Material, Path]:
    """What every contestant gets, and the cache of vectors. Encoding is measured here, once, for all."""
    from assistant.index.encoders import make_encoder
    from assistant.index.search_index import searched_text
    from assistant.index.vector_cache import cached_vectors
    from assistant.settings import EMBEDDED_ENCODER
    from eval.peers.encoding import MAKERS, measure_encoding
    from eval.peers.measuring import prepare_material
    from eval.retrieval.clausewise import MODELS, corpus_name

    encoder = make_encoder(EMBEDDED_ENCODER, root / MODELS)
    passages, queries = task.data.passages, task.chosen.queries
    own = root / corpus_name(passages)
    own.mkdir(parents=True, exist_ok=True)
    with progress_bar("Encoding") as progress:
        vectors, _ = cached_vectors(own / "vectors.sqlite3", encoder, [searched_text(passage) for passage in passages], progress)
    asked = [query.asked(within_document=task.within_document) for query in queries]
    made = [encoder.encode_query(text) for text in asked]
    if not folder.encoding:
        folder.keep_encoding({name: measure_encoding(name, asked, root / MODELS) for name in MAKERS})
    material = prepare_material(
        own / "peers", passages, vectors, queries, np.stack(made), within_document=task.within_document, depth=task.depth
    )
    return material, own / "vectors.sqlite3"


def _measure(contestant: Contestant, material: Material, vectors: Path, folder: PeersFolder, root: Path) -> None:
    """One contestant; what keeps it from running is kept and said, and the others go on."""
    from eval.peers.environments import own_environment, prepare
    from eval.peers.measuring import measure_peer
    from eval.retrieval.clausewise import MODELS

    place = root / "peer-indexes" / contestant.name
    shutil.rmtree(place, ignore_errors=True)
    arguments: tuple[str, ...] = (
        () if contestant.profile is None else (contestant.profile, str(vectors), str(root / MODELS), *contestant.without)
    )
    try:
        name = contestant.environment
        environment = prepare(name, root, _say) if name else own_environment()
        with progress_bar(contestant.name) as progress:
            folder.append(measure_peer(contestant.name, contestant.module, environment, material, place, progress, arguments))
    except AssistantError as error:
        _say(f"{contestant.name} could not be measured: {error}")
        folder.keep_failure(contestant.name, str(error))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
