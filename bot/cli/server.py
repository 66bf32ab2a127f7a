"""`loopbaan run` and `loopbaan train`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--port", default=5005, show_default=True, help="Poort waarop de bot luistert.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Adres waarop de bot luistert.")
@click.option("--credentials", type=click.Path(exists=True, path_type=Path), help="Bestand met de kanalen.")
@click.option("--productie", is_flag=True, help="Voor echte gebruikers: start alleen als alles veilig is ingesteld.")
def run(port: int, host: str, credentials: Path | None, productie: bool) -> None:
    """Start de bot met alle kanalen."""
    from bot.server import CannotStart, quiet, serve

    quiet()
    try:
        serve(port, host, credentials, productie)
    except CannotStart as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.option("--als-nodig", is_flag=True, help="Doe niets als het model al bij is.")
def train(als_nodig: bool) -> None:
    """Train het model op de inhoud en de trainingsvragen."""
    from bot.server import quiet

    quiet()
    import time

    from bot import training
    from bot.settings import Settings
    from knowledge.store import KnowledgeUnavailable

    settings = Settings.from_environment()
    try:
        if als_nodig and training.is_current(settings):
            return
        click.echo("Het model wordt getraind. Dat duurt een paar minuten ...")
        started = time.monotonic()
        model = training.train(settings)
    except KnowledgeUnavailable as error:
        raise click.ClickException(str(error)) from error
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Klaar in {time.monotonic() - started:.0f} s: {model}")
