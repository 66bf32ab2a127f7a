"""The second net: what a conversation's event may hold when it is stored.

The channels scrub what people type before anything sees it (`bot.channels.rest.harmless`). This does the same to the
events themselves, so that a channel that forgets, or an action that keeps a text, leaves no number in a database.
"""

from __future__ import annotations

from typing import Any

from bot.privacy.scrubber import scrub_all
from bot.settings import Settings

_OURS = frozenset(
    {"event", "timestamp", "name", "sender_id", "message_id", "input_channel", "model_id", "assistant_id", "policy"}
)
"""Fields that hold no text of people; an id of hexadecimal signs can hold nine digits that pass for a BSN."""


def scrub_event(event: dict[str, Any]) -> dict[str, Any]:
    """An event's JSON as it may be stored; the organisation's own contact address stays in what the bot said."""
    keep = (Settings.from_environment().contact.email,)
    return {name: part if name in _OURS else _scrubbed(part, keep) for name, part in event.items()}


def _scrubbed(part: Any, keep: tuple[str, ...]) -> Any:
    if isinstance(part, dict):
        return {name: value if name in _OURS else _scrubbed(value, keep) for name, value in part.items()}
    return scrub_all(part, keep)
