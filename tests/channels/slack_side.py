"""Slack's side of the channel: a Web API on loopback that keeps what it gets, and requests signed as Slack signs them."""

from __future__ import annotations

import json
import socket
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from rasa.core.channels.channel import register
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.models.blocks import Block
from slack_sdk.signature import SignatureVerifier

SECRET = "0123456789abcdef" * 2
TOKEN = "xoxb-test"


async def serve(app: Sanic) -> tuple[str, Any]:
    """Serve an application on a free port; returns its address and the server, to be closed."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.start_serving()
    return f"http://127.0.0.1:{sock.getsockname()[1]}", server


@dataclass
class Call:
    """A call that the Web API got."""

    method: str
    fields: dict[str, Any]
    token: str
    at: float

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return list(self.fields.get("blocks") or [])

    @property
    def shown(self) -> str:
        """All that is to be read in the blocks."""
        return "\n".join(_texts(self.blocks))

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return [element for block in self.blocks if block["type"] == "actions" for element in block["elements"]]


def _texts(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if part.get("type") in ("mrkdwn", "plain_text") else []
        return own + [text for value in part.values() for text in _texts(value)]
    return [text for value in part for text in _texts(value)] if isinstance(part, list) else []


@dataclass
class WebApi:
    """Slack's Web API and its reply addresses. `script`: what to answer first, as (status, headers, body)."""

    calls: list[Call] = field(default_factory=list)
    script: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)
    url: str = ""

    def app(self) -> Sanic:
        app = Sanic(f"slack_{uuid.uuid4().hex}", configure_logging=False)

        @app.route("/api/<method>", methods=["POST"])
        async def api(request: Request, method: str) -> HTTPResponse:
            return self._take(request, method)

        @app.route("/reply/<name>", methods=["POST"])
        async def reply(request: Request, name: str) -> HTTPResponse:
            return self._take(request, f"reply/{name}")

        return app

    def _take(self, request: Request, method: str) -> HTTPResponse:
        fields = request.json if request.body else {}
        call = Call(method, fields or {}, request.headers.get("authorization", ""), time.monotonic())
        self.calls.append(call)
        self._check(call)
        if self.script:
            status, headers, body = self.script.pop(0)
            return response.json(body, status=status, headers=headers)
        return response.json({"ok": True, "ts": f"{len(self.calls)}.0", "channel": call.fields.get("channel")})

    def _check(self, call: Call) -> None:
        """What Slack's own client library finds wrong; for a test to look at afterwards."""
        if call.method == "auth.test":
            return
        if len(call.blocks) > 50 or not call.fields.get("text"):
            self.invalid.append(f"{call.method}: {len(call.blocks)} blocks, text {call.fields.get('text')!r}")
        for block in call.blocks:
            try:
                parsed = Block.parse(block)
                assert parsed is not None
                # What a model doesn't know it leaves out, so the two must be the same.
                assert parsed.to_dict() == block
            except Exception as error:
                self.invalid.append(f"{block} {error}")
        ids = [element["action_id"] for element in call.buttons]
        if len(ids) != len(set(ids)):
            self.invalid.append(f"the same action_id twice: {ids}")

    def posts(self, channel: str | None = None) -> list[Call]:
        """The answers that were posted or replied."""
        found = [call for call in self.calls if call.method == "chat.postMessage" or call.method.startswith("reply/")]
        return [call for call in found if channel is None or call.fields.get("channel") == channel]


@dataclass
class Workspace:
    """A running Slack channel with Slack on the other side, and what tests do in it."""

    url: str
    api: WebApi
    http: aiohttp.ClientSession
    number: int = 0

    async def send(
        self,
        body: dict[str, Any] | bytes,
        *,
        form: bool = False,
        at: float | None = None,
        secret: str = SECRET,
        change: Callable[[dict[str, str]], Any] | None = None,
        tamper: bytes = b"",
    ) -> aiohttp.ClientResponse:
        """A request as Slack makes it, or nearly."""
        text = "" if isinstance(body, bytes) else urlencode(body) if form else json.dumps(body)
        raw = body if isinstance(body, bytes) else text.encode()
        moment = str(int(time.time() if at is None else at))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded" if form else "application/json",
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": str(SignatureVerifier(secret).generate_signature(timestamp=moment, body=raw)),
        }
        if change:
            change(headers)
        async with self.http.post(f"{self.url}/webhooks/slack/webhook", data=raw + tamper, headers=headers) as reply:
            await reply.read()
            return reply

    def event(self, text: str, **fields: Any) -> dict[str, Any]:
        """A direct message, or what `fields` make of it."""
        self.number += 1
        message = {
            "type": "message",
            "channel_type": "im",
            "channel": "D1",
            "user": "U1",
            "text": text,
            "ts": f"{self.number}.000100",
        }
        return {
            "type": "event_callback",
            "team_id": "T1",
            "event_id": f"Ev{self.number}",
            "authorizations": [{"user_id": "UBOT", "is_bot": True}],
            "event": {**message, **fields},
        }

    def mention(self, text: str, channel: str = "C1", **fields: Any) -> dict[str, Any]:
        return self.event(f"<@UBOT> {text}", type="app_mention", channel=channel, channel_type="channel", **fields)

    async def say(self, text: str, **fields: Any) -> None:
        assert (await self.send(self.event(text, **fields))).status == 200

    async def command(self, text: str, **fields: Any) -> aiohttp.ClientResponse:
        self.number += 1
        said = {
            "command": "/loopbaan",
            "text": text,
            "user_id": "U1",
            "channel_id": "C1",
            "team_id": "T1",
            "trigger_id": f"trigger{self.number}",
            "response_url": f"{self.api.url}/reply/{self.number}",
        }
        return await self.send({**said, **fields}, form=True)

    async def press(self, call: Call, number: int, **fields: Any) -> aiohttp.ClientResponse:
        """Press a button of a message that was posted."""
        element = call.buttons[number]
        block = next(b for b in call.blocks if b["type"] == "actions" and element in b["elements"])
        place = {key: call.fields[key] for key in ("thread_ts",) if key in call.fields}
        payload = {
            "type": "block_actions",
            "user": {"id": "U1"},
            "channel": {"id": call.fields.get("channel", "C1")},
            "container": {"type": "message", "message_ts": "5.5", **place},
            "message": {"ts": "5.5", "text": call.fields["text"], "blocks": call.blocks, **place},
            "response_url": f"{self.api.url}/reply/press",
            "actions": [{**element, "block_id": block["block_id"], "action_ts": f"{time.time()}"}],
            **fields,
        }
        return await self.send({"payload": json.dumps(payload)}, form=True)


async def workspace(
    channel_of: Callable[[str], Any], bot: Any, http: aiohttp.ClientSession
) -> tuple[Workspace, list[Any]]:
    """Start Slack's side and the channel that `channel_of` makes for the Web API's address."""
    api = WebApi()
    api.url, api_server = await serve(api.app())
    app = Sanic(f"bot_{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.agent = bot
    register([channel_of(f"{api.url}/api/")], app, route="/webhooks/")
    url, server = await serve(app)
    return Workspace(url, api, http), [api_server, server]
