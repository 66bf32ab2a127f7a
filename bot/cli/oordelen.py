"""`loopbaan oordelen`: what people found of the answers, for editors."""

from __future__ import annotations

import csv
import sys
from typing import Any

import click

_COLUMNS = ("moment", "oordeel", "soort", "uitkomst", "bronnen", "woord", "vraag", "antwoord")


@click.command()
@click.option("--csv", "as_csv", is_flag=True, help="Toon alles als CSV (puntkomma's), voor een rekenblad.")
@click.option("--slecht", is_flag=True, help="Alleen de duimen omlaag.")
def oordelen(as_csv: bool, slecht: bool) -> None:
    """Toon wat mensen van de antwoorden vonden, het nieuwste eerst."""
    from bot.channels.feedback import Feedback
    from bot.settings import SettingError, WebSettings

    try:
        rows = Feedback(WebSettings.from_environment().oordelen).all(only_bad=slecht)
    except SettingError as error:
        raise click.ClickException(str(error)) from error
    for row in rows:
        row["oordeel"] = "goed" if row["goed"] else "slecht"
    if as_csv:
        writer = csv.writer(sys.stdout, delimiter=";")
        writer.writerow(_COLUMNS)
        writer.writerows([_cell(row[name]) for name in _COLUMNS] for row in rows)
        return
    if not rows:
        click.echo("Er zijn nog geen oordelen.")
        return
    good = sum(row["oordeel"] == "goed" for row in rows)
    click.echo(f"{len(rows)} {'oordeel' if len(rows) == 1 else 'oordelen'}: {good} goed, {len(rows) - good} slecht.")
    for row in rows:
        _show(row)


def _show(row: dict[str, Any]) -> None:
    click.echo(f"\n{row['moment']}  {row['oordeel']}  {row['soort'] or 'soort onbekend'} ({row['uitkomst'] or '-'})")
    for name in ("bronnen", "woord", "vraag", "antwoord"):
        if row[name]:
            click.echo(f"  {name}: {row[name]}")


def _cell(value: Any) -> str:
    """A cell that a spreadsheet takes for text, also when somebody typed a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
