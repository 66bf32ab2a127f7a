"""Is nothing lost, doubled or mixed up with more than one bot, and when something dies? And what do two bots bring?

    .venv/bin/python benchmarks/productie.py [--delen mensen,gesprek,dood,sqlite,database,redis,doorvoer] [--koud 10]

Real bots (the trained model) in processes of their own, with a PostgreSQL and a Redis that this starts itself, all on
loopback. Requests go to the bots in turn, so nothing depends on somebody staying with one. What was kept is read from the
database afterwards and compared with what was asked and answered. Each part has an end; the exit status is 1 when any
goal was missed. On two cores: some 10 minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.conversation import QUESTIONS  # noqa: E402
from benchmarks.servers import BenchmarkError, Command, Server  # noqa: E402
from benchmarks.services import Postgres, Redis, free_port  # noqa: E402

PEOPLE, TURNS = 200, 5
AT_ONCE = 50
TALKERS = 12
SECONDS = 20.0
"""Of load, in parts that are about time."""
GOAL_TWO = 1.7
GOAL_BACK = 5.0
"""Seconds within which turns are answered again after an outage."""
CONNECTIONS = 4
"""Of one bot to PostgreSQL."""


class Replica(Server):
    """A bot that can be killed."""

    def kill(self) -> None:
        """kill -9."""
        for process in self._running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @property
    def url(self) -> str:
        """Its REST channel."""
        return f"http://127.0.0.1:{self.port}/webhooks/rest/webhook"


@dataclass
class World:
    """What all parts use: a folder, the services, and the verdicts so far."""

    folder: Path
    postgres: Postgres
    redis: Redis
    missed: list[str] = field(default_factory=list)

    def replica(self, port: int | None = None, gesprekken: str | None = None) -> Replica:
        """A bot, not started yet; with PostgreSQL and Redis, or with a file of its own."""
        port = port or free_port()
        environment = {
            "LOOPBAAN_GESPREKKEN": gesprekken or self.postgres.url,
            "LOOPBAAN_REDIS": "" if gesprekken else self.redis.url,
            "LOOPBAAN_DB_VERBINDINGEN": str(CONNECTIONS),
            "LOOPBAAN_OORDELEN": str(self.folder / f"oordelen-{port}.db"),
            # A thread for each core in each bot would have them wait for each other.
            "OMP_NUM_THREADS": "1",
        }
        command = Command([sys.executable, "-m", "bot.cli", "run", "--port", str(port)], ROOT, environment)
        return Replica(f"bot-{port}", port, [command], (port,), self.folder / f"bot-{port}.log")

    async def start(self, *replicas: Replica) -> float:
        """Start bots side by side; returns the seconds that it took."""
        started = time.perf_counter()
        await asyncio.gather(*(asyncio.to_thread(replica.start) for replica in replicas))
        return time.perf_counter() - started

    def verdict(self, what: str, shown: str, good: bool) -> None:
        """Print a line of the table, and remember what was missed."""
        print(f"| {what} | {shown} | {'ja' if good else '**NEE**'} |", flush=True)
        if not good:
            self.missed.append(what)

    async def kept(self, place: str | None = None) -> dict[str, list[str]]:
        """What people said, in the order in which it is kept, by conversation."""
        from bot.stores import EventStore

        store = EventStore(url=place or self.postgres.url)
        found = {
            key: [event["text"] for event in await store.export(key) if event["event"] == "user"]
            for key in await store.keys()
        }
        store.close()
        return found


async def say(http: aiohttp.ClientSession, replica: Replica, sender: str, text: str) -> int:
    """Ask something; the status, 0 without a connection or in time. An answer without text counts as none (-1)."""
    try:
        async with http.post(replica.url, json={"sender": sender, "message": text}) as reply:
            messages = await reply.json()
            good = reply.status != 200 or any(message.get("text") for message in messages)
            return reply.status if good else -1
    except (aiohttp.ClientError, ConnectionError, asyncio.TimeoutError):
        return 0


def client() -> aiohttp.ClientSession:
    """A client with room for everybody."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=120), connector=aiohttp.TCPConnector(limit=0, force_close=False)
    )


