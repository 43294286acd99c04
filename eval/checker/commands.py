"""The commands of the independent checker: ``check`` over a run, ``statements`` over the knowledge files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import AssistantError, InputError


def check(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the totals as JSON, nothing else.")] = False,
    show_test: Annotated[bool, typer.Option("--show-test", help="Show refuted claims of the test half too.")] = False,
    corrupted: Annotated[
        bool, typer.Option("--corrupted", help="Corrupt the claims first, one thing at a time, and count what is refuted.")
    ] = False,
    per_operator: Annotated[int, typer.Option(min=1, help="Claims to corrupt for each kind, at most.")] = 100,
) -> None:
    """Check every claim of a run by code that shares nothing with the verification inside. Exit code 1 if anything is refuted.

    With --corrupted, measure instead how much of what is wrong the checker refutes.
    """
    from assistant.settings import Settings
    from assistant.store import Store
    from eval.checker.holdings import Holdings
    from eval.checker.power import measure_power
    from eval.checker.report import check_run, figures, render
    from eval.corruption import SEEDS, corruption_figures, render_corruption
    from eval.folder import RunFolder

    settings, folder = Settings.from_environment(os.environ), RunFolder.open(run)
    with Store(settings.database) as store:
        held, content = store.load(), store.content_digest
    if content != folder.manifest.content_sha256:
        raise InputError(f"{run} was made with other clauses than those held now: run the questions again, or set CLAUSEWISE_HOME")
    if corrupted:
        power = measure_power(folder.results, Holdings(held), SEEDS["dev"], per_operator)
        typer.echo(json.dumps(corruption_figures(power)) if as_json else render_corruption(power, caught="refuted"))
        return
    checked = check_run(folder.results, Holdings(held), stale_after_days=settings.stale_after_days)
    totals = json.dumps(figures(checked), ensure_ascii=False, indent=None if as_json else 2)
    typer.echo(totals if as_json else f"{render(checked, show_test=show_test)}\n{totals}")
    if not checked.holds:
        raise AssistantError("Something is refuted.")


def statements(as_json: Annotated[bool, typer.Option("--json", help="Print the totals as JSON, nothing else.")] = False) -> None:
    """Check every statement of the knowledge files in the same way, asked for or not. Exit code 1 if one is refuted."""
    from collections import Counter

    from assistant.settings import Settings
    from assistant.store import Store
    from eval.checker.holdings import Holdings
    from eval.checker.statements import check_statements
    from eval.provenance import newest_reading

    with Store(Settings.from_environment(os.environ).database) as store:
        held = store.load()
    day = newest_reading(held)
    if day is None:
        raise InputError("Nothing is held. Run `clausewise index`.")
    checked = check_statements(Holdings(held), day)
    totals = Counter(judgement.outcome for _, judgement in checked)
    if not as_json:
        for statement, judgement in checked:
            if judgement.outcome == "refuted":
                typer.echo(f"- {statement.place}: {judgement.claim}\n    - " + "\n    - ".join(judgement.reasons))
    typer.echo(json.dumps({"statements": len(checked), **{name: totals[name] for name in ("confirmed", "refuted", "undecided")}}))
    if totals["refuted"]:
        raise AssistantError("Something is refuted.")
