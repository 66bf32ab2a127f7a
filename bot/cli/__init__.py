"""The command line. Nothing heavy is imported before a command needs it, so that `loopbaan --help` answers at once."""

from __future__ import annotations

import sys

import click

from bot.cli import bewaar, controleer, evaluatie, gesprek, kennis, oordelen, server


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Loopbaanbot: antwoord op vragen over werken bij de overheid, met bron."""


cli.add_command(server.run)
cli.add_command(server.train)
cli.add_command(gesprek.chat)
cli.add_command(gesprek.ask)
cli.add_command(kennis.knowledge)
cli.add_command(evaluatie.evaluate)
cli.add_command(oordelen.oordelen)
cli.add_command(controleer.controleer)
cli.add_command(bewaar.bewaar)


def main() -> None:
    """Entry point of the console command `loopbaan`."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
