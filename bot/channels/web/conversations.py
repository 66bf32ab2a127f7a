"""What the channel remembers of conversations: the last replies, so that a repeated message gets the same one."""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from bot.channels.web.refusal import Refusal, breakdown
from bot.channels.web.tokens import Session

LONGEST_TURN = 45
"""Seconds that the bot may take; below the minute after which the server itself gives up."""


class BotFailed(Exception):
    """The bot said that it broke, or said nothing at all."""


class Turn:
    """One message of a person and the lines that answer it, while and after they come."""

    def __init__(self, question: str) -> None:
        self.question = question
        self.contract: dict[str, Any] = {}
        self.lines: list[bytes] = []
        self.texts: list[str] = []
        self.verdict: int | None = None
        self.refusal: Refusal | None = None
        self.done = False
        self.task: asyncio.Task[None] | None = None
        self._held: dict[str, Any] | None = None
        self._broken = False
        self._news = asyncio.Event()

    def say(self, message: dict[str, Any]) -> None:
        """Add a message. A text waits for what comes next: when that says that the bot broke, nobody gets to see it."""
        answer = (message.get("custom") or {}).get("answer")
        if answer is not None:
            self.contract = {key: answer.get(key) for key in ("kind", "outcome", "sources")}
        if answer is not None and answer.get("outcome") == "error":
            self._held, self._broken = None, True
            return
        self._release()
        if "text" in message:
            self._held = message
        else:
            self._add(message)

    def finish(self) -> None:
        """Nothing more comes. Raises BotFailed when there is no reply."""
        self._release()
        if self._broken or not self.lines:
            raise BotFailed
        self._add({"klaar": True})
        self._end()

    def fail(self, refusal: Refusal) -> None:
        """Nothing more comes, because of this."""
        self.refusal = refusal
        self._end()

    async def follow(self) -> AsyncIterator[bytes]:
        """The lines from the first on, as they come. Raises the Refusal that the turn ended with, after its lines."""
        seen = 0
        while True:
            while seen < len(self.lines):
                seen += 1
                yield self.lines[seen - 1]
            if self.done:
                break
            await self._news.wait()
        if self.refusal is not None:
            raise self.refusal

    def _release(self) -> None:
        if self._held is not None and not self._broken:
            self.texts.append(self._held["text"])
            self._add(self._held)
        self._held = None

    def _add(self, message: dict[str, Any]) -> None:
        self.lines.append(json.dumps(message, ensure_ascii=False).encode() + b"\n")
        self._tell()

    def _end(self) -> None:
        self.done = True
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Conversation:
    """One session's last turns. Its lock is held by the turn that is being answered; others wait in order."""

    MOST_TURNS = 20

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lock = asyncio.Lock()
        self.turns: OrderedDict[str, Turn] = OrderedDict()
        self.verdicts: set[int] = set()

    @property
    def busy(self) -> bool:
        """Whether a turn is being answered."""
        return self.lock.locked() or any(not turn.done for turn in self.turns.values())

    @property
    def size(self) -> int:
        """Bytes of what is remembered, roughly."""
        return 1000 + sum(500 + sum(map(len, turn.lines)) for turn in self.turns.values())


class Conversations:
    """The conversations that the channel remembers: those of the last time, up to a number of bytes."""

    MOST_DELETED = 100_000

    def __init__(self, most_bytes: int = 64 * 1024 * 1024, clock: Callable[[], float] = time.time) -> None:
        self._most_bytes = most_bytes
        self._clock = clock
        self._open: OrderedDict[bytes, Conversation] = OrderedDict()
        self._sizes: dict[bytes, int] = {}
        self._bytes = 0
        self._deleted: OrderedDict[bytes, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._open)

    @property
    def weight(self) -> int:
        """Bytes of all that is remembered, roughly."""
        return self._bytes

    def of(self, session: Session) -> Conversation:
        """The session's conversation; a new one when there is none."""
        found = self._open.get(session.id)
        if found is None:
            found = self._open[session.id] = Conversation(session)
            self._weigh(found)
        self._open.move_to_end(session.id)
        return found

    def is_deleted(self, session: Session) -> bool:
        """Whether the person had this conversation deleted."""
        return session.id in self._deleted

    def begin(
        self, conversation: Conversation, message_id: str, question: str, ask: Callable[[Turn], Awaitable[Any]]
    ) -> Turn:
        """Have a message answered, after those before it. `ask` has the bot say its lines to the turn."""
        turn = conversation.turns[message_id] = Turn(question)
        turn.task = asyncio.create_task(self._answer(conversation, message_id, turn, ask))
        return turn

    async def delete(self, conversation: Conversation, forget: Callable[[], Awaitable[None]]) -> None:
        """Forget a conversation, after what was asked before; `forget` removes it everywhere else."""
        async with conversation.lock:
            await forget()
            self._deleted[conversation.session.id] = conversation.session.expires
            self._close(conversation.session.id)
        self._tidy()

    async def _answer(
        self, conversation: Conversation, message_id: str, turn: Turn, ask: Callable[[Turn], Awaitable[Any]]
    ) -> None:
        try:
            async with conversation.lock:
                if self.is_deleted(conversation.session):
                    raise Refusal("sessie")
                await asyncio.wait_for(ask(turn), LONGEST_TURN)
                turn.finish()
        except Refusal as refusal:
            turn.fail(refusal)
        except Exception as error:
            turn.fail(breakdown(error, "turn"))
        finally:
            if not turn.done:  # the server is stopping
                turn.fail(Refusal("niet_klaar"))
            if turn.refusal is not None:
                # Asked again, it gets another chance.
                conversation.turns.pop(message_id, None)
            while len(conversation.turns) > conversation.MOST_TURNS:
                conversation.turns.popitem(last=False)
            if conversation.session.id in self._open:
                self._weigh(conversation)
            self._tidy()

    def _weigh(self, conversation: Conversation) -> None:
        size = conversation.size
        self._bytes += size - self._sizes.get(conversation.session.id, 0)
        self._sizes[conversation.session.id] = size

    def _close(self, session_id: bytes) -> None:
        if self._open.pop(session_id, None) is not None:
            self._bytes -= self._sizes.pop(session_id, 0)

    def _tidy(self) -> None:
        now = self._clock()
        while self._deleted and (len(self._deleted) > self.MOST_DELETED or next(iter(self._deleted.values())) <= now):
            self._deleted.popitem(last=False)
        left, silent = self._bytes, []
        for session_id, conversation in self._open.items():
            if left <= self._most_bytes and conversation.session.expires > now:
                break
            if not conversation.busy:
                silent.append(session_id)
                left -= self._sizes[session_id]
        for session_id in silent:
            self._close(session_id)
