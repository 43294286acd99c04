"""Data sets to measure retrieval on: passages, questions, and which passages were judged to answer them.

Three ways of laying one out are read:

- plain: corpus.jsonl (``id``, ``doc``, ``text``), queries.jsonl (``id``, ``text``, and ``doc`` where the question is about one
  document), qrels.tsv (TREC: query, 0, passage, relevance)
- BEIR: corpus.jsonl (``_id``, ``title``, ``text``), queries.jsonl (``_id``, ``text``), qrels/<split>.tsv (a head line, then query,
  passage, relevance)
- either with TREC qrels in qrels.txt, parted by any white space

A set may use the corpus of another: its README says so in a line ``Corpus: `../other/corpus.jsonl` ``, or the caller does.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.errors import InputError, Problem
from assistant.index.passages import Passage
from eval.retrieval.lines import Findings, json_objects, numbered_lines

CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"
_QRELS = ("qrels.tsv", "qrels.txt", "qrels.trec")
_SPLITS = ("test", "dev", "train")
_CORPUS_LINE = re.compile(r"^\W*corpus\W*:\W*`(?P<path>[^`\n]+)`", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Query:
    """A question. ``document`` is the one it is about, if it names one; ``own_words`` are the asker's, where ``text`` wraps them
    in a sentence that names the document.
    """

    id: str
    text: str
    document: str | None = None
    own_words: str | None = None

    def asked(self, *, within_document: bool) -> str:
        """The words to search with: the asker's own where the document is known otherwise, the whole text elsewhere."""
        return self.own_words if within_document and self.document and self.own_words else self.text


@dataclass(frozen=True)
class DataSet:
    """``qrels``: query id to passage id to relevance, 1 or more. ``notices`` say what was left out and what is odd, with file and line.
    ``sha256`` is over each file read.
    """

    name: str
    passages: tuple[Passage, ...]
    queries: tuple[Query, ...]
    qrels: Mapping[str, Mapping[str, int]]
    notices: tuple[Problem, ...]
    sha256: Mapping[str, str]

    @property
    def documents(self) -> frozenset[str]:
        return frozenset(passage.document for passage in self.passages)

    def select(self, *, limit: int | None = None, sample: int | None = None, seed: int = 0) -> DataSet:
        """The first ``limit`` of the judged questions, or ``sample`` of them drawn at random, in the order of the file.

        Questions that nobody judged are left out: no measure can speak about them.
        """
        kept = [query for query in self.queries if self.qrels.get(query.id)]
        if sample is not None and sample < len(kept):
            drawn = set(random.Random(seed).sample(range(len(kept)), sample))
            kept = [query for place, query in enumerate(kept) if place in drawn]
        return replace(self, queries=tuple(kept[:limit]))


