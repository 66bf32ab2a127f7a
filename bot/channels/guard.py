"""What goes for every address of the server, whichever channel is behind it: headers, limits, timeouts, and plain errors."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable
from typing import Any

from sanic import Sanic
from sanic.compat import Header
from sanic.exceptions import InvalidUsage, SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.channels.common import CODES, SAFE, hang_up_when_late
from bot.channels.web.limits import RateLimit, address
from bot.channels.web.refusal import Refusal, breakdown

logger = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024
"""Of a request's body; the web channel takes less."""
HEADER_SECONDS = 10
"""Within which a request's headers must be there, so that half requests don't pile up."""
RESPONSE_SECONDS = 60
"""For the body and the answer together; a turn may take 45."""
MOST_PER_MINUTE = 12_000
"""Requests of one address. Slack and Teams send all their people's messages from a few addresses."""
MOST_REFUSED_PER_MINUTE = 120
"""Requests of one address that are refused; after that it gets no hearing for a while. Whoever guesses gets here fast."""

_WEB = "/webhooks/web"
"""Has limits of its own, by session and by address."""


class StrictRequest(Request):
    """A request that says how long it is in one way only.

    Sanic 21.12 takes any number for a length. A negative one makes it look for the body's end for ever, in the event loop
    itself: one such request stops the server. Two lengths let a request hide in another behind a proxy.
    """

    def __init__(self, url_bytes: bytes, headers: Header, *args: Any, **kwargs: Any) -> None:
        """Raises InvalidUsage."""
        lengths = headers.getall("content-length", [])
        encodings = headers.getall("transfer-encoding", [])
        if (
            len(lengths) + len(encodings) > 1
            or any(not (length.isascii() and length.isdigit()) or len(length) > 12 for length in lengths)
            or any(encoding != "chunked" for encoding in encodings)
        ):
            raise InvalidUsage("the length of the body is not clear")
        super().__init__(url_bytes, headers, *args, **kwargs)


class Guard:
    """Watches over a server. most, most_refused: see above, a minute and address."""

    def __init__(
        self,
        most: int = MOST_PER_MINUTE,
        most_refused: int = MOST_REFUSED_PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._requests = RateLimit(most, clock=clock)
        self._refused = RateLimit(most_refused, clock=clock)
        self._clock = clock
        self._shut_out: dict[Hashable, float] = {}

    def watch(self, app: Sanic) -> None:
        """Watch over all addresses of a server, those that don't exist too."""
        app.request_class = StrictRequest
        app.config.REQUEST_MAX_SIZE = MOST_BYTES
        app.config.REQUEST_TIMEOUT = HEADER_SECONDS
        app.config.RESPONSE_TIMEOUT = RESPONSE_SECONDS
        app.register_middleware(self._before, "request")
        app.register_middleware(self._after, "response")
        app.exception(Exception)(self._explain)

    async def _before(self, request: Request) -> HTTPResponse | None:
        if request.path.startswith(_WEB):
            return None
        who = address(request)
        wait = await self._requests.wait(who) or max(0, round(self._shut_out.get(who, 0) - self._clock()))
        return Refusal("te_vaak", wait=wait).response() if wait else None

    async def _after(self, request: Request, reply: BaseHTTPResponse) -> None:
        for name, value in SAFE.items():
            reply.headers.setdefault(name, value)
        if request.stream is not None and request.stream.request_body:
            # It is refused before its body was read. What is left of that stands in the way of a next request.
            request.stream.keep_alive = False
        if 400 <= reply.status < 500 and reply.status != 429 and not request.path.startswith(_WEB):
            await self._note_refused(address(request))

    async def _note_refused(self, who: Hashable) -> None:
        if wait := await self._refused.wait(who):
            now = self._clock()
            self._shut_out = {key: until for key, until in self._shut_out.items() if until > now}
            # Ten times what would fill the bucket by one: guessing on is no use.
            self._shut_out[who] = now + 10 * wait
            logger.warning("an address was shut out for %d s: too many requests that were refused", 10 * wait)

    async def _explain(self, request: Request, error: Exception) -> HTTPResponse:
        hang_up_when_late(request, error)
        if isinstance(error, Refusal):
            return error.response()
        if isinstance(error, SanicException):
            if code := CODES.get(error.status_code) or ("ongeldig" if error.status_code < 500 else None):
                return Refusal(code).response()
        elif request.route is None:
            # Not HTTP as it should be, such as a length that is no number: the sender's mistake.
            return Refusal("ongeldig").response()
        return breakdown(error, "request").response()
