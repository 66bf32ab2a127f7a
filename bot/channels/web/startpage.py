"""The page at /: what the bot is, the widget in full, and how to put it on a page of one's own."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape
from pathlib import Path
from string import Template
from typing import Any

_TEMPLATE = Path(__file__).parent / "start.html"
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def start_page(begin: dict[str, Any], base: str, site: str, version: str) -> str:
    """The page as HTML. base: the channel's path. site: our own origin. version: the hash in the bundle's name."""
    embedding = f'<script defer src="{site}{base}/widget.js"></script>'
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        titel=escape(begin["titel"]),
        base=escape(base),
        script=escape(f"{base}/widget.{version}.js" if version else f"{base}/widget.js"),
        voorbeelden=_items(begin["voorbeelden"]),
        insluiten=escape(embedding),
        privacy=as_html(begin["privacy"]),
        bronnen=_items(f"{bron['titel']} ({bron['datum'] or 'datum onbekend'})" for bron in begin["bronnen"]),
        contact=_contact(begin["contact"]),
    )


def headers(origins: Collection[str]) -> dict[str, str]:
    """Everything from our own origin, nothing inline; only listed sites may show the page in a frame."""
    return {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {' '.join([chr(39) + 'self' + chr(39), *sorted(origins)])}",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-cache",
    }


def as_html(markdown: str) -> str:
    """Paragraphs, lists and bold; that is all that our own texts hold."""
    blocks = []
    for block in markdown.split("\n\n"):
        lines = block.split("\n")
        if all(line.startswith("- ") for line in lines):
            blocks.append(f"<ul>\n{_items(line[2:] for line in lines)}\n</ul>")
        else:
            blocks.append(f"<p>{_inline(block)}</p>")
    return "\n".join(blocks)


def _items(texts: Any) -> str:
    return "\n".join(f"<li>{_inline(text)}</li>" for text in texts)


def _inline(text: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", escape(text))


def _contact(contact: dict[str, str]) -> str:
    naam, mail, page = (escape(contact.get(part, "")) for part in ("naam", "e_mail", "pagina"))
    ways = []
    if mail:
        ways.append(f'<a href="mailto:{mail}">{mail}</a>')
    if page.startswith(("https://", "http://")):
        ways.append(f'<a href="{page}">{page}</a>')
    return naam + (f" ({', '.join(ways)})" if ways else "")
