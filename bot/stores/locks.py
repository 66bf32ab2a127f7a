"""Who may work on a conversation: one turn at a time, in the order in which messages came in.

One process: `LocalLocks`. More: `RedisLocks`, which Rasa's own can't replace: that one reads, changes and writes back
its list of tickets in separate steps, so tickets get lost when two processes do so at once.

A lock only keeps turns in order. That a turn whose lock ran out can't spoil anything is up to the store, which keeps a
turn only when nobody else kept one since it was read (`bot.stores.events`).
"""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress

import redis.asyncio as aioredis
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from bot.stores.errors import LocksUnavailable, Unavailable
from bot.stores.events import key_of
from bot.stores.redis import PREFIX, connect, hidden, out_of_reach

LONGEST_WAIT = 40.0
"""Seconds that a message may wait for those before it; below what the channels give a turn."""
MOST_WAITING = 200
"""Messages that may wait in one conversation."""
LEASE = 10.0
"""Seconds after which a process that says nothing any more loses its place, in the queue or at its head."""


class LocalLocks(LockStore):
    """The order of turns in one process. Nobody polls: who is done wakes the next."""

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        longest_wait: float = LONGEST_WAIT,
        most: int = MOST_WAITING,
    ) -> None:
        super().__init__()
        self._longest_wait = longest_wait
        self._most = most
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    def __len__(self) -> int:
        """Conversations that are being worked on."""
        return len(self._waiting)

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncGenerator[None, None]:
        """Hold the conversation's lock. Raises LocksUnavailable after waiting too long, or when too many wait.

        The last two arguments are Rasa's, and don't matter here.
        """
        await self._enter(conversation_id)
        try:
            yield
        finally:
            self._leave(conversation_id)

    async def _enter(self, conversation_id: str) -> None:
        waiting = self._waiting.get(conversation_id)
        if waiting is None:
            self._waiting[conversation_id] = deque()
            return
        if len(waiting) >= self._most:
            raise LocksUnavailable("too many messages wait in one conversation")
        turn = asyncio.get_running_loop().create_future()
        waiting.append(turn)
        try:
            await asyncio.wait_for(asyncio.shield(turn), self._longest_wait)
        except BaseException as error:
            if turn.done():  # it was our turn at the very last moment: pass it on
                self._leave(conversation_id)
            else:
                waiting.remove(turn)
            if isinstance(error, asyncio.TimeoutError):
                raise LocksUnavailable("a message waited too long for those before it") from None
            raise

    def _leave(self, conversation_id: str) -> None:
        waiting = self._waiting[conversation_id]
        if waiting:
            waiting.popleft().set_result(None)
        else:
            del self._waiting[conversation_id]


# Keys: 1 the queue of tickets by their number, 2 until when each is believed alive (ms), 3 the last number. Returns how
# many are before the new ticket (-1: there is no room).
_ENTER = """
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return -1 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local number = redis.call('INCR', KEYS[3])
redis.call('ZADD', KEYS[1], number, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], now + ARGV[2])
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
return redis.call('ZRANK', KEYS[1], ARGV[1])
"""
# Says that a ticket is still alive, takes away those before it that aren't, and returns how many are before it (-1: it
# was taken away itself).
_AHEAD = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return -1 end
redis.call('HSET', KEYS[2], ARGV[1], now + ARGV[2])
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
while true do
  local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  if first == ARGV[1] then return 0 end
  local alive = redis.call('HGET', KEYS[2], first)
  if alive and tonumber(alive) >= now then break end
  redis.call('ZREM', KEYS[1], first)
  redis.call('HDEL', KEYS[2], first)
