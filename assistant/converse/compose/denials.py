"""Whether a sentence denies just what its clauses deny.

Asked of a language model's sentences only, beside the verification that every claim passes: a model that rewrites a clause puts a
"not" to the wrong word more easily than it does anything else wrong. Who summarises may say "forbids" for "must not"; a model is
told to keep such words as they are, and is held to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.index.text import terms

_DENIALS = frozenset("not no never none nobody nothing neither nor without cannot".split())
_TIED = frozenset("no none nothing nobody neither".split())  # also deny the verb right before them: "sells no data"
_LIGHT = frozenset(
    """a an the any all to be been being is are was were has have had do does did of in on at by for with from as that this it its their
    your his her or and yet so than more longer such other will would shall can could may might must should who which what""".split()
)
_REACH = 2  # words with a meaning of their own that a denial is taken to bear on
_TOKEN = re.compile(r"[^\W\d_]+|[.;:]")


def denies_the_same(text: str, clauses: Iterable[str]) -> bool:
    """Whether each denial of the text bears on words that a clause denies too, and nothing is affirmed that the clauses only deny."""
    denied, first_denied, affirmed = set[str](), set[str](), set[str]()
    for clause in clauses:
        groups, rest = _read(clause)
        denied |= {stem for group in groups for stem in group}
        first_denied |= {group[0] for group in groups if group}
        affirmed |= rest
    groups, rest = _read(text)
    return all(not group or denied.intersection(group) for group in groups) and not rest & (first_denied - affirmed)


def _read(text: str) -> tuple[list[list[str]], set[str]]:
    """For each denial of a text the stems it bears on, in order, and the stems that no denial bears on."""
    groups: list[list[str]] = []
    rest: set[str] = set()
    reach, before = 0, ""
    for token in _TOKEN.findall(text.lower()):
        stems = [] if token in _LIGHT else terms(token)
        if token in _DENIALS:
            groups.append(terms(before) if token in _TIED and before not in _LIGHT else [])
            rest.difference_update(groups[-1])
            reach = _REACH
        elif not token[0].isalpha():
            reach = 0
        elif stems and reach:
            groups[-1] += stems
            reach -= 1
        else:
            rest.update(stems)
        before = token
    return groups, rest
