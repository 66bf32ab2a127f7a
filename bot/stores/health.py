"""Whether what a turn can't do without is there, for the readiness probe."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.stores.errors import Unavailable

SECONDS = 3.0
"""For each of the questions; they are asked at once."""


async def unavailable(app: Any) -> list[str]:
    """Why the bot can't keep conversations now: sentences in Dutch, none when all is well. app: with the agent in its ctx."""
    agent = getattr(app.ctx, "agent", None)
    if agent is None:
        return ["De bot is nog aan het starten."]
    asked = (
        ("De opslag van gesprekken is niet te bereiken.", agent.tracker_store),
        ("Redis is niet te bereiken.", agent.lock_store),
    )
    found = await asyncio.gather(*(_why(reason, part) for reason, part in asked))
    return [reason for reason in found if reason]


async def _why(reason: str, part: Any) -> str | None:
    ping = getattr(part, "ping", None)
    if ping is None:
        return None
    try:
        await asyncio.wait_for(ping(), SECONDS)
    except (Unavailable, asyncio.TimeoutError):
        return reason
    return None
