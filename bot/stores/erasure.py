"""Forgetting a conversation, whatever store it is in."""

from __future__ import annotations

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
