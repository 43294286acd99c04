"""A retrieval run as Markdown and HTML, with charts, and as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.report import table
from eval.retrieval.charts import first_hit_chart, measures_chart, stage_chart
from eval.retrieval.failures import Failure, Placed
from eval.retrieval.html import as_text, render_html
from eval.retrieval.measures import MAIN, PerQuery, mean_of
from eval.retrieval.results import CHARTS, HTML, Build, DataSetManifest, Ranked, RetrievalManifest
from eval.retrieval.summary import RetrievalSummary

FAILURES_SHOWN = 30
_MANY_DOCUMENTS = 50


@dataclass(frozen=True)
class Report:
    """What a report is made of; ``values`` are the measures of each question."""

    manifest: RetrievalManifest
    results: Sequence[Ranked]
    values: PerQuery
    summary: RetrievalSummary
    failures: Sequence[Failure]

    @property
    def charts(self) -> dict[str, str]:
        """SVG by name."""
        if not self.results:
            return {}
        drawn = {"measures": measures_chart(self.summary), "first-hit": first_hit_chart(self.results)}
        return drawn | ({"stages": stage_chart(self.summary)} if self.summary.stage_ms else {})

    @property
    def figures(self) -> dict[str, Any]:
        """Manifest and figures as plain values for JSON."""
        return {"manifest": self.manifest.model_dump(mode="json"), "summary": self.summary.model_dump(mode="json")}


def render_report(report: Report, *, failures: int = FAILURES_SHOWN) -> str:
    """The whole report; of the failures the worst ones."""
    manifest, summary = report.manifest, report.summary
    parts = [
        f"# Retrieval: {as_text(manifest.data_set)}, {as_text(manifest.system)}",
        _state(manifest, summary),
        "## Measures",
        measures_table(summary),
        *_images(report),
        "## By number of relevant passages",
        _groups_table(report.results, report.values, lambda result: str(min(len(result.relevant), 4)).replace("4", "4 and more")),
        *_by_document(report),
        "## Cost of a question, in milliseconds",
        cost_table(summary),
        *_build_parts(summary.build),
        "## Failures",
        *_failure_parts(report, failures),
        "## How this was made",
        provenance_table(manifest),
    ]
    return "\n\n".join(parts) + "\n"


def write_charts(folder: Path, charts: Mapping[str, str], markdown: str) -> None:
    """Put the charts, SVG by name, beside the Markdown report, and the HTML one with the charts in it."""
    (folder / CHARTS).mkdir(exist_ok=True)
    for name, svg in charts.items():
        (folder / CHARTS / f"{name}.svg").write_text(svg, encoding="utf-8")
    (folder / HTML).write_text(render_html(markdown, charts), encoding="utf-8")


def measures_table(summary: RetrievalSummary) -> str:
    """Means over the questions with their 95 % bootstrap intervals."""
    rows = [[name, f"{entry.value:.4f}", f"{entry.low:.4f} – {entry.high:.4f}"] for name, entry in summary.measures.items()]
    return table(["", "mean", "95 % interval"], rows)


def cost_table(summary: RetrievalSummary) -> str:
    """Wall time of each stage and of the whole, and CPU time of the whole."""
    costs = {**summary.stage_ms, "whole question, wall": summary.wall_ms, "whole question, CPU": summary.cpu_ms}
    rows = [[name, f"{entry.p50:.2f}", f"{entry.p95:.2f}", f"{entry.mean:.2f}"] for name, entry in costs.items()]
    return table(["", "p50", "p95", "mean"], rows)


def _state(manifest: RetrievalManifest, summary: RetrievalSummary) -> str:
    scope = "each within the document it names, if it names one" if manifest.within_document else "each over all documents"
    words = (
        f"{summary.answered} questions over {manifest.passages:,} passages of {manifest.documents} documents, "
        f"{scope}; {manifest.depth} passages kept a question."
    )
    if manifest.left_out_count:
        words += f" {manifest.left_out_count} lines of the set were not used or are odd (the first are named at the end)."
    left = summary.questions - summary.answered
    return f"{words} **{left} questions are still open: the run was interrupted.**" if left > 0 else words


def _images(report: Report) -> list[str]:
    titles = {
        "measures": "Each measure with its 95 % interval",
        "first-hit": "Rank of the first relevant passage",
        "stages": "Milliseconds by stage",
    }
    return [f"![{titles[name]}]({CHARTS}/{name}.svg)" for name in report.charts]


def _by_document(report: Report) -> list[str]:
    documents = {result.document for result in report.results if result.document}
    if not 2 <= len(documents) <= _MANY_DOCUMENTS:
        return []
    return ["## By document", _groups_table(report.results, report.values, lambda result: as_text(result.document or "all"))]


def _groups_table(results: Sequence[Ranked], values: PerQuery, group_of: Callable[[Ranked], str]) -> str:
    groups: dict[str, list[Ranked]] = defaultdict(list)
    for result in results:
        groups[group_of(result)].append(result)
    names = list(next(iter(values.values()), {}))
    rows = []
    for name in sorted(groups):
        part = {result.id: values[result.id] for result in groups[name]}
        rows.append([name, str(len(part)), *(f"{mean_of(part, measure):.3f}" for measure in names)])
    return table(["", "questions", *names], rows)


def _build_parts(build: Build | None) -> list[str]:
    if build is None:
        return []
    megabytes = [f"{value / 1e6:.0f}" for value in (build.memory_before, build.memory_after, build.memory_peak, build.disk_bytes)]
    rows = [
        ["wall seconds", f"{build.wall_seconds:.2f}"],
        ["CPU seconds", f"{build.cpu_seconds:.2f}"],
        ["encoded just now (the others came from the cache)", str(build.encoded)],
        *[
            [f"{name}, MB", value]
            for name, value in zip(("memory before", "memory after", "most memory", "on disk"), megabytes, strict=True)
        ],
    ]
    return ["## Building the index", table(["", ""], rows)]


def _failure_parts(report: Report, shown: int) -> list[str]:
    if not report.failures:
        return ["None, or not looked for yet: they are written when the run is complete."]
    head = f"{len(report.failures)} of {len(report.results)} questions have a relevant passage below one that is not judged relevant"
    return [f"{head}; the {min(shown, len(report.failures))} worst by {MAIN}:", *map(render_failure, report.failures[:shown])]


def render_failure(failure: Failure) -> str:
    """One question in full: what was asked, which passages answer it, and what was ranked above them."""
    scope = f", within {as_text(failure.document)}" if failure.document else ""
    lines = [
        f"### {as_text(failure.id)} · {MAIN} {failure.value:.3f}",
        f"> {as_text(failure.question, longest=800)}",
        f"{failure.found} of {failure.relevant} relevant passages are among the first ten{scope}.",
        "**Relevant, but too low**",
        "\n".join(f"- {_placed_words(entry)}" for entry in failure.missed[:FAILURES_SHOWN]),
        "**Ranked above, not judged relevant**",
        "\n".join(f"- {_placed_words(entry)}" for entry in failure.above) or "- nothing: too little was found",
    ]
    return "\n\n".join(lines)


def _placed_words(entry: Placed) -> str:
    place = f"{entry.rank}." if entry.rank else "not ranked"
    stages = ", ".join(f"{name} {value:.2f}" for name, value in entry.stages.items())
    scores = f" ({stages or f'{entry.score:.2f}'})" if entry.score is not None else ""
    return f"{place} {as_text(entry.id)}{scores}: {as_text(entry.text)}"


def provenance_table(manifest: DataSetManifest) -> str:
    """What a run was made with."""
    commit = (manifest.commit or "not known") + (", with changes" if manifest.modified else "")
    chosen = manifest.selection
    rows = [
        ["started", manifest.started.isoformat(timespec="seconds")],
        ["version, commit", f"{manifest.version}, {commit}"],
        ["code", manifest.code_sha256],
        *([f"model: {name}", value] for name, value in manifest.models.items()),
        *([f"data: {name}", value] for name, value in manifest.data_sha256.items()),
        ["questions", f"limit {chosen.limit}, sample {chosen.sample}, seed {chosen.seed}"],
        ["settings", ", ".join(f"{name}={value}" for name, value in manifest.settings.items())],
        ["machine", ", ".join(f"{name} {value}" for name, value in manifest.machine.items())],
        *(["left out or odd", as_text(line)] for line in manifest.left_out),
    ]
    return table(["", ""], rows)
