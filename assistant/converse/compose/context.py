"""What every composer works with, and the words they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from assistant.assess import assess_tool
from assistant.converse.query import Query
from assistant.dating import Dating
from assistant.index.retriever import RankedClause, Retriever
from assistant.schema import Brief, Clause, Configuration, Jurisdiction, Knowledge, Point, Profile, Tool, ToolAssessment, VerdictToken

USE_WORDS = {
    "session": "sessions with clients",
    "messaging": "messages with clients",
    "reminders": "reminders to clients",
    "notes": "session notes",
    "storage": "storing client records",
}
PLACE_WORDS = {"uk": "United Kingdom", "eu": "European Union", "us": "United States"}
VERDICT_HEADLINES: dict[VerdictToken, str] = {
    "suitable": "suitable",
    "suitable_on_conditions": "only on conditions",
    "not_enough_evidence": "do not use it with clients until the open questions are answered",
    "not_suitable": "do not use it with clients",
}
VERDICT_WORDS: dict[VerdictToken, str] = {
    "suitable": "suitable",
    "suitable_on_conditions": "suitable on conditions",
    "not_enough_evidence": "not enough evidence",
    "not_suitable": "not suitable",
}


@dataclass
class Context:
    """One question with the index it is answered from throughout, and the clauses gathered for it.

    Only clauses that went through ``gather`` can be cited. ``judge`` is ``assess_tool`` or gives the same.
    """

    query: Query
    dating: Dating
    retriever: Retriever
    judge: Callable[[Tool, Profile, Dating], ToolAssessment] = assess_tool
    ranked: Sequence[RankedClause] = ()
    brief: Brief | None = None
    hint: Point | None = None
    retrieved: dict[str, Clause] = field(default_factory=dict)

    @property
    def knowledge(self) -> Knowledge:
        return self.dating.knowledge

    def gather(self, references: Iterable[str]) -> list[Clause]:
        """The clauses that the references name on the day asked about; from now on they may be cited."""
        found = [clause for reference in references for clause in self.dating.holding(reference)]
        self.retrieved |= {clause.id: clause for clause in found}
        return list(dict.fromkeys(found))

    def gather_history(self, references: Iterable[str]) -> list[Clause]:
        """The clauses that the references name, also those that no longer hold; [] if one came only after the day asked about."""
        found = [clause for reference in references for clause in self.knowledge.resolve(reference)]
        if not all(map(self.dating.has_begun, found)):
            return []
        self.retrieved |= {clause.id: clause for clause in found}
        return list(dict.fromkeys(found))

    def gather_first(self, references: Iterable[str]) -> list[Clause]:
        """The first of the references that holds on the day asked about and applies in this case; [] if none does."""
        for reference in references:
            for clause in self.dating.holding(reference):
                if self.applies(clause):
                    self.retrieved[clause.id] = clause
                    return [clause]
        return []

    def in_language(self, clause: Clause) -> Clause | None:
        """The official words at the clause's place in the asker's language; None where English is asked in or they are not held.

        An official text in another language is a source of its own, by the id that the import of one suggests: gdpr-de.
        """
        source = self.knowledge.sources.get(f"{clause.source_id}-{self.query.language}")
        if source is None or source.language != self.query.language:
            return None
        twins = self.knowledge.at(source.id, clause.parsed_locator)
        return next((twin for twin in twins if twin.wording == "official" and self.dating.holds(twin)), None)

    def applies(self, clause: Clause) -> bool:
        """Whether the clause's source applies where the practitioner or the client is. EU wording also serves the UK, and that is said."""
        places = self.knowledge.sources[clause.source_id].jurisdictions
        return not places or bool(set(places) & set(legal_space(self.query.profile)))

    @property
    def lacks_uk_gdpr(self) -> bool:
        """Whether the case is British and the UK GDPR's own text was not imported, so that the EU wording stands in for it."""
        if "uk" not in self.query.profile.jurisdictions:
            return False
        laws = [source for source in self.knowledge.sources.values() if source.kind == "law" and source.jurisdictions == ("uk",)]
        return not any("2016/679" in source.title or "UK GDPR" in f"{source.title} {source.label}" for source in laws)

    def tool(self, tool_id: str) -> Tool:
        return self.knowledge.tools[tool_id]

    def assess(self, tool: Tool, profile: Profile | None = None) -> ToolAssessment:
        """The tool judged on the day asked about, for the case of the question or another one."""
        return self.judge(tool, profile or self.query.profile, self.dating)


def legal_space(profile: Profile) -> tuple[Jurisdiction, ...]:
    """The jurisdictions whose texts may be cited. The UK GDPR's own text is not held, so the EU's stands beside UK law."""
    places: dict[Jurisdiction, None] = {}
    for place in profile.jurisdictions:
        places |= {"uk": None, "eu": None} if place == "uk" else {place: None}
    return tuple(places)


def configuration_words(tool: Tool, configuration: Configuration) -> str:
    """``Basic plan, defaults`` or ``Business plan, end-to-end encryption on``."""
    plan = next(plan for plan in tool.plans if plan.id == configuration.plan)
    changed = [
        f"{setting.name.lower()} {configuration.settings[setting.id]}"
        for setting in tool.settings
        if configuration.settings[setting.id] != setting.as_it_comes
    ]
    return ", ".join([f"{plan.name} plan", *(changed or ["defaults"])])


def assumption_line(profile: Profile) -> str:
    """What was assumed, and how to change it; empty where nothing was."""
    if not profile.assumed:
        return ""
    words: list[str] = []
    if "jurisdiction" in profile.assumed:
        words.append(PLACE_WORDS[profile.jurisdiction])
    if "client_jurisdiction" in profile.assumed and profile.client_jurisdiction is None:
        words.append("client in the same place")
    if "clients" in profile.assumed:
        words.append(profile.clients)
    if "use" in profile.assumed:
        words.append("live sessions" if profile.use == "session" else USE_WORDS[profile.use])
    if "covered_entity" in profile.assumed and "us" in profile.jurisdictions:
        words.append("a practice covered by HIPAA")
    if "plan" in profile.assumed and profile.plan is None:
        words.append("plan not named")
    return f"> I assumed: {', '.join(words)}. *Change: jurisdiction · plan · how clients join · recording · AI*"
