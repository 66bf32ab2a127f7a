"""Where conversations are kept, who may work on one, and what happens when that can't be done."""

from bot.stores.agent import KeepingAgent
from bot.stores.erasure import CannotForget, forget
from bot.stores.errors import LocksUnavailable, SharedUnavailable, StaleTurn, StoreUnavailable, Unavailable
from bot.stores.events import EventStore
from bot.stores.health import unavailable
from bot.stores.locks import LocalLocks, RedisLocks
from bot.stores.memory import RecentTrackerStore

__all__ = [
    "CannotForget",
    "EventStore",
    "KeepingAgent",
    "LocalLocks",
    "LocksUnavailable",
    "RecentTrackerStore",
    "RedisLocks",
    "SharedUnavailable",
    "StaleTurn",
    "StoreUnavailable",
    "Unavailable",
    "forget",
    "unavailable",
]
