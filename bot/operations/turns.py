"""Every turn of every channel comes through here: it is counted, timed and told in the log, and uses one knowledge base."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, cast

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot import knowledge_in_use
from bot.operations.logs import TURNS
from bot.operations.metrics import Metrics

logger = logging.getLogger(TURNS)

Answer = Callable[[UserMessage], Awaitable[Any]]

NONE = "geen"
"""Kind and outcome of a turn to which nothing was answered."""


class Turns:
    """The turns that are under way.

    unavailable: exceptions that say that a turn was not kept (a store that is out of reach), told apart from faults.
    """

    def __init__(self, metrics: Metrics, unavailable: Iterable[type[Exception]] = ()) -> None:
        self._metrics = metrics
        self._unavailable = tuple(unavailable)
        self._at_work: Counter[str] = Counter()
        metrics.busy_turns.set_function(lambda: self.busy)
        metrics.busy_conversations.set_function(lambda: len(self._at_work))

    @property
    def busy(self) -> int:
        """How many turns are under way."""
        return self._at_work.total()

    async def handle(self, message: UserMessage, answer: Answer) -> Any:
        """Have a message answered; raises what `answer` raises."""
        channel, sender = message.input_channel or NONE, message.sender_id
        told = _Told(cast(OutputChannel, message.output_channel))
        message.output_channel = told
        self._at_work[sender] += 1
        started = time.perf_counter()
        broken = None
        try:
            with knowledge_in_use.for_a_turn():
                return await answer(message)
        except asyncio.CancelledError:
            broken = "afgebroken"
            raise
        except Exception as error:
            broken = "opslag" if isinstance(error, self._unavailable) else "storing"
            raise
        finally:
            self._at_work[sender] -= 1
            if not self._at_work[sender]:
                del self._at_work[sender]
            seconds = time.perf_counter() - started
            # An action that broke answers with an apology, of outcome "error".
            broken = broken or ("storing" if told.outcome == "error" else None)
            outcome = "error" if broken else told.outcome
            self._metrics.turn(channel, outcome, told.kind, seconds)
            if broken:
                self._metrics.error(channel, broken)
            if logger.isEnabledFor(logging.INFO):
                fields = {"kanaal": channel, "soort": told.kind, "uitkomst": broken or outcome}
                logger.info("beurt", extra=fields | {"ms": round(seconds * 1000, 1)})

    async def quiet(self, seconds: float, moment: float = 0.1) -> bool:
        """Wait until no turn has been under way for a moment, at most so many seconds. Returns whether it came to that."""
        until = time.monotonic() + seconds
        idle = 0.0
        while time.monotonic() < until:
            if self.busy:
                idle = 0.0
            elif idle >= moment:
                return True
            await asyncio.sleep(moment / 4)
            idle += moment / 4
        return not self.busy


class _Told(OutputChannel):
    """Passes all that is said on to a channel, and notes what kind of answer it was."""

    def __init__(self, channel: OutputChannel) -> None:
        self._channel = channel
        self.kind = NONE
        self.outcome = NONE

    def name(self) -> str:
        return self._channel.name()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        answer = (message.get("custom") or {}).get("answer") or {}
        self.kind = str(answer.get("kind") or self.kind)
        self.outcome = str(answer.get("outcome") or self.outcome)
        await self._channel.send_response(recipient_id, message)
