"""Does a turn get slower as a conversation gets longer? Our stores beside Rasa's own, in one run.

    .venv/bin/python benchmarks/conversation.py [--turns 200] [--rounds 3]

The same trained model and questions in one process; PostgreSQL on loopback, left out where it isn't installed. Printed:
the median time of turns around the 10th and of the last ones, and their ratio (goal: at most 1.5 for ours).
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.services import Postgres, ServiceMissing  # noqa: E402
from bot.server import endpoints, latest_model, load_agent, quiet  # noqa: E402

if TYPE_CHECKING:
    from rasa.utils.endpoints import EndpointConfig

QUESTIONS = (
    "welke schaal heeft een beleidsadviseur?",
    "en de opleiding?",
    "wat betekent klantgerichtheid?",
    "en op niveau B?",
    "hoeveel ervaring heb je nodig voor interim?",
    "wat doet een zweminstructeur?",
    "en een beheerder?",
    "wat is het verschil met de senior?",
)
NEAR = 10


async def times(store: EndpointConfig | None, turns: int, rounds: int) -> list[list[float]]:
    """Milliseconds of every turn, per round, with a tracker store; None: Rasa's own, as its agent makes it."""
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.core.tracker_store import InMemoryTrackerStore

    from bot.settings import Settings

    available = endpoints()
    available.tracker_store = store or InMemoryTrackerStore(None)
    agent = await load_agent(latest_model(Settings.from_environment().models), available)
    found = []
    for number in range(rounds + 1):
        took = []
        for turn in range(turns):
            message = UserMessage(QUESTIONS[turn % len(QUESTIONS)], CollectingOutputChannel(), f"round-{number}")
            started = time.perf_counter()
            await agent.handle_message(message)
            took.append((time.perf_counter() - started) * 1000)
        found.append(took)
    return found[1:]  # the first round warms up


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    quiet()
    print(f"{options.rounds} gesprekken van {options.turns} beurten.\n")
    print("| Opslag | Rond beurt 10 (ms) | Laatste tien (ms) | Verhouding |")
    print("|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as services:
        for title, store in stores(Path(folder), services):
            show(title, asyncio.run(times(store, options.turns, options.rounds)))


def stores(folder: Path, services: ExitStack) -> Iterator[tuple[str, EndpointConfig | None]]:
    """The stores to measure, by their name in the table."""
    from bot.stores.places import tracker_store

    yield "geheugen", tracker_store("geheugen")
    yield "SQLite", tracker_store(str(folder / "gesprekken.db"))
    try:
        postgres = Postgres()
    except ServiceMissing as missing:
        print(f"| PostgreSQL | {missing} | | |")
    else:
        services.callback(postgres.remove)
        postgres.start()
        yield "PostgreSQL", tracker_store(postgres.url)
    yield "Rasa's InMemory", None


def show(title: str, rounds: list[list[float]]) -> None:
    """Print a line of the table."""
    # A cycle of questions around the tenth turn, and the last cycle: the same questions in both.
    size = len(QUESTIONS)
    early = statistics.median(t for took in rounds for t in took[NEAR - 2 : NEAR - 2 + size])
    late = statistics.median(t for took in rounds for t in took[-size:])
    print(f"| {title} | {early:.1f} | {late:.1f} | {late / early:.2f} |")


if __name__ == "__main__":
    main()
