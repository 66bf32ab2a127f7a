"""Conversations in a database: what happened in them, event by event, in SQLite or PostgreSQL."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection, Row

from bot.actions.context import CONTEXT_SLOT
from bot.privacy.events import scrub_event
from bot.stores.database import Database, Limits
from bot.stores.errors import StaleTurn
from bot.stores.memory import MAX_EVENTS, Exchange, exchange

METADATA = sa.MetaData()
CONVERSATIONS = sa.Table(
    "gesprekken",
    METADATA,
    sa.Column("gesprek", sa.Text, primary_key=True),
    # Goes up by one with every turn that is kept.
    sa.Column("versie", sa.BigInteger, nullable=False),
    # Seconds since 1970, like all moments here. Without an index: PostgreSQL then overwrites a row in its place.
    sa.Column("laatst", sa.Float(53), nullable=False),
)
EVENTS = sa.Table(
    "gebeurtenissen",
    METADATA,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("gesprek", sa.Text, nullable=False),
    sa.Column("moment", sa.Float(53), nullable=False),
    sa.Column("soort", sa.Text, nullable=False),
    # The slot that is set, if that is what happened.
    sa.Column("slot", sa.Text),
    # What a message of a person is known by; answered once, even if it comes twice.
    sa.Column("bericht", sa.Text),
    # The event as Rasa writes it, in JSON.
    sa.Column("inhoud", sa.Text, nullable=False),
    sa.Index("gebeurtenissen_gesprek", "gesprek", "id"),
    sa.Index("gebeurtenissen_moment", "moment"),
)
sa.Index(
    "gebeurtenissen_bericht",
    EVENTS.c.gesprek,
    EVENTS.c.bericht,
    unique=True,
    sqlite_where=EVENTS.c.bericht.isnot(None),
    postgresql_where=EVENTS.c.bericht.isnot(None),
)

_AT_ONCE = 2000
"""Events that a clean-up deletes in one transaction, so that turns needn't wait for it."""
_BEGINNINGS = ("session_started", "restart", "reset_slots")
"""What happened before one of these says nothing about the slots after it."""
_PLAIN = re.compile(r"[\x21-\x7e]{1,120}")

_VERSION = sa.select(CONVERSATIONS.c.versie).where(CONVERSATIONS.c.gesprek == sa.bindparam("key"))
_COLUMNS = (EVENTS.c.id, EVENTS.c.soort, EVENTS.c.slot, EVENTS.c.inhoud)
_ALL = sa.select(*_COLUMNS).where(EVENTS.c.gesprek == sa.bindparam("key")).order_by(EVENTS.c.id)
# What the bot said doesn't matter to what it will say, and it is most of the text.
_LAST = (
    sa.select(*_COLUMNS)
    .where(EVENTS.c.gesprek == sa.bindparam("key"), EVENTS.c.soort != "bot")
    .order_by(EVENTS.c.id.desc())
    .limit(sa.bindparam("most"))
)
_MESSAGE = sa.select(*_COLUMNS).where(EVENTS.c.gesprek == sa.bindparam("key"), EVENTS.c.bericht == sa.bindparam("id"))
_AFTER = (
    sa.select(*_COLUMNS)
    .where(EVENTS.c.gesprek == sa.bindparam("key"), EVENTS.c.id > sa.bindparam("first"))
    .where(EVENTS.c.soort.in_(("user", "bot")))
    .order_by(EVENTS.c.id)
    .limit(20)
)
_STATE_BEFORE = (
    sa.select(*_COLUMNS)
    .where(EVENTS.c.gesprek == sa.bindparam("key"), EVENTS.c.id < sa.bindparam("first"))
    .where(sa.or_(EVENTS.c.slot == CONTEXT_SLOT, EVENTS.c.soort.in_(_BEGINNINGS)))
    .order_by(EVENTS.c.id.desc())
    .limit(1)
)


class KeptTracker(DialogueStateTracker):
    """A conversation that knows what of it is in the database: `kept` of its events, at `version`."""

    version = 0
    kept = 0


