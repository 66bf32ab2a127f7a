"""What channels of several processes remember together."""

from __future__ import annotations

import asyncio
import time
import uuid

import pytest

from bot.channels.deliveries import SeenInMemory, seen_from_environment
from bot.settings import SettingError
from bot.stores import SharedUnavailable
from bot.stores.shared import Shared, SharedDeleted, SharedLimit, SharedSeen

GONE = "redis://:geheim@127.0.0.1:1/0"


@pytest.fixture
async def pair(redis):
    """The view of two processes."""
    both = Shared(redis.url), Shared(redis.url)
    yield both
    for shared in both:
        await shared.close()


@pytest.fixture
def name() -> str:
    return uuid.uuid4().hex


async def test_a_delivery_is_new_once_over_all_processes(pair, name):
    seen = [SharedSeen(shared) for shared in pair]
    found = await asyncio.gather(*(seen[n % 2].claim(f"{name}-{n // 10}") for n in range(100)), return_exceptions=True)
    for number in range(10):
        # Who asks while it is being answered is told to try again.
        answers = found[number * 10 : number * 10 + 10]
        assert answers.count(True) == 1
        assert all(isinstance(answer, SharedUnavailable) for answer in answers if answer is not True)
    await seen[1].note(f"{name}-1")
    assert not await seen[0].claim(f"{name}-1")


async def test_one_known_id_is_enough(pair, name):
    seen = [SharedSeen(shared) for shared in pair]
    assert await seen[0].claim(f"{name}-event", f"{name}-tekst")
    await seen[0].note(f"{name}-event", f"{name}-tekst")
    assert not await seen[1].claim(f"{name}-ander", f"{name}-tekst")
    assert await seen[1].claim(f"{name}-nog-een")
    assert await seen[1].claim()
    await seen[1].note()


async def test_a_delivery_that_was_claimed_but_not_noted_can_come_again(pair, name):
    """As when the process that took it died before its turn was kept."""
    seen = SharedSeen(pair[0], claim=0.3)
    assert await seen.claim(name)
    with pytest.raises(SharedUnavailable):
        await seen.claim(name)
    await asyncio.sleep(0.4)
    assert await seen.claim(name)


async def test_a_delivery_that_was_let_go_can_come_again(pair, name):
    seen = SharedSeen(pair[0])
    assert await seen.claim(name)
    await seen.release(name)
    assert await seen.claim(name)


async def test_deliveries_are_forgotten_after_a_while(pair, name):
    seen = SharedSeen(pair[0], seconds=1)
    assert await seen.claim(name)
    await seen.note(name)
    await asyncio.sleep(1.2)
    assert await seen.claim(name)


async def test_a_limit_counts_over_all_processes(pair, name):
    limits = [SharedLimit(shared, "proef", 6) for shared in pair]
    assert [await limits[n % 2].wait(name) for n in range(6)] == [0] * 6
    assert 8 <= await limits[0].wait(name) <= 10
    assert await limits[1].wait(name + "x") == 0


async def test_a_limit_fills_up_again(pair, name):
    limit, key = SharedLimit(pair[0], "proef", 2), f"loopbaan:proef:{_hash(name)}"
    assert [await limit.wait(name) for _ in range(2)] == [0, 0]
    assert await limit.wait(name) > 0
    await pair[0].redis.hincrbyfloat(key, "sinds", -31)
    assert [await limit.wait(name) > 0 for _ in range(2)] == [False, True]
    await pair[0].redis.hincrbyfloat(key, "sinds", -3600)
    assert [await limit.wait(name) > 0 for _ in range(3)] == [False, False, True]


async def test_a_deletion_is_known_everywhere_until_the_session_ends(pair, name):
    first, second = (SharedDeleted(shared) for shared in pair)
    assert not await second.has(name.encode())
    await first.add(name.encode(), time.time() + 100)
    assert await second.has(name.encode())
    left = await pair[0].redis.ttl(f"loopbaan:weg:{_hash(name)}")
    assert 100 <= left <= 161


async def test_keys_tell_nothing_and_all_of_them_expire(pair):
    name = "10.20.30.40"
    await SharedLimit(pair[0], "adres", 5).wait(name)
    await SharedSeen(pair[0]).claim(name)
    await SharedDeleted(pair[0]).add(name.encode(), time.time() + 10)
    keys = await pair[0].redis.keys("*")
    assert keys and not [key for key in keys if name.encode() in key]
    assert [key for key in keys if await pair[0].redis.ttl(key) == -1] == []


async def test_without_redis_everything_says_so():
    shared = Shared(GONE)
    for asked in (
        shared.ping(),
        SharedSeen(shared).claim("a"),
        SharedSeen(shared).note("a"),
        SharedSeen(shared).release("a"),
        SharedLimit(shared, "adres", 1).wait("a"),
        SharedDeleted(shared).add(b"a", time.time()),
        SharedDeleted(shared).has(b"a"),
    ):
        with pytest.raises(SharedUnavailable) as told:
            await asked
        assert "geheim" not in str(told.value)
    await shared.close()


def test_without_a_setting_each_process_remembers_for_itself(monkeypatch):
    monkeypatch.delenv("LOOPBAAN_REDIS", raising=False)
    assert Shared.from_environment() is None
    assert isinstance(seen_from_environment(), SeenInMemory)


def test_an_address_that_is_none_is_told_without_its_password(monkeypatch):
    monkeypatch.setenv("LOOPBAAN_REDIS", "http://:geheim@server")
    with pytest.raises(SettingError, match="LOOPBAAN_REDIS") as told:
        Shared.from_environment()
    assert "geheim" not in str(told.value)


def _hash(name: str) -> str:
    from hashlib import sha256

    return sha256(name.encode()).hexdigest()[:32]
