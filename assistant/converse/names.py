"""Which tools a question names: by alias, misspelt, or not held at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from assistant.schema import Tool

# Aliases that are also ordinary words count only where they are written as a name or stand where a tool stands.
_ORDINARY_WORDS = frozenset(
    ("teams meet signal messenger claude copilot gemini scribe slack jam duo hangouts discord apple google").split()
)
_USED_AS_TOOL = r"(?:use|using|on|via|over|through|with|by|is|are|about|does|do|can|or|vs\.?|versus|than|and|,)"
_JUDGED = (
    r"(?:safe|secure|ok|okay|fine|suitable|allowed|compliant|good|legal|lawful|private|confidential|appropriate|acceptable|"
    r"gdpr|hipaa|encrypted|end-to-end|usable|enough|trustworthy|recommended)"
)
_NAME = r"(?P<name>[\w.&'+-]+(?:\s+[\w.&'+-]+){0,3}?)"
_NAME_ENDS = r"(?=\s+(?:with|for|to|as|in|when|at|on|if|or|and|instead)\b|\s*[?.,!]|$)"
_PRACTITIONERS = r"(?:i|we|my clients?|clients?|therapists?|counsellors?|practitioners?)"
_NAMED: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:is|are|would|isn't)\s+{_NAME}\s+(?:be\s+)?(?:really\s+|actually\s+|still\s+)?{_JUDGED}\b",
        rf"\b(?:can|may|could|should|shall|must|might)\s+{_PRACTITIONERS}\s+(?:still\s+|also\s+)?"
        rf"(?:use|try|switch to|move to|trust|adopt|choose|keep using)\s+{_NAME}{_NAME_ENDS}",
        rf"\b(?:what|how) about\s+(?:using\s+)?{_NAME}{_NAME_ENDS}",
        rf"\b(?:what do you (?:think|know) (?:of|about)|tell me about|verdict on|assess|review)\s+{_NAME}{_NAME_ENDS}",
    )
)
_ARTICLES = re.compile(r"^(?:the|a|an|my|our|this|that|using)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class NamedTools:
    """The tools a question names, in order of appearance, and a name that belongs to none of them (None: there is none)."""

    held: tuple[str, ...] = ()
    unknown: str | None = None


class ToolNames:
    """Finds tools in questions.

    ``is_known_word`` tells whether a word occurs in the clauses: a name made of such words is no tool nobody has heard of.
    """

    def __init__(self, tools: Iterable[Tool], is_known_word: Callable[[str], bool]) -> None:
        self._aliases: dict[str, str] = {}
        for tool in tools:
            for alias in (tool.id, tool.name, *tool.aliases):
                self._aliases[" ".join(alias.lower().split())] = tool.id
        self._is_known_word = is_known_word

    def find(self, question: str) -> NamedTools:
        """The tools named, exactly or nearly; else a name that seems to be a tool and is not held."""
        held = self._exact(question) or self._nearly(question)
        return NamedTools(held, None if held else self._unknown(question))

    def _exact(self, question: str) -> tuple[str, ...]:
        found: dict[int, str] = {}
        taken: list[tuple[int, int]] = []
        for alias in sorted(self._aliases, key=lambda alias: (-len(alias), alias)):
            for match in re.finditer(rf"(?<![\w@]){re.escape(alias)}(?:'s|’s)?(?![\w])", question, re.IGNORECASE):
                inside = any(start <= match.start() < end for start, end in taken)
                if not inside and self._is_name(alias, question, match):
                    taken.append(match.span())
                    found[match.start()] = self._aliases[alias]
        return tuple(dict.fromkeys(found[place] for place in sorted(found)))

    def _is_name(self, alias: str, question: str, match: re.Match[str]) -> bool:
        if alias not in _ORDINARY_WORDS:
            return True
        capitalised = match.group()[:1].isupper() and match.start() > 0
        before = question[: match.start()].rstrip().lower()
        if any(before.endswith(other) for other in self._aliases if other != alias and len(other) > 3):
            return False  # "Webex Meet" is one tool
        return capitalised or not before or bool(re.search(rf"(?:^|\s){_USED_AS_TOOL}$", before))

    def _nearly(self, question: str) -> tuple[str, ...]:
        words = re.findall(r"[\w.]+", question.lower())
        runs = [" ".join(words[start : start + size]) for size in (2, 1) for start in range(len(words) - size + 1)]
        found: dict[str, None] = {}
        for run in runs:
            if len(run) < 4 or self._is_known_word(run):
                continue
            for alias, tool_id in self._aliases.items():
                if alias not in _ORDINARY_WORDS and abs(len(alias) - len(run)) <= 2 and len(alias) >= 4 and fuzz.ratio(run, alias) >= 80:
                    found.setdefault(tool_id)
        return tuple(found)

    def _unknown(self, question: str) -> str | None:
        for pattern in _NAMED:
            for match in pattern.finditer(question):
                name = _ARTICLES.sub("", match.group("name").strip(" .,'"))
                words = re.findall(r"[\w+.&-]+", name)
                if not words or words[0].lower() in _NOT_TOOLS:
                    continue
                strange = [word for word in words if len(word) > 2 and not self._is_known_word(word.lower())]
                written_as_name = any(word[:1].isupper() and word.lower() not in _NOT_TOOLS for word in words)
                if strange or written_as_name:
                    return name
        return None


_NOT_TOOLS = frozenset(
    (
        "i it this that they them these those there he she we you my our your everything anything something nothing what which "
        "who how gdpr hipaa iso uk eu us dpa baa dpia ico consent email e-mail emails phone texting sms text video audio calls "
        "recordings recording it's encryption browser app apps ai paper notes data clients therapy art article recital control "
        "section"
    ).split()
)