class Talkers:
    """People who talk without a pause, with the bots in turn. Notes when each answer came and what was refused."""

    def __init__(self, http: aiohttp.ClientSession, replicas: Sequence[Replica], people: int, name: str) -> None:
        self.asked: dict[str, list[str]] = defaultdict(list)
        self.answered: dict[str, list[str]] = defaultdict(list)
        self.moments: list[tuple[float, int]] = []
        self._http, self._replicas = http, replicas
        self._going = True
        self._tasks = [asyncio.create_task(self._talk(f"{name}-{n}", n)) for n in range(people)]

    async def _talk(self, person: str, at: int) -> None:
        number = 0
        while self._going:
            number += 1
            text = f"{QUESTIONS[(at + number) % len(QUESTIONS)]} ({number})"
            self.asked[person].append(text)
            status = await say(self._http, self._replicas[(at + number) % len(self._replicas)], person, text)
            self.moments.append((time.monotonic(), status))
            if status == 200:
                self.answered[person].append(text)
            else:
                await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """No more questions; wait for the answers."""
        self._going = False
        await asyncio.gather(*self._tasks)

    def statuses(self, since: float = 0, until: float = float("inf")) -> Counter[int]:
        """How often each status came in a time."""
        return Counter(status for moment, status in self.moments if since <= moment < until)

    def lost(self, kept: dict[str, list[str]]) -> int:
        """Answered turns that aren't kept, or not in the order in which they were asked."""
        gone = 0
        for person, said in self.answered.items():
            found = [text for text in kept.get(person, []) if text in set(said)]
            gone += (
                len(said) if sorted(found) != sorted(said) else sum(a != b for a, b in zip(found, said, strict=True))
            )
        return gone

    def doubled(self, kept: dict[str, list[str]]) -> int:
        """Turns that are kept more than once."""
        return sum(
            sum(Counter(kept.get(person, [])).values()) - len(set(kept.get(person, []))) for person in self.asked
        )


# --- the parts -------------------------------------------------------------------------------------------------------


async def mensen(world: World) -> None:
    """200 people x 5 turns over 2 replicas."""
    replicas = [world.replica(), world.replica()]
    with replicas[0], replicas[1]:
        await world.start(*replicas)
        said: dict[str, list[str]] = {}

        async def person(http: aiohttp.ClientSession, number: int) -> list[int]:
            name = f"mens-{number}"
            said[name] = [f"{QUESTIONS[(number + turn) % len(QUESTIONS)]} ({turn})" for turn in range(TURNS)]
            return [await say(http, replicas[(number + turn) % 2], name, text) for turn, text in enumerate(said[name])]

        started = time.perf_counter()
        async with client() as http:
            statuses = await asyncio.gather(*(person(http, number) for number in range(PEOPLE)))
        took = time.perf_counter() - started
        wrong = sum(status != 200 for found in statuses for status in found)
        world.verdict(
            f"{PEOPLE} mensen x {TURNS} beurten over 2 bots: beantwoord",
            f"{PEOPLE * TURNS - wrong} in {took:.1f} s",
            not wrong,
        )
        kept = await world.kept()
        lost = sum(
            status == 200 and text not in kept.get(f"mens-{number}", [])
            for number, found in enumerate(statuses)
            for status, text in zip(found, said[f"mens-{number}"], strict=True)
        )
        double = sum(len(kept.get(name, [])) - len(set(kept.get(name, []))) for name in said)
        order = sum(
            kept.get(name) != [text for text in texts if text in kept.get(name, [])] for name, texts in said.items()
        )
        world.verdict(
            "... kwijt / dubbel / gesprekken uit volgorde", f"{lost} / {double} / {order}", not lost + double + order
        )
        used = _connections(world)
        world.verdict(
            "... verbindingen met PostgreSQL", f"{used} (hooguit {2 * CONNECTIONS})", 0 < used <= 2 * CONNECTIONS
        )


