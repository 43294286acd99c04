"""An answer as one line of safe HTML: the verdict first, then the text with its citation marks, then the clauses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from assistant.converse.render import CLAUSES_MARK
from assistant.interfaces.page.clause_html import clause_anchor, external_link, is_web_address, render_clauses
from assistant.schema import Answer, Citation, Knowledge, VerdictToken

VERDICT_WORDS: dict[VerdictToken, str] = {
    "suitable": "Suitable",
    "suitable_on_conditions": "Only on conditions",
    "not_enough_evidence": "Not enough evidence",
    "not_suitable": "Not suitable",
}
SHOWN_OF_A_QUESTION = 600  # characters; a longer one is refused by the assistant and need not fill the page

_MARK = re.compile(r"\[(\d{1,3})\]")


def render_answer(answer: Answer, knowledge: Knowledge, *, turn: int) -> str:
    """The whole answer; ``turn`` keeps the anchors of one answer apart from those of the others."""
    parts = [
        _badges(answer, knowledge),
        _text(answer, turn),
        render_clauses(answer.citations, knowledge.sources, turn=turn),
        _checked(answer),
    ]
    return one_line(f'<article class="cw-answer">{"".join(parts)}</article>')


def render_question(text: str) -> str:
    """What the person asked, as they wrote it, cut where it is very long."""
    shown = text if len(text) <= SHOWN_OF_A_QUESTION else f"{text[:SHOWN_OF_A_QUESTION]} … ({len(text):,} characters)"
    return one_line(f'<div class="cw-question">{_with_breaks(shown) or "(empty)"}</div>')


def render_note(text: str) -> str:
    """A sentence of the page itself in place of an answer."""
    return one_line(f'<div class="cw-note">{_with_breaks(text)}</div>')


def render_waiting(said: Sequence[str] = ()) -> str:
    """Shown until the answer is there, with the sentences of a language model that have passed so far."""
    so_far = f'<article class="cw-answer"><p>{" ".join(escape(text) for text in said)}</p></article>' if said else ""
    return one_line(f'{so_far}<div class="cw-waiting">Reading the clauses<span class="cw-dots"></span></div>')


def one_line(html: str) -> str:
    """The same HTML without line breaks: the chat reads a message as Markdown, and an HTML block ends at a blank line."""
    return re.sub(r"\s*[\r\n\u2028\u2029]\s*", "&#10;", html)


def _with_breaks(text: str) -> str:
    return "<br>".join(escape(line) for line in text.strip().splitlines())


def _badges(answer: Answer, knowledge: Knowledge) -> str:
    if answer.abstained:
        return '<p class="cw-badges"><span class="cw-verdict cw-abstained">Not in my sources</span></p>'
    if answer.verdict:
        badges = [_badge(answer.verdict, _names(answer.tools, knowledge))]
        if answer.as_it_comes and answer.as_it_comes != answer.verdict:
            badges.append(_badge(answer.as_it_comes, "As it comes", small=True))
    else:
        badges = [_badge(token, _names((tool,), knowledge)) for tool, token in answer.verdicts.items()]
    return f'<p class="cw-badges">{" ".join(badges)}</p>' if badges else ""


def _badge(token: VerdictToken, about: str, *, small: bool = False) -> str:
    size = " cw-small" if small else ""
    subject = f'<span class="cw-about">{escape(about)}:</span> ' if about else ""
    return f'<span class="cw-verdict cw-{token.replace("_", "-")}{size}">{subject}{VERDICT_WORDS[token]}</span>'


def _names(tools: Sequence[str], knowledge: Knowledge) -> str:
    return ", ".join(knowledge.tools[tool].name if tool in knowledge.tools else tool for tool in tools)


def _text(answer: Answer, turn: int) -> str:
    body = answer.text.split(CLAUSES_MARK, 1)[0]
    cited = {citation.number: citation for citation in answer.citations}
    html: str = _MARKDOWN.render(body, {"cited": cited, "turn": turn, "links": []})
    return f'<div class="cw-body">{html}</div>'


def _checked(answer: Answer) -> str:
    tally = answer.verification
    if not tally.kept or not answer.citations:
        return ""
    dropped = f"; {tally.dropped} did not hold and {'was' if tally.dropped == 1 else 'were'} left out" if tally.dropped else ""
    return f'<p class="cw-checked">{tally.checked} statements were checked against their clauses{dropped}.</p>'


class _AnswerRenderer(RendererHTML):
    """CommonMark to HTML without raw HTML or images, with citation marks as links to their clauses."""

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return with_marks(tokens[idx].content, env["cited"], env["turn"])

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        if tokens[idx].hidden:
            return ""
        kind = _enclosing(tokens[idx + 1])
        return {"strong": "<h3>", "em": '<p class="cw-aside">'}.get(kind, "<p>")

    def paragraph_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        if tokens[idx].hidden:
            return ""
        return "</h3>" if _enclosing(tokens[idx - 1]) == "strong" else "</p>"

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<li class="cw-check">' if tokens[idx + 2 : idx + 3] and tokens[idx + 2].content.startswith("☐") else "<li>"

    def heading_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<{_heading(tokens[idx])}>"

    def heading_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"</{_heading(tokens[idx])}>"

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<div class="cw-table"><table>'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>"

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<pre class="cw-letter">{escape(tokens[idx].content)}</pre>'

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        url = str(tokens[idx].attrGet("href") or "")
        known = is_web_address(url) and url in {citation.url for citation in env["cited"].values()}
        env["links"].append(known)
        return external_link(url, "").removesuffix("</a>") if known else ""

    def link_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</a>" if env["links"].pop() else ""


def with_marks(text: str, cited: Mapping[int, Citation], turn: int) -> str:
    """Escaped text in which each ``[n]`` that names a citation is a link to its clause; any other stays as it is."""
    parts, end = [], 0
    for match in _MARK.finditer(text):
        citation = cited.get(int(match[1]))
        if citation is not None:
            parts += [escape(text[end : match.start()]), _mark(citation, turn)]
            end = match.end()
    return "".join([*parts, escape(text[end:])])


def _mark(citation: Citation, turn: int) -> str:
    address = clause_anchor(turn, citation.number)
    return f'<a class="cw-mark" href="#{address}" title="{escape(citation.label)}">{citation.number}</a>'


def _enclosing(inline: Token) -> str:
    """``strong`` or ``em`` if one such pair encloses the whole paragraph: a title or an aside; else ""."""
    children = [child for child in inline.children or [] if child.type != "text" or child.content]
    if len(children) < 3 or children[0].type not in ("strong_open", "em_open"):
        return ""
    level = children[0].level
    closing = next(position for position, child in enumerate(children) if child.nesting == -1 and child.level == level)
    return children[0].tag if closing == len(children) - 1 else ""


def _heading(token: Token) -> str:
    """The page's name is the only first-level heading; the heading of an answer comes second."""
    return "h2" if token.tag in ("h1", "h2", "h3") else "h3"


# A link of the text is shown as one only where it is the address of a cited source: a clause cannot smuggle one in.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=_AnswerRenderer).enable("table").disable(["image", "reference"])
