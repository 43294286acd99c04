"""What changed between two versions, as rows or with marked words in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.assess.reviews import touched_by

if TYPE_CHECKING:
    from rich.text import Text

    from assistant.ingest.changes import Change
    from assistant.sources import FoundChanges

_STYLES = {"added": "bold green", "removed": "strike red", "same": ""}


def change_rows(found: FoundChanges) -> list[dict[str, Any]]:
    """One object a change, with its words, its marks, and the evidence that rests on what was changed."""
    return [
        {
            "class": change.kind_of_change,
            "locator": change.locator,
            "old": change.old,
            "new": change.new,
            "old_locator": change.old_locator,
            "new_locator": change.new_locator,
            "marks": [{"kind": mark.kind, "words": mark.words} for mark in change.marks],
            "evidence": [
                {"id": entry.id, "tool": entry.tool, "criterion": entry.criterion, "mark": "for review", "followed": followed}
                for entry, followed in touched_by(found.knowledge, found.source.id, found.older, change)
            ],
            "from": found.older.id,
            "to": found.newer.id,
        }
        for change in found.changes
    ]


def print_changes(found: FoundChanges) -> None:
    """Every change with its words marked: what went is struck through, what came is bold."""
    from rich.console import Console

    console = Console(highlight=False)
    count = len(found.changes)
    console.print(f"{found.source.label}: {found.older.id} to {found.newer.id}, {count} change{'s' if count != 1 else ''}", style="bold")
    for change in found.changes:
        console.print()
        console.print(_heading(change), style="bold")
        console.print(_words(change), soft_wrap=True)
        resting = touched_by(found.knowledge, found.source.id, found.older, change)
        if resting:
            names = [f"{entry.id}{' (our summaries hold the newer words)' if followed else ''}" for entry, followed in resting]
            console.print(f"for review: {', '.join(names)}", style="yellow")


def _heading(change: Change) -> str:
    places = [place for place in (change.old_locator, change.new_locator) if place]
    return f"{change.kind_of_change}  {' → '.join(dict.fromkeys(places))}"


def _words(change: Change) -> Text:
    """The words in reading order. Where colours do not show, what went stands in [-…-] and what came in {+…+}."""
    from rich.text import Text

    marks = [(mark.kind, mark.words) for mark in change.marks]
    if not marks:
        marks = [("removed", change.old)] if change.old and change.kind_of_change != "moved" else []
        marks += [("added", change.new)] if change.new and change.kind_of_change != "moved" else []
        marks = marks or [("same", f"{change.old} → {change.new}")]
    text = Text()
    for kind, words in marks:
        shown = {"removed": f"[-{words}-]", "added": f"{{+{words}+}}"}.get(kind, words)
        text.append(f"{shown} ", style=_STYLES[kind])
    return text
