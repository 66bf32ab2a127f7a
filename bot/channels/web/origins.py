"""Which sites may use the widget: our own, and those that the administrator lists."""

from __future__ import annotations

from collections.abc import Collection

from sanic.request import Request

CHANGING = frozenset({"POST", "DELETE"})


class Origins:
    """Judges the Origin header of requests; a browser sets it, a page can't."""

    def __init__(self, listed: Collection[str]) -> None:
        self._listed = frozenset(listed)

    def refused(self, request: Request) -> bool:
        """Whether a page elsewhere, that isn't listed, tries to change something or asks whether it may."""
        origin = request.headers.get("origin")
        if origin is None or request.method not in CHANGING | {"OPTIONS"}:
            return False
        return not (self._own(request, origin) or origin.lower() in self._listed)

    def headers(self, request: Request) -> dict[str, str]:
        """What tells the browser that a listed page may read the response; nothing for others."""
        origin = request.headers.get("origin", "")
        if origin.lower() not in self._listed:
            return {}
        found = {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "Retry-After"}
        if request.method == "OPTIONS":
            found["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
            found["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            found["Access-Control-Max-Age"] = "600"
        return found

    @staticmethod
    def _own(request: Request, origin: str) -> bool:
        """By host and port only: a proxy in front may speak https where this server speaks http."""
        return origin.partition("://")[2].lower() == request.host.lower() != ""
