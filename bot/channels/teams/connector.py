"""What the bot sends: its own token, and activities to the Bot Connector."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from bot.channels.deliveries import Outgoing, Patience, Undelivered
from bot.channels.teams.activities import Incoming
from bot.settings import TeamsSettings

SCOPE = "https://api.botframework.com/.default"
RENEW_BEFORE = 5 * 60
"""Seconds before its end that a token is replaced."""
TYPING_SECONDS = 3
BUSY = 412
"""Teams asks to try again with this status too (Precondition Failed: two changes at once)."""


class AccessTokens:
    """The bot's token for the Bot Connector: asked of its own tenant, used until shortly before it expires."""

    def __init__(self, teams: TeamsSettings, outgoing: Outgoing, clock: Callable[[], float] = time.monotonic) -> None:
        self._teams = teams
        self._outgoing = outgoing
        self._clock = clock
        self._token: str | None = None
        self._until = 0.0
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        """A token that works. Raises Undelivered."""
        async with self._lock:  # many messages at once make one request
            if self._token is None or self._clock() >= self._until:
                self._token, lifetime = await self._ask()
                # Of a short-lived token at least half is used.
                self._until = self._clock() + max(lifetime - RENEW_BEFORE, lifetime / 2)
            return self._token

    def drop(self, token: str) -> None:
        """Don't use this token again: the Bot Connector refused it."""
        if self._token == token:
            self._token = None

    async def _ask(self) -> tuple[str, float]:
        reply = await self._outgoing.post(self._teams.token_url, data=token_form(self._teams))
        try:
            found = json.loads(reply.body)
            token, lifetime = found["access_token"], float(found["expires_in"])
        except (ValueError, KeyError, TypeError) as error:
            raise Undelivered("the token service sent something else than a token") from error
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise Undelivered("the token service sent something else than a token")
        return token, lifetime


def token_form(teams: TeamsSettings) -> dict[str, str]:
    """What is sent to ask for a token."""
    return {
        "grant_type": "client_credentials",
        "client_id": teams.app_id,
        "client_secret": teams.geheim,
        "scope": SCOPE,
    }


class Connector:
    """Sends activities to the conversations that they belong to."""

    def __init__(self, teams: TeamsSettings, patience: Patience | None = None) -> None:
        self._outgoing = Outgoing("Teams", patience)
        self._quick = Outgoing("Teams", Patience(seconds=TYPING_SECONDS, tries=1))
        self._login = Outgoing("the token service", patience)
        self.tokens = AccessTokens(teams, self._login)

    async def send(self, to: Incoming, activity: Mapping[str, Any]) -> None:
        """Send an activity to where a message came from. Raises Undelivered."""
        try:
            await self._send(self._outgoing, to, activity)
        except Undelivered as error:
            if error.status != BUSY:
                raise
            await self._outgoing.patience.sleep(1)
            await self._send(self._outgoing, to, activity)

    async def typing(self, to: Incoming) -> None:
        """Show that an answer is on its way; when that doesn't work, nothing is lost."""
        try:
            await asyncio.wait_for(self._send(self._quick, to, {"type": "typing"}), TYPING_SECONDS)
        except (Undelivered, asyncio.TimeoutError):
            return

    async def close(self) -> None:
        """Close the connections."""
        for outgoing in (self._outgoing, self._quick, self._login):
            await outgoing.close()

    async def _send(self, outgoing: Outgoing, to: Incoming, activity: Mapping[str, Any]) -> None:
        url = f"{to.service_url.rstrip('/')}/v3/conversations/{quote(to.conversation, safe='')}/activities"
        if to.activity:
            url += f"/{quote(to.activity, safe='')}"
        body = {**activity, **to.addressing()}
        for again in (True, False):
            token = await self.tokens.get()
            try:
                await outgoing.post(url, json=body, headers={"Authorization": f"Bearer {token}"})
                return
            except Undelivered as error:
                if error.status != 401 or not again:
                    raise
                self.tokens.drop(token)
