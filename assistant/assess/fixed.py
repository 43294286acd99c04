"""What a person fixed, made consistent: where choices exclude each other, the one that excludes gives way, and that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from assistant.assess.configurations import Fixed, defaults, excluded_by, preferred, settings_that_fit
from assistant.schema import Feature, Profile, Setting, Tool


@dataclass(frozen=True)
class _Choice:
    """One thing the person fixed; ``words`` names it to them."""

    kind: Literal["plan", "setting", "feature"]
    name: str
    value: str
    words: str


def resolve_fixed(tool: Tool, profile: Profile) -> Fixed:
    """The fixed choices that can be had together, in the order plan, settings that exclude nothing, features, settings that exclude.

    A choice that cannot be had beside those before it is left out and named; a setting among them is then fixed at the first of
    its values that fits.
    """
    known, conflicts = _known_choices(tool, profile)
    kept: list[_Choice] = []
    for choice in sorted(known, key=lambda choice: _rank(tool, choice)):
        if _can_be_had(tool, [*kept, choice]):
            kept.append(choice)
            continue
        rivals = _rivals(tool, choice, kept)
        substitute = _substitute(tool, choice, kept)
        conflicts.append(_explain(choice, rivals, substitute))
        if substitute is not None:
            kept.append(substitute)
    plan = next((choice.value for choice in kept if choice.kind == "plan"), None)
    settings = {choice.name: choice.value for choice in kept if choice.kind == "setting"}
    known_features = {setting.feature for setting in tool.settings}
    features = {name: value for name, value in profile.features.items() if name not in known_features or _keeps(kept, name)}
    return Fixed(plan, settings, features, tuple(conflicts))


def _known_choices(tool: Tool, profile: Profile) -> tuple[list[_Choice], list[str]]:
    """The choices that the tool's profile knows, and a sentence for each that it does not."""
    known: list[_Choice] = []
    unknown: list[str] = []
    plans = {plan.id: plan.name for plan in tool.plans}
    if profile.plan in plans:
        known.append(_Choice("plan", profile.plan, profile.plan, f"the {profile.plan} plan"))
    elif profile.plan:
        unknown.append(f"I know no plan “{profile.plan}” of {tool.name}; I know {', '.join(plans)}. I left the plan open.")
    for name, value in sorted(profile.settings.items()):
        setting = tool.setting(name)
        if setting is not None and value in setting.values:
            known.append(_Choice("setting", name, value, _words(setting, value)))
        else:
            unknown.append(f"I know no setting “{name}” with the value “{value}” for {tool.name}, so I left it out.")
    for feature, value in sorted(profile.features.items()):
        if any(setting.feature == feature for setting in tool.settings):
            known.append(_Choice("feature", feature, value, f"{feature} {value}"))
    return known, unknown


def _rank(tool: Tool, choice: _Choice) -> tuple[int, str]:
    """Who stays and who gives way: a setting whose value excludes others, or that few plans have, comes last."""
    if choice.kind == "plan":
        return 0, choice.name
    if choice.kind == "feature":
        return 2, choice.name
    setting = _setting(tool, choice)
    limits = any(excluded_by(setting, choice.value)) or choice.value in setting.plans
    return (3 if limits else 1), choice.name


def _can_be_had(tool: Tool, choices: Sequence[_Choice]) -> bool:
    """Whether any configuration of the tool agrees with all of the choices."""
    plans = {choice.value for choice in choices if choice.kind == "plan"} or {plan.id for plan in tool.plans}
    fixed = {choice.name: choice.value for choice in choices if choice.kind == "setting"}
    features: dict[Feature, str] = {
        s.feature: c.value for c in choices if c.kind == "feature" for s in tool.settings if s.feature == c.name
    }
    for plan in sorted(plans):
        start = defaults(tool, plan)
        values = [[fixed[setting.id]] if setting.id in fixed else _from(start[setting.id], setting) for setting in tool.settings]
        if any(True for _ in settings_that_fit(tool, plan, values, features)):
            return True
    return False


def _from(first: str, setting: Setting) -> list[str]:
    """The values of a setting, one of them first."""
    return sorted(setting.values, key=lambda value: value != first)


def _rivals(tool: Tool, choice: _Choice, kept: Sequence[_Choice]) -> list[_Choice]:
    """The fewest of the kept choices beside which the choice cannot be had; [] if it cannot be had at all."""
    for size in range(len(kept) + 1):
        for group in combinations(kept, size):
            if not _can_be_had(tool, [*group, choice]):
                return list(group)
    return list(kept)


def _substitute(tool: Tool, choice: _Choice, kept: Sequence[_Choice]) -> _Choice | None:
    """The value at which a setting that gave way is judged; None for what is no setting."""
    if choice.kind != "setting":
        return None
    setting = _setting(tool, choice)
    for value in preferred(setting):
        candidate = _Choice("setting", choice.name, value, _words(setting, value))
        if _can_be_had(tool, [*kept, candidate]):
            return candidate
    return None


def _explain(choice: _Choice, rivals: Sequence[_Choice], substitute: _Choice | None) -> str:
    judged = f"I judged with {substitute.words}." if substitute else f"I judged without “{choice.words}”."
    if not rivals:
        return f"“{choice.words}” cannot be had. {judged}"
    return f"“{choice.words}” and “{'” with “'.join(rival.words for rival in rivals)}” exclude each other. {judged}"


def _words(setting: Setting, value: str) -> str:
    return f"{setting.name} ({setting.id}) {value}"


def _setting(tool: Tool, choice: _Choice) -> Setting:
    setting = tool.setting(choice.name)
    assert setting is not None  # only known settings become choices
    return setting


def _keeps(kept: Sequence[_Choice], feature: str) -> bool:
    return any(choice.kind == "feature" and choice.name == feature for choice in kept)
