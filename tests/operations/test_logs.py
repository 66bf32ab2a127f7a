"""The log's lines: what stands in them, and what never does."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys

import pytest
import structlog

from bot.channels.deliveries import Queues
from bot.operations import logs
from bot.settings import SettingError

SAID = "mijn chef is een zak"


@pytest.fixture
def stream(monkeypatch) -> io.StringIO:
    """Where a logger of its own writes JSON to."""
    return io.StringIO()


@pytest.fixture
def logger(stream):
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.AsJson())
    found = logging.Logger("proef")
    found.addHandler(handler)
    return found


def line(stream: io.StringIO) -> dict:
    written = stream.getvalue()
    assert written.count("\n") == 1 and written.endswith("\n")
    return json.loads(written)


def test_a_turn_is_one_line_of_json(logger, stream):
    name = logs.new_request(None)
    fields = {"kanaal": "web", "soort": "functie.schaal", "uitkomst": "answered", "ms": 8.1}
    logger.info("beurt", extra=fields)
    found = line(stream)
    assert found.pop("tijd").endswith("Z")
    assert found == {"niveau": "INFO", "waar": "proef", "bericht": "beurt", "verzoek": name, **fields}


def test_nothing_goes_in_that_is_not_named(logger, stream):
    logger.info("beurt", extra={"text": SAID, "sender_id": "123", "ms": 1})
    assert SAID not in stream.getvalue() and "123" not in stream.getvalue()


def test_of_an_exception_its_kind_and_place_but_not_its_text(logger, stream):
    try:
        raise ValueError(SAID)
    except ValueError:
        logger.exception("mislukt\nop twee regels")
    found = line(stream)
    assert SAID not in json.dumps(found)
    assert found["fout"] == "ValueError"
    assert found["plaats"][-1].startswith("test_logs.py:")


@pytest.mark.parametrize("given", ["abcd1234", "6f1d2c3b4a5968778695a4b3c2d1e0ff", "A-b_c.1-2"])
def test_a_well_formed_id_is_kept(given):
    assert logs.new_request(given) == given == logs.request_id()


@pytest.mark.parametrize("given", [None, "", "kort", "x" * 65, "a b c d e", 'abcd1234"}', "abcd1234\n", "é" * 10])
def test_any_other_id_is_replaced(given):
    name = logs.new_request(given)
    assert name != given and len(name) == 32


def test_lines_for_people_hold_no_traceback_text(capsys):
    formatter = logs.AsText()
    try:
        raise ValueError(SAID)
    except ValueError:
        record = logging.LogRecord("proef", logging.ERROR, "x.py", 1, "mislukt", None, sys.exc_info())
    written = formatter.format(record)
    assert SAID not in written
    assert "ValueError" in written and "test_logs.py:" in written


@pytest.fixture
def as_it_was():
    """Puts the logging of the tests themselves back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    turns = logging.getLogger(logs.TURNS)
    yield
    root.handlers[:], root.level = handlers, level
    turns.setLevel(logging.NOTSET)
    structlog.reset_defaults()


def test_json_has_a_line_for_each_turn_whatever_the_level(monkeypatch, as_it_was, capsys):
    monkeypatch.setenv("LOOPBAAN_LOG", "json")
    logs.configure("WARNING")
    logging.getLogger(logs.TURNS).info("beurt")
    logging.getLogger("bot").info("niet")
    assert [json.loads(text)["bericht"] for text in capsys.readouterr().err.splitlines()] == ["beurt"]


def test_another_form_is_refused(monkeypatch, as_it_was):
    monkeypatch.setenv("LOOPBAAN_LOG", "xml")
    with pytest.raises(SettingError, match="LOOPBAAN_LOG"):
        logs.configure("WARNING")


async def test_what_is_answered_later_bears_the_id_of_its_own_request():
    queues, seen = Queues("proef"), []

    async def work() -> None:
        await asyncio.sleep(0)
        seen.append(logs.request_id())

    given = [logs.new_request(None)]
    queues.put("gesprek", work)
    given.append(logs.new_request(None))
    queues.put("gesprek", work)
    logs.new_request(None)
    await queues.close()
    assert seen == given
