"""The force of a statement: whether it denies, obliges, permits, advises or limits.

The words are those of English and, for texts held in them, of German, French and Spanish. What a claim says with such a word its
clause has to say too, though not with the same word: "shall" backs "must", "without" backs "no".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Words with which a statement denies. A claim that holds one needs a clause that denies, forbids, limits or leaves out.
_DENIES = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|cannot|without|no longer|nicht|kein(?:e[nmrs]?)?|nie(?:mals|mand)?|nichts|"
    r"ohne|weder|ne|pas|jamais|aucune?|sans|ni|nunca|ning[uú]n[ao]?|nadie|sin|tampoco)\b|n[’']t\b",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(
    r"\bnot only\b|\bwhether or not\b|\bwhether\b[^,.]*\bor not\b|\bwithout undue delay\b|\bif not\b|\bno\.\s?\d|\bno matter\b",
    re.IGNORECASE,
)
_NO_LIMIT = re.compile(r"\b(?:no|not) (?:later|more|less|fewer) than\b", re.IGNORECASE)
# Words with which a clause leaves out what a claim may put with "not" or "no".
_LEAVES_OUT = re.compile(
    r"\b(?:only|solely|exclusive(?:ly)?|except(?:ions?)?|unless|until|exclud\w+|exempt\w*|prohibit\w*|forbid\w*|"
    r"forbidden|refus\w+|declin\w+|reject\w*|"
    r"den(?:y|ies|ied)|lack\w*|fail\w*|absen\w+|missing|disabl\w+|unable|unavailable|unsupported|unless|instead of|rather than|prevent\w*|"
    r"block\w*|avoid\w*|refrain\w*|stop\w*|ceas\w+|end(?:s|ed)?|remov\w+|delet\w+|eras\w+|withdraw\w*|revok\w+|limit\w*|restrict\w*|"
    r"off|free from|other than|beyond|outside|against|disclaim\w*|nur|ausschließlich|außer|untersagt|verboten|sauf|uniquement|"
    r"seulement|salvo|s[oó]lo|solamente|little|few|hardly|rarely|independent\w*|unlawful|invalid|un\w+ed|in\w+able|un\w+able|im\w+ible|"
    r"too|nothing|zero|may object|opt(?:ed)?[- ]out|as is|end-to-end|private|confidential\w*|secre\w+|own)\b",
    re.IGNORECASE,
)

_CLASSES: dict[str, tuple[str, str]] = {
    # class: (words of a claim that need backing, further words of a clause that back them)
    "oblige": (
        r"must|shall|has to|have to|had to|is required|are required|requires?|is obliged|are obliged|needs? to|obligat\w+|mandatory|muss|"
        r"müssen|doit|doivent|debe[n]?",
        r"need(?:s|ed)?|necessary|required|duty|duties|oblig\w+|ensure|responsib\w+|agree|agrees|subject to|condition\w*|"
        r"only|without|before|"
        r"unless|until|prohibit\w*|not permitted|not allowed|may not|cannot|can not|ist zu|sind zu|hat zu|haben zu|undertake\w*|commit\w*|"
        r"demand\w*|insist\w*|compl(?:y|ies)|set out|laid down|in any case|where|accept|will",
    ),
    "permit": (
        r"may|can|could|might|is allowed|are allowed|is permitted|are permitted|kann|können|darf|dürfen|peut|peuvent|puede[n]?",
        r"allow\w*|permi\w+|able|ability|possib\w+|option\w*|entitled|right\w*|free to|lets?|enabl\w*|choos\w*|choice|could|might|would|"
        r"optional\w*|capab\w+|available|support\w*|offer\w*|provid\w+|access\w*|use[sd]?|unless|if|when|sometimes|request\w*|include\w*|"
        r"potential\w*|power\w*|discretion|reserve\w*|authori[sz]\w+|consent\w*|opt|opt[- ]\w+|turn\w*|control\w*|manage\w*|set|change\w*",
    ),
    "advise": (
        r"should|ought to|is recommended|are recommended|recommends?|advis(?:es?|able)|soll(?:te[n]?)?|devrait|debería",
        r"should|recommend\w*|advis\w*|encourag\w*|suggest\w*|best practi[cs]e|good practi[cs]e|consider\w*|must|shall|"
        r"need\w*|required?|important|expected",
    ),
    "only": (
        r"only|solely|exclusively|nothing but|nur|ausschließlich|seulement|uniquement|sólo|solo|solamente",
        r"limited|restrict\w*|unless|except\w*|sole|exclusive|other than|not|no|never|until|cannot|condition\w*|just|"
        r"required|must|when|where|"
        r"if|necessary|nothing|specific|explicit\w*|prohibit\w*|without",
    ),
    "at_most": (
        r"at most|no more than|not more than|no later than|not later than|at the latest|up to|maximum|max\.|within|"
        r"höchstens|spätestens|au plus|como máximo",
        r"at most|limit\w*|exceed\w*|longest|later|or (?:less|fewer)|until|less than|fewer than|before|under|below|after|for|period|over",
    ),
    "at_least": (
        r"at least|no less than|not less than|no fewer than|minimum|mindestens|au moins|al menos",
        r"at least|or more|or longer|or older|more than|under|below|from|over|minim\w+|not .{0,20}(?:under|below|less)|"
        r"any of|one or more|one of|every|each|once",
    ),
    "always": (
        r"always|at all times|in every case|in all cases|immer|stets|toujours|siempre",
        r"all|every|any|each|default|automatic\w*|whenever|permanent\w*|continu\w+|must|shall|never|cannot|both|by design|"
        r"ongoing|constantly|regardless|inherent\w*",
    ),
}
_CLAIMED = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, (words, _) in _CLASSES.items()}
_BACKING = {name: re.compile(rf"\b(?:{words}|{more})\b", re.IGNORECASE) for name, (words, more) in _CLASSES.items()}
_MAY_MONTH = re.compile(r"(?<!\w)(?:\d{1,2}(?:st|nd|rd|th)?\s+)?May(?:\s+\d{1,2},?)?\s+(?:19|20)\d\d|(?<=[a-z] )May(?! \w+ not)")

# "The text does not say …" is a statement about what is held, which no clause can back and none contradicts.
_SILENCE = re.compile(
    r"\b(?:not|no|nor|nothing|neither|never|n[’']t|nowhere|none|open|unchecked|unclear|unknown|un\w+ed|silent|silence|"
    r"neither)\b[^.;]{0,90}?\b"
    r"(?:say|says|said|saying|states?|stated|names?|named|naming|mention\w*|held|describe[sd]?|given|gives?|tells?|"
    r"told|specif\w+|explain\w*|settle\w*|"
    r"sets? out|set|show[sn]?|on the page|in the part|read|checked|written|documented|fix\w*|promis\w+|list\w*|found|"
    r"address\w*|cover\w*|appear\w*|"
    r"word|stands?|answers?|limits?|confirm\w*|excluded?|rule[sd] out|clear|come[s]? up|there)\b"
    r"|\b(?:is|are|stays?|remains?) (?:left )?(?:open|unclear|unknown|unchecked|unsaid|silent)\b|\bsilent\b|\bunchecked\b"
    r"|\b(?:says?|said|say|states?|names?|named|stated|gives?|describes?|mentions?|promises?|lists?|"
    r"explains?)\b[^.;]{0,40}\b(?:nothing|no|not|none|nowhere|neither)\b"
    r"|\bno (?:clause|word|sentence|text|time|period|hours?|deadline|number|date|figure|list|certificate|page|document)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Force:
    """What kinds of force a piece of text has."""

    denies: bool
    classes: frozenset[str]


@lru_cache(maxsize=50_000)
def force_of(text: str) -> Force:
    """How a text puts what it says; two denials in one part are none."""
    plain = _NO_DENIAL.sub(" ", _MAY_MONTH.sub(" ", text))
    denials = len(_DENIES.findall(_NO_LIMIT.sub(" ", plain)))
    return Force(denies=denials % 2 == 1, classes=frozenset(name for name, pattern in _CLAIMED.items() if pattern.search(plain)))


def can_back_denial(text: str) -> bool:
    """Whether a text denies, forbids, limits or leaves out anything at all."""
    return bool(_DENIES.search(_NO_DENIAL.sub(" ", text)) or _LEAVES_OUT.search(text))


def can_back(kind: str, text: str) -> bool:
    """Whether a text holds a word that can carry this kind of force."""
    return bool(_BACKING[kind].search(text))


def is_silence(text: str) -> bool:
    """Whether a sentence says that something is not said, which is about what is held rather than about a clause."""
    return bool(_SILENCE.search(text))
