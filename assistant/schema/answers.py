"""What the assistant says: claims that point at clauses, and the answer they make up."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from assistant.schema.assessment import Profile, VerdictToken
from assistant.schema.base import Frozen
from assistant.schema.sources import SourceKind, Wording

Intent = Literal[
    "verdict",
    "comparison",
    "topic",
    "lookup",
    "clause",
    "ask_back",
    "outside",
    "unknown_tool",
    "letter",
    "conditions",
    "brief",
    "consent",
    "capabilities",
    "danger",
    "noted",
    "start_over",
]


class Span(Frozen):
    """Where in a clause the support for a claim stands: characters ``start`` to ``end`` of the clause's text as stored."""

    clause_id: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Claim(Frozen):
    """One checkable statement. ``spans`` hold one entry for each clause it rests on."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def clause_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(span.clause_id for span in self.spans))


class RejectedClaim(Frozen):
    """A claim that did not pass, and which check it failed. It never reaches the reader."""

    claim: Claim
    check: str
    detail: str


class Verification(Frozen):
    """What was checked before the answer shipped."""

    checked: int = 0
    kept: int = 0
    dropped: int = 0
    failures: dict[str, int] = Field(default_factory=dict)


class OtherWording(Frozen):
    """The same place in the other wording: the official words beside our summary, or our summary beside the official words."""

    id: str
    wording: Wording
    text: str
    version: str
    version_date: date | None
    as_of: date | None
    edition: str | None = None


class ClauseReview(Frozen):
    """That a newer imported text changed the words a summary was written from: which evidence is affected, and both texts.

    ``what`` is *reworded*, *removed*, or *unchecked* where the older text is not held. ``since`` is the newer version.
    """

    clause: str
    label: str
    what: Literal["reworded", "removed", "unchecked"]
    since: str
    as_of: date | None
    old: str
    new: str
    evidence: tuple[str, ...] = ()


class ModelUse(Frozen):
    """What a language model had to do with an answer.

    ``outcome``: *wrote* (claims of its are in the answer), *too_little* (too few held against the clauses), *failed* (no usable
    reply); with the last two the answer is composed without it. ``offered`` claims came from the model, ``kept`` are in the
    answer, ``dropped`` counts the others by the check they failed. Tokens are None where the provider does not tell.
    """

    model: str
    outcome: Literal["wrote", "too_little", "failed"]
    requests: int = 0
    offered: int = 0
    kept: int = 0
    dropped: dict[str, int] = Field(default_factory=dict)
    input_tokens: int | None = None
    output_tokens: int | None = None
    seconds: float = 0.0


class Citation(Frozen):
    """A clause an answer relied on, as shown: ``span`` is the supporting run of ``text``, at ``span_start``.

    ``beside`` is the same place in the other wording, where it is held. ``review`` says that the words have changed since.
    """

    id: str
    number: int
    label: str
    source: str
    source_kind: SourceKind
    locator: str
    heading_path: tuple[str, ...] = ()
    wording: Wording
    text: str
    span: str
    span_start: int
    practice: str | None = None
    url: str
    version_date: date | None
    as_of: date | None
    edition: str | None = None
    stale: bool
    third_party: bool = False
    private: bool = False
    page: int | None = None
    beside: OtherWording | None = None
    review: Literal["reworded", "removed", "unchecked"] | None = None


class AnswerClaim(Frozen):
    """A claim of an answer with the ids of the clauses it cites."""

    text: str
    citations: tuple[str, ...]


class Answer(Frozen):
    """One answer, as every interface shows it. The JSON of `clausewise ask --json` is this model."""

    question: str
    text: str
    intent: Intent
    language: str = "en"
    verdict: VerdictToken | None = None
    as_it_comes: VerdictToken | None = None
    verdicts: dict[str, VerdictToken] = Field(default_factory=dict)
    abstained: bool = False
    tools: tuple[str, ...] = ()
    profile: Profile
    as_of: date
    claims: tuple[AnswerClaim, ...] = ()
    citations: tuple[Citation, ...] = ()
    conditions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    review_by: date | None = None
    reviews: tuple[ClauseReview, ...] = ()
    verification: Verification = Verification()
    model: ModelUse | None = None
    timings: dict[str, float] = Field(default_factory=dict)
