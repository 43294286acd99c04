"""Which clauses a question may be answered from: tool, kind, jurisdiction, source and the day asked about."""

from __future__ import annotations

from datetime import date

from assistant.dating import Dating
from assistant.schema import Clause, Frozen, Jurisdiction, Knowledge, Source, SourceKind


class Scope(Frozen):
    """A filter. Empty fields let everything through; ``tools`` limits only clauses that belong to a tool."""

    on: date
    tools: tuple[str, ...] | None = None
    kinds: tuple[SourceKind, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    sources: tuple[str, ...] = ()

    def admits(self, knowledge: Knowledge, clause: Clause) -> bool:
        """Whether the clause may be cited. A clause of a tool needs its tool in ``tools``, unless ``tools`` is None."""
        return self.admits_source(knowledge.sources[clause.source_id]) and Dating(knowledge, self.on).answers(clause)

    def admits_source(self, source: Source) -> bool:
        """Whether clauses of the source may be cited as far as that does not depend on the day."""
        if self.kinds and source.kind not in self.kinds:
            return False
        if self.sources and source.id not in self.sources:
            return False
        if self.jurisdictions and source.jurisdictions and not set(self.jurisdictions) & set(source.jurisdictions):
            return False
        return self.tools is None or not source.tools or bool(set(self.tools) & set(source.tools))
