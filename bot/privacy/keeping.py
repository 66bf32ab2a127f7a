"""What is kept of people, for as long as it may be: clearing up, erasing one conversation, and showing one."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Protocol

from bot.actions.context import CONTEXT_SLOT
from bot.channels.feedback import Feedback

DAY = 86_400
"""Seconds."""


class Conversations(Protocol):
    """A store of conversations (`bot.stores`), as far as is needed here. All raise StoreUnavailable."""

    async def delete(self, sender_id: str) -> int:
        """Delete a conversation; returns how many events are gone."""

    async def delete_before(self, timestamp: float) -> int:
        """Delete what is older than a moment (seconds since 1970); returns how many events are gone."""

    async def export(self, sender_id: str) -> list[dict[str, Any]]:
        """The events of a conversation as JSON."""


@dataclass(frozen=True)
class Gone:
    """How much was removed: events of conversations, and verdicts (or the texts in them)."""

    events: int
    verdicts: int


async def clear_up(store: Conversations, feedback: Feedback, days: int, now: float | None = None) -> Gone:
    """Remove events of more than `days` days ago, and verdicts of more than a year ago. Doing it again removes no more."""
    before = (time.time() if now is None else now) - days * DAY
    return Gone(await store.delete_before(before), feedback.tidy())


async def erase(store: Conversations, feedback: Feedback, sender_id: str) -> Gone:
    """Remove one conversation, and what was typed beside its verdicts."""
    return Gone(await store.delete(sender_id), feedback.wipe_conversation(sender_id))


def own_copy(events: Iterable[Mapping[str, Any]], verdicts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What is kept of a conversation, as a person can read it: what was said, what was remembered, and the verdicts."""
    said: list[dict[str, Any]] = []
    remembered: Any = None
    for event in events:
        kind, text = event.get("event"), event.get("text")
        if kind in ("user", "bot") and text:
            said.append({"van": "jij" if kind == "user" else "bot", "moment": _moment(event), "tekst": text})
        elif kind == "slot" and event.get("name") == CONTEXT_SLOT:
            remembered = event.get("value")
    kept = remembered if isinstance(remembered, dict) else {}
    return {
        "berichten": said,
        "onthouden": {"over_jou": kept.get("persoon") or {}, "gevraagd": kept.get("gevraagd") or []},
        "oordelen": [
            {
                "moment": verdict["moment"],
                "oordeel": "goed" if verdict["goed"] else "slecht",
                **{part: verdict[part] for part in ("woord", "vraag", "antwoord") if verdict[part]},
            }
            for verdict in verdicts
        ],
    }


def _moment(event: Mapping[str, Any]) -> str | None:
    found = event.get("timestamp")
    if not isinstance(found, int | float):
        return None
    return datetime.fromtimestamp(found, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
