"""Evidence evaluated for one profile and one configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from assistant.assess.configurations import Choice, active_features, features_on
from assistant.assess.verdict import Tally, add_up, count
from assistant.dating import Dating
from assistant.schema import Clause, Configuration, Criterion, Evidence, Feature, Finding, Ground, Profile, Status, Step, Tool, When
from assistant.standing import Standing

_WORST_FIRST: tuple[Status, ...] = ("not_met", "conditional", "met", "not_stated")


@dataclass(frozen=True)
class _Weighed:
    """Evidence that holds in the configuration, with the status it may carry after the caps."""

    evidence: Evidence
    status: Status
    clauses: tuple[Clause, ...]
    steps: tuple[Step, ...]
    stale: bool


@dataclass(frozen=True)
class _Needs:
    """Which parts of a configuration the findings on one criterion depend on."""

    plan: bool
    contracts: bool
    settings: tuple[str, ...]

    @classmethod
    def of(cls, conditions: Sequence[When]) -> Self:
        """What any of the conditions asks about."""
        return cls(
            plan=any(when.plan for when in conditions),
            contracts=any(when.contract or when.without_contract for when in conditions),
            settings=tuple(sorted({name for when in conditions for name in when.setting})),
        )


@dataclass
class _Group:
    """Criteria whose findings together depend on these parts of a configuration, and on which features are on or only whether."""

    needs: _Needs
    featured: bool
    criteria: list[Criterion]

    def takes(self, needs: _Needs) -> bool:
        """Whether a criterion that needs this adds no setting."""
        return needs.contracts == self.needs.contracts and set(needs.settings) <= set(self.needs.settings)

    def add(self, criterion: Criterion, needs: _Needs) -> None:
        self.criteria.append(criterion)
        self.featured = self.featured or bool(criterion.needs_feature)
        self.needs = replace(self.needs, plan=self.needs.plan or needs.plan)


class FindingsRule:
    """Computes the findings of one tool for one profile, configuration by configuration, on one day."""

    def __init__(self, tool: Tool, profile: Profile, criteria: Iterable[Criterion], evidence: Iterable[Evidence], dating: Dating) -> None:
        self._tool = tool
        self._profile = profile
        self._dating = dating
        self.criteria = tuple(criterion for criterion in criteria if applies(criterion, profile))
        asked = {criterion.id for criterion in self.criteria}
        self._weighed = [
            self._weigh(entry, clauses)
            for entry in evidence
            if entry.criterion in asked and _concerns(entry.when, profile) and (clauses := self._held(entry)) is not None
        ]

        self._weighed = _where_contracts_decide(_without_followed(self._weighed, dating), self.criteria, profile, dating)
        self._on = {name: [entry for entry in self._weighed if entry.evidence.criterion == name] for name in asked}
        self._needs = {name: _Needs.of([entry.evidence.when for entry in entries]) for name, entries in self._on.items()}
        self._free, self._bound = self._grouped()
        self._findings: dict[tuple[object, ...], tuple[tuple[Finding, ...], Tally]] = {}
        self._tallies: dict[tuple[object, ...], Tally] = {}

    @property
    def relevant_settings(self) -> frozenset[str]:
        """The settings that any finding, gate or exclusion depends on."""
        named = {name for needs in self._needs.values() for name in needs.settings}
        featured = {setting.id for setting in self._tool.settings if setting.feature}
        excluding = {setting.id for setting in self._tool.settings if setting.excludes}
        excluded = {name for setting in self._tool.settings for exclusion in setting.excludes for name in exclusion.excludes}
        return frozenset(named | featured | excluding | excluded)

    def evaluate(self, configuration: Configuration) -> tuple[Finding, ...]:
        """One finding for each criterion that applies, and one more where something is said about usage data."""
        features = active_features(self._tool, self._profile, configuration)
        return tuple(finding for criterion in self.criteria for finding in self._findings_on(criterion, configuration, features)[0])

    def tallies(self, choice: Choice) -> list[Tally]:
        """What the verdict's rules ask of the findings, without listing them: one tally for each set of contracts of the choice.

        The search looks at thousands of configurations, and most of them share most of their findings.
        """
        features = features_on(self._tool, self._profile, choice.settings)
        common = add_up([self._tally(group, choice, (), features) for group in self._free])
        return [
            add_up([common, *[self._tally(group, choice, contracts, features) for group in self._bound]]) for contracts in choice.contracts
        ]

    def _tally(self, group: _Group, choice: Choice, contracts: tuple[str, ...], features: frozenset[Feature]) -> Tally:
        key = (group.criteria[0].id, *_asked_about(group.needs, group.featured, choice.plan, choice.settings, contracts, features))
        if key not in self._tallies:
            configuration = choice.with_contracts(contracts)
            self._tallies[key] = add_up([self._findings_on(criterion, configuration, features)[1] for criterion in group.criteria])
        return self._tallies[key]

    def _findings_on(
        self, criterion: Criterion, configuration: Configuration, features: frozenset[Feature]
    ) -> tuple[tuple[Finding, ...], Tally]:
        """The findings of one criterion and their tally, remembered by all that they depend on."""
        needs, plan, contracts = self._needs[criterion.id], configuration.plan, configuration.contracts
        key = (criterion.id, *_asked_about(needs, bool(criterion.needs_feature), plan, configuration.settings, contracts, features))
        if key not in self._findings:
            findings = tuple(self._compute(criterion, configuration, features))
            self._findings[key] = findings, count(findings)
        return self._findings[key]

    def _grouped(self) -> tuple[list[_Group], list[_Group]]:
        """The criteria in as few groups as their settings allow: those that no contract matters to, and the others."""
        groups: list[_Group] = []
        for criterion in sorted(self.criteria, key=lambda criterion: -len(self._needs[criterion.id].settings)):
            needs = self._needs[criterion.id]
            group = next((group for group in groups if group.takes(needs)), None)
            if group is None:
                groups.append(_Group(needs, bool(criterion.needs_feature), [criterion]))
            else:
                group.add(criterion, needs)
        return [group for group in groups if not group.needs.contracts], [group for group in groups if group.needs.contracts]

    def _compute(self, criterion: Criterion, configuration: Configuration, features: frozenset[Feature]) -> Iterator[Finding]:
        if criterion.needs_feature and not features & set(criterion.needs_feature):
            yield self._fallen_away(criterion)
            return
        weighed = [entry for entry in self._on[criterion.id] if _fits(entry.evidence.when, configuration, self._tool)]
        gate = criterion.gate == "always" or (criterion.gate == "features" and bool(features))
        yield self._content_finding(criterion, [entry for entry in weighed if entry.evidence.scope == "content"], gate=gate)
        usage = [entry for entry in weighed if entry.evidence.scope == "usage_data" and entry.status != "not_stated"]
        if usage:
            yield _finding(criterion, usage, self._dating).model_copy(update={"scope": "usage_data"})

    def _content_finding(self, criterion: Criterion, weighed: Sequence[_Weighed], *, gate: bool) -> Finding:
        finding = _finding(criterion, weighed, self._dating)
        if finding.status == "not_stated" and criterion.contract and self._profile.contracts.get(criterion.contract) == "on_word":
            finding = _on_word(criterion, finding)
        counts = finding.status in ("met", "conditional")
        return finding.model_copy(update={"gate": gate, "fatal": criterion.fatal_when_not_met, "counts_as_evidenced": counts})

    def _fallen_away(self, criterion: Criterion) -> Finding:
        """A question about a feature that is off: evidenced only if clauses show that all of its switches are in the host's hands."""
        switches = [setting for setting in self._tool.settings if setting.feature in criterion.needs_feature]
        shown = [[clause for reference in setting.clauses for clause in self._dating.holding(reference)] for setting in switches]
        controlled = all(setting.controlled_by in ("host", "admin") for setting in switches) and bool(shown) and all(shown)
        clauses = list(dict.fromkeys(clause for found in shown for clause in found)) if controlled else []
        ids = tuple(clause.id for clause in clauses)
        return Finding(
            criterion_id=criterion.id,
            status="not_stated",
            grounds=(Ground(reason="The feature this asks about is off.", clause_ids=ids),),
            clause_ids=ids,
            falls_away=True,
            counts_as_evidenced=controlled,
            stale=any(map(self._dating.is_stale, clauses)),
            as_of=min((day for clause in clauses if (day := self._dating.as_of(clause)) is not None), default=None),
        )

    def _held(self, entry: Evidence) -> tuple[Clause, ...] | None:
        """The clauses of the evidence on this day; None if one of them does not hold then."""
        found: list[Clause] = []
        for reference in entry.clauses:
            holding = self._dating.holding(reference)
            if not holding:
                return None
            found += holding
        return tuple(found)

    def _weigh(self, entry: Evidence, clauses: tuple[Clause, ...]) -> _Weighed:
        """Apply the caps: third-party, machine-read, stale and on-word evidence never gives *met*; a third party alone refutes nothing."""
        sources = self._dating.knowledge.sources
        stale = [clause for clause in clauses if self._dating.is_stale(clause)]
        third_party = [clause for clause in clauses if sources[clause.source_id].third_party]
        own = [c for c in clauses if sources[c.source_id].kind in ("vendor", "contract") and not sources[c.source_id].third_party]
        steps = [entry.step] if entry.step else []
        status: Status = entry.status
        if status == "not_met" and third_party and not own:
            status = "not_stated"
        standings = [(clause, standing) for clause in clauses if (standing := self._dating.standing(clause)) is not None]
        if status in ("met", "conditional") and any(standing.kind == "removed" for _, standing in standings):
            status = "not_stated"  # the words that promised it are gone
        if status == "met" and (caps := [*self._caps(entry, stale, third_party), *self._review_steps(standings)]):
            status = "conditional"
            steps += caps
        return _Weighed(entry, status, clauses, tuple(steps), bool(stale))

    def _caps(self, entry: Evidence, stale: Sequence[Clause], third_party: Sequence[Clause]) -> list[Step]:
        caps: list[Step] = []
        if third_party:
            caps.append(Step(kind="ask", text=f"Get this confirmed by the vendor: {self._labels(third_party)} is not its own word"))
        if stale:
            caps.append(Step(kind="recheck", text=f"Check that {self._labels(stale)} still says so ({self._seen(stale)})"))
        if entry.review == "machine":
            caps.append(Step(kind="do", text="Read the clause yourself: it was read by machine and nobody has checked it"))
        elsewhere = [
            place.upper() for place in self._profile.jurisdictions if entry.when.jurisdiction and place not in entry.when.jurisdiction
        ]
        if elsewhere:
            caps.append(
                Step(
                    kind="ask", text=f"Ask the vendor whether this holds for {' and '.join(elsewhere)} too: the clause speaks of elsewhere"
                )
            )
        if self._rests_on_word(entry):
            caps.append(Step(kind="do", text="File the signed copy: I have only your word for it"))
        return caps

    def _review_steps(self, standings: Sequence[tuple[Clause, Standing]]) -> list[Step]:
        """Evidence whose words a newer imported text changed counts on until somebody has read the new ones, but never as *met*."""
        steps = []
        for clause, standing in standings:
            place = self._dating.knowledge.label(clause)
            why = "I hold a newer text, and not the one this was read from" if standing.kind == "unchecked" else "its words have changed"
            steps.append(Step(kind="do", text=f"Read {place} in the newer text and check that this still holds: {why}"))
        return steps

    def _rests_on_word(self, entry: Evidence) -> bool:
        """Whether the evidence needs a contract that only the person says they hold; one that the terms bring needs nobody's word."""
        listed = {contract.id: contract for contract in self._tool.contracts}
        by_terms = {contract.kind for contract in self._tool.contracts if contract.obtained == "incorporated"}
        kinds = {listed[name].kind if name in listed else name for name in entry.when.contract} - by_terms
        return any(proof == "on_word" and kind in kinds for kind, proof in self._profile.contracts.items())

    def _labels(self, clauses: Sequence[Clause]) -> str:
        return ", ".join(dict.fromkeys(self._dating.knowledge.label(clause) for clause in clauses))

    def _seen(self, clauses: Sequence[Clause]) -> str:
        days = [self._dating.as_of(clause) for clause in clauses]
        known = [day for day in days if day is not None]
        return f"last seen {min(known).isoformat()}" if len(known) == len(days) else "the text is undated"


