"""A tool judged twice for one case: as it comes, and at its best within what the person fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from assistant.assess.configurations import Choice, Fixed, change_steps, choices, defaults, incorporated
from assistant.assess.contracts import read_contracts, with_contracts
from assistant.assess.findings import FindingsRule
from assistant.assess.fixed import resolve_fixed
from assistant.assess.verdict import conclude, decide
from assistant.dating import Dating
from assistant.schema import (
    VERDICTS_BEST_FIRST,
    Assessment,
    Configuration,
    Profile,
    Tool,
    ToolAssessment,
)

Rank = TypeVar("Rank", bound=tuple[int, ...])


def assess_tool(tool: Tool, profile: Profile, dating: Dating) -> ToolAssessment:
    """Judge a tool on the day of ``dating``.

    Every configuration that clauses show to exist is tried. The best verdict wins, then the fewest steps, then the
    configuration's own order (plan, settings, contracts), so that the same knowledge always gives the same answer.
    """
    knowledge = dating.knowledge
    tool = _on_day(tool, dating)
    profile, said = with_contracts(profile, tool, dating)
    fixed = resolve_fixed(tool, profile)
    judged = profile.model_copy(update={"features": fixed.features})  # a feature that gave way is not in use
    evidence = knowledge.evidence_for(tool.id)
    read = read_contracts(tool, knowledge.criteria.values(), evidence, dating)
    rule = FindingsRule(tool, judged, knowledge.criteria.values(), (*evidence, *read), dating)
    plain, best = _search(tool, profile, fixed, rule, dating.day)
    return ToolAssessment(
        tool=tool.id,
        profile=profile,
        as_it_comes=_assess(tool, profile, plain, rule, dating.day),
        at_best=_assess(tool, profile, best, rule, dating.day),
        conflicts=(*fixed.conflicts, *said),
    )


def _on_day(tool: Tool, dating: Dating) -> Tool:
    """The tool with the contracts that a clause shows to exist on the day asked about."""
    shown = tuple(contract for contract in tool.contracts if any(dating.holding(reference) for reference in contract.clauses))
    return tool if len(shown) == len(tool.contracts) else tool.model_copy(update={"contracts": shown})


def _assess(tool: Tool, profile: Profile, configuration: Configuration, rule: FindingsRule, day: date) -> Assessment:
    findings = rule.evaluate(configuration)
    steps = change_steps(tool, profile, configuration)
    verdict = conclude(findings, steps)
    if _is_retired(tool, day):
        verdict = verdict.model_copy(update={"token": "not_suitable", "rule": 1, "because": ()})
    return Assessment(tool=tool.id, configuration=configuration, findings=findings, verdict=verdict, steps=steps)


def _search(tool: Tool, profile: Profile, fixed: Fixed, rule: FindingsRule, day: date) -> tuple[Configuration, Configuration]:
    """The tool as it comes and at its best.

    As it comes is the named plan or the entry plan, without a contract that must be signed first, nearest to the defaults.
    At its best is the best verdict, then the fewest steps of any kind, then the fewest changes.
    """
    wanted, retired = fixed.plan or tool.entry_plan, _is_retired(tool, day)
    starts = {plan.id: _Start.of(tool, profile, plan.id) for plan in tool.plans}
    plain, best = _Least[tuple[bool, bool, int]](), _Least[tuple[int, int, int]]()
    for choice in choices(tool, profile, fixed, rule.relevant_settings):
        start = starts[choice.plan]
        changed = (choice.plan != tool.entry_plan) + sum(choice.settings[name] != value for name, value in start.settings.items())
        for contracts, tally in zip(choice.contracts, rule.tallies(choice), strict=True):
            signed, unasked = start.signed(contracts)
            changes = changed + signed
            token = "not_suitable" if retired else decide(tally, changed=changes > 0)[0]
            best.offer((VERDICTS_BEST_FIRST.index(token), changes + tally.steps, changes), choice, contracts)
            plain.offer((choice.plan != wanted, unasked, changes), choice, contracts)
    return plain.first(), best.first()


@dataclass
class _Least(Generic[Rank]):
    """The configurations of the least rank offered."""

    rank: Rank | None = None
    offered: list[tuple[Choice, tuple[str, ...]]] = field(default_factory=list)

    def offer(self, rank: Rank, choice: Choice, contracts: tuple[str, ...]) -> None:
        if self.rank is None or rank < self.rank:
            self.rank, self.offered = rank, []
        if rank == self.rank:
            self.offered.append((choice, contracts))

    def first(self) -> Configuration:
        """Of several the first by plan, settings and contracts."""
        return min((choice.with_contracts(contracts) for choice, contracts in self.offered), key=_order)


@dataclass(frozen=True)
class _Start:
    """A plan as it comes: its defaults, and which contracts are to be signed."""

    settings: Mapping[str, str]
    to_sign: Mapping[str, bool]
    """By id; whether the person did not say that they hold one of the kind."""

    @classmethod
    def of(cls, tool: Tool, profile: Profile, plan: str) -> _Start:
        standing = set(incorporated(tool, plan))
        to_sign = {contract.id: contract.kind not in profile.contracts for contract in tool.contracts if contract.id not in standing}
        return cls(defaults(tool, plan), to_sign)

    def signed(self, contracts: tuple[str, ...]) -> tuple[int, bool]:
        """How many of the contracts in force were signed, and whether any of these was not held before."""
        unasked = [self.to_sign[contract] for contract in contracts if contract in self.to_sign]
        return len(unasked), any(unasked)


def _order(configuration: Configuration) -> str:
    return repr((configuration.plan, sorted(configuration.settings.items()), configuration.contracts))


def _is_retired(tool: Tool, day: date) -> bool:
    """A tool that no longer exists is not suitable, whatever its old terms say."""
    return tool.retired is not None and day >= tool.retired.on
