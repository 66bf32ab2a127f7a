"""Bots in processes of their own: killed, frozen, and with their database or Redis gone."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
import uuid
from collections import defaultdict

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.stores import EventStore
from tests.productie.conftest import LIMITS
from tests.productie.light_bot import THINKS


@pytest.fixture
async def http():
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
        yield session


@pytest.fixture(scope="module")
def two(start_bot, postgres, redis):
    """Two replicas with one PostgreSQL and one Redis."""
    both = [start_bot(postgres.url, redis.url) for _ in range(2)]
    return [bot.ready() for bot in both]


@pytest.fixture
def name() -> str:
    """A conversation of its own."""
    return uuid.uuid4().hex


async def kept(url: str, domain) -> dict[str, list[str]]:
    """What people said, by conversation, as the database has it."""
    store = EventStore(domain, url=url, limits=LIMITS)
    found = {key: [e["text"] for e in await store.export(key) if e["event"] == "user"] for key in await store.keys()}
    store.close()
    return found


def answer(messages) -> dict:
    return json.loads(next(m["text"] for m in messages if m.get("text")))


async def test_fifty_at_once_in_one_conversation_over_two_processes(two, name, http, postgres, domain):
    replies = await asyncio.gather(*(two[n % 2].say(http, name, f"bericht {n}") for n in range(50)))
    assert [status for status, _ in replies] == [200] * 50
    numbers = [answer(messages)["nummer"] for _, messages in replies]
    assert sorted(numbers) == list(range(1, 51))
    # The answers tell one order, and the database has that same one.
    order = {answer(m)["nummer"]: f"bericht {n}" for n, (_, m) in enumerate(replies)}
    before = {answer(m)["nummer"]: answer(m)["vorige"] for _, m in replies}
    assert all(before[number] == order[number - 1] for number in range(2, 51))
    assert (await kept(postgres.url, domain))[name] == [order[number] for number in range(1, 51)]


class Load:
    """People who talk all the time, each with a bot at random; notes what was answered."""

    def __init__(self, http, bots, people: int) -> None:
        self.http, self.bots = http, bots
        self.answered: dict[str, list[str]] = defaultdict(list)
        self.numbers: dict[str, list[int]] = defaultdict(list)
        self.refused: list[int] = []
        self._going = True
        self._tasks = [asyncio.create_task(self._talk(f"{uuid.uuid4().hex}", n)) for n in range(people)]

    async def _talk(self, person: str, at: int) -> None:
        number = 0
        while self._going:
            number += 1
            text = f"{person} zegt {number}"
            status, messages = await self.bots[(at + number) % len(self.bots)].say(self.http, person, text)
            if status == 200:
                self.answered[person].append(text)
                self.numbers[person].append(answer(messages)["nummer"])
            else:
                self.refused.append(status)
                await asyncio.sleep(0.05)

    @property
    def total(self) -> int:
        return sum(map(len, self.answered.values()))

    async def until(self, answers: int, seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while self.total < answers:
            assert time.monotonic() < end, f"{self.total} answers in {seconds} s"
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        self._going = False
        await asyncio.gather(*self._tasks)

    def check(self, kept: dict[str, list[str]]) -> None:
        """All that was answered is kept, once, in order; and every answer knew all that was kept before."""
        for person, said in self.answered.items():
            assert [text for text in kept[person] if text in set(said)] == said
            assert len(kept[person]) == len(set(kept[person]))
            assert [kept[person][number - 1] for number in self.numbers[person]] == said


async def test_one_of_two_is_killed_and_the_other_goes_on(two, start_bot, http, postgres, redis, domain):
    victim = start_bot(postgres.url, redis.url).ready()
    load = Load(http, [victim, two[1]], 8)
    await load.until(60)
    victim.kill()
    at = load.total
    await load.until(at + 60)
    await load.stop()
    assert load.refused and set(load.refused) == {0}
    load.check(await kept(postgres.url, domain))


async def test_killed_with_sqlite_and_started_again(start_bot, http, tmp_path, domain):
    path = tmp_path / "gesprekken.db"
    bot = start_bot(str(path)).ready()
    visitor = await Visitor.at(http, bot)
    await visitor.say(bot, "een", "m1")
    load = Load(http, [bot], 6)
    await load.until(60)
    bot.kill()
    await load.stop()
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    before = await kept(str(path), domain)
    load.check(before)
    bot = start_bot(str(path), port=bot.port).ready()
    for person in load.answered:
        status, messages = await bot.say(http, person, "daarna")
        assert (status, answer(messages)["nummer"]) == (200, len(before[person]) + 1)
    # Who never saw the reply and asks again gets the one that was kept.
    _, lines, _ = await visitor.say(bot, "een", "m1")
    assert said(lines) == {"nummer": 1, "vorige": None}


async def test_postgresql_stopped_and_started(two, name, http, postgres, domain):
    assert (await two[0].say(http, name, "voor"))[0] == 200
    postgres.stop()
    try:
        for bot in two:
            status, messages = await bot.say(http, name, "tijdens")
            assert status == 503
            assert "niet bewaren" in messages[0]["text"] and messages[1]["custom"]["answer"]["outcome"] == "error"
    finally:
        postgres.start()
    await asyncio.sleep(1.1)  # nobody waits for a database that was gone a moment ago
    for number, bot in enumerate(two):
        status, messages = await bot.say(http, name, f"na {number}")
        assert status == 200 and answer(messages)["nummer"] == 2 + number
    assert (await kept(postgres.url, domain))[name] == ["voor", "na 0", "na 1"]


async def test_redis_stopped_and_started(two, name, http, postgres, redis, domain):
    assert (await two[0].say(http, name, "voor"))[0] == 200
    redis.stop()
    try:
        for bot in two:
            status, messages = await bot.say(http, name, "tijdens")
            assert status == 503 and "niet bewaren" in messages[0]["text"]
    finally:
        redis.start()
    for number, bot in enumerate(two):
        status, messages = await bot.say(http, name, f"na {number}")
        assert status == 200 and answer(messages)["nummer"] == 2 + number
    assert (await kept(postgres.url, domain))[name] == ["voor", "na 0", "na 1"]


async def test_connections_stay_within_their_budget(two, http, postgres):
    import psycopg2

    await asyncio.gather(*(two[n % 2].say(http, f"p{n}", "hallo") for n in range(200)))
    with psycopg2.connect(postgres.url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'loopbaanbot'")
        assert 1 <= cursor.fetchone()[0] <= 2 * 4
    connection.close()


# --- the web channel over two processes ------------------------------------------------------------------------------


class Visitor:
    """Somebody with the widget, whose requests go wherever the proxy sends them."""

    def __init__(self, http, token: str) -> None:
        self.http, self.token = http, token

    @classmethod
    async def at(cls, http, bot) -> Visitor:
        async with http.post(f"{bot.url}/webhooks/web/sessie") as reply:
            return cls(http, (await reply.json())["sessie"])

    async def say(self, bot, text: str, number: str | None = None):
        body = {"id": number or uuid.uuid4().hex, "tekst": text}
        async with self.http.post(f"{bot.url}/webhooks/web/bericht", json=body, headers=self._headers) as reply:
            lines = [json.loads(line) for line in (await reply.read()).splitlines()]
            return reply.status, lines, reply.headers

    async def call(self, method: str, bot, path: str, **kwargs):
        async with self.http.request(
            method, f"{bot.url}/webhooks/web/{path}", headers=self._headers, **kwargs
        ) as reply:
            return reply.status

    @property
    def _headers(self):
        return {"Authorization": f"Bearer {self.token}"}


def said(lines) -> dict:
    return json.loads(next(line["text"] for line in lines if "text" in line))


async def test_the_same_message_at_another_process_gets_the_same_reply(two, http):
    person = await Visitor.at(http, two[0])
    await person.say(two[0], "een")
    _, first, _ = await person.say(two[0], "twee", "m2")
    _, again, _ = await person.say(two[1], "twee", "m2")
    assert said(first) == said(again) == {"nummer": 2, "vorige": "een"}
    assert [line for line in first if "custom" in line] == [line for line in again if "custom" in line]
    at_once = await asyncio.gather(*(person.say(two[n % 2], "drie", "m3") for n in range(10)))
    assert [said(lines)["nummer"] for _, lines, _ in at_once] == [3] * 10
    # A verdict on it may come in anywhere too.
    for bot in two:
        assert await person.call("POST", bot, "oordeel", json={"bericht": "m2", "goed": True}) == 204
    assert await person.call("POST", two[0], "oordeel", json={"bericht": "m9", "goed": True}) == 404


async def test_a_deleted_conversation_is_deleted_everywhere(two, name, http, postgres, domain):
    person = await Visitor.at(http, two[0])
    await person.say(two[0], f"{name} geheim")
    asked = [asyncio.create_task(person.say(two[n % 2], f"{name} tegelijk {n}")) for n in range(10)]
    assert await person.call("DELETE", two[1], "gesprek") == 204
    await asyncio.gather(*asked)
    for bot in two:
        status, _, _ = await person.say(bot, "nog iets")
        assert status == 401
    left = await kept(postgres.url, domain)
    assert not [text for texts in left.values() for text in texts if name in text]


async def test_the_widget_is_told_that_nothing_can_be_kept(two, http, postgres):
    person = await Visitor.at(http, two[0])
    postgres.stop()
    try:
        status, lines, headers = await person.say(two[0], "hallo", "m1")
        assert (status, lines[0]["code"], headers["Retry-After"]) == (503, "niet_te_bewaren", "5")
        assert "text" not in lines[0]
    finally:
        postgres.start()
    await asyncio.sleep(1.1)
    status, lines, _ = await person.say(two[0], "hallo", "m1")
    assert (status, said(lines)["nummer"]) == (200, 1)


SLACK = {"LOOPBAAN_SLACK_TOKEN": "xoxb-test", "LOOPBAAN_SLACK_GEHEIM": "0123456789abcdef" * 2}


async def from_slack(http, bot, text: str) -> int:
    """Send a bot what Slack would send; the status, 0 when the connection broke."""
    message = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": text, "ts": "1.000100"}
    raw = json.dumps({"type": "event_callback", "event_id": f"Ev{text}", "event": message})
    moment = str(int(time.time()))
    signature = SignatureVerifier(SLACK["LOOPBAAN_SLACK_GEHEIM"]).generate_signature(timestamp=moment, body=raw)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": moment,
        "X-Slack-Signature": str(signature),
    }
    try:
        async with http.post(f"{bot.url}/webhooks/slack/webhook", data=raw, headers=headers) as reply:
            return reply.status
    except aiohttp.ClientError:
        return 0


async def test_what_slack_sent_to_a_bot_that_dies_is_answered_by_the_other(
    start_bot, two, name, http, postgres, redis, domain
):
    """Nothing is acknowledged before it is kept, so Slack sends it again."""
    dies = start_bot(postgres.url, redis.url, **SLACK, **{THINKS: "1"})
    lives = start_bot(postgres.url, redis.url, **SLACK)
    dies.ready(), lives.ready()
    sent = asyncio.create_task(from_slack(http, dies, name))
    await asyncio.sleep(0.5)
    dies.kill()
    assert await sent == 0
    assert all(name not in texts for texts in (await kept(postgres.url, domain)).values())
    statuses = []
    while 200 not in statuses and len(statuses) < 40:
        statuses.append(await from_slack(http, lives, name))
        await asyncio.sleep(1)
    # For a while nobody can tell whether the first bot is still at it.
    assert statuses[0] == 503 and statuses[-1] == 200
    assert await from_slack(http, lives, name) == 200
    said = [text for texts in (await kept(postgres.url, domain)).values() for text in texts if text == name]
    assert said == [name]
