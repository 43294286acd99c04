"""Runs of several systems: what is kept, and what the report says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from eval.peers.environments import variables
from eval.peers.folder import PeersFolder, describe_peers
from eval.peers.measuring import Asked, PeerResult, prepare_material
from eval.peers.report import make_peers_report, render_peers, write_peers_report
from eval.peers.roster import CONTESTANTS, PEERS
from eval.retrieval.datasets import load_data_set
from eval.retrieval.results import Selection
from eval.retrieval.run import Task
from tests.unit.eval.retrieval.made_up_set import write_set

RIGHT = {"q1": ["a1"], "q2": ["b2", "b1"], "q3": ["a2"]}
WRONG = {"q1": ["a2"], "q2": ["b3"], "q3": ["a2"]}


@pytest.fixture
def task(tmp_path: Path) -> Task:
    return Task(load_data_set(write_set(tmp_path / "small")), Selection(), depth=10)


def result(peer: str, rankings: dict[str, list[str]], milliseconds: float) -> PeerResult:
    asked = [
        Asked(id=query, ranking=tuple((name, 1.0) for name in ranking), wall=milliseconds / 500, cpu=milliseconds / 1000)
        for query, ranking in rankings.items()
    ]
    return PeerResult(
        peer=peer,
        index_wall=2.0,
        index_cpu=1.5,
        disk_bytes=3_000_000,
        memory_imported=50_000_000,
        memory_indexed=60_000_000,
        memory_peak=70_000_000,
        import_cpu=0.5,
        start_cpu=0.75,
        start_wall=1.0,
        distributions=12,
        environment_bytes=9,
        asked=tuple(asked),
    )


@pytest.fixture
def folder(task: Task, tmp_path: Path) -> PeersFolder:
    manifest = describe_peers(task, ["clausewise-default", "chroma", "haystack"], datetime(2026, 11, 24, tzinfo=UTC))
    made = PeersFolder.start(tmp_path / "run", manifest)
    made.keep_encoding({"embedded": [(0.02, 0.010)] * 3, "chroma-onnx": [(0.1, 0.090)] * 3})
    made.append(result("chroma", WRONG, 4.0))
    made.append(result("clausewise-default", RIGHT, 2.0))
    made.keep_failure("haystack", "no such version")
    return made


def test_figures_by_hand(folder: PeersFolder, task: Task) -> None:
    own, other = make_peers_report(folder, task).rows
    assert [own.result.peer, other.result.peer] == ["clausewise-default", "chroma"]
    assert own.measures["nDCG@10"].value == 1
    assert other.measures["nDCG@10"].value == pytest.approx(1 / 3)
    assert other.against is not None
    assert other.against.value == pytest.approx(2 / 3)
    assert own.against is None
    assert (own.without_encoder.p50, own.with_encoder.p50, own.as_shipped.p50) == (2, 12, 12)
    assert (other.without_encoder.p50, other.with_encoder.p50, other.as_shipped.p50) == (4, 14, 94)


def test_bm25_alone_is_charged_no_encoding(folder: PeersFolder, task: Task) -> None:
    folder.append(result("bm25s", WRONG, 1.0))
    row = next(row for row in make_peers_report(folder, task).rows if row.result.peer == "bm25s")
    assert row.as_shipped.p50 == row.with_encoder.p50 == row.without_encoder.p50 == 1


def test_the_report_says_who_could_not_be_measured(folder: PeersFolder, task: Task) -> None:
    words = render_peers(make_peers_report(folder, task))
    assert "| clausewise-default † | 1.000 |" in words  # its learned part may have seen the questions
    assert "**haystack could not be measured:** no such version" in words
    assert "| chroma | 4.00 | 4.00 | 14.00 | 14.00 | 94.00 | 94.00 | 8.00 | 8.00 | 2.00 | 1.17 | 7.83 |" in words


def test_what_was_tried_again_and_worked_is_no_failure(folder: PeersFolder) -> None:
    folder.append(result("haystack", WRONG, 9.0))
    assert PeersFolder.open(folder.path).failed == {}


def test_a_run_goes_on_with_more_contestants_but_not_over_other_data(folder: PeersFolder, task: Task, tmp_path: Path) -> None:
    from assistant.errors import UsageError

    more = describe_peers(task, ["bm25s"], datetime(2026, 11, 25, tzinfo=UTC))
    assert [entry.id for entry in PeersFolder.start(folder.path, more).results] == ["chroma", "clausewise-default"]
    other = Task(load_data_set(write_set(tmp_path / "other", qrels=[("q1", "b1")])), Selection(), depth=10)
    with pytest.raises(UsageError, match="another"):
        PeersFolder.start(folder.path, describe_peers(other, ["bm25s"], datetime(2026, 11, 25, tzinfo=UTC)))


def test_everything_is_written(folder: PeersFolder, task: Task) -> None:
    write_peers_report(folder, task)
    written = {path.name for path in folder.path.rglob("*") if path.is_file()}
    assert {"chroma.trec", "clausewise-default.trec", "quality.svg", "time.svg", "footprint.svg", "report.md", "report.html"} <= written
    summary = json.loads((folder.path / "summary.json").read_text(encoding="utf-8"))
    assert summary["contestants"]["chroma"]["measures"]["P@1"]["value"] == pytest.approx(1 / 3)
    assert "asked" not in summary["contestants"]["chroma"]["result"]


def test_questions_about_a_document_get_an_index_of_it(task: Task, tmp_path: Path) -> None:
    queries = task.data.queries
    made = prepare_material(tmp_path / "material", task.data.passages, np.eye(6, 4), queries, np.eye(3, 4), within_document=True, depth=5)
    assert made.groups == {"B": [3, 4, 5], "all": None}
    assert [(text, group) for _, text, group in made.queries][1] == ("may sessions be recorded?", "B")
    unscoped = prepare_material(
        tmp_path / "material", task.data.passages, np.eye(6, 4), queries, np.eye(3, 4), within_document=False, depth=5
    )
    assert unscoped.groups == {"all": None}


def test_every_peer_has_its_versions_pinned() -> None:
    for peer in PEERS:
        assert peer.environment is not None
        lines = files("eval.peers").joinpath(f"{peer.environment}.txt").read_text(encoding="utf-8").splitlines()
        assert lines
        assert all("==" in line for line in lines)
        worker = peer.module.rpartition(".")[2]
        assert files("eval.peers.workers").joinpath(f"{worker}.py").is_file()
    assert CONTESTANTS["txtai"].environment == "txtai"


def test_workers_run_on_one_thread_and_phone_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    found = variables()
    assert (found["OMP_NUM_THREADS"], found["HF_HUB_OFFLINE"], found["ANONYMIZED_TELEMETRY"]) == ("1", "1", "False")
    assert "OPENBLAS_CORETYPE" not in found
    assert "PYTHONPATH" not in found
