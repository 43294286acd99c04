"""The checks between a composed answer and its reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.dating import Dating
from assistant.schema import Claim, Clause, Knowledge, RejectedClaim, Span, Verification
from assistant.verify import checks
from assistant.verify.backing import Backing
from assistant.verify.checks import Fault, Meaning
from assistant.verify.numbers import dates_in
from assistant.verify.readings import reference_of

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder


class Verifier:
    """Checks claims against the clauses that were retrieved for one question.

    ``tools`` are those the question is about: a clause of another tool supports nothing. With ``dating``, neither does a clause of
    another day, unless the claim says which time it speaks of. With ``encoder``, meaning counts beside words. Without
    ``with_readings``, reviewed statements are left aside, which is how the evaluation measures what the clauses alone catch.
    ``tally`` counts what was dropped.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        retrieved: Mapping[str, Clause],
        tools: Sequence[str],
        *,
        dating: Dating | None = None,
        encoder: Encoder | None = None,
        with_readings: bool = True,
    ) -> None:
        self._knowledge = knowledge
        self._retrieved = retrieved
        self._tools = frozenset(tools)
        self._dating = dating
        self._meaning: Meaning | None = meaning_by(encoder) if encoder else None
        self._reference = reference_of(knowledge)
        self._with_readings = with_readings
        self._failures: Counter[str] = Counter()
        self._checked = 0

    def check(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims that hold, in order."""
        return [claim for claim in claims if self.rejects(claim) is None]

    def rejects(self, claim: Claim) -> RejectedClaim | None:
        """The first check a claim fails, which is counted; None if it holds."""
        self._checked += 1
        for check, detail in self._faults(claim):
            self._failures[check] += 1
            return RejectedClaim(claim=claim, check=check, detail=detail)
        return None

    @property
    def tally(self) -> Verification:
        dropped = sum(self._failures.values())
        return Verification(checked=self._checked, kept=self._checked - dropped, dropped=dropped, failures=dict(self._failures))

    def _faults(self, claim: Claim) -> Iterator[Fault]:
        if not claim.spans:
            yield "uncited", "the claim cites no clause"
        for span in claim.spans:
            yield from self._span_faults(span)
        clauses = tuple(self._retrieved[clause_id] for clause_id in claim.clause_ids if clause_id in self._retrieved)
        if not clauses:
            return
        backing, text = Backing(self._knowledge, clauses), claim.text
        if self._dating:
            yield from _version_faults(text, clauses, self._dating)
        yield from checks.check_numbers(text, backing)
        yield from checks.check_locators(text, backing)
        yield from checks.check_quotations(text, backing)
        readings = self._reference.readings(clauses, self._tools) if self._with_readings else ()
        text = checks.without_blanks(text, readings)
        own = checks.without_reviewed_advice(text, readings)
        yield from checks.check_names(own, backing, self._reference.gazetteer, self._tools)
        yield from checks.check_verdict_words(own, backing)
        yield from checks.check_statements(text, backing, readings, self._others(clauses), self._meaning)

    def _span_faults(self, span: Span) -> Iterator[Fault]:
        clause = self._retrieved.get(span.clause_id)
        if clause is None:
            yield "not_retrieved", f"{span.clause_id} was not retrieved for this question"
            return
        tools = self._knowledge.sources[clause.source_id].tools
        if tools and self._tools and not self._tools & set(tools):
            yield "other_tool", f"{span.clause_id} is about {', '.join(tools)}"
        if not 0 <= span.start < span.end <= len(clause.text) or not clause.text[span.start : span.end].strip():
            yield "span", f"{span.clause_id} has no text at {span.start}-{span.end}"

    def _others(self, cited: Sequence[Clause]) -> list[Clause]:
        """The other clauses at hand: those retrieved, and those of the same sources; not another wording of a cited place."""
        places = {(clause.source_id, clause.locator) for clause in cited}
        sources = {clause.source_id for clause in cited}
        held = {clause.id: clause for clause in (*self._retrieved.values(), *self._reference.clauses_of(sources))}
        return [clause for clause in held.values() if (clause.source_id, clause.locator) not in places]


def meaning_by(encoder: Encoder) -> Meaning:
    """Encodes one text after the other, and none after the first that is near enough: encoding is most of what an answer costs."""

    def is_near(sentence: str, held: Sequence[str], enough: float) -> bool:
        vector = encoder.encode_documents([sentence])[0]
        return any(float(encoder.encode_documents([text])[0] @ vector) >= enough for text in held)

    return is_near


def _version_faults(text: str, clauses: Sequence[Clause], dating: Dating) -> Iterator[Fault]:
    for clause in clauses:
        if not dating.has_begun(clause):
            yield "other_version", f"{clause.id} came only after the day asked about"
        elif not dating.holds(clause) and not dates_in(text) and not _is_quotation(text):
            yield "other_version", f"{clause.id} no longer holds, and the claim does not say of which time it speaks"


def _is_quotation(text: str) -> bool:
    """Whether a claim says nothing of its own: the words are the clause's, and its citation carries their day."""
    return text.startswith("“") and text.endswith("”") and text.count("“") == 1
