"""The embedded encoder, which multiplies in int8: near the official weights, made once, made again when damaged. Real files."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.index.encoders import MiniLMEncoder, SentenceTransformerEncoder
from assistant.index.model_files import reference_model

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors

QUESTIONS = (
    "Who may read the recordings of a session?",
    "How soon do I have to tell a client about a breach?",
    "Do I need a contract with my video provider?",
    "How long are backups kept after an account was closed?",
    "May the provider train a model on what clients say?",
    "Which countries is the data sent to?",
)
PASSAGES = (
    "Recordings are off by default, and only the host can open one.",
    "Everybody in a call is told when a recording starts.",
    "The processor tells the controller of a personal data breach without undue delay.",
    "Where a breach is likely to put people at high risk, the controller tells them in clear and plain language.",
    "Processing by a processor is governed by a contract that binds it to the controller.",
    "The processor may act only on documented instructions of the controller.",
    "Backups are overwritten within 90 days after an account was closed.",
    "Invoices are kept for ten years, as tax law asks for.",
    "We do not use audio, video or chat of customers to train models.",
    "A customer may let us use comments on the service to improve it.",
    "Data may be transferred to the United States under standard contractual clauses.",
    "The sub-processors, the countries they work in and what they do stand in annex 3.",
    "Retention",
    "Children under 16 need the consent of a parent.",
    "Wer haftet, wenn Daten verloren gehen?",
    "The firm holds capital of at least 8 % of its risk-weighted assets and reports it each quarter.",
    "a",
    "word " * 600,
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def encoder(models: Path) -> MiniLMEncoder:
    return MiniLMEncoder(models)


def test_the_vectors_lie_near_those_of_the_official_weights_and_rank_alike(encoder: MiniLMEncoder) -> None:
    reference = SentenceTransformerEncoder(str(reference_model()))
    ours, theirs = encoder.encode_documents(PASSAGES), reference.encode_documents(PASSAGES)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    cosines = (ours * theirs).sum(axis=1)
    assert cosines.mean() > 0.993
    assert cosines.min() > 0.985
    asked = np.stack([encoder.encode_query(question) for question in QUESTIONS])
    meant = np.stack([reference.encode_query(question) for question in QUESTIONS])
    assert np.abs(asked @ ours.T - meant @ theirs.T).max() < 0.05
    assert (best(asked @ ours.T, 1) == best(meant @ theirs.T, 1)).all()
    shared = [len(set(mine) & set(other)) for mine, other in zip(best(asked @ ours.T, 5), best(meant @ theirs.T, 5), strict=True)]
    assert np.mean(shared) >= 4.5


def best(cosines: Vectors, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.intp]]:
    return np.argsort(-cosines, axis=1)[:, :count]


def test_a_vector_does_not_depend_on_what_else_is_encoded(encoder: MiniLMEncoder) -> None:
    together = encoder.encode_documents(PASSAGES)
    assert (encoder.encode_documents(PASSAGES[::-1])[::-1] == together).all()
    assert (encoder.encode_documents([PASSAGES[3]])[0] == together[3]).all()
    assert encoder.encode_documents([]).shape == (0, 384)


def test_the_model_is_made_once_and_again_when_it_is_damaged(encoder: MiniLMEncoder, models: Path) -> None:
    vector = encoder.encode_query(QUESTIONS[0])
    (path,) = models.glob("*.onnx")
    whole, made = path.read_bytes(), path.stat().st_mtime_ns
    assert len(whole) < 30_000_000  # an int8 model; the fp32 one has 90 MB
    assert (MiniLMEncoder(models).encode_query(QUESTIONS[0]) == vector).all()
    assert path.stat().st_mtime_ns == made
    path.write_bytes(whole[:1_000_000])
    assert (MiniLMEncoder(models).encode_query(QUESTIONS[0]) == vector).all()
    assert path.read_bytes() == whole
    path.with_name(f"{path.name}.sha256").unlink()
    assert (MiniLMEncoder(models).encode_query(QUESTIONS[0]) == vector).all()
    assert sorted(entry.suffix for entry in models.iterdir()) == [".onnx", ".sha256"]


def test_a_folder_that_cannot_be_written_to_and_no_folder_give_the_same_vectors(encoder: MiniLMEncoder, tmp_path: Path) -> None:
    vector = encoder.encode_query(QUESTIONS[0])
    (tmp_path / "file").write_text("no folder can be made below this")
    handlers = list(logging.getLogger().handlers)
    assert (MiniLMEncoder(tmp_path / "file" / "models").encode_query(QUESTIONS[0]) == vector).all()
    assert (MiniLMEncoder().encode_query(QUESTIONS[0]) == vector).all()
    assert logging.getLogger().handlers == handlers
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208
