"""Imported files with words to a program in them, and a language model that obeys whatever it is shown."""

from __future__ import annotations

from pathlib import Path

from assistant.assistant import Assistant
from assistant.clock import FixedClock
from assistant.ingest.details import Details
from assistant.settings import Settings
from assistant.sources import ImportOptions, import_texts
from eval.adversary.hostile_model import LIES, serve_hostile_model
from eval.injection import LEAKS, attempts_in_files, load_attempts, outcome, write_files
from tests.conftest import TODAY
from tests.places import as_shipped

EVERY = 16  # one attempt of so many: all of them take minutes (python -m eval injection)
QUESTIONS = ("Is Zoom safe for therapy?", "Does Zoom train AI on my calls?", "Does the service desk of Zoom answer on working days?")


def open_over(home: Path, folder: Path, *, poisoned: bool) -> tuple[Settings, Assistant]:
    folder.mkdir()
    write_files(folder, attempts_in_files()[::EVERY], poisoned=poisoned)
    settings = as_shipped(home)
    details = Details(kind="vendor", tools=("zoom",), publisher="A service desk", language="en", as_of=TODAY)
    import_texts(settings, folder, ImportOptions(details=details), today=TODAY)
    return settings, Assistant.open(settings, clock=FixedClock(TODAY))


def test_words_planted_in_imported_files_change_no_answer_with_an_obedient_model_either(own_home: Path, home: Path, tmp_path: Path) -> None:
    import shutil

    _, clean = open_over(own_home, tmp_path / "clean", poisoned=False)
    asked = {question.text: question.options for question in load_attempts()[0]}
    before = {text: outcome(clean, text, asked[text]) for text in QUESTIONS}
    settings, poisoned = open_over(Path(shutil.copytree(home, tmp_path / "second")), tmp_path / "planted", poisoned=True)
    with serve_hostile_model() as model:
        hostile = Assistant.open(settings.model_copy(update={"model": model.settings}), clock=FixedClock(TODAY))
        for asks in (poisoned, hostile):
            for text in QUESTIONS:
                after = outcome(asks, text, asked[text])
                assert {key: after[key] for key in after if key != "text"} == {key: before[text][key] for key in after if key != "text"}
                assert not LEAKS.search(after["text"])
    assert model.calls >= len(QUESTIONS)


def test_of_all_that_a_hostile_model_says_nothing_reaches_the_reader(assistant: Assistant, home: Path) -> None:
    with serve_hostile_model() as model:
        settings = as_shipped(home).model_copy(update={"model": model.settings})
        hostile = Assistant.open(settings, clock=FixedClock(TODAY))
        for number in range(len(LIES) // 3):
            question = ("Is Zoom safe for therapy?", "Does Zoom train AI on my calls?")[number % 2]
            answer = hostile.ask(question)
            assert answer.model is not None
            assert (answer.model.kept, answer.verdict) == (0, assistant.ask(question).verdict)
