"""Errors that are forced in every channel, in the store, in Rasa and in the server itself: no text in the log."""

from __future__ import annotations

import contextlib
import json

import pytest
from rasa.core.actions.action import Action as RasaAction
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import base
from bot.actions.base import AnswerAction
from tests.security.conftest import HOOKS

MARK = "GEHEIMETEKST"


@pytest.mark.parametrize("channel", HOOKS)
@pytest.mark.parametrize(
    ("word", "statuses"),
    [
        ("kapot", (500, 200)),
        ("diep kapot", (500, 200)),
        ("weg", (503, 200)),
        ("stil", (200, 500)),
        ("later kapot", (200, 500)),
    ],
)
async def test_a_turn_that_fails(town, channel, word, statuses):
    answer = await town.say(channel, f"{word} {MARK} jan@ommen.nl")
    await town.quiet()
    assert answer.status in statuses
    said = answer.text + json.dumps([call.fields for call in town.slack.calls]) + json.dumps(town.microsoft.said)
    if word in ("kapot", "diep kapot"):
        assert MARK not in said and "er ging bij mij iets mis" in said
        assert "RuntimeError" in town.log.getvalue(), "the kind of error is told"
    if word == "weg":
        assert "niet bewaren" in said
    assert MARK not in town.log.getvalue() and "jan@" not in town.log.getvalue()
    assert "Traceback" not in answer.text
    assert (await town.say(channel, "hallo")).status == 200


async def test_an_error_in_the_server_itself(town):
    async def broken(request):
        raise ValueError(f"{MARK} {request.args}")

    town.app.router.reset()
    town.app.add_route(broken, "/stuk")
    town.app.router.finalize()
    answer = await town.call("GET", f"/stuk?vraag={MARK}")
    assert answer.status == 500 and "nummer" in json.loads(answer.body)
    assert MARK not in answer.text and MARK not in town.log.getvalue()
    assert "ValueError" in town.log.getvalue()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / GEHEIMETEKST\r\n\r\n",
        b"GEHEIMETEKST\r\n\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: GEHEIMETEKST\r\n\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nGEHEIMETEKST",
        b"POST /webhooks/web/bericht HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nGEHEIMETEKST",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\nGEHEIMETEKST",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nGEHEIMETEKST",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: GEHEIMETEKST\r\n\r\nGEHEIMETEKST",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nGEHEIMETEKST\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nGEHEIMETEKST\r\n",
        b"POST /webhooks/web/bericht HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nGEHEIMETEKST\r\n",
        b"GET /\xff\xfeGEHEIMETEKST HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET //[GEHEIMETEKST HTTP/1.1\r\nHost: [x\r\n\r\n",
        b"GET http://[GEHEIMETEKST/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /?GEHEIMETEKST=" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nExpect: GEHEIMETEKST\r\nContent-Length: 5\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nGEHEIMETEKST\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: x\r\n\r\n",
    ],
    ids=range(18),
)
async def test_what_is_no_proper_http(town, sent):
    answer = await town.raw(sent, seconds=1)
    assert b" 500 " not in answer.partition(b"\r\n")[0], answer[:200]
    assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 200")), answer[:200]
    assert MARK not in town.log.getvalue() and b"Traceback" not in answer
    if answer:
        assert b"x-content-type-options: nosniff" in answer.lower()
    assert (await town.say("rest", "hallo")).status == 200, "the server goes on"


def test_an_action_that_fails(store, log, monkeypatch):
    def respond(turn):
        raise ValueError(turn.text)

    class Some(AnswerAction):
        def name(self):
            return "action_some"

    monkeypatch.setattr(base, "current_store", lambda: store)
    monkeypatch.setattr(base.dialogue, "respond", respond)
    message = {"text": MARK, "intent": {"name": "groet"}, "entities": [], "intent_ranking": []}
    tracker = Tracker("x", {}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    Some().run(dispatcher, tracker, {})
    assert dispatcher.messages and MARK not in str(dispatcher.messages)
    assert "ValueError" in log.getvalue() and MARK not in log.getvalue()


async def test_rasas_own_errors(log, monkeypatch):
    """The places where Rasa 3.6 quotes a person at ERROR: its stock channel, an action that raises, its failing store."""
    domain = Domain.empty()

    class Broken(RasaAction):
        def name(self):
            return f"action_{MARK}"

        async def run(self, *args, **kwargs):
            raise ValueError(MARK)

    class Gone(InMemoryTrackerStore):
        async def save(self, tracker):
            raise ValueError(f"INSERT {MARK}")

    store = FailSafeTrackerStore(Gone(domain))
    tracker = await store.get_or_create_tracker("x")
    tracker.update(UserUttered(MARK))
    await store.save(tracker)

    processor = MessageProcessor.__new__(MessageProcessor)
    processor.domain = domain
    processor.max_number_of_predictions = 10
    monkeypatch.setattr(processor, "should_predict_another_action", lambda name: False, raising=False)
    from rasa.core.policies.policy import PolicyPrediction

    prediction = PolicyPrediction([1.0], "x")
    # What comes after the log line needs more of a processor than there is here.
    with contextlib.suppress(Exception):
        await processor._run_action(Broken(), tracker, CollectingOutputChannel(), None, prediction)  # type: ignore[arg-type]

    async def fail(message: UserMessage) -> None:
        raise ValueError(MARK)

    from sanic import Sanic

    monkeypatch.setattr(Sanic, "test_mode", True)
    app = Sanic("stock", configure_logging=False)
    app.blueprint(RestInput().blueprint(fail), url_prefix="/stock")
    import socket

    import aiohttp

    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    running = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    await running.startup()
    await running.start_serving()
    async with aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{sock.getsockname()[1]}/stock/webhook"
        async with http.post(url, json={"sender": "x", "message": MARK}) as reply:
            await reply.read()
    await running.close()

    said = log.getvalue()
    assert "rasa.core.processor" in said and "rasa.core.tracker_store" in said, said
    assert "ValueError" in said and MARK not in said
