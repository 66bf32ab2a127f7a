"""What the channels of other firms (Slack, Teams) share: messages that come twice, answering in order, and posting.

Such a service wants its acknowledgement within seconds, sends a message again when it doubts, and takes the answer as a
request of ours, which it may refuse for a while. So a channel notes each delivery (`Seen`), acknowledges it, has it
answered in the order of its conversation (`Queues`), and posts with patience that has an end (`Outgoing`). What it
acknowledges is kept already, unless that takes long (`Taken`).
Nothing here logs what somebody typed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any, Protocol, TypeVar

import aiohttp

from bot.channels.web.refusal import breakdown
from bot.stores.errors import Unavailable
from bot.stores.shared import Shared, SharedSeen

logger = logging.getLogger(__name__)

Work = Callable[[], Awaitable[Any]]
T = TypeVar("T")

MOST_REPLY = 1024 * 1024
"""Bytes of a service's reply that are read."""


def conversation_id(channel: str, *parts: str) -> str:
    """The id of a conversation in the tracker store, from what sets it apart; the parts can't be read back from it."""
    return f"{channel}-{sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"


# --- deliveries that come twice ----------------------------------------------------------------------------------


class Seen(Protocol):
    """Remembers which deliveries came in. For several processes: an implementation on a store that they share."""

    async def claim(self, *deliveries: str) -> bool:
        """Whether none of these ids of one delivery came before; if so, it is this process's to answer.

        Raises Unavailable when that is not certain: the service must then be told to try again later.
        """

    async def note(self, *deliveries: str) -> None:
        """These were answered and kept: whoever sends them again has nothing to wait for. Raises Unavailable."""

    async def release(self, *deliveries: str) -> None:
        """These are not answered after all: they may be sent again. Raises Unavailable."""


def seen_from_environment() -> Seen:
    """In the Redis at LOOPBAAN_REDIS, for several processes; without one, in this process. Raises SettingError."""
    shared = Shared.from_environment()
    return SeenInMemory() if shared is None else SharedSeen(shared)


class SeenInMemory:
    """The deliveries of the last hour, in this process; at most `most` of them."""

    def __init__(self, seconds: float = 3600, most: int = 50_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._until: OrderedDict[str, float] = OrderedDict()

    @property
    def size(self) -> int:
        """How many are remembered."""
        return len(self._until)

    async def claim(self, *deliveries: str) -> bool:
        """Whether none of these ids came in the last hour; notes them. They go with the process, as its work does."""
        now = self._clock()
        while self._until and next(iter(self._until.values())) <= now:
            self._until.popitem(last=False)
        fresh = not any(delivery in self._until for delivery in deliveries)
        for delivery in deliveries:
            self._until.setdefault(delivery, now + self._seconds)
        while len(self._until) > self._most:
            self._until.popitem(last=False)
        return fresh

    async def note(self, *deliveries: str) -> None:
        """Nothing to do: a claim is a note."""

    async def release(self, *deliveries: str) -> None:
        """Forget these ids."""
        for delivery in deliveries:
            self._until.pop(delivery, None)


LONGEST_WAIT = 1.5
"""Seconds that an acknowledgement waits for the turn to be kept; Slack gives a channel three."""


class Taken:
    """A delivery that this process took: acknowledged once its turn is kept, or when that takes too long for the service.

    A process that dies before then has acknowledged nothing: the service sends the message again, and another process
    answers it. Only a turn that takes longer than `LONGEST_WAIT` is acknowledged on trust.
    """

    def __init__(self, seen: Seen, deliveries: tuple[str, ...]) -> None:
        self._seen = seen
        self._deliveries = deliveries
        self._kept = asyncio.Event()

    async def kept(self) -> None:
        """The turn is kept, or the person was told that it can't be."""
        self._kept.set()
        await self._note()

    async def wait(self, longest: float = LONGEST_WAIT) -> None:
        """Until the turn is kept, or `longest` seconds."""
        try:
            await asyncio.wait_for(self._kept.wait(), longest)
        except asyncio.TimeoutError:
            await self._note()

    async def refuse(self) -> None:
        """There was no room: the service may send it again."""
        with suppress(Unavailable):
            await self._seen.release(*self._deliveries)

    async def _note(self) -> None:
        try:
            await self._seen.note(*self._deliveries)
        except Unavailable as error:
            # It was kept; at worst the service sends it once more and it is answered twice.
            logger.warning("a delivery was not noted: %s", error)


# --- answering after the acknowledgement -------------------------------------------------------------------------


class Queues:
    """One queue per conversation: what is put in is done one by one, in order; conversations don't wait for each other.

    what: named in the log ("slack turn"). most: pieces that may wait in one conversation. most_conversations: that may be
    busy at once. So the memory that waiting messages take has an end.
    """

    def __init__(self, what: str, most: int = 10, most_conversations: int = 1000) -> None:
        self._what = what
        self._most = most
        self._most_conversations = most_conversations
        self._waiting: dict[str, deque[Work]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, conversation: object) -> bool:
        """Whether anything waits in a conversation, or is being done."""
        return conversation in self._waiting

    def put(self, conversation: str, work: Work, last: Work | None = None) -> bool:
        """Have something done after what was put before it in this conversation. False when there is no room.

        last: done instead when this takes the last place, so that the person can be told to wait. Call from the event
        loop; returns at once. What `work` raises is noted in the log by its kind and place.
        """
        waiting = self._waiting.get(conversation)
        full = len(self._waiting) >= self._most_conversations if waiting is None else len(waiting) >= self._most
        if self._closed or full:
            logger.warning("%s: no room, a message was not answered", self._what)
            return False
        work, last = _as_of_now(work), last and _as_of_now(last)
        if waiting is not None:
            waiting.append(last if last is not None and len(waiting) == self._most - 1 else work)
            return True
        self._waiting[conversation] = deque([work])
        task = asyncio.get_running_loop().create_task(self._empty(conversation))
        # The loop itself holds tasks weakly.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def close(self, seconds: float = 10) -> None:
        """Take nothing more, and give what was acknowledged some time to be answered."""
        self._closed = True
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=seconds)
            for task in late:
                task.cancel()

    async def _empty(self, conversation: str) -> None:
        waiting = self._waiting[conversation]
        try:
            while waiting:
                try:
                    await waiting.popleft()()
                except Undelivered as error:
                    logger.error("%s: %s", self._what, error)
                except Exception as error:
                    breakdown(error, self._what)
        finally:
            del self._waiting[conversation]


