"""Reads the questions with their twins and asks them: recall, verdicts and declining side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from assistant.converse.session import Session
from assistant.errors import InputError
from assistant.schema import Answer
from eval.gold import GoldQuestion
from eval.measures import Tally, citation_recall, mean, tally_claims, tally_quotations
from eval.run import Asked
from eval.targets import TargetFinder

ENGLISH = "en"
OWN = "questions"


@dataclass(frozen=True)
class Twins:
    """One question in two languages; what is expected is the same."""

    english: GoldQuestion
    other: GoldQuestion


@dataclass(frozen=True)
class Outcome:
    """What an answer to one question was worth. None where the question does not settle it."""

    question: GoldQuestion
    answer: Answer
    recall: float | None
    right: bool
    claims: Tally
    quotations: Tally


def load_twins(language: str, name: str = OWN) -> tuple[Twins, ...]:
    """The forty questions, or a set that no glossary was written for, by its ``name``.

    Raises InputError if there are no questions in the language, ValidationError if the file does not hold together.
    """
    text = files("eval.languages").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = yaml.safe_load(text)["questions"]
    spoken = {key for key in entries[0] if len(key) == len(ENGLISH) and key != "id"}
    if language not in spoken - {ENGLISH}:
        raise InputError(f"There are no questions in {language!r}: there are some in {', '.join(sorted(spoken - {ENGLISH}))}.")
    return tuple(Twins(_question(entry, ENGLISH, spoken), _question(entry, language, spoken)) for entry in entries)


def _question(entry: dict[str, Any], language: str, spoken: set[str]) -> GoldQuestion:
    asked = entry[language]
    shared = {key: value for key, value in entry.items() if key not in spoken}
    words = {"question": asked} if isinstance(asked, str) else {"turns": asked}
    return GoldQuestion.model_validate({**shared, **words, "id": f"{entry['id']}-{language}", "only": "dev"})


def ask_twins(
    assistant: Asked, twins: Sequence[Twins], progress: Callable[[int, int], None]
) -> tuple[tuple[Outcome, ...], tuple[Outcome, ...]]:
    """The outcomes in English and in the other language, in order. ``progress`` gets (done, of how many)."""
    finder = TargetFinder(assistant.knowledge)
    english, other = [], []
    for done, pair in enumerate(twins, start=1):
        english.append(_ask(assistant, finder, pair.english))
        other.append(_ask(assistant, finder, pair.other))
        progress(done, len(twins))
    return tuple(english), tuple(other)


def _ask(assistant: Asked, finder: TargetFinder, question: GoldQuestion) -> Outcome:
    session = Session()
    for turn in question.asked:
        answer = assistant.ask(turn, question.options, session)
    targets = finder.find(question.expect.cite, question.as_of or assistant.today)
    recall = citation_recall([citation.id for citation in answer.citations], targets)
    clauses = assistant.knowledge.clauses
    return Outcome(
        question=question,
        answer=answer,
        recall=recall,
        right=recall in (None, 1.0) and not _faults(question, answer),
        claims=tally_claims(answer.claims, answer.citations, clauses),
        quotations=tally_quotations(answer.claims, clauses),
    )


def _faults(question: GoldQuestion, answer: Answer) -> list[str]:
    expect = question.expect
    stated = (("verdict", expect.verdict, answer.verdict), ("as it comes", expect.as_it_comes, answer.as_it_comes))
    faults = [f"{name} {given}, expected {wanted}" for name, wanted, given in stated if wanted and given != wanted]
    if answer.abstained != expect.abstain:
        faults.append("abstained" if answer.abstained else "did not abstain")
    if expect.about is not None and set(answer.tools) != set(expect.about):
        faults.append(f"about {', '.join(answer.tools) or 'no tool'}")
    if expect.intents and answer.intent not in expect.intents:
        faults.append(f"understood as {answer.intent}")
    return faults


def figures(english: Sequence[Outcome], other: Sequence[Outcome], language: str) -> dict[str, Any]:
    """Both sides, and what lies between them."""

    def side(outcomes: Sequence[Outcome]) -> dict[str, Any]:
        verdicts = [outcome for outcome in outcomes if outcome.question.expect.verdict]
        return {
            "recall": mean(outcome.recall for outcome in outcomes),
            "with_citations_expected": sum(outcome.recall is not None for outcome in outcomes),
            "verdicts_right": sum(outcome.answer.verdict == outcome.question.expect.verdict for outcome in verdicts),
            "verdicts": len(verdicts),
            "all_right": sum(outcome.right for outcome in outcomes),
            "claims_resolved": _shown(outcome.claims for outcome in outcomes),
            "quotations_exact": _shown(outcome.quotations for outcome in outcomes),
        }

    sides = {ENGLISH: side(english), language: side(other)}
    known = sum(outcome.answer.language == language for outcome in other)
    same = sum(_cited(first) == _cited(second) for first, second in zip(english, other, strict=True))
    return {
        "questions": len(other),
        "recognised": known,
        "english_taken_for_another": sum(outcome.answer.language != ENGLISH for outcome in english),
        "same_citations": same,
        **sides,
        "recall_difference": round(sides[language]["recall"] - sides[ENGLISH]["recall"], 4),
    }


def misses(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each question that is not answered as expected."""
    return [
        f"{outcome.question.id}: {outcome.question.asked[-1]} → {outcome.answer.intent}; "
        f"{'; '.join(_faults(outcome.question, outcome.answer)) or 'cited ' + ', '.join(c.label for c in outcome.answer.citations[:4])}"
        for outcome in outcomes
        if not outcome.right
    ]


def _cited(outcome: Outcome) -> frozenset[str]:
    return frozenset(citation.id for citation in outcome.answer.citations)


def _shown(tallies: Any) -> str:
    total = sum(tallies, Tally())
    return f"{total.passed}/{total.total}"
