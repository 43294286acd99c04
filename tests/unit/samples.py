"""A small, made-up knowledge folder, so that what readers, store and index do can be worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assistant.ingest.knowledge_files import load_knowledge
from assistant.schema import Knowledge

TODAY = date(2026, 6, 1)

LAW = """
source:
  id: sample-law
  title: Sample Law
  label: Sample Law
  kind: law
  publisher: Nobody
  url: https://example.org/law
  jurisdictions: [eu]
versions:
  - id: "2020-01-01"
    version_date: 2020-01-01
    read: [{address: "https://example.org/law", date: 2026-05-01}]
clauses:
  - locator: Art. 1(1)
    heading: [Contracts]
    text: A helper may work only under a contract. The contract must be in writing.
    terms: [paperwork]
  - locator: Art. 1(2)
    heading: [Contracts]
    text: The helper must report a leak within 72 hours.
  - locator: Art. 2
    heading: [Keys]
    text: Doors are locked at night.
"""

VENDOR = """
source:
  id: sample-terms
  title: Example Meet Terms
  label: Example Meet Terms
  kind: vendor
  publisher: Example Ltd
  url: https://example.org/terms
  tools: [example-meet]
versions:
  - id: "2026-01-01"
    version_date: 2026-01-01
    as_of: 2026-01-31
    read: [{address: "https://example.org/terms", date: 2026-05-01}]
  - id: "2026-03-01"
    version_date: 2026-03-01
    as_of: 2026-05-15
    read: [{address: "https://example.org/terms", date: 2026-05-16}]
clauses:
  - locator: §1
    heading: [Recordings]
    text: We may use recordings for advertising.
    until: "2026-01-01"
  - locator: §1
    heading: [Recordings]
    text: We never use recordings for advertising.
    since: "2026-03-01"
  - locator: §2
    heading: [Contract]
    text: The contract is part of these terms on the Pro plan.
"""

CRITERIA = """
criteria:
  - id: VT-01
    title: Contract
    question: Is there a contract?
    why: Without one nothing goes.
    gate: always
    rests_on: [Sample Law Art. 1(1)]
    met: yes it is
    conditional: partly
    not_met: there is none
    gap: whether there is a contract
    ask: Please send the contract.
"""

TOOL = """
tool:
  id: example-meet
  name: Example Meet
  product: Example Meet
  publisher: Example Ltd
  made_for: made-up meetings
  uses: [session]
  entry_plan: free
  plans:
    - {id: free, name: Free, free: true}
    - {id: pro, name: Pro}
  settings:
    - id: e2ee
      name: End-to-end encryption
      values: ["off", "on"]
      assumed: "off"
      controlled_by: host
evidence:
  - id: example-vt-01
    tool: example-meet
    criterion: VT-01
    status: met
    when: {plan: [pro]}
    reason: The contract is part of the terms on the Pro plan.
    clauses: ["Example Meet Terms §2"]
    review: reviewed
    reviewed_on: 2026-05-16
"""

FILES = {"law.yaml": LAW, "tools/terms.yaml": VENDOR, "criteria.yaml": CRITERIA, "tools/tool.yaml": TOOL}


def write_knowledge(folder: Path, **changed: str) -> Path:
    """Write the sample files below a folder; a keyword replaces a file's content, its name with dots as double underscores."""
    contents = FILES | {name.replace("__", "/").replace("_yaml", ".yaml"): text for name, text in changed.items()}
    for name, text in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def sample_knowledge(folder: Path, **changed: str) -> Knowledge:
    """The sample files, read."""
    return load_knowledge([write_knowledge(folder, **changed)], today=TODAY)
