"""Forgetting a conversation, or taking it along, whatever store it is in."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore


class CannotForget(Exception):
    """A tracker store that has no way to delete a conversation."""


async def forget(store: TrackerStore, sender_id: str) -> None:
    """Delete a conversation, also from the store that Rasa falls back to. Raises CannotForget, StoreUnavailable.

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


async def export(store: TrackerStore, sender_id: str) -> list[dict[str, Any]]:
    """What is kept of a conversation: its events as JSON, the oldest first. Raises StoreUnavailable."""
    while not hasattr(store, "export") and hasattr(store, "_tracker_store"):
        store = store._tracker_store
    if hasattr(store, "export"):
        return list(await store.export(sender_id))
    tracker = await store.retrieve_full_tracker(sender_id)
    return [event.as_dict() for event in tracker.events] if tracker else []
