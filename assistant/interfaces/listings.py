"""What is held, as rows for a table or JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from assistant.dating import Dating, stands_in
from assistant.errors import InputError, UsageError
from assistant.index.scope import Scope

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.schema import Clause

Row = dict[str, Any]


def search_clauses(assistant: Assistant, question: str, *, k: int, limits: Mapping[str, Sequence[str]], day: date | None) -> list[Row]:
    """Ranked clauses, best first, with the score of each stage. ``limits``: values for sources, kinds, tools or jurisdictions.

    Raises UsageError if a value is unknown.
    """
    knowledge = assistant.knowledge
    for name, known in (("sources", knowledge.sources), ("tools", knowledge.tools)):
        for value in limits.get(name, ()):
            if value not in known:
                raise UsageError(f"--{name[:-1]} {value}: not held; held are {', '.join(sorted(known))}")
    try:
        scope = Scope.model_validate({"on": day or assistant.today, **{name: tuple(values) for name, values in limits.items()}})
    except ValidationError as error:
        detail = error.errors()[0]
        raise UsageError(f"--{str(detail['loc'][0])[:-1]}: {detail['msg']}") from error
    return [
        {
            **_row(assistant, entry.clause),
            "score": round(entry.score, 3),
            "stages": {name: round(value, 4) for name, value in entry.stages.items()},
        }
        for entry in assistant.search(question, scope, top_k=k)
    ]


def show_clause(assistant: Assistant, reference: str) -> list[Row]:
    """The clause with this label or id in every version and wording.

    Raises InputError if none is held.
    """
    found = assistant.knowledge.resolve(reference)
    if not found:
        raise InputError(f"No clause is held at {reference}. `clausewise search` finds clauses by their words.")
    return [_row(assistant, clause) for clause in found]


def list_tools(assistant: Assistant) -> list[Row]:
    """Each tool with how much is held on it and between which days it was seen."""
    knowledge = assistant.knowledge
    dating = Dating(knowledge, assistant.today, assistant.stale_after_days)
    rows = []
    for tool in knowledge.tools.values():
        clauses = [c for c in knowledge.clauses.values() if tool.id in knowledge.sources[c.source_id].tools and dating.answers(c)]
        days = [day for clause in clauses if (day := dating.as_of(clause)) is not None]
        rows.append(
            {
                "id": tool.id,
                "name": tool.name,
                "plans": [plan.id for plan in tool.plans],
                "settings": {setting.id: list(setting.values) for setting in tool.settings},
                "clauses": len(clauses),
                "evidence": len(knowledge.evidence_for(tool.id)),
                "newest": max(days, default=None),
                "oldest": min(days, default=None),
                "stale": f"{sum(map(dating.is_stale, clauses))} of {len(clauses)}",
            }
        )
    return rows


def list_criteria(assistant: Assistant) -> list[Row]:
    """The criteria, with what each rests on."""
    return [criterion.model_dump(mode="json") for criterion in assistant.knowledge.criteria.values()]


def _row(assistant: Assistant, clause: Clause) -> Row:
    knowledge = assistant.knowledge
    source = knowledge.sources[clause.source_id]
    dating = Dating(knowledge, assistant.today, assistant.stale_after_days)
    version = dating.read_in(clause)
    standing = [known for known in knowledge.versions_of(clause) if stands_in(knowledge.versions_of(clause), clause, known.id)]
    return {
        "id": clause.id,
        "label": knowledge.label(clause),
        "source": source.id,
        "source_kind": source.kind,
        "locator": clause.locator,
        "heading_path": list(clause.heading_path),
        "wording": clause.wording,
        "text": clause.text,
        "practice": clause.practice,
        "since": clause.since,
        "until": clause.until,
        "version_date": version.version_date,
        "as_of": dating.as_of(clause),
        "edition": version.edition,
        "page": clause.page,
        "versions": [
            {"id": known.id, "version_date": known.version_date, "as_of": known.as_of, "edition": known.edition} for known in standing
        ],
        "stale": dating.is_stale(clause),
        "url": source.url,
    }
