"""Two runs side by side: the figures that differ, and the questions whose answers changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.errors import InputError
from assistant.schema import Frozen
from eval.gold import Half
from eval.provenance import Manifest
from eval.report import HALF_TITLES, print_value, table
from eval.results import Result
from eval.summary import MEASURES, Measure, Summary, summarise

# What makes figures of two runs comparable only with care; the rest of a manifest is what one compares.
_WORTH_SAYING = ("today", "split_seed", "gold_sha256", "knowledge_sha256", "model", "settings", "machine")


class Change(Frozen):
    """A question that was answered otherwise, and whether that is better (fewer faults), worse, or neither."""

    id: str
    half: Half
    asked: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    direction: str


class Comparison(Frozen):
    """Run ``first`` against run ``second``, over the questions that both were asked in the same words with the same expectation."""

    shared: int
    left_out: int
    differing: tuple[str, ...]
    first: dict[str, Summary]
    second: dict[str, Summary]
    changes: tuple[Change, ...]


def compare_runs(first: tuple[Manifest, Sequence[Result]], second: tuple[Manifest, Sequence[Result]]) -> Comparison:
    """Compare two runs.

    Raises InputError if they share no question.
    """
    before = {result.id: result for result in first[1]}
    pairs = [(before[result.id], result) for result in second[1] if result.id in before and _same_question(before[result.id], result)]
    if not pairs:
        raise InputError("The two runs have no question in common: there is nothing to compare.")
    everything = {result.id for _, results in (first, second) for result in results}
    changes = [_change(old, new) for old, new in pairs]
    return Comparison(
        shared=len(pairs),
        left_out=len(everything) - len(pairs),
        differing=tuple(name for name in _WORTH_SAYING if getattr(first[0], name) != getattr(second[0], name)),
        first=_by_half([old for old, _ in pairs]),
        second=_by_half([new for _, new in pairs]),
        changes=tuple(change for change in changes if change is not None),
    )


def render_comparison(comparison: Comparison, *, show_test: bool = False) -> str:
    """The comparison as Markdown. Single questions of the test half are only counted, unless asked for."""
    parts = [f"{comparison.shared} questions in both runs{_left_out(comparison)}."]
    if comparison.differing:
        parts.append(f"The runs also differ in: {', '.join(comparison.differing)}.")
    parts += [table(["", "first", "second", "difference"], _rows(comparison)), "## Questions that changed"]
    shown = [change for change in comparison.changes if change.half == "dev" or show_test]
    parts += [_change_words(change) for change in shown] or ["None in what is shown."]
    if withheld := [change for change in comparison.changes if change not in shown]:
        counts = [f"{sum(change.direction == name for change in withheld)} {name}" for name in ("better", "worse", "other")]
        parts.append(f"*{len(withheld)} more in the test half: {', '.join(counts)}.*")
    return "\n\n".join(parts) + "\n"


def comparison_figures(comparison: Comparison, *, show_test: bool = False) -> dict[str, Any]:
    """The comparison as plain values for JSON, with the same reserve about the test half."""
    kept = tuple(change for change in comparison.changes if change.half == "dev" or show_test)
    return comparison.model_copy(update={"changes": kept}).model_dump(mode="json")


def _same_question(first: Result, second: Result) -> bool:
    return (first.asked, first.options, first.tools, first.expect) == (second.asked, second.options, second.tools, second.expect)


def _by_half(results: Sequence[Result]) -> dict[str, Summary]:
    present = [half for half in HALF_TITLES if any(result.half == half for result in results)]
    return {half: summarise([result for result in results if result.half == half]) for half in present}


def _change(old: Result, new: Result) -> Change | None:
    before, after = _gist(old), _gist(new)
    if before == after:
        return None
    fewer = len(new.faults) - len(old.faults)
    direction = "better" if fewer < 0 else "worse" if fewer > 0 else "other"
    return Change(id=new.id, half=new.half, asked=new.asked, before=before, after=after, direction=direction)


def _gist(result: Result) -> tuple[str, ...]:
    """What an answer comes down to: tokens, abstention, what it cites, and its faults. Wording and latency are not part of it."""
    given = result.given
    if given is None:
        return (f"error: {result.error}",)
    tokens = [f"{name} {token}" for name, token in (("verdict", given.verdict), ("as it comes", given.as_it_comes)) if token]
    cited = [f"cites {label}" for label in sorted(set(given.cited))]
    faults = [f"wrong: {fault.detail}" for fault in result.faults]
    return (f"as {given.intent}", *tokens, *(["abstained"] if given.abstained else []), *cited, *faults)


def _rows(comparison: Comparison) -> list[list[str]]:
    rows = []
    for half in HALF_TITLES:
        if half in comparison.first:
            old, new = comparison.first[half], comparison.second[half]
            rows.append([f"{half} · answered right", str(old.right), str(new.right), _signed(new.right - old.right)])
            rows += [row for measure in MEASURES if (row := _row(half, measure, old, new))]
            rows += _latency_rows(half, old, new)
    return rows


def _row(half: Half, measure: Measure, old: Summary, new: Summary) -> list[str] | None:
    """A measure that neither run has a value for is left out."""
    values = [summary.figures[measure.name].value for summary in (old, new)]
    if values == [None, None]:
        return None
    shown = ["–" if value is None else print_value(measure, value) for value in values]
    known = [value for value in values if value is not None]
    difference = f"{known[1] - known[0]:+.3f}" if len(known) == 2 else "–"
    return [f"{half} · {measure.title}", *shown, "=" if difference in ("+0.000", "-0.000") else difference]


def _latency_rows(half: Half, old: Summary, new: Summary) -> list[list[str]]:
    if "total" not in old.latency or "total" not in new.latency:
        return []
    spreads = [("p50", old.latency["total"].p50, new.latency["total"].p50), ("p95", old.latency["total"].p95, new.latency["total"].p95)]
    return [[f"{half} · {name} ms", f"{1000 * a:.1f}", f"{1000 * b:.1f}", f"{1000 * (b - a):+.1f}"] for name, a, b in spreads]


def _signed(difference: int) -> str:
    return f"{difference:+d}" if difference else "="


def _left_out(comparison: Comparison) -> str:
    return f"; {comparison.left_out} are in one only, or were asked otherwise, and are left out" if comparison.left_out else ""


def _change_words(change: Change) -> str:
    lost = [f"- before: {line}" for line in change.before if line not in change.after]
    won = [f"- after: {line}" for line in change.after if line not in change.before]
    return "\n".join([f"### {change.id} · {change.direction}", "", *(f"> {turn}" for turn in change.asked), "", *lost, *won])
