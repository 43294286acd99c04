"""A tool judged twice for one case: as it comes, and at its best within what the person fixed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from assistant.assess.configurations import change_steps, configurations, defaults, distance, incorporated
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
    candidates = list(configurations(tool, profile, fixed, rule.relevant_settings))
    starts = {plan.id: defaults(tool, plan.id) for plan in tool.plans}
    ranks = [_rank(tool, starts[candidate.plan], candidate, rule, dating.day) for candidate in candidates]
    top = min(ranks)
    best = min((candidate for candidate, rank in zip(candidates, ranks, strict=True) if rank == top), key=_order)
    plain = min(candidates, key=lambda c: _closeness(tool, profile, fixed.plan, starts[c.plan], c))
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


def _closeness(
    tool: Tool, profile: Profile, fixed_plan: str | None, start: Mapping[str, str], configuration: Configuration
) -> tuple[bool, bool, int, str]:
    """As it comes: the named plan or the entry plan, no contract that must be signed first, then nearest to the defaults."""
    plan = fixed_plan or tool.entry_plan
    standing = set(incorporated(tool, configuration.plan))
    signed = any(
        contract.id in configuration.contracts and contract.id not in standing and contract.kind not in profile.contracts
        for contract in tool.contracts
    )
    return configuration.plan != plan, signed, distance(tool, start, configuration), _order(configuration)


def _rank(tool: Tool, start: Mapping[str, str], configuration: Configuration, rule: FindingsRule, day: date) -> tuple[int, int, int]:
    """Best verdict first, then fewest steps of any kind, then fewest changes."""
    tally = rule.tally(configuration)
    changes = distance(tool, start, configuration)
    token = "not_suitable" if _is_retired(tool, day) else decide(tally, changed=changes > 0)[0]
    return VERDICTS_BEST_FIRST.index(token), changes + tally.steps, changes


def _order(configuration: Configuration) -> str:
    return repr((configuration.plan, sorted(configuration.settings.items()), configuration.contracts))


def _is_retired(tool: Tool, day: date) -> bool:
    """A tool that no longer exists is not suitable, whatever its old terms say."""
    return tool.retired is not None and day >= tool.retired.on
