"""The checks of `loopbaan controleer slack`: settings, Slack's answer to our token, and ours to Slack's signature."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator

from slack_sdk.signature import SignatureVerifier

from bot.channels.checks import Check, clock
from bot.channels.deliveries import Outgoing, Patience, Undelivered
from bot.channels.slack.client import SlackClient
from bot.settings import SettingError, SlackSettings

SCOPES = ("app_mentions:read", "chat:write", "commands", "im:history")
"""What the app may do; as in deploy/slack/manifest.yml."""

_ONCE = Patience(tries=1)
_TOKEN_REFUSED = ("invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed")


async def checks(url: str) -> AsyncIterator[Check]:
    """Look at everything in turn. url: where the running bot is, without a path."""
    try:
        settings = SlackSettings.from_environment()
    except SettingError as error:
        yield Check(False, f"Instellingen: {error}.")
        return
    yield Check(True, "Instellingen: het token en het geheim hebben de goede vorm.")
    async for check in _slack(settings):
        yield check
    async for check in _bot(settings, f"{url}/webhooks/slack/webhook"):
        yield check


async def _slack(settings: SlackSettings) -> AsyncIterator[Check]:
    client = SlackClient(settings, _ONCE)
    try:
        reply = await client.call("auth.test", {})
    except Undelivered as error:
        yield Check(False, _why_not(error, settings))
        return
    finally:
        await client.close()
    yield Check(True, f"Token: Slack kent de bot als {reply.get('user')} in {reply.get('team')}.")
    yield clock(reply.headers.get("Date", ""), "Slack")
    granted = {scope.strip() for scope in str(reply.headers.get("x-oauth-scopes", "")).split(",")}
    if missing := [scope for scope in SCOPES if scope not in granted]:
        yield Check(
            False,
            f"Rechten: {', '.join(missing)} ontbreekt. Zet het erbij onder OAuth & Permissions en installeer de app opnieuw.",
        )
    else:
        yield Check(True, "Rechten: de app heeft de vier rechten die nodig zijn.")


def _why_not(error: Undelivered, settings: SlackSettings) -> str:
    said = str(error)
    if any(code in said for code in _TOKEN_REFUSED):
        return (
            "Token: Slack kent dit token niet (meer). Kopieer het opnieuw bij OAuth & Permissions, en zet het in "
            "LOOPBAAN_SLACK_TOKEN."
        )
    if error.status is None or "can't be reached" in said:
        return (
            f"Slack: {settings.url} is niet te bereiken. Mag deze server naar buiten? "
            "Is er een proxy, zet die dan in HTTPS_PROXY."
        )
    return f"Slack: het antwoord was onverwacht ({said}). Probeer het later nog eens."


async def _bot(settings: SlackSettings, hook: str) -> AsyncIterator[Check]:
    """Ask the running bot what Slack asks when the address is filled in, signed and then unsigned."""
    body = json.dumps({"type": "url_verification", "challenge": "loopbaan"}).encode()
    moment = str(int(time.time()))
    signature = SignatureVerifier(settings.geheim).generate_signature(timestamp=moment, body=body)
    plain = {"Content-Type": "application/json"}
    signed = {**plain, "X-Slack-Request-Timestamp": moment, "X-Slack-Signature": str(signature)}
    outgoing = Outgoing("de bot", _ONCE)
    try:
        reply = await outgoing.post(hook, data=body, headers=signed)
        if reply.body != b"loopbaan":
            yield Check(False, f"Bot: op {hook} antwoordt iets anders dan de bot. Klopt het adres, en de proxyserver?")
            return
        yield Check(True, f"Bot: {hook} antwoordt, en de handtekening klopt.")
        try:
            await outgoing.post(hook, data=body, headers=plain)
        except Undelivered as error:
            if error.status != 401:
                raise
            yield Check(True, "Beveiliging: een bericht zonder handtekening wordt geweigerd.")
        else:
            yield Check(False, f"Beveiliging: {hook} neemt ook berichten zonder handtekening aan. Wie antwoordt daar?")
    except Undelivered as error:
        yield Check(
            False, _BOT.get(error.status, f"Bot: {hook} gaf een onverwacht antwoord ({error}).").format(hook=hook)
        )
    finally:
        await outgoing.close()


_BOT: dict[int | None, str] = {
    None: "Bot: {hook} is niet te bereiken. Draait de bot? Start hem met: make run",
    401: "Bot: de draaiende bot heeft een ander geheim. Zet LOOPBAAN_SLACK_GEHEIM goed en start de bot opnieuw.",
    404: "Bot: {hook} bestaat niet. Staat bot.channels.slack.SlackInput in credentials.yml? Stuurt de proxyserver dit pad door?",
    503: "Bot: het kanaal staat uit. Start de bot opnieuw, met LOOPBAAN_SLACK_TOKEN en LOOPBAAN_SLACK_GEHEIM.",
    502: "Bot: de proxyserver bereikt de bot niet. Draait de bot?",
}
"""What the status of the bot's answer means."""
