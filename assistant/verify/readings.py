"""What reviewed knowledge says about a clause, so that a claim can be held against it.

A reading never backs a claim: only the clause does. But a claim that repeats a reviewed statement with a "not" more or less, or with
another number, contradicts what somebody has read out of that clause, and is caught by it.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from assistant.schema import Clause, Knowledge, Tool
from assistant.verify.names import Gazetteer
from assistant.verify.sentences import sentences


class Reference:
    """Names, clauses by source and reviewed statements of one state of the knowledge; made once, used by every verifier over it."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = weakref.ref(knowledge)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer(self._held)

    def readings(self, clauses: Iterable[Clause], tools: Iterable[str] = ()) -> tuple[str, ...]:
        """The sentences of all reviewed statements that rest on any of the clauses; forms are filled in with the names of the tools."""
        held = [self._held.tools[tool] for tool in tools if tool in self._held.tools]
        texts = dict.fromkeys(text for clause in clauses for text in self._by_clause.get(clause.id, ()))
        filled = (_fill(text, tool) for text in texts if "{" in text for tool in held)
        return tuple(sentence for text in (*texts, *filled) for sentence in sentences(text))

    def clauses_of(self, sources: Iterable[str]) -> Iterator[Clause]:
        for source_id in sources:
            yield from self._by_source.get(source_id, ())

    @cached_property
    def _by_source(self) -> Mapping[str, tuple[Clause, ...]]:
        table: dict[str, list[Clause]] = {}
        for clause in self._held.clauses.values():
            table.setdefault(clause.source_id, []).append(clause)
        return {source_id: tuple(clauses) for source_id, clauses in table.items()}

    @cached_property
    def _by_clause(self) -> Mapping[str, tuple[str, ...]]:
        table: dict[str, dict[str, None]] = {}
        for text, references in statements(self._held):
            for reference in references:
                for clause in self._held.resolve(reference):
                    table.setdefault(clause.id, {}).setdefault(text)
        return {clause_id: tuple(texts) for clause_id, texts in table.items()}

    @property
    def _held(self) -> Knowledge:
        knowledge = self._knowledge()
        assert knowledge is not None  # a verifier holds it as long as it uses this
        return knowledge


def statements(knowledge: Knowledge) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every reviewed statement with the clauses it rests on."""
    for entry in knowledge.evidence.values():
        if entry.review == "reviewed":
            yield entry.reason, entry.clauses
            if entry.step:
                yield entry.step.text, entry.clauses
    for duty in knowledge.duties.values():
        yield duty.text, duty.clauses
    for brief in knowledge.briefs.values():
        yield from ((point.text, point.clauses) for point in brief.points)
    for tool in knowledge.tools.values():
        yield from ((notice.text, notice.clauses) for notice in tool.notices)
        yield from ((contract.step, contract.clauses) for contract in tool.contracts)
        yield from ((step, setting.clauses) for setting in tool.settings for step in setting.steps.values())
        if tool.retired:
            yield tool.retired.reason, tool.retired.clauses
    yield from ((item.text, item.clauses) for item in knowledge.information.values())
    yield from ((item.text, item.clauses) for item in knowledge.consents.values())


def _fill(text: str, tool: Tool) -> str:
    return text.replace("{tool}", tool.name).replace("{product}", tool.product).replace("{publisher}", tool.publisher)


_KEPT: dict[int, Reference] = {}


def reference_of(knowledge: Knowledge) -> Reference:
    """The reference of a state of the knowledge; kept as long as that state lives."""
    kept = _KEPT.get(id(knowledge))
    if kept is None:
        kept = _KEPT[id(knowledge)] = Reference(knowledge)
        weakref.finalize(knowledge, _KEPT.pop, id(knowledge), None)
    return kept
