"""How many corrupted claims the verification catches, by kind of corruption, and how many sound ones it rejects.

The claims are those of the answers to the gold questions, each once; each is checked with the clauses its answer cites.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from assistant.converse.session import Session
from assistant.dating import Dating
from assistant.errors import AssistantError
from assistant.index.remembered import RememberingEncoder
from assistant.schema import Claim, Clause, Knowledge
from assistant.verify import Verifier, supporting_span
from eval.adversary.corruptions import OPERATORS, Material
from eval.gold import GoldQuestion

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder
    from eval.run import Asked

Seed = Literal["dev", "test"]
SEEDS: dict[Seed, int] = {"dev": 7, "test": 20261125}
PER_OPERATOR = 100
OTHERS_DRAWN = 20


@dataclass(frozen=True)
class GivenClaim:
    """A claim of an answer, with what was at hand when it was made."""

    text: str
    cited: tuple[str, ...]
    at_hand: tuple[str, ...]
    tools: tuple[str, ...]
    day: date


@dataclass
class Caught:
    """How many of ``n`` corrupted (or sound) claims were rejected, and by which check first."""

    n: int = 0
    rejected: int = 0
    by_check: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        return self.rejected / self.n if self.n else 0.0


@dataclass(frozen=True)
class CorruptionResult:
    """``operators`` by name; ``unaltered``: the claims as given."""

    unaltered: Caught
    operators: dict[str, Caught]

    @property
    def total(self) -> Caught:
        counts = self.operators.values()
        return Caught(sum(count.n for count in counts), sum(count.rejected for count in counts))


def collect_claims(assistant: Asked, questions: Sequence[GoldQuestion]) -> list[GivenClaim]:
    """The claims of all answers, each text with its citations once, in order."""
    found: dict[tuple[str, tuple[str, ...]], GivenClaim] = {}
    for question in questions:
        session = Session()
        try:
            answers = [assistant.ask(turn, question.options, session) for turn in question.asked]
        except AssistantError:
            continue
        answer = answers[-1]
        at_hand = tuple(citation.id for citation in answer.citations)
        for claim in answer.claims:
            key = (claim.text, claim.citations)
            found.setdefault(key, GivenClaim(claim.text, claim.citations, at_hand, answer.tools, answer.as_of))
    return list(found.values())


class CorruptionTest:
    """Corrupts claims and holds them against the verification."""

    def __init__(self, knowledge: Knowledge, encoder: Encoder, *, stale_after_days: int, with_readings: bool = True) -> None:
        self._knowledge = knowledge
        self._encoder = RememberingEncoder(encoder, texts=100_000)
        self._stale_after_days = stale_after_days
        self._with_readings = with_readings

    def run(self, claims: Sequence[GivenClaim], seed: int, per_operator: int = PER_OPERATOR) -> CorruptionResult:
        """At most ``per_operator`` claims for each operator, drawn by the seed from those it can change."""
        unaltered = Caught()
        for claim in claims:
            self._count(unaltered, claim, claim.text)
        operators = {}
        for name in OPERATORS:
            operators[name] = Caught()
            for claim, text in corrupted(self._knowledge, claims, name, seed, per_operator):
                self._count(operators[name], claim, text)
        return CorruptionResult(unaltered, operators)

    def _count(self, caught: Caught, given: GivenClaim, text: str) -> None:
        clauses = {clause_id: self._knowledge.clauses[clause_id] for clause_id in dict.fromkeys((*given.at_hand, *given.cited))}
        verifier = Verifier(
            self._knowledge,
            clauses,
            given.tools,
            dating=Dating(self._knowledge, given.day, self._stale_after_days),
            encoder=self._encoder,
            with_readings=self._with_readings,
        )
        spans = tuple(supporting_span(clauses[clause_id], given.text) for clause_id in given.cited)
        rejected = verifier.rejects(Claim(text=text, spans=spans))
        caught.n += 1
        if rejected:
            caught.rejected += 1
            caught.by_check[rejected.check] += 1


def corrupted(
    knowledge: Knowledge, claims: Sequence[GivenClaim], operator: str, seed: int, per_operator: int
) -> Iterator[tuple[GivenClaim, str]]:
    """At most ``per_operator`` claims that an operator can change, drawn by the seed, each with its changed text."""
    draw, every, made = random.Random(f"{seed}:{operator}"), tuple(knowledge.clauses.values()), 0
    for claim in draw.sample(list(claims), len(claims)):
        if made >= per_operator:
            return
        cited = [knowledge.clauses[clause_id] for clause_id in claim.cited]
        material = Material(knowledge, cited, _others(knowledge, claim, every, draw))
        ways = [text for text in OPERATORS[operator](claim.text, material) if text != claim.text]
        if ways:
            made += 1
            yield claim, draw.choice(ways)


def _others(knowledge: Knowledge, claim: GivenClaim, every: Sequence[Clause], draw: random.Random) -> list[Clause]:
    """Other clauses that a writer may mix up: half of the time those of the same answer, else any that are held."""
    beside = [knowledge.clauses[clause_id] for clause_id in claim.at_hand if clause_id not in claim.cited]
    return beside if beside and draw.random() < 0.5 else draw.sample(every, min(OTHERS_DRAWN, len(every)))


def corruption_figures(result: CorruptionResult) -> dict[str, object]:
    """The result as plain values for JSON."""
    return {
        "unaltered": _figures(result.unaltered),
        "operators": {name: _figures(caught) for name, caught in result.operators.items()},
        "all": {"n": result.total.n, "rejected": result.total.rejected, "share": round(result.total.share, 4)},
    }


def render_corruption(result: CorruptionResult, caught: str = "caught") -> str:
    """A table in Markdown: one line an operator, then all of them, then the claims as given. ``caught``: what the checks did."""
    rows = [(name, caught) for name, caught in result.operators.items()]
    lines = [f"| corruption | n | {caught} | share | by check |", "| --- | ---: | ---: | ---: | --- |"]
    for name, count in (*rows, ("all", result.total), ("none (sound claims)", result.unaltered)):
        checks = ", ".join(f"{check} {times}" for check, times in count.by_check.most_common())
        lines.append(f"| {name} | {count.n} | {count.rejected} | {count.share:.3f} | {checks} |")
    return "\n".join(lines)


def _figures(caught: Caught) -> dict[str, object]:
    return {"n": caught.n, "rejected": caught.rejected, "share": round(caught.share, 4), "by_check": dict(caught.by_check)}
