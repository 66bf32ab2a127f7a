"""How often somebody may ask: a bucket per session or address that fills up again with time."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol

from sanic.request import Request


class Limit(Protocol):
    """How often somebody may ask. For several processes: `bot.stores.shared.SharedLimit`."""

    async def wait(self, key: Hashable) -> int:
        """0 when it may go on, and then it is counted; otherwise the seconds to wait."""


class RateLimit:
    """At most `per_minute` at once, and as many in every minute after that, for each key.

    Remembers the `most` keys that were seen last, so its memory has an end.
    """

    def __init__(self, per_minute: int, most: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = float(per_minute)
        self._rate = per_minute / 60
        self._most = most
        self._clock = clock
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    async def wait(self, key: Hashable) -> int:
        """0 when it may go on, and then it is counted; otherwise the seconds to wait."""
        now = self._clock()
        left, since = self._left.pop(key, (self._size, now))
        left = min(self._size, left + (now - since) * self._rate)
        may = left >= 1
        self._left[key] = (left - may, now)
        while len(self._left) > self._most:
            self._left.popitem(last=False)
        return 0 if may else max(1, math.ceil((1 - left) / self._rate))


def address(request: Request) -> str:
    """Where a request comes from; for IPv6 the network, since one person has all its addresses."""
    found = (request.remote_addr or request.ip).strip("[]")
    try:
        parsed = ipaddress.ip_address(found)
    except ValueError:
        return found
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return found
