"""The table and the charts of a run of peers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.schema import Frozen
from eval.peers.folder import PeersFolder, PeersManifest
from eval.peers.measuring import PeerResult
from eval.peers.roster import CHROMA_ONNX, CONTESTANTS, EMBEDDED, LEARNED, SENTENCE_TRANSFORMERS, UNLEARNED
from eval.report import table
from eval.retrieval.charts import ACCENT, INK, PALE, draw
from eval.retrieval.html import as_text
from eval.retrieval.measures import MAIN, measure_queries
from eval.retrieval.report import provenance_table, write_charts
from eval.retrieval.run import Task
from eval.retrieval.runs import write_run
from eval.retrieval.significance import Difference, Interval, interval_of_mean, paired_differences
from eval.retrieval.summary import Cost, cost

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MEASURES = ("P@1", "R@10", MAIN, "AP@10", "RR@10")
ENCODERS = {
    EMBEDDED: "int8 by onnxruntime (this program)",
    SENTENCE_TRANSFORMERS: "fp32 by sentence-transformers and torch",
    CHROMA_ONNX: "fp32 by Chroma's own function, which fills up to 256 tokens",
}
OWN = "clausewise-default"  # whose time the others' is held against


class Row(Frozen):
    """One contestant. ``without_encoder`` is what it adds to encoding the question, ``with_encoder`` the whole question with this
    program's encoder, ``as_shipped`` with the one it comes with; milliseconds.

    ``against``: this program (without its learned part, if that was measured) minus the contestant, on the main measure.
    """

    result: PeerResult
    measures: dict[str, Interval]
    wall: Cost
    without_encoder: Cost
    with_encoder: Cost
    as_shipped: Cost
    against: Difference | None


@dataclass(frozen=True)
class PeersReport:
    """``encoders``: CPU of encoding a question, by encoder."""

    manifest: PeersManifest
    encoders: dict[str, Cost]
    rows: Sequence[Row]
    failed: dict[str, str]

    @property
    def charts(self) -> dict[str, str]:
        """SVG by name."""
        if not self.rows:
            return {}
        return {"quality": _quality_chart(self.rows), "time": _time_chart(self.rows), "footprint": _footprint_chart(self.rows)}

    @property
    def figures(self) -> dict[str, Any]:
        rows = {row.result.peer: row.model_dump(mode="json", exclude={"result": {"asked"}}) for row in self.rows}
        return {
            "manifest": self.manifest.model_dump(mode="json"),
            "encoder_cpu_ms": {name: spent.model_dump(mode="json") for name, spent in self.encoders.items()},
            "contestants": rows,
            "failed": self.failed,
        }


def make_peers_report(folder: PeersFolder, task: Task) -> PeersReport:
    """The report of what has been measured so far."""
    encoding = {name: [cpu for _, cpu in spent] for name, spent in folder.encoding.items()}
    order = {name: place for place, name in enumerate(CONTESTANTS)}
    results = sorted(folder.results, key=lambda result: order.get(result.peer, len(order)))
    values = {
        result.peer: measure_queries(task.data.qrels, {entry.id: entry.ranking for entry in result.asked}, MEASURES) for result in results
    }
    name_of_own = own_for_quality(values)
    own = values.get(name_of_own)
    others = [result.peer for result in results if result.peer != name_of_own and own]
    tested = paired_differences([([values[name][i][MAIN] for i in own], [own[i][MAIN] for i in own]) for name in others]) if own else []
    against = dict(zip(others, tested, strict=True))
    rows = [
        Row(
            result=result,
            measures={name: interval_of_mean([entry[name] for entry in values[result.peer].values()]) for name in MEASURES},
            wall=cost(entry.wall for entry in result.asked),
            without_encoder=cost(entry.cpu for entry in result.asked),
            with_encoder=cost(_whole(result, encoding.get(EMBEDDED, []))),
            as_shipped=cost(_whole(result, encoding.get(_encoder_of(result) or EMBEDDED, []))),
            against=against.get(result.peer),
        )
        for result in results
    ]
    return PeersReport(folder.manifest, {name: cost(spent) for name, spent in encoding.items()}, rows, dict(folder.failed))


def own_for_quality(measured: Collection[str]) -> str:
    """The contestant whose quality the others' is held against: one that was not trained on the questions, if it was measured."""
    return UNLEARNED.name if UNLEARNED.name in measured else OWN


