"""``python -m eval.bench.weak_model``: the gold questions through a language model that is too weak to be right.

What is measured is not how well it writes but that nothing wrong reaches the reader, what of it is dropped, how often the composed
answer takes over, and how long that takes. An interrupted run goes on where it was with the same --out.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from assistant.assistant import Assistant
from assistant.clock import FixedClock
from assistant.settings import Settings
from eval.folder import RunFolder
from eval.gold import load_gold
from eval.local_model import serve_small_model
from eval.measures import Tally, percentile
from eval.provenance import describe_run, newest_reading
from eval.results import Result
from eval.run import ask_all


class HalfChoice(StrEnum):
    dev = "dev"
    test = "test"
    all = "all"


COVERED = ("claims_resolved", "spans_exact", "quotations_exact")


def figures(results: Sequence[Result]) -> dict[str, object]:
    """Totals over answers: guarantees, sentences dropped by check, how often the composed answer took over, seconds of the model."""
    answers = [result.answer for result in results if result.answer is not None]
    uses = [answer.model for answer in answers if answer.model is not None]
    dropped: Counter[str] = Counter()
    for use in uses:
        dropped.update(use.dropped)
    seconds = [use.seconds for use in uses]
    return {
        "questions": len(results),
        "errors": len(results) - len(answers),
        "asked of the model": len(uses),
        "outcomes": dict(Counter(use.outcome for use in uses)),
        "sentences offered": sum(use.offered for use in uses),
        "sentences in answers": sum(use.kept for use in uses),
        "dropped": dict(dropped.most_common()),
        "guarantees": {name: _share(results, name) for name in COVERED},
        "verdict right": _mean(results, "verdict_right"),
        "citation recall": _mean(results, "citation_recall"),
        "citation precision, look-ups": _mean(results, "lookup_precision"),
        "input tokens": sum(use.input_tokens or 0 for use in uses),
        "output tokens": sum(use.output_tokens or 0 for use in uses),
        "seconds of the model": {"p50": percentile(seconds, 0.5), "p95": percentile(seconds, 0.95)},
    }


def _share(results: Sequence[Result], name: str) -> dict[str, int]:
    tally = sum((getattr(result.scores, name) for result in results), Tally())
    return {"passed": tally.passed, "total": tally.total}


def _mean(results: Sequence[Result], name: str) -> float | None:
    known = [float(value) for result in results if (value := getattr(result.scores, name)) is not None]
    return round(sum(known) / len(known), 4) if known else None


def run(
    out: Annotated[Path, typer.Option(help="Folder of the run, new or interrupted.")],
    half: Annotated[HalfChoice, typer.Option(help="The half to ask.")] = HalfChoice.dev,
    step: Annotated[int, typer.Option(min=1, help="Take every n-th question only.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="Threads of the model's server.")] = 1,
    max_tokens: Annotated[int, typer.Option(min=40, help="Longest reply.")] = 160,
    max_clauses: Annotated[int, typer.Option(min=1, help="Clauses shown to the model.")] = 4,
) -> None:
    """Ask, and print the totals as JSON."""
    base = Settings.from_environment({name: value for name, value in os.environ.items() if not name.startswith("CLAUSEWISE_MODEL")})
    with serve_small_model(threads=threads, max_tokens=max_tokens, max_clauses=max_clauses) as model:
        settings = base.model_copy(update={"model": model})
        held = Assistant.open(base).knowledge
        today = newest_reading(held)
        assert today is not None  # the shipped knowledge is never empty
        assistant = Assistant.open(settings, clock=FixedClock(today))
        with as_file(files("eval").joinpath("gold")) as folder:
            gold = load_gold(folder, held)
        questions = gold.select(half.value)[::step]
        manifest = describe_run(
            settings,
            gold,
            half=half.value,
            questions=len(questions),
            today=today,
            today_is="newest reading",
            started=datetime.now(UTC),
        )
        kept = RunFolder.start(out, manifest)
        ask_all(assistant, questions, kept, lambda done, total: None)
    typer.echo(json.dumps(figures(kept.results), indent=2))


if __name__ == "__main__":
    typer.run(run)
