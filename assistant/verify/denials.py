"""What a sentence denies: for each "not", "no" or "without" the words it bears on."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.index.text import terms

Denied = tuple[str, ...]
"""The stems of the words that one denial bears on, in order; () where none follows."""

_DENIALS = frozenset("not no never none nobody nothing neither nor without cannot".split())
_TIED = frozenset("no none nothing nobody neither".split())  # also deny the verb right before them: "sells no data"
_LIGHT = frozenset(
    """a an the any all to be been being is are was were has have had do does did of in on at by for with from as that this it its their
    your his her or and yet so than more longer such other will would shall can could may might must should who which what""".split()
)
_REACH = 2  # words with a meaning of their own that a denial is taken to bear on
_TOKEN = re.compile(r"[^\W\d_]+|[.;:]")
_SHORT_FORM = re.compile(r"(?<=[a-z])n['’]t\b")


@lru_cache(maxsize=20_000)
def read_denials(text: str) -> tuple[tuple[Denied, ...], frozenset[str]]:
    """Each denial of a text by the stems it bears on, and the stems that no denial bears on."""
    groups: list[list[str]] = []
    rest: set[str] = set()
    reach, before = 0, ""
    for token in _TOKEN.findall(_SHORT_FORM.sub(" not", text.lower())):
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
    return tuple(map(tuple, groups)), frozenset(rest)
