"""The bot clears up by itself, once a day: nobody has to remember it.

Every process does so. That is harmless: what one has removed, the next doesn't find any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from sanic import Sanic

from bot.channels.feedback import Feedback
from bot.privacy.keeping import DAY, clear_up
from bot.settings import WebSettings, retention_days
from bot.stores.errors import Unavailable

logger = logging.getLogger(__name__)

FIRST = 60
"""Seconds after the start."""
AGAIN = 3600
"""Seconds after a time that it didn't work."""


def attach(app: Sanic) -> None:
    """Have a server clear up while it runs."""

    app.register_listener(_begin, "after_server_start")
    app.register_listener(_end, "before_server_stop")


async def _begin(app: Sanic, loop: Any) -> None:
    app.ctx.clearing_up = asyncio.create_task(every_day(app))


async def _end(app: Sanic, loop: Any) -> None:
    app.ctx.clearing_up.cancel()


async def every_day(app: Sanic, sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep) -> None:
    """Clear up a minute after the start and every day after that, until cancelled."""
    wait = FIRST
    while True:
        await sleep(wait)
        wait = DAY if await once(app) else AGAIN


async def once(app: Sanic) -> bool:
    """Clear up now; whether it worked."""
    try:
        feedback = Feedback(WebSettings.from_environment().oordelen)
        gone = await clear_up(app.ctx.agent.tracker_store, feedback, retention_days())
    except Unavailable as error:
        logger.error("clearing up has to wait: %s", error)
        return False
    except Exception as error:
        logger.error("clearing up failed with %s", type(error).__name__)
        return False
    if gone.events or gone.verdicts:
        logger.info("cleared up %d events and %d verdicts", gone.events, gone.verdicts)
    return True
