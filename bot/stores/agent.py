"""Rasa's agent, which answers only what is kept: what the bot says waits until the turn is in the store."""

from __future__ import annotations

import asyncio
import copy
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain

from bot.stores.errors import StaleTurn, StoreUnavailable
from bot.stores.memory import RecentTrackerStore

_ATTEMPTS = 3
MOST_AT_ONCE = 16
"""Turns that one process works on at once."""


class NumberedMessage(UserMessage):
    """A message under a number that its sender made, so that it gets the same reply when it is sent again.

    before: called when it is its turn, and before anything happens; what it raises is raised.
    """

    def __init__(
        self,
        text: str,
        output_channel: OutputChannel,
        sender_id: str,
        number: str,
        input_channel: str,
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(text, output_channel, sender_id, input_channel=input_channel, message_id=number)
        self.before = before


class KeepingAgent(Agent):
    """Answers a turn when it is kept, and not at all when it can't be.

    Rasa's own agent says what it has to say while the turn is going on, and goes on without memory when the store is
    gone. Here a person sees an answer only after the turn is kept, whatever the channel; when the store or the lock
    can't be had, `handle_message` raises Unavailable and nobody saw anything.
    """

    _at_once: asyncio.Semaphore | None = None

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        # Not in Rasa's FailSafeTrackerStore: it answers from memory when the database is gone.
        store = store or RecentTrackerStore(domain)
        store.domain = domain
        return store

    async def handle_message(self, message: UserMessage) -> None:
        """Answer a message through its own output channel. Raises Unavailable."""
        if self.processor is None:
            raise StoreUnavailable("the bot is still starting")
        channel = message.output_channel
        async with self.lock_store.lock(message.sender_id):
            if isinstance(message, NumberedMessage) and message.before is not None:
                await message.before()
            try:
                # A turn is mostly computing: more of them at once only keeps those waiting that hold a lock.
                async with self._room():
                    held = await self._turn(message, channel)
            finally:
                message.output_channel = channel
            await held.release()

    async def close(self) -> None:
        """Close the connections of the store and the locks, after what is being done."""
        for part in (self.tracker_store, self.lock_store):
            closing = part.close() if hasattr(part, "close") else None
            if inspect.isawaitable(closing):
                await closing

    def _room(self) -> asyncio.Semaphore:
        if self._at_once is None:
            self._at_once = asyncio.Semaphore(MOST_AT_ONCE)
        return self._at_once

    async def _turn(self, message: UserMessage, channel: OutputChannel) -> HeldOutput:
        assert self.processor is not None
        for _ in range(_ATTEMPTS):
            message.output_channel = held = HeldOutput(channel)
            if isinstance(message, NumberedMessage):
                before = await self.tracker_store.reply_to(message.sender_id, message.message_id)
                if before is not None:
                    for said in before.reply:
                        await held.send_response(message.sender_id, said)
                    return held
            try:
                await self.processor.handle_message(message)
            except StaleTurn:
                # A process that was thought dead kept its turn after all: nothing was said yet, so think again.
                continue
            return held
        raise StoreUnavailable("others kept turns of this conversation all the time")


class HeldOutput(OutputChannel):
    """Holds what is said to a channel until it is released."""

    def __init__(self, channel: OutputChannel) -> None:
        self._channel = channel
        self._said: list[tuple[str, dict[str, Any]]] = []

    def name(self) -> str:
        """The channel's own name."""
        return str(self._channel.name())

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Hold a message."""
        # A channel takes a message apart while it sends it.
        self._said.append((recipient_id, copy.deepcopy(message)))

    async def release(self) -> None:
        """Say it all."""
        for recipient_id, message in self._said:
            await self._channel.send_response(recipient_id, message)
        self._said.clear()
