"""The Slack channel's address. Every request is checked, and acknowledged when its turn is kept; the answer is posted after that."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.signature import SignatureVerifier

from bot.answers import kanalen
from bot.channels.deliveries import Patience, Queues, Seen, SeenInMemory, Taken, Undelivered, seen_from_environment
from bot.channels.off import OffChannel
from bot.channels.replies import ask
from bot.channels.slack import blocks, incoming
from bot.channels.slack.client import SlackClient
from bot.channels.slack.incoming import Incoming
from bot.settings import SettingError, Settings, SlackSettings
from bot.stores.errors import Unavailable

logger = logging.getLogger(__name__)

OnMessage = Callable[[UserMessage], Awaitable[Any]]

FIRM = "Slack"


class SlackInput(InputChannel):
    """POST /webhooks/slack/webhook: events, button presses and the slash command, all signed by Slack.

    seen: which deliveries came in already; give another for several processes. queues, patience: see deliveries.
    """

    def __init__(
        self,
        settings: SlackSettings,
        seen: Seen | None = None,
        queues: Queues | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._verifier = SignatureVerifier(settings.geheim)
        self._seen = SeenInMemory() if seen is None else seen
        self._queues = Queues("slack turn") if queues is None else queues
        self._client = SlackClient(settings, patience)

    @classmethod
    def name(cls) -> str:
        """The channel's name; its address stands below /webhooks/slack."""
        return "slack"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel as the environment sets it; one that is off when a secret is missing or wrong."""
        try:
            return cls(SlackSettings.from_environment(), seen_from_environment())
        except SettingError as error:
            return OffChannel(cls.name(), str(error))

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """The channel's addresses."""
        hook = Blueprint("loopbaan_slack")

        @hook.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @hook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not self._is_signed(request):
                return response.json({"fout": "De handtekening van Slack klopt niet."}, status=401)
            if request.headers.get("content-type", "").partition(";")[0].strip() == "application/json":
                body = _object(request.body)
                if body.get("type") == "url_verification":
                    return response.text(str(body.get("challenge", "")))
                message = incoming.event(body) if body.get("type") == "event_callback" else None
            else:
                fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
                payload = fields.get("payload")
                message = incoming.command(fields) if payload is None else incoming.press(_object(payload))
            try:
                new = message is not None and await self._seen.claim(*message.deliveries)
            except Unavailable as error:
                # Not acknowledged, so Slack sends it again: at once, after a minute and after five.
                logger.error("slack: a message was not taken: %s", error)
                return response.json({"fout": "Nu niet te bewaren."}, status=503)
            if message is not None and new:
                taken = Taken(self._seen, message.deliveries)
                answer = partial(self._answer, message, on_new_message, taken)
                if not self._queues.put(message.queue, answer, last=partial(self._ask_to_wait, message, taken)):
                    if message.queue in self._queues:
                        return response.text("")  # who sends this much is told to wait by what took the last place
                    await taken.refuse()
                    return response.json({"fout": "Nu te druk."}, status=503)
                await taken.wait()
            return response.text("")

        @hook.listener("before_server_stop")
        async def stop(app: Any, loop: Any) -> None:
            await self._queues.close()
            await self._client.close()

        return hook

    def _is_signed(self, request: Request) -> bool:
        try:
            return bool(self._verifier.is_valid_request(request.body, _headers(request)))
        except (ValueError, TypeError):  # a time or signature that is no such thing, or a body that is no text
            return False

    async def _answer(self, message: Incoming, on_new_message: OnMessage, taken: Taken) -> None:
        contact = Settings.from_environment().contact
        reply = await ask(on_new_message, message.text, message.conversation, self.name(), FIRM, contact)
        await taken.kept()
        if message.press is not None and message.press.blocks:
            press = message.press
            shown = {"text": press.text, "blocks": blocks.after_press(press.blocks, press.block, press.title)}
            try:
                await self._client.update(message.channel, press.message, shown)
            except Undelivered as error:
                # The buttons stay; the answer matters more.
                logger.warning("slack buttons: %s", error)
        for part in blocks.messages(reply, (contact.pagina, contact.email)):
            await self._send(message, part)

    async def _ask_to_wait(self, message: Incoming, taken: Taken) -> None:
        await taken.kept()
        await self._send(message, blocks.notice(kanalen.te_druk()))

    async def _send(self, message: Incoming, part: blocks.Message) -> None:
        if message.reply_url:
            await self._client.reply(message.reply_url, part)
        else:
            await self._client.post(message.channel, message.thread, part)


def _headers(request: Request) -> Mapping[str, str]:
    return {name: request.headers.get(name, "") for name in ("x-slack-request-timestamp", "x-slack-signature")}


def _object(body: bytes | str) -> dict[str, Any]:
    """The JSON object in a body; an empty one when there is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
