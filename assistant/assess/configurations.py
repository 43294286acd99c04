"""The finite space of what can be chosen: plans, settings and contracts that clauses show to exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from assistant.schema import ChangeStep, Configuration, Contract, Feature, Profile, Setting, Tool


@dataclass(frozen=True)
class Fixed:
    """What the person fixed, as far as it can be had together; ``conflicts`` says what gave way and why."""

    plan: str | None
    settings: Mapping[str, str]
    features: Mapping[Feature, str]
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan and a value for every setting, with each set of contracts that can be in force beside them."""

    plan: str
    settings: dict[str, str]
    contracts: tuple[tuple[str, ...], ...]

    def with_contracts(self, contracts: tuple[str, ...]) -> Configuration:
        # the parts were checked with the tool's profile: validating thousands of combinations would cost most of the search
        return Configuration.model_construct(plan=self.plan, settings=self.settings, contracts=contracts)


def choices(tool: Tool, profile: Profile, fixed: Fixed, relevant: frozenset[str]) -> Iterator[Choice]:
    """Every choice that agrees with what was fixed and excludes nothing of itself.

    Settings that are not ``relevant`` (no evidence, feature or exclusion depends on them) stay as they come: changing one
    adds a step and can improve nothing.
    """
    for plan in [fixed.plan] if fixed.plan else [plan.id for plan in tool.plans]:
        start = defaults(tool, plan)
        held, offered = _contracts(tool, profile, plan)
        signed = (signed for size in range(len(offered) + 1) for signed in combinations(offered, size))
        contracts = tuple(tuple(sorted({*held, *some})) for some in signed)
        values = [_values(setting, start[setting.id], fixed, relevant) for setting in tool.settings]
        for chosen in settings_that_fit(tool, plan, values, fixed.features):
            yield Choice(plan, chosen, contracts)


def configurations(tool: Tool, profile: Profile, fixed: Fixed, relevant: frozenset[str]) -> Iterator[Configuration]:
    """The configurations of all choices."""
    for choice in choices(tool, profile, fixed, relevant):
        for contracts in choice.contracts:
            yield choice.with_contracts(contracts)


def settings_that_fit(tool: Tool, plan: str, choices: Sequence[Sequence[str]], features: Mapping[Feature, str]) -> Iterator[dict[str, str]]:
    """Every choice of one value a setting, in the order of the tool's settings, that the plan has and that excludes nothing of itself.

    A feature the person wants needs at least one of its settings on, one they refuse all of them off, where the tool has any.
    """
    names = [setting.id for setting in tool.settings]
    had = [[v for v in values if _is_on(setting, v, plan)] for setting, values in zip(tool.settings, choices, strict=True)]
    exclusions = [(entry.id, value, *other) for entry in tool.settings for value in entry.values for other in excluded_by(entry, value)]
    switches = [([s.id for s in tool.settings if s.feature == feature], wanted == "on") for feature, wanted in features.items()]
    for values in product(*had):
        chosen = dict(zip(names, values, strict=True))
        if any(chosen[name] == value and chosen.get(other) == excluded for name, value, other, excluded in exclusions):
            continue
        if all(any(chosen[name] != "off" for name in those) == wanted for those, wanted in switches if those):
            yield chosen


def _is_on(setting: Setting, value: str, plan: str) -> bool:
    return value not in setting.plans or plan in setting.plans[value]


def defaults(tool: Tool, plan: str) -> dict[str, str]:
    """The settings as they come on a plan; a default that the plan does not have gives way to the first value that it has."""
    values: dict[str, str] = {}
    for setting in tool.settings:
        there = [value for value in preferred(setting) if value not in setting.plans or plan in setting.plans[value]]
        values[setting.id] = there[0] if there else setting.as_it_comes
    return values


def baseline(tool: Tool) -> Configuration:
    """The tool as the vendor hands it out: entry plan, defaults, and what accepting its standard terms brings."""
    plan = tool.entry_plan
    return Configuration(plan=plan, settings=defaults(tool, plan), contracts=incorporated(tool, plan))