def _asked_about(
    needs: _Needs, featured: bool, plan: str, settings: Mapping[str, str], contracts: tuple[str, ...], features: frozenset[Feature]
) -> tuple[object, ...]:
    """The parts of a configuration that are needed: two with the same have the same findings."""
    return (
        plan if needs.plan else None,
        contracts if needs.contracts else None,
        features if featured else bool(features),
        *[settings.get(name) for name in needs.settings],
    )


def _without_followed(weighed: Sequence[_Weighed], dating: Dating) -> list[_Weighed]:
    """Evidence on words that an imported text no longer holds falls away once evidence on the present words of that text is there."""
    present = {
        (entry.evidence.criterion, clause.source_id)
        for entry in weighed
        for clause in entry.clauses
        if all(map(dating.holds, entry.clauses))
    }
    return [
        entry
        for entry in weighed
        if all((entry.evidence.criterion, clause.source_id) not in present for clause in entry.clauses if not dating.holds(clause))
    ]


def _where_contracts_decide(weighed: Sequence[_Weighed], criteria: Iterable[Criterion], profile: Profile, dating: Dating) -> list[_Weighed]:
    """Once a signed contract was imported, its clauses answer whether there is one; what others say about it no longer does."""
    sources = dating.knowledge.sources
    asked = {criterion.id for criterion in criteria if criterion.contract and profile.contracts.get(criterion.contract) == "imported"}
    own = {id(entry) for entry in weighed if any(sources[clause.source_id].kind == "contract" for clause in entry.clauses)}
    decided = asked & {entry.evidence.criterion for entry in weighed if id(entry) in own}
    return [entry for entry in weighed if entry.evidence.criterion not in decided or id(entry) in own]


