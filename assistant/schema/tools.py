"""Tool profiles: what a tool is, its plans, its settings and what each excludes, and the contracts that can be had."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from assistant.schema.base import Feature, Frozen, Id, Text, Use

Controller = Literal["host", "admin", "client", "vendor"]


class Plan(Frozen):
    """One plan of a tool; ``clauses`` show that it exists."""

    id: Id
    name: Text
    free: bool = False
    aliases: tuple[Text, ...] = ()
    clauses: tuple[Text, ...] = ()


class Exclusion(Frozen):
    """While the setting has ``value``, the listed values of other settings cannot be had."""

    value: Id
    excludes: dict[Id, tuple[Id, ...]]
    clauses: tuple[Text, ...] = ()


class Setting(Frozen):
    """Something that can be switched. ``default`` is what a clause states; where none does, ``assumed`` is used as it comes."""

    id: Id
    name: Text
    values: tuple[Id, ...] = Field(min_length=2)
    default: Id | None = None
    assumed: Id | None = None
    controlled_by: Controller
    feature: Feature | None = None
    plans: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    excludes: tuple[Exclusion, ...] = ()
    steps: dict[Id, Text] = Field(default_factory=dict)
    aliases: dict[Id, tuple[Text, ...]] = Field(default_factory=dict)
    clauses: tuple[Text, ...] = ()

    @property
    def as_it_comes(self) -> str:
        """The value without anybody touching it."""
        value = self.default or self.assumed
        assert value is not None  # the validator below guarantees one of them
        return value

    @model_validator(mode="after")
    def _values_are_known(self) -> Self:
        if (self.default is None) == (self.assumed is None):
            raise ValueError(f"setting {self.id}: give either default (a clause states it) or assumed (none does)")
        named = {self.as_it_comes, *self.plans, *self.steps, *self.aliases, *(e.value for e in self.excludes)}
        unknown = sorted(named - set(self.values))
        if unknown:
            raise ValueError(f"setting {self.id}: {', '.join(unknown)} is not among its values {', '.join(self.values)}")
        return self


class Contract(Frozen):
    """A contract that clauses show to exist for some plans: ``incorporated`` by accepting the terms, or by ``signature``."""

    id: Id
    kind: Literal["dpa", "baa"]
    title: Text
    plans: tuple[Id, ...] = Field(min_length=1)
    obtained: Literal["incorporated", "signature"]
    step: Text
    clauses: tuple[Text, ...] = Field(min_length=1)


class Retirement(Frozen):
    """The tool no longer exists; nothing its old terms say matters."""

    on: date
    reason: Text
    successor: Id | None = None
    clauses: tuple[Text, ...] = Field(min_length=1)


class Notice(Frozen):
    """A dated remark shown with verdicts about the tool: history, an opinion and whose it is, or what it was made for."""

    text: Text
    clauses: tuple[Text, ...] = Field(min_length=1)
    kind: Literal["history", "opinion", "purpose", "limit"]


class Tool(Frozen):
    """What is known about a product before any criterion is asked."""

    id: Id
    name: Text
    product: Text
    publisher: Text
    made_for: Text
    aliases: tuple[Text, ...] = ()
    uses: tuple[Use, ...] = Field(min_length=1)
    entry_plan: Id
    plans: tuple[Plan, ...] = Field(min_length=1)
    settings: tuple[Setting, ...] = ()
    contracts: tuple[Contract, ...] = ()
    notices: tuple[Notice, ...] = ()
    retired: Retirement | None = None

    def setting(self, setting_id: str) -> Setting | None:
        """The setting with this id, or None."""
        return next((setting for setting in self.settings if setting.id == setting_id), None)

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        plans = {plan.id for plan in self.plans}
        settings = {setting.id: set(setting.values) for setting in self.settings}
        problems = [f"entry_plan {self.entry_plan} is no plan"] if self.entry_plan not in plans else []
        for contract in self.contracts:
            problems += [f"contract {contract.id}: unknown plan {plan}" for plan in contract.plans if plan not in plans]
        for setting in self.settings:
            for value, allowed in setting.plans.items():
                problems += [f"setting {setting.id}={value}: unknown plan {plan}" for plan in allowed if plan not in plans]
            for exclusion in setting.excludes:
                for other, values in exclusion.excludes.items():
                    missing = set(values) - settings.get(other, set())
                    problems += [f"setting {setting.id} excludes unknown {other}={value}" for value in sorted(missing)]
        if problems:
            raise ValueError(f"tool {self.id}: {'; '.join(problems)}")
        return self
