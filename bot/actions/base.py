"""What all actions share: reading the turn, finding the handler for its question, and sending the answer."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.turn import CONTEXT_SLOT, Turn
from bot.answers import gesprek
from bot.answers.answer import Answer
from bot.settings import Settings
from knowledge.store import KnowledgeUnavailable, Store

logger = logging.getLogger(__name__)

Handler = Callable[[Turn], Answer]
_HANDLERS: dict[str, Handler] = {}
_STORE: dict[tuple[str, str | None], Store] = {}


def handles(*labels: str) -> Callable[[Handler], Handler]:
    """Register a function as the one that answers questions with these labels (intent, or `intent/` for all below it)."""

    def register(handler: Handler) -> Handler:
        for label in labels:
            if label in _HANDLERS:
                raise ValueError(f"two handlers for {label}")
            _HANDLERS[label] = handler
        return handler

    return register


def handler_for(label: str) -> Handler | None:
    """The handler of a label: its own, or that of its retrieval intent."""
    return _HANDLERS.get(label) or _HANDLERS.get(label.split("/", 1)[0])


def current_store() -> Store:
    """The knowledge base, opened once. Raises KnowledgeUnavailable."""
    settings = Settings.from_environment()
    key = (str(settings.database), settings.organisatie)
    if key not in _STORE:
        _STORE[key] = Store.open(settings.database, settings.organisatie)
    return _STORE[key]


def close_store() -> None:
    """Forget the opened knowledge base, so that the next turn opens it anew."""
    _STORE.clear()


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
            answer = self.answer(turn)
        except KnowledgeUnavailable as error:
            close_store()
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
        asks_back = answer.outcome == "clarification"
        if answer.outcome in ("answered", "clarification"):
            options = [button.question for button in answer.buttons] if asks_back else []
            context = turn.next_context(wacht=asks_back, opties=options)
            return [SlotSet(CONTEXT_SLOT, context.to_slot())]
        return []

    def answer(self, turn: Turn) -> Answer:
        """The answer to a turn."""
        handler = handler_for(turn.label)
        return handler(turn) if handler else gesprek.weet_niet()


def send(dispatcher: CollectingDispatcher, answer: Answer) -> None:
    """Send an answer as Rasa messages: one with text and buttons, one with the contract's fields."""
    buttons = [{"title": button.title, "payload": button.question} for button in answer.buttons]
    dispatcher.utter_message(text=answer.text, buttons=buttons)
    dispatcher.utter_message(json_message={"answer": answer.contract()})


def first(items: Sequence[Any], limit: int = 3) -> list[Any]:
    """At most `limit` items: people who name more get the first ones."""
    return list(items[:limit])
