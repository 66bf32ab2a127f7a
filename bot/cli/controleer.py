"""`loopbaan controleer`: is a channel set up well, and if not, what is wrong?"""

from __future__ import annotations

import asyncio
import importlib
import sys

import click


@click.command()
@click.argument("kanaal", type=click.Choice(["slack", "teams"]))
@click.option(
    "--url",
    default="http://127.0.0.1:5005",
    show_default=True,
    help="Adres van de draaiende bot. Neem het adres dat Slack of Teams gebruikt om ook de weg van buiten te controleren.",
)
def controleer(kanaal: str, url: str) -> None:
    """Controleer de instellingen van een kanaal. Eindigt met code 1 als er iets niet klopt."""
    if not asyncio.run(_show(kanaal, url.rstrip("/"))):
        sys.exit(1)


async def _show(kanaal: str, url: str) -> bool:
    controle = importlib.import_module(f"bot.channels.{kanaal}.controle")
    wrong = 0
    async for check in controle.checks(url):
        wrong += not check.goed
        click.echo(f"{'goed' if check.goed else 'FOUT'}  {check.tekst}")
    click.echo("Alles klopt." if not wrong else f"Niet goed: {wrong}. Los eerst de bovenste fout op.")
    return not wrong
