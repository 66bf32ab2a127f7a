"""A real PostgreSQL and a real Redis, on loopback, in folders of their own; and light bots that use them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from rasa.shared.core.domain import Domain

from benchmarks.services import Postgres, Redis, Service, ServiceMissing
from bot.settings import ROOT
from bot.stores import EventStore
from bot.stores.database import Limits
from tests.productie.light_bot import LightBot

LIMITS = Limits(verbindingen=3, wachttijd=2, opdracht=3)


def started(make: Callable[[], Service]) -> Service:
    """The service, running. Skips where its program is missing, and fails there in CI."""
    try:
        service = make()
    except ServiceMissing as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))
    service.start()
    return service


@pytest.fixture(scope="session")
def postgres() -> Iterator[Service]:
    """A PostgreSQL. Who stops it starts it again."""
    service = started(lambda: Postgres(durable=False))
    yield service
    service.remove()


@pytest.fixture(scope="session")
def redis() -> Iterator[Service]:
    """A Redis. Who stops it starts it again."""
    service = started(Redis)
    yield service
    service.remove()


@pytest.fixture(scope="session")
def domain() -> Domain:
    """The bot's own domain."""
    return Domain.load(ROOT / "domain.yml")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address of each kind of database."""
    if request.param == "sqlite":
        return str(tmp_path / "gesprekken.db")
    return str(request.getfixturevalue("empty_postgres").url)


@pytest.fixture
def empty_postgres(postgres: Service) -> Service:
    """The PostgreSQL, without tables."""
    with psycopg2.connect(postgres.url) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS gesprekken, gebeurtenissen")
    connection.close()
    return postgres


Open = Callable[..., EventStore]


@pytest.fixture
def open_store(place: str, domain: Domain) -> Iterator[Open]:
    """Opens the store at `place`; again for another process's view of it."""
    opened: list[EventStore] = []

    def make(**arguments: object) -> EventStore:
        opened.append(EventStore(domain, url=place, limits=LIMITS, **arguments))  # type: ignore[arg-type]
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture(scope="module")
def start_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., LightBot]]:
    """Starts light bots in processes of their own; they are killed at the end."""
    running: list[LightBot] = []
    folder = tmp_path_factory.mktemp("bots")

    def start(gesprekken: str, redis: str = "", port: int | None = None, **environment: str) -> LightBot:
        running.append(LightBot(folder, gesprekken, redis, port, **environment))
        return running[-1]

    yield start
    for bot in running:
        bot.kill()
