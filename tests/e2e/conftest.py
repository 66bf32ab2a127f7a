"""A running bot for the end-to-end tests: the real server, started once, on a free port."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot import training
from bot.settings import ROOT, Settings


@dataclass
class Talk:
    """A conversation with the running bot."""

    url: str
    sender: str = field(default_factory=lambda: uuid.uuid4().hex)

    def say(self, text: str) -> Reply:
        """Say something; returns the reply."""
        status, messages = post(self.url, {"sender": self.sender, "message": text})
        assert status == 200, messages
        return Reply(messages)


@dataclass
class Reply:
    """A reply's messages, and what tests ask of them."""

    messages: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """All text."""
        return "\n".join(m["text"] for m in self.messages if m.get("text"))

    @property
    def answer(self) -> dict[str, Any]:
        """The contract's fields; exactly one message must carry them."""
        found = [m["custom"]["answer"] for m in self.messages if m.get("custom")]
        assert len(found) == 1, self.messages
        return dict(found[0])

    @property
    def buttons(self) -> list[dict[str, str]]:
        """All buttons."""
        return [b for m in self.messages for b in m.get("buttons") or []]


def post(url: str, body: Any) -> tuple[int, Any]:
    """POST JSON to the REST channel; returns the status and the JSON reply."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url + "/webhooks/rest/webhook", data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(scope="session")
def bot_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a bot that runs with the current model. The widget may be used on http://intranet.test."""
    settings = Settings.from_environment()
    if not settings.database.exists() or not training.is_current(settings):
        pytest.fail("the model is not up to date: run `make test`, or `loopbaan knowledge build` and `loopbaan train`")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "run", "--port", str(port)],
        cwd=ROOT,
        env={
            **os.environ,
            "LOOPBAAN_OORDELEN": str(tmp_path_factory.mktemp("oordelen") / "oordelen.db"),
            "LOOPBAAN_GESPREKKEN": str(tmp_path_factory.mktemp("gesprekken") / "gesprekken.db"),
            "LOOPBAAN_OORSPRONGEN": "http://intranet.test",
            # The tests ask more than a person does.
            "LOOPBAAN_PER_SESSIE": "100000",
            "LOOPBAAN_PER_ADRES": "1000000",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        for _ in range(240):
            if server.poll() is not None:
                output = server.stdout.read().decode() if server.stdout else ""
                pytest.fail(f"the bot stopped at start:\n{output[-3000:]}")
            try:
                if post(url, {"sender": "klaar", "message": "hallo"})[0] == 200:
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        else:
            pytest.fail("the bot did not start in 120 s")
        yield url
    finally:
        server.terminate()
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()


@pytest.fixture
def talk(bot_url: str) -> Talk:
    """A new conversation."""
    return Talk(bot_url)
