"""Sentences of a language model in front of the composed answer: each one checked, the verdict and its parts left to code.

The model may explain. Heading, verdict, reasons, conditions, duties, gaps and the table of clauses are composed as without it, so
that whatever a model writes, leaves out or is talked into, none of them changes.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz import fuzz

from assistant.converse.compose.context import Context
from assistant.converse.compose.denials import denies_the_same
from assistant.converse.compose.model_prompt import MAX_CLAIMS, make_prompt, offered_clauses
from assistant.converse.draft import Block, Draft, Item, claim_from, frame
from assistant.errors import ModelError, ModelReplyError
from assistant.llm import Exchange, LanguageModel, MalformedReplyError, ObjectReader
from assistant.schema import AnswerClaim, Claim, Clause, Intent, ModelUse, ToolAssessment
from assistant.verify import Verifier, find_span

WRITTEN_INTENTS: frozenset[Intent] = frozenset(["verdict", "comparison", "topic", "lookup", "brief"])
MAX_REPLY_CHARACTERS = 20_000
MIN_SHARE_KEPT = 0.5  # a model of whose sentences more than half are wrong is not to be relied on for the rest
REPEATS = "repeats"  # the check that a sentence fails which the composed answer holds anyway: superfluous, not wrong
NEARLY_THE_SAME = 92  # of 100 (rapidfuzz's partial ratio: as a whole or in a part)
SHORTEST, LONGEST = 15, 500  # characters of a sentence
QUOTATION_WORDS = 4  # shorter runs between quotation marks are names and terms

_MARKUP = re.compile(r"[<>`|#*_{}\[\]\\]|https?:|www\.|\S+@\S+|[\x00-\x1f\x7f]")
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|mine|we|us|our)\b")  # of the asker's own case a model knows nothing; not US, not “I.”
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"")
_JUDGES = re.compile(
    r"\b(?:(?:un|not )?suitable|(?:un)?safe(?:ly)?|not enough evidence|(?:non-?)?complian(?:t|ce)|recommend\w*|approved?|legal(?:ly)?"
    r"|illegal|lawful to use|(?:may|can|should|must|do|could|cannot|allowed to|free to)(?: not)? use (?:it|this|zoom|the tool|\w+ for))\b",
    re.IGNORECASE,
)

ClaimListener = Callable[[AnswerClaim], None]


def ignore_claim(claim: AnswerClaim) -> None:
    """For callers that wait for the whole answer."""


@dataclass(frozen=True)
class Written:
    """The draft with the model's sentences, or as it was; what the model had to do with it; and what the reader must be told."""

    draft: Draft
    use: ModelUse | None = None
    notice: str = ""


def write_with_model(
    model: LanguageModel,
    context: Context,
    draft: Draft,
    verdicts: Mapping[str, ToolAssessment],
    verifier: Verifier,
    *,
    max_clauses: int,
    on_claim: ClaimListener = ignore_claim,
) -> Written:
    """Have a model answer from the clauses of a verified draft, and put what holds in front of it.

    ``on_claim`` gets each sentence as it passes. Where the model fails, or too little of what it wrote holds, the draft stays as it
    is, whatever passed before. Raises nothing of the model's.
    """
    start, exchange = time.monotonic(), Exchange()
    offered = offered_clauses(context, draft, at_most=max_clauses)
    context.retrieved |= {clause.id: clause for clause in offered.values()}
    sieve = _Sieve(offered, draft, verifier)
    failure = ""
    try:
        prompt = make_prompt(context, draft, offered, verdicts)
        for claim in sieve.sift(_written_claims(model, prompt, exchange)):
            on_claim(AnswerClaim(text=claim.text, citations=claim.clause_ids))
    except ModelError as error:
        failure = str(error)
    kept = sieve.kept
    holds = bool(kept) and len(kept) >= MIN_SHARE_KEPT * (sieve.offered - sieve.dropped[REPEATS])
    use = ModelUse(
        model=model.name,
        outcome="failed" if failure else "wrote" if holds else "too_little",
        requests=exchange.requests,
        offered=sieve.offered,
        kept=len(kept) if holds and not failure else 0,
        dropped=dict(sieve.dropped),
        input_tokens=exchange.input_tokens,
        output_tokens=exchange.output_tokens,
        seconds=round(time.monotonic() - start, 3),
    )
    if use.outcome == "wrote":
        return Written(_in_front(draft, kept, model.name), use)
    told = f"of {sieve.offered} sentences by {model.name}, {len(kept)} held against the clauses and added something."
    reason = failure or (told if sieve.offered else f"{model.name} wrote no whole sentence.")
    notice = f"Composed without the language model: {reason}"
    return Written(replace(draft, blocks=(*draft.blocks, Block((frame(f"*{notice}*"),)))), use, notice)


