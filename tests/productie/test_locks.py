"""The order of turns: in one process, and over several through Redis."""

from __future__ import annotations

import asyncio
import time
import uuid

import pytest

from bot.stores import LocalLocks, LocksUnavailable, RedisLocks
from bot.stores.redis import connect, hidden


@pytest.fixture(params=["local", "redis"])
async def make(request):
    """Makes locks; each is another process's view of the same ones (of one process, for local ones)."""
    made = []
    local = []

    def locks(**arguments):
        if request.param == "local":
            if not local or arguments:
                local.append(LocalLocks(**{k: v for k, v in arguments.items() if k != "lease"}))
            return local[-1]
        made.append(RedisLocks(url=request.getfixturevalue("redis").url, **arguments))
        return made[-1]

    if request.param == "redis":
        request.getfixturevalue("redis")
    yield locks
    for lock in made:
        await lock.close()


@pytest.fixture
def name() -> str:
    return uuid.uuid4().hex


@pytest.fixture
async def arrived(request, make, name):
    """Waits until so many messages hold or wait for the lock."""
    if request.node.callspec.params["make"] == "local":

        async def until(number):
            await asyncio.sleep(0)

        yield until
        return
    client = connect(request.getfixturevalue("redis").url)

    async def until(number):
        while await client.zcard(f"loopbaan:slot:{{{hidden(name)}}}:rij") < number:  # noqa: ASYNC110
            await asyncio.sleep(0.001)

    yield until
    await client.close()


async def test_one_at_a_time_in_order_of_arrival(make, arrived, name):
    order, busy = [], []

    async def work(locks, number):
        async with locks.lock(name):
            busy.append(number)
            assert len(busy) == 1
            await asyncio.sleep(0.002)
            order.append(busy.pop())

    many, tasks = [make(), make()], []
    async with make().lock(name):
        for number in range(50):
            tasks.append(asyncio.create_task(work(many[number % 2], number)))
            # Over the network, arrival is when Redis hears of it.
            await arrived(number + 2)
    await asyncio.gather(*tasks)
    assert order == list(range(50))


async def test_one_process_keeps_its_own_order_however_fast_it_goes(make, name):
    order, locks = [], make()

    async def work(number):
        async with locks.lock(name):
            order.append(number)

    await asyncio.gather(*(work(number) for number in range(100)))
    assert order == list(range(100))


async def test_conversations_do_not_wait_for_each_other(make, name):
    locks = make(longest_wait=1)
    async with locks.lock(name), locks.lock(name + "-ander"):
        pass


async def test_a_failure_or_a_cancelled_turn_lets_the_next_one_in(make, name):
    locks = make()
    with pytest.raises(ZeroDivisionError):
        async with locks.lock(name):
            raise ZeroDivisionError
    inside, waiting = asyncio.Event(), []

    async def hold():
        async with locks.lock(name):
            inside.set()
            await asyncio.sleep(60)

    async def wait(who):
        async with locks.lock(name):
            waiting.append(who)

    holder = asyncio.create_task(hold())
    await inside.wait()
    gives_up, stays = (asyncio.create_task(wait(who)) for who in ("gaat weg", "blijft"))
    await asyncio.sleep(0.05)
    gives_up.cancel()
    await asyncio.sleep(0.05)
    holder.cancel()
    await asyncio.wait_for(stays, 5)
    # Python 3.10 may lose a cancellation that comes just when what is waited for is done; then it has its turn first.
    assert waiting[-1] == "blijft"


async def test_waiting_has_an_end(make, name):
    locks = make(longest_wait=0.2, most=2)
    async with locks.lock(name):
        started = time.monotonic()
        with pytest.raises(LocksUnavailable, match="too long"):
            async with locks.lock(name):
                raise AssertionError("two at once")
        assert 0.19 <= time.monotonic() - started < 3


async def test_so_has_the_number_that_waits(make, name):
    locks = make(most=3)
    async with locks.lock(name):
        others = [asyncio.create_task(locks.lock(name).__aenter__()) for _ in range(5)]
        await asyncio.sleep(0.3)
        refused = [task for task in others if task.done()]
        assert refused and all(isinstance(task.exception(), LocksUnavailable) for task in refused)
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


async def test_local_locks_leave_nothing_behind(name):
    locks = LocalLocks()
    for number in range(10):
        async with locks.lock(f"{name}{number}"):
            assert len(locks) == 1
    assert len(locks) == 0


# --- Redis only ------------------------------------------------------------------------------------------------------


async def test_who_died_holds_nobody_up_for_longer_than_its_lease(redis, name):
    dead, alive = RedisLocks(url=redis.url, lease=0.5), RedisLocks(url=redis.url, lease=0.5)
    await dead._enter_script(
        keys=[f"loopbaan:slot:{{{hidden(name)}}}:{part}" for part in ("rij", "levend", "nummer")],
        args=["dood", 500, 10, 60_000],
    )
    started = time.monotonic()
    async with alive.lock(name):
        assert 0.3 < time.monotonic() - started < 3
    await dead.close()
    await alive.close()


async def test_a_turn_longer_than_the_lease_keeps_its_lock(redis, name):
    locks, others = RedisLocks(url=redis.url, lease=0.4), RedisLocks(url=redis.url, lease=0.4)
    over = []

    async def second():
        async with others.lock(name):
            assert over

    async with locks.lock(name):
        waiting = asyncio.create_task(second())
        await asyncio.sleep(1.5)
        assert not waiting.done()
        over.append(1)
    await waiting
    await locks.close()
    await others.close()


async def test_nothing_stays_in_redis(redis, name):
    locks, client = RedisLocks(url=redis.url, lease=0.1), connect(redis.url)
    async with locks.lock(name):
        keys = await client.keys(f"*{hidden(name)}*")
        assert keys and all([await client.pttl(key) > 0 for key in keys])
    await client.close()
    await locks.close()


async def test_without_redis_nobody_gets_in(name):
    locks = RedisLocks(url="redis://127.0.0.1:1/0")
    with pytest.raises(LocksUnavailable, match="can't be reached"):
        async with locks.lock(name):
            raise AssertionError("let in")
    with pytest.raises(LocksUnavailable):
        await locks.ping()
    await locks.close()
