"""What the rules share: how long a message may be, and whether it names anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.nlu.text import words

if TYPE_CHECKING:
    from bot.actions.turn import Turn

SHORT = 7
"""Words up to which a message is taken to go on about what was talked of."""
ONLY_ONE = re.compile(r"\b(?:de|het|'t) enige\b|\balleen (?:zij|hij|die)\b")
WHICH = re.compile(r"\b(?:welke?|wie|hoeveel)\b")


def short(turn: Turn) -> bool:
    """Whether a message is short enough to go on about what was talked of."""
    return len(words(turn.text)) <= SHORT


def names_nothing(turn: Turn) -> bool:
    """Whether a message names no function and no competency."""
    return not turn.named_functies and not turn.named_competenties


def answered_by(turn: Turn, subject: str) -> bool:
    """Make a subject (its id) what is asked; False, and nothing changed, when the knowledge base doesn't have it."""
    if turn.store.onderwerp(subject) is None:
        return False
    turn.label = f"onderwerp/{subject}"
    return True
