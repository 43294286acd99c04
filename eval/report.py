"""A run as Markdown to read and as JSON to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from eval.gold import Half
from eval.provenance import Manifest
from eval.readability import prose_of
from eval.results import Result
from eval.summary import MEASURES, Figure, Measure, Summary, summarise_groups

HALF_TITLES: dict[Half, str] = {"dev": "development", "test": "test"}
SHOWN_CHARACTERS = 1_500
_BY_INTENT = ("verdict_accuracy", "citation_recall", "lookup_precision", "verdict_precision", "abstention_f1")

# Which ways of answering fit a gold intent; an intent that is not listed fits any.
_ANSWERED_AS: dict[str, frozenset[str]] = {
    "verdict": frozenset(["verdict"]),
    "comparison": frozenset(["comparison"]),
    "clause": frozenset(["topic", "clause"]),
    "lookup": frozenset(["lookup"]),
    "definition": frozenset(["lookup"]),
    "control": frozenset(["lookup"]),
    "unknown_tool": frozenset(["unknown_tool"]),
    "ask_back": frozenset(["ask_back"]),
}


def report_figures(manifest: Manifest, results: Sequence[Result]) -> dict[str, Any]:
    """Manifest and figures as plain values for JSON: by half, and by half and intent."""
    groups = {name: summary.model_dump(mode="json") for name, summary in summarise_groups(results).items()}
    return {"manifest": manifest.model_dump(mode="json"), "answered": len(results), "groups": groups}


def render_report(manifest: Manifest, results: Sequence[Result], *, show_test: bool = False) -> str:
    """The whole report. What single questions of the test half got is shown only on demand: who reads it starts to tune on it."""
    groups = summarise_groups(results)
    parts = [
        "# Gold questions",
        _state(manifest, results),
        "## Figures",
        render_figures(groups),
        "## By intent",
        _intent_table(groups),
        "## Latency in milliseconds, warm",
        _latency_table(groups),
        "## Misses",
        _stage_table(results),
        *_misses(results, show_test=show_test),
        "## Right, but more cited than was wanted",
        _beside_table(results, show_test=show_test),
        "## How this was made",
        _provenance_table(manifest),
    ]
    return "\n\n".join(parts) + "\n"


def render_figures(groups: dict[str, Summary]) -> str:
    """The measures of each half side by side, each with what it was taken over; – where nothing speaks to one."""
    halves: list[Half] = [half for half in HALF_TITLES if half in groups]
    rows = [["answered right", *(f"{groups[half].right} of {groups[half].questions}" for half in halves)]]
    rows += [[measure.title, *(print_figure(measure, groups[half].figures[measure.name]) for half in halves)] for measure in MEASURES]
    return table(["", *(HALF_TITLES[half] for half in halves)], rows)


def print_figure(measure: Measure, figure: Figure) -> str:
    """``0.93 (28)``; – without a value."""
    if figure.value is None:
        return "–"
    return f"{print_value(measure, figure.value)} ({figure.count})"


def print_value(measure: Measure, value: float) -> str:
    return f"{value:.2f}" if measure.style == "share" else f"{value:.0f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, first column to the left and the others to the right."""
    line = "|".join(["---", *["---:"] * (len(head) - 1)])
    body = ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", f"|{line}|", *body])


def likely_stage(result: Result) -> str:
    """The stage that most likely failed, guessed from what can be seen from outside; a hint for whoever reads the miss."""
    given, ranks = result.given, result.scores.ranks
    if given is None:
        return "reading the question"
    fits = _ANSWERED_AS.get(result.intent)
    wrong_tools = bool(result.tools) and set(given.tools) != set(result.tools)
    if (fits is not None and given.intent not in fits) or wrong_tools:
        return "understanding"
    kinds = {fault.kind for fault in result.faults}
    if kinds & {"verdict", "as_it_comes"}:
        return "verdict"
    if "abstention" in kinds:
        return "deciding whether to answer"
    return "retrieval" if any(rank != 1 for rank in ranks) else "composing"


def render_miss(result: Result) -> str:
    """One miss in full: question, expected, answered, cited, what is wrong, and where it likely went wrong."""
    lines = [f"### {result.id} · {result.intent} · likely {likely_stage(result)}", "", *(f"> {turn}" for turn in result.asked), ""]
    if result.options:
        lines.append(f"- Given: {_options(result.options)}")
    lines.append(f"- Expected: {_expected(result)}")
    lines.append(f"- Answered: {_answered(result)}")
    if result.given and result.given.cited:
        lines.append(f"- Cited: {'; '.join(result.given.cited)}")
    lines += [f"- **Wrong:** {fault.detail}" for fault in result.faults]
    if result.scores.ranks:
        lines.append(f"- Ranked in the right scope: {', '.join(_rank(rank) for rank in result.scores.ranks)}")
    if result.note:
        lines.append(f"- Why: {result.note}")
    if result.given:
        lines += ["", "<details><summary>The answer</summary>", "", _shortened(prose_of(result.given.text)), "", "</details>"]
    return "\n".join(lines)


