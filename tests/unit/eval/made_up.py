"""A small world to evaluate in: one law, two tools, and answers made by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.locators import parse_locator
from assistant.schema import (
    Answer,
    AnswerClaim,
    Citation,
    Clause,
    Knowledge,
    Plan,
    Profile,
    Reading,
    Setting,
    Source,
    Tool,
    Version,
)
from eval.gold import Expectation, GoldQuestion
from eval.results import Given, Result, Scores

TODAY = date(2026, 1, 31)
READ = (Reading(address="https://example.org/text", date=date(2026, 1, 15)),)


def clause(source_id: str, locator: str, text: str, since: str, until: str | None = None, heading: tuple[str, ...] = ()) -> Clause:
    parsed = parse_locator(locator)
    return Clause(
        id=Clause.make_id(source_id, parsed, since),
        source_id=source_id,
        locator=str(parsed),
        heading_path=heading,
        text=text,
        wording="summary",
        since=since,
        until=until,
    )


def source(source_id: str, label: str, **fields: Any) -> Source:
    return Source.model_validate(
        {"id": source_id, "title": label, "label": label, "publisher": "P", "url": "https://example.org", **fields}
    )


def tool(tool_id: str) -> Tool:
    e2ee = Setting(id="e2ee", name="Encryption", values=("on", "off"), default="off", controlled_by="host")
    plans = (Plan(id="free", name="Free"), Plan(id="pro", name="Pro"))
    name = tool_id.title()
    return Tool(
        id=tool_id,
        name=name,
        product=name,
        publisher="P",
        made_for="talks",
        uses=("session",),
        entry_plan="free",
        plans=plans,
        settings=(e2ee,),
    )


CLAUSES = (
    clause("gdpr", "Art. 28(1)", "Only processors with sufficient guarantees may be used.", "2016"),
    clause("gdpr", "Art. 28(3)", "Processing is governed by a contract.", "2016", heading=("Processor",)),
    clause("gdpr", "Art. 28(3)(a)", "It binds the processor to documented instructions.", "2016"),
    clause("gdpr", "Art. 28(3)(b)", "It binds people to confidentiality.", "2016"),
    clause("acme-terms", "§10", "This section is about content.", "v1"),
    clause("acme-terms", "§10.2", "We use content to train models.", "v1", until="v1"),
    clause("acme-terms", "§10.2", "We use no content to train models.", "v2"),
    clause("acme-terms", "§10.2.1", "Usage data are no content.", "v2"),
    clause("acme-terms", "§10.4", "You grant us a licence without end.", "v1", until="v1"),
    clause("beta-terms", "§1", "Welcome to Beta.", "v1"),
)


def make_knowledge() -> Knowledge:
    return Knowledge(
        sources={
            "gdpr": source("gdpr", "GDPR", kind="law"),
            "acme-terms": source("acme-terms", "Acme Terms", kind="vendor", tools=("acme",)),
            "beta-terms": source("beta-terms", "Beta Terms", kind="vendor", tools=("beta",)),
        },
        versions={
            "gdpr": (Version(id="2016", version_date=date(2016, 5, 4), read=READ),),
            "acme-terms": (
                Version(id="v1", version_date=date(2023, 1, 1), read=READ),
                Version(id="v2", version_date=date(2024, 1, 1), read=READ),
            ),
            "beta-terms": (Version(id="v1", version_date=date(2023, 1, 1), read=READ),),
        },
        clauses={entry.id: entry for entry in CLAUSES},
        tools={"acme": tool("acme"), "beta": tool("beta")},
    )


def cite(clause_id: str, **changes: Any) -> Citation:
    """A faultless citation of the whole clause, or one with changes."""
    knowledge = make_knowledge()
    held = knowledge.clauses[clause_id]
    origin = knowledge.sources[held.source_id]
    fields: dict[str, Any] = {
        "id": held.id,
        "number": 1,
        "label": knowledge.label(held),
        "source": held.source_id,
        "source_kind": origin.kind,
        "locator": held.locator,
        "wording": held.wording,
        "text": held.text,
        "span": held.text,
        "span_start": 0,
        "url": origin.url,
        "version_date": None,
        "as_of": None,
        "stale": False,
    }
    return Citation.model_validate(fields | changes)


def make_answer(*clause_ids: str, **changes: Any) -> Answer:
    """An answer that makes one claim with each clause."""
    fields: dict[str, Any] = {
        "question": "?",
        "text": "It is so.",
        "intent": "lookup",
        "profile": Profile(),
        "as_of": TODAY,
        "claims": tuple(AnswerClaim(text="It is so.", citations=(clause_id,)) for clause_id in clause_ids),
        "citations": tuple(cite(clause_id) for clause_id in clause_ids),
        "timings": {"understand": 0.001, "compose": 0.002},
    }
    return Answer.model_validate(fields | changes)


def make_question(question_id: str = "q1", **changes: Any) -> GoldQuestion:
    return GoldQuestion.model_validate({"id": question_id, "question": "What?", "intent": "lookup", "expect": Expectation(), **changes})


def make_result(question_id: str = "q1", **changes: Any) -> Result:
    """A right answer to a question that expects nothing in particular."""
    fields: dict[str, Any] = {
        "id": question_id,
        "half": "dev",
        "intent": "lookup",
        "asked": (f"What is {question_id}?",),
        "expect": Expectation(),
        "given": Given(intent="lookup", as_of=TODAY, text="It is so.", timings={"compose": 0.01}),
        "seconds": 0.02,
        "scores": Scores(),
    }
    return Result.model_validate(fields | changes)
