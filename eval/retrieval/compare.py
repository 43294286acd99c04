"""Two retrieval runs side by side: measures with paired tests, cost, what was set otherwise, and the questions that changed most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import InputError
from assistant.schema import Frozen
from eval.report import table
from eval.retrieval.charts import differences_chart, first_rank
from eval.retrieval.html import as_text
from eval.retrieval.measures import MAIN, MEASURES, measure_results
from eval.retrieval.results import Ranked, RetrievalFolder, RetrievalManifest
from eval.retrieval.significance import Difference, paired_differences
from eval.retrieval.summary import RetrievalSummary, summarise

_CHANGES_SHOWN = 15
# What makes figures of two runs comparable only with care, beside the settings, which are what one compares.
_WORTH_SAYING = ("data_set", "data_sha256", "within_document", "depth", "system", "models", "code_sha256", "machine")


class Change(Frozen):
    """A question on which the main measure differs, and at which rank each run has the first relevant passage (None: nowhere)."""

    id: str
    question: str
    document: str | None
    before: float
    after: float
    rank_before: int | None
    rank_after: int | None


class RetrievalComparison(Frozen):
    """Run ``second`` against run ``first``, over the questions both were asked with the same judgements. ``changes``: the greatest
    difference first, ties by id; ``settings`` has what is set otherwise, as both have it.
    """

    shared: int
    left_out: int
    differing: tuple[str, ...]
    settings: dict[str, tuple[str, str]]
    first: RetrievalSummary
    second: RetrievalSummary
    differences: dict[str, Difference]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Comparison:
    """The figures, and what is needed to draw them."""

    figures: RetrievalComparison
    names: tuple[str, str]
    per_query: Sequence[float]

    @property
    def charts(self) -> dict[str, str]:
        """SVG by name."""
        return {"differences": differences_chart(self.per_query, MAIN)}


def compare_runs(first: RetrievalFolder, second: RetrievalFolder) -> Comparison:
    """Compare two runs, complete or not.

    Raises InputError if they share no question that is judged alike.
    """
    before = {result.id: result for result in first.results}
    pairs = [(before[new.id], new) for new in second.results if new.id in before and before[new.id].relevant == new.relevant]
    if not pairs:
        raise InputError("The two runs have no question with the same judgements in common: there is nothing to compare.")
    old, new = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    old_values, new_values = measure_results(old), measure_results(new)
    ids = [result.id for result in old]
    tested = paired_differences([([old_values[i][name] for i in ids], [new_values[i][name] for i in ids]) for name in MEASURES])
    figures = RetrievalComparison(
        shared=len(pairs),
        left_out=len({result.id for run in (first, second) for result in run.results}) - len(pairs),
        differing=tuple(name for name in _WORTH_SAYING if getattr(first.manifest, name) != getattr(second.manifest, name)),
        settings=_settings_differing(first.manifest, second.manifest),
        first=summarise(old, old_values, len(pairs), first.build),
        second=summarise(new, new_values, len(pairs), second.build),
        differences=dict(zip(MEASURES, tested, strict=True)),
        changes=_changes(old, new, {i: old_values[i][MAIN] for i in ids}, {i: new_values[i][MAIN] for i in ids}),
    )
    names = (first.manifest.system, second.manifest.system)
    return Comparison(figures, names, [new_values[i][MAIN] - old_values[i][MAIN] for i in ids])


def render_comparison(comparison: Comparison) -> str:
    """The comparison as Markdown."""
    figures = comparison.figures
    left_out = f"; {figures.left_out} are in one only, or are judged otherwise, and are left out" if figures.left_out else ""
    parts = [
        f"# {as_text(comparison.names[0])} (first) and {as_text(comparison.names[1])} (second)",
        f"{figures.shared} questions in both runs{left_out}.",
    ]
    if figures.differing:
        parts.append(f"The runs also differ in: {', '.join(figures.differing)}.")
    if figures.settings:
        parts.append(table(["setting", "first", "second"], [[name, *values] for name, values in figures.settings.items()]))
    parts += [
        "## Measures",
        _measures_table(figures),
        "The interval is the paired bootstrap's (95 %), p that of the two-sided paired randomisation test, "
        "p (Holm) the same corrected for the number of measures.",
        f"![{MAIN} of each question, second minus first](charts/differences.svg)",
        "## Cost of a question, in milliseconds",
        _cost_table(figures),
        f"## Questions that changed most ({MAIN})",
        *_change_parts(figures.changes),
    ]
    return "\n\n".join(parts) + "\n"


def _settings_differing(first: RetrievalManifest, second: RetrievalManifest) -> dict[str, tuple[str, str]]:
    names = sorted(first.settings.keys() | second.settings.keys())
    values = {name: (str(first.settings.get(name, "–")), str(second.settings.get(name, "–"))) for name in names}
    return {name: pair for name, pair in values.items() if pair[0] != pair[1]}


def _changes(old: Sequence[Ranked], new: Sequence[Ranked], before: Mapping[str, float], after: Mapping[str, float]) -> tuple[Change, ...]:
    changed = [
        Change(
            id=first.id,
            question=second.question,
            document=second.document,
            before=round(before[first.id], 4),
            after=round(after[first.id], 4),
            rank_before=first_rank(first),
            rank_after=first_rank(second),
        )
        for first, second in zip(old, new, strict=True)
        if before[first.id] != after[first.id]
    ]
    return tuple(sorted(changed, key=lambda change: (-abs(change.after - change.before), change.id)))


def _measures_table(figures: RetrievalComparison) -> str:
    rows = [
        [
            name,
            f"{figures.first.measures[name].value:.4f}",
            f"{figures.second.measures[name].value:.4f}",
            f"{entry.value:+.4f}",
            f"{entry.low:+.4f} – {entry.high:+.4f}",
            f"{entry.p_value:.4f}",
            f"{entry.p_holm:.4f}",
            f"{entry.better} / {entry.worse}",
        ]
        for name, entry in figures.differences.items()
    ]
    return table(["", "first", "second", "difference", "95 % interval", "p", "p (Holm)", "better / worse"], rows)


def _cost_table(figures: RetrievalComparison) -> str:
    stages = dict.fromkeys([*figures.first.stage_ms, *figures.second.stage_ms])
    rows = []
    for stage in stages:
        costs = [summary.stage_ms.get(stage) for summary in (figures.first, figures.second)]
        rows.append([f"{stage}, p50", *(f"{entry.p50:.2f}" if entry else "–" for entry in costs)])
    for title, first, second in (
        ("whole question, wall p50", figures.first.wall_ms.p50, figures.second.wall_ms.p50),
        ("whole question, wall p95", figures.first.wall_ms.p95, figures.second.wall_ms.p95),
        ("whole question, CPU p50", figures.first.cpu_ms.p50, figures.second.cpu_ms.p50),
    ):
        rows.append([title, f"{first:.2f}", f"{second:.2f}"])
    return table(["", "first", "second"], rows)


def _change_parts(changes: Sequence[Change]) -> list[str]:
    if not changes:
        return ["None."]
    parts = []
    for title, chosen in (
        ("Better in the second", [change for change in changes if change.after > change.before]),
        ("Worse in the second", [change for change in changes if change.after < change.before]),
    ):
        rows = [
            [
                as_text(change.id),
                as_text(change.question),
                f"{change.before:.3f}",
                f"{change.after:.3f}",
                f"{_rank(change.rank_before)} → {_rank(change.rank_after)}",
            ]
            for change in chosen[:_CHANGES_SHOWN]
        ]
        parts.append(f"### {title}: {len(chosen)}")
        parts.append(table(["", "question", "first", "second", "rank of the first relevant"], rows) if rows else "None.")
    return parts


def _rank(rank: int | None) -> str:
    return "not found" if rank is None else str(rank)
