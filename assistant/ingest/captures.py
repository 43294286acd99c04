"""Pages that stand where the document should: a login page, a cookie wall, an error page, an empty capture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.errors import InputError
from assistant.ingest.blocks import Block

FEWEST_WORDS = 30
_SENTENCE_WORDS = 10
_SHORT_PAGE_WORDS = 250
_SIGNS = {
    "a login page": (
        r"\b(?:sign|log)[ -]?in\b.*\b(?:password|e-?mail|account|continue|username)\b",
        r"\bforgot(?:ten)? (?:your )?password\b|\benter your password\b",
        r"\bmot de passe oublié\b|\bpasswort vergessen\b|\banmelden\b.*\bpasswort\b",
    ),
    "a cookie wall": (
        r"\baccept (?:all )?(?:cookies|and continue)\b|\bwe (?:use|value) cookies\b|\bcookie (?:preferences|settings|consent)\b",
        r"\breject all\b|\bwe value your privacy\b|\balle akzeptieren\b|\btout accepter\b|\baccepter (?:tous )?les cookies\b",
    ),
    "a page that asks for JavaScript": (
        r"\b(?:enable|requires?|turn on) javascript\b|\bjavascript (?:is|to be) (?:disabled|required|enabled)\b",
    ),
    "a check for robots": (
        r"\bare you (?:a )?(?:human|robot)\b|\bverify(?:ing)? (?:that )?you are (?:a )?human\b|\bchecking your browser\b",
        r"\bcaptcha\b|\bunusual traffic\b|\bjust a moment\b",
    ),
    "an error page": (
        r"\b(?:404|403|500|502|503)\b.*\b(?:not found|error|forbidden|unavailable|denied)\b",
        r"\bpage (?:not found|can(?:no|')t be found|does(?: not|n't) exist)\b|\baccess denied\b|\btemporarily unavailable\b",
    ),
}


def refuse_broken_capture(name: str, blocks: Sequence[Block], *, size: int) -> None:
    """Raise InputError if the blocks are no document: too few words, or few and those of a login page, a cookie wall or an error."""
    text = " ".join(block.text for block in blocks)
    words = len(re.findall(r"\w+", text))
    if words < _SHORT_PAGE_WORDS:
        for what, patterns in _SIGNS.items():
            if any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns):
                raise InputError(f"{name} is {what} and not the document: save the page again when the document itself is to be seen.")
    if words < FEWEST_WORDS and not any(_is_sentence(block.text) for block in blocks):
        found = "no words" if not words else f"only {words} word{'s' if words != 1 else ''}"
        raise InputError(f"{name} ({size} bytes) holds {found}: a broken capture or an empty page. Save the document again.")


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= _SENTENCE_WORDS and text.endswith((".", ";", ":", ".”", '."', ".)"))
