"""Where conversations are kept while the bot runs on one machine without a database."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker


class RecentTrackerStore(InMemoryTrackerStore):
    """Keeps the last events of the last conversations, in memory only.

    Rasa reads a whole conversation back at every turn, so a turn gets slower as the conversation gets longer. What the
    bot needs of the past stands in one slot that is set at every answer, so older events can go.
    """

    MAX_EVENTS = 40
    MAX_CONVERSATIONS = 10_000

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.max_event_history = self.MAX_EVENTS
        self.store: OrderedDict[str, str] = OrderedDict()  # type: ignore[assignment]

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation; forget the one that was silent longest when there are too many."""
        await super().save(tracker)
        self.store.move_to_end(tracker.sender_id)
        while len(self.store) > self.MAX_CONVERSATIONS:
            self.store.popitem(last=False)
