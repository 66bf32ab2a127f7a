"""`loopbaan controleer`: is a channel, or all of it for production, set up well? And if not, what is wrong?"""

from __future__ import annotations

import asyncio
import importlib
import sys

import click


@click.command()
@click.argument("wat", type=click.Choice(["slack", "teams", "productie"]))
@click.option(
    "--url",
    default="http://127.0.0.1:5005",
    show_default=True,
    help="Adres van de draaiende bot. Neem het adres dat Slack of Teams gebruikt om ook de weg van buiten te controleren.",
)
def controleer(wat: str, url: str) -> None:
    """Controleer een kanaal, of alles wat voor productie nodig is. Eindigt met code 1 als er iets niet klopt."""
    if not asyncio.run(_show(wat, url.rstrip("/"))):
        sys.exit(1)


async def _show(wat: str, url: str) -> bool:
    if wat == "productie":
        from bot.server import quiet

        quiet()
    controle = importlib.import_module("bot.productie" if wat == "productie" else f"bot.channels.{wat}.controle")
    wrong = 0
    async for check in controle.checks(url):
        wrong += not check.goed
        click.echo(f"{'goed' if check.goed else 'FOUT'}  {check.tekst}")
    click.echo("Alles klopt." if not wrong else f"Niet goed: {wrong}. Los eerst de bovenste fout op.")
    return not wrong
