"""The bot as `loopbaan run` starts it, in a process of its own, with its conversations and its log in a folder of the test."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from bot.settings import ROOT

START = 180.0
"""Seconds that a start may take."""


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningBot:
    """A running bot. before: a command that runs it (`unshare ...`). Stop it when done."""

    def __init__(
        self, folder: Path, *options: str, before: tuple[str, ...] = (), port: int | None = None, **environment: str
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.conversations = folder / "gesprekken.db"
        self.log = folder / f"bot-{self.port}.log"
        settings = {
            "LOOPBAAN_GESPREKKEN": str(self.conversations),
            "LOOPBAAN_OORDELEN": str(folder / "oordelen.db"),
            "LOOPBAAN_GEHEIM": "0123456789abcdef" * 4,
            "LOOPBAAN_PER_SESSIE": "100000",
            "LOOPBAAN_PER_ADRES": "1000000",
            "LOOPBAAN_LOG": "json",
            **environment,
        }
        command = [*before, sys.executable, "-m", "bot.cli", "run", "--port", str(self.port), *options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **settings}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def get(self, path: str) -> tuple[int, bytes]:
        """A page: status and body; status 0 when there is no connection."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except (urllib.error.URLError, OSError):
            return 0, b""

    def ready(self) -> RunningBot:
        """Wait until it says that it is ready."""
        end = time.monotonic() + START
        while time.monotonic() < end and self.process.poll() is None:
            if self.get("/klaar")[0] == 200:
                return self
            time.sleep(0.1)
        raise AssertionError(f"the bot did not get ready:\n{self.log.read_text()[-3000:]}")

    def ask(self, text: str, sender: str = "proef") -> list[dict[str, Any]]:
        """The messages that answer a question over the REST channel."""
        body = json.dumps({"sender": sender, "message": text}).encode()
        request = urllib.request.Request(
            f"{self.url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as reply:
            return list(json.load(reply))

    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines of its log."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 90) -> int:
        """End it, and wait; returns its exit status. Does nothing to one that ended."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
