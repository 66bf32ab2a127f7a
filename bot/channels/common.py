"""What responses of every channel have in common."""

from __future__ import annotations

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