def applies(criterion: Criterion, profile: Profile) -> bool:
    """Whether the question is asked in this case at all: jurisdiction, use, and for HIPAA whether the practice is covered."""
    if criterion.jurisdictions and not set(criterion.jurisdictions) & set(profile.jurisdictions):
        return False
    if criterion.covered_entities_only and profile.covered_entity is False:
        return False
    return not criterion.uses or profile.use in criterion.uses


def _concerns(when: When, profile: Profile) -> bool:
    """The conditions that depend on the case and not on the configuration."""
    if when.jurisdiction and not set(when.jurisdiction) & set(profile.jurisdictions):
        return False
    if when.clients and profile.clients not in when.clients:
        return False
    return not when.use or profile.use in when.use


def _fits(when: When, configuration: Configuration, tool: Tool) -> bool:
    """The conditions that depend on the configuration. A contract is named by its id or its kind."""
    kinds = {contract.kind for contract in tool.contracts if contract.id in configuration.contracts}
    in_force = {*configuration.contracts, *kinds}
    if when.plan and configuration.plan not in when.plan:
        return False
    if when.contract and not in_force & set(when.contract):
        return False
    if in_force & set(when.without_contract):
        return False
    return all(configuration.settings.get(name) in values for name, values in when.setting.items())


def _finding(criterion: Criterion, weighed: Sequence[_Weighed], dating: Dating) -> Finding:
    """The worst status among the evidence, with all evidence of that status; *not stated* where there is none."""
    status: Status = next((s for s in _WORST_FIRST if any(entry.status == s for entry in weighed)), "not_stated")
    deciding = [entry for entry in weighed if entry.status == status]
    clauses = list(dict.fromkeys(clause for entry in deciding for clause in entry.clauses))
    curable = status != "not_met" or all(entry.steps for entry in deciding)
    days = [day for clause in clauses if (day := dating.as_of(clause)) is not None]
    return Finding(
        criterion_id=criterion.id,
        status=status,
        grounds=tuple(
            Ground(reason=entry.evidence.reason, clause_ids=tuple(clause.id for clause in entry.clauses), steps=entry.steps)
            for entry in deciding
        ),
        clause_ids=tuple(clause.id for clause in clauses),
        steps=tuple(dict.fromkeys(step for entry in deciding for step in entry.steps)) if curable else (),
        evidence_ids=tuple(entry.evidence.id for entry in deciding),
        stale=any(entry.stale for entry in deciding),
        as_of=min(days, default=None),
    )


def _on_word(criterion: Criterion, finding: Finding) -> Finding:
    name = "data-processing contract" if criterion.contract == "dpa" else "business associate agreement"
    step = Step(kind="do", text="File the signed copy: I have only your word for it")
    return finding.model_copy(
        update={
            "status": "conditional",
            "grounds": (Ground(reason=f"You say that you hold a signed {name}.", steps=(step,)),),
            "clause_ids": (),
            "steps": (step,),
            "evidence_ids": (),
            "stale": False,
            "as_of": None,
        }
    )
