"""A database with an end to everything: connections, waiting, and how long an outage keeps people waiting.

The same code runs on SQLite (one machine) and PostgreSQL (more machines). Calls block, so they run in threads of their
own; the event loop goes on meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import QueuePool

from bot.settings import SettingError
from bot.stores.errors import StoreUnavailable

T = TypeVar("T")

_SCHEMA_LOCK = 2026_11_28
"""Any number, the same in every process: who makes the tables holds it."""
_REST = 1.0
"""Seconds in which nobody waits for a database that just couldn't be reached."""


@dataclass(frozen=True)
class Limits:
    """verbindingen: connections of one process to PostgreSQL. wachttijd: seconds to wait for a connection, or for
    another process that writes to SQLite. opdracht: seconds that PostgreSQL may take for one statement."""

    verbindingen: int = 4
    wachttijd: int = 3
    opdracht: int = 5

    @classmethod
    def from_environment(cls) -> Limits:
        """LOOPBAAN_DB_VERBINDINGEN, LOOPBAAN_DB_WACHTTIJD and LOOPBAAN_DB_OPDRACHT. Raises SettingError."""
        return cls(
            _between("LOOPBAAN_DB_VERBINDINGEN", cls.verbindingen, 1, 50),
            _between("LOOPBAAN_DB_WACHTTIJD", cls.wachttijd, 1, 30),
            _between("LOOPBAAN_DB_OPDRACHT", cls.opdracht, 1, 30),
        )


def _between(name: str, standard: int, least: int, most: int) -> int:
    value = os.environ.get(name) or str(standard)
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise SettingError(f"{name} moet een heel getal van {least} tot en met {most} zijn; er staat '{value}'.")
    return int(value)


def address(where: str) -> URL:
    """The address of a database: a file's path, or `postgresql://...`. Raises SettingError, without the password."""
    if "://" not in where:
        return URL.create("sqlite", database=str(Path(where).expanduser()))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.get_backend_name() not in ("postgresql", "sqlite"):
        raise SettingError(
            "LOOPBAAN_GESPREKKEN moet een pad zijn, of een adres als postgresql://gebruiker:wachtwoord@server/naam."
        )
    return url.set(drivername="postgresql+psycopg2") if url.get_backend_name() == "postgresql" else url


class Database:
    """A database at a place (see `address`), with the tables of `metadata`, made at first use when they aren't there."""

    def __init__(self, where: str, metadata: sa.MetaData, limits: Limits | None = None) -> None:
        limits = limits or Limits.from_environment()
        self.url = address(where)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.metadata = metadata
        # One connection for SQLite: it has one writer at a time anyhow, and a call takes a fraction of a millisecond.
        self.connections = 1 if self.is_sqlite else limits.verbindingen
        self._threads = ThreadPoolExecutor(self.connections, thread_name_prefix="gesprekken")
        self._engine = (_sqlite if self.is_sqlite else _postgresql)(self.url, limits)
        self._has_tables = False
        self._refuse_until = 0.0

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` finds, in one transaction. Raises StoreUnavailable."""
        return await self._run(work, writes=False)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, after all that it wrote is kept for certain; nothing is when it raises.

        Raises StoreUnavailable, and whatever `work` raises by itself.
        """
        return await self._run(work, writes=True)

    async def ping(self) -> None:
        """Raises StoreUnavailable when the database can't be used."""
        await self.read(lambda connection: connection.execute(sa.select(sa.literal(1))).scalar())

    async def wipe(self) -> None:
        """Have SQLite overwrite what was deleted in its journal too, unless somebody is reading it. Raises StoreUnavailable."""
        if self.is_sqlite:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._checkpoint)

    def close(self) -> None:
        """Close all connections, after what is being done."""
        self._threads.shutdown(wait=True)
        self._engine.dispose()

    async def _run(self, work: Callable[[Connection], T], writes: bool) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, work, writes)

    def _do(self, work: Callable[[Connection], T], writes: bool) -> T:
        if time.monotonic() < self._refuse_until:
            raise StoreUnavailable("the database could not be reached a moment ago")
        try:
            self._ensure_tables()
            connection = self._engine.connect()
        except NoConnectionFree as error:
            raise StoreUnavailable("no connection to the database came free in time") from error
        except (SQLAlchemyError, OSError) as error:
            # Who comes next would wait for nothing; and all connections from before are as dead as this one.
            self._refuse_until = time.monotonic() + _REST
            raise StoreUnavailable(f"the database can't be reached ({_cause(error)})") from None
        try:
            with connection.execution_options(writes=writes) as open_one, open_one.begin():
                return work(open_one)
        except SQLAlchemyError as error:
            # The error's own text holds the statement's values: what people said.
            raise StoreUnavailable(f"the database did not do what was asked ({_cause(error)})") from None

    def _checkpoint(self) -> None:
        try:
            connection = self._engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                connection.close()
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreUnavailable(f"the journal was not emptied ({_cause(error)})") from None

    def _ensure_tables(self) -> None:
        if self._has_tables:
            return
        if self.is_sqlite and (file := self.url.database) not in (None, "", ":memory:"):
            # Nobody else on the machine may read along; SQLite gives its other files the same rights.
            Path(file).touch(mode=0o600, exist_ok=True)
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
            self.metadata.create_all(connection)
        self._has_tables = True


def _cause(error: BaseException) -> str:
    """The error's kind, and the driver's own below it; never its text."""
    below = getattr(error, "orig", None)
    code = getattr(below, "pgcode", None)
    return " ".join(str(part) for part in (type(below or error).__name__, code) if part)


def _sqlite(url: URL, limits: Limits) -> Engine:
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=limits.wachttijd,
        connect_args={"check_same_thread": False, "timeout": limits.wachttijd},
        hide_parameters=True,
        future=True,
    )

    @sa.event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        # We begin transactions ourselves, below; Python's own way begins them too late to be sure of the write lock.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        # Written through to the disk at every commit, so that a power cut takes no answered turn either.
        connection.execute("PRAGMA synchronous=FULL")
        # What is deleted is overwritten, so that it can't be read from the file.
        connection.execute("PRAGMA secure_delete=ON")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL, limits: Limits) -> Engine:
    milliseconds = limits.opdracht * 1000
    arguments: dict[str, Any] = {
        "connect_timeout": limits.wachttijd,
        # A connection whose other side is gone without a word is given up after seconds instead of a quarter of an hour.
        "keepalives_idle": 10,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": milliseconds,
        "application_name": "loopbaanbot",
    }
    # What the address itself says goes first.
    arguments = {name: value for name, value in arguments.items() if name not in url.query}
    engine = sa.create_engine(
        url,
        pool_size=limits.verbindingen,
        max_overflow=0,
        pool_timeout=limits.wachttijd,
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_use_lifo=True,
        connect_args=arguments,
        hide_parameters=True,
        future=True,
    )

    @sa.event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = %s", (milliseconds,))
            cursor.execute("SET lock_timeout = %s", (milliseconds,))
            cursor.execute("SET idle_in_transaction_session_timeout = %s", (2 * milliseconds,))
        connection.commit()

    return engine
