"""A page to keep or print: the same parts as HTML that stands on its own, and as plain text.

The HTML asks nothing of the network (its content policy forbids it) and every word in it is escaped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bot.answers.answer import Source
from bot.answers.salaris import datum

COMPUTER = "Gemaakt door een computer. Controleer belangrijke dingen en bespreek ze met een mens."


@dataclass(frozen=True)
class Deel:
    """A part of the page: a heading, then sentences, then a list. Plain text, no Markdown."""

    kop: str
    alineas: tuple[str, ...] = ()
    punten: tuple[str, ...] = ()


def document(
    titel: str,
    delen: Sequence[Deel],
    bronnen: Sequence[Source],
    opmerkingen: Sequence[str] = (),
    vandaag: dt.date | None = None,
) -> dict[str, str]:
    """The page as `{"titel", "html", "tekst"}`.

    opmerkingen: what must be said about the sources. vandaag: the date on the page; None leaves it out.
    """
    parts = [*delen]
    if bronnen:
        parts.append(Deel("Bronnen", punten=tuple(_source(source) for source in bronnen)))
    if opmerkingen:
        parts.append(Deel("Let op", punten=tuple(opmerkingen)))
    made = f"Datum: {datum(vandaag.isoformat())}" if vandaag else None
    return {"titel": titel, "html": _html(titel, made, parts), "tekst": _text(titel, made, parts)}


def _source(source: Source) -> str:
    date = f" ({source.date})" if source.date else " (datum onbekend)"
    return f"{source.title}{date}, {source.section}"


_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.15rem; margin: 1.5rem 0 .25rem; }
p { margin: .25rem 0; }
ul { margin: .25rem 0; padding-left: 1.25rem; }
.datum, footer { color: #555; font-size: .9rem; }
footer { margin-top: 2rem; border-top: 1px solid #999; padding-top: .5rem; }
@page { margin: 2cm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 11pt; }
  section { break-inside: avoid; }
  h2 { break-after: avoid; }
}
""".strip()


def _html(titel: str, made: str | None, parts: Sequence[Deel]) -> str:
    lines = [
        "<!doctype html>",
        '<html lang="nl">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{escape(titel)}</title>",
        f"<style>\n{_STYLE}\n</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{escape(titel)}</h1>",
    ]
    if made:
        lines.append(f'<p class="datum">{escape(made)}</p>')
    for part in parts:
        lines += ["<section>", f"<h2>{escape(part.kop)}</h2>"]
        lines += [f"<p>{escape(text)}</p>" for text in part.alineas]
        if part.punten:
            lines += ["<ul>", *(f"<li>{escape(text)}</li>" for text in part.punten), "</ul>"]
        lines.append("</section>")
    lines += ["</main>", f"<footer>{escape(COMPUTER)}</footer>", "</body>", "</html>"]
    return "\n".join(lines) + "\n"


def _text(titel: str, made: str | None, parts: Sequence[Deel]) -> str:
    lines = [titel, "=" * len(titel), *([made] if made else [])]
    for part in parts:
        lines += ["", part.kop, "-" * len(part.kop), *part.alineas, *(f"- {text}" for text in part.punten)]
    return "\n".join([*lines, "", COMPUTER]) + "\n"
