"""The frame sentences in the source of the composers: every literal of two words or more that a reader may see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.places import CHECKOUT

CONVERSE = CHECKOUT / "assistant" / "converse"
COMPOSERS = (
    *sorted(path for path in (CONVERSE / "compose").glob("*.py") if path.name != "model_prompt.py"),
    CONVERSE / "render.py",
    CONVERSE / "languages" / "frames.py",
    CHECKOUT / "assistant" / "report" / "consent.py",
)
# Words of claims stay in English with what they claim.
IN_CLAIMS = (
    "Not together with {}: {} and that exclude each other.",
    "Look up the present text of {}: my copy is stale or undated",
    " (you said you have this: keep it so)",
)
# What nobody reads.
_NOT_SHOWN = re.compile(r"^[^A-Za-z]*$|^\W*\{\}\W*$|<!--|\(\?|\\b|\|---")
_TWO_WORDS = re.compile(r"[A-Za-z]{2,}[^A-Za-z{}]+(?:[A-Za-z]{2,}|\{\})|\{\}[^A-Za-z{}]+[A-Za-z]{2,}")


def templates() -> Iterator[tuple[Path, int, str]]:
    """Where each template stands, and its words with ``{}`` for what is filled in."""
    for path in COMPOSERS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        skipped = {id(node) for owner in ast.walk(tree) for node in _never_frames(owner)}
        for node in ast.walk(tree):
            if id(node) in skipped:
                continue
            text = _template(node)
            if text and " " in text and _TWO_WORDS.search(text) and text not in IN_CLAIMS and not _NOT_SHOWN.search(text):
                yield path, getattr(node, "lineno", 0), text


def _template(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _never_frames(owner: ast.AST) -> Iterator[ast.AST]:
    """Docstrings; parts of a template; lists of words; what a claim is made of (``claim_from(…)``), as it stays in English."""
    if isinstance(owner, ast.Module | ast.ClassDef | ast.FunctionDef) and owner.body and isinstance(owner.body[0], ast.Expr):
        yield owner.body[0].value
    if isinstance(owner, ast.Expr):
        yield owner.value  # a string that stands alone
    if isinstance(owner, ast.JoinedStr):
        yield from (part for part in owner.values if isinstance(part, ast.Constant))
        yield from (node for part in owner.values if isinstance(part, ast.FormattedValue) for node in _specs(part))
    if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Attribute) and owner.func.attr == "split":
        yield owner.func.value  # a list of words written as one string
    if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id in ("claim_from", "_step_item"):
        yield from ast.walk(owner)


def _specs(part: ast.FormattedValue) -> Iterator[ast.AST]:
    if part.format_spec is not None:
        yield from ast.walk(part.format_spec)
