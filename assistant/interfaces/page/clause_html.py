"""Cited clauses as safe HTML: every character that comes from a source is escaped here, whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

from assistant.converse.render import day, seen
from assistant.schema import Citation, Source, SourceKind, Wording

WORDING_NAMES: dict[Wording, str] = {"official": "Official words", "summary": "Our summary"}
KIND_NAMES: dict[SourceKind, str] = {
    "law": "Law",
    "standard": "Standard",
    "vendor": "Vendor’s document",
    "guidance": "Guidance",
    "contract": "Your contract",
}


def clause_anchor(turn: int, number: int) -> str:
    """The id of a clause's entry on the page; ``turn`` counts the questions of a conversation from 1."""
    return f"clause-{turn}-{number}"


def render_clauses(citations: tuple[Citation, ...], sources: Mapping[str, Source], *, turn: int) -> str:
    """The list of clauses an answer relied on, each folded and opened by one click; empty without any."""
    if not citations:
        return ""
    entries = "".join(_entry(citation, sources.get(citation.source), turn) for citation in citations)
    return f'<section class="cw-clauses"><h3>Clauses relied on <span class="cw-count">{len(citations)}</span></h3>{entries}</section>'


def is_web_address(url: str) -> bool:
    """Whether an address may become a link: http or https with a host, and nothing else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def external_link(url: str, text: str) -> str:
    """A link that opens in a new tab and tells the other side nothing; ``text`` is HTML already."""
    return f'<a class="cw-external" href="{escape(url)}" target="_blank" rel="noopener noreferrer">{text}</a>'


def _entry(citation: Citation, source: Source | None, turn: int) -> str:
    return (
        f'<details class="cw-entry" id="{clause_anchor(turn, citation.number)}">'
        f"<summary>{_summary(citation)}</summary>"
        f'<div class="cw-clause">{_body(citation, source)}</div>'
        "</details>"
    )


def _summary(citation: Citation) -> str:
    stale = '<span class="cw-tag cw-stale">Stale</span>' if citation.stale else ""
    when = seen(citation).removesuffix(", stale")
    return (
        f'<span class="cw-number">{citation.number}</span>'
        f'<span class="cw-label">{escape(citation.label)}</span>'
        f'<span class="cw-when">{_wording(citation)}{stale}<span class="cw-seen">{escape(when)}</span></span>'
    )


def _body(citation: Citation, source: Source | None) -> str:
    parts = [
        f'<p class="cw-wording">{_wording(citation)}{_warnings(citation)}</p>',
        f'<blockquote class="cw-text">{_highlighted(citation)}</blockquote>',
        _other_wording(citation),
        _practice(citation.practice),
        _facts(citation, source),
    ]
    return "".join(parts)


def _wording(citation: Citation) -> str:
    return f'<span class="cw-tag cw-{citation.wording}">{WORDING_NAMES[citation.wording]}</span>'


def _warnings(citation: Citation) -> str:
    """What to know before relying on the clause: that it is stale, or that the vendor did not write it."""
    stale = {
        "law": "Superseded: a newer text has taken its place",
        "standard": "Superseded: a newer text has taken its place",
        "contract": "Stale: ended or replaced",
    }.get(citation.source_kind, "Stale: look at the source before you rely on it")
    tags = [f'<span class="cw-tag cw-stale">{stale}</span>'] if citation.stale else []
    if citation.review:
        tags.append('<span class="cw-tag cw-stale">For review: the words have changed since</span>')
    if citation.private:
        tags.append('<span class="cw-tag">Private: stays on this machine</span>')
    if citation.third_party:
        tags.append('<span class="cw-tag cw-third">Written by a third party</span>')
    return "".join(tags)


def _highlighted(citation: Citation) -> str:
    """The clause's text with the span that supports the answer marked; unmarked where the span is not where it should be."""
    text, start = citation.text, citation.span_start
    end = start + len(citation.span)
    if not citation.span or text[start:end] != citation.span:
        return _lines(text)
    return f"{_lines(text[:start])}<mark>{_lines(text[start:end])}</mark>{_lines(text[end:])}"


def _lines(text: str) -> str:
    return escape(text).replace("\r\n", "\n").replace("\n", "<br>")


def _other_wording(citation: Citation) -> str:
    """The same place in the other wording, with its name and its own date."""
    beside = citation.beside
    if beside is None:
        return ""
    printed = f"text of {day(beside.version_date)}" if beside.version_date else ""
    facts = " · ".join(escape(fact) for fact in (printed, beside.edition or "") if fact)
    return (
        f'<p class="cw-wording"><span class="cw-tag cw-{beside.wording}">{WORDING_NAMES[beside.wording]}</span> {facts}</p>'
        f'<blockquote class="cw-text">{_lines(beside.text)}</blockquote>'
    )


def _practice(note: str | None) -> str:
    return f'<p class="cw-practice"><strong>Our note for your practice</strong> {_lines(note)}</p>' if note else ""


def _facts(citation: Citation, source: Source | None) -> str:
    kind = "Page of a third party" if citation.third_party else KIND_NAMES[citation.source_kind]
    facts = {
        "Source": f"{escape(source.title if source else citation.source)} <em>({escape(kind)})</em>",
        "Place": escape(citation.locator),
        "Heading": " › ".join(escape(heading) for heading in citation.heading_path),
        "Date printed": day(citation.version_date) if citation.version_date else "none",
        "Last seen in force": day(citation.as_of) if citation.as_of else "no date",
        "Edition": escape(citation.edition or ""),
        "Address": _address(citation),
    }
    return f'<dl class="cw-facts">{"".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts.items() if value)}</dl>'


def _address(citation: Citation) -> str:
    if not is_web_address(citation.url):
        return escape(citation.url)
    host = urlsplit(citation.url).hostname or ""
    name = "Open the page at" if citation.third_party else "Open the official page at"
    return external_link(citation.url, f"{name} {escape(host)}")
