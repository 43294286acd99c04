"""Small made-up worlds for the tests of the verdict: one tool, a few criteria, a few sources, no real vendor.

Every source has the clause §1. They differ in what the caps look at: who speaks, how old the text is, and what kind it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from assistant.assess import assess_tool
from assistant.assess.configurations import baseline
from assistant.assess.findings import FindingsRule
from assistant.assess.verdict import conclude
from assistant.dating import Dating
from assistant.schema import (
    ChangeStep,
    Clause,
    Configuration,
    Contract,
    Criterion,
    Evidence,
    Finding,
    Knowledge,
    Profile,
    Setting,
    Source,
    Step,
    Tool,
    ToolAssessment,
    Verdict,
    Version,
)

DAY = date(2026, 6, 30)

FRESH = "example-terms/sec-1@v1"  # the vendor's own word, seen on the day before DAY
STALE = "example-old-notice/sec-1@v1"  # the vendor's own word, last seen years ago
UNDATED = "example-undated-page/sec-1@v1"  # the vendor's own word, nobody knows when it was seen
THIRD_PARTY = "example-review/sec-1@v1"  # what somebody else says about the tool
SIGNED_COPY = "example-signed-contract/sec-1@v1"  # the practitioner's own contract
LAW = "example-act/sec-1@v1"


def source(name: str, **fields: object) -> Source:
    base = {"id": name, "title": name, "label": name, "kind": "vendor", "publisher": "Example Vendor", "url": "https://vendor.example/"}
    return Source.model_validate(base | fields)


def version(name: str = "v1", *, as_of: date | None = date(2026, 6, 29), **fields: object) -> Version:
    """A version in force since 2020 unless ``version_date`` says otherwise."""
    reading = {"address": "https://vendor.example/", "date": date(2026, 6, 29)}
    base: dict[str, object] = {"id": name, "version_date": date(2020, 1, 1), "as_of": as_of, "read": [reading]}
    return Version.model_validate(base | fields)


def clause(source_id: str, since: str = "v1", *, until: str | None = None, number: int = 1) -> Clause:
    name = f"{source_id}/sec-{number}@{since}"
    text = f"What {source_id} says in {since}."
    return Clause(id=name, source_id=source_id, locator=f"§{number}", text=text, wording="summary", since=since, until=until)


_SOURCES = (
    source("example-terms"),
    source("example-old-notice"),
    source("example-undated-page"),
    source("example-review", kind="guidance", third_party=True),
    source("example-signed-contract", kind="contract"),
    source("example-act", kind="law"),
)
_VERSIONS = {
    "example-old-notice": (version(as_of=date(2022, 1, 1)),),
    "example-undated-page": (version(as_of=None),),
}


def criterion(number: int, **fields: object) -> Criterion:
    """VT-``number``, neither gate nor fatal, asked everywhere, unless ``fields`` say otherwise."""
    words = dict.fromkeys(("title", "question", "why", "met", "conditional", "not_met", "gap", "ask"), "As the rules say.")
    return Criterion.model_validate({"id": f"VT-{number:02}", "rests_on": ("example-act §1",), **words, **fields})


def evidence(number: int, status: str, *clauses: str, name: str = "a", cure: str | None = None, **fields: object) -> Evidence:
    """Reviewed evidence on VT-``number`` of the example tool, resting on FRESH unless clauses are given.

    ``cure`` is the step of a *not met*; a *conditional* always gets one. ``fields`` may set ``when``, ``scope``, ``review``.
    """
    text = cure or ("Accept this limit on record" if status == "conditional" else None)
    base: dict[str, object] = {
        "id": f"example-meet-vt-{number:02}-{status.replace('_', '-')}-{name}",
        "tool": "example-meet",
        "criterion": f"VT-{number:02}",
        "status": status,
        "reason": f"The clause says that VT-{number:02} is {status}.",
        "step": {"kind": "do", "text": text} if text else None,
        "clauses": clauses or (() if status == "not_stated" else (FRESH,)),
        "reviewed_on": DAY,
    }
    return Evidence.model_validate(base | fields)


def setting(name: str, *values: str, default: str | None, **fields: object) -> Setting:
    """A setting under the host's control. Its ``default`` is what the vendor states; None: say what is ``assumed``."""
    base = {"id": name, "name": name.capitalize(), "values": values, "default": default, "controlled_by": "host", "clauses": (FRESH,)}
    return Setting.model_validate(base | fields)


def contract(kind: str, *plans: str, obtained: str = "signature", name: str | None = None, **fields: object) -> Contract:
    base = {"id": name or f"example-{kind}", "kind": kind, "title": f"Example {kind}", "plans": plans, "obtained": obtained}
    return Contract.model_validate({**base, "step": f"Sign the {kind}", "clauses": (FRESH,), **fields})


