"""The commands that set out to break the assistant: ``corruption``, ``guard`` and ``injection``."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from assistant.assistant import Assistant
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
