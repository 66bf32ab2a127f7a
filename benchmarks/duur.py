"""Soak: does the bot hold out? 10,000 turns against a running bot, without an error and without growing.

    .venv/bin/python benchmarks/duur.py [--turns 10000] [--at-once 4] [--port 6400]

Asks the questions of the conversation tests over the REST channel, in their own conversations and order, some of them
misspelled anew each time, so that no cache answers it all. Conversations are kept in SQLite, as on one machine in
production. The knowledge base's file is replaced now and then, as an editor does.

Printed, in Dutch: turns, errors, times, and resident memory in the second and the last tenth (goals: 0 errors, at most 5%
more). Ends with 1 when a goal isn't reached.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from report import comma, machine
from servers import BenchmarkError, Command, Server

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.settings import Settings  # noqa: E402

GROWTH = 1.05
"""Memory in the last tenth that is allowed, as part of that in the second tenth."""
MISSPELLED = 0.3
SWAPS = (0.05, 0.25, 0.45, 0.65, 0.85)
"""After which part of the turns the knowledge base's file is replaced. The first time early: the room for an old and a new
one beside each other is taken once, and belongs in the comparison."""


@dataclass
class Soak:
    """What came of it so far."""

    turns: int
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[int, int]] = field(default_factory=list)
    """(turns done, bytes)"""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def done(self) -> int:
        """Turns that were asked."""
        return len(self.seconds)

    def take(self, conversations: Iterator[tuple[str, list[str]]]) -> tuple[str, list[str]] | None:
        """The next conversation to have; None when there were enough turns."""
        with self._lock:
            return next(conversations) if self.done < self.turns else None

    def note(self, seconds: float, error: str | None) -> None:
        """A turn that ended."""
        with self._lock:
            self.seconds.append(seconds)
            if error:
                self.errors.append(error)

    def tenth(self, number: int) -> float:
        """The mean memory, in bytes, while a tenth of the turns was done; 1 is the first."""
        size = self.done / 10
        found = [memory for turns, memory in self.memory if (number - 1) * size <= turns < number * size]
        if not found:
            raise BenchmarkError(f"geen geheugen gemeten in het {number}e tiende; neem meer beurten")
        return statistics.fmean(found)


def conversations(seed: int) -> Iterator[tuple[str, list[str]]]:
    """(sender, messages), without end; the same ones for the same seed."""
    chance = random.Random(seed)
    found = []
    for path in sorted((ROOT / "tests" / "e2e").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            found.append([turn["user"] for turn in json.loads(line)["turns"]])
    number = 0
    while True:
        chance.shuffle(found)
        for messages in found:
            number += 1
            yield f"duur-{number}", [misspelled(text, chance) for text in messages]


def misspelled(text: str, chance: random.Random) -> str:
    """The text, now and then with two letters swapped."""
    if len(text) < 4 or chance.random() > MISSPELLED:
        return text
    place = chance.randrange(len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def ask(server: Server, soak: Soak, source: Iterator[tuple[str, list[str]]]) -> None:
    """Have conversations until there were enough turns."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    while (conversation := soak.take(source)) is not None:
        sender, messages = conversation
        for text in messages:
            body = json.dumps({"sender": sender, "message": text}).encode()
            started = time.perf_counter()
            try:
                connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                error = wrong(response.status, response.read())
                error = error and f"{error} op: {text}"
            except (OSError, http.client.HTTPException) as broken:
                connection.close()
                error = type(broken).__name__
            soak.note(time.perf_counter() - started, error)
    connection.close()


def wrong(status: int, body: bytes) -> str | None:
    """What is wrong with a reply, or None."""
    if status != 200:
        return f"status {status}"
    answers = [message["custom"]["answer"] for message in json.loads(body) if "custom" in message]
    if len(answers) != 1:
        return f"{len(answers)} antwoorden"
    return "storing" if answers[0]["outcome"] == "error" else None


def soak(turns: int, at_once: int, port: int, work: Path) -> Soak:
    """Do it all. Raises BenchmarkError."""
    settings = Settings.from_environment()
    database = work / "knowledge.db"
    shutil.copy(settings.database, database)
    environment = {
        "LOOPBAAN_DATABASE": str(database),
        "LOOPBAAN_GESPREKKEN": str(work / "gesprekken.db"),
        "LOOPBAAN_OORDELEN": str(work / "oordelen.db"),
        # As deploy/ sets it.
        "MALLOC_ARENA_MAX": "2",
        "PYTHONWARNINGS": "ignore",
    }
    command = Command([sys.executable, "-m", "bot.cli", "run", "--port", str(port)], ROOT, environment)
    found = Soak(turns)
    source = conversations(2026)
    with Server("de bot", port, [command], (port,), work / "bot.log") as server:
        server.start()
        asking = [threading.Thread(target=ask, args=(server, found, source), daemon=True) for _ in range(at_once)]
        for thread in asking:
            thread.start()
        swaps = 0
        while any(thread.is_alive() for thread in asking):
            time.sleep(0.5)
            found.memory.append((found.done, server.memory()))
            if swaps < len(SWAPS) and found.done >= SWAPS[swaps] * turns:
                swaps += 1
                shutil.copy(settings.database, work / "nieuw.db")
                (work / "nieuw.db").replace(database)
                print(f"  {found.done} beurten, {found.memory[-1][1] / 1e6:.0f} MB", flush=True)
    told = (work / "bot.log").read_text(encoding="utf-8", errors="replace")
    print("\n".join(line for line in told.splitlines() if " ERROR " in line))
    if told.count("nieuwe kennisbank in gebruik") != len(SWAPS):
        raise BenchmarkError(f"de bot nam niet elke nieuwe kennisbank in gebruik; zie {work / 'bot.log'}")
    return found


def main() -> int:
    """Soak, print, and say whether the goals are reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--port", type=int, default=6400)
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory(prefix="duur-") as folder:
        started = time.perf_counter()
        try:
            found = soak(options.turns, options.at_once, options.port, Path(folder))
        except BenchmarkError as error:
            print(f"Niet gelukt: {error}", file=sys.stderr)
            return 2
        took = time.perf_counter() - started
    second, last = found.tenth(2), found.tenth(10)
    middle = statistics.median(found.seconds) * 1000
    slow = statistics.quantiles(found.seconds, n=100)[98] * 1000
    print(f"{found.done} beurten in {took:.0f} s, {options.at_once} tegelijk")
    print(f"fouten: {len(found.errors)} {sorted(set(found.errors))[:5] if found.errors else ''}")
    print(f"een beurt: p50 {comma(middle, 1)} ms, p99 {comma(slow, 1)} ms")
    print(f"geheugen: {second / 1e6:.0f} MB in het tweede tiende, {last / 1e6:.0f} MB in het laatste")
    print(f"groei: {comma(100 * (last / second - 1), 1)}% (hooguit {100 * (GROWTH - 1):.0f}%)")
    return 0 if not found.errors and last <= GROWTH * second else 1


if __name__ == "__main__":
    sys.exit(main())
