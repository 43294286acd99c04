"""The verdict: a pure function of the findings (the rules are explained in docs/verdict.md)."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.schema import ChangeStep, Finding, Verdict

MINIMUM_SHARE = 0.6


def conclude(findings: Sequence[Finding], steps: Sequence[ChangeStep] | bool = ()) -> Verdict:
    """The verdict that follows from the findings and the steps taken to get there (or only whether there are any).

    The order of findings does not matter. A *not met* that cannot be cured outranks too small a share of evidence, so that
    further evidence of harm never improves a verdict; a silent gate outranks both, as the rules put it first.
    """
    asked = [finding for finding in findings if not finding.falls_away]
    content = [finding for finding in findings if finding.scope == "content"]
    evidenced = sum(finding.counts_as_evidenced for finding in content)

    def verdict(token: str, rule: int, because: Sequence[Finding]) -> Verdict:
        ids = tuple(sorted({finding.criterion_id for finding in because}))
        return Verdict.model_validate({"token": token, "rule": rule, "because": ids, "evidenced": evidenced, "applicable": len(content)})

    if closed := [f for f in asked if f.status == "not_met" and f.scope == "content" and (f.gate or f.fatal)]:
        return verdict("not_suitable", 1, closed)
    if silent := [f for f in asked if f.status == "not_stated" and f.gate]:
        return verdict("not_enough_evidence", 2, silent)
    if incurable := [f for f in asked if f.status == "not_met" and not f.steps]:
        return verdict("not_suitable", 3, incurable)
    if not content or evidenced < MINIMUM_SHARE * len(content):
        return verdict("not_enough_evidence", 2, [f for f in content if not f.counts_as_evidenced])
    if open_questions := [f for f in asked if f.status != "met"]:
        return verdict("suitable_on_conditions", 4, open_questions)
    return verdict("suitable_on_conditions" if steps else "suitable", 4, [])
