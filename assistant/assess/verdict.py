"""The verdict: a pure function of the findings (the rules are explained in docs/verdict.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assistant.schema import ChangeStep, Finding, Verdict, VerdictToken

MINIMUM_SHARE = 0.6


class Tally(NamedTuple):
    """All that the rules ask of findings, as counts: they add up, so that thousands of configurations can be ranked."""

    closed: int = 0  # gates, and what is fatal, not met
    silent: int = 0  # gates not stated
    incurable: int = 0  # other faults without a step that cures them
    evidenced: int = 0
    applicable: int = 0
    unmet: int = 0  # all that is not simply met
    steps: int = 0  # what these ask for, at least one each


def count(findings: Iterable[Finding]) -> Tally:
    """The tally of findings. One that fell away counts only for the share of evidence."""
    closed = silent = incurable = evidenced = applicable = unmet = steps = 0
    for finding in findings:
        if finding.scope == "content":
            applicable += 1
            evidenced += finding.counts_as_evidenced
        if finding.falls_away or finding.status == "met":
            continue
        unmet += 1
        steps += max(1, len(finding.steps))
        closed += _closes(finding)
        silent += _is_silent(finding)
        incurable += _is_incurable(finding)
    return Tally(closed, silent, incurable, evidenced, applicable, unmet, steps)


def add_up(tallies: Sequence[Tally]) -> Tally:
    return Tally(*map(sum, zip(*tallies, strict=True))) if tallies else Tally()


def decide(tally: Tally, *, changed: bool) -> tuple[VerdictToken, int]:
    """The verdict and the rule it follows from. ``changed``: steps lie between this configuration and the tool as it comes.

    An incurable fault stands before too small a share of evidence, so that further evidence of harm never improves a verdict.
    """
    if tally.closed:
        return "not_suitable", 1
    if tally.silent:
        return "not_enough_evidence", 2
    if tally.incurable:
        return "not_suitable", 3
    if not tally.applicable or tally.evidenced < MINIMUM_SHARE * tally.applicable:
        return "not_enough_evidence", 2
    return ("suitable_on_conditions" if tally.unmet or changed else "suitable"), 4


def conclude(findings: Sequence[Finding], steps: Sequence[ChangeStep] = ()) -> Verdict:
    """The verdict that follows from the findings and the steps taken to get there. The order of findings does not matter."""
    tally = count(findings)
    token, rule = decide(tally, changed=bool(steps))
    return Verdict(token=token, rule=rule, because=_because(findings, tally), evidenced=tally.evidenced, applicable=tally.applicable)


def _because(findings: Sequence[Finding], tally: Tally) -> tuple[str, ...]:
    """The criteria that decided, by the first rule that holds."""
    if tally.closed:
        deciding = [finding for finding in findings if _closes(finding)]
    elif tally.silent:
        deciding = [finding for finding in findings if _is_silent(finding)]
    elif tally.incurable:
        deciding = [finding for finding in findings if _is_incurable(finding)]
    elif tally.evidenced < MINIMUM_SHARE * tally.applicable:
        deciding = [finding for finding in findings if finding.scope == "content" and not finding.counts_as_evidenced]
    else:
        deciding = [finding for finding in findings if not finding.falls_away and finding.status != "met"]
    return tuple(sorted({finding.criterion_id for finding in deciding}))


def _closes(finding: Finding) -> bool:
    decides = finding.scope == "content" and (finding.gate or finding.fatal)
    return finding.status == "not_met" and decides and not finding.falls_away


def _is_silent(finding: Finding) -> bool:
    return finding.status == "not_stated" and finding.gate and not finding.falls_away


def _is_incurable(finding: Finding) -> bool:
    return finding.status == "not_met" and not finding.steps and not finding.falls_away
