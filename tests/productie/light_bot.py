"""The bot's server, channels, stores and locks, with a stand-in for the model: it starts in seconds and answers in
a millisecond. It tells what number a message has in its conversation and which one came before.

python -m tests.productie.light_bot PORT
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.services import free_port
from bot.settings import ROOT

SLOT = "gesprek"
THINKS = "LICHT_DENKT"
"""The variable that says how many seconds a turn takes."""


class LightProcessor:
    """Does with a message what Rasa's processor does, in its order: read, say, keep."""

    def __init__(self, tracker_store: Any, think: Callable[[], Awaitable[Any]]) -> None:
        """think: what a turn waits for between reading and keeping."""
        self.tracker_store = tracker_store
        self.think = think

    async def handle_message(self, message: Any) -> None:
        """Answer with the number of the message and the text of the one before."""
        from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered

        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id, append_action_listen=False)
        if not tracker.events:
            tracker.update_with_events([SessionStarted(), ActionExecuted("action_listen")], None)
        before = tracker.get_slot(SLOT) or {"nummer": 0, "tekst": None}
        number = before["nummer"] + 1
        tracker.update(UserUttered(message.text, input_channel=message.input_channel, message_id=message.message_id))
        await self.think()
        answer = {"outcome": "answered", "kind": "proef", "sources": [], "data": {}}
        reply = BotUttered(json.dumps({"nummer": number, "vorige": before["tekst"]}), {"custom": {"answer": answer}})
        await message.output_channel.send_response(message.sender_id, reply.message())
        tracker.update_with_events(
            [
                ActionExecuted("action_gesprek"),
                reply,
                SlotSet(SLOT, {"nummer": number, "tekst": message.text}),
                ActionExecuted("action_listen"),
            ],
            None,
        )
        await self.tracker_store.save(tracker)


async def _at_once() -> None:
    """Thinks about nothing, or as long as the environment says."""
    if seconds := float(os.environ.get(THINKS, "0")):
        await asyncio.sleep(seconds)


def light_agent(tracker_store: Any, lock_store: Any, think: Callable[[], Awaitable[Any]] = _at_once) -> Any:
    """The bot's agent with the stand-in in it."""
    from rasa.shared.core.domain import Domain

    from bot.stores import KeepingAgent

    agent = KeepingAgent(Domain.load(ROOT / "domain.yml"), tracker_store=tracker_store, lock_store=lock_store)
    agent.processor = LightProcessor(agent.tracker_store, think)  # type: ignore[assignment]
    return agent


def main(port: int) -> None:
    """Serve until stopped."""
    from rasa.core.channels import channel
    from rasa.core.lock_store import LockStore
    from rasa.core.tracker_store import TrackerStore
    from sanic import Sanic

    from bot.channels.rest import LocalRestInput
    from bot.channels.slack import SlackInput
    from bot.channels.web import WebInput
    from bot.stores import places

    app = Sanic("light", configure_logging=False)
    channels = [LocalRestInput(), WebInput.from_credentials(None), SlackInput.from_credentials(None)]
    channel.register(channels, app, route="/webhooks/")

    async def load(app: Any, loop: Any) -> None:
        store = TrackerStore.create(places.tracker_store())
        app.ctx.agent = light_agent(store, LockStore.create(places.lock_store()))

    app.register_listener(load, "before_server_start")
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False)


class LightBot:
    """A light bot in a process of its own, and what tests say to it."""

    def __init__(
        self, folder: Path, gesprekken: str, redis: str = "", port: int | None = None, **environment: str
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"bot-{self.port}.log"
        settings = {
            "LOOPBAAN_GESPREKKEN": gesprekken,
            "LOOPBAAN_REDIS": redis,
            "LOOPBAAN_OORDELEN": str(folder / "oordelen.db"),
            "LOOPBAAN_GEHEIM": "g" * 32,
            "LOOPBAAN_PER_SESSIE": "100000",
            "LOOPBAAN_PER_ADRES": "1000000",
            "LOG_LEVEL": "WARNING",
            **environment,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.productie.light_bot", str(self.port)],
                cwd=ROOT,
                env={**os.environ, **settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def ready(self) -> LightBot:
        """Wait until it answers."""
        end = time.monotonic() + 120
        while time.monotonic() < end and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/webhooks/rest/", timeout=5):
                    return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the light bot did not start:\n{self.log.read_text()[-2000:]}")

    async def say(self, http: aiohttp.ClientSession, sender: str, text: str) -> tuple[int, list[dict[str, Any]]]:
        """Say something over the REST channel; the status and the messages. Status 0: no connection."""
        try:
            body = {"sender": sender, "message": text}
            async with http.post(f"{self.url}/webhooks/rest/webhook", json=body) as reply:
                return reply.status, await reply.json()
        except (aiohttp.ClientError, ConnectionError):
            return 0, []

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait()


if __name__ == "__main__":
    from bot.server import quiet

    quiet()
    main(int(sys.argv[-1]))
