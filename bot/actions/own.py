"""The bot's own questions, read without the model: what a button sends is known word for word."""

from __future__ import annotations

from functools import lru_cache

from bot.actions.context import Context
from bot.actions.turn import Turn
from bot.answers import questions
from bot.nlu.names import NameFinder
from knowledge.normal import name_key
from knowledge.store import Store


@lru_cache(maxsize=1)
def _labels(store: Store) -> dict[str, str]:
    return {name_key(question): label for label, question in questions.own_questions(store)}


@lru_cache(maxsize=1)
def _names(store: Store) -> NameFinder:
    return NameFinder(store.namen())


def as_turn(question: str, context: Context, store: Store) -> Turn | None:
    """The turn of a question that a button sends; None when it isn't one of the bot's own."""
    label = _labels(store).get(name_key(question))
    if label is None:
        return None
    name, _, detail = label.partition("/")
    reading = {"name": name, "confidence": 1.0} | ({"full": label} if detail else {})
    turn = Turn(question, label, [reading], _names(store).entities(question), context, store)
    turn.complete()
    turn.label = label
    return turn
