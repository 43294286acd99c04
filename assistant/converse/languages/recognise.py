"""Which language a question is in.

Detectors made for documents do badly here: py3langid 0.4 takes 21 of our 856 English gold turns for another language, and
lingua is a download of 96 MB. A question holds little words, and these tell; where it holds none, it goes on in the language of
the conversation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from assistant.converse.languages.glossary import Glossary
from assistant.converse.languages.language import ENGLISH, SERVED, language_of, other_languages

_ENGLISH_WORDS = frozenset(
    (
        "a about after ai all also am an and any are as at be been before but by can cannot can't could did do does doesn't don't for from "
        "had has have he her him his how i i'm if in into is isn't it it's its just keep let may me might more must my need no not now of "
        "off on once one only or our out over say send she should so some tell than that the their them then there these they this to "
        "too under up us use using want was we well were what what's when where whether which while who whose why will with without "
        "would write yes you your please show give list compare hello thanks start forget"
    ).split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SHORT = 4  # letters of a word that a glossary may hold by chance
_OTHERS_NEED = 2  # little words before a question is taken for one in a language that is not served


def recognise(question: str, before: str, glossaries: dict[str, Glossary], is_known_word: Callable[[str], bool]) -> str:
    """The code of the language. ``before``: the language of the conversation.

    Little words tell that are of one language alone ("was" and "in" are English and German). Where they do not, words of a glossary
    tell that are no words of the English clauses; else it is that of the conversation.
    """
    if script := _script(question):
        return script
    words = [word.lower().replace("’", "'") for word in _WORD.findall(question)]
    parts = [part for word in words for part in dict.fromkeys([word, *word.split("'")])]
    little = {code: frozenset(language_of(code).known_by.split()) for code in SERVED if code != ENGLISH}
    marks = {code: sum(mark in question for mark in language_of(code).marks) for code in little}
    theirs = {code: marks[code] + sum(part in known - _ENGLISH_WORDS for part in parts) for code, known in little.items()}
    best = max(theirs, key=lambda code: (theirs[code], code == before, -SERVED.index(code)))
    english = sum(word in _ENGLISH_WORDS - little[best] for word in words)
    others = {code: sum(word in known.split() for word in parts) for code, known in other_languages().known_by.items()}
    other = max(others, key=lambda code: others[code])
    if others[other] >= _OTHERS_NEED and others[other] > max(english, sum(part in little[best] for part in parts)):
        return other
    if theirs[best] != english:
        return best if theirs[best] > english else ENGLISH
    telling = {
        code: sum(glossary.tells(word) and not is_known_word(word) for word in words if len(word) > _SHORT)
        for code, glossary in glossaries.items()
    }
    told = max(telling, key=lambda code: (telling[code], code == before))
    if telling[told]:
        return told
    return before if not english or before == best else ENGLISH


def _script(question: str) -> str | None:
    """The code of a language by its script, where more than a third of the letters are of one that is not Latin: names stay Latin."""
    letters = [character for character in question if character.isalpha()]
    for name, code in other_languages().scripts.items():
        if 3 * sum(unicodedata.name(letter, "").startswith(name) for letter in letters) > len(letters):
            return code
    return None
