"""The connection to Redis that locks and channels share, with an end to every wait."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import redis.asyncio as aioredis
from redis.asyncio.connection import BlockingConnectionPool
from redis.exceptions import RedisError

from bot.settings import SettingError
from bot.stores.errors import Unavailable

PREFIX = "loopbaan:"
"""Before every key, so that the Redis may be shared with others."""
CONNECTIONS = 32
"""Of one client; a process has two, and one for each of Slack and Teams."""
SECONDS = 4.0
"""To wait for an answer."""
BUSY_SECONDS = 20.0
"""To wait for one of our own connections: that all are in use says that many people ask, not that Redis is gone."""


def address() -> str | None:
    """LOOPBAAN_REDIS, or None. Raises SettingError, without the password."""
    url = os.environ.get("LOOPBAAN_REDIS", "").strip()
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise SettingError(
            "LOOPBAAN_REDIS moet een adres zijn als redis://:wachtwoord@server:6379/0 (of rediss:// met TLS)."
        )
    return url or None


def connect(url: str) -> aioredis.Redis[bytes]:
    """A client for an address; it connects at first use, and again after an outage. Raises SettingError."""
    try:
        pool: Any = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=BUSY_SECONDS,
            socket_timeout=SECONDS,
            socket_connect_timeout=SECONDS,
            health_check_interval=15,
        )
    except ValueError:
        raise SettingError("LOOPBAAN_REDIS is geen adres dat Redis kent.") from None
    return aioredis.Redis(connection_pool=pool)


@contextmanager
def out_of_reach(kind: type[Unavailable]) -> Iterator[None]:
    """Raises `kind` for all that can go wrong between us and Redis."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        raise kind(f"Redis can't be reached ({type(error).__name__})") from None


def hidden(what: Hashable) -> str:
    """Part of a key that doesn't tell a conversation, an address or a session to who looks in Redis."""
    raw = what if isinstance(what, bytes) else str(what).encode("utf-8", "surrogatepass")
    return sha256(raw).hexdigest()[:32]
