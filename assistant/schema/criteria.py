"""The questions of due diligence, the duties no policy can satisfy, and the evidence that answers the questions."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from assistant.schema.base import Clients, Feature, Frozen, Id, Jurisdiction, Text, Use

EvidenceStatus = Literal["met", "conditional", "not_met", "not_stated"]
StepKind = Literal["choose", "do", "ask", "accept", "recheck"]


class Criterion(Frozen):
    """One question of due diligence.

    ``gate`` says when a *not met* makes a tool unsuitable and a *not stated* caps the verdict: always, never, or only while a
    recording, transcription or AI feature is on. ``fatal_when_not_met`` marks criteria whose *not met* makes a tool
    unsuitable although silence does not cap the verdict. ``needs_feature`` names features without which the question falls away.
    ``contract`` is the kind of contract the question asks for: one held on the person's word makes it *conditional*.
    """

    id: str = Field(pattern=r"^VT-[0-9]{2}$")
    title: Text
    question: Text
    why: Text
    gate: Literal["always", "features", "never"] = "never"
    fatal_when_not_met: bool = False
    jurisdictions: tuple[Jurisdiction, ...] = ()
    covered_entities_only: bool = False
    contract: Literal["dpa", "baa"] | None = None
    uses: tuple[Use, ...] = ()
    needs_feature: tuple[Feature, ...] = ()
    rests_on: tuple[Text, ...] = Field(min_length=1)
    see_also: tuple[Text, ...] = ()
    met: Text
    conditional: Text
    not_met: Text
    gap: Text
    ask: Text


class Duty(Frozen):
    """Something the practitioner must do whatever the tool; shown with the verdicts it applies to."""

    id: Id
    text: Text
    clauses: tuple[Text, ...] = Field(min_length=1)
    jurisdictions: tuple[Jurisdiction, ...] = ()
    uses: tuple[Use, ...] = ()
    needs_feature: tuple[Feature, ...] = ()


class When(Frozen):
    """The conditions under which evidence holds. All given ones must hold; within one, any value does. Empty: always."""

    plan: tuple[Id, ...] = ()
    setting: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    contract: tuple[Id, ...] = ()
    without_contract: tuple[Id, ...] = ()
    jurisdiction: tuple[Jurisdiction, ...] = ()
    use: tuple[Use, ...] = ()
    clients: tuple[Clients, ...] = ()


class Step(Frozen):
    """What a practitioner can do about a conditional or curable finding: choose, do, ask the vendor, or accept on record.

    ``recheck`` is never written in a file: it is the step of a finding that rests on a stale text.
    """

    kind: StepKind
    text: Text


class Evidence(Frozen):
    """What the clauses say about one criterion for one tool, and when it holds. Stored; never computed.

    ``scope`` keeps content apart from data about its use: the latter counts, but closes no gate. A *not met* may carry a
    ``step`` that cures it where a clause shows the way. *Not stated* evidence says what was looked for and not found.
    """

    id: Id
    tool: Id
    criterion: str = Field(pattern=r"^VT-[0-9]{2}$")
    status: EvidenceStatus
    scope: Literal["content", "usage_data"] = "content"
    when: When = When()
    reason: Text
    step: Step | None = None
    clauses: tuple[Text, ...] = ()
    review: Literal["reviewed", "machine"] = "reviewed"
    reviewed_on: date | None = None

    @model_validator(mode="after")
    def _rests_on_clauses(self) -> Self:
        if self.status != "not_stated" and not self.clauses:
            raise ValueError(f"evidence {self.id} is {self.status} but names no clause: name the clause, or make it not_stated")
        if self.status == "conditional" and self.step is None:
            raise ValueError(f"evidence {self.id} is conditional but has no step: say what to choose, do, ask or accept")
        if self.review == "reviewed" and self.reviewed_on is None:
            raise ValueError(f"evidence {self.id} is reviewed but has no reviewed_on date")
        return self
