"""Ask every gold question of the one Assistant and keep what it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.converse.query import AskOptions
from assistant.converse.session import Session
from assistant.errors import AssistantError
from assistant.index.retriever import RankedClause
from assistant.index.scope import Scope
from assistant.schema import Answer, Jurisdiction, Knowledge
from eval.folder import RunFolder
from eval.gold import GoldQuestion
from eval.results import Result, keep_answer, score_answer, score_error
from eval.targets import Target, TargetFinder

RANKS_LOOKED_AT = 50

Progress = Callable[[int, int], None]


class Asked(Protocol):
    """The part of the Assistant that an evaluation uses."""

    @property
    def knowledge(self) -> Knowledge: ...

    @property
    def today(self) -> date: ...

    def ask(self, question: str, options: AskOptions | None = None, session: Session | None = None) -> Answer: ...

    def search(self, question: str, scope: Scope, *, top_k: int) -> list[RankedClause]: ...


def ask_all(assistant: Asked, questions: Sequence[GoldQuestion], folder: RunFolder, progress: Progress) -> None:
    """Ask the questions that the folder has no result of yet, in order. ``progress`` gets (done, of how many), first with 0 asked.

    A few questions that are not measured are asked before, so that latencies are those of a warm assistant.
    """
    kept = {result.id for result in folder.results}
    progress(len(kept), len(questions))
    pending = [question for question in questions if question.id not in kept]
    if pending:
        warm_up(assistant)
    examiner = Examiner(assistant, TargetFinder(assistant.knowledge))
    for done, question in enumerate(pending, start=len(kept) + 1):
        folder.append(examiner.examine(question))
        progress(done, len(questions))


@dataclass(frozen=True)
class Examiner:
    """Asks one question and scores the answer."""

    assistant: Asked
    finder: TargetFinder

    def examine(self, question: GoldQuestion) -> Result:
        """The result of one question. An error raised on purpose is a result; any other is a bug and ends the run."""
        targets = self.finder.find(question.expect.cite, question.as_of or self.assistant.today)
        session = Session()
        answer, error, seconds = None, None, 0.0
        for turn in question.asked:
            start = time.perf_counter()
            try:
                answer, error = self.assistant.ask(turn, question.options, session), None
            except AssistantError as failure:
                answer, error = None, str(failure)
            seconds = time.perf_counter() - start
        if answer is None:
            scores = score_error(question)
        else:
            scores = score_answer(question, answer, targets, self.assistant.knowledge, self._ranks(question, targets))
        return Result(
            id=question.id,
            half=question.half,
            intent=question.intent,
            asked=question.asked,
            options=question.options.model_dump(mode="json", exclude_defaults=True),
            tools=question.tools,
            expect=question.expect,
            note=question.note,
            given=keep_answer(answer) if answer else None,
            error=error,
            seconds=round(seconds, 5),
            scores=scores,
            answer=answer,
        )

    def _ranks(self, question: GoldQuestion, targets: Sequence[Target]) -> tuple[int | None, ...]:
        """Where the retriever ranks the first hit of each target, in the scope that a right understanding would have chosen.

        So a miss tells whether the clause was not found or was found and not cited. () for questions after a verdict, which is
        not composed from a ranking, and for follow-ups, whose words alone are no question.
        """
        if not targets or question.states_verdict or len(question.asked) > 1:
            return ()
        ranked = self.assistant.search(question.asked[0], self._right_scope(question, targets), top_k=RANKS_LOOKED_AT)
        ids = [entry.clause.id for entry in ranked]
        return tuple(_first_rank(ids, target.hits) for target in targets)

    def _right_scope(self, question: GoldQuestion, targets: Sequence[Target]) -> Scope:
        knowledge = self.assistant.knowledge
        wanted = [knowledge.clauses[hit] for target in targets for hit in target.hits]
        kinds = sorted({knowledge.sources[clause.source_id].kind for clause in wanted})
        places: tuple[Jurisdiction, ...] = ("us",) if question.profile.jurisdiction == "us" else ("uk", "eu")
        return Scope(
            on=question.as_of or self.assistant.today,
            tools=question.tools,
            kinds=tuple(kinds),
            jurisdictions=() if question.tools else places,
        )


def _first_rank(ids: Iterable[str], hits: frozenset[str]) -> int | None:
    return next((rank for rank, clause_id in enumerate(ids, start=1) if clause_id in hits), None)


def warm_up(assistant: Asked) -> None:
    """Have everything loaded that is loaded on first use: a look-up for the encoder and the index, a verdict for the assessment."""
    assistant.ask("What is meant by a day?")
    for tool in list(assistant.knowledge.tools.values())[:1]:
        assistant.ask(f"Is {tool.name} any good?")