def incorporated(tool: Tool, plan: str) -> tuple[str, ...]:
    """The contracts that come with accepting the standard terms of a plan."""
    return tuple(sorted(c.id for c in tool.contracts if c.obtained == "incorporated" and plan in c.plans))


def change_steps(tool: Tool, profile: Profile, configuration: Configuration) -> tuple[ChangeStep, ...]:
    """What lies between the tool as the vendor hands it out and a configuration; what the person fixed is marked, not left out."""
    steps: list[ChangeStep] = []
    if configuration.plan != tool.entry_plan:
        plan = next(plan for plan in tool.plans if plan.id == configuration.plan)
        text = f"Use the {plan.name} plan"
        fixed = profile.plan == plan.id
        steps.append(ChangeStep(kind="plan", name="plan", value=plan.id, text=text, fixed=fixed, clause_ids=plan.clauses))
    for contract in tool.contracts:
        if contract.id in configuration.contracts and contract.id not in incorporated(tool, configuration.plan):
            steps.append(_contract_step(contract, fixed=contract.kind in profile.contracts))
    start = defaults(tool, configuration.plan)
    for setting in tool.settings:
        value = configuration.settings[setting.id]
        if value != start[setting.id]:
            text = setting.steps.get(value, f"Set {setting.name} to “{value}”")
            fixed = profile.settings.get(setting.id) == value or _fixed_as_feature(setting, value, profile)
            step = ChangeStep(kind="setting", name=setting.id, value=value, text=text, fixed=fixed, clause_ids=setting.clauses)
            steps.append(step)
    return tuple(steps)


def active_features(tool: Tool, profile: Profile, configuration: Configuration) -> frozenset[Feature]:
    """The recording, transcription and AI features that are on, by a setting or by the person's word."""
    return features_on(tool, profile, configuration.settings)


def features_on(tool: Tool, profile: Profile, settings: Mapping[str, str]) -> frozenset[Feature]:
    by_setting = {setting.feature for setting in tool.settings if setting.feature and settings[setting.id] != "off"}
    by_word = {feature for feature, value in profile.features.items() if value == "on"}
    return frozenset(feature for feature in by_setting | by_word if feature is not None)


def _contract_step(contract: Contract, *, fixed: bool) -> ChangeStep:
    return ChangeStep(kind="contract", name=contract.kind, value=contract.id, text=contract.step, fixed=fixed, clause_ids=contract.clauses)


def preferred(setting: Setting) -> list[str]:
    """The values of a setting, the one it comes with first."""
    return sorted(setting.values, key=lambda value: value != setting.as_it_comes)


def excluded_by(setting: Setting, value: str) -> Iterator[tuple[str, str]]:
    """The other settings' values, as (setting, value), that cannot be had while the setting has this value."""
    for exclusion in setting.excludes:
        if exclusion.value == value:
            for other, values in exclusion.excludes.items():
                for excluded in values:
                    yield other, excluded


def _values(setting: Setting, start: str, fixed: Fixed, relevant: frozenset[str]) -> list[str]:
    if setting.id in fixed.settings:
        return [fixed.settings[setting.id]]
    if setting.id not in relevant:
        return [start]
    return preferred(setting)


def _fixed_as_feature(setting: Setting, value: str, profile: Profile) -> bool:
    wanted = profile.features.get(setting.feature) if setting.feature else None
    return wanted is not None and (wanted == "on") == (value != "off")


def _contracts(tool: Tool, profile: Profile, plan: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The contracts in force on a plan, and those that could be signed. One held that the tool does not list goes by its kind."""
    available = [contract for contract in tool.contracts if plan in contract.plans]
    held = set(incorporated(tool, plan))
    for kind in profile.contracts:
        if plan not in profile.contract_plans.get(kind, (plan,)):
            continue
        listed = {contract.id for contract in available if contract.kind == kind}
        held |= listed or {kind}
    offered = tuple(sorted(contract.id for contract in available if contract.id not in held))
    return tuple(sorted(held)), offered