def write_peers_report(folder: PeersFolder, task: Task) -> str:
    """Write TREC runs, summary, charts and both reports into the folder; the Markdown is returned."""
    report = make_peers_report(folder, task)
    for result in folder.results:
        write_run(folder.path / f"{result.peer}.trec", ((entry.id, entry.ranking) for entry in result.asked), result.peer)
    markdown = render_peers(report)
    write_charts(folder.path, report.charts, markdown)
    folder.write_report(markdown, report.figures)
    return markdown


def render_peers(report: PeersReport) -> str:
    """The run as Markdown."""
    manifest = report.manifest
    scope = "each within the document it names, if it names one," if manifest.within_document else "over all documents"
    titles = [f"- **{row.result.peer}**: {CONTESTANTS[row.result.peer].title}" for row in report.rows if row.result.peer in CONTESTANTS]
    parts = [
        f"# Side by side on {as_text(manifest.data_set)}",
        f"{manifest.questions} questions, {scope}, {manifest.passages:,} passages of {manifest.documents} documents. One after the "
        "other on one thread, each in an environment of its own, with the same vectors of passages and questions; 50 candidates "
        "a side where two rankings are fused. Where a question is about one document, the others have an index of that document alone.",
        "\n".join(titles),
        "## Quality",
        _quality_table(report.rows),
        f"*Difference*: {own_for_quality([row.result.peer for row in report.rows])} minus the contestant, {MAIN}, with the paired "
        "bootstrap's 95 % interval and the p value of the paired randomisation test, corrected for the number of contestants (Holm).",
        "† with a learned part that may have been trained on these very questions: no figure to compare, and not in the chart.",
        f"![{MAIN} with 95 % intervals](charts/quality.svg)",
        "## Time of a question, CPU milliseconds",
        "Encoding a question with all-MiniLM-L6-v2, median and 95th percentile: "
        + "; ".join(f"{ENCODERS[name]} {spent.p50:.1f} and {spent.p95:.1f}" for name, spent in report.encoders.items())
        + ". *Same encoder*: the first of these for all that look at vectors; the profiles of clausewise encode with what their settings "
        "say. *As shipped*: with what each comes with, the bare call of the model. Without the encoder, all encoding is taken off.",
        _time_table(report.rows),
        "![CPU milliseconds of a question without the encoder](charts/time.svg)",
        "## Index, memory, disk, start",
        "Without encoding. *Start*: from the start of the process to the first answer from what is on disk, the best of three.",
        _footprint_table(report.rows),
        "![Memory and disk](charts/footprint.svg)",
        *[f"**{name} could not be measured:** {as_text(reason)}" for name, reason in report.failed.items()],
        "## How this was made",
        provenance_table(manifest),
    ]
    return "\n\n".join(parts) + "\n"


def _encoder_of(result: PeerResult) -> str | None:
    return CONTESTANTS[result.peer].encoder if result.peer in CONTESTANTS else EMBEDDED


def _whole(result: PeerResult, encoding: Sequence[float]) -> list[float]:
    """CPU seconds of each question with its encoding. BM25 alone looks at no vector."""
    if _encoder_of(result) is None or len(encoding) != len(result.asked):
        return [entry.cpu for entry in result.asked]
    return [entry.cpu + (entry.encode_cpu if entry.encode_cpu else spent) for entry, spent in zip(result.asked, encoding, strict=True)]


def _quality_table(rows: Sequence[Row]) -> str:
    body = [
        [row.result.peer + _mark(row), *(f"{row.measures[name].value:.3f}" for name in MEASURES), *_against_words(row.against)]
        for row in rows
    ]
    return table(["", *MEASURES, "difference", "95 % interval", "p (Holm)"], body)


def _mark(row: Row) -> str:
    return " †" if row.result.peer in LEARNED else ""


def _against_words(difference: Difference | None) -> list[str]:
    if difference is None:
        return ["", "", ""]
    return [f"{difference.value:+.3f}", f"{difference.low:+.3f} – {difference.high:+.3f}", f"{difference.p_holm:.4f}"]


