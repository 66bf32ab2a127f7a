"""Conversations in memory: for tests, benchmarks, and for who wants nothing kept (LOOPBAAN_GESPREKKEN=geheugen)."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from itertools import dropwhile, takewhile
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

MAX_EVENTS = 20
"""Events of the past that a turn gets to see. All that it needs stands in one slot, which is set at every answer."""


@dataclass(frozen=True)
class Exchange:
    """A message of a person (scrubbed, as it is kept) and the bot's messages to it, as Rasa hands them to a channel."""

    question: str
    reply: list[dict[str, Any]]


def exchange(events: list[Event]) -> Exchange | None:
    """The message that events begin with and what the bot said to it; None when they begin with something else."""
    if not events or not isinstance(events[0], UserUttered):
        return None
    said = takewhile(lambda event: not isinstance(event, UserUttered), events[1:])
    return Exchange(events[0].text or "", [event.message() for event in said if isinstance(event, BotUttered)])


class RecentTrackerStore(TrackerStore):
    """Keeps the last events of the last conversations, in memory only.

    Rasa's own store reads a whole conversation back from JSON at every turn, so a turn gets slower as the conversation
    gets longer. What the bot needs of the past stands in one slot that is set at every answer, so older events can go;
    and events don't change once they happened, so they can be kept as they are.
    """

    MAX_EVENTS = MAX_EVENTS
    MAX_CONVERSATIONS = 10_000

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.conversations: OrderedDict[str, list[Event]] = OrderedDict()

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """An empty conversation that keeps its last events only."""
        return DialogueStateTracker(sender_id, self.domain.slots, max_event_history=self.MAX_EVENTS)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation; forget the one that was silent longest when there are too many."""
        await self.stream_events(tracker)
        self.conversations[tracker.sender_id] = list(tracker.events)
        self.conversations.move_to_end(tracker.sender_id)
        while len(self.conversations) > self.MAX_CONVERSATIONS:
            self.conversations.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as it was saved, or None."""
        events = self.conversations.get(sender_id)
        if events is None:
            return None
        tracker = self.init_tracker(sender_id)
        tracker.events.extend(events)
        tracker.replay_events()
        return tracker

    async def reply_to(self, sender_id: str, message_id: str) -> Exchange | None:
        """A message that was answered lately and what was said to it, or None."""
        events = self.conversations.get(sender_id, [])
        return exchange(list(dropwhile(lambda e: getattr(e, "message_id", None) != message_id, events)))

    async def delete(self, sender_id: str) -> int:
        """Forget a conversation; returns how many events are gone."""
        return len(self.conversations.pop(sender_id, []))

    async def delete_before(self, timestamp: float) -> int:
        """Forget all events from before a moment (seconds since 1970); returns how many are gone."""
        gone = 0
        for sender_id, events in list(self.conversations.items()):
            kept = [event for event in events if _moment(event) >= timestamp]
            gone += len(events) - len(kept)
            if kept:
                self.conversations[sender_id] = kept
            else:
                del self.conversations[sender_id]
        return gone

    async def export(self, sender_id: str) -> list[dict[str, Any]]:
        """What is kept of a conversation: its events as JSON, the oldest first."""
        return [event.as_dict() for event in self.conversations.get(sender_id, [])]

    async def ping(self) -> None:
        """Memory is always there."""

    async def keys(self) -> list[str]:
        """The ids of the conversations that are kept."""
        return list(self.conversations)


def _moment(event: Event) -> float:
    return float(event.timestamp or time.time())
