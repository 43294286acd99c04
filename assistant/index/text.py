"""What of a clause is searched, and how text becomes words."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

from assistant.schema import Clause, Evidence, Exemplar, Knowledge

_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*", re.UNICODE)

EVIDENCE = "evidence/"
BRIEF = "brief/"
EXEMPLAR = "exemplar/"

# Words that only hold a sentence together. Those that decide what a clause says ("must", "may", "not", "no") stay in.
STOP_WORDS = frozenset(
    (
        # articles, pronouns, pointing words
        "a an the i me my myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself "
        "it its itself they them their theirs themselves this that these those there here such same own other "
        # auxiliaries
        "am is are was were be been being do does did doing have has had having can could will would should "
        # question words
        "what when where which who whom whose why how "
        # prepositions, conjunctions, adverbs
        "of in into on onto at by for from to with about above after against before below between during under over through "
        "until up down out off and or but so as if than then because while too very just now only again once further more most "
        "some any all both each few"
    ).split()
)


def document_text(knowledge: Knowledge, clause: Clause) -> str:
    """The text that stands for a clause in both indexes: where it is, what it says, what it means, and everyday words for it."""
    heading = " ".join(clause.heading_path)
    terms = "; ".join(clause.terms)
    defined = f"Definition of {clause.defines}." if clause.defines else ""
    return " ".join(part for part in (f"{knowledge.label(clause)}.", heading + ".", defined, clause.text, clause.practice, terms) if part)


def evidence_text(knowledge: Knowledge, evidence: Evidence) -> str:
    """The text that stands for a piece of evidence: which question it answers for which tool, and what it says."""
    criterion = knowledge.criteria[evidence.criterion]
    return f"{knowledge.tools[evidence.tool].name}. {criterion.title}: {criterion.question} {evidence.reason}"


def anchor_texts(knowledge: Knowledge) -> dict[str, str]:
    """What a question is compared with besides clauses, by key: each piece of evidence, and each way of asking."""
    anchors = {f"{EVIDENCE}{entry.id}": evidence_text(knowledge, entry) for entry in knowledge.evidence.values()}
    for brief in knowledge.briefs.values():
        anchors |= {f"{BRIEF}{brief.id}/{number}": ask for number, ask in enumerate(brief.asks)}
    for exemplar in knowledge.exemplars.values():
        anchors |= {f"{EXEMPLAR}{exemplar.id}/{number}": ask for number, ask in enumerate(exemplar.asks)}
    return anchors


def asked_clauses(knowledge: Knowledge, exemplar: Exemplar) -> tuple[Clause, ...]:
    """The clauses that its ways of asking ask for; () for those of a criterion or a wish."""
    found = {clause.id: clause for reference in exemplar.clauses for clause in knowledge.resolve(reference)}
    return tuple(found.values())


def wished_by(exemplar: Exemplar) -> str:
    """What its ways of asking want: a wish, or that of those who ask for a criterion or a provision."""
    return exemplar.wish or ("criterion" if exemplar.criterion else "provision")


def words(text: str) -> list[str]:
    """Lower-case words, numbers and locators as written; ``28(3)`` gives 28 and 3."""
    return [word for word, _ in _stemmed(text)]


def terms(text: str) -> list[str]:
    """Stemmed words without stop words, in order."""
    return [stem for word, stem in _stemmed(text) if word not in STOP_WORDS]


def bigrams(text: str) -> list[str]:
    """Adjacent stemmed words, stop words kept: "right to erasure" keeps its order."""
    return [f"{first}_{second}" for (_, first), (_, second) in pairwise(_stemmed(text))]


@lru_cache(maxsize=64)  # a question is read by several stages, a passage for its words, its pairs and its length
def _stemmed(text: str) -> tuple[tuple[str, str], ...]:
    """Each word with its stem, in order."""
    found = [match.group().lower() for match in _WORD.finditer(text)]
    return tuple((word, _stem(word)) for word in found)


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
