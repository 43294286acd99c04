from __future__ import annotations

import pytest

from assistant.errors import InputError
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.readers import html

pytestmark = pytest.mark.unit

PARAGRAPHS = [
    "Elm keeps the notes of a practice for as long as the practice asks it to, and deletes them ten days after it is asked to do so.",
    "The notes are read by nobody but the practice. A person who repairs the machines sees them only in a form that cannot be read.",
    "When somebody else has read them all the same, Elm tells the practice of it on the same day, and says what it has done since.",
]


def page(main: str, *, head: str = "", before: str = "", after: str = "") -> str:
    return f"""<!DOCTYPE html>
<html lang="en-GB"><head><title>Elm Privacy | Elm</title>{head}<script>var tracker = "nobody reads this";</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/prices">Prices</a></li><li><a href="/login">Log in</a></li></ul></nav>{before}
<main>{main}</main>{after}
<footer><p>© Elm Ltd. All rights reserved.</p><a href="/jobs">Jobs</a></footer></body></html>"""


BODY = "<h1>Elm Privacy</h1><p>Last updated: 3 March 2024</p>" + "".join(
    f"<h2>{number}. {heading}</h2><p>{text}</p>"
    for number, (heading, text) in enumerate(zip(("Notes", "Reading", "Breaches"), PARAGRAPHS, strict=True), 1)
)


def read(text: str | bytes, name: str = "privacy.html") -> ParsedDocument:
    return html.read(RawDocument(name, text if isinstance(text, bytes) else text.encode()))


def shown(document: ParsedDocument) -> list[tuple[str, str]]:
    return [(str(clause.locator), clause.text) for clause in document.clauses]


def test_the_document_is_read_without_the_page_around_it() -> None:
    document = read(page(BODY))
    assert shown(document) == [
        ("Elm Privacy, para. 1", "Last updated: 3 March 2024"),
        ("§1", PARAGRAPHS[0]),
        ("§2", PARAGRAPHS[1]),
        ("§3", PARAGRAPHS[2]),
    ]
    assert document.skipped == ("the page around the document: 5 lines",)
    assert (document.metadata.title, document.metadata.language, str(document.metadata.version_date)) == ("Elm Privacy", "en", "2024-03-03")


def test_a_cookie_banner_and_what_cannot_be_seen_are_no_part_of_it() -> None:
    banner = '<div id="cookie-banner"><p>We use cookies to make this page better for you and for us.</p><button>Accept all</button></div>'
    hidden = (
        '<p style="display: none">Nobody sees this.</p><p hidden>Nor this.</p><p>Seen. <span class="sr-only">Read aloud only.</span></p>'
    )
    text = " ".join(clause.text for clause in read(page(BODY + hidden, before=banner)).clauses)
    assert "cookies" not in text
    assert "tracker" not in text
    assert "Nobody sees" not in text
    assert "Nor this" not in text
    assert "aloud" not in text
    assert "Seen." in text


def test_short_parts_that_an_extraction_drops_are_kept() -> None:
    """A table, a list of two words an item, an address: none of it looks like running text."""
    table = "<table><tr><th>Name</th><th>Task</th></tr><tr><td>Oak</td><td>Post</td></tr></table>"
    short = f"<h2>4. Helpers</h2>{table}<ul><li>Ash</li><li>Fir</li></ul><p>Elm Ltd<br>1 Elm Road</p>"
    document = read(page(BODY + short))
    assert [text for locator, text in shown(document) if locator.startswith("§4")] == [
        "Name | Task",
        "Oak | Post",
        "Ash",
        "Fir",
        "Elm Ltd 1 Elm Road",
    ]


def test_a_page_without_a_main_part_is_read_from_the_element_that_holds_the_text() -> None:
    around = "<div><a href='/a'>Menu one</a></div>"
    document = read(f"<html><body>{around}<div><div>{BODY}</div></div><div><p>Jobs at Elm</p></div></body></html>")
    assert [locator for locator, _ in shown(document)] == ["Elm Privacy, para. 1", "§1", "§2", "§3"]


def test_sentences_outside_of_the_document_are_named_in_a_warning() -> None:
    outside = "<aside><p>Practices in Elm also like our course on keeping good notes by hand, which begins in May.</p></aside>"
    [warning] = read(page(BODY, after=outside)).warnings
    assert "course on keeping good notes" in warning


