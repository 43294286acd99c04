"""From knowledge files to checked knowledge: read every YAML file, build the models, lay overlays over what is shipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.errors import KnowledgeError, Problem
from assistant.ingest.references import check_references
from assistant.ingest.yaml_files import YamlFile, read_yaml
from assistant.locators import parse_locator
from assistant.schema import (
    Brief,
    Clause,
    ConsentItem,
    Criterion,
    Duty,
    Evidence,
    Exemplar,
    GlossaryEntry,
    InformationItem,
    Knowledge,
    Renumbering,
    Source,
    Tool,
    Version,
)

_TOP_KEYS = set(
    (
        "source versions clauses clauses_of tool evidence criteria duties "
        "glossary exemplars briefs information consents renumbered renumbered_of read"
    ).split()
)
_TABLES = ("sources", "clauses", "criteria", "duties", "tools", "evidence", "glossary", "exemplars", "briefs", "information", "consents")
_CLAUSE_KEYS = {"locator", "heading", "text", "practice", "terms", "defines", "related", "since", "until"}

_WORDS = ("languages", "products")  # folders of what other languages call things and of what else exists: words, no knowledge

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[YamlFile, tuple[str | int, ...]]


@dataclass
class _Draft:
    """One root folder while it is read: entries by id, where each stands, and what is wrong."""

    sources: dict[str, Source] = field(default_factory=dict)
    versions: dict[str, tuple[Version, ...]] = field(default_factory=dict)
    clauses: dict[str, Clause] = field(default_factory=dict)
    criteria: dict[str, Criterion] = field(default_factory=dict)
    duties: dict[str, Duty] = field(default_factory=dict)
    tools: dict[str, Tool] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    glossary: dict[str, GlossaryEntry] = field(default_factory=dict)
    exemplars: dict[str, Exemplar] = field(default_factory=dict)
    briefs: dict[str, Brief] = field(default_factory=dict)
    information: dict[str, InformationItem] = field(default_factory=dict)
    consents: dict[str, ConsentItem] = field(default_factory=dict)
    renumbered: list[Renumbering] = field(default_factory=list)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, kind: str, table: dict[str, Model], key: str, value: Model, place: Place) -> None:
        """Keep an entry, unless its id stands twice."""
        if key in table:
            first_file, first_path = self.places[kind, key]
            self.problem(place, f"{kind} {key} stands twice, first in {first_file.name}:{first_file.line(first_path)}: give one another id")
            return
        table[key] = value
        self.places[kind, key] = place

    def problem(self, place: Place, message: str) -> None:
        file, path = place
        self.problems.append(Problem(file.name, file.line(path), message))


def shipped_knowledge() -> Traversable:
    """The folder of knowledge files that is installed with the program."""
    return files("knowledge")


def load_knowledge(roots: Sequence[Traversable], *, today: date, held: Knowledge | None = None) -> Knowledge:
    """Read the roots, later ones laid over earlier ones, and check that everything fits together.

    An entry of a later root replaces the entry with the same id. Sources replace their versions with them. References may also
    lead to imported clauses of what is ``held``.
    Raises KnowledgeError with every problem found; nothing is returned half.
    """
    merged = _Draft()
    for root in roots:
        draft = _read_root(root, earlier=merged)
        merged.problems += draft.problems
        for name in (*_TABLES, "versions", "places"):
            getattr(merged, name).update(getattr(draft, name))
        merged.renumbered += draft.renumbered
    if merged.problems:  # references to an entry that could not be read would only repeat its problem
        raise KnowledgeError(_in_order(merged.problems))
    knowledge = Knowledge(
        versions=merged.versions, renumbered=tuple(merged.renumbered), **{name: getattr(merged, name) for name in _TABLES}
    )
    for complaint in check_references(knowledge, today=today, held=held):
        place = merged.places.get((complaint.kind, complaint.id))
        if place is None:
            merged.problems.append(Problem("knowledge", 1, complaint.message))
        else:
            merged.problem((place[0], (*place[1], *complaint.path)), complaint.message)
    if merged.problems:
        raise KnowledgeError(_in_order(merged.problems))
    return knowledge


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


def knowledge_files(root: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Every YAML file below a folder with its name relative to it, in a fixed order."""
    for entry in sorted(root.iterdir(), key=lambda entry: entry.name):
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            if not entry.name.startswith((".", "__")) and name not in _WORDS:
                yield from knowledge_files(entry, f"{name}/")
        elif entry.name.endswith((".yaml", ".yml")):
            yield name, entry


def _read_root(root: Traversable, earlier: _Draft) -> _Draft:
    draft = _Draft()
    parsed: list[YamlFile] = []
    for name, entry in knowledge_files(root):
        result = read_yaml(name, entry.read_bytes())
        if isinstance(result, YamlFile):
            parsed.append(result)
        else:
            draft.problems += result
    for file in parsed:
        _read_top_level(draft, file)
    known = {**earlier.versions, **draft.versions}
    for file in parsed:
        _read_clauses(draft, file, known)
    return draft


