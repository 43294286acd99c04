"""From a practitioner's case to a verdict: profile, configuration, finding, step, verdict."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from assistant.schema.base import Clients, Feature, Frozen, Id, Jurisdiction, Use
from assistant.schema.criteria import EvidenceStatus, Step

Status = EvidenceStatus
VerdictToken = Literal["suitable", "suitable_on_conditions", "not_enough_evidence", "not_suitable"]
ContractProof = Literal["on_word", "imported"]

VERDICTS_BEST_FIRST: tuple[VerdictToken, ...] = ("suitable", "suitable_on_conditions", "not_enough_evidence", "not_suitable")


class Profile(Frozen):
    """The practitioner's case. What is None or missing was left open; ``assumed`` names the fields nobody stated.

    ``features`` fixes whether recording, transcription or AI is used; ``contracts`` are those held, by kind, and
    ``contract_plans`` the plans for which they were signed, where that is limited.
    """

    jurisdiction: Jurisdiction = "uk"
    client_jurisdiction: Jurisdiction | None = None
    use: Use = "session"
    clients: Clients = "adults"
    plan: Id | None = None
    settings: dict[Id, Id] = Field(default_factory=dict)
    features: dict[Feature, Literal["on", "off"]] = Field(default_factory=dict)
    contracts: dict[Literal["dpa", "baa"], ContractProof] = Field(default_factory=dict)
    contract_plans: dict[Literal["dpa", "baa"], tuple[Id, ...]] = Field(default_factory=dict)
    covered_entity: bool | None = None
    assumed: tuple[str, ...] = ()

    @property
    def jurisdictions(self) -> tuple[Jurisdiction, ...]:
        """The practitioner's and the client's, each once."""
        other = self.client_jurisdiction
        return (self.jurisdiction,) if other in (None, self.jurisdiction) else (self.jurisdiction, other)


class Configuration(Frozen):
    """One complete choice: a plan, a value for every setting, and the contracts in force (ids of the tool's contracts)."""

    plan: Id
    settings: dict[Id, Id] = Field(default_factory=dict)
    contracts: tuple[Id, ...] = ()


class Ground(Frozen):
    """One piece of evidence behind a finding: its reason, the clauses it rests on, the steps it asks for."""

    reason: str
    clause_ids: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


class Finding(Frozen):
    """Outcome of one criterion for one tool, profile and configuration, with what it rests on.

    ``grounds`` hold the evidence that decided; ``clause_ids`` and ``steps`` sum them up, but a *not met* has steps only where
    every ground has one. ``clause_ids`` is empty only for *not_stated* or on the person's own word. ``scope`` keeps what is said
    about usage data in a finding of its own, beside the one about content. ``gate``: whether it decides alone.
    ``counts_as_evidenced``: whether rule 2 counts it. ``as_of``: the oldest reading date among the clauses, None without any.
    """

    criterion_id: str
    status: Status
    scope: Literal["content", "usage_data"] = "content"
    grounds: tuple[Ground, ...] = ()
    clause_ids: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    evidence_ids: tuple[str, ...] = ()
    gate: bool = False
    fatal: bool = False
    stale: bool = False
    counts_as_evidenced: bool = False
    falls_away: bool = False
    as_of: date | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(ground.reason for ground in self.grounds)


class ChangeStep(Frozen):
    """One difference between the tool as it comes and a configuration. ``fixed``: the person said it is so already."""

    kind: Literal["plan", "setting", "contract"]
    name: Id
    value: Id
    text: str
    fixed: bool = False
    clause_ids: tuple[str, ...] = ()


class Verdict(Frozen):
    """What follows from the findings, and by which rule (0 to 4, docs/verdict.md)."""

    token: VerdictToken
    rule: int = Field(ge=0, le=4)
    because: tuple[str, ...] = ()
    evidenced: int = 0
    applicable: int = 0


class Assessment(Frozen):
    """A tool judged in one configuration."""

    tool: Id
    configuration: Configuration
    findings: tuple[Finding, ...]
    verdict: Verdict
    steps: tuple[ChangeStep, ...] = ()

    def finding(self, criterion_id: str) -> Finding | None:
        return next((finding for finding in self.findings if finding.criterion_id == criterion_id), None)


class ToolAssessment(Frozen):
    """A tool as it comes, and at its best within what the person fixed. ``conflicts`` are fixed choices that exclude each other."""

    tool: Id
    profile: Profile
    as_it_comes: Assessment
    at_best: Assessment
    conflicts: tuple[str, ...] = ()
