"""The web channel on a real server with a real tracker store; only the bot behind it is made up."""

from __future__ import annotations

import asyncio
import json
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import UserMessage, register
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from sanic import Sanic

from bot.channels.web import WebInput
from bot.channels.web.begin import Begin
from bot.knowledge_in_use import KnowledgeInUse
from bot.settings import Settings, WebSettings
from bot.stores import RecentTrackerStore
from bot.stores.locks import LocalLocks
from knowledge.build import build_file

SOURCE = {"id": "functieboek-ommen", "title": "Functieboek", "section": "Schalen", "date": "2018-04"}


class FakeBot:
    """Stands in for Rasa's agent: remembers what each sender said, and tells it. Some words make it misbehave."""

    def __init__(self) -> None:
        self.store = RecentTrackerStore(Domain.empty())
        self.tracker_store = self.store
        self.lock_store = LocalLocks()
        self.seen: list[UserMessage] = []
        self.ready = True
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.at_work: dict[str, int] = {}
        self.most_at_work = 0

    def is_ready(self) -> bool:
        return self.ready

    async def handle_message(self, message: UserMessage) -> None:
        self.seen.append(message)
        sender, text, out = message.sender_id, message.text or "", message.output_channel
        self.at_work[sender] = self.at_work.get(sender, 0) + 1
        self.most_at_work = max(self.most_at_work, self.at_work[sender])
        try:
            await asyncio.sleep(0)
            if text.startswith("kapot"):
                raise RuntimeError(f"failed at {text}")
            if text.startswith("stil"):
                return
            if text.startswith("fout"):
                await self._answer(out, sender, "Sorry", outcome="error")
                return
            tracker = await self.tracker_store.get_or_create_tracker(sender)
            before = [event.text for event in tracker.events if isinstance(event, UserUttered)]
            tracker.update(UserUttered(text))
            await self.tracker_store.save(tracker)
            await self._answer(out, sender, json.dumps([*before[-3:], text]))
            await self.may_go_on.wait()
            if text.startswith("later kapot"):
                raise RuntimeError(text)
        finally:
            self.at_work[sender] -= 1

    async def _answer(self, out: Any, sender: str, text: str, outcome: str = "answered") -> None:
        buttons = [{"title": "Schaal", "payload": "In welke schaal zit de functie adviseur?"}]
        await out.send_response(sender, {"text": text, "buttons": buttons})
        answer = {"outcome": outcome, "kind": "functie.schaal", "sources": [SOURCE], "data": {}}
        await out.send_response(sender, {"custom": {"answer": answer}})


@dataclass
class Reply:
    """A response, read to its end."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.body.splitlines()]

    @property
    def code(self) -> str:
        return str(self.json["code"])

    @property
    def memory(self) -> list[str]:
        """What the made-up bot remembers, as it said."""
        return list(json.loads(self.lines[0]["text"]))


@dataclass
class Site:
    """A running channel and what tests ask of it."""

    url: str
    bot: FakeBot
    channel: WebInput
    http: aiohttp.ClientSession

    async def call(self, method: str, path: str, token: str | None = None, **kwargs: Any) -> Reply:
        headers = dict(kwargs.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        url = self.url + (path if path.startswith("/") else f"/webhooks/web/{path}")
        async with self.http.request(method, url, headers=headers, **kwargs) as response:
            return Reply(response.status, response.headers, await response.read())

    async def talk(self) -> Talk:
        reply = await self.call("POST", "sessie")
        assert reply.status == 201
        return Talk(self, reply.json["sessie"])


@dataclass
class Talk:
    """A session."""

    site: Site
    token: str
    ids: list[str] = field(default_factory=list)

    async def say(self, text: str, message_id: str | None = None, **more: Any) -> Reply:
        return await self.send({"tekst": text, **more}, message_id)

    async def press(self, payload: str) -> Reply:
        return await self.send({"knop": payload})

    async def send(self, fields: dict[str, Any], message_id: str | None = None) -> Reply:
        self.ids.append(message_id or str(uuid.uuid4()))
        return await self.site.call("POST", "bericht", self.token, json={"id": self.ids[-1], **fields})

    async def judge(self, good: bool, message_id: str | None = None, **more: Any) -> Reply:
        body = {"bericht": message_id or self.ids[-1], "goed": good, **more}
        return await self.site.call("POST", "oordeel", self.token, json=body)

    async def delete(self) -> Reply:
        return await self.site.call("DELETE", "gesprek", self.token)

    @property
    def sender(self) -> str:
        session = self.site.channel.signer.session(self.token)
        assert session is not None
        return self.site.channel.signer.sender(session)


@pytest.fixture(scope="session")
def database(tmp_path_factory) -> Iterator[Path]:
    """The knowledge base as a file."""
    path = tmp_path_factory.mktemp("kennis") / "knowledge.db"
    build_file(path)
    yield path


Start = Callable[..., Awaitable[Site]]


@pytest.fixture
async def start(tmp_path, database, monkeypatch) -> AsyncIterator[Start]:
    """Start the channel with some settings; the bundle is looked for in the test's own folder."""
    # Sanic rewrites its own code at every start; in this mode it starts from the original each time.
    monkeypatch.setattr(Sanic, "test_mode", True)
    opened: list[tuple[aiohttp.ClientSession, Any]] = []

    async def run(**settings: Any) -> Site:
        web = WebSettings(**{"geheim": "g" * 32, "oordelen": tmp_path / "oordelen.db", "per_sessie": 100, **settings})
        folder = tmp_path / "bundel"
        folder.mkdir(exist_ok=True)
        knowledge = KnowledgeInUse(lambda: replace(Settings.from_environment(), database=database))
        begin = Begin(web.titel, store=knowledge.store)
        channel = WebInput(web, begin, folder)
        bot = FakeBot()
        app = Sanic(f"web_{uuid.uuid4().hex}", configure_logging=False)
        app.config.PROXIES_COUNT = web.proxys or None
        app.config.REQUEST_MAX_SIZE = 64 * 1024
        app.ctx.agent = bot
        app.add_route(channel.start_page, "/", methods=["GET"])
        register([channel], app, route="/webhooks/")
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.start_serving()
        http = aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=["Accept-Encoding"])
        opened.append((http, server))
        return Site(f"http://127.0.0.1:{sock.getsockname()[1]}", bot, channel, http)

    yield run
    for http, server in opened:
        await http.close()
        server.close()


@pytest.fixture
async def site(start) -> Site:
    """The channel with its ordinary settings."""
    return await start()
