"""The judgements of a run as figures and as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from eval.checker.answers import AnswerCheck, check_answer
from eval.checker.claims import Judgement
from eval.checker.holdings import Holdings
from eval.results import Result

MAX_UNDECIDED_SHOWN = 20


@dataclass(frozen=True)
class RunCheck:
    """Results with the check of each; a result without an answer is left out."""

    checked: tuple[tuple[Result, AnswerCheck], ...]

    @property
    def judgements(self) -> list[Judgement]:
        return [judgement for _, check in self.checked for judgement in check.judgements]

    @property
    def holds(self) -> bool:
        """Whether nothing is refuted and nothing else is wrong."""
        return not any(check.faults or any(j.outcome == "refuted" for j in check.judgements) for _, check in self.checked)


def check_run(results: Sequence[Result], holdings: Holdings, *, stale_after_days: int) -> RunCheck:
    """Check every answer of a run."""
    return RunCheck(
        tuple(
            (result, check_answer(result.answer, holdings, stale_after_days=stale_after_days))
            for result in results
            if result.answer is not None
        )
    )


def figures(check: RunCheck) -> dict[str, object]:
    """Totals by half: answers, claims by outcome, different claims, faults of answers, refutations and doubts by kind."""
    return {half: _figures(RunCheck(tuple(entry for entry in check.checked if entry[0].half == half))) for half in ("dev", "test")}


def _figures(check: RunCheck) -> dict[str, object]:
    outcomes = Counter(judgement.outcome for judgement in check.judgements)
    kinds = Counter(reason.partition(":")[0] for j in check.judgements if j.outcome == "refuted" for reason in j.reasons)
    return {
        "answers": len(check.checked),
        "claims": sum(outcomes.values()),
        "different claims": len({judgement.claim for judgement in check.judgements}),
        **{outcome: outcomes[outcome] for outcome in ("confirmed", "refuted", "undecided")},
        "refuted by": dict(kinds.most_common()),
        "faults of answers": sum(len(entry.faults) for _, entry in check.checked),
    }


def render(check: RunCheck, *, show_test: bool = False) -> str:
    """Every refutation and fault, then some of the undecided; of the test half only if asked for."""
    lines = []
    shown: set[tuple[str, tuple[str, ...]]] = set()
    undecided: dict[str, tuple[str, ...]] = {}
    for result, entry in check.checked:
        if result.half == "test" and not show_test:
            continue
        lines += [f"- {result.id}: {fault}" for fault in entry.faults]
        for judgement in entry.judgements:
            if judgement.outcome == "refuted" and (judgement.claim, judgement.reasons) not in shown:
                shown.add((judgement.claim, judgement.reasons))
                lines.append(f"- {result.id}: {judgement.claim}\n    - " + "\n    - ".join(judgement.reasons))
            elif judgement.outcome == "undecided":
                undecided.setdefault(judgement.claim, judgement.reasons)
    parts = ["# Refuted\n", *(lines or ["Nothing."]), f"\n# Undecided ({len(undecided)} different claims)\n"]
    parts += [f"- {claim}\n    - {'; '.join(reasons)}" for claim, reasons in list(undecided.items())[:MAX_UNDECIDED_SHOWN]]
    return "\n".join(parts) + "\n"