def _state(manifest: Manifest, results: Sequence[Result]) -> str:
    open_questions = manifest.questions - len(results)
    words = f"{len(results)} questions answered as of {manifest.today} ({manifest.today_is})."
    return f"{words} **{open_questions} are still open: the run was interrupted.**" if open_questions > 0 else words


def _intent_table(groups: dict[str, Summary]) -> str:
    shown = [measure for measure in MEASURES if measure.name in _BY_INTENT]
    rows = []
    for name, summary in groups.items():
        half, slash, intent = name.partition("/")
        if slash:
            figures = [print_figure(measure, summary.figures[measure.name]) for measure in shown]
            rows.append([f"{half} · {intent}", f"{summary.right} of {summary.questions}", *figures])
    return table(["", "answered right", *(measure.title for measure in shown)], rows)


def _latency_table(groups: dict[str, Summary]) -> str:
    rows = [
        [f"{half} · {stage}", f"{1000 * spread.p50:.1f}", f"{1000 * spread.p95:.1f}", str(spread.count)]
        for half in HALF_TITLES
        if half in groups
        for stage, spread in groups[half].latency.items()
    ]
    return table(["", "p50", "p95", "answers"], rows)


def _stage_table(results: Sequence[Result]) -> str:
    """How many misses each stage most likely caused, by half: figures only, so the test half is in it."""
    halves = [half for half in HALF_TITLES if any(result.half == half for result in results)]
    counts = {half: Counter(likely_stage(result) for result in results if result.half == half and result.is_miss) for half in halves}
    stages = sorted(set[str]().union(*counts.values()))
    return table(
        ["likely stage", *(HALF_TITLES[half] for half in halves)],
        [[stage, *(str(counts[half][stage]) for half in halves)] for stage in stages],
    )


def _misses(results: Sequence[Result], *, show_test: bool) -> list[str]:
    misses = [result for result in results if result.is_miss]
    shown = [result for result in misses if result.half == "dev" or show_test]
    parts = [render_miss(result) for result in shown] or ["None in what is shown."]
    if withheld := len(misses) - len(shown):
        parts.append(f"*{withheld} more in the test half. Its single questions are shown with `--show-test` only.*")
    return parts


def _beside_table(results: Sequence[Result], *, show_test: bool) -> str:
    rows = [
        [f"{result.id} · {result.intent}", result.asked[-1], "; ".join(result.scores.beside)]
        for result in results
        if result.scores.beside and not result.is_miss and (result.half == "dev" or show_test)
    ]
    return table(["", "question", "cited beside the point"], rows) if rows else "None in what is shown."


def _provenance_table(manifest: Manifest) -> str:
    commit = (manifest.commit or "not known") + (", with changes" if manifest.modified else "")
    rows = [
        ["started", manifest.started.isoformat(timespec="seconds")],
        ["half, seed of the split", f"{manifest.half}, {manifest.split_seed}"],
        ["version, commit", f"{manifest.version}, {commit}"],
        ["code", manifest.code_sha256],
        ["model", manifest.model],
        ["knowledge files", manifest.knowledge_sha256 or "none"],
        ["clauses", manifest.content_sha256],
        *([f"questions {name}", digest] for name, digest in manifest.gold_sha256.items()),
        ["settings", ", ".join(f"{name}={value}" for name, value in manifest.settings.items())],
        ["machine", ", ".join(f"{name} {value}" for name, value in manifest.machine.items())],
    ]
    return table(["", ""], rows)


def _expected(result: Result) -> str:
    expect = result.expect
    parts = ["to abstain"] if expect.abstain else []
    parts += [f"{name} `{token}`" for name, token in (("verdict", expect.verdict), ("as it comes", expect.as_it_comes)) if token]
    parts += [f"cites {' or '.join(labels)}" for labels in expect.cite]
    return "; ".join(parts) or "an answer"


def _answered(result: Result) -> str:
    given = result.given
    if given is None:
        return f"an error: {result.error}"
    parts = [f"as {given.intent}" + (f" about {', '.join(given.tools)}" if given.tools else "")]
    parts += [f"{name} `{token}`" for name, token in (("verdict", given.verdict), ("as it comes", given.as_it_comes)) if token]
    if given.abstained:
        parts.append("abstained")
    if given.verification.dropped:
        parts.append(f"{given.verification.dropped} of {given.verification.checked} claims dropped {given.verification.failures}")
    return "; ".join(parts)


def _options(options: dict[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in options.items())


def _rank(rank: int | None) -> str:
    return "not found" if rank is None else f"{rank}."


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS].rstrip()} …"
