"""Files that are served as they are: the widget's bundle and the start page's style."""

from __future__ import annotations

import gzip
import logging
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)

SHORT = "public, max-age=300"
IMMUTABLE = "public, max-age=31536000, immutable"

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
}


@dataclass(frozen=True)
class Asset:
    """A body that stays the same for a while, also compressed, and the hash that tells one version from another."""

    body: bytes
    compressed: bytes
    hash: str
    content_type: str

    @classmethod
    def of(cls, body: bytes, suffix: str) -> Asset:
        """An asset of a kind (`.js`, `.css`, `.json`)."""
        return cls(body, gzip.compress(body, 9, mtime=0), sha256(body).hexdigest()[:16], _TYPES[suffix])

    def response(self, request: Request, caching: str = SHORT) -> HTTPResponse:
        """The response: 304 when the browser has it already, compressed when it can read that."""
        headers = {"ETag": f'W/"{self.hash}"', "Cache-Control": caching}
        if f'"{self.hash}"' in request.headers.get("if-none-match", ""):
            return HTTPResponse(status=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return HTTPResponse(
                self.compressed, headers={**headers, "Content-Encoding": "gzip"}, content_type=self.content_type
            )
        return HTTPResponse(self.body, headers=headers, content_type=self.content_type)


class Assets:
    """The files of one folder, read again when they change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, tuple[int, Asset]] = {}

    def get(self, name: str) -> Asset | None:
        """A file by its name, which never comes from outside; None when there is no such file."""
        path = self.folder / name
        if not path.is_file():
            logger.warning("%s ontbreekt. Hoe je de widget bouwt, staat in widget/README.md.", path)
            return None
        changed = path.stat().st_mtime_ns
        if name not in self._read or self._read[name][0] != changed:
            self._read[name] = (changed, Asset.of(path.read_bytes(), path.suffix))
        return self._read[name][1]