async def gesprek(world: World, cold: int) -> None:
    """50 messages at once in one conversation over 2 processes, that many times with new processes."""
    lost, double, refused, slowest = 0, 0, 0, 0.0
    for number in range(cold):
        world.redis.stop()
        world.redis.start()
        replicas = [world.replica(), world.replica()]
        with replicas[0], replicas[1]:
            await world.start(*replicas)
            name, texts = f"koud-{number}", [f"wat doet een zweminstructeur? ({n})" for n in range(AT_ONCE)]
            started = time.perf_counter()
            async with client() as http:
                statuses = await asyncio.gather(
                    *(say(http, replicas[n % 2], name, text) for n, text in enumerate(texts))
                )
            slowest = max(slowest, time.perf_counter() - started)
            kept = Counter((await world.kept()).get(name, []))
            refused += sum(status != 200 for status in statuses)
            lost += sum(text not in kept for text in texts)
            double += sum(count - 1 for count in kept.values())
    world.verdict(
        f"{AT_ONCE} berichten tegelijk in één gesprek, {cold} koude starts: geweigerd / kwijt / dubbel",
        f"{refused} / {lost} / {double} (hooguit {slowest:.1f} s)",
        not refused + lost + double,
    )


async def dood(world: World) -> None:
    """kill -9 one of two bots in the middle of load."""
    replicas = [world.replica(), world.replica()]
    with replicas[0], replicas[1]:
        await world.start(*replicas)
        async with client() as http:
            talkers = Talkers(http, replicas, TALKERS, "dood")
            await asyncio.sleep(SECONDS / 2)
            killed = time.monotonic()
            replicas[0].kill()
            await asyncio.sleep(SECONDS)
            await talkers.stop()
            after = talkers.statuses(since=killed + 12)
            # Everybody goes on at the other one, also who was in the middle of a turn.
            status = [await say(http, replicas[1], person, "en de opleiding?") for person in talkers.asked]
        kept = await world.kept()
        lost, double = talkers.lost(kept), talkers.doubled(kept)
        total = sum(map(len, talkers.answered.values()))
        world.verdict(
            f"kill -9 van één van 2 bots onder last, {total} beurten: kwijt / dubbel",
            f"{lost} / {double}",
            not lost + double,
        )
        world.verdict(
            "... gesprekken die bij de ander verdergaan",
            f"{status.count(200)} van {len(status)}; daarna {after[200]} beantwoord",
            status.count(200) == len(status) and after[200] > 0,
        )


async def sqlite(world: World) -> None:
    """kill -9 a bot with SQLite in the middle of load, and start it again."""
    place = world.folder / "gesprekken.db"
    replica = world.replica(gesprekken=str(place))
    with replica:
        await world.start(replica)
        async with client() as http:
            talkers = Talkers(http, [replica], TALKERS, "sqlite")
            await asyncio.sleep(SECONDS / 2)
            replica.kill()
            await talkers.stop()
    with sqlite3.connect(place) as raw:
        whole = raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    kept = await world.kept(str(place))
    lost, double = talkers.lost(kept), talkers.doubled(kept)
    total = sum(map(len, talkers.answered.values()))
    again = world.replica(gesprekken=str(place))
    with again:
        await world.start(again)
        async with client() as http:
            goes_on = [await say(http, again, person, "en de opleiding?") for person in talkers.answered]
    after = await world.kept(str(place))
    one_more = all(len(after[person]) == len(kept[person]) + 1 for person in talkers.answered)
    world.verdict(
        f"kill -9 met SQLite onder last, {total} beurten: kwijt / dubbel", f"{lost} / {double}", not lost + double
    )
    world.verdict(
        "... bestand heel, en de gesprekken gaan verder",
        f"{'heel' if whole else 'STUK'}; {goes_on.count(200)} van {len(goes_on)}",
        whole and one_more and goes_on.count(200) == len(goes_on),
    )


