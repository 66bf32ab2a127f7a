"""One turn for a channel that shows a reply as a whole (Slack, Teams): ask the bot, get what it says, whatever happens.

Typed text never becomes an intent here, and every way to fail ends in a sentence that helps the person on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot.answers import gesprek, kanalen
from bot.answers.answer import Answer, Button, Source
from bot.channels.rest import harmless
from bot.channels.web.refusal import breakdown
from bot.settings import Contact, Settings
from bot.stores.errors import Unavailable

logger = logging.getLogger(__name__)

LONGEST_TURN = 45
"""Seconds that the bot may take."""
MAX_LENGTH = 2000
"""Characters of a message that are read."""

OnMessage = Callable[[UserMessage], Awaitable[Any]]


@dataclass(frozen=True)
class Part:
    """A text (Markdown) with its buttons."""

    text: str
    buttons: tuple[Button, ...] = ()


@dataclass
class Reply:
    """All that the bot says in one turn: texts with buttons, and the fields of the answer contract."""

    parts: list[Part] = field(default_factory=list)
    contract: dict[str, Any] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the answer comes from."""
        return tuple(Source(**source) for source in self.contract.get("sources") or [])

    @property
    def data(self) -> dict[str, Any]:
        """The structured facts of a comparison, a path or a document."""
        return dict(self.contract.get("data") or {})

    @property
    def kind(self) -> str:
        """Which question was answered."""
        return str(self.contract.get("kind") or "")

    @classmethod
    def of(cls, answer: Answer, *notices: str) -> Reply:
        """An answer that is given without the model, with what is said below it."""
        parts = [Part(answer.text, answer.buttons), *(Part(notice) for notice in notices)]
        return cls(parts, answer.contract())


async def ask(
    on_new_message: OnMessage,
    text: str,
    sender: str,
    channel: str,
    firm: str,
    contact: Contact | None = None,
    longest: float = LONGEST_TURN,
) -> Reply:
    """The bot's reply to what a person typed or pressed; never raises for what goes wrong behind it.

    sender: the conversation (`conversation_id`). channel: its name in the tracker. firm: whose service the messages pass
    through ("Slack"), for the privacy text. An empty message gets a greeting; one that is too long is not read.
    """
    contact = contact or Settings.from_environment().contact
    if len(text) > MAX_LENGTH:
        return Reply.of(gesprek.te_lang(MAX_LENGTH), gesprek.computer(contact))
    text = harmless(text)
    if not text:
        return Reply.of(gesprek.groet(), gesprek.computer(contact))
    collected = _Collected()
    try:
        message = UserMessage(text, collected, sender, input_channel=channel)
        await asyncio.wait_for(on_new_message(message), longest)
    except Unavailable as error:
        logger.error("%s turn was refused: %s", channel, error)
        return Reply.of(gesprek.niet_te_bewaren())
    except Exception as error:
        breakdown(error, f"{channel} turn")
        return Reply.of(gesprek.storing())
    reply = collected.reply
    if not reply.parts:
        return Reply.of(gesprek.weet_niet())
    if reply.kind == "gesprek.privacy":
        # The bot's own words say that nothing goes to other firms; here it does.
        reply.parts[0] = Part(kanalen.privacy(contact, firm), reply.parts[0].buttons)
    return reply


class _Collected(OutputChannel):
    """Keeps Rasa's messages together: each text whole, with its buttons."""

    def __init__(self) -> None:
        self.reply = Reply()

    @classmethod
    def name(cls) -> str:
        return "verzameld"

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        self.reply.parts.append(Part(text))

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        # A button with an address instead of a question opens that page.
        made = tuple(Button(button["title"], button.get("payload") or button["url"]) for button in buttons)
        self.reply.parts.append(Part(text, made))

    async def send_custom_json(self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any) -> None:
        self.reply.contract.update(json_message.get("answer") or {})