def _time_table(rows: Sequence[Row]) -> str:
    own = next((row for row in rows if row.result.peer == OWN), None)
    body = []
    for row in rows:
        ratio = f"{row.without_encoder.p50 / own.without_encoder.p50:.2f}" if own and own.without_encoder.p50 else "–"
        shipped = f"{row.as_shipped.p50 / own.as_shipped.p50:.2f}" if own and own.as_shipped.p50 else "–"
        whole = f"{row.with_encoder.p50 / own.with_encoder.p50:.2f}" if own and own.with_encoder.p50 else "–"
        costs = [row.without_encoder, row.with_encoder, row.as_shipped, row.wall]
        body.append([row.result.peer, *(f"{value:.2f}" for spent in costs for value in (spent.p50, spent.p95)), ratio, whole, shipped])
    kinds = ("without encoder", "same encoder", "as shipped", "wall without")
    head = [words for kind in kinds for words in (f"{kind} p50", "p95")] + [f"× {OWN} without", "× same encoder", "× as shipped"]
    return table(["", *head], body)


def _footprint_table(rows: Sequence[Row]) -> str:
    body = [
        [
            row.result.peer,
            f"{row.result.index_wall:.2f}",
            f"{row.result.index_cpu:.2f}",
            *(f"{value / 1e6:.0f}" for value in (row.result.memory_indexed, row.result.memory_peak, row.result.disk_bytes)),
            f"{row.result.import_cpu:.2f}",
            f"{row.result.start_cpu:.2f}",
            f"{row.result.start_wall:.2f}",
            str(row.result.distributions or "–"),
        ]
        for row in rows
    ]
    head = ["index wall s", "CPU s", "memory MB", "most MB", "disk MB", "import CPU s", "start CPU s", "wall s", "packages"]
    return table(["", *head], body)


def _color(name: str) -> str:
    return ACCENT if name.startswith("clausewise") else PALE


def _quality_chart(rows: Sequence[Row]) -> str:
    comparable = [row for row in rows if row.result.peer not in LEARNED] or rows
    ordered = sorted(comparable, key=lambda row: row.measures[MAIN].value)

    def paint(axes: Axes) -> None:
        places = range(len(ordered))
        entries = [row.measures[MAIN] for row in ordered]
        errors = [[entry.value - entry.low for entry in entries], [entry.high - entry.value for entry in entries]]
        axes.barh(
            places,
            [entry.value for entry in entries],
            color=[_color(row.result.peer) for row in ordered],
            xerr=errors,
            error_kw={"ecolor": INK, "elinewidth": 1, "capsize": 3},
        )
        axes.set_yticks(places, [row.result.peer for row in ordered])
        axes.set_xlabel(MAIN)
        for place, entry in zip(places, entries, strict=True):
            axes.text(entry.high + 0.01, place, f"{entry.value:.3f}", va="center")
        axes.margins(x=0.1)

    return draw(paint, height=0.36 * len(ordered) + 0.8)


def _time_chart(rows: Sequence[Row]) -> str:
    """Two bars each: the question without its encoding, and the whole of it as the system is shipped."""
    ordered = sorted(rows, key=lambda row: -row.as_shipped.p50)

    def paint(axes: Axes) -> None:
        places = np.arange(len(ordered))
        for offset, costs, colors, label in (
            (-0.2, [row.as_shipped for row in ordered], [PALE] * len(ordered), "whole question, with the encoder it comes with"),
            (0.2, [row.without_encoder for row in ordered], [ACCENT] * len(ordered), "of it without encoding"),
        ):
            values = [max(spent.p50, 0.01) for spent in costs]
            axes.barh(places + offset, values, height=0.38, color=colors, label=label)
            for place, value in zip(places, values, strict=True):
                axes.text(value * 1.08, place + offset, f" {value:.1f}", va="center", fontsize=8)
        axes.set_yticks(places, [row.result.peer for row in ordered])
        axes.set_xscale("log")
        axes.set_xlabel("CPU milliseconds a question (median; logarithmic)")
        axes.legend(frameon=False, loc="upper right")
        axes.margins(x=0.1)

    return draw(paint, height=0.5 * len(ordered) + 0.9)


def _footprint_chart(rows: Sequence[Row]) -> str:
    def paint(axes: Axes) -> None:
        places = np.arange(len(rows))
        for offset, values, color, label in (
            (-0.2, [row.result.memory_peak / 1e6 for row in rows], ACCENT, "most memory"),
            (0.2, [row.result.disk_bytes / 1e6 for row in rows], PALE, "disk"),
        ):
            drawn = axes.barh(places + offset, values, height=0.38, color=color, label=label)
            axes.bar_label(drawn, fmt=" %.0f", fontsize=8)
        axes.set_yticks(places, [row.result.peer for row in rows])
        axes.invert_yaxis()
        axes.set_xlabel("MB")
        axes.legend(frameon=False)
        axes.margins(x=0.1)

    return draw(paint, height=0.45 * len(rows) + 0.8)
