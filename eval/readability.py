"""How easily an answer reads: Flesch reading ease over the words a person sees."""

from __future__ import annotations

import re

from assistant.converse.render import CLAUSES_MARK

_MARKUP = re.compile(r"^[ \t]*(?:#+|>|-|\d+\.)[ \t]+(?:[☐☑][ \t]+)?|[ \t]*\[\d+\]|[*_`]", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<!\bArt)(?<!\bpara)(?<!\bSch)(?<!\bs)(?<!\be\.g)(?<!\bi\.e)[.!?]+(?=\s|$)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")


def flesch_reading_ease(text: str) -> float | None:
    """206.835 - 1.015 x words per sentence - 84.6 x syllables per word; None for text without words.

    Higher is easier: 60 to 70 is plain English, below 30 is for graduates. Source: R. Flesch, "A new readability yardstick",
    Journal of Applied Psychology 32 (1948), 221-233. A line break ends a sentence, so that headings and list entries count as
    sentences of their own; numbers are no words. Syllables are counted by count_syllables.
    """
    words = _WORD.findall(text)
    if not words:
        return None
    sentences = sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part))
    syllables = sum(map(count_syllables, words))
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)


def count_syllables(word: str) -> int:
    """Runs of vowels, less a silent e or ed at the end; at least 1. English, right for about nine words in ten."""
    lower = word.lower()
    count = len(_VOWELS.findall(lower))
    silent_e = lower.endswith("e") and not lower.endswith(("le", "ee", "ye"))
    silent_ed = lower.endswith("ed") and not lower.endswith(("ted", "ded", "eed", "ied"))
    if silent_e or silent_ed:
        count -= 1
    return max(count, 1)


def prose_of(markdown: str) -> str:
    """The words of an answer without its table of clauses, its citation marks and its markup; lines stay lines."""
    body = markdown.partition(CLAUSES_MARK)[0]
    lines = [line for line in body.splitlines() if not line.lstrip().startswith("|")]
    return _MARKUP.sub("", "\n".join(lines)).strip()
