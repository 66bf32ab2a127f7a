"""The Teams channel on a real server, with Microsoft beside it on this machine."""

from __future__ import annotations

import asyncio
import json
import socket
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from bot.channels.deliveries import Patience
from bot.channels.teams import TeamsInput
from bot.settings import TeamsSettings
from tests.channels.teams.microsoft import APP_ID, SECRET, TENANT, Microsoft

QUESTION = "In welke schaal zit de functie adviseur?"
SOURCE = {"id": "functieboek-ommen", "title": "Functieboek", "section": "Schalen", "date": "2018-04"}


class FakeBot:
    """Stands in for Rasa's agent: says back what this conversation said so far. Some words make it misbehave."""

    def __init__(self) -> None:
        self.said: dict[str, list[str]] = {}
        self.seen: list[UserMessage] = []
        self.seconds = 0.0

    async def handle_message(self, message: UserMessage) -> None:
        self.seen.append(message)
        text, out, sender = message.text or "", message.output_channel, message.sender_id
        await asyncio.sleep(self.seconds)
        if text.startswith("kapot"):
            raise RuntimeError(f"failed at {text}")
        if text.startswith("stil"):
            return
        said = self.said.setdefault(sender, [])
        said.append(text)
        buttons = [{"title": "Schaal", "payload": QUESTION}]
        answer = {"outcome": "answered", "kind": "functie.schaal", "sources": [SOURCE], "data": {}}
        await out.send_response(sender, {"text": " / ".join(said), "buttons": buttons})
        await out.send_response(sender, {"custom": {"answer": answer}})


@dataclass
class World:
    """The running channel, Microsoft beside it, and what tests ask of them."""

    url: str
    channel: TeamsInput
    bot: FakeBot
    microsoft: Microsoft
    http: aiohttp.ClientSession
    waits: list[float] = field(default_factory=list)

    async def post(self, activity: Any, token: str | None = None, **headers: str) -> tuple[int, float]:
        """Send what Teams would send; returns the status and the seconds that it took."""
        token = self.microsoft.token() if token is None else token
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
        begun = time.monotonic()
        async with self.http.post(f"{self.url}/webhooks/teams/webhook", data=body, headers=headers) as reply:
            await reply.read()
            return reply.status, time.monotonic() - begun

    async def say(self, text: str | None, **other: Any) -> dict[str, Any]:
        """Say something and return the one message that comes back."""
        before = len(self.microsoft.said)
        status, _ = await self.post(self.microsoft.message(text, **other))
        assert status == 200
        await self.until(lambda: len(self.microsoft.said) > before)
        await self.quiet()
        assert len(self.microsoft.said) == before + 1, self.microsoft.said
        return self.microsoft.said[-1]

    async def until(self, true: Callable[[], bool], seconds: float = 10) -> None:
        """Wait until something is so."""

        async def wait() -> None:
            while not true():  # noqa: ASYNC110  - what is waited for has no event
                await asyncio.sleep(0.01)

        await asyncio.wait_for(wait(), seconds)

    async def quiet(self) -> None:
        """Wait until all that was acknowledged is answered."""
        await self.until(lambda: len(self.channel._queues) == 0, 20)


def card(activity: dict[str, Any]) -> dict[str, Any]:
    """The card of a message."""
    (attachment,) = activity["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    return dict(attachment["content"])


def texts(element: Any) -> list[str]:
    """All texts that a card shows, in order."""
    if isinstance(element, list):
        return [text for part in element for text in texts(part)]
    if not isinstance(element, dict):
        return []
    own = [element["text"]] if element.get("type") == "TextBlock" else []
    own += [element[name] for name in ("title", "value") if set(element) == {"title", "value"}]
    return own + [
        t for name in ("body", "items", "rows", "cells", "columns", "facts") for t in texts(element.get(name))
    ]


@pytest.fixture
async def microsoft() -> AsyncIterator[Microsoft]:
    """Microsoft on a free port of this machine."""
    found = Microsoft()
    runner = web.AppRunner(found.app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    await runner.cleanup()


@pytest.fixture
def settings(microsoft) -> TeamsSettings:
    """Settings that lead to Microsoft on this machine."""
    return TeamsSettings(
        app_id=APP_ID,
        geheim=SECRET,
        tenant=TENANT,
        tenants=frozenset({TENANT}),
        hosts=frozenset({microsoft.host}),
        token_url=f"{microsoft.url}/{TENANT}/oauth2/v2.0/token",
        openid_url=f"{microsoft.url}/v1/.well-known/openidconfiguration",
    )


@pytest.fixture
async def world(microsoft, settings, monkeypatch) -> AsyncIterator[World]:
    """The channel on a free port of this machine."""
    # Sanic rewrites its own code at every start; in this mode it starts from the original each time.
    monkeypatch.setattr(Sanic, "test_mode", True)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(min(seconds, 0.05))

    channel, bot = TeamsInput(settings, patience=Patience(sleep=sleep)), FakeBot()
    app = Sanic(f"teams_{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.agent = bot
    app.config.REQUEST_MAX_SIZE = 64 * 1024
    register([channel], app, route="/webhooks/")
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.start_serving()
    async with aiohttp.ClientSession() as http:
        yield World(f"http://127.0.0.1:{sock.getsockname()[1]}", channel, bot, microsoft, http, waits)
    await channel.close()
    server.close()
