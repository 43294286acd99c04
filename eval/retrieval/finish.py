"""From the folder of a run to its report, complete or not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from assistant.errors import InputError
from assistant.index.passages import Passage
from eval.retrieval.failures import Failure, find_failures
from eval.retrieval.measures import MAIN, MEASURES, measure_results
from eval.retrieval.report import Report, render_report, write_charts
from eval.retrieval.results import FAILURES, RUN, RetrievalFolder
from eval.retrieval.runs import write_run
from eval.retrieval.summary import summarise


def open_report(folder: RetrievalFolder, names: Sequence[str] = MEASURES) -> Report:
    """The report of a run as it lies on disk."""
    values = measure_results(folder.results, names)
    summary = summarise(folder.results, values, folder.manifest.questions, folder.build)
    return Report(folder.manifest, folder.results, values, summary, _read_failures(folder.path / FAILURES))


def finish(folder: RetrievalFolder, passages: Sequence[Passage], names: Sequence[str] = MEASURES) -> Report:
    """Write what a complete run has besides its results: run.trec, failures.jsonl, summary.json, and both reports with charts."""
    values = measure_results(folder.results, names if MAIN in names else (*names, MAIN))
    failures = find_failures(passages, folder.results, values, MAIN)
    write_run(folder.path / RUN, ((result.id, result.ranking) for result in folder.results), folder.manifest.system)
    lines = "".join(failure.model_dump_json() + "\n" for failure in failures)
    (folder.path / FAILURES).write_text(lines, encoding="utf-8")
    report = open_report(folder, names)
    markdown = render_report(report)
    write_charts(folder.path, report.charts, markdown)
    folder.write_report(markdown, report.figures)
    return report


def _read_failures(path: Path) -> list[Failure]:
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(Failure.model_validate_json(line))
        except ValidationError as error:
            raise InputError(f"{path}:{number}: not a failure as this program writes it: {error.errors()[0]['msg']}") from error
    return found