async def _outage(world: World, what: str, service: Postgres | Redis) -> None:
    replicas = [world.replica(), world.replica()]
    with replicas[0], replicas[1]:
        await world.start(*replicas)
        async with client() as http:
            talkers = Talkers(http, replicas, TALKERS, what)
            await asyncio.sleep(SECONDS / 4)
            await asyncio.to_thread(service.stop)
            gone = time.monotonic()
            await asyncio.sleep(SECONDS / 2)
            back = time.monotonic()
            await asyncio.to_thread(service.start)
            there = time.monotonic()
            await asyncio.sleep(SECONDS / 2)
            await talkers.stop()
        kept = await world.kept()
        during = talkers.statuses(gone + 0.5, back)
        after = talkers.statuses(there + GOAL_BACK)
        first = min(
            (moment for moment, status in talkers.moments if status == 200 and moment > there), default=float("inf")
        )
        lost, double = talkers.lost(kept), talkers.doubled(kept)
        world.verdict(
            f"{what} gestopt: beantwoord / geweigerd met 503 / anders",
            f"{during[200]} / {during[503]} / {sum(during.values()) - during[200] - during[503]}",
            during[503] > 0 and set(during) == {503},
        )
        world.verdict(
            f"{what} gestart: eerste antwoord na; geweigerd na {GOAL_BACK:.0f} s",
            f"{max(0.0, first - there):.1f} s; {sum(after.values()) - after[200]}",
            first - there <= GOAL_BACK and after[200] > 0 and set(after) == {200},
        )
        world.verdict("... kwijt / dubbel", f"{lost} / {double}", not lost + double)


async def database(world: World) -> None:
    """PostgreSQL stopped and started in the middle of load."""
    await _outage(world, "PostgreSQL", world.postgres)


async def redis(world: World) -> None:
    """Redis stopped and started in the middle of load."""
    await _outage(world, "Redis", world.redis)


async def doorvoer(world: World) -> None:
    """Turns a second with one bot and with two, in one run."""
    replicas = [world.replica(), world.replica()]
    rates: dict[int, list[float]] = {1: [], 2: []}
    with replicas[0], replicas[1]:
        await world.start(*replicas)
        async with client() as http:
            for number in range(3):
                for count in (1, 2):
                    talkers = Talkers(http, replicas[:count], TALKERS, f"snel-{count}-{number}")
                    await asyncio.sleep(2)  # warm, and everybody at work
                    started = time.monotonic()
                    await asyncio.sleep(SECONDS / 2)
                    ended = time.monotonic()
                    await talkers.stop()
                    rates[count].append(talkers.statuses(started, ended)[200] / (ended - started))
    one, two = (sorted(rates[count])[1] for count in (1, 2))
    world.verdict(
        "beurten per seconde met 1 bot en met 2 (middelste van 3)",
        f"{one:.0f} en {two:.0f}: {two / one:.2f} keer",
        two / one >= GOAL_TWO,
    )


def _connections(world: World) -> int:
    import psycopg2

    with psycopg2.connect(world.postgres.url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'loopbaanbot'")
        (count,) = cursor.fetchone() or (0,)
    connection.close()
    return int(count)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts: dict[str, Callable[[World], Awaitable[None]]] = {
        "mensen": mensen,
        "gesprek": lambda world: gesprek(world, options.koud),
        "dood": dood,
        "sqlite": sqlite,
        "database": database,
        "redis": redis,
        "doorvoer": doorvoer,
    }
    parser.add_argument("--delen", default=",".join(parts), help="wat te meten, met komma's ertussen")
    parser.add_argument("--koud", type=int, default=10, help="koude starts van het deel 'gesprek'")
    options = parser.parse_args()
    chosen = options.delen.split(",")
    if unknown := set(chosen) - set(parts):
        parser.error(f"geen deel: {', '.join(unknown)}")

    from bot.server import quiet

    quiet()
    print(f"{os.cpu_count()} kernen.\n\n| Wat | Gemeten | Goed |\n|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="loopbaan-productie-") as folder:
        world = World(Path(folder), Postgres(), Redis())
        try:
            world.postgres.start()
            world.redis.start()
            for part in chosen:
                try:
                    asyncio.run(parts[part](world))
                except BenchmarkError as error:
                    world.verdict(part, str(error), False)
        finally:
            world.postgres.remove()
            world.redis.remove()
    sys.exit(1 if world.missed else 0)


if __name__ == "__main__":
    main()
