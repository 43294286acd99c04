"""The finite space of what can be chosen: plans, settings and contracts that clauses show to exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from assistant.schema import ChangeStep, Configuration, Contract, Feature, Profile, Setting, Tool


@dataclass(frozen=True)
class Fixed:
    """What the person fixed, after choices that exclude each other were resolved; ``conflicts`` says which gave way."""

    plan: str | None
    settings: Mapping[str, str]
    conflicts: tuple[str, ...]


def resolve_fixed(tool: Tool, profile: Profile) -> Fixed:
    """The fixed choices that can hold together. Where two exclude each other, the one that excludes gives way, and that is said."""
    settings = {name: value for name, value in sorted(profile.settings.items()) if _is_value(tool, name, value)}
    conflicts = [
        f"I know no setting “{name}” with the value “{value}” for {tool.name}, so I left it out."
        for name, value in sorted(profile.settings.items())
        if not _is_value(tool, name, value)
    ]
    plan = profile.plan if profile.plan in {plan.id for plan in tool.plans} else None
    if profile.plan and plan is None:
        known = ", ".join(entry.id for entry in tool.plans)
        conflicts.append(f"I know no plan “{profile.plan}” of {tool.name}; I know {known}. I left the plan open.")
    for name in list(settings):
        setting = tool.setting(name)
        assert setting is not None
        for other, value in _excluded_by(setting, settings[name]):
            if settings.get(other) == value:
                given_way = next(
                    (v for v in _preferred(setting) if not any(settings.get(o) == x for o, x in _excluded_by(setting, v))), None
                )
                other_setting = tool.setting(other)
                assert other_setting is not None
                conflicts.append(
                    f"{setting.name} “{settings[name]}” and {other_setting.name} “{value}” exclude each other; "
                    f"I judged with {setting.name} “{given_way or settings[name]}”."
                )
                if given_way:
                    settings[name] = given_way
    return Fixed(plan, settings, tuple(conflicts))


def configurations(tool: Tool, profile: Profile, fixed: Fixed, relevant: frozenset[str]) -> Iterator[Configuration]:
    """Every configuration that agrees with what was fixed and excludes nothing of itself.

    Settings that are not ``relevant`` (no evidence, feature or exclusion depends on them) stay as they come: changing one
    adds a step and can improve nothing.
    """
    choices = [_values(setting, profile, fixed, relevant) for setting in tool.settings]
    names = [setting.id for setting in tool.settings]
    for plan in [fixed.plan] if fixed.plan else [plan.id for plan in tool.plans]:
        held, offered = _contracts(tool, profile, plan)
        for values in product(*choices):
            chosen = dict(zip(names, values, strict=True))
            if not _fits(tool, plan, chosen) or not _has_features(tool, profile, chosen):
                continue
            for size in range(len(offered) + 1):
                for signed in combinations(offered, size):
                    # the parts were checked with the tool's profile: validating thousands of combinations would cost most of the search
                    yield Configuration.model_construct(plan=plan, settings=chosen, contracts=tuple(sorted({*held, *signed})))


def baseline(tool: Tool) -> Configuration:
    """The tool as the vendor hands it out: entry plan, defaults, and what accepting its standard terms brings."""
    settings = {setting.id: setting.as_it_comes for setting in tool.settings}
    return Configuration(plan=tool.entry_plan, settings=settings, contracts=incorporated(tool, tool.entry_plan))


def incorporated(tool: Tool, plan: str) -> tuple[str, ...]:
    """The contracts that come with accepting the standard terms of a plan."""
    return tuple(sorted(c.id for c in tool.contracts if c.obtained == "incorporated" and plan in c.plans))


def change_steps(tool: Tool, profile: Profile, configuration: Configuration) -> tuple[ChangeStep, ...]:
    """What lies between the tool as the vendor hands it out and a configuration; what the person fixed is marked, not left out."""
    start = baseline(tool)
    steps: list[ChangeStep] = []
    if configuration.plan != start.plan:
        plan = next(plan for plan in tool.plans if plan.id == configuration.plan)
        text = f"Use the {plan.name} plan"
        fixed = profile.plan == plan.id
        steps.append(ChangeStep(kind="plan", name="plan", value=plan.id, text=text, fixed=fixed, clause_ids=plan.clauses))
    for contract in tool.contracts:
        if contract.id in configuration.contracts and contract.id not in incorporated(tool, configuration.plan):
            steps.append(_contract_step(contract, fixed=contract.kind in profile.contracts))
    for setting in tool.settings:
        value = configuration.settings[setting.id]
        if value != start.settings[setting.id]:
            text = setting.steps.get(value, f"Set {setting.name} to “{value}”")
            fixed = profile.settings.get(setting.id) == value
            step = ChangeStep(kind="setting", name=setting.id, value=value, text=text, fixed=fixed, clause_ids=setting.clauses)
            steps.append(step)
    return tuple(steps)


def active_features(tool: Tool, profile: Profile, configuration: Configuration) -> frozenset[Feature]:
    """The recording, transcription and AI features that are on, by a setting or by the person's word."""
    by_setting = {s.feature for s in tool.settings if s.feature and configuration.settings[s.id] != "off"}
    by_word = {feature for feature, value in profile.features.items() if value == "on"}
    return frozenset(feature for feature in by_setting | by_word if feature is not None)


