"""A made-up vendor's terms in three versions, written for these tests, and a made-up contract."""

from __future__ import annotations

from pathlib import Path

TERMS = """# Example Meet Terms

{date}

## 1. Recordings

We {recordings}. A recording is kept for thirty days in our own data centre and is deleted after that time without a further notice.

## 2. Contract

The contract about processing is part of these terms on the Pro plan. You accept it when you order that plan, and you may ask for a copy.

## 3. Support

Our support answers on working days. {support}
"""

NEVER = "never use recordings for advertising"
OFTEN = "may use recordings for advertising"
MARKER = "The helpdesk is called Quartzfinch"

CONTRACT = """# Data processing agreement

This agreement is made between Example Ltd and the practice named below.

## 1. Instructions

The processor handles client data only on written instructions of the practice.

## 2. Confidentiality

Everybody who handles the data is bound to confidentiality.

## 3. Sub-processors

A sub-processor is engaged only after thirty days of notice.

## 4. Security measures

The technical and organisational measures are listed in the annex.

## 5. Help

The processor helps the practice to answer data subject requests in time.

## 6. Incidents

A personal data breach is reported within 48 hours.

## 7. End

At the end all personal data is deleted or returned to the practice.

## 8. Audits

The practice may carry out one audit a year.
"""


def write_terms(folder: Path, day: str, *, recordings: str = NEVER, support: str = "Write to us.", printed: str = "") -> Path:
    """The terms as a file named by the day they were seen."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{day}.md"
    date = f"Last updated: {printed}" if printed else "These are the terms of Example Meet."
    path.write_text(TERMS.format(date=date, recordings=recordings, support=support), encoding="utf-8")
    return path
