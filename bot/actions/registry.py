"""Which function answers which question."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.answers.answer import Answer

if TYPE_CHECKING:
    from bot.actions.turn import Turn

Handler = Callable[["Turn"], Answer]
_HANDLERS: dict[str, Handler] = {}


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
