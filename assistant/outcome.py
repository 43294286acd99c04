"""What was composed for a question, and the answer that it becomes once its claims were checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.converse.compose.context import Context
from assistant.converse.compose.verdict import VerdictParts
from assistant.converse.compose.with_model import Written
from assistant.converse.draft import Draft
from assistant.converse.languages.frames import Frames
from assistant.converse.render import Renderer, clause_table
from assistant.schema import Answer, AnswerClaim, ToolAssessment, VerdictToken, Verification


@dataclass(frozen=True)
class Outcome:
    """A draft and what goes beside its text."""

    draft: Draft
    abstained: bool = False
    verdicts: Mapping[str, ToolAssessment] = field(default_factory=dict)
    parts: VerdictParts | None = None


def answer_of(
    context: Context, outcome: Outcome, draft: Draft, tally: Verification, timings: Mapping[str, float], frames: Frames
) -> Answer:
    """The answer in the language of ``frames``. ``draft``: that of the outcome without the claims that failed a check."""
    renderer = Renderer(context.dating)
    body = renderer.markdown(frames.draft(draft))
    citations = renderer.citations()
    table = clause_table(citations, frames.say)
    verdicts: dict[str, VerdictToken] = {tool: a.at_best.verdict.token for tool, a in outcome.verdicts.items()}
    single = next(iter(outcome.verdicts.values())) if len(outcome.verdicts) == 1 else None
    parts = outcome.parts
    return Answer(
        question=context.query.asked or context.query.question,
        language=context.query.language,
        text=f"{body}\n\n{table}" if table else body,
        intent=context.query.intent,
        verdict=single.at_best.verdict.token if single else None,
        as_it_comes=single.as_it_comes.verdict.token if single else None,
        verdicts=verdicts,
        abstained=outcome.abstained,
        tools=context.query.tools,
        profile=single.profile if single else context.query.profile,
        as_of=context.query.day,
        claims=tuple(AnswerClaim(text=claim.text, citations=claim.clause_ids) for claim in draft.claims),
        citations=citations,
        conditions=tuple(map(frames.say, parts.conditions)) if parts else (),
        missing=tuple(map(frames.say, parts.missing)) if parts else (),
        duties=tuple(map(frames.say, parts.duties)) if parts else (),
        notices=(*single.conflicts, *(parts.notices if parts else ())) if single else (),
        follow_ups=tuple(map(frames.say, _follow_ups(context, single))),
        review_by=parts.review_by if parts else None,
        reviews=parts.reviews if parts else (),
        verification=tally,
        timings={name: round(seconds, 4) for name, seconds in timings.items()},
    )


def with_use(answer: Answer, written: Written) -> Answer:
    """The answer with what a language model had to do with it."""
    notices = (*answer.notices, *([written.notice] if written.notice else []))
    return answer.model_copy(update={"model": written.use, "notices": notices})


def _follow_ups(context: Context, single: ToolAssessment | None) -> tuple[str, ...]:
    if single is None:
        return ()
    name = context.tool(single.tool).name
    return (f"Write the request to {name} for me", "Which clause says that?", f"Can clients join {name} from the browser?")
