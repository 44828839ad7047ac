"""A handout as one HTML file with its pictures in it, which opens in any browser without a network."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from bpviz.language import chosen

# A4 across, as in PDF; on the screen one page below the other.
_STYLE = """\
@page { size: A4 landscape; margin: 12mm; }
body { margin: 0 auto; padding: 24px; max-width: 1100px; background: #ffffff; color: #1f2328;
  font: 16px/1.5 Inter, "Segoe UI", "Helvetica Neue", Arial, sans-serif; font-feature-settings: "tnum"; }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 24px; }
h2 { font-size: 20px; line-height: 1.3; margin: 0 0 12px; }
section { margin: 0 0 48px; break-after: page; break-inside: avoid; }
section:last-child { break-after: auto; }
img { display: block; width: 100%; height: auto; border: 1px solid #d9d9d6; box-sizing: border-box; }
p { margin: 12px 0 0; max-width: 78ch; }
@media print { body { padding: 0; max-width: none; } img { max-height: 125mm; object-fit: contain; } }
"""


@dataclass(frozen=True)
class HtmlPage:
    """A page: plain heading, rich paragraphs, and a picture as a PNG file with a description; b"" for no picture."""

    heading: str
    paragraphs: tuple[str, ...]
    png: bytes = b""
    description: str = ""


def html_file(title: str, pages: Iterable[HtmlPage]) -> bytes:
    """Return the file."""
    sections = "\n".join(map(_section, pages))
    return f"""\
<!DOCTYPE html>
<html lang="{chosen().replace("_", "-")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="bpviz">
<title>{escape(title)}</title>
<style>
{_STYLE}</style>
</head>
<body>
<h1>{escape(title)}</h1>
{sections}
</body>
</html>
""".encode()


def _section(page: HtmlPage) -> str:
    lines = ["<section>", f"<h2>{escape(page.heading)}</h2>"]
    if page.png:
        data = base64.b64encode(page.png).decode("ascii")
        lines.append(f'<img alt="{escape(page.description)}" src="data:image/png;base64,{data}">')
    lines += [f"<p>{paragraph}</p>" for paragraph in page.paragraphs]
    return "\n".join([*lines, "</section>"])
