"""What stands around the channels, on a real server; only the bot behind it is made up."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import socket
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from sanic import Sanic

from bot import knowledge_in_use
from bot.channels.rest import LocalRestInput
from bot.channels.web import WebInput
from bot.knowledge_in_use import KnowledgeInUse
from bot.operations import logs
from bot.operations.application import Operations
from bot.operations.metrics import Metrics
from bot.settings import OperationsSettings, WebSettings
from bot.stores import RecentTrackerStore, StoreUnavailable
from knowledge.build import build_file

SAID = "mijn-burgerservicenummer"


class FakeBot:
    """Stands in for the agent. Some words make it misbehave."""

    def __init__(self) -> None:
        self.tracker_store = RecentTrackerStore(Domain.empty())
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.asked = 0
        self._news = asyncio.Event()

    async def was_asked(self, times: int = 1) -> None:
        while self.asked < times:
            await self._news.wait()
            self._news.clear()

    def is_ready(self) -> bool:
        return True

    async def handle_message(self, message: UserMessage) -> None:
        self.asked += 1
        self._news.set()
        text, out, sender = message.text or "", message.output_channel, message.sender_id
        await self.tracker_store.retrieve(sender)
        await self.may_go_on.wait()
        if text.startswith("kapot"):
            raise RuntimeError(text)
        if text.startswith("opslag"):
            raise StoreUnavailable("weg")
        if text.startswith("stil"):
            return
        outcome = "error" if text.startswith("fout") else "answered"
        assert out is not None
        await out.send_response(sender, {"text": text})
        await out.send_response(sender, {"custom": {"answer": {"outcome": outcome, "kind": "functie.schaal"}}})


@dataclass
class Site:
    url: str
    bot: FakeBot
    operations: Operations
    http: aiohttp.ClientSession
    reasons: list[str]

    async def get(self, path: str, **headers: str) -> tuple[int, Any, str]:
        async with self.http.get(self.url + path, headers=headers) as reply:
            return reply.status, reply.headers, await reply.text()

    async def say(self, text: str, **headers: str) -> tuple[int, Any, Any]:
        body = {"sender": "proef", "message": text}
        async with self.http.post(self.url + "/webhooks/rest/webhook", json=body, headers=headers) as reply:
            return reply.status, reply.headers, await reply.json()

    async def metrics(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        _, _, text = await self.get("/metingen")
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("kennis") / "knowledge.db"
    build_file(path)
    return path


Start = Callable[..., Awaitable[Site]]


@pytest.fixture
async def start(built, tmp_path, monkeypatch) -> AsyncIterator[Start]:
    monkeypatch.setattr(Sanic, "test_mode", True)
    monkeypatch.setenv("LOOPBAAN_DATABASE", str(shutil.copy(built, tmp_path / "knowledge.db")))
    monkeypatch.setattr(knowledge_in_use, "IN_USE", KnowledgeInUse())
    opened: list[tuple[aiohttp.ClientSession, Any, asyncio.Task[None] | None]] = []

    async def run(**settings: Any) -> Site:
        reasons: list[str] = []

        async def stores(app: Any) -> list[str]:
            return reasons

        app = Sanic(f"beheer_{uuid.uuid4().hex}", configure_logging=False)
        operations = Operations(app, OperationsSettings(**settings), stores, (StoreUnavailable,))
        operations.readiness._kept = 0
        web = WebInput(WebSettings(geheim="g" * 32, oordelen=tmp_path / "oordelen.db"))
        operations.register([LocalRestInput(), web])
        bot = app.ctx.agent = FakeBot()
        operations.loaded()
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.start_serving()
        http = aiohttp.ClientSession()
        opened.append((http, server, None))
        return Site(f"http://127.0.0.1:{sock.getsockname()[1]}", bot, operations, http, reasons)

    yield run
    for http, server, _ in opened:
        await http.close()
        server.close()


@pytest.fixture
async def site(start) -> Site:
    return await start()


# --- health --------------------------------------------------------------------------------------------------------


async def test_alive_and_ready(site):
    assert (await site.get("/gezond"))[::2] == (200, '{"status":"gezond"}')
    assert (await site.get("/klaar"))[::2] == (200, '{"status":"klaar"}')


async def test_not_ready_without_a_store_but_alive(site):
    site.reasons.append("De opslag van gesprekken is niet te bereiken.")
    status, headers, text = await site.get("/klaar")
    assert (status, headers["Retry-After"]) == (503, "5")
    assert json.loads(text) == {"status": "niet klaar", "redenen": ["De opslag van gesprekken is niet te bereiken."]}
    assert (await site.get("/gezond"))[0] == 200
    assert (await site.metrics())[("loopbaan_klaar", ())] == 0
    site.reasons.clear()
    assert (await site.get("/klaar"))[0] == 200, "it recovers by itself"


async def test_not_ready_without_a_model(site):
    site.bot.is_ready = lambda: False
    assert "Het model is nog niet geladen." in (await site.get("/klaar"))[2]


async def test_not_ready_without_a_knowledge_base(site, monkeypatch, tmp_path):
    knowledge_in_use.IN_USE.forget()
    monkeypatch.setenv("LOOPBAAN_DATABASE", str(tmp_path / "geheime-map" / "geen.db"))
    status, _, text = await site.get("/klaar")
    assert status == 503 and "De kennisbank is niet te gebruiken" in text
    assert "geheime-map" not in text, "paths are for the log"


async def test_a_knowledge_base_that_goes_missing_later_stays_in_use(site, tmp_path):
    (tmp_path / "knowledge.db").unlink()
    assert (await site.get("/klaar"))[0] == 200


# --- metrics -------------------------------------------------------------------------------------------------------


def turn(outcome: str, kind: str = "functie.schaal") -> tuple[str, tuple[tuple[str, str], ...]]:
    return "loopbaan_beurten_total", (("kanaal", "rest"), ("soort", kind), ("uitkomst", outcome))


def broken(kind: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return "loopbaan_fouten_total", (("kanaal", "rest"), ("soort", kind))


async def test_turns_are_counted_by_outcome_and_kind(site):
    for text in ("hoi", "hoi", "fout", "stil", "kapot", "opslag"):
        await site.say(f"{text} {SAID}")
    found = await site.metrics()
    assert found[turn("answered")] == 2
    assert found[turn("geen", "geen")] == 1
    assert found[turn("error")] == 1, "an action that broke and apologised"
    assert found[turn("error", "geen")] == 2
    assert found[broken("storing")] == 2
    assert found[broken("opslag")] == 1
    assert found[("loopbaan_beurt_seconds_count", (("kanaal", "rest"),))] == 6
    assert found[("loopbaan_opslag_seconds_count", (("handeling", "lezen"),))] == 6
    assert found[("loopbaan_verzoeken_total", (("kanaal", "rest"), ("status", "200")))] == 4
    assert found[("loopbaan_verzoeken_total", (("kanaal", "rest"), ("status", "503")))] == 1
    assert found[("loopbaan_beurten_bezig", ())] == 0
    assert found[("process_open_fds", ())] > 0


async def test_busy_turns_and_conversations(site):
    site.bot.may_go_on.clear()
    asked = [asyncio.create_task(site.say(f"vraag {number}")) for number in range(3)]
    await site.bot.was_asked(3)
    found = await site.metrics()
    assert found[("loopbaan_beurten_bezig", ())] == 3
    assert found[("loopbaan_gesprekken_bezig", ())] == 1
    site.bot.may_go_on.set()
    assert [status for status, _, _ in await asyncio.gather(*asked)] == [200] * 3
    assert (await site.metrics())[("loopbaan_gesprekken_bezig", ())] == 0


async def test_the_metrics_hold_nothing_that_was_said_and_no_conversation(site):
    await site.say(SAID)
    await site.http.post(f"{site.url}/webhooks/{SAID}/webhook", json={})
    _, _, text = await site.get("/metingen")
    assert SAID not in text and "proef" not in text
    assert 'kanaal="anders",status="404"' in text


async def test_kinds_have_an_end(site):
    for number in range(1000):
        site.operations.metrics.turn("rest", "answered", f"soort.s{number}", 0.01)
    found = [labels for name, labels in await site.metrics() if name == "loopbaan_beurten_total"]
    assert len(found) == 501
    assert (("kanaal", "rest"), ("soort", "anders"), ("uitkomst", "answered")) in found


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Host"])
async def test_the_metrics_are_not_for_who_comes_through_a_proxy(site, header):
    status, _, text = await site.get("/metingen", **{header: "203.0.113.7"})
    assert status == 404 and "loopbaan_" not in text


def test_a_turn_is_counted_in_microseconds():
    metrics = Metrics()
    started = time.perf_counter()
    for _ in range(10_000):
        metrics.turn("web", "answered", "functie.schaal", 0.01)
    each = (time.perf_counter() - started) / 10_000
    assert each < 0.0001, "1% of the fastest turn, on a busy machine"


# --- the log and the id of a request -----------------------------------------------------------------------------


async def test_every_reply_bears_an_id_and_the_log_has_it(site, caplog):
    caplog.set_level(logging.INFO, logs.TURNS)
    lines = []
    formatter = logs.AsJson()

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(formatter.format(record)))

    keep = Keep()
    logging.getLogger(logs.TURNS).addHandler(keep)
    try:
        _, headers, _ = await site.say(SAID)
    finally:
        logging.getLogger(logs.TURNS).removeHandler(keep)
    (line,) = lines
    assert line["verzoek"] == headers["X-Request-ID"]
    assert (line["kanaal"], line["soort"], line["uitkomst"]) == ("rest", "functie.schaal", "answered")
    assert 0 <= line["ms"] < 5000
    assert SAID not in json.dumps(line) and "proef" not in json.dumps(line)


async def test_the_id_of_a_stranger_is_not_believed(site):
    _, headers, _ = await site.say("hoi", **{"X-Request-ID": "van-een-ander"})
    assert headers["X-Request-ID"] != "van-een-ander"


async def test_the_id_of_our_own_proxy_is_kept_when_it_is_well_formed(start):
    site = await start(proxys=1)
    for given, kept in (("abcdef0123456789", True), ("a b", False), ("x" * 100, False)):
        _, headers, _ = await site.say("hoi", **{"X-Request-ID": given})
        assert (headers["X-Request-ID"] == given) is kept


async def test_the_widget_gets_an_id_too(site):
    async with site.http.post(f"{site.url}/webhooks/web/sessie") as reply:
        token = (await reply.json())["sessie"]
    headers = {"Authorization": f"Bearer {token}"}
    body = {"id": "m1", "tekst": "hoi"}
    async with site.http.post(f"{site.url}/webhooks/web/bericht", json=body, headers=headers) as reply:
        assert reply.status == 200 and len(reply.headers["X-Request-ID"]) == 32
        assert (await reply.text()).endswith('{"klaar": true}\n')
    assert (await site.metrics())[
        ("loopbaan_beurten_total", (("kanaal", "web"), ("soort", "functie.schaal"), ("uitkomst", "answered")))
    ] == 1


# --- stopping ------------------------------------------------------------------------------------------------------


async def test_who_stops_takes_no_new_turns_and_finishes_the_ones_under_way(site, monkeypatch):
    ended = asyncio.Event()
    monkeypatch.setattr(Sanic, "stop", lambda app: ended.set())
    site.bot.may_go_on.clear()
    under_way = asyncio.create_task(site.say("langzaam"))
    await site.bot.was_asked()
    site.operations.stop()
    assert (await site.get("/klaar"))[0] == 503
    status, headers, body = await site.say("nieuw")
    assert (status, body["code"], headers["Connection"]) == (503, "niet_klaar", "close")
    async with site.http.post(f"{site.url}/webhooks/web/sessie", headers={"Origin": site.url}) as reply:
        assert reply.status == 503 and (await reply.json())["fout"]
        assert reply.headers["Content-Security-Policy"], "as any other reply of the channel"
    assert (await site.get("/gezond"))[0] == 200
    await asyncio.sleep(0.2)
    assert not ended.is_set() and not under_way.done(), "it waits for the turn"
    site.bot.may_go_on.set()
    status, _, body = await under_way
    assert (status, body[0]["text"]) == (200, "langzaam")
    await asyncio.wait_for(ended.wait(), 2)
    assert site.bot.asked == 1


async def test_stopping_has_an_end(start, monkeypatch, caplog):
    site = await start(stoptijd=1)
    ended = asyncio.Event()
    monkeypatch.setattr(Sanic, "stop", lambda app: ended.set())
    site.bot.may_go_on.clear()
    hanging = asyncio.create_task(site.say("hangt"))
    await site.bot.was_asked()
    site.operations.stop()
    await asyncio.wait_for(ended.wait(), 3)
    assert "met nog 1 beurten bezig" in caplog.text
    site.bot.may_go_on.set()
    await hanging


async def test_asked_twice_it_stops_at_once(site, monkeypatch):
    ended = asyncio.Event()
    monkeypatch.setattr(Sanic, "stop", lambda app: ended.set())
    site.bot.may_go_on.clear()
    hanging = asyncio.create_task(site.say("hangt"))
    await site.bot.was_asked()
    site.operations.stop()
    await asyncio.sleep(0)
    site.operations.stop()
    assert ended.is_set()
    site.bot.may_go_on.set()
    await hanging
