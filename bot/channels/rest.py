"""The open REST channel, for development, tests and the command line. It listens on loopback only.

Like Rasa's own channel of this name, with its holes closed: typed text never becomes an intent, callers can't pose as
another channel, whoever names no sender gets a conversation of their own, and a failure is told as one.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.answers import gesprek
from bot.answers.answer import Answer
from bot.stores.errors import Unavailable

logger = logging.getLogger(__name__)

MAX_LENGTH = 2000
"""Characters of a message that are read; longer ones get a kind answer and don't reach the model."""

_LEAD = re.compile(r"^[\s/\\]+")


def harmless(text: str) -> str:
    """The text as the model may see it: without the slash that makes Rasa take it for an intent."""
    return _LEAD.sub("", text).strip()


def messages(answer: Answer, recipient: str) -> list[dict[str, Any]]:
    """An answer as the REST channel shows it, for answers that are given without the model."""
    buttons = [{"title": button.title, "payload": button.question} for button in answer.buttons]
    text: dict[str, Any] = {"recipient_id": recipient, "text": answer.text}
    if buttons:
        text["buttons"] = buttons
    return [text, {"recipient_id": recipient, "custom": {"answer": answer.contract()}}]


class LocalRestInput(RestInput):
    """POST /webhooks/rest/webhook with {"sender", "message"}; the reply is a list of messages."""

    @classmethod
    def name(cls) -> str:
        """The channel's name, as in Rasa."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's addresses."""
        hook = Blueprint("loopbaan_rest")

        @hook.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @hook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                body = request.json
            except Exception:  # sanic raises its own kinds of bad-request errors
                body = None
            if not isinstance(body, dict) or not isinstance(body.get("message", ""), str):
                return response.json({"fout": 'Stuur JSON met "sender" en "message", allebei tekst.'}, status=400)
            sender = str(body.get("sender") or f"anoniem-{uuid.uuid4().hex}")
            text = body.get("message", "")
            if len(text) > MAX_LENGTH:
                return response.json(messages(gesprek.te_lang(MAX_LENGTH), sender))
            if not harmless(text):
                return response.json(messages(gesprek.leeg(), sender))
            collector = CollectingOutputChannel()
            try:
                await on_new_message(UserMessage(harmless(text), collector, sender, input_channel=self.name()))
            except Unavailable as error:
                logger.error("a turn was refused: %s", error)
                again = {"Retry-After": "5"}
                return response.json(messages(gesprek.niet_te_bewaren(), sender), status=503, headers=again)
            except Exception as error:
                number = uuid.uuid4().hex[:8]
                logger.error("turn %s failed with %s", number, type(error).__name__)
                return response.json(messages(gesprek.storing(), sender), status=500)
            return response.json(collector.messages or messages(gesprek.weet_niet(), sender))

        return hook
