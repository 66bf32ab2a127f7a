"""What the bot says, handed to a turn as it is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.answers.answer import Answer
from bot.channels.web.conversations import Turn


class TurnOutput(OutputChannel):
    """Hands Rasa's messages to a turn: each text whole, without the conversation's id, with signed buttons."""

    def __init__(self, turn: Turn, sign: Callable[[str], str]) -> None:
        self.turn = turn
        self.sign = sign

    @classmethod
    def name(cls) -> str:
        """The channel's name, as in Rasa."""
        return "web"

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """A text."""
        self.turn.say({"text": text})

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """A text with buttons."""
        signed = [{"title": button["title"], "payload": self.sign(button["payload"])} for button in buttons]
        self.turn.say({"text": text, "buttons": signed})

    async def send_custom_json(self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any) -> None:
        """The contract's fields."""
        self.turn.say({"custom": json_message})

    async def send_answer(self, answer: Answer) -> None:
        """An answer that is given without the model."""
        buttons = [{"title": button.title, "payload": button.question} for button in answer.buttons]
        await self.send_text_with_buttons("", answer.text, buttons)
        await self.send_custom_json("", {"answer": answer.contract()})
