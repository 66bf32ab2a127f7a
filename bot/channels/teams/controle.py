"""The checks of `loopbaan controleer teams`: settings, keys, our own token, the Bot Connector, and the running bot."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.channels.checks import Check
from bot.channels.deliveries import Outgoing, Patience, Undelivered
from bot.channels.teams.connector import token_form
from bot.channels.teams.keys import KeysUnavailable, SigningKeys
from bot.channels.teams.tokens import ALGORITHM, CHANNEL
from bot.settings import SettingError, TeamsSettings

MOST_SKEW = 120
"""Seconds that the clock may be off; tokens hold five minutes more than they say."""

_ONCE = Patience(tries=1)
_OUTSIDE = "Mag deze server naar buiten? Is er een proxy, zet die dan in HTTPS_PROXY."


async def checks(url: str) -> AsyncIterator[Check]:
    """Look at everything in turn. url: where the running bot is, without a path."""
    try:
        settings = TeamsSettings.from_environment()
    except SettingError as error:
        yield Check(False, f"Instellingen: {error}.")
        return
    yield Check(True, "Instellingen: het nummer van de app, het geheim en de tenant hebben de goede vorm.")
    outgoing = Outgoing("Microsoft", _ONCE)
    try:
        yield await _keys(settings, outgoing)
        yield await _clock(settings, outgoing)
        yield await _token(settings, outgoing)
        for host in sorted(settings.hosts):
            yield await _host(host, outgoing)
        async for check in _bot(settings, f"{url}/webhooks/teams", outgoing):
            yield check
    finally:
        await outgoing.close()


async def _keys(settings: TeamsSettings, outgoing: Outgoing) -> Check:
    try:
        keys = await SigningKeys(settings.openid_url, outgoing).fetch()
    except KeysUnavailable as error:
        return Check(False, f"Sleutels: {settings.openid_url} geeft ze niet ({error}). {_OUTSIDE}")
    fit = sum(key.channels is None or CHANNEL in key.channels for key in keys.values())
    if not fit:
        return Check(False, f"Sleutels: geen van de {len(keys)} sleutels geldt voor Teams. Klopt het adres?")
    return Check(True, f"Sleutels: {fit} sleutels om berichten van Teams mee te controleren.")


async def _clock(settings: TeamsSettings, outgoing: Outgoing) -> Check:
    try:
        reply = await outgoing.request("GET", settings.openid_url)
        off = abs(parsedate_to_datetime(reply.headers.get("Date", "")).timestamp() - time.time())
    except (Undelivered, ValueError, TypeError):
        return Check(True, "Klok: Microsoft noemde geen tijd, dus die is niet vergeleken.")
    if off > MOST_SKEW:
        return Check(False, f"Klok: deze server loopt {off:.0f} seconden verkeerd. Zet de klok gelijk (NTP).")
    return Check(True, "Klok: gelijk met die van Microsoft.")


_REFUSALS = {
    "AADSTS7000215": "het geheim klopt niet. Neem de waarde (Value) van het geheim, niet het nummer (Secret ID).",
    "AADSTS7000222": "het geheim is verlopen. Maak een nieuw geheim bij de app-registratie.",
    "AADSTS700016": "deze app bestaat niet in deze tenant. Kloppen LOOPBAAN_TEAMS_APP_ID en LOOPBAAN_TEAMS_TENANT?",
    "AADSTS90002": "deze tenant bestaat niet. Klopt LOOPBAAN_TEAMS_TENANT?",
    "AADSTS7000112": "de app is uitgezet. Zet hem weer aan in Microsoft Entra.",
}
"""What Microsoft's most common refusals of a token mean."""


