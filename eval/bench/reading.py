"""What reading costs: clauses per CPU second by format, against the parser of that format alone, and memory on the largest file.

`python -m eval.bench.reading FOLDER` reads every file below a folder and prints one JSON object. Each figure is the best of three
readings in one process; "parser alone" opens the same bytes with the same library and takes all text out. Ratios compare within
one run only. Files that are refused are listed with the reason.
"""

from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from assistant.errors import InputError
from assistant.ingest.documents import RawDocument
from assistant.ingest.recognise import READERS, parse_document
from assistant.ingest.xml_input import unpack_gzip

READINGS = 3


def main() -> None:
    if len(sys.argv) == 3 and sys.argv[1] == "--peak":
        print(_peak_of_this_process(Path(sys.argv[2])))
        return
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        raise SystemExit("Give the folder whose files are to be read: python -m eval.bench.reading FOLDER")
    print(json.dumps(measure(Path(sys.argv[1])), indent=2, ensure_ascii=False))


def measure(folder: Path) -> dict[str, object]:
    totals: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    refused: dict[str, str] = {}
    largest: dict[str, tuple[int, Path]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        document = RawDocument(path.name, path.read_bytes())
        try:
            clauses = len(parse_document(document).clauses)
        except InputError as error:
            refused[str(path.relative_to(folder))] = str(error)
            continue
        kind = _reader_of(document)
        totals[kind]["files"] += 1
        totals[kind]["megabytes"] += len(unpack_gzip(document).data) / 1e6
        totals[kind]["clauses"] += clauses
        totals[kind]["cpu_seconds"] += _cpu(lambda document=document: parse_document(document))  # type: ignore[misc]
        if (parser := PARSERS.get(kind)) is not None:  # plain text has none
            data = unpack_gzip(document).data
            totals[kind]["parser_alone_cpu_seconds"] += _cpu(lambda parser=parser, data=data: parser(data))  # type: ignore[misc]
        largest[kind] = max(largest.get(kind, (0, path)), (len(document.data), path))
    return {
        "formats": {kind: _figures(total) for kind, total in sorted(totals.items())},
        "largest_files": {kind: _memory(path, folder) for kind, (_, path) in sorted(largest.items())},
        "refused": refused,
    }


def _figures(total: dict[str, float]) -> dict[str, float | None]:
    alone = total["parser_alone_cpu_seconds"]
    return {
        "files": int(total["files"]),
        "megabytes": round(total["megabytes"], 2),
        "clauses": int(total["clauses"]),
        "cpu_seconds": round(total["cpu_seconds"], 3),
        "clauses_per_cpu_second": round(total["clauses"] / total["cpu_seconds"]),
        "parser_alone_cpu_seconds": round(alone, 3),
        "ratio_to_parser_alone": round(total["cpu_seconds"] / alone, 2) if alone else None,
    }


def _memory(path: Path, folder: Path) -> dict[str, object]:
    """Peak memory of a fresh process that reads the file once, and how much of it came with the reading."""
    command = [sys.executable, "-m", "eval.bench.reading", "--peak", str(path)]
    before, peak = map(float, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    return {
        "file": str(path.relative_to(folder)),
        "megabytes": round(path.stat().st_size / 1e6, 2),
        "peak_megabytes": round(peak, 1),
        "peak_megabytes_above_start": round(peak - before, 1),
    }


def _peak_of_this_process(path: Path) -> str:
    start = _peak_megabytes()
    parse_document(RawDocument(path.name, path.read_bytes()))
    return f"{start} {_peak_megabytes()}"


def _peak_megabytes() -> float:
    """Where the system tells, the peak since this program began: the other figure a child inherits from its parent."""
    status = Path("/proc/self/status")
    if status.is_file() and (found := re.search(r"VmHWM:\s+([0-9]+) kB", status.read_text())):
        return int(found.group(1)) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _reader_of(document: RawDocument) -> str:
    unpacked = unpack_gzip(document)
    return next(name for name in READERS if import_module(f"assistant.ingest.readers.{name}").recognises(unpacked))


def _cpu(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(READINGS):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def _xml(data: bytes) -> str:
    from lxml import etree

    return "".join(map(str, etree.fromstring(data).itertext()))


def _html(data: bytes) -> str:
    from lxml import etree

    return "".join(map(str, etree.fromstring(data, etree.HTMLParser(encoding="utf-8")).itertext()))


def _article(data: bytes) -> object:
    import trafilatura

    return trafilatura.extract(data.decode("utf-8", errors="replace"), output_format="txt", favor_recall=True)


def _yaml(data: bytes) -> object:
    import yaml

    return yaml.load(data.decode(), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def _markdown(data: bytes) -> object:
    from markdown_it import MarkdownIt

    return MarkdownIt().parse(data.decode("utf-8", errors="replace"))


def _pdf(data: bytes) -> str:
    pypdfium2 = import_module("pypdfium2")  # ships no types

    def pages() -> Iterator[str]:
        for page in pypdfium2.PdfDocument(data):
            yield page.get_textpage().get_text_range()

    return "".join(pages())


def _docx(data: bytes) -> str:
    import docx

    return "".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


PARSERS: dict[str, Callable[[bytes], object]] = {
    "pdf": _pdf,
    "docx": _docx,
    "formex": _xml,
    "akoma_ntoso": _xml,
    "clml": _xml,
    "eurlex": _html,
    "ciso_assistant": _yaml,
    "oscal": json.loads,
    "html": _article,
    "markdown": _markdown,
}

if __name__ == "__main__":
    main()