def distance(tool: Tool, start: Configuration, configuration: Configuration) -> int:
    """How many plans, settings and contracts lie between the tool as the vendor hands it out (``start``) and a configuration."""
    settings = sum(configuration.settings[name] != value for name, value in start.settings.items())
    contracts = set(configuration.contracts) - set(incorporated(tool, configuration.plan))
    return settings + len(contracts) + (configuration.plan != start.plan)


def _contract_step(contract: Contract, *, fixed: bool) -> ChangeStep:
    return ChangeStep(kind="contract", name=contract.kind, value=contract.id, text=contract.step, fixed=fixed, clause_ids=contract.clauses)


def _values(setting: Setting, profile: Profile, fixed: Fixed, relevant: frozenset[str]) -> list[str]:
    if setting.id in fixed.settings:
        return [fixed.settings[setting.id]]
    if setting.feature and profile.features.get(setting.feature) == "off" and "off" in setting.values:
        return ["off"]
    if setting.id not in relevant:
        return [setting.as_it_comes]
    return _preferred(setting)


def _preferred(setting: Setting) -> list[str]:
    """The values, the one it comes with first."""
    return sorted(setting.values, key=lambda value: value != setting.as_it_comes)


def _contracts(tool: Tool, profile: Profile, plan: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The contracts in force on a plan, and those that could be signed. One held that the tool does not list goes by its kind."""
    available = [contract for contract in tool.contracts if plan in contract.plans]
    held = set(incorporated(tool, plan))
    for kind in profile.contracts:
        listed = {contract.id for contract in available if contract.kind == kind}
        held |= listed or {kind}
    offered = tuple(sorted(contract.id for contract in available if contract.id not in held))
    return tuple(sorted(held)), offered


def _fits(tool: Tool, plan: str, settings: Mapping[str, str]) -> bool:
    for setting in tool.settings:
        value = settings[setting.id]
        if value in setting.plans and plan not in setting.plans[value]:
            return False
        if any(settings.get(other) == excluded for other, excluded in _excluded_by(setting, value)):
            return False
    return True


def _has_features(tool: Tool, profile: Profile, settings: Mapping[str, str]) -> bool:
    """A feature the person wants needs at least one of its settings on, where the tool has any."""
    for feature, wanted in profile.features.items():
        values = [settings[setting.id] for setting in tool.settings if setting.feature == feature]
        if wanted == "on" and values and all(value == "off" for value in values):
            return False
    return True


def _excluded_by(setting: Setting, value: str) -> Iterator[tuple[str, str]]:
    for exclusion in setting.excludes:
        if exclusion.value == value:
            for other, values in exclusion.excludes.items():
                for excluded in values:
                    yield other, excluded


def _is_value(tool: Tool, name: str, value: str) -> bool:
    setting = tool.setting(name)
    return setting is not None and value in setting.values
