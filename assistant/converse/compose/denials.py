"""Whether a sentence denies just what its clauses deny.

Asked of a language model's sentences only, beside the verification that every claim passes: a model that rewrites a clause puts a
"not" to the wrong word more easily than it does anything else wrong. Who summarises may say "forbids" for "must not"; a model is
told to keep such words as they are, and is held to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.verify.denials import read_denials


def denies_the_same(text: str, clauses: Iterable[str]) -> bool:
    """Whether each denial of the text bears on words that a clause denies too, and nothing is affirmed that the clauses only deny."""
    denied, first_denied, affirmed = set[str](), set[str](), set[str]()
    for clause in clauses:
        groups, rest = read_denials(clause)
        denied |= {stem for group in groups for stem in group}
        first_denied |= {group[0] for group in groups if group}
        affirmed |= rest
    groups, rest = read_denials(text)
    return all(not group or denied.intersection(group) for group in groups) and not rest & (first_denied - affirmed)