class EventStore(TrackerStore):
    """Keeps every event, appends only what a turn adds, and reads back only the last `most_events`.

    So a turn costs the same at the start of a conversation and after hundreds of turns. A turn is kept as a whole, and
    only when nobody else kept one of this conversation since it was read: otherwise StaleTurn is raised. All methods
    raise StoreUnavailable when the database is out of reach.

    url: a file's path or a database's address, see `bot.stores.database.address`. scrub: what takes personal numbers out
    of an event's JSON before it is kept; `scrub_event` unless another is given.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        host: str | None = None,
        scrub: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
        limits: Limits | None = None,
        most_events: int = MAX_EVENTS,
    ) -> None:
        """host: the same as url; Rasa passes an endpoint's address under that name."""
        super().__init__(domain, event_broker)
        where = url or host
        if not where:
            raise ValueError("no address of a database")
        self.database = Database(where, METADATA, limits)
        self.most_events = most_events
        self._scrub = scrub or scrub_event

    def init_tracker(self, sender_id: str) -> KeptTracker:
        """An empty conversation."""
        return KeptTracker(sender_id, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what happened since the conversation was read. Raises StaleTurn."""
        version, kept = (tracker.version, tracker.kept) if isinstance(tracker, KeptTracker) else (0, 0)
        new = [self._scrub(event.as_dict()) for event in list(tracker.events)[kept:]]
        if not new:
            return
        key = key_of(tracker.sender_id)
        rows = [_row(key, event) for event in new]
        await self.database.write(lambda connection: _append(connection, key, version, rows))
        if isinstance(tracker, KeptTracker):
            tracker.version, tracker.kept = version + 1, len(tracker.events)
        if self.event_broker is not None:
            for event in new:
                self.event_broker.publish({"sender_id": tracker.sender_id, **event})

    async def retrieve(self, sender_id: str) -> KeptTracker | None:
        """The conversation with its last events and the state that they build on, or None."""
        key = key_of(sender_id)
        return self._tracker(sender_id, *await self.database.read(lambda c: _last(c, key, self.most_events)))

    async def reply_to(self, sender_id: str, message_id: str) -> Exchange | None:
        """A message that was answered before and what was said to it, or None."""
        key = key_of(sender_id)

        def find(connection: Connection) -> list[Row]:
            asked = connection.execute(_MESSAGE, {"key": key, "id": message_id}).first()
            if asked is None:
                return []
            return [asked, *connection.execute(_AFTER, {"key": key, "first": asked.id}).all()]

        rows = await self.database.read(find)
        return exchange(_events(rows))

    async def retrieve_full_tracker(self, conversation_id: str) -> KeptTracker | None:
        """The conversation with all its events, or None."""
        key = key_of(conversation_id)

        def find(connection: Connection) -> tuple[int, Sequence[Row]]:
            return connection.execute(_VERSION, {"key": key}).scalar() or 0, connection.execute(
                _ALL, {"key": key}
            ).all()

        return self._tracker(conversation_id, *await self.database.read(find))

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything is kept of a conversation."""
        key = key_of(conversation_id)
        return await self.database.read(lambda c: c.execute(_VERSION, {"key": key}).scalar()) is not None

    async def delete(self, sender_id: str) -> int:
        """Delete a conversation; returns how many events are gone."""
        key = key_of(sender_id)

        def remove(connection: Connection) -> int:
            connection.execute(sa.delete(CONVERSATIONS).where(CONVERSATIONS.c.gesprek == key))
            return int(connection.execute(sa.delete(EVENTS).where(EVENTS.c.gesprek == key)).rowcount)

        gone = await self.database.write(remove)
        await self.database.wipe()
        return gone

    async def delete_before(self, timestamp: float) -> int:
        """Delete all events from before a moment (seconds since 1970); returns how many are gone.

        The part of a conversation that is newer stays. Goes in steps, so that turns go on meanwhile.
        """
        old = sa.select(EVENTS.c.id).where(EVENTS.c.moment < timestamp).order_by(EVENTS.c.moment).limit(_AT_ONCE)
        left = sa.select(EVENTS.c.id).where(EVENTS.c.gesprek == CONVERSATIONS.c.gesprek).exists()
        gone = 0
        while True:
            count = await self.database.write(
                lambda c: int(c.execute(sa.delete(EVENTS).where(EVENTS.c.id.in_(old))).rowcount)
            )
            gone += count
            if count < _AT_ONCE:
                break
        silent = sa.delete(CONVERSATIONS).where(CONVERSATIONS.c.laatst < timestamp, ~left)
        await self.database.write(lambda c: c.execute(silent))
        await self.database.wipe()
        return gone

    async def export(self, sender_id: str) -> list[dict[str, Any]]:
        """What is kept of a conversation: its events as JSON, the oldest first."""
        key = key_of(sender_id)
        rows = await self.database.read(lambda c: c.execute(_ALL, {"key": key}).all())
        return [json.loads(row.inhoud) for row in rows]

    async def ping(self) -> None:
        """Raises StoreUnavailable when the database can't be used."""
        await self.database.ping()

    async def keys(self) -> list[str]:
        """The conversations that are kept (see `key_of`)."""
        order = sa.select(CONVERSATIONS.c.gesprek).order_by(CONVERSATIONS.c.gesprek)
        return [str(row.gesprek) for row in await self.database.read(lambda c: c.execute(order).all())]

    def close(self) -> None:
        """Close all connections, after what is being done."""
        self.database.close()

    def _tracker(self, sender_id: str, version: int, rows: Sequence[Row]) -> KeptTracker | None:
        if not version:
            return None
        tracker = self.init_tracker(sender_id)
        events: list[Event] = _events(rows)
        tracker.events.extend(events)
        tracker.replay_events()
        tracker.version, tracker.kept = version, len(events)
        return tracker


def key_of(sender_id: str) -> str:
    """What a conversation is kept under: its own id, or a hash when that is long or holds other signs than plain ones."""
    if _PLAIN.fullmatch(sender_id):
        return sender_id
    return f"sha256-{sha256(sender_id.encode('utf-8', 'surrogatepass')).hexdigest()}"


_kind = lru_cache(maxsize=None)(Event.resolve_by_type)
"""An event's class by its name; Rasa looks through all its classes for each event."""


def _events(rows: Sequence[Row]) -> list[Event]:
    found = [json.loads(row.inhoud) for row in rows]
    return [_kind(event["event"])._from_parameters(event) for event in found]


def _row(key: str, event: dict[str, Any]) -> dict[str, Any]:
    return {
        "gesprek": key,
        "moment": event.get("timestamp") or time.time(),
        "soort": event["event"],
        "slot": event.get("name") if event["event"] == "slot" else None,
        "bericht": event.get("message_id") if event["event"] == "user" else None,
        "inhoud": json.dumps(event),
    }


def _append(connection: Connection, key: str, version: int, rows: list[dict[str, Any]]) -> None:
    """Append events to a conversation that still is at `version` (0: that isn't there). Raises StaleTurn."""
    fields = {"versie": version + 1, "laatst": rows[-1]["moment"]}
    try:
        if version:
            same = sa.and_(CONVERSATIONS.c.gesprek == key, CONVERSATIONS.c.versie == version)
            if connection.execute(sa.update(CONVERSATIONS).where(same).values(fields)).rowcount != 1:
                raise StaleTurn
        else:
            connection.execute(sa.insert(CONVERSATIONS).values(gesprek=key, **fields))
        connection.execute(sa.insert(EVENTS), rows)
    except sa.exc.IntegrityError:
        raise StaleTurn from None


def _last(connection: Connection, key: str, most: int) -> tuple[int, list[Row]]:
    """A conversation's version, and its last events after the one that the value of the slot comes from."""
    version = connection.execute(_VERSION, {"key": key}).scalar() or 0
    rows = list(reversed(connection.execute(_LAST, {"key": key, "most": most}).all()))
    whole = len(rows) < most
    if not whole and not any(row.slot == CONTEXT_SLOT or row.soort in _BEGINNINGS for row in rows):
        before = connection.execute(_STATE_BEFORE, {"key": key, "first": rows[0].id}).first()
        if before is not None and before.soort == "slot":
            rows.insert(0, before)
    return version, rows
