"""After erasure nothing of a conversation is left: not in PostgreSQL, not in Redis, not in the log."""

from __future__ import annotations

import time
import uuid

import aiohttp
import psycopg2
import redis as redis_client

from bot.channels.feedback import Feedback
from bot.privacy.keeping import erase
from bot.stores import EventStore
from tests.productie.conftest import LIMITS


def rows(url: str) -> str:
    """All that every table of the database holds, as text."""
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row for (row,) in cursor.fetchall()]
    connection.close()
    return "\n".join(found)


def in_redis(url: str) -> str:
    """All keys and values of Redis, as text."""
    client = redis_client.Redis.from_url(url)
    found = b"\n".join(key + b" " + (client.dump(key) or b"") for key in client.keys("*"))
    client.close()
    return found.decode("latin-1")


async def test_after_erasure_nothing_is_found_in_database_redis_or_log(
    start_bot, empty_postgres, redis, domain, tmp_path
):
    bot = start_bot(empty_postgres.url, redis.url).ready()
    gone, stays = f"weg-{uuid.uuid4().hex}", f"blijft-{uuid.uuid4().hex}"
    async with aiohttp.ClientSession() as http:
        for number in range(5):
            assert (await bot.say(http, gone, f"WEGTEKST {number}"))[0] == 200
            assert (await bot.say(http, stays, f"BLIJFTEKST {number}"))[0] == 200
    assert rows(empty_postgres.url).count("WEGTEKST") >= 5 and gone in rows(empty_postgres.url)
    store, feedback = EventStore(domain, url=empty_postgres.url, limits=LIMITS), Feedback(tmp_path / "oordelen.db")
    assert (await erase(store, feedback, gone)).events > 0
    places = (rows(empty_postgres.url), in_redis(redis.url), bot.log.read_text())
    assert [part for place in places for part in ("WEGTEKST", gone) if part in place] == []
    assert rows(empty_postgres.url).count("BLIJFTEKST") >= 5
    store.close()


async def test_what_is_31_days_old_goes_and_what_is_29_days_old_stays(start_bot, empty_postgres, redis, domain):
    bot = start_bot(empty_postgres.url, redis.url).ready()
    old, young, day = f"oud-{uuid.uuid4().hex}", f"jong-{uuid.uuid4().hex}", 24 * 3600
    async with aiohttp.ClientSession() as http:
        for name in (old, young):
            assert (await bot.say(http, name, f"tekst van {name}"))[0] == 200
    store = EventStore(domain, url=empty_postgres.url, limits=LIMITS)
    shift(empty_postgres.url, old, 31 * day)
    shift(empty_postgres.url, young, 29 * day)
    await store.delete_before(time.time() - 30 * day)
    left = rows(empty_postgres.url)
    assert f"tekst van {old}" not in left and f"tekst van {young}" in left
    store.close()


def shift(url: str, conversation: str, seconds: float) -> None:
    """Make a conversation older than it is."""
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("UPDATE gebeurtenissen SET moment = moment - %s WHERE gesprek = %s", (seconds, conversation))
        assert cursor.rowcount
    connection.close()
