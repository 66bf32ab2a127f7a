"""Where this process keeps conversations and with what it locks them, as the environment says."""

from __future__ import annotations

import os
from pathlib import Path

from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config

from bot.settings import ROOT, SettingError
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


def from_file(path: Path) -> tuple[EndpointConfig, EndpointConfig]:
    """The store and the locks that a file like endpoints.productie.yml names. Raises SettingError."""
    # What isn't set is empty, and then it isn't used.
    os.environ.setdefault("LOOPBAAN_REDIS", "")
    try:
        store, locks = (read_endpoint_config(str(path), kind) for kind in ("tracker_store", "lock_store"))
    except RasaException:
        raise SettingError(f"stel in wat {path.name} noemt; loopbaan controleer productie zegt wat") from None
    if store is None:
        raise SettingError(f"{path.name} noemt geen tracker_store")
    return store, locks if locks is not None and locks.url else EndpointConfig(type="bot.stores.LocalLocks")


def tracker_store(where: str | None = None) -> EndpointConfig:
    """The store of conversations at a place; at `place()` unless given. Raises SettingError."""
    where = where or place()
    if where == MEMORY:
        return EndpointConfig(type="bot.stores.RecentTrackerStore")
    address(where)
    return EndpointConfig(url=where, type="bot.stores.EventStore")
