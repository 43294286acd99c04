"""The folder of a run: kept as it comes, resumed, never mixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import AssistantError, InputError, UsageError
from eval.folder import MANIFEST, RESULTS, RunFolder
from tests.unit.eval.made_up import make_result
from tests.unit.eval.test_report import make_manifest


def test_results_are_on_disk_as_they_come(tmp_path: Path) -> None:
    folder = RunFolder.start(tmp_path / "run", make_manifest())
    folder.append(make_result("q1"))
    assert RunFolder.open(tmp_path / "run").results == (make_result("q1"),)


def test_an_interrupted_run_goes_on_behind_its_last_whole_result(tmp_path: Path) -> None:
    RunFolder.start(tmp_path, make_manifest()).append(make_result("q1"))
    with (tmp_path / RESULTS).open("a") as file:
        file.write('{"id": "q2", "ha')
    folder = RunFolder.start(tmp_path, make_manifest(questions=3))
    folder.append(make_result("q3"))
    again = RunFolder.open(tmp_path)
    assert [result.id for result in again.results] == ["q1", "q3"]


def test_a_run_with_other_code_is_never_mixed_in(tmp_path: Path) -> None:
    RunFolder.start(tmp_path, make_manifest())
    with pytest.raises(UsageError, match="another code_sha256"):
        RunFolder.start(tmp_path, make_manifest(code_sha256="0ther"))


def test_another_number_of_questions_is_the_same_run(tmp_path: Path) -> None:
    RunFolder.start(tmp_path, make_manifest(questions=2))
    assert RunFolder.start(tmp_path, make_manifest(questions=5)).manifest.questions == 5


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds other files"):
        RunFolder.start(tmp_path, make_manifest())


def test_a_disk_that_refuses_is_said_in_words(tmp_path: Path) -> None:
    folder = RunFolder.start(tmp_path, make_manifest())
    (tmp_path / RESULTS).mkdir()
    with pytest.raises(AssistantError, match="cannot be written"):
        folder.append(make_result("q1"))
    assert folder.results == ()


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    RunFolder.start(tmp_path, make_manifest()).append(make_result("q1"))
    with (tmp_path / RESULTS).open("a") as file:
        file.write('{"id": 1}\n')
    with pytest.raises(InputError, match=r"results\.jsonl:2: not a result"):
        RunFolder.open(tmp_path)


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder of a run"):
        RunFolder.open(tmp_path)
    (tmp_path / MANIFEST).write_text("{}")
    with pytest.raises(InputError, match="not written by this program"):
        RunFolder.open(tmp_path)
