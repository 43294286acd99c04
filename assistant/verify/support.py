"""How far the cited clauses carry a sentence, by the words they share and by meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.schema import Clause
from assistant.verify.alignment import stems_of
from assistant.verify.backing import Backing
from assistant.verify.force import is_silence
from assistant.verify.sentences import parts, sentences

_ADVICE = (
    "accept|add|agree|allow|answer|apply|arrange|ask|assess|assign|avoid|base|be|buy|call|change|check|choose|"
    "clarify|collect|compare|complete|"
    "conclude|confirm|contact|count|decide|delete|describe|disable|do|document|download|enable|encrypt|enter|erase|"
    "explain|export|file|find|"
    "follow|forbid|get|give|have|hold|identify|inform|invite|join|keep|leave|let|limit|list|lock|log|look|make|mark|"
    "measure|move|name|note|offer|open|"
    "opt|pick|plan|point|prefer|prepare|prevent|print|protect|provide|put|read|record|register|remove|repeat|replace|"
    "report|request|require|"
    "restrict|review|ring|run|save|see|select|send|set|share|show|sign|start|state|stop|store|switch|take|tell|test|"
    "transcribe|treat|try|turn|"
    "type|update|upload|use|verify|wait|weigh|work|write"
)
_IMPERATIVE = re.compile(
    rf"^(?:(?:so|then|else|and|or|also|if [^,]{{3,80}},|before [^,]{{3,80}},|with [^,]{{3,60}},|for [^,]{{3,60}},|do "
    rf"not|don[’']t|never)\s+)?(?:{_ADVICE})\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"(?:or|nor|where|which|who|whom|whose|whether|when|how|what|why|for how)\b", re.IGNORECASE)
_ABOUT_HOLDING = re.compile(
    r"\b(?:I|we) (?:do not |don[’']t )?(?:hold|count|read|have)\b|\b(?:is|are|was|were) (?:not )?(?:held|read)\b|\bmy copy\b|\blast seen\b|"
    r"^(?:the|this|that|it|both|these)\b[^.]{0,60}\b(?:is|are|was|were) (?:of|from|old|undated|dated|a help page|a "
    r"page|an (?:old|older|undated))\b",
    re.IGNORECASE,
)


def asks_support(sentence: str) -> bool:
    """Whether a sentence states something about the world: advice, and remarks on what is held or not said, do not."""
    return not (_IMPERATIVE.match(sentence) or _ABOUT_HOLDING.search(sentence) or _says_nothing(sentence))


def _says_nothing(sentence: str) -> bool:
    """Whether every part of a sentence says that something is not said, or belongs to such a part ("… not said where it lies")."""
    silent = False
    for part in parts(sentence):
        if not is_silence(part) and not (silent and _ASKED.match(part)):
            return False
        silent = True
    return silent


def shared(sentence: str, stems: frozenset[str]) -> float:
    """The share of the stems of a sentence that are among these, 0 to 1; 1 for a sentence that has none."""
    mine = stems_of(sentence)
    return len(mine & stems) / len(mine) if mine else 1.0


def choose_clauses(text: str, clauses: Sequence[Clause], at_most: int) -> list[Clause]:
    """Those of the clauses that a statement needs, in the order given: the best ``at_most``, and further ones that it lacks.

    Each clause taken is the one that adds most to how well the sentences are carried. One beyond ``at_most`` is taken only where it
    alone holds a quarter of a sentence's words, or a name or number of the statement.
    """
    if len(clauses) <= at_most:
        return list(clauses)
    wanted = [stems for sentence in sentences(text) if asks_support(sentence) and (stems := stems_of(sentence))] or [stems_of(text)]
    marks = _marks(text)
    held = [stems_of(f"{clause.text} {' '.join(clause.heading_path)}") for clause in clauses]
    named = [_marks(f"{clause.text} {clause.since[:4]}", everywhere=True) & marks for clause in clauses]
    chosen: list[int] = []
    while len(chosen) < len(clauses):
        stems_held = frozenset[str]().union(*(held[position] for position in chosen))
        marks_held = frozenset[str]().union(*(named[position] for position in chosen))
        gains = []
        for position in set(range(len(clauses))) - set(chosen):
            shares = [len(stems & held[position] - stems_held) / len(stems) for stems in wanted]
            new_marks = len(named[position] - marks_held)
            gains.append((sum(shares) + 0.1 * new_marks, -position, max(shares), new_marks))
        _, place, most, new_marks = max(gains)
        if len(chosen) >= at_most and most < 0.25 and not any(entry[3] for entry in gains):
            break
        if len(chosen) >= at_most and most < 0.25:
            place = max(gains, key=lambda entry: (entry[3], entry[0]))[1]
        chosen.append(-place)
    return [clauses[position] for position in sorted(chosen)]


def _marks(text: str, *, everywhere: bool = False) -> frozenset[str]:
    """Words with a capital that do not begin a sentence, and figures, in lower case; ``everywhere``: every word."""
    pattern = r"[\w-]*\w" if everywhere else r"(?<![.!?:“] )(?<!^)\b[A-Z][\w-]*\w|\d[\w.]*\w|\d"
    return frozenset(word.lower() for match in re.findall(pattern, text) for word in [match])


def elsewhere(sentence: str, cited: Backing, others: Iterable[Clause]) -> float:
    """How much more of the sentence another clause's sentence holds than all cited clauses together; negative where they hold more."""
    mine = stems_of(sentence)
    if not mine:
        return -1.0
    ids = {clause.id for clause in cited.clauses}
    best = max((len(mine & stems) for clause in others if clause.id not in ids for stems in sentence_stems(clause.text)), default=0)
    return (best - len(mine & cited.stems)) / len(mine)


@lru_cache(maxsize=5_000)
def sentence_stems(text: str) -> tuple[frozenset[str], ...]:
    return tuple(stems_of(sentence) for sentence in sentences(text))
