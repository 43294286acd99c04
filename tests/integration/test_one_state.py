"""A question is answered from one state of store and index, whatever comes in meanwhile, and the next one from the new state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import library
from assistant.assistant import Assistant
from assistant.clock import FixedClock
from assistant.index.encoders import MiniLMEncoder
from assistant.library import rebuild_library
from assistant.settings import RetrievalSettings, Settings
from tests.unit.samples import LAW, TODAY, TOOL, write_knowledge

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors

PLACE = "What does Art. 1(2) of the Sample Law say?"
VERDICT = "Is Example Meet safe for sessions?"


class InterruptedEncoder(MiniLMEncoder):
    """The real encoder; before the next question that it encodes each of ``first`` is called, once."""

    def __init__(self) -> None:
        super().__init__()
        self.first: list[Callable[[], object]] = []

    def encode_query(self, text: str) -> Vectors:
        while self.first:
            self.first.pop()()
        return super().encode_query(text)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_knowledge(tmp_path / "shipped")
    monkeypatch.setattr(library, "shipped_knowledge", lambda: folder)
    return folder


@pytest.fixture
def settings(tmp_path: Path, files: Path) -> Settings:
    settings = Settings(home=tmp_path / "home", retrieval=RetrievalSettings.for_profile("fast"))
    build(settings)
    return settings


def build(settings: Settings) -> None:
    rebuild_library(settings, MiniLMEncoder(), today=TODAY)


def test_what_comes_in_during_a_question_answers_the_next_one(files: Path, settings: Settings) -> None:
    encoder = InterruptedEncoder()
    assistant = Assistant(settings, FixedClock(TODAY), encoder)
    before = assistant.ask(PLACE)

    def change() -> None:
        write_knowledge(files, law_yaml=LAW.replace("within 72 hours", "within 24 hours"))
        build(settings)

    encoder.first.append(change)
    # not quite the same words: what was encoded for the question before is remembered
    during = assistant.ask(f"{PLACE} Please.")
    assert not encoder.first  # it was interrupted
    assert during.citations == before.citations
    assert "within 72 hours" in during.text
    assert "within 24 hours" not in during.text
    assert during.verification.dropped == 0
    assert "within 24 hours" in assistant.ask(PLACE).text


def test_a_verdict_that_was_kept_does_not_outlive_its_evidence(files: Path, settings: Settings) -> None:
    assistant = Assistant(settings, FixedClock(TODAY), MiniLMEncoder())
    assert assistant.ask(VERDICT).verdict == assistant.ask(VERDICT).verdict == "suitable_on_conditions"
    write_knowledge(files, tools__tool_yaml=TOOL.replace("status: met", "status: not_met"))
    build(settings)
    assert assistant.ask(VERDICT).verdict == "not_enough_evidence"


def test_nothing_is_read_again_while_nothing_changes(settings: Settings) -> None:
    assistant = Assistant(settings, FixedClock(TODAY), MiniLMEncoder())
    assert assistant.knowledge is assistant.knowledge
