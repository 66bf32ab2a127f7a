"""What responses of every channel have in common."""

from __future__ import annotations

from sanic.exceptions import SanicException
from sanic.request import Request

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""What a response says unless its channel says otherwise: show it nowhere, keep it nowhere, run nothing."""

CODES = {
    400: "ongeldig",
    403: "oorsprong",
    404: "onbekend",
    405: "onbekend",
    408: "niet_klaar",
    413: "te_groot",
    503: "niet_klaar",
}
"""How the framework's own errors are told."""


def hang_up_when_late(request: Request, error: Exception) -> None:
    """Read no more of a request that didn't come in time: Sanic would wait for the rest of it for ever."""
    if isinstance(error, SanicException) and error.status_code in (408, 503) and request.stream is not None:
        request.stream.keep_alive = False
        request.stream.request_body = None
