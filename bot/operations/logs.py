"""The log: lines for people, or one JSON object a line for machines (`LOOPBAAN_LOG=json`). Never what people said.

A JSON line has `tijd`, `niveau`, `waar` and `bericht`, and of the request that it belongs to `verzoek`; a turn's line also
what stands in `FIELDS`. Nothing else of a record goes in, however it got there: not the values that Rasa hangs on its
messages, nor the text of an exception, since both could hold what a person typed.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import traceback
import uuid
from contextvars import ContextVar
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.settings import SettingError

FIELDS = ("kanaal", "soort", "uitkomst", "ms", "status")
"""What a line may carry beside its message: of a turn, nothing of a person."""

TURNS = "bot.beurt"
"""The logger with one line a turn; JSON always has them, lines for people only from LOG_LEVEL=INFO on."""

_REQUEST: ContextVar[str] = ContextVar("request_id", default="")
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


def new_request(given: str | None) -> str:
    """Name the request that begins: as a proxy of ours named it when that is well-formed, otherwise by a made-up id."""
    name = given if given and _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
    _REQUEST.set(name)
    return name


def request_id() -> str:
    """The id of the request that this is part of; empty outside a request."""
    return _REQUEST.get()


class AsText(logging.Formatter):
    """A line for people; of an exception its kind and where it came through, the whole of it when debugging."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        # A record keeps how its exception was written first, for all who write it after.
        record.exc_text = None
        line = super().format(record)
        record.exc_text = None
        details = [f"{name}={value}" for name, value in _details(record).items()]
        return " ".join([line, *details])

    def formatException(self, ei: Any) -> str:
        """The exception."""
        if ei[1] is None or logging.getLogger().isEnabledFor(logging.DEBUG):
            return super().formatException(ei)
        return f"{type(ei[1]).__name__}: {', '.join(places(ei[1]))}"


class AsJson(logging.Formatter):
    """A JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        found: dict[str, Any] = {
            "tijd": moment.replace("+00:00", "Z"),
            "niveau": record.levelname,
            "waar": record.name,
            "bericht": record.getMessage(),
        }
        found |= _details(record)
        if record.exc_info and record.exc_info[1] is not None:
            found |= {"fout": type(record.exc_info[1]).__name__, "plaats": places(record.exc_info[1])}
        return json.dumps(found, ensure_ascii=False)


def places(error: BaseException) -> list[str]:
    """Where an exception came through, innermost last: file and line."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-10:]]


def _details(record: logging.LogRecord) -> dict[str, Any]:
    name = request_id()
    found: dict[str, Any] = {"verzoek": name} if name else {}
    return found | {field: getattr(record, field) for field in FIELDS if hasattr(record, field)}


def configure(level: str) -> None:
    """Send all logging to stderr in the form that LOOPBAAN_LOG asks for. Raises SettingError for another form."""
    form = os.environ.get("LOOPBAAN_LOG") or "tekst"
    if form not in ("tekst", "json"):
        raise SettingError(f"LOOPBAAN_LOG moet 'tekst' of 'json' zijn; er staat '{form}'.")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson() if form == "json" else AsText())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if form == "json":
        logging.getLogger(TURNS).setLevel(logging.INFO)
