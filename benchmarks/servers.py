"""Start a bot in processes of its own, ask it something over the REST channel, weigh it, and stop it for certain."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIRST_QUESTION = "In welke schaal zit de functie Beleidsadviseur?"
START_LIMIT = 600.0
"""Seconds that a server may take to its first answer."""


class BenchmarkError(Exception):
    """The measurement can't be done; the message says why."""


@dataclass(frozen=True)
class Command:
    """One process: what to run, where, and what it needs in the environment beside ours."""

    arguments: list[str]
    folder: Path
    environment: dict[str, str]


@dataclass
class Server:
    """A bot: one process or more, answering at `port` of this machine. Use as a context manager, so that it stops."""

    name: str
    port: int
    commands: list[Command]
    ports: tuple[int, ...]
    """All ports that its processes listen on; they must be free before it starts."""
    log: Path
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _connection: http.client.HTTPConnection | None = None

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> float:
        """Start the processes and ask until there is an answer; returns the seconds that this took."""
        for port in self.ports:
            if not _free(port):
                raise BenchmarkError(f"poort {port} is bezet; kies een andere met --port")
        started = time.perf_counter()
        with self.log.open("ab") as log:
            for command in self.commands:
                self._running.append(
                    subprocess.Popen(
                        command.arguments,
                        cwd=command.folder,
                        env=os.environ | command.environment,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
                )
        attempt = 0
        while time.perf_counter() - started < START_LIMIT:
            attempt += 1
            if any(process.poll() is not None for process in self._running):
                raise BenchmarkError(f"{self.name} is bij het starten gestopt; zie {self.log}")
            try:
                self.connect()
                _, messages = self.ask(f"start-{attempt}", FIRST_QUESTION)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
                continue
            if any(message.get("text") for message in messages):
                return time.perf_counter() - started
            time.sleep(0.02)
        raise BenchmarkError(f"{self.name} gaf in {START_LIMIT:.0f} s geen antwoord; zie {self.log}")

    def connect(self) -> None:
        """Open a fresh connection, so that its cost is in no turn."""
        if self._connection:
            self._connection.close()
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self._connection.connect()

    def ask(self, sender: str, text: str) -> tuple[float, list[dict[str, Any]]]:
        """One turn: the seconds between sending the question and having the whole reply, and the reply's messages."""
        assert self._connection is not None, "connect() first"
        body = json.dumps({"sender": sender, "message": text}).encode()
        started = time.perf_counter()
        self._connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        reply = response.read()
        seconds = time.perf_counter() - started
        if response.status != 200:
            raise BenchmarkError(f"{self.name} antwoordde met status {response.status} op: {text}")
        return seconds, json.loads(reply)

    def memory(self) -> int:
        """Resident memory in bytes of all processes together, children included. From /proc, so on Linux only."""
        groups = {process.pid for process in self._running}
        total = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                # After the name in brackets: state, parent, process group.
                group = int(stat.read_text().rpartition(")")[2].split()[2])
                if group in groups:
                    status = (stat.parent / "status").read_text()
                    total += next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
            except (OSError, StopIteration):  # ended meanwhile, or a zombie
                continue
        return total * 1024

    def stop(self) -> None:
        """End all processes, kindly first, and wait until they are gone."""
        if self._connection:
            self._connection.close()
            self._connection = None
        for kill in (signal.SIGTERM, signal.SIGKILL):
            for process in self._running:
                if process.poll() is None or kill == signal.SIGKILL:
                    try:
                        os.killpg(process.pid, kill)
                    except ProcessLookupError:
                        continue
            deadline = time.monotonic() + 15
            while time.monotonic() < deadline and any(process.poll() is None for process in self._running):
                time.sleep(0.05)
        self._running.clear()


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