async def _token(settings: TeamsSettings, outgoing: Outgoing) -> Check:
    """By a request of its own: the reason of a refusal stands in the body, which the channel doesn't read."""
    try:
        async with outgoing.session().post(
            settings.token_url, data=token_form(settings), allow_redirects=False
        ) as reply:
            found = json.loads(await reply.read())
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        return Check(False, f"Token: {settings.token_url} is niet te bereiken. {_OUTSIDE}")
    except ValueError:
        return Check(False, f"Token: {settings.token_url} antwoordt iets anders dan een token. Klopt het adres?")
    if not isinstance(found, dict) or "access_token" not in found:
        return Check(False, f"Token: Microsoft geeft er geen: {_refusal(found)}")
    return Check(True, "Token: Microsoft kent de bot, en het geheim klopt.")


def _refusal(found: Any) -> str:
    said = str(found.get("error_description") or found.get("error") or "") if isinstance(found, dict) else ""
    for code, meaning in _REFUSALS.items():
        if f"{code}:" in said:
            return meaning
    return f"{said.split(' Trace ID')[0][:200] or 'zonder reden'}."


async def _host(host: str, outgoing: Outgoing) -> Check:
    scheme = "http" if host.startswith(("127.0.0.1", "localhost")) else "https"
    try:
        await outgoing.request("GET", f"{scheme}://{host}/")
    except Undelivered as error:
        if error.status is None:
            return Check(False, f"Antwoorden: {host} is niet te bereiken. {_OUTSIDE}")
    # Any status will do: it says that the way there is open.
    return Check(True, f"Antwoorden: {host} is te bereiken.")


async def _bot(settings: TeamsSettings, base: str, outgoing: Outgoing) -> AsyncIterator[Check]:
    """Ask the running bot whether it is on, and whether it refuses what isn't from Teams."""
    hook = f"{base}/webhook"
    try:
        reply = await outgoing.request("GET", f"{base}/")
        if b'"ok"' not in reply.body:
            yield Check(False, f"Bot: op {base}/ antwoordt iets anders dan de bot. Klopt het adres, en de proxyserver?")
            return
    except Undelivered as error:
        yield Check(
            False,
            _BOT.get(error.status, f"Bot: {base}/ gaf een onverwacht antwoord ({error}).").format(hook=f"{base}/"),
        )
        return
    yield Check(True, f"Bot: {base}/ antwoordt, en het kanaal staat aan.")
    forged = _forged(settings)
    for what, headers in (("zonder token", {}), ("met een vals token", {"Authorization": f"Bearer {forged}"})):
        try:
            await outgoing.post(hook, json={"type": "message"}, headers=headers)
        except Undelivered as error:
            if error.status == 401:
                yield Check(True, f"Beveiliging: een bericht {what} wordt geweigerd.")
            elif error.status == 503:
                yield Check(
                    False, "Beveiliging: de draaiende bot kan de sleutels van Microsoft niet ophalen. " + _OUTSIDE
                )
            else:
                yield Check(False, f"Beveiliging: {hook} gaf een onverwacht antwoord ({error}).")
        else:
            yield Check(False, f"Beveiliging: {hook} neemt ook een bericht {what} aan. Wie antwoordt daar?")


def _forged(settings: TeamsSettings) -> str:
    """A token that says all the right things, signed by nobody that Microsoft knows."""
    claims = {
        "iss": settings.uitgever,
        "aud": settings.app_id,
        "exp": int(time.time()) + 60,
        "serviceurl": "https://x/",
    }
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": "loopbaan-controle"})


_BOT: dict[int | None, str] = {
    None: "Bot: {hook} is niet te bereiken. Draait de bot? Start hem met: make run",
    404: "Bot: {hook} bestaat niet. Staat bot.channels.teams.TeamsInput in credentials.yml? Stuurt de proxyserver dit pad door?",
    502: "Bot: de proxyserver bereikt de bot niet. Draait de bot?",
    503: "Bot: het kanaal staat uit. In het logboek van de bot staat waarom. Stel het in en start de bot opnieuw.",
}
"""What the status of the bot's answer means."""
