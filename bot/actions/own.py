"""The bot's own questions, read without the model: what a button sends is known word for word."""

from __future__ import annotations

from functools import lru_cache

from bot.actions.context import Context
from bot.actions.turn import Turn
from bot.answers import questions
from bot.nlu.names import NameFinder
from knowledge.normal import name_key
from knowledge.store import Store


@lru_cache(maxsize=4)
def _known(store: Store) -> tuple[dict[str, str], NameFinder]:
    labels = {name_key(question): label for label, question in questions.own_questions(store)}
    return labels, NameFinder(store.namen())


def as_turn(question: str, context: Context, store: Store) -> Turn | None:
    """The turn of a question that a button sends; None when it isn't one of the bot's own."""
    labels, names = _known(store)
    label = labels.get(name_key(question))
    if label is None:
        return None
    name, _, detail = label.partition("/")
    reading = {"name": name, "confidence": 1.0} | ({"full": label} if detail else {})
    turn = Turn(question, label, 1.0, [reading], names.entities(question), context, store)
    turn.complete()
    turn.label = label
    return turn
