"""Deliveries that come twice, order in a conversation, and posting to a service that is busy."""

from __future__ import annotations

import asyncio
import logging
import time
from email.utils import formatdate

import aiohttp
import pytest
from aiohttp import web

from bot.channels.deliveries import (
    Outgoing,
    Patience,
    Queues,
    SeenInMemory,
    Taken,
    Undelivered,
    conversation_id,
    retry_after,
)
from bot.stores.errors import Unavailable


async def test_a_delivery_is_new_once_and_again_after_an_hour():
    now = [0.0]
    seen = SeenInMemory(clock=lambda: now[0])
    assert [await seen.claim(name) for name in ("a", "a", "b", "a")] == [True, False, True, False]
    now[0] = 3601
    assert await seen.claim("a")
    assert seen.size == 1


async def test_what_is_remembered_has_an_end():
    seen = SeenInMemory(most=3)
    for number in range(10):
        await seen.claim(str(number))
    assert seen.size == 3
    assert not await seen.claim("9") and await seen.claim("0")


def test_a_conversation_has_an_id_of_its_own():
    ids = {conversation_id("slack", *parts) for parts in (("a", "b"), ("ab", ""), ("a", "", "b"), ("a", "c"))}
    assert len(ids) == 4
    assert conversation_id("slack", "a", "b") == conversation_id("slack", "a", "b")
    assert conversation_id("teams", "a", "b").startswith("teams-")


async def test_one_conversation_in_order_others_meanwhile():
    queues, done, gate = Queues("test"), [], asyncio.Event()

    def work(name, wait):
        async def run():
            if wait:
                await gate.wait()
            done.append(name)

        return run

    for name, wait in (("a1", True), ("a2", False), ("a3", False)):
        assert queues.put("a", work(name, wait))
    assert queues.put("b", work("b1", False))
    await asyncio.sleep(0.01)
    assert done == ["b1"]
    gate.set()
    await queues.close()
    assert done == ["b1", "a1", "a2", "a3"]
    assert len(queues) == 0


async def test_a_full_queue_says_so_with_its_last_place():
    queues, done, gate = Queues("test", most=3), [], asyncio.Event()

    def work(name):
        async def run():
            await gate.wait()
            done.append(name)

        return run

    queues.put("a", work("first"))
    await asyncio.sleep(0)
    put = [queues.put("a", work(name), last=work(f"wait after {name}")) for name in "bcdef"]
    assert put == [True, True, True, False, False]
    gate.set()
    await queues.close()
    assert done == ["first", "b", "c", "wait after d"]


async def test_no_more_conversations_than_there_is_room_for():
    queues, gate = Queues("test", most_conversations=2), asyncio.Event()
    assert [queues.put(name, gate.wait) for name in "abca"] == [True, True, False, True]
    gate.set()
    await queues.close()
    assert not queues.put("d", gate.wait)


async def test_a_failure_stops_nothing_and_its_text_stays_out_of_the_log(caplog):
    queues, done = Queues("slack turn"), []

    async def broken():
        raise RuntimeError("wat iemand typte")

    async def undelivered():
        raise Undelivered("Slack said 500")

    async def good():
        done.append(True)

    with caplog.at_level(logging.DEBUG):
        for work in (broken, undelivered, good):
            queues.put("a", work)
        await queues.close()
    assert done == [True]
    assert "RuntimeError" in caplog.text and "Slack said 500" in caplog.text
    assert "wat iemand typte" not in caplog.text


async def test_at_the_end_what_hangs_is_given_up():
    queues = Queues("test")
    queues.put("a", asyncio.Event().wait)
    started = time.monotonic()
    await queues.close(0.05)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7), ("1.5", 1.5), ("", None), ("soon", None), ("-3", None), ("1.2.3", None)]
)
def test_how_long_a_service_asks_to_wait(header, seconds):
    assert retry_after({"Retry-After": header}) == seconds


def test_a_service_may_ask_to_wait_until_a_moment():
    assert 25 <= retry_after({"Retry-After": formatdate(time.time() + 30, usegmt=True)}) <= 30