def _read_top_level(draft: _Draft, file: YamlFile) -> None:
    for key in sorted(set(file.content) - _TOP_KEYS):
        draft.problem((file, (key,)), f"unknown key {key!r}: a file holds {', '.join(sorted(_TOP_KEYS))}")
    if "source" in file.content:
        _read_source(draft, file)
    if "tool" in file.content and (tool := _build(draft, Tool, file, ("tool",))):
        draft.add("tool", draft.tools, tool.id, tool, (file, ("tool",)))
    for key, model, table, kind in (
        ("criteria", Criterion, draft.criteria, "criterion"),
        ("duties", Duty, draft.duties, "duty"),
        ("evidence", Evidence, draft.evidence, "evidence"),
        ("glossary", GlossaryEntry, draft.glossary, "glossary entry"),
        ("exemplars", Exemplar, draft.exemplars, "exemplar"),
        ("briefs", Brief, draft.briefs, "brief"),
        ("information", InformationItem, draft.information, "information item"),
        ("consents", ConsentItem, draft.consents, "consent"),
    ):
        for path in _entries(draft, file, key):
            value: Any = _build(draft, model, file, path)
            if value:
                draft.add(kind, table, value.id, value, (file, path))
    for path in _entries(draft, file, "renumbered"):
        extra = {"source": file.content.get("renumbered_of", "")}
        if entry := _build(draft, Renumbering, file, path, extra):
            draft.renumbered.append(entry)


def _read_source(draft: _Draft, file: YamlFile) -> None:
    source = _build(draft, Source, file, ("source",))
    versions = [_build(draft, Version, file, path) for path in _entries(draft, file, "versions")]
    if source is None or None in versions:
        return
    kept = [version for version in versions if version is not None]
    if not kept:
        draft.problem((file, ("source",)), f"source {source.id} has no versions: add at least one")
        return
    if len({version.id for version in kept}) < len(kept):
        draft.problem((file, ("versions",)), f"source {source.id} has two versions with the same id")
        return
    draft.add("source", draft.sources, source.id, source, (file, ("source",)))
    draft.versions[source.id] = tuple(sorted(kept, key=lambda version: (version.in_force_from, version.id)))


def _read_clauses(draft: _Draft, file: YamlFile, versions: Mapping[str, tuple[Version, ...]]) -> None:
    if "clauses" not in file.content:
        return
    source = file.content.get("source")
    source_id = str((source.get("id") if isinstance(source, dict) else file.content.get("clauses_of")) or "")
    if source_id not in versions:
        if "source" not in file.content:  # a broken source has been named already
            draft.problem((file, ("clauses_of",)), f"clauses_of names no known source: {source_id!r}")
        return
    first = sum(1 for clause in draft.clauses.values() if clause.source_id == source_id)
    for position, path in enumerate(_entries(draft, file, "clauses"), start=first):
        _read_clause(draft, file, path, source_id, versions[source_id], position)


def _read_clause(
    draft: _Draft, file: YamlFile, path: tuple[str | int, ...], source_id: str, versions: tuple[Version, ...], position: int
) -> None:
    raw = _at(file.content, path)
    if not isinstance(raw, dict):
        draft.problem((file, path), "a clause is a mapping with locator and text")
        return
    for key in sorted(set(raw) - _CLAUSE_KEYS):
        draft.problem((file, (*path, key)), f"unknown key {key!r} in a clause: it holds {', '.join(sorted(_CLAUSE_KEYS))}")
    try:
        locator = parse_locator(str(raw.get("locator") or ""))
    except ValueError as error:
        draft.problem((file, path), str(error))
        return
    since = str(raw.get("since", versions[0].id))
    heading = raw.get("heading", ())
    fields = {key: value for key, value in raw.items() if key in _CLAUSE_KEYS - {"heading", "locator", "since"}}
    fields |= {
        "id": Clause.make_id(source_id, locator, since),
        "source_id": source_id,
        "locator": str(locator),
        "heading_path": [heading] if isinstance(heading, str) else heading,
        "wording": "summary",
        "since": since,
        "position": position,
    }
    if clause := _build(draft, Clause, file, path, fields, replace=True):
        draft.add("clause", draft.clauses, clause.id, clause, (file, path))


def _entries(draft: _Draft, file: YamlFile, key: str) -> list[tuple[str | int, ...]]:
    """The paths of the entries of a list at the top of a file; a problem where it is no list."""
    value = file.content.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        draft.problem((file, (key,)), f"{key} must be a list: begin each entry with a dash")
        return []
    return [(key, position) for position in range(len(value))]


def _build(
    draft: _Draft,
    model: type[Model],
    file: YamlFile,
    path: tuple[str | int, ...],
    extra: Mapping[str, Any] | None = None,
    *,
    replace: bool = False,
) -> Model | None:
    """One model from the values at ``path``; None, with the problems kept, where they do not fit."""
    raw = _at(file.content, path)
    if not isinstance(raw, dict):
        draft.problem((file, path), f"expected a mapping for {model.__name__.lower()}")
        return None
    try:
        return model.model_validate(dict(extra or {}) if replace else {**raw, **(extra or {})})
    except ValidationError as error:
        for detail in error.errors():
            location = tuple(step for step in detail["loc"] if isinstance(step, str | int))
            where = ".".join(map(str, location))
            message = detail["msg"].removeprefix("Value error, ")
            draft.problem((file, (*path, *location)), f"{where}: {message}" if where else message)
        return None


def _at(content: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        content = content[step]
    return content
