"""A Markdown report as one HTML file that needs nothing else: charts stand in it, and it may load nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light; }}
body {{ font: 15px/1.5 system-ui, sans-serif; color: #1f2933; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }}
h1, h2, h3 {{ line-height: 1.25; }} h2 {{ margin-top: 2.2rem; border-bottom: 1px solid #cbd5e0; padding-bottom: .2rem; }}
h3 {{ margin: 1.8rem 0 .4rem; }}
table {{ border-collapse: collapse; margin: .8rem 0; display: block; overflow-x: auto; }}
th, td {{ padding: .25rem .7rem; border-bottom: 1px solid #e4e9ef; vertical-align: top; font-variant-numeric: tabular-nums; }}
thead th {{ border-bottom: 2px solid #cbd5e0; }}
blockquote {{ margin: .4rem 0; padding: .1rem .9rem; border-left: 3px solid #2b6cb0; background: #f5f8fb; }}
code {{ background: #f0f3f6; padding: 0 .25rem; overflow-wrap: anywhere; }}
figure {{ margin: 1rem 0; }} figure svg {{ max-width: 100%; height: auto; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""

# What Markdown gives a meaning; in text from a data set all of it is text.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~&])")


def as_text(words: str, *, longest: int = 400) -> str:
    """Words of a data set on one line of Markdown, shortened, with nothing in them that Markdown or HTML would act on."""
    plain = " ".join(words.split())
    shown = plain if len(plain) <= longest else f"{plain[:longest].rstrip()} …"
    return _SPECIAL.sub(r"\\\1", shown)


def render_html(markdown: str, charts: Mapping[str, str]) -> str:
    """The page. An image whose address ends in the name of a chart becomes that chart; any other image only its description."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")

    def image(renderer: object, tokens: Sequence[Any], index: int, options: object, environment: object) -> str:
        token = tokens[index]
        name = str(token.attrs.get("src", "")).rpartition("/")[2].removesuffix(".svg")
        described = html.escape(token.content)
        return f'<figure role="img" aria-label="{described}">{charts[name]}</figure>' if name in charts else described

    reader.add_render_rule("image", image)
    title = next((line.removeprefix("# ") for line in markdown.splitlines() if line.startswith("# ")), "Report")
    return _PAGE.format(title=html.escape(title), body=reader.render(markdown))
