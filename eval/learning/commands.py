"""``python -m eval learn``: train the learned part of the retriever, measure it on questions it was not trained on, store both."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.index.learned import LearnedReading
    from eval.learning.examples import Examples
    from eval.learning.validation import Reading


def learn(
    kind: Annotated[list[str], typer.Option(help="NAME=FOLDER: a data set whose questions are of a kind; again for more.")],
    out: Annotated[Path, typer.Option(help="Folder that gets reading.npz and reading.json.")],
    control: Annotated[list[Path] | None, typer.Option(help="A data set that is only measured, as a kind never seen.")] = None,
    read: Annotated[int, typer.Option(min=0, help="Of how many questions of each set the cross-encoder reads the first; 0: of none.")] = 0,
    cache: Annotated[Path | None, typer.Option(help="Folder of vectors and indexes; the user's cache folder if not given.")] = None,
) -> None:
    """Train on every judged question of the data sets; the record says what that is worth on questions not trained on.

    With --read it also says what the cross-encoder adds, which takes up to a second a question. What was read is kept in the cache, and
    an interrupted command goes on there.
    """
    from assistant.settings import SECOND_ENCODER, RetrievalSettings
    from eval.learning.examples import gather
    from eval.learning.validation import fit_reading, validate
    from eval.retrieval.clausewise import MODELS, make_system
    from eval.retrieval.commands import cache_folder
    from eval.retrieval.datasets import load_data_set

    root = cache or cache_folder()
    system = make_system("default", {}, ("learned", "rerank"), root / MODELS)
    depth = RetrievalSettings.for_profile("default").learned_depth

    def examples_of(folder: Path) -> Examples:
        _say(f"{folder.name}: candidates")
        return gather(load_data_set(folder), system, root, depth, lambda done, total: None)

    sets: dict[str, list[Examples]] = {}
    for entry in kind:
        name, _, folder = entry.partition("=")
        if not folder:
            raise UsageError(f"--kind {entry}: expected NAME=FOLDER, such as policies=benchmarks/policyqa")
        sets.setdefault(name, []).append(examples_of(Path(folder)))
    controls = [examples_of(folder) for folder in control or ()]
    figures = validate(sets, controls, SECOND_ENCODER, _say, _reading(read, root) if read else None)
    _say("the whole")
    reading = fit_reading(sets, SECOND_ENCODER, lambda examples: examples.judged > 0)
    record = _record(sets, figures, {name: encoder.fingerprint for name, encoder in system.encoders.items()})
    _write(out, reading, record)
    print(json.dumps(figures, indent=2))


def _reading(questions: int, root: Path) -> Reading:
    from assistant.index.reranker import CrossEncoder
    from assistant.settings import RetrievalSettings
    from eval.learning.reading import KeptPairs
    from eval.learning.validation import Reading

    settings = RetrievalSettings.for_profile("best")
    return Reading(KeptPairs(CrossEncoder(), root / "pairs.sqlite3"), settings.rerank_depth, settings.rerank_weight, questions)


def _record(sets: dict[str, list[Examples]], figures: dict[str, Any], models: dict[str, str]) -> dict[str, Any]:
    from assistant.index.learned import question_key
    from assistant.settings import SECOND_ENCODER
    from eval.learning import fit, validation

    return {
        "models": models,
        "gate": SECOND_ENCODER,
        "low": fit.LOW,
        "high": fit.HIGH,
        "points": fit.POINTS,
        "kinds": {kind: {examples.name: len(examples) for examples in some} for kind, some in sets.items()},
        "training": {
            "temperature": fit.TEMPERATURE,
            "penalty": fit.PENALTY,
            "epochs": fit.EPOCHS,
            "batches an epoch": fit.STEPS,
            "rate": fit.RATE,
            "seed": fit.SEED,
            "folds": validation.FOLDS,
        },
        "figures": figures,
        "questions": sorted(
            {
                question_key(asked, document)
                for some in sets.values()
                for examples in some
                for asked, document in zip(examples.asked, examples.documents, strict=True)
            }
        ),
    }


def _write(out: Path, reading: LearnedReading, record: dict[str, Any]) -> None:
    import numpy as np

    arrays: dict[str, Any] = {}
    for name, kind in reading.kinds.items():
        arrays[f"{name}/questions"] = kind.questions.astype(np.float16)
        arrays |= {f"{name}/{encoder}": move.astype(np.float16) for encoder, move in kind.moves.items()}
    if reading.axes is not None:
        arrays["axes"] = reading.axes.astype(np.float16)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "reading.npz"
    np.savez_compressed(path, **arrays)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    (out / "reading.json").write_text(json.dumps({"sha256": sha256, **record}, indent=1) + "\n", encoding="utf-8")


def _say(what: str) -> None:
    sys.stderr.write(f"{what} ...\n")
