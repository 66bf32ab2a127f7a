"""Does a turn get slower as a conversation gets longer? Ours beside Rasa's own tracker store, in one run.

    .venv/bin/python benchmarks/conversation.py [--turns 200] [--rounds 3]

The same trained model and questions in one process, no network. Printed: the median time of turns around the 10th and
of the last ten, and their ratio (goal: at most 1.5 for ours).
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.server import endpoints, latest_model, load_agent, quiet  # noqa: E402

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


async def times(store: str, turns: int, rounds: int) -> list[list[float]]:
    """Milliseconds of every turn, per round, with a tracker store by that name."""
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.utils.endpoints import EndpointConfig

    from bot.settings import Settings

    available = endpoints()
    available.tracker_store = EndpointConfig(type=store) if store != "in_memory" else None
    agent = await load_agent(latest_model(Settings.from_environment().models), available)
    found = []
    for number in range(rounds + 1):
        took = []
        for turn in range(turns):
            message = UserMessage(
                QUESTIONS[turn % len(QUESTIONS)], CollectingOutputChannel(), f"round-{store}-{number}"
            )
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
    for title, store in (("de bot (bot.stores)", "bot.stores.RecentTrackerStore"), ("Rasa's InMemory", "in_memory")):
        rounds = asyncio.run(times(store, options.turns, options.rounds))
        # A cycle of questions around the tenth turn, and the last cycle: the same questions in both.
        size = len(QUESTIONS)
        early = statistics.median(t for took in rounds for t in took[NEAR - 2 : NEAR - 2 + size])
        late = statistics.median(t for took in rounds for t in took[-size:])
        print(f"| {title} | {early:.1f} | {late:.1f} | {late / early:.2f} |")


if __name__ == "__main__":
    main()
