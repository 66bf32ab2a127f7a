"""What all actions share: reading the turn, having it answered, and sending the answer."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import dialogue
from bot.actions.context import CONTEXT_SLOT
from bot.actions.registry import handles
from bot.actions.turn import Turn
from bot.answers import gesprek
from bot.answers.answer import Answer
from bot.knowledge_in_use import current
from knowledge.store import KnowledgeUnavailable, Store

logger = logging.getLogger(__name__)

__all__ = ["AnswerAction", "current_store", "first", "handles", "send"]


def current_store() -> Store:
    """The knowledge base of this turn, see :mod:`bot.knowledge_in_use`. Raises KnowledgeUnavailable."""
    return current()


class AnswerAction(Action, ABC):
    """An action that answers the turn's question.

    Rasa picks the action by the intent. The question may become another one when the conversation completes it ("en
    voor adviseur III?"); so every action can hand over to any handler.
    """

    @abstractmethod
    def name(self) -> str:
        """The action's name in the domain."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Answer the turn. Whatever breaks, the person gets a kind message and the log gets no text of theirs."""
        try:
            turn = Turn.from_tracker(tracker, current_store())
            answer, context = dialogue.respond(turn)
        except KnowledgeUnavailable as error:
            logger.error("the knowledge base is not available: %s", error)
            send(dispatcher, gesprek.storing())
            return []
        except Exception as error:
            # The traceback names our code only; the exception's own text could hold what the person typed.
            logger.error(
                "action %s failed with %s", self.name(), type(error).__name__, exc_info=logger.isEnabledFor(10)
            )
            send(dispatcher, gesprek.storing())
            return []
        send(dispatcher, answer)
        if notice := dialogue.notice(context, answer):
            dispatcher.utter_message(text=notice)
        return [SlotSet(CONTEXT_SLOT, replace(context, begroet=True).to_slot())]


def send(dispatcher: CollectingDispatcher, answer: Answer) -> None:
    """Send an answer as Rasa messages: one with text and buttons, one with the contract's fields."""
    buttons = [{"title": button.title, "payload": button.question} for button in answer.buttons]
    dispatcher.utter_message(text=answer.text, buttons=buttons)
    dispatcher.utter_message(json_message={"answer": answer.contract()})


def first(items: Sequence[Any], limit: int = 3) -> list[Any]:
    """At most `limit` items: people who name more get the first ones."""
    return list(items[:limit])
