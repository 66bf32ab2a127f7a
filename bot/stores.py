"""Where conversations are kept while the bot runs on one machine without a database."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker


class RecentTrackerStore(TrackerStore):
    """Keeps the last events of the last conversations, in memory only.

    Rasa's own store reads a whole conversation back from JSON at every turn, so a turn gets slower as the conversation
    gets longer. What the bot needs of the past stands in one slot that is set at every answer, so older events can go;
    and events don't change once they happened, so they can be kept as they are.
    """

    MAX_EVENTS = 20
    MAX_CONVERSATIONS = 10_000

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.max_event_history = self.MAX_EVENTS
        self.conversations: OrderedDict[str, list[Event]] = OrderedDict()

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

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation."""
        self.conversations.pop(sender_id, None)

    async def keys(self) -> Iterable[str]:
        """The ids of the conversations that are kept."""
        return list(self.conversations)


class CannotForget(Exception):
    """A tracker store that has no way to delete a conversation."""


async def forget(store: TrackerStore, sender_id: str) -> None:
    """Delete a conversation, also from the store that Rasa falls back to. Raises CannotForget.

    Rasa wraps the store that was configured, and its wrappers know no deletion; nor do its own stores.
    """
    fallback = getattr(store, "_fallback_tracker_store", None)
    while not hasattr(store, "delete") and hasattr(store, "_tracker_store"):
        store = store._tracker_store
    if fallback is not None:
        await forget(fallback, sender_id)
    if hasattr(store, "delete"):
        await store.delete(sender_id)
    elif isinstance(store, InMemoryTrackerStore):
        store.store.pop(sender_id, None)
    else:
        raise CannotForget(f"{type(store).__name__} can't delete a conversation")
