"""What is held, in figures: clauses by kind and age, and what is known of each tool on each criterion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.assess import assess_tool
from assistant.assess.reviews import review_marks
from assistant.dating import Dating
from assistant.schema import Profile, Status, ToolAssessment

_MARKS: dict[Status, str] = {"met": "met", "conditional": "cond.", "not_met": "no", "not_stated": "–"}


def knowledge_statistics(dating: Dating) -> str:
    """A Markdown page of figures, as of the day of ``dating``; verdicts for a practice in the UK that fixed nothing else."""
    tools = list(dating.knowledge.tools.values())
    assessments = [assess_tool(tool, Profile(use=tool.uses[0]), dating) for tool in tools]
    parts = [
        f"# What is held on {dating.day.isoformat()}",
        _sources(dating),
        "## Tools and verdicts\n\nFor a practice in the UK that fixed nothing else; the use is the first one the tool is listed for.",
        _verdicts(dating, assessments),
        "## Criteria and tools\n\nThe findings of the tool at its best: met, cond(itional), no (not met), – (not stated); empty where a "
        "criterion does not apply.",
        _matrix(dating, assessments),
        _silence(assessments),
        *_for_review(dating),
    ]
    return "\n\n".join(parts) + "\n"


def _sources(dating: Dating) -> str:
    knowledge = dating.knowledge
    rows = []
    for kind in ("law", "standard", "guidance", "vendor", "contract"):
        sources = [source for source in knowledge.sources.values() if source.kind == kind]
        ids = {source.id for source in sources}
        clauses = [clause for clause in knowledge.clauses.values() if clause.source_id in ids]
        if not sources:
            continue
        ages = Counter("stale" if dating.is_stale(clause) else "fresh" for clause in clauses if dating.holds(clause))
        third = sum(source.third_party for source in sources)
        readings = sum(len(version.read) for source in sources for version in knowledge.versions[source.id])
        past = len(clauses) - sum(ages.values())
        rows.append([kind, len(sources), third, readings, len(clauses), ages["fresh"], ages["stale"], past])
    head = ["kind", "sources", "of third parties", "texts read", "clauses", "in force, fresh", "in force, stale", "earlier wordings"]
    total = ["all", *(sum(int(row[column]) for row in rows) for column in range(1, len(head)))]
    return _table(head, [*rows, total])


def _verdicts(dating: Dating, assessments: Sequence[ToolAssessment]) -> str:
    rows = []
    for judged in assessments:
        tool = dating.knowledge.tools[judged.tool]
        evidence = dating.knowledge.evidence_for(tool.id)
        rows.append(
            [
                tool.name,
                judged.profile.use,
                judged.as_it_comes.verdict.token,
                judged.at_best.verdict.token,
                len(evidence),
                _unreviewed(evidence),
            ]
        )
    return _table(["tool", "use", "as it comes", "at its best", "evidence entries", "machine-read"], rows)


def _unreviewed(evidence: Iterable[object]) -> int:
    return sum(getattr(entry, "review", "") == "machine" for entry in evidence)


def _matrix(dating: Dating, assessments: Sequence[ToolAssessment]) -> str:
    criteria = list(dating.knowledge.criteria.values())
    rows = []
    for criterion in criteria:
        findings = [judged.at_best.finding(criterion.id) for judged in assessments]
        rows.append([f"{criterion.id} {criterion.title}", *(_MARKS[finding.status] if finding else "" for finding in findings)])
    return _table(["criterion", *(dating.knowledge.tools[judged.tool].name for judged in assessments)], rows)


def _silence(assessments: Sequence[ToolAssessment]) -> str:
    findings = [f for judged in assessments for f in judged.at_best.findings if f.scope == "content" and not f.falls_away]
    counts = Counter(finding.status for finding in findings)
    shares = ", ".join(f"{status} {counts[status] / len(findings):.0%}" for status in _MARKS) if findings else "none"
    return f"Of {len(findings)} findings at their best: {shares}."


def _for_review(dating: Dating) -> list[str]:
    """The evidence whose words a newer imported text changed; nothing where there is none."""
    rows = [
        [mark.evidence.id, dating.knowledge.label(mark.clause), mark.standing.kind, mark.standing.newer.id, mark.state]
        for mark in review_marks(dating)
    ]
    return ["## Evidence whose words changed", _table(["evidence", "clause", "what", "since the text of", "state"], rows)] if rows else []


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