def _as_of_now(work: Work) -> Work:
    """The same work, done in the context of who asks for it now: its log lines bear that request's id."""
    context = copy_context()
    return lambda: context.run(asyncio.ensure_future, work())


# --- posting ---------------------------------------------------------------------------------------------------


class Undelivered(Exception):
    """Something couldn't be posted; the message says why, without what was in it. `status`: the HTTP status, if any."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class TryAgain(Exception):
    """An attempt failed in a way that passes. `after`: the seconds that the service asks for, or None."""

    def __init__(self, reason: str, after: float | None = None, status: int | None = None) -> None:
        super().__init__(reason)
        self.after = after
        self.status = status


@dataclass(frozen=True)
class Patience:
    """How long to try. seconds: for one attempt. tries: attempts in all. longest: seconds that a service may ask to wait."""

    seconds: float = 10
    tries: int = 3
    longest: float = 60
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def attempt(self, once: Callable[[], Awaitable[T]]) -> T:
        """What `once` returns, tried again while it raises TryAgain. Raises Undelivered."""
        for number in range(1, self.tries + 1):
            try:
                return await once()
            except TryAgain as busy:
                wait = float(2 ** (number - 1)) if busy.after is None else busy.after
                if number == self.tries or wait > self.longest:
                    raise Undelivered(f"{busy}, given up after {number} attempts", busy.status) from busy
                await self.sleep(wait)
        raise AssertionError("unreachable")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a service asks to wait (`Retry-After`: seconds or a date), or None."""
    found = headers.get("Retry-After", "").strip()
    if found.isascii() and found.replace(".", "", 1).isdigit():
        return float(found)
    try:
        return max(0.0, parsedate_to_datetime(found).timestamp() - time.time())
    except (ValueError, TypeError, IndexError):
        return None


@dataclass(frozen=True)
class Delivered:
    """A service's reply: its status below 400, its headers and its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Outgoing:
    """Requests of ours to one service. Follows no redirect, since that could take a token elsewhere.

    Tried again: 429, 5xx, and no connection. Not: a reply that stays away, since the service may have done it already.
    """

    def __init__(self, service: str, patience: Patience | None = None) -> None:
        self._service = service
        self.patience = patience or Patience()
        self._session: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        """The connections, opened at the first call; call from the event loop. Proxies of the environment are used."""
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=self.patience.seconds)
            self._session = aiohttp.ClientSession(timeout=timeout, trust_env=True)
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def request(self, method: str, url: str, **kwargs: Any) -> Delivered:
        """A request with aiohttp's arguments (`json`, `data`, `headers`). Raises Undelivered, for every status from 300 too."""

        async def once() -> Delivered:
            with network_errors(self._service):
                async with self.session().request(method, url, allow_redirects=False, **kwargs) as reply:
                    body = await _read(reply.content)
                    delivered = Delivered(reply.status, reply.headers, body)
            check_status(self._service, delivered.status, delivered.headers)
            return delivered

        return await self.patience.attempt(once)

    async def post(self, url: str, **kwargs: Any) -> Delivered:
        """A POST. Raises Undelivered."""
        return await self.request("POST", url, **kwargs)


@contextmanager
def network_errors(service: str) -> Iterator[None]:
    """What the network raises as TryAgain (nothing was sent) or Undelivered (it may have arrived)."""
    try:
        yield
    except aiohttp.ClientConnectorError as error:
        raise TryAgain(f"{service} can't be reached ({type(error).__name__})") from error
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        raise Undelivered(f"{service} did not answer ({type(error).__name__})") from error


async def _read(content: aiohttp.StreamReader) -> bytes:
    """The body, no further than it may be long."""
    found = bytearray()
    while len(found) < MOST_REPLY and (part := await content.read(MOST_REPLY - len(found))):
        found += part
    return bytes(found)


def check_status(service: str, status: int, headers: Mapping[str, str]) -> None:
    """Nothing below 300. Raises TryAgain for 429 and 5xx, Undelivered for the rest."""
    if status == 429 or status >= 500:
        raise TryAgain(f"{service} said {status}", retry_after(headers), status)
    if status >= 300:
        raise Undelivered(f"{service} said {status}", status)
