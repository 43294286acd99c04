"""A tool judged twice for one case: as it comes, and at its best within what the person fixed."""

from __future__ import annotations

from datetime import date

from assistant.assess.configurations import baseline, change_steps, configurations, distance, incorporated, resolve_fixed
from assistant.assess.findings import FindingsRule
from assistant.assess.verdict import conclude
from assistant.dating import Dating
from assistant.schema import (
    VERDICTS_BEST_FIRST,
    Assessment,
    Configuration,
    Finding,
    Profile,
    Tool,
    ToolAssessment,
    Verdict,
)


def assess_tool(tool: Tool, profile: Profile, dating: Dating) -> ToolAssessment:
    """Judge a tool on the day of ``dating``.

    Every configuration that clauses show to exist is tried. The best verdict wins, then the fewest steps, then the
    configuration's own order (plan, settings, contracts), so that the same knowledge always gives the same answer.
    """
    knowledge = dating.knowledge
    rule = FindingsRule(tool, profile, knowledge.criteria.values(), knowledge.evidence_for(tool.id), dating)
    fixed = resolve_fixed(tool, profile)
    candidates = list(configurations(tool, profile, fixed, rule.relevant_settings))
    if not candidates:  # what was fixed cannot be had together, beyond what resolve_fixed could mend: judge the plan alone
        eased = profile.model_copy(update={"settings": {}, "features": {}})
        return assess_tool(tool, eased, dating).model_copy(
            update={
                "profile": profile,
                "conflicts": (*fixed.conflicts, "These choices cannot be had together, so I left the settings open."),
            }
        )
    first = min(candidates, key=lambda c: _closeness(tool, profile, fixed.plan, c))
    start = baseline(tool)
    ranks = [_rank(tool, start, candidate, rule, dating.day) for candidate in candidates]
    top = min(ranks)
    best = min((candidate for candidate, rank in zip(candidates, ranks, strict=True) if rank == top), key=_order)
    return ToolAssessment(
        tool=tool.id,
        profile=profile,
        as_it_comes=_assess(tool, profile, first, rule, dating.day),
        at_best=_assess(tool, profile, best, rule, dating.day),
        conflicts=fixed.conflicts,
    )


def _assess(tool: Tool, profile: Profile, configuration: Configuration, rule: FindingsRule, day: date) -> Assessment:
    findings = rule.evaluate(configuration)
    steps = change_steps(tool, profile, configuration)
    verdict = _retired(tool, findings, day) or conclude(findings, steps)
    return Assessment(tool=tool.id, configuration=configuration, findings=findings, verdict=verdict, steps=steps)


def _closeness(tool: Tool, profile: Profile, fixed_plan: str | None, configuration: Configuration) -> tuple[bool, bool, int, str]:
    """As it comes: the named plan or the entry plan, no contract that must be signed first, then nearest to the defaults."""
    plan = fixed_plan or tool.entry_plan
    standing = set(incorporated(tool, configuration.plan))
    signed = any(
        contract.id in configuration.contracts and contract.id not in standing and contract.kind not in profile.contracts
        for contract in tool.contracts
    )
    return configuration.plan != plan, signed, distance(tool, baseline(tool), configuration), _order(configuration)


def _rank(tool: Tool, start: Configuration, configuration: Configuration, rule: FindingsRule, day: date) -> tuple[int, int, int]:
    """Best verdict first, then fewest steps of any kind, then fewest changes."""
    findings = rule.evaluate(configuration)
    changes = distance(tool, start, configuration)
    token = (_retired(tool, findings, day) or conclude(findings, changes > 0)).token
    return VERDICTS_BEST_FIRST.index(token), changes + sum(map(_open_steps, findings)), changes


def _open_steps(finding: Finding) -> int:
    if finding.falls_away or finding.status == "met":
        return 0
    return max(1, len(finding.steps))


def _order(configuration: Configuration) -> str:
    return repr((configuration.plan, sorted(configuration.settings.items()), configuration.contracts))


def _retired(tool: Tool, findings: tuple[Finding, ...], day: date) -> Verdict | None:
    """A tool that no longer exists is not suitable, whatever its old terms say."""
    if tool.retired is None or day < tool.retired.on:
        return None
    content = [finding for finding in findings if finding.scope == "content"]
    evidenced = sum(finding.counts_as_evidenced for finding in content)
    return Verdict(token="not_suitable", rule=1, evidenced=evidenced, applicable=len(content))
