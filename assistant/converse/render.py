"""A verified draft as Markdown, with its citations numbered in reading order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date

from assistant.converse.draft import Block, Draft, Item
from assistant.dating import Dating
from assistant.schema import Answer, Citation, Claim, Clause, OtherWording, Span
from assistant.verify.spans import first_sentence

CLAUSES_MARK = "<!-- clauses -->"


class Renderer:
    """Numbers citations as claims are printed; one renderer prints one answer."""

    def __init__(self, dating: Dating) -> None:
        self._dating = dating
        self._spans: dict[str, Span] = {}

    def markdown(self, draft: Draft) -> str:
        """The answer without its table of clauses."""
        parts = [draft.heading, *draft.intro, *(self._block(block) for block in draft.blocks)]
        return "\n\n".join(part for part in parts if part)

    def citations(self) -> tuple[Citation, ...]:
        """The clauses cited so far, in the order of their numbers."""
        return tuple(self._citation(number, span) for number, span in enumerate(self._spans.values(), start=1))

    def _block(self, block: Block) -> str:
        title = f"**{block.title}**" if block.title else ""
        separator = "\n\n" if block.style == "paragraph" else "\n"
        lines = [self._item(block, number, item) for number, item in enumerate(block.items, start=1)]
        return "\n\n".join(part for part in (title, separator.join(lines)) if part)

    def _item(self, block: Block, number: int, item: Item) -> str:
        mark = {"paragraph": "", "numbered": f"{number}. ", "bullets": "- ", "checklist": "- ☐ "}[block.style]
        claims = " ".join(self._claim(claim) for claim in item.claims)
        words = " ".join(part for part in (item.lead, claims, item.tail) if part)
        return mark + words

    def _claim(self, claim: Claim) -> str:
        marks = "".join(f"[{self._number(span)}]" for span in claim.spans)
        text = claim.text.rstrip()
        if not marks:
            return text
        if text[-1:] in ".!?":
            return f"{text[:-1]} {marks}{text[-1]}"
        return f"{text} {marks}"

    def _number(self, span: Span) -> int:
        self._spans.setdefault(span.clause_id, span)
        return list(self._spans).index(span.clause_id) + 1

    def _citation(self, number: int, span: Span) -> Citation:
        clause = self._dating.knowledge.clauses[span.clause_id]
        source = self._dating.knowledge.sources[clause.source_id]
        version = self._dating.read_in(clause)
        standing = self._dating.standing(clause)
        return Citation(
            id=clause.id,
            number=number,
            label=self._dating.knowledge.label(clause),
            source=source.id,
            source_kind=source.kind,
            locator=clause.locator,
            heading_path=clause.heading_path,
            wording=clause.wording,
            text=clause.text,
            span=clause.text[span.start : span.end],
            span_start=span.start,
            practice=clause.practice,
            url=source.url,
            version_date=version.version_date,
            as_of=self._dating.as_of(clause),
            edition=version.edition,
            stale=self._dating.is_stale(clause),
            third_party=source.third_party,
            private=source.private,
            page=clause.page,
            beside=other_wording(self._dating, clause),
            review=standing.kind if standing else None,
        )


def other_wording(dating: Dating, clause: Clause) -> OtherWording | None:
    """The official words beside a summary, or the summary beside official words, where both are held for the day."""
    twin = dating.official(clause) if clause.wording == "summary" else dating.summary(clause)
    if twin is None:
        return None
    version = dating.read_in(twin)
    dates = {"version_date": version.version_date, "as_of": dating.as_of(twin), "edition": version.edition}
    return OtherWording(id=twin.id, wording=twin.wording, text=twin.text, version=version.id, **dates)


def clause_table(citations: Sequence[Citation], say: Callable[[str], str] = str) -> str:
    """The clauses relied on, as a Markdown table after a mark that lets a page leave it out. ``say`` puts its words into a language."""
    if not citations:
        return ""
    shown = {citation.id for citation in citations}
    rows = [f"| [{c.number}] | {_cell(c.label)} | {_cell(_gist(c, shown, say))} | {say(seen(c))} |" for c in citations]
    head = f"| | {say('clause')} | {say('what it says (our summary unless marked official)')} | {say('seen')} |\n|---|---|---|---|"
    return "\n".join([CLAUSES_MARK, "", head, *rows])


def seen(citation: Citation) -> str:
    """When the text was last seen in force, in one or two words."""
    if citation.source_kind in ("law", "standard"):
        return "superseded" if citation.stale else citation.edition or "in force"
    if citation.as_of is None:
        return "undated, stale"
    return f"{day(citation.as_of)}{', stale' if citation.stale else ''}"


def day(value: date) -> str:
    """``6 Aug 2026``"""
    return f"{value.day} {value:%b} {value.year}"


def sources_seen(dating: Dating, clauses: Sequence[Clause], *, at_most: int = 4) -> str:
    """``Zoom Terms of Service seen 6 Aug 2026; Zoom Privacy Statement seen 5 Aug 2024: stale`` for vendors' own and guidance sources.

    The freshest come first; beyond ``at_most`` the others are counted.
    """
    seen_on: dict[str, date | None] = {}
    stale: set[str] = set()
    for clause in clauses:
        source = dating.knowledge.sources[clause.source_id]
        if source.kind in ("law", "standard") or source.third_party:
            continue
        seen_on.setdefault(source.label, dating.as_of(clause))
        stale |= {source.label} if dating.is_stale(clause) else set()
    labels = sorted(seen_on, key=lambda label: (-(seen_on[label] or date.min).toordinal(), label))
    notes = [
        f"{label} {f'seen {day(last)}' if (last := seen_on[label]) else 'undated'}{': stale' if label in stale else ''}" for label in labels
    ]
    if len(notes) > at_most:
        others = labels[at_most:]
        notes = [*notes[:at_most], f"and {len(others)} more, {sum(label in stale for label in others)} of them stale"]
    return "; ".join(notes)


def _gist(citation: Citation, shown: Collection[str], say: Callable[[str], str]) -> str:
    """What a clause says in a sentence; where both wordings are held, the quotation and our summary, each with its name.

    ``shown``: a wording that has a row of its own is not repeated.
    """
    own = first_sentence(citation.text)
    if citation.beside is None or citation.beside.id in shown:
        return say(f"official: “{_shortened(own)}”") if citation.wording == "official" else own
    other = first_sentence(citation.beside.text)
    official, summary = (own, other) if citation.wording == "official" else (other, own)
    return say(f"official: “{_shortened(official)}” · our summary: {summary}")


def _shortened(text: str, limit: int = 300) -> str:
    return text if len(text) <= limit else f"{text[:limit].rsplit(' ', 1)[0]} …"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def with_notices(answer: Answer, notices: Sequence[str]) -> Answer:
    """The answer with notices before everything else."""
    lines = [f"*{notice}*" for notice in notices]
    return answer.model_copy(update={"text": "\n\n".join([*lines, answer.text]), "notices": (*notices, *answer.notices)})
