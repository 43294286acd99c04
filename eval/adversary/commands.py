"""The commands that set out to break the assistant: ``corruption``, ``guard`` and ``injection``."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.guard.known import KnownNames
    from assistant.settings import ModelSettings, Settings
    from eval.injection import Attempt

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class SeedChoice(StrEnum):
    dev = "dev"
    test = "test"


class InjectionComposer(StrEnum):
    rules = "rules"
    hostile = "hostile"
    small = "small"


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
        make_encoder(settings.encoder, settings.models_folder),
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


def injection(
    composer: Annotated[
        InjectionComposer,
        typer.Option(
            help=(
                "rules: no language model; hostile: one on this machine that does what an attacker wants; small: the small real model, of "
                "which what it writes is not counted as a change."
            )
        ),
    ] = InjectionComposer.rules,
    every: Annotated[int, typer.Option(min=1, help="Try only every so many of the attempts in questions.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Try to steer the assistant by questions, knowledge files and imported documents; list every attempt that changed an answer."""
    from eval.injection import attempts_in_files, injection_figures, load_attempts, render_injection, try_documents, try_questions
    from eval.provenance import newest_reading

    settings, assistant = _open()
    questions, attempts = load_attempts()
    today = newest_reading(assistant.knowledge) or assistant.today
    with tempfile.TemporaryDirectory() as home, _model_of(composer) as model:
        planter = _Planter(settings, Path(home), today, model)
        attacked = type(assistant).open(settings.model_copy(update={"model": model})) if model else assistant
        results = [
            try_questions(attacked, questions, attempts[::every], plain=assistant),
            try_documents(planter.in_knowledge, questions, [attempt for attempt in attempts if attempt.in_document]),
            try_documents(planter.in_imports, questions, attempts_in_files()),
        ]
    if composer is InjectionComposer.small:
        for result in results:
            result.changed = [change for change in result.changed if change.what != "written"]
    figures = injection_figures(results)
    typer.echo(json.dumps(figures, ensure_ascii=False) if as_json else render_injection({composer.value: results}))
    for change in () if as_json else figures["changes"]:
        typer.echo(json.dumps(change, ensure_ascii=False))


@contextmanager
def _model_of(composer: InjectionComposer) -> Iterator[ModelSettings | None]:
    """The settings of the language model that composes; None for none."""
    if composer is InjectionComposer.rules:
        yield None
    elif composer is InjectionComposer.small:
        from eval.local_model import serve_small_model

        with serve_small_model(max_tokens=120, max_clauses=3) as model:
            yield model
    else:
        from eval.adversary.hostile_model import serve_hostile_model

        with serve_hostile_model() as hostile:
            yield hostile.settings


@dataclass(frozen=True)
class _Planter:
    """Plants attempts in a data folder of its own beside the shipped knowledge. Clean, the answers are composed without a model."""

    settings: Settings
    home: Path
    today: date
    model: ModelSettings | None

    def in_knowledge(self, attempts: Sequence[Attempt], *, poisoned: bool) -> Assistant:
        from eval.injection import write_documents

        own = self._own(poisoned)
        own.overlay.mkdir(parents=True)
        write_documents(own.overlay, attempts, poisoned=poisoned, read_on=self.today.isoformat())
        return self._opened(own)

    def in_imports(self, attempts: Sequence[Attempt], *, poisoned: bool) -> Assistant:
        """The files by the real importer, as texts of a vendor about three tools in turn."""
        from assistant.ingest.details import Details
        from assistant.sources import ImportOptions, import_texts
        from eval.injection import write_files

        own = self._own(poisoned)
        folder = own.home / "files"
        folder.mkdir(parents=True)
        write_files(folder, attempts, poisoned=poisoned)
        details = Details(kind="vendor", tools=("zoom", "teams", "whatsapp"), publisher="A service desk", language="en", as_of=self.today)
        import_texts(own, folder, ImportOptions(details=details), today=self.today)
        return self._opened(own)

    def _own(self, poisoned: bool) -> Settings:
        home = Path(tempfile.mkdtemp(dir=self.home))
        own = self.settings.model_copy(update={"home": home, "model": self.model if poisoned else None})
        known = self._kept if self._kept.is_file() else self.settings.vector_cache
        if known.is_file():
            shutil.copy(known, own.vector_cache)
        return own

    @property
    def _kept(self) -> Path:
        """What was encoded for one folder is not encoded for the next."""
        return self.home / "vectors.sqlite3"

    def _opened(self, own: Settings) -> Assistant:
        from assistant.assistant import Assistant
        from assistant.clock import FixedClock

        opened = Assistant.open(own, clock=FixedClock(self.today))
        if own.vector_cache.is_file():
            shutil.copy(own.vector_cache, self._kept)
        return opened


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
