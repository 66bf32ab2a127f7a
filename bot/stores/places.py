"""Where this process keeps conversations and with what it locks them, as the environment says."""

from __future__ import annotations

import os

from rasa.utils.endpoints import EndpointConfig

from bot.settings import ROOT
from bot.stores import redis
from bot.stores.database import address

MEMORY = "geheugen"
"""The value of LOOPBAAN_GESPREKKEN with which nothing is kept on disk."""


def place() -> str:
    """LOOPBAAN_GESPREKKEN: a file (gesprekken.db unless set), a database's address, or MEMORY."""
    return os.environ.get("LOOPBAAN_GESPREKKEN", "").strip() or str(ROOT / "gesprekken.db")


def lock_store() -> EndpointConfig:
    """The locks: in the Redis at LOOPBAAN_REDIS, for several processes; without one, in this process. Raises SettingError."""
    url = redis.address()
    if url is None:
        return EndpointConfig(type="bot.stores.LocalLocks")
    return EndpointConfig(url=url, type="bot.stores.RedisLocks")


def tracker_store(where: str | None = None) -> EndpointConfig:
    """The store of conversations at a place; at `place()` unless given. Raises SettingError."""
    where = where or place()
    if where == MEMORY:
        return EndpointConfig(type="bot.stores.RecentTrackerStore")
    address(where)
    return EndpointConfig(url=where, type="bot.stores.EventStore")
