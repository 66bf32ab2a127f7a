"""`loopbaan bewaar`: clear up old conversations, erase one, or show one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bot.channels.feedback import Feedback
    from bot.stores import EventStore

T = TypeVar("T")


@click.group()
def bewaar() -> None:
    """Bewaarde gesprekken: opruimen, wissen en tonen.

    Werkt op de gesprekken (LOOPBAAN_GESPREKKEN) en de oordelen (LOOPBAAN_OORDELEN). De bot mag intussen draaien.
    """


@bewaar.command()
def opruimen() -> None:
    """Wis wat ouder is dan de bewaartermijn (LOOPBAAN_BEWAARDAGEN, standaard 30 dagen).

    De bot doet dit ook zelf, elke dag. Twee keer opruimen kan geen kwaad.
    """
    from bot.channels.feedback import KEPT_DAYS
    from bot.privacy.keeping import clear_up
    from bot.settings import SettingError, retention_days

    try:
        days = retention_days()
    except SettingError as error:
        raise click.ClickException(str(error)) from error
    gone = _with_stores(lambda store, feedback: clear_up(store, feedback, days))
    click.echo(f"Gesprekken: {_number(gone.events, 'gebeurtenis', 'gebeurtenissen')} van voor {days} dagen gewist.")
    click.echo(f"Oordelen: {_number(gone.verdicts, 'oordeel', 'oordelen')} van voor {KEPT_DAYS} dagen gewist.")


@bewaar.command()
@click.argument("gesprek")
@click.option("--ja", is_flag=True, help="Vraag niet of je het zeker weet.")
def wis(gesprek: str, ja: bool) -> None:
    """Wis één gesprek overal. GESPREK is het nummer uit `loopbaan bewaar lijst`."""
    from bot.privacy.keeping import erase

    if not ja:
        click.confirm("Dit kan niet ongedaan worden gemaakt. Gesprek wissen?", abort=True)
    gone = _with_stores(lambda store, feedback: erase(store, feedback, gesprek))
    if not gone.events and not gone.verdicts:
        click.echo("Van dit gesprek is niets bewaard.")
        return
    click.echo(f"Gesprek: {_number(gone.events, 'gebeurtenis', 'gebeurtenissen')} gewist.")
    click.echo(f"Oordelen: tekst bij {_number(gone.verdicts, 'oordeel', 'oordelen')} gewist.")


@bewaar.command()
@click.argument("gesprek")
def toon(gesprek: str) -> None:
    """Toon wat er van één gesprek bewaard is, als JSON. GESPREK is het nummer uit `loopbaan bewaar lijst`."""
    from bot.privacy.keeping import own_copy

    async def find(store: EventStore, feedback: Feedback) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        return await store.export(gesprek), feedback.of_conversation(gesprek)

    events, verdicts = _with_stores(find)
    if not events and not verdicts:
        raise click.ClickException("Van dit gesprek is niets bewaard.")
    found = {"gesprek": gesprek, **own_copy(events, verdicts), "gebeurtenissen": events}
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@bewaar.command()
def lijst() -> None:
    """Toon de nummers van alle bewaarde gesprekken, met het moment van het eerste en het laatste bericht (UTC)."""
    from bot.privacy.keeping import own_copy

    async def find(store: EventStore, feedback: Feedback) -> list[tuple[str, list[dict[str, Any]]]]:
        return [(key, own_copy(await store.export(key), [])["berichten"]) for key in await store.keys()]

    for key, said in _with_stores(find):
        moments = [message["moment"] for message in said if message["moment"]]
        span = f"{moments[0]}  {moments[-1]}" if moments else "-  -"
        click.echo(f"{key}  {span}  {_number(len(said), 'bericht', 'berichten')}")


def _with_stores(work: Callable[[EventStore, Feedback], Awaitable[T]]) -> T:
    """Do something with the stores that the environment names. Raises ClickException when they aren't there."""
    from bot.server import quiet

    quiet()
    from bot.channels.feedback import Feedback
    from bot.settings import SettingError, WebSettings
    from bot.stores import EventStore, Unavailable, places

    place = places.place()
    if place == places.MEMORY:
        raise click.ClickException(
            "Gesprekken staan alleen in het geheugen van de draaiende bot (LOOPBAAN_GESPREKKEN=geheugen). "
            "Ze zijn weg als hij stopt."
        )
    try:
        feedback, store = Feedback(WebSettings.from_environment().oordelen), EventStore(url=place)
    except SettingError as error:
        raise click.ClickException(str(error)) from error

    async def run() -> T:
        return await work(store, feedback)

    try:
        return asyncio.run(run())
    except Unavailable as error:
        raise click.ClickException(f"De opslag van gesprekken is niet te bereiken ({error}).") from error
    finally:
        store.close()


def _number(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
