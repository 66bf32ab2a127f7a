"""Keeps what people type out of the log, whoever writes to it.

Rasa, Sanic and the packages below them put texts, whole conversations and exceptions that quote them in their messages.
So of a message above DEBUG that isn't ours only the part is kept that stands in the code itself, with its numbers; and of
an exception, whoever logs it, its kind and its place. DEBUG shows everything, and is refused in production.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any

from bot.privacy.scrubber import scrub

LEFT_OUT = "(tekst weggelaten)"
"""Stands where something is left out."""

_OURS = ("bot", "knowledge")
_MOST_PLACES = 4
"""Of the places where an exception came along, so many are told: the nearest first."""

_made = logging.LogRecord


class Vetted(str):
    """A line that was looked at already."""

    __slots__ = ()


def install() -> None:
    """From here on every record is looked at when it is made, so no handler or format can show more. Twice is once."""
    logging.setLogRecordFactory(_record)


def describe(error: BaseException | None) -> str:
    """An exception and its causes by kind and place, without its own text: "ValueError at rest.py:12 < turn.py:40"."""
    kinds: list[str] = []
    while error is not None and len(kinds) < _MOST_PLACES:
        places = " < ".join(_places(error.__traceback__))
        kinds.append(f"{type(error).__name__} at {places}" if places else type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return ", from ".join(kinds)


def structlog_processor(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """For structlog, before what renders: the same as is done to the standard library's records."""
    if method == "debug":
        return event
    if (info := event.pop("exc_info", None)) is not None and (error := _exception(info)) is not None:
        event["exception"] = describe(error)
    if _is_ours(getattr(logger, "name", "")):
        return {name: scrub(part) if isinstance(part, str) else part for name, part in event.items()}
    message = event.get("event")
    frame = _first_frame(sys._getframe(1), "structlog")
    found = {
        name: part for name, part in event.items() if name in ("level", "timestamp", "exception") or _is_plain(part)
    }
    found["event"] = message if frame is not None and _stands_in(frame.f_code, message) else LEFT_OUT
    return found


def structlog_line(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    """The last processor for structlog: one line of what is left."""
    rest = " ".join(f"{name}={part}" for name, part in event.items() if name not in ("event", "level"))
    return Vetted(f"{event.get('event', '')} {rest}".strip())


def _record(
    name: str, level: int, fn: str, lno: int, msg: Any, args: Any, exc_info: Any, func: Any = None, sinfo: Any = None, **kwargs: Any
) -> logging.LogRecord:  # fmt: skip
    record = _made(name, level, fn, lno, msg, args, exc_info, func, sinfo, **kwargs)
    if level <= logging.DEBUG:
        return record
    if not isinstance(msg, Vetted):
        record.msg = Vetted(scrub(_formatted(record)) if _is_ours(name) else _foreign(record))
    record.args = ()
    error = _exception(exc_info) if exc_info else None
    hidden = _hidden(error) if error is not None else None
    record.exc_info = (type(hidden), hidden, hidden.__traceback__) if hidden is not None else None
    record.exc_text = record.stack_info = None
    return record


def _hidden(error: BaseException, most: int = _MOST_PLACES) -> BaseException:
    """An exception with the same name, place and causes, and nothing in it."""
    found: BaseException = type(type(error).__name__, (Exception,), {"__module__": type(error).__module__})()
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and most:
        found.__cause__ = _hidden(cause, most - 1)
    return found.with_traceback(error.__traceback__)


def _formatted(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # a message and its arguments that don't fit each other
        return f"{LEFT_OUT} at {Path(record.pathname).name}:{record.lineno}"


def _foreign(record: logging.LogRecord) -> str:
    """What may be shown of another package's message."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and (frame.f_code.co_filename, frame.f_lineno) != (record.pathname, record.lineno):
        frame = frame.f_back
    if frame is None or not _stands_in(frame.f_code, record.msg):
        return f"{LEFT_OUT} at {Path(record.pathname).name}:{record.lineno} in {record.funcName}"
    if not record.args:
        return str(record.msg)
    try:
        return str(record.msg) % _plain_only(record.args)
    except Exception:  # it wants a number where something else was given
        return str(record.msg)


def _plain_only(args: Any) -> Any:
    if isinstance(args, dict):
        return {name: part if _is_plain(part) else LEFT_OUT for name, part in args.items()}
    return tuple(part if _is_plain(part) else LEFT_OUT for part in args)


def _is_plain(part: Any) -> bool:
    return part is None or type(part) in (bool, int, float)


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in _OURS


def _stands_in(code: CodeType, message: Any) -> bool:
    """Whether a message is written in the code as it is; one that was put together holds who knows what."""
    return type(message) is str and message in code.co_consts


def _first_frame(frame: FrameType | None, package: str) -> FrameType | None:
    while frame is not None and str(frame.f_globals.get("__name__", "")).partition(".")[0] == package:
        frame = frame.f_back
    return frame


def _exception(info: Any) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return info[1] if len(info) > 1 and isinstance(info[1], BaseException) else None
    return sys.exc_info()[1] if info else None


def _places(traceback: TracebackType | None) -> Iterator[str]:
    found = []
    while traceback is not None:
        found.append(f"{Path(traceback.tb_frame.f_code.co_filename).name}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    yield from reversed(found[-_MOST_PLACES:])