end
return redis.call('ZRANK', KEYS[1], ARGV[1])
"""
_LEAVE = """
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('ZCARD', KEYS[1])
"""


class RedisLocks(LockStore):
    """The order of turns over several processes, in Redis.

    A message takes a ticket when it comes in, in one atomic step. Who waits asks how many are before it, and by asking
    stays alive; who is being served says so in the background. So a process that is killed holds nobody up for longer
    than `lease` seconds, and a long turn keeps its lock.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        url: str | None = None,
        lease: float = LEASE,
        longest_wait: float = LONGEST_WAIT,
        most: int = MOST_WAITING,
    ) -> None:
        """endpoint_config: its url is used when `url` isn't given; Rasa passes it. Raises SettingError."""
        super().__init__()
        address = url or (endpoint_config.url if endpoint_config else None)
        if not address:
            raise ValueError("no address of a Redis")
        self._redis: aioredis.Redis[bytes] = connect(address)
        self._lease = lease
        self._longest_wait = longest_wait
        self._most = most
        self._arriving = LocalLocks(longest_wait=longest_wait)
        self._enter_script = self._redis.register_script(_ENTER)
        self._ahead_script = self._redis.register_script(_AHEAD)
        self._leave_script = self._redis.register_script(_LEAVE)

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncIterator[None]:
        """Hold the conversation's lock. Raises LocksUnavailable: no Redis, waited too long, or too many wait.

        The last two arguments are Rasa's, and don't matter here.
        """
        ticket = _Ticket(self, key_of(conversation_id))
        async with ticket.held():
            yield

    async def ping(self) -> None:
        """Raises LocksUnavailable when Redis can't be used."""
        with out_of_reach(LocksUnavailable):
            await self._redis.ping()

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.close()
        await self._redis.connection_pool.disconnect()


class _Ticket:
    """A message's place in the queue of its conversation."""

    def __init__(self, locks: RedisLocks, key: str) -> None:
        self._locks = locks
        self._id = uuid.uuid4().hex
        # The braces keep the three together when Redis is a cluster.
        base = f"{PREFIX}slot:{{{hidden(key)}}}:"
        self._keys = [base + "rij", base + "levend", base + "nummer"]
        lease = locks._lease * 1000
        self._arguments = [self._id, int(lease), locks._most, int(max(60_000, 4 * lease))]

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        # One after the other, since a later ticket could overtake an earlier one over another connection.
        async with self._locks._arriving.lock(self._keys[0]):
            with out_of_reach(LocksUnavailable):
                ahead = await self._enter()
        if ahead < 0:
            raise LocksUnavailable("too many messages wait in one conversation")
        try:
            if ahead:
                await self._wait()
            alive = asyncio.create_task(self._stay_alive())
            try:
                yield
            finally:
                alive.cancel()
        finally:
            # Also when the turn is cancelled; when Redis doesn't answer, the lease runs out by itself.
            await asyncio.shield(self._leave())

    async def _wait(self) -> None:
        end = asyncio.get_running_loop().time() + self._locks._longest_wait
        while True:
            with out_of_reach(LocksUnavailable):
                ahead = await self._ahead()
            if ahead == 0:
                return
            if ahead < 0:
                raise LocksUnavailable("a message lost its place among those that wait")
            if asyncio.get_running_loop().time() > end:
                raise LocksUnavailable("a message waited too long for those before it")
            # A turn takes some ten milliseconds; who has many before it needn't ask as often.
            await asyncio.sleep(min(0.01 * ahead, self._locks._lease / 5, 0.25))

    async def _stay_alive(self) -> None:
        while True:
            await asyncio.sleep(self._locks._lease / 4)
            with suppress(Unavailable), out_of_reach(LocksUnavailable):
                await self._ahead()

    async def _enter(self) -> int:
        return int(await self._locks._enter_script(keys=self._keys, args=self._arguments))

    async def _ahead(self) -> int:
        return int(await self._locks._ahead_script(keys=self._keys, args=self._arguments))

    async def _leave(self) -> None:
        with suppress(Unavailable), out_of_reach(LocksUnavailable):
            await self._locks._leave_script(keys=self._keys, args=self._arguments)
