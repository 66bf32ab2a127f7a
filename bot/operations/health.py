"""Is the bot alive, and is it ready for questions? For a supervisor and a load balancer; tells nothing that is secret."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Check = Callable[[], Awaitable[Sequence[str]]]
"""Gives the reasons why the bot isn't ready, in Dutch; none when it is."""

KEPT = 1.0
"""Seconds that an outcome is kept, so that asking often costs the stores nothing."""
LIMIT = 4.0
"""Seconds that a check may take; the stores' own limit is just below it."""


class Readiness:
    """The outcome of some checks, done at most once a second whoever asks.

    checks: by the words that tell, when one takes too long, what it was about.
    """

    def __init__(
        self,
        checks: dict[str, Check],
        kept: float = KEPT,
        limit: float = LIMIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._checks = checks
        self._kept = kept
        self._limit = limit
        self._clock = clock
        self._lock = asyncio.Lock()
        self._found: tuple[float, list[str]] | None = None
        self.stopping = False

    async def reasons(self) -> list[str]:
        """Why the bot isn't ready; empty when it is."""
        if self.stopping:
            return ["De bot stopt. Nieuwe vragen gaan naar een andere bot, of kunnen na de herstart."]
        async with self._lock:
            if self._found is None or self._clock() - self._found[0] >= self._kept:
                outcomes = await asyncio.gather(*(self._outcome(*item) for item in self._checks.items()))
                self._found = (self._clock(), [reason for outcome in outcomes for reason in outcome])
        return self._found[1]

    async def _outcome(self, what: str, check: Check) -> Sequence[str]:
        try:
            return await asyncio.wait_for(check(), self._limit)
        except (TimeoutError, asyncio.TimeoutError):
            return [f"{what} antwoordt niet binnen {self._limit:g} seconden."]
        except (
            Exception
        ) as error:  # a check that breaks is a reason too; its text could hold an address with a password
            return [f"{what} is niet te controleren ({type(error).__name__})."]


def status(reasons: Sequence[str]) -> tuple[int, dict[str, Any]]:
    """The HTTP status and the body that tell it."""
    if reasons:
        return 503, {"status": "niet klaar", "redenen": list(reasons)}
    return 200, {"status": "klaar"}
