"""What people type never comes into the log above DEBUG, whoever logs it and however."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.privacy import logs

SECRET = "GEHEIMETEKST"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a handler of the root logger writes, tracebacks included."""
    before, config = logging.getLogRecordFactory(), structlog.get_config()
    logs.install()
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, logs.structlog_processor, logs.structlog_line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)
    logging.setLogRecordFactory(before)
    structlog.configure(**config)


def foreign(code: str, **names) -> str:
    """Run code as another package's module would, and return its name."""
    space = {"__name__": "rasa.core.made_up", "logging": logging, "structlog": structlog, "text": SECRET, **names}
    exec(compile(code, "/packages/rasa/core/made_up.py", "exec"), space)
    return space["__name__"]


WAYS = [
    'logging.getLogger("rasa.x").error(f"Failed on {text}")',
    'logging.getLogger("rasa.x").warning("Failed on %s", text)',
    'logging.getLogger("rasa.x").error("Failed on %(said)s", {"said": text})',
    'logging.getLogger("rasa.x").error("Failed on {}".format(text))',
    'logging.getLogger("rasa.x").error(text)',
    'logging.getLogger("rasa.x").error({"said": text})',
    'logging.getLogger("rasa.x").error(ValueError(text))',
    'logging.getLogger("rasa.x").error("Failed on %d", text)',
    'logging.getLogger("rasa.x").error("Failed on %s and %s", text)',
    'logging.getLogger("rasa.x").info("Failed", extra={"said": text}, stack_info=True)',
    'logging.getLogger("rasa.x").critical("Failed on %r", [text])',
    'structlog.get_logger("rasa.x").error("rasa.failed", text=text, parts=[text], number=3)',
    'structlog.get_logger("rasa.x").warning(f"rasa.failed.{text}", event_info=text)',
    'structlog.get_logger("rasa.x").error("rasa.failed", sender=ValueError(text))',
    "try:\n    raise ValueError(text)\nexcept ValueError:\n    logging.getLogger('rasa.x').exception('Failed')",
    "try:\n    raise ValueError(text)\nexcept ValueError as e:\n    logging.getLogger('rasa.x').error('Failed', exc_info=e)",
    "try:\n    raise ValueError(text)\nexcept ValueError as e:\n    logging.getLogger('rasa.x').error(f'Failed: {e}', exc_info=True)",
    "try:\n    raise ValueError(text)\nexcept ValueError:\n    structlog.get_logger('rasa.x').exception('rasa.failed')",
    "try:\n    raise ValueError(text)\nexcept ValueError as e:\n    structlog.get_logger('rasa.x').error('rasa.failed', exc_info=e)",
    "try:\n    try:\n        raise ValueError(text)\n    except ValueError as e:\n        raise KeyError(text) from e\nexcept KeyError:\n"
    "    logging.getLogger('bot.x').exception('Failed')",
    "try:\n    raise ValueError(text)\nexcept ValueError:\n    structlog.get_logger('bot.x').exception('Failed')",
]


@pytest.mark.parametrize("code", WAYS, ids=range(len(WAYS)))
def test_no_way_of_logging_shows_a_text(log, code, caplog):
    with caplog.at_level(logging.INFO):
        foreign(code)
    said = log.getvalue()
    assert said.startswith(("ERROR:", "WARNING:", "INFO:", "CRITICAL:"))
    assert SECRET not in said
    assert "GEHEIME" not in caplog.text


def test_what_stands_in_the_code_is_shown(log):
    foreign('logging.getLogger("rasa.x").error("Could not connect, attempt %d of %s: %s", 2, 3, text)')
    foreign('structlog.get_logger("rasa.x").error("rasa.store.failed", attempt=2, text=text)')
    assert log.getvalue() == (
        "ERROR:rasa.x:Could not connect, attempt 2 of 3: (tekst weggelaten)\nERROR:rasa.x:rasa.store.failed attempt=2\n"
    )


def test_what_is_left_out_says_where_to_look(log):
    foreign('\n\nlogging.getLogger("rasa.x").error(f"Failed on {text}")')
    assert log.getvalue() == "ERROR:rasa.x:(tekst weggelaten) at made_up.py:3 in <module>\n"


def test_an_exception_is_told_by_kind_and_place(log):
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise RuntimeError(SECRET) from error
    except RuntimeError:
        logging.getLogger("bot.channels").exception("the turn failed")
    said = log.getvalue()
    assert said.startswith("ERROR:bot.channels:the turn failed\n")
    assert said.count("test_logs.py") == 2 and "ValueError\n" in said and said.endswith("RuntimeError\n")
    assert SECRET not in said
    assert logs.describe(RuntimeError(SECRET)) == "RuntimeError"


def test_our_own_messages_are_shown_and_scrubbed(log):
    logging.getLogger("bot.channels.web").warning("turn %s of %s", "ab12", "jan@ommen.nl")
    structlog.get_logger("bot.channels.web").warning("a turn", nummer="ab12", van="0612345678")
    logging.getLogger("bot.x").warning("two %s, one %s", "given")
    first, second, third = log.getvalue().splitlines()
    assert first == "WARNING:bot.channels.web:turn ab12 of [weggelaten]"
    assert second == "WARNING:bot.channels.web:a turn nummer=ab12 van=[weggelaten]"
    assert "given" not in third and "test_logs.py" in third


def test_debug_shows_everything(log, caplog):
    with caplog.at_level(logging.DEBUG):
        foreign('logging.getLogger("rasa.x").debug(f"Received {text}")')
        foreign('structlog.get_logger("rasa.x").debug("rasa.received", text=text)')
    assert log.getvalue().count(SECRET) == 2


async def test_a_task_that_nobody_looked_at(log):
    async def fail() -> None:
        raise ValueError(SECRET)

    async def fail_there() -> None:
        task = asyncio.get_running_loop().create_task(fail())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    await fail_there()
    import gc

    gc.collect()
    said = log.getvalue()
    assert "ERROR:asyncio:" in said and said.endswith("ValueError\n")
    assert SECRET not in said
