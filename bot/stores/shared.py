"""What the channels of several processes remember together, in Redis.

Which deliveries came in, how often somebody asked, and which conversations were deleted. Every method raises
SharedUnavailable when Redis is out of reach. Nothing that people say is kept here, and all of it expires by itself.
"""

from __future__ import annotations

import time
from collections.abc import Hashable

import redis.asyncio as aioredis

from bot.stores.errors import SharedUnavailable
from bot.stores.redis import PREFIX, address, connect, hidden, out_of_reach

# A delivery is claimed for a moment first, and noted for good when its turn is kept. If our connection breaks in between,
# or the process dies, nobody can tell whether it was answered: then the service is told to try again later.
_CLAIM = """
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == 'af' then return 0 end
end
for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then return -1 end
end
for _, key in ipairs(KEYS) do redis.call('SET', key, 'bezig', 'PX', ARGV[1]) end
return 1
"""
_BUCKET = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local size, rate = tonumber(ARGV[1]), tonumber(ARGV[1]) / 60
local kept = redis.call('HMGET', KEYS[1], 'over', 'sinds')
local left = size
if kept[1] then left = math.min(size, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * rate) end
local wait = 0
if left >= 1 then left = left - 1 else wait = math.max(1, math.ceil((1 - left) / rate)) end
redis.call('HSET', KEYS[1], 'over', tostring(left), 'sinds', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], 61)
return wait
"""


class Shared:
    """A connection for all that channels share. Raises SettingError for an address that can't be one."""

    def __init__(self, url: str) -> None:
        self.redis: aioredis.Redis[bytes] = connect(url)
        self.claim = self.redis.register_script(_CLAIM)
        self.bucket = self.redis.register_script(_BUCKET)

    @classmethod
    def from_environment(cls) -> Shared | None:
        """The one at LOOPBAAN_REDIS; None when there is none and each process remembers for itself. Raises SettingError."""
        url = address()
        return cls(url) if url else None

    async def ping(self) -> None:
        """Raises SharedUnavailable when Redis can't be used."""
        with out_of_reach(SharedUnavailable):
            await self.redis.ping()

    async def close(self) -> None:
        """Close the connections."""
        await self.redis.close()
        await self.redis.connection_pool.disconnect()


class SharedSeen:
    """Deliveries that came in at any of the processes, for `seconds`."""

    def __init__(self, shared: Shared, seconds: int = 3600, claim: float = 20) -> None:
        self._shared = shared
        self._seconds = seconds
        self._claim = int(claim * 1000)

    async def claim(self, *deliveries: str) -> bool:
        """Whether none of these ids, of one delivery, came before; if so they are this process's for a moment.

        Raises SharedUnavailable also when it is not certain, or when another process is at it.
        """
        keys = [_key("gezien", delivery) for delivery in deliveries]
        if not keys:
            return True
        with out_of_reach(SharedUnavailable):
            found = int(await self._shared.claim(keys=keys, args=[self._claim]))
            if found < 0:
                raise SharedUnavailable("a delivery may be in other hands")
        return bool(found)

    async def note(self, *deliveries: str) -> None:
        """These were answered: they are old from now on."""
        if not deliveries:
            return
        with out_of_reach(SharedUnavailable):
            async with self._shared.redis.pipeline(transaction=True) as all_of_them:
                for delivery in deliveries:
                    all_of_them.set(_key("gezien", delivery), "af", ex=self._seconds)
                await all_of_them.execute()

    async def release(self, *deliveries: str) -> None:
        """These are not answered after all: they are new again."""
        if deliveries:
            with out_of_reach(SharedUnavailable):
                await self._shared.redis.delete(*(_key("gezien", delivery) for delivery in deliveries))


class SharedLimit:
    """At most `per_minute` at once, and as many in every minute after that, for each key, over all processes."""

    def __init__(self, shared: Shared, name: str, per_minute: int) -> None:
        self._shared = shared
        self._name = name
        self._per_minute = per_minute

    async def wait(self, key: Hashable) -> int:
        """0 when it may go on, and then it is counted; otherwise the seconds to wait."""
        with out_of_reach(SharedUnavailable):
            return int(await self._shared.bucket(keys=[_key(self._name, key)], args=[self._per_minute]))


class SharedDeleted:
    """Conversations that people had deleted, until their session would have ended."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    async def add(self, session_id: bytes, expires: float) -> None:
        """Note a deletion. expires: when the session ends by itself (seconds since 1970)."""
        with out_of_reach(SharedUnavailable):
            await self._shared.redis.set(_key("weg", session_id), "1", ex=max(60, int(expires - time.time()) + 60))

    async def has(self, session_id: bytes) -> bool:
        """Whether the person had this conversation deleted."""
        with out_of_reach(SharedUnavailable):
            return bool(await self._shared.redis.exists(_key("weg", session_id)))


def _key(kind: str, what: Hashable) -> str:
    return f"{PREFIX}{kind}:{hidden(what)}"