class Service:
    """A service that answers by a script, and then with 200."""

    def __init__(self, *script):
        self.script = list(script)
        self.got = []

    async def __aenter__(self):
        app = web.Application()
        app.router.add_post("/{name}", self._take)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error):
        await self.runner.cleanup()

    async def _take(self, request):
        self.got.append(await request.text())
        status, headers, wait = self.script.pop(0) if self.script else (200, {}, 0)
        await asyncio.sleep(wait)
        return web.Response(status=status, headers=headers, text="x" * 3_000_000 if "big" in request.path else "ok")


@pytest.fixture
async def outgoing():
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    found = Outgoing("Slack", Patience(seconds=0.5, sleep=sleep))
    found.slept = slept
    yield found
    await found.close()


@pytest.mark.parametrize(
    ("script", "slept"),
    [
        ([(429, {"Retry-After": "4"}, 0)], [4]),
        ([(503, {}, 0), (502, {}, 0)], [1, 2]),
        ([(500, {"Retry-After": "9"}, 0)], [9]),
    ],
)
async def test_a_busy_service_is_asked_again_after_what_it_asks(outgoing, script, slept):
    async with Service(*script) as service:
        reply = await outgoing.post(f"{service.url}/post", json={"a": 1})
        assert (reply.status, reply.body) == (200, b"ok")
        assert service.got == ['{"a": 1}'] * (len(script) + 1)
    assert outgoing.slept == slept


@pytest.mark.parametrize(
    ("script", "attempts"),
    [
        ([(429, {"Retry-After": "61"}, 0)], 1),
        ([(429, {"Retry-After": "1"}, 0)] * 3, 3),
        ([(400, {}, 0)], 1),
        ([(302, {"Location": "/elsewhere"}, 0)], 1),
        ([(200, {}, 2)], 1),
    ],
    ids=["too long", "too often", "wrong", "a redirect", "no answer"],
)
async def test_patience_has_an_end(outgoing, script, attempts):
    async with Service(*script) as service:
        with pytest.raises(Undelivered):
            await outgoing.post(f"{service.url}/post", json={})
        assert len(service.got) == attempts


async def test_a_service_that_is_away_is_asked_three_times(outgoing):
    with pytest.raises(Undelivered, match="can't be reached"):
        await outgoing.post("http://127.0.0.1:9/post", json={})
    assert outgoing.slept == [1, 2]


async def test_a_long_reply_is_read_no_further_than_needed(outgoing):
    async with Service() as service:
        assert len((await outgoing.post(f"{service.url}/big")).body) == 1024 * 1024


async def test_connections_are_opened_once(outgoing):
    assert isinstance(outgoing.session(), aiohttp.ClientSession)
    assert outgoing.session() is outgoing.session()


class Notes:
    """Seen, on paper."""

    def __init__(self, out_of_reach: bool = False) -> None:
        self.noted: list[str] = []
        self.released: list[str] = []
        self.out_of_reach = out_of_reach

    async def claim(self, *deliveries: str) -> bool:
        return True

    async def note(self, *deliveries: str) -> None:
        if self.out_of_reach:
            raise Unavailable("gone")
        self.noted += deliveries

    async def release(self, *deliveries: str) -> None:
        self.released += deliveries


async def test_an_acknowledgement_waits_until_the_turn_is_kept():
    notes = Notes()
    taken = Taken(notes, ("a",))
    waiting = asyncio.create_task(taken.wait(5))
    await asyncio.sleep(0.05)
    assert not waiting.done() and notes.noted == []
    await taken.kept()
    await asyncio.wait_for(waiting, 1)
    assert notes.noted == ["a"]


async def test_an_acknowledgement_does_not_wait_for_ever():
    notes = Notes()
    await asyncio.wait_for(Taken(notes, ("a",)).wait(0.05), 1)
    assert notes.noted == ["a"]


async def test_a_note_that_fails_stops_nothing():
    taken = Taken(Notes(out_of_reach=True), ("a",))
    await taken.kept()
    await taken.wait(1)


async def test_what_is_refused_may_come_again():
    notes = Notes()
    await Taken(notes, ("a", "b")).refuse()
    assert notes.released == ["a", "b"] and notes.noted == []
    seen = SeenInMemory()
    assert await seen.claim("a") and not await seen.claim("a")
    await seen.release("a")
    assert await seen.claim("a")
