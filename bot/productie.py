"""What must be right before the bot serves people: the checks of `loopbaan controleer productie`, and of a safe start.

Whatever is wrong with a setting stops `loopbaan run --productie`. That a database or Redis can't be reached does not:
the bot then refuses turns, and goes on by itself when they are back.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import yaml

from bot.channels.checks import Check
from bot.settings import ROOT, SettingError, Settings, SlackSettings, TeamsSettings, WebSettings

ENDPOINTS = ROOT / "endpoints.productie.yml"
CREDENTIALS = ROOT / "credentials.productie.yml"

_FROM_EXAMPLES = (
    "verander",
    "wijzig",
    "geheim",
    "wachtwoord",
    "voorbeeld",
    "secret",
    "password",
    "changeme",
    "default",
)
_LEAST_DIFFERENT = 10
"""Different signs in a secret; one that was made up by a machine has more."""
_LEAST_PASSWORD = 12
_HERE = frozenset({"127.0.0.1", "localhost", "::1", "", None})


def is_on() -> bool:
    """Whether LOOPBAAN_PRODUCTIE asks for it."""
    return os.environ.get("LOOPBAAN_PRODUCTIE", "").strip().lower() in ("1", "ja", "true")


def wrong_settings(credentials: Path = CREDENTIALS) -> list[str]:
    """What is unsafe or missing, in Dutch; empty when the bot may start."""
    return [check.tekst for check in settings_checks(credentials) if not check.goed]


async def checks(url: str) -> AsyncIterator[Check]:
    """Look at everything in turn. url: where the running bot is, without a path."""
    for check in settings_checks():
        yield check
    async for check in _connections():
        yield check
    yield await asyncio.to_thread(_running, url)


def settings_checks(credentials: Path = CREDENTIALS) -> Iterator[Check]:
    """What can be seen without a connection."""
    looks: tuple[Callable[[], Iterator[Check]], ...] = (_web, _stores, _logging, _worker, _slack_and_teams, _model)
    for look in looks:
        try:
            yield from look()
        except SettingError as error:
            yield Check(False, f"Instellingen: {error}")
    yield _no_open_channel(credentials)


def _web() -> Iterator[Check]:
    web = WebSettings.from_environment()
    if web.geheim is None:
        yield Check(False, "LOOPBAAN_GEHEIM ontbreekt. Maak er een met: openssl rand -hex 32")
    elif _is_made_up(web.geheim):
        yield Check(False, "LOOPBAAN_GEHEIM is te raden. Maak een ander met: openssl rand -hex 32")
    else:
        yield Check(True, "Geheim: LOOPBAAN_GEHEIM is ingesteld en lang genoeg.")
    if web.proxys:
        yield Check(True, f"Proxy: er staan {web.proxys} proxyservers voor de bot (LOOPBAAN_PROXYS).")
    else:
        yield Check(
            False,
            "LOOPBAAN_PROXYS ontbreekt. Vul in hoeveel eigen proxyservers voor de bot staan, meestal 1. "
            "Anders telt iedereen als één bezoeker.",
        )
    if unsafe := sorted(origin for origin in web.oorsprongen if origin.startswith("http://")):
        yield Check(False, f"LOOPBAAN_OORSPRONGEN: {', '.join(unsafe)} heeft geen https.")
    yield _writable(web.oordelen.parent, "de oordelen (LOOPBAAN_OORDELEN)")


def _stores() -> Iterator[Check]:
    from bot.stores import places, redis
    from bot.stores.database import Limits, address

    Limits.from_environment()
    url, where = redis.address(), places.place()
    if not os.environ.get("LOOPBAAN_GESPREKKEN", "").strip():
        yield Check(False, "LOOPBAAN_GESPREKKEN ontbreekt: vul een bestand in, of het adres van PostgreSQL.")
        return
    if where == places.MEMORY:
        yield Check(
            False, "LOOPBAAN_GESPREKKEN=geheugen bewaart niets. Vul een bestand in, of het adres van PostgreSQL."
        )
        return
    place = address(where)
    if place.get_backend_name() == "sqlite":
        yield _writable(Path(str(place.database)).parent, "de gesprekken (LOOPBAAN_GESPREKKEN)")
        if url:
            yield Check(
                False,
                "LOOPBAAN_REDIS is er voor meer machines, maar LOOPBAAN_GESPREKKEN is een bestand. "
                "Neem dan ook PostgreSQL, of haal LOOPBAAN_REDIS weg.",
            )
        else:
            yield Check(True, "Opslag: één bot op één machine, met de gesprekken in een bestand.")
        return
    if place.host not in _HERE and place.password is not None and _is_weak(str(place.password)):
        yield Check(False, "Het wachtwoord in LOOPBAAN_GESPREKKEN is te raden. Neem er minstens 12 tekens voor.")
    if not url:
        yield Check(False, "LOOPBAAN_REDIS ontbreekt. Met PostgreSQL kunnen er meer bots zijn: die hebben Redis nodig.")
        return
    connection = redis.connect(url).connection_pool.connection_kwargs
    if connection.get("host") not in _HERE and _is_weak(connection.get("password") or ""):
        yield Check(
            False, "Redis heeft geen of een te kort wachtwoord. Neem er minstens 12 tekens voor in LOOPBAAN_REDIS."
        )
    else:
        yield Check(True, "Opslag: PostgreSQL voor de gesprekken en Redis voor de volgorde.")


def _logging() -> Iterator[Check]:
    if (level := os.environ.get("LOG_LEVEL", "WARNING").upper()) == "DEBUG":
        yield Check(False, "LOG_LEVEL=DEBUG zet in het logboek wat mensen typen. Neem WARNING of INFO.")
    else:
        yield Check(True, f"Logboek: op {level}, zonder wat mensen typen.")


def _worker() -> Iterator[Check]:
    if os.environ.get("SANIC_WORKERS", "1") != "1":
        yield Check(False, "SANIC_WORKERS moet 1 zijn. Start liever meer bots, elk op een eigen poort.")
    if actions := os.environ.get("LOOPBAAN_ACTIES_URL"):
        yield Check(actions.startswith(("http://", "https://")), "Acties: LOOPBAAN_ACTIES_URL wijst naar een adres.")


def _slack_and_teams() -> Iterator[Check]:
    for name, settings in (("SLACK", SlackSettings), ("TEAMS", TeamsSettings)):
        if any(os.environ.get(key, "").strip() for key in os.environ if key.startswith(f"LOOPBAAN_{name}_")):
            try:
                settings.from_environment()
            except SettingError as error:
                yield Check(False, f"{name.title()}: {error}")
            else:
                yield Check(True, f"{name.title()}: ingesteld. Zie verder: loopbaan controleer {name.lower()}")


def _model() -> Iterator[Check]:
    from bot import training
    from knowledge.store import KnowledgeUnavailable

    settings = Settings.from_environment()
    trained = training.stamp_of_model(settings.models)
    if trained is None:
        yield Check(False, f"Model: er is geen model in {settings.models}. Train er een met: loopbaan train")
        return
    try:
        needed = training.training_stamp(settings)
    except KnowledgeUnavailable as error:
        yield Check(False, f"Kennisbank: {error}")
        return
    if trained == needed:
        yield Check(True, "Model: getraind op deze kennisbank en deze versie van de bot.")
    elif trained.get("inhoud") != needed["inhoud"]:
        yield Check(False, "Model: de kennisbank is anders dan toen het model getraind werd. Train met: loopbaan train")
    else:
        yield Check(False, "Model: het is getraind met een andere versie van de bot. Train met: loopbaan train")


def _no_open_channel(credentials: Path) -> Check:
    try:
        channels = yaml.safe_load(credentials.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError):
        return Check(False, f"Kanalen: {credentials} is niet te lezen.")
    if open_ones := [
        name for name in channels if name.split(".")[-1].lower() in ("rest", "restinput", "localrestinput")
    ]:
        return Check(
            False, f"Kanalen: {', '.join(open_ones)} staat open voor iedereen. Haal het weg uit {credentials.name}."
        )
    return Check(True, "Kanalen: het open kanaal 'rest' staat uit.")


async def _connections() -> AsyncIterator[Check]:
    from bot.stores import EventStore, RedisLocks, Unavailable, places, redis

    try:
        where, url = places.place(), redis.address()
        if where != places.MEMORY:
            store = EventStore(url=where)
            try:
                await store.ping()
                yield Check(True, "Database: te bereiken en te gebruiken.")
            except Unavailable as error:
                yield Check(False, f"Database: niet te gebruiken ({error}). Kloppen adres, wachtwoord en rechten?")
            finally:
                store.close()
        if url:
            locks = RedisLocks(url=url)
            try:
                await locks.ping()
                yield Check(True, "Redis: te bereiken.")
            except Unavailable as error:
                yield Check(False, f"Redis: niet te gebruiken ({error}). Kloppen adres en wachtwoord?")
            finally:
                await locks.close()
    except SettingError:
        return  # told already


def _running(url: str) -> Check:
    try:
        with urllib.request.urlopen(f"{url}/webhooks/rest/", timeout=5):
            return Check(
                False, f"Bot: op {url} staat het open kanaal 'rest' aan. Start hem met: loopbaan run --productie"
            )
    except urllib.error.HTTPError:
        return Check(True, f"Bot: op {url} is er geen open kanaal 'rest'.")
    except (OSError, ValueError):
        return Check(True, f"Bot: op {url} draait er nu geen, dus die is niet bekeken.")


def _is_made_up(secret: str) -> bool:
    return len(set(secret)) < _LEAST_DIFFERENT or any(word in secret.lower() for word in _FROM_EXAMPLES)


def _is_weak(password: str) -> bool:
    return len(password) < _LEAST_PASSWORD or any(word in password.lower() for word in _FROM_EXAMPLES)


def _writable(folder: Path, what: str) -> Check:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Check(True, f"Schijf: in {folder} kan de bot schrijven, voor {what}.")
    except OSError:
        return Check(False, f"Schijf: in {folder} kan de bot niet schrijven, en daar horen {what}.")
