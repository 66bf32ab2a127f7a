"""The server as `loopbaan run` makes it, with all its channels, Slack and Microsoft beside it; only the bot is made up."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import socket
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from rasa.core.channels.channel import UserMessage
from sanic import Sanic
from slack_sdk.signature import SignatureVerifier

from bot import server
from bot.channels import guard
from bot.channels.common import SAFE
from bot.channels.web.channel import MAX_BODY
from bot.privacy import logs
from bot.settings import ROOT
from bot.stores.errors import StoreUnavailable
from knowledge.build import build_file
from tests.channels.conftest import FakeBot as Remembering
from tests.channels.slack_side import SECRET, TOKEN, WebApi, serve
from tests.channels.teams.microsoft import APP_ID, TENANT, Microsoft
from tests.channels.teams.microsoft import SECRET as TEAMS_SECRET

HOOKS = ("rest", "web", "slack", "teams")


class FakeBot(Remembering):
    """The made-up bot; it keeps every event, and some words make it fail as an unlucky real one would."""

    async def handle_message(self, message: UserMessage) -> None:
        text = message.text or ""
        if text.startswith("weg"):
            raise StoreUnavailable("the database can't be reached")
        if text.startswith("diep kapot"):
            try:
                raise KeyError(text)
            except KeyError as error:
                logging.getLogger("rasa.core.processor").exception(f"Failed on {text}")
                raise RuntimeError(text) from error
        await super().handle_message(message)


@dataclass
class Answer:
    """A response, read to its end, and the seconds it took."""

    status: int
    headers: Any
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Town:
    """The running server and what tests ask of it."""

    url: str
    bot: FakeBot
    slack: WebApi
    microsoft: Microsoft
    http: aiohttp.ClientSession
    log: io.StringIO
    app: Sanic
    tokens: list[str] = field(default_factory=list)

    async def call(self, method: str, path: str, **more: Any) -> Answer:
        begun = time.monotonic()
        try:
            async with self.http.request(method, self.url + path, **more) as reply:
                body = await reply.read()
                return Answer(reply.status, reply.headers, body, time.monotonic() - begun)
        except aiohttp.ClientOSError:
            if len(more.get("data") or b"") <= MAX_BODY:
                raise
            # It refused and hung up while we were still sending, so we may not have seen its 413.
            return Answer(413, SAFE, b"", time.monotonic() - begun)

    async def raw(self, sent: bytes, seconds: float = 5, then: bytes = b"") -> bytes:
        """What comes back on a connection of its own, until it closes or the time is over. then: sent half a second later."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)
        found = bytearray()
        try:
            if then:
                await asyncio.sleep(0.5)
                writer.write(then)
            while part := await asyncio.wait_for(reader.read(65536), seconds):
                found += part
        except (asyncio.TimeoutError, ConnectionError):
            pass
        finally:
            writer.close()
        return bytes(found)

    # --- one message in each channel ---------------------------------------------------------------------------------

    async def rest(self, body: Any, sender: str = "", **more: Any) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.call("POST", "/webhooks/rest/webhook", data=data, headers=_json(more))

    async def session(self) -> str:
        return str(json.loads((await self.call("POST", "/webhooks/web/sessie")).body)["sessie"])

    async def web(self, body: Any, token: str | None = None, **more: Any) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = _json({"Authorization": f"Bearer {token or await self.session()}", **more})
        return await self.call("POST", "/webhooks/web/bericht", data=data, headers=headers)

    async def slack_event(self, body: Any, secret: str = SECRET, at: float | None = None, **more: Any) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        moment = str(int(time.time() if at is None else at))
        # Slack's own library signs text only, so bytes that are none are signed as what they look like.
        signature = SignatureVerifier(secret).generate_signature(timestamp=moment, body=data.decode("utf-8", "replace"))
        signed = {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": str(signature)}
        return await self.call("POST", "/webhooks/slack/webhook", data=data, headers=_json({**signed, **more}))

    async def teams(self, body: Any, token: str | None = None, **more: Any) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = _json({"Authorization": f"Bearer {token or self.microsoft.token()}", **more})
        return await self.call("POST", "/webhooks/teams/webhook", data=data, headers=headers)

    async def say(self, channel: str, text: str, sender: str = "U1") -> Answer:
        """A message as a person would send it there."""
        if channel == "rest":
            return await self.rest({"sender": sender, "message": text})
        if channel == "web":
            return await self.web({"id": uuid.uuid4().hex, "tekst": text})
        if channel == "slack":
            return await self.slack_event(slack_message(text, sender))
        return await self.teams(self.microsoft.message(text))

    async def quiet(self) -> None:
        """Wait until what was acknowledged is answered too."""
        for _ in range(1000):
            tasks = [task for task in asyncio.all_tasks() if "Queues._empty" in repr(task)]
            if not tasks:
                return
            await asyncio.wait(tasks, timeout=5)


def slack_message(text: str, user: str = "U1", **fields: Any) -> dict[str, Any]:
    """A direct message in Slack."""
    number = uuid.uuid4().hex
    event = {"type": "message", "channel_type": "im", "channel": f"D{user}", "user": user, "text": text, "ts": number}
    return {"type": "event_callback", "team_id": "T1", "event_id": number, "event": {**event, **fields}}


def _json(headers: dict[str, str]) -> dict[str, str]:
    return {"Content-Type": "application/json", **headers}


@pytest.fixture(scope="session")
def database(tmp_path_factory) -> Path:
    """The knowledge base as a file."""
    path = tmp_path_factory.mktemp("kennis") / "knowledge.db"
    build_file(path)
    return path


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged above DEBUG, as a handler writes it, tracebacks included."""
    before = logging.getLogRecordFactory()
    logs.install()
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setLevel(logging.INFO)
    handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield out
    root.setLevel(level)
    root.removeHandler(handler)
    logging.setLogRecordFactory(before)


Open = Callable[..., Awaitable[Town]]


@pytest.fixture
async def open_town(tmp_path, database, monkeypatch, log) -> AsyncIterator[Open]:
    """Start the server with its four channels; settings as environment variables."""
    # Sanic rewrites its own code at every start; in this mode it starts from the original each time.
    monkeypatch.setattr(Sanic, "test_mode", True)
    closing: list[Callable[[], Awaitable[Any] | None]] = []

    async def run(**environment: str) -> Town:
        slack, microsoft, bot = WebApi(), Microsoft(), FakeBot()
        slack.url, slack_server = await serve(slack.app())
        runner = web.AppRunner(microsoft.app())
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        microsoft.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        settings = {
            "LOOPBAAN_DATABASE": str(database),
            "LOOPBAAN_OORDELEN": str(tmp_path / "oordelen.db"),
            "LOOPBAAN_GEHEIM": uuid.uuid4().hex,
            "LOOPBAAN_PER_SESSIE": "1000000",
            "LOOPBAAN_PER_ADRES": "1000000",
            "LOOPBAAN_SLACK_TOKEN": TOKEN,
            "LOOPBAAN_SLACK_GEHEIM": SECRET,
            "LOOPBAAN_SLACK_URL": f"{slack.url}/api/",
            "LOOPBAAN_TEAMS_APP_ID": APP_ID,
            "LOOPBAAN_TEAMS_GEHEIM": TEAMS_SECRET,
            "LOOPBAAN_TEAMS_TENANT": TENANT,
            "LOOPBAAN_TEAMS_HOSTS": microsoft.host,
            "LOOPBAAN_TEAMS_TOKEN_URL": f"{microsoft.url}/{TENANT}/oauth2/v2.0/token",
            "LOOPBAAN_TEAMS_OPENID_URL": f"{microsoft.url}/v1/.well-known/openidconfiguration",
            **environment,
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)

        async def load(*arguments: Any) -> None:
            app = arguments[-2]  # before the loop, as Sanic gives them
            app.ctx.agent = bot

        monkeypatch.setattr(server, "_load", load)
        app = server.make_app(tmp_path / "geen.tar.gz", ROOT / "credentials.yml")
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        running = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
        await running.startup()
        await running.before_start()
        await running.after_start()
        await running.start_serving()
        http = aiohttp.ClientSession(auto_decompress=False)
        closing.extend([http.close, running.before_stop, running.close, runner.cleanup, slack_server.close])
        return Town(f"http://127.0.0.1:{sock.getsockname()[1]}", bot, slack, microsoft, http, log, app)

    yield run
    for close in closing:
        if (waiting := close()) is not None:
            await waiting


@pytest.fixture
async def town(open_town, monkeypatch) -> Town:
    """The server with room for a test's many requests."""
    monkeypatch.setattr(guard.Guard.__init__, "__defaults__", (1_000_000, 1_000_000, time.monotonic))
    return await open_town()