def _written_claims(model: LanguageModel, prompt: Any, exchange: Exchange) -> Iterator[Mapping[str, Any]]:
    """The claims of a reply as they become complete.

    Raises ModelError if the model fails or the reply is not what was asked for.
    """
    reader = ObjectReader("claims", max_characters=MAX_REPLY_CHARACTERS)
    try:
        for piece in model.stream(prompt, exchange):
            yield from reader.feed(piece)
        reader.close(cut_short=exchange.cut_short)
    except MalformedReplyError as error:
        raise ModelReplyError(model.name, str(error)) from error


@dataclass
class _Sieve:
    """Lets pass what holds. ``dropped`` counts the rest by the first check it failed."""

    known: Mapping[str, Clause]
    draft: Draft
    verifier: Verifier
    kept: list[Claim] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    offered: int = 0

    def sift(self, entries: Iterator[Mapping[str, Any]]) -> Iterator[Claim]:
        """The claims that pass, in order, as they come."""
        for entry in entries:
            self.offered += 1
            found = self._read(entry)
            if isinstance(found, Claim) and (rejected := self.verifier.rejects(found)):
                found = rejected.check
            if isinstance(found, Claim) and self._repeats(found):
                found = REPEATS
            if isinstance(found, str):
                self.dropped[found] += 1
            else:
                self.kept.append(found)
                yield found

    def _read(self, entry: Mapping[str, Any]) -> Claim | str:
        """A claim with spans in the clauses its keys stand for, or the name of the check it fails.

        Of several clauses those stay that support it best: a model names more than it needs.
        """
        text, keys, quote = entry.get("text"), entry.get("keys"), entry.get("quote")
        if not isinstance(text, str) or not isinstance(keys, list) or not keys or not isinstance(quote, str | None):
            return "form"
        text = _with_stop(" ".join(text.split()))
        if not all(isinstance(key, str) and key in self.known for key in keys):
            return "unknown_key"
        if len(self.kept) >= MAX_CLAIMS:
            return "too_many"
        clauses = [self.known[key] for key in dict.fromkeys(keys)]
        fault = self._fault_in(text, clauses)
        if fault:
            return fault
        spans = [find_span(clause, quote) for clause in clauses] if quote else []
        if quote and not any(spans):
            return "quotation"
        exact = {span.clause_id: span for span in spans if span}
        supported = claim_from(text, [clause for clause in clauses if clause.id in exact] or clauses, at_most=1)
        return Claim(text=text, spans=tuple(exact.get(span.clause_id, span) for span in supported.spans))

    def _fault_in(self, text: str, clauses: list[Clause]) -> str | None:
        if not SHORTEST <= len(text) <= LONGEST or not text[0].isalnum() or text[-1] not in '.!”"':
            return "form"
        if _MARKUP.search(text) or any(key in text.lower() for key in self.known):
            return "markup"
        said = " ".join(clause.text for clause in clauses).lower()
        if any(match.group().lower() not in said for match in _JUDGES.finditer(text)):
            return "judgement"
        for match in _QUOTED.finditer(text):
            quotation = match.group(1) or match.group(2)
            if len(quotation.split()) >= QUOTATION_WORDS and not any(find_span(clause, quotation) for clause in clauses):
                return "quotation"
        if _FIRST_PERSON.search(text):
            return "person"
        return None if denies_the_same(text, (clause.text for clause in clauses)) else "denial"

    def _repeats(self, claim: Claim) -> bool:
        """Asked only of what holds: a wrong sentence in nearly the words of a right one is wrong, not superfluous."""
        stated = [other.text for other in (*self.draft.claims, *self.kept)]
        text = _plain(claim.text)
        return any(len(text) <= len(other) + 3 and fuzz.partial_ratio(text, other) >= NEARLY_THE_SAME for other in map(_plain, stated))


def _in_front(draft: Draft, claims: list[Claim], model: str) -> Draft:
    words = f"*Written by {model}; every sentence was checked against the clauses it cites.*"
    return replace(draft, blocks=(Block((Item(claims=tuple(claims)), frame(words)), title="In short"), *draft.blocks))


def _with_stop(text: str) -> str:
    return f"{text}." if text[-1:].isalnum() or text.endswith((")", "%")) else text


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()