def load_data_set(folder: Path, *, corpus: Path | None = None, split: str | None = None, lenient: bool = False) -> DataSet:
    """Read a data set.

    ``corpus`` is a file or a folder with one, if the set's own is not to be used; ``split`` the qrels of a BEIR folder. Passages
    without text are kept out (nothing can be found by them) and noticed. Raises InputError if a file is missing, DataSetError with
    file and line of every fault; with ``lenient`` only where nothing could be measured, and the faulty lines are left out.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder of a data set")
    paths = {"corpus": _corpus_path(folder, corpus), "queries": _existing(folder / QUERIES), "qrels": _qrels_path(folder, split)}
    findings = Findings()
    passages, empty = _read_passages(paths["corpus"], findings)
    queries = _read_queries(paths["queries"], findings, {passage.document for passage in passages})
    qrels = _read_qrels(paths["qrels"], findings, {query.id for query in queries}, {passage.id for passage in passages}, empty)
    if not passages:
        findings.fatal.append(Problem(paths["corpus"].name, 1, "no passage with text is in this file"))
    if not qrels:
        findings.fatal.append(Problem(paths["qrels"].name, 1, "no judgement of a question and a passage of this set is in this file"))
    notices = findings.settle(lenient=lenient)
    digests = {name: _sha256(path) for name, path in paths.items()}
    return DataSet(folder.resolve().name, tuple(passages), tuple(queries), qrels, notices, digests)


def _corpus_path(folder: Path, given: Path | None) -> Path:
    if given is not None:
        return _existing(given / CORPUS if given.is_dir() else given)
    if (folder / CORPUS).is_file():
        return folder / CORPUS
    readme = folder / "README.md"
    named = _CORPUS_LINE.search(readme.read_text(encoding="utf-8", errors="replace")) if readme.is_file() else None
    if named is None:
        raise InputError(f"{folder} has no {CORPUS}, and its README names no other. Give --corpus.")
    return _existing(folder / named["path"])


def _qrels_path(folder: Path, split: str | None) -> Path:
    if split is not None:
        return _existing(folder / "qrels" / f"{split}.tsv")
    candidates = [folder / name for name in _QRELS] + [folder / "qrels" / f"{name}.tsv" for name in _SPLITS]
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        raise InputError(f"{folder} has no qrels: expected is one of {', '.join(_QRELS)} or qrels/test.tsv")
    return found


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"{path} is missing")
    return path


def _read_passages(path: Path, findings: Findings) -> tuple[list[Passage], frozenset[str]]:
    """The passages with text, and the ids of those without."""
    passages: list[Passage] = []
    empty: set[str] = set()
    seen: dict[str, int] = {}
    for number, entry in json_objects(path, findings):
        identifier = _identifier(entry, path, number, findings, seen)
        text = entry.get("text", "")
        if identifier is None:
            continue
        if not isinstance(text, str):
            findings.faults.append(Problem(path.name, number, f"{identifier}: text has to be a string"))
        elif not text.strip():
            empty.add(identifier)
            findings.notices.append(Problem(path.name, number, f"{identifier}: no text, so it is not indexed"))
        else:
            # a passage of no document is one of its own, so that what stands beside it in the file is not taken for its neighbour
            passages.append(Passage(identifier, str(entry.get("doc") or identifier), text, _label(entry)))
    return _by_document(passages), frozenset(empty)


def _by_document(passages: Sequence[Passage]) -> list[Passage]:
    """Documents in the order of their first passages, each in one piece."""
    documents: dict[str, list[Passage]] = {}
    for passage in passages:
        documents.setdefault(passage.document, []).append(passage)
    return [passage for pieces in documents.values() for passage in pieces]


def _read_queries(path: Path, findings: Findings, documents: set[str]) -> list[Query]:
    queries: list[Query] = []
    seen: dict[str, int] = {}
    for number, entry in json_objects(path, findings):
        identifier = _identifier(entry, path, number, findings, seen)
        if identifier is None:
            continue
        text, own_words, document = entry.get("text"), entry.get("question"), entry.get("doc")
        if not isinstance(text, str) or not text.strip():
            findings.faults.append(Problem(path.name, number, f"{identifier}: the question has no text"))
            continue
        if document and str(document) not in documents:
            findings.faults.append(Problem(path.name, number, f"{identifier} is about the document {document}, which the corpus lacks"))
            continue
        spoken = own_words if isinstance(own_words, str) and own_words.strip() else None
        queries.append(Query(identifier, text, str(document) if document else None, spoken))
    return queries


def _identifier(entry: Mapping[str, Any], path: Path, number: int, findings: Findings, seen: dict[str, int]) -> str | None:
    """The id of a line, or None after noting what is wrong with it. The first of several lines with one id counts."""
    value = entry.get("id", entry.get("_id"))
    if value is None or isinstance(value, (dict, list, bool)) or not str(value).strip():
        findings.faults.append(Problem(path.name, number, "the id is missing"))
        return None
    identifier = str(value)
    if re.search(r"\s", identifier):
        findings.faults.append(Problem(path.name, number, f"the id {identifier!r} holds white space, which parts the columns of a run"))
        return None
    if identifier in seen:
        findings.faults.append(Problem(path.name, number, f"the id {identifier} is already used in line {seen[identifier]}"))
        return None
    seen[identifier] = number
    return identifier


def _label(entry: Mapping[str, Any]) -> str:
    """The heading path or the title of a passage, where the set has one."""
    path, title = entry.get("heading_path"), entry.get("title")
    if isinstance(path, list):
        return " › ".join(str(part) for part in path if part)
    return title.strip() if isinstance(title, str) else ""


def _read_qrels(path: Path, findings: Findings, queries: set[str], passages: set[str], empty: frozenset[str]) -> dict[str, dict[str, int]]:
    """Judgements of relevance 1 or more. A judged passage without text counts as one that is never found: it is what the set asks for."""
    qrels: dict[str, dict[str, int]] = {}
    for place, (number, line) in enumerate(numbered_lines(path, findings)):
        judged = _judgement(line)
        if judged is None:
            if place > 0:  # the first line may be the head of the columns
                findings.faults.append(Problem(path.name, number, "expected: query, 0, passage, relevance (a whole number)"))
            continue
        query, passage, relevance = judged
        if relevance < 1:
            continue
        if query not in queries:
            findings.faults.append(Problem(path.name, number, f"the query {query} is not in {QUERIES}"))
        elif passage in empty:
            findings.notices.append(Problem(path.name, number, f"{passage} is relevant to {query} but has no text: it cannot be found"))
        elif passage not in passages:
            findings.faults.append(Problem(path.name, number, f"the passage {passage} is not in the corpus"))
            continue
        if query in queries:
            if passage in qrels.get(query, {}):
                findings.notices.append(
                    Problem(path.name, number, f"{passage} is judged for {query} once more; the highest judgement counts")
                )
            rated = qrels.setdefault(query, {})
            rated[passage] = max(relevance, rated.get(passage, 0))
    return qrels


def _judgement(line: str) -> tuple[str, str, int] | None:
    """Query, passage, relevance of a line with four columns (TREC) or three (BEIR); None for a head line and for anything else."""
    columns = line.split("\t") if "\t" in line else line.split()
    columns = [column.strip() for column in columns]
    if len(columns) not in (3, 4) or not all(columns):
        return None
    try:
        return columns[0], columns[-2], int(float(columns[-1]))
    except (ValueError, OverflowError):
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
