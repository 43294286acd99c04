"""The commands that set out to break the assistant: ``corruption``, ``guard`` and ``injection``."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from datetime import date
from enum import StrEnum
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.guard.known import KnownNames
    from assistant.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class SeedChoice(StrEnum):
    dev = "dev"
    test = "test"


SeedOption = Annotated[SeedChoice, typer.Option(help="dev: what the checks were made on; test: run once, at the end.")]


def corruption(
    seed: SeedOption = SeedChoice.dev,
    per_operator: Annotated[int, typer.Option(min=1, help="Claims to corrupt for each kind, at most.")] = 100,
    clauses_only: Annotated[
        bool, typer.Option("--clauses-only", help="Leave reviewed statements aside: what the clauses alone catch.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Corrupt the claims of the gold answers of one half and count what the verification catches."""
    from assistant.index.encoders import make_encoder
    from eval.corruption import SEEDS, CorruptionTest, collect_claims, corruption_figures, render_corruption
    from eval.gold import load_gold

    settings, assistant = _open()
    with as_file(files("eval").joinpath("gold")) as gold:
        questions = load_gold(gold, assistant.knowledge).select(seed.value)
    claims = collect_claims(assistant, questions)
    test = CorruptionTest(
        assistant.knowledge,
        make_encoder(settings.encoder),
        stale_after_days=settings.stale_after_days,
        with_readings=not clauses_only,
    )
    result = test.run(claims, SEEDS[_seed(seed)], per_operator)
    typer.echo(json.dumps(corruption_figures(result)) if as_json else render_corruption(result))


def guard(
    seed: SeedOption = SeedChoice.dev,
    as_json: AsJson = False,
    show: Annotated[bool, typer.Option(help="Show what was missed and taken wrongly.")] = False,
) -> None:
    """Ask with client details of made-up people and count what is taken out, and what is left alone."""
    from assistant.guard.details import find_details
    from eval.adversary.client_details import guard_figures, make_messages, measure

    known = _known_names()
    result = measure(make_messages(_seed(seed)), lambda text: [(detail.start, detail.end) for detail in find_details(text, known)])
    typer.echo(json.dumps(guard_figures(result), ensure_ascii=False, indent=None if as_json else 2))
    if show and seed is SeedChoice.dev:
        for words, text in (*result.missed, *result.wrong):
            typer.echo(f"{words!r} in: {text}")


def injection(as_json: AsJson = False) -> None:
    """Try to steer the assistant by questions and documents and list every attempt that changed an answer."""
    from eval.injection import injection_figures, load_attempts, try_documents, try_questions
    from eval.provenance import newest_reading

    settings, assistant = _open()
    questions, attempts = load_attempts()
    today = newest_reading(assistant.knowledge) or assistant.today
    with tempfile.TemporaryDirectory() as home:
        results = [
            try_questions(assistant, questions, attempts),
            try_documents(lambda folder: _open_over(settings, folder, Path(home), today), questions, attempts, today.isoformat()),
        ]
    figures = injection_figures(results)
    typer.echo(json.dumps(figures, ensure_ascii=False, indent=None if as_json else 2))


def _open_over(settings: Settings, folder: Path, home: Path, today: date) -> Assistant:
    """An assistant over the shipped knowledge with the files of a folder beside it, in a data folder of its own with the same vectors."""
    from assistant.assistant import Assistant
    from assistant.clock import FixedClock

    own = settings.model_copy(update={"home": Path(tempfile.mkdtemp(dir=home))})
    shutil.copytree(folder, own.overlay)
    if settings.vector_cache.is_file():
        shutil.copy(settings.vector_cache, own.vector_cache)
    return Assistant.open(own, clock=FixedClock(today))


def _known_names() -> KnownNames:
    from assistant.converse.products import names_of_products
    from assistant.guard.known import KnownNames
    from assistant.index.generation import open_current

    settings, assistant = _open()
    return KnownNames.of(assistant.knowledge, open_current(settings.index_folder).search.bm25.knows, names_of_products())


def _seed(choice: SeedChoice) -> Literal["dev", "test"]:
    return "dev" if choice is SeedChoice.dev else "test"


def _open() -> tuple[Settings, Assistant]:
    """The settings and an assistant on the day of the newest reading held."""
    from assistant.assistant import Assistant
    from assistant.clock import FixedClock, SystemClock
    from assistant.settings import Settings
    from eval.provenance import newest_reading

    settings = Settings.from_environment(os.environ)
    knowledge = Assistant.open(settings).knowledge
    return settings, Assistant.open(settings, clock=FixedClock(newest_reading(knowledge) or SystemClock().today()))