def test_ordered_lists_have_the_numbers_that_a_browser_shows() -> None:
    lists = (
        f"<h1>Elm Terms</h1><p>{PARAGRAPHS[0]}</p><h2>A. Notes</h2><ol><li>Kept.</li><li>Read:<ol "
        f"type='a'><li>by day;</li><li>by night.</li></ol></li></ol>"
    )
    document = read(page(lists + f"<h2>B. Fees</h2><ol start='3'><li>{PARAGRAPHS[1]}</li></ol>"))
    assert [locator for locator, _ in shown(document)][1:] == ["§A.1", "§A.2", "§A.2(a)", "§A.2(b)", "§B.1"]


def test_the_address_is_given_without_what_follows_visitors() -> None:
    head = (
        '<link rel="canonical" '
        'href="https://elm.example/privacy?lang=en&amp;utm_source=mail&amp;gclid=1#top"><meta property="og:site_name" content="Elm">'
    )
    metadata = read(page(BODY, head=head)).metadata
    assert metadata.url == "https://elm.example/privacy?lang=en#top"
    assert metadata.publisher == "Elm"
    saved = "<!-- saved from url=(0030)https://elm.example/p?fbclid=2 -->\n" + page(BODY)
    assert read(saved).metadata.url == "https://elm.example/p"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_the_encoding_is_the_declared_one_or_told_from_the_bytes(charset: str) -> None:
    text = page(BODY + "<p>The café’s notes – naïve.</p>".replace("’", "'").replace("–", "-"), head=f'<meta charset="{charset}">')
    assert any("café" in clause.text for clause in read(text.encode(charset)).clauses)


def test_a_page_saved_as_a_web_archive_is_read() -> None:
    parts = [
        "MIME-Version: 1.0", 'Content-Type: multipart/related; boundary="b"', "", "--b", "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: 8bit", "", page(BODY), "--b--", "",
    ]  # fmt: skip
    assert [locator for locator, _ in shown(read("\r\n".join(parts), "privacy.mhtml"))][1:] == ["§1", "§2", "§3"]


LOGIN = (
    "<html><body><h1>Welcome "
    "back</h1><form><label>E-mail</label><input><label>Password</label><input></form><p>Log in to your account "
    "to continue.</p><a href='/f'>Forgot your password?</a></body></html>"
)
WALL = (
    "<html><body><div><p>We value your privacy</p><p>We and our 812 partners store information on a "
    "device.</p><p>Accept all</p><p>Reject all</p></div></body></html>"
)


@pytest.mark.parametrize(
    "text, reason",
    [
        (LOGIN, "is a login page and not the document"),
        (WALL, "is a cookie wall and not the document"),
        ("<html><body><noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div></body></html>", "no words"),
        ("<html><body><p>Please enable JavaScript to see this page.</p></body></html>", "is a page that asks for JavaScript"),
        (
            "<html><head><title>Just a moment...</title></head><body><p>Checking your browser before you go on.</p></body></html>",
            "is a check for robots",
        ),
        ("<html></html>", "no words"),
        ("<!-- nothing -->", "is an empty page"),
    ],
    ids=["login page", "cookie wall", "script only", "asks for script", "robot check", "no body", "comment"],
)
def test_what_is_no_document_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(text)


def test_elements_nested_without_end_and_broken_tags_do_no_harm() -> None:
    nested = "<div>" * 3000 + "deep" + "</div>" * 3000
    assert read(page(BODY + nested + "<p>Un<b>closed <i>tags")).clauses


def test_external_entities_are_not_resolved() -> None:
    declared = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + page(BODY + "<p>Name: &x;.</p>").replace(
        "<!DOCTYPE html>", ""
    )
    assert any("Name" in clause.text for clause in read(declared).clauses)
    assert not any("/etc" in clause.text or "localhost" in clause.text for clause in read(declared).clauses)


def test_a_page_is_recognised_by_its_content() -> None:
    assert html.recognises(RawDocument("privacy.txt", page(BODY).encode()))
    assert html.recognises(RawDocument("part.html", b"<div><p>One.</p><p>Two.</p></div>"))
    assert not html.recognises(RawDocument("privacy.html", b"Plain words."))
    assert not html.recognises(RawDocument("privacy.html", b"%PDF-1.4"))
