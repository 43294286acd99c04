"""Reports as pages: text of a data set stays text, and nothing is loaded."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from eval.retrieval.html import as_text, render_html

HOSTILE = [
    "<script>alert(1)</script>",
    "![x](https://example.org/x.png)",
    "[click](javascript:alert(1))",
    "`code` *bold* | a cell",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    "# a heading",
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_a_data_set_are_shown_as_they_are(words: str) -> None:
    page = render_html(f"# Report\n\n> {as_text(words)}\n", {})
    seen = Tags()
    seen.feed(page[page.index("<body>") :])
    assert seen.tags == ["body", "h1", "blockquote", "p"]
    assert words in seen.text


def test_charts_stand_in_the_page_and_other_images_do_not() -> None:
    page = render_html("# R\n\n![A chart](charts/one.svg)\n\n![Elsewhere](https://example.org/x.png)\n", {"one": "<svg>drawn</svg>"})
    assert '<figure role="img" aria-label="A chart"><svg>drawn</svg></figure>' in page
    assert "example.org" not in page
    assert "Elsewhere" in page
    assert "default-src 'none'" in page


def test_long_texts_are_shortened() -> None:
    assert as_text("word " * 200, longest=20) == "word word word word …"
