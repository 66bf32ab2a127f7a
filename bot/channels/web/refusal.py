"""What the widget gets when something can't be done: a status, a code, and a sentence in Dutch."""

from __future__ import annotations

import json
import logging
import traceback
import uuid
from pathlib import Path
from typing import Any

from sanic import response
from sanic.response import HTTPResponse

from bot.answers.widget import MISTAKES
from bot.stores.errors import Unavailable

logger = logging.getLogger(__name__)

_STATUS = {
    "ongeldig": 400,
    "knop": 400,
    "sessie": 401,
    "oorsprong": 403,
    "onbekend": 404,
    "te_lang": 413,
    "te_groot": 413,
    "te_vaak": 429,
    "storing": 500,
    "niet_klaar": 503,
    "niet_te_bewaren": 503,
}


class Refusal(Exception):
    """Why a request isn't answered. `wait`: in how many seconds it may be tried again. `number`: what to look for in the log."""

    def __init__(self, code: str, wait: int | None = None, number: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.wait = wait
        self.number = number

    @property
    def status(self) -> int:
        """The HTTP status."""
        return _STATUS[self.code]

    def body(self) -> dict[str, Any]:
        """What the widget reads."""
        said = {"fout": MISTAKES[self.code], "code": self.code}
        return said | ({"nummer": self.number} if self.number else {})

    def line(self) -> bytes:
        """The same as a line, for when the answer has begun."""
        return json.dumps(self.body(), ensure_ascii=False).encode() + b"\n"

    def response(self) -> HTTPResponse:
        """The response to send."""
        headers = {} if self.wait is None else {"Retry-After": str(self.wait)}
        return response.json(self.body(), status=self.status, headers=headers, ensure_ascii=False)


WAIT = 5
"""Seconds after which it may be tried again when a turn can't be kept."""


def breakdown(error: BaseException, what: str) -> Refusal:
    """Note a failure of ours in the log, under a number, by its kind and place: its own text could hold what was typed."""
    if isinstance(error, Unavailable):
        logger.error("%s was refused: %s", what, error)
        return Refusal("niet_te_bewaren", wait=WAIT)
    number = uuid.uuid4().hex[:8]
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    logger.error("%s %s failed with %s%s", what, number, type(error).__name__, place)
    return Refusal("storing", number=number)