def tool(
    *, plans: Sequence[str] = ("free",), settings: Sequence[Setting] = (), contracts: Sequence[Contract] = (), **fields: object
) -> Tool:
    """Example Meet; the first plan is the one somebody has who names none."""
    base = {
        "id": "example-meet",
        "name": "Example Meet",
        "product": "Example Meet",
        "publisher": "Example Vendor",
        "made_for": "examples",
        "uses": ("session",),
        "entry_plan": plans[0],
        "plans": [{"id": plan, "name": plan.capitalize(), "clauses": (FRESH,)} for plan in plans],
        "settings": tuple(settings),
        "contracts": tuple(contracts),
    }
    return Tool.model_validate(base | fields)


def dating(
    criteria: Iterable[Criterion] = (),
    entries: Iterable[Evidence] = (),
    *,
    day: date = DAY,
    sources: Iterable[Source] = (),
    versions: Mapping[str, tuple[Version, ...]] | None = None,
    clauses: Iterable[Clause] = (),
) -> Dating:
    """All the sources above and those given, seen from ``day``. Given versions and clauses take the place of a source's own."""
    held = {entry.id: entry for entry in (*_SOURCES, *sources)}
    history = {name: (version(),) for name in held} | _VERSIONS | dict(versions or {})
    given = list(clauses)
    replaced = {entry.source_id for entry in given}
    texts = [*(clause(name) for name in held if name not in replaced), *given]
    knowledge = Knowledge(
        sources=held,
        versions=history,
        clauses={entry.id: entry for entry in texts},
        criteria={entry.id: entry for entry in criteria},
        evidence={entry.id: entry for entry in entries},
    )
    return Dating(knowledge, day)


def assess(
    subject: Tool, criteria: Iterable[Criterion], entries: Iterable[Evidence], profile: Profile | None = None, *, day: date = DAY
) -> ToolAssessment:
    return assess_tool(subject, profile or Profile(), dating(criteria, entries, day=day))


def findings(
    criteria: Iterable[Criterion],
    entries: Iterable[Evidence],
    *,
    subject: Tool | None = None,
    profile: Profile | None = None,
    configuration: Configuration | None = None,
    seen: Dating | None = None,
) -> tuple[Finding, ...]:
    """The findings of one configuration, by default the tool as the vendor hands it out."""
    subject = subject or tool()
    asked, held = list(criteria), list(entries)
    rule = FindingsRule(subject, profile or Profile(), asked, held, seen or dating(asked, held))
    return rule.evaluate(configuration or baseline(subject))


def only_finding(
    asked: Criterion, *entries: Evidence, subject: Tool | None = None, profile: Profile | None = None, seen: Dating | None = None
) -> Finding:
    """The one finding on ``asked`` while the tool is as the vendor hands it out."""
    (found,) = findings([asked], entries, subject=subject, profile=profile, seen=seen)
    return found


def silently_changed(judged: ToolAssessment, subject: Tool) -> set[str]:
    """Fixed plans, settings and features that the verdict at its best is not about and that no conflict names."""
    chosen, profile = judged.at_best.configuration, judged.profile
    changed = {name for name, value in profile.settings.items() if chosen.settings.get(name) != value}
    if profile.plan not in (None, chosen.plan):
        changed.add(str(profile.plan))
    for feature, wanted in profile.features.items():
        values = [chosen.settings[entry.id] for entry in subject.settings if entry.feature == feature]
        if values and (wanted == "on") != any(value != "off" for value in values):
            changed.add(feature)
    said = " ".join(judged.conflicts).lower()
    return {name for name in changed if name not in said}


def finding(number: int, status: str, *, curable: bool = False, **fields: object) -> Finding:
    """A finding as the rules of the verdict see it. A *conditional* has its step; a *not met* only if it is ``curable``."""
    step = Step(kind="do", text=f"Mend VT-{number:02}")
    base: dict[str, object] = {
        "criterion_id": f"VT-{number:02}",
        "status": status,
        "steps": (step,) if status == "conditional" or curable else (),
        "counts_as_evidenced": status in ("met", "conditional"),
    }
    return Finding.model_validate(base | fields)


def met(*numbers: int) -> tuple[Finding, ...]:
    return tuple(finding(number, "met") for number in numbers)


def change() -> ChangeStep:
    return ChangeStep(kind="setting", name="lobby", value="on", text="Set Lobby to “on”")


def concluded(*found: Finding, steps: Sequence[ChangeStep] = ()) -> Verdict:
    return conclude(found, steps)
