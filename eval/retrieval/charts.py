"""Charts as SVG, drawn by matplotlib: text stays text, and the same figures give the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eval.retrieval.results import Ranked
from eval.retrieval.summary import RetrievalSummary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, ACCENT, PALE, SECOND = "#1f2933", "#2b6cb0", "#cbd5e0", "#c05621"
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "clausewise",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": PALE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": INK,
    "ytick.color": INK,
}
_RANK_GROUPS = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 100))


def draw(paint: Callable[[Axes], None], *, width: float = 7.0, height: float = 3.0) -> str:
    """An SVG element with what ``paint`` puts on the axes; inches."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        paint(figure.add_subplot())
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    return re.sub(r"\s*<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)


def measures_chart(summary: RetrievalSummary) -> str:
    """Each measure with its interval."""
    names = list(summary.measures)
    entries = [summary.measures[name] for name in names]

    def paint(axes: Axes) -> None:
        places = range(len(names))
        means = [entry.value for entry in entries]
        errors = [[entry.value - entry.low for entry in entries], [entry.high - entry.value for entry in entries]]
        axes.barh(places, means, color=ACCENT, height=0.6, xerr=errors, error_kw={"ecolor": INK, "elinewidth": 1, "capsize": 3})
        axes.set_yticks(places, names)
        axes.invert_yaxis()
        axes.set_xlim(0, 1)
        axes.grid(axis="x", color=PALE, linewidth=0.6)
        for place, entry in zip(places, entries, strict=True):
            axes.text(min(entry.high + 0.015, 0.93), place, f"{entry.value:.3f}", va="center")

    return draw(paint, height=0.32 * len(names) + 0.7)


def first_hit_chart(results: Sequence[Ranked]) -> str:
    """At which rank the first relevant passage stands, as shares of the questions."""
    ranks = [first_rank(result) for result in results]
    labels = [str(low) if low == high else f"{low}–{high}" for low, high in _RANK_GROUPS]
    counts = [sum(rank is not None and low <= rank <= high for rank in ranks) for low, high in _RANK_GROUPS]
    shown = dict(zip(labels, map(float, counts), strict=True)) | {"not found": float(len(ranks) - sum(counts))}
    return bars(shown, "rank of the first relevant passage", "questions")


def stage_chart(summary: RetrievalSummary) -> str:
    """Median and 95th percentile of each stage, in milliseconds of wall time."""
    stages = list(summary.stage_ms)

    def paint(axes: Axes) -> None:
        places = range(len(stages))
        for offset, values, color, label in (
            (-0.2, [summary.stage_ms[name].p50 for name in stages], ACCENT, "p50"),
            (0.2, [summary.stage_ms[name].p95 for name in stages], PALE, "p95"),
        ):
            axes.barh([place + offset for place in places], values, height=0.38, color=color, label=label)
            for place, value in zip(places, values, strict=True):
                axes.text(value, place + offset, f" {value:.2f}", va="center", fontsize=8)
        axes.set_yticks(places, stages)
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.set_xlabel("milliseconds a question")
        axes.legend(frameon=False, loc="lower right")

    return draw(paint, height=0.45 * max(len(stages), 1) + 0.9)


def differences_chart(differences: Sequence[float], measure: str) -> str:
    """Second minus first for each question, sorted: how many gain, how many lose, and how much."""
    ordered = sorted(differences, reverse=True)

    def paint(axes: Axes) -> None:
        places = range(len(ordered))
        axes.bar(places, ordered, width=1.0, color=[ACCENT if value > 0 else SECOND for value in ordered])
        axes.axhline(0, color=INK, linewidth=0.6)
        axes.set_ylabel(f"{measure}, second − first")
        axes.set_xlabel("questions, sorted by the difference")

    return draw(paint)


def bars(values: Mapping[str, float], xlabel: str, ylabel: str) -> str:
    """Bars with their values above."""

    def paint(axes: Axes) -> None:
        drawn = axes.bar(list(values), list(values.values()), color=ACCENT, width=0.7)
        axes.bar_label(drawn, fontsize=9)
        axes.set_xlabel(xlabel)
        axes.set_ylabel(ylabel)
        axes.margins(y=0.12)

    return draw(paint)


def first_rank(result: Ranked) -> int | None:
    """The rank of the first relevant passage, from 1; None if none was ranked."""
    return next((rank for rank, (passage, _) in enumerate(result.ranking, start=1) if passage in result.relevant), None)
