"""Which clauses a question may be answered from: tool, kind, jurisdiction, source and the day asked about."""

from __future__ import annotations

from datetime import date

from assistant.dating import Dating
from assistant.schema import Clause, Frozen, Jurisdiction, Knowledge, SourceKind


class Scope(Frozen):
    """A filter. Empty fields let everything through; ``tools`` limits only clauses that belong to a tool."""

    on: date
    tools: tuple[str, ...] | None = None
    kinds: tuple[SourceKind, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    sources: tuple[str, ...] = ()

    def admits(self, knowledge: Knowledge, clause: Clause) -> bool:
        """Whether the clause may be cited. A clause of a tool needs its tool in ``tools``, unless ``tools`` is None."""
        source = knowledge.sources[clause.source_id]
        if self.kinds and source.kind not in self.kinds:
            return False
        if self.sources and source.id not in self.sources:
            return False
        if self.jurisdictions and source.jurisdictions and not set(self.jurisdictions) & set(source.jurisdictions):
            return False
        if self.tools is not None and source.tools and not set(self.tools) & set(source.tools):
            return False
        return Dating(knowledge, self.on).answers(clause)
