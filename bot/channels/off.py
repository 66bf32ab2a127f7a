"""A channel that can't run because a setting is missing: it says so once, and the other channels run."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)


class OffChannel(InputChannel):
    """Stands where a channel would be; every request gets a 503. reason: in Dutch, what the administrator can do."""

    def __init__(self, channel: str, reason: str) -> None:
        self.channel = channel
        self.reason = reason
        logger.warning("Het kanaal %s staat uit: %s.", channel, reason)

    def url_prefix(self) -> str:
        """Where the channel would be."""
        return self.channel

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """One address that says no."""
        hook = Blueprint(f"loopbaan_{self.channel}_uit")

        @hook.route("/<path:path>", methods=["GET", "POST"])
        async def off(request: Request, path: str) -> HTTPResponse:
            return response.json({"fout": "Dit kanaal staat uit. In het logboek van de bot staat waarom."}, status=503)

        return hook
