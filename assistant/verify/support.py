"""How far the cited clauses carry a sentence, by the words they share and by meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable
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


def is_advice(sentence: str) -> bool:
    """Whether a sentence tells the reader what to do."""
    return bool(_IMPERATIVE.match(sentence))


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
