"""PostgreSQL and Redis for tests and measurements: real ones, on loopback, in a folder of their own, that stop for certain."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path

START_LIMIT = 30.0
"""Seconds that a service may take to start or stop."""


class ServiceMissing(Exception):
    """The service's program is not on this machine; the message says what to install."""


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service(ABC):
    """A program that listens on loopback. It can be stopped, killed and started again with what it kept."""

    def __init__(self, name: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.password = secrets.token_hex(16)
        # In the system's own folder: the user that PostgreSQL runs as can't enter pytest's.
        self.folder = Path(tempfile.mkdtemp(prefix=f"loopbaan-{name}-"))
        self.folder.chmod(0o755)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it is, with the password."""

    @abstractmethod
    def command(self) -> list[str]:
        """What to run."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it can be used."""

    stop_signal = signal.SIGTERM

    def start(self) -> None:
        """Start, and wait until it can be used."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            if self._process.poll() is not None:
                break
            if self.answers():
                return
            time.sleep(0.05)
        said = (self.folder / "log").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{type(self).__name__} did not start:\n{said}")

    def stop(self, how: signal.Signals | None = None) -> None:
        """Stop, and wait until it is gone; what it kept stays."""
        if self._process is None:
            return
        self._process.send_signal(how or self.stop_signal)
        try:
            self._process.wait(START_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def freeze(self) -> None:
        """Let it answer nothing, without closing a connection."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Undo `freeze`."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGCONT)

    def remove(self) -> None:
        """Stop, and throw away what it kept."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres(Service):
    """A PostgreSQL with one user and one database. durable: whether it waits for the disk, as it does in production."""

    stop_signal = signal.SIGINT  # it then ends connections instead of waiting for them

    def __init__(self, port: int | None = None, durable: bool = True) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        program = str(found[-1]) if found else shutil.which("postgres")
        if program is None:
            raise ServiceMissing("PostgreSQL ontbreekt: draai scripts/system_packages.sh")
        super().__init__("postgres", port)
        self._programs = Path(program).parent
        self._durable = durable
        self.data = self.folder / "data"
        secret = self.folder / "password"
        secret.write_text(self.password)
        self.data.mkdir(mode=0o700)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam("postgres")
            for path in (self.data, secret, self.folder):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        made = [str(self._programs / "initdb"), "-D", str(self.data), "-U", "loopbaan", "-A", "scram-sha-256"]
        made += [f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(self._as_owner(made), check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    @property
    def url(self) -> str:
        """The database's address."""
        return f"postgresql://loopbaan:{self.password}@127.0.0.1:{self.port}/postgres"

    def command(self) -> list[str]:
        """PostgreSQL in the foreground."""
        settings = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder}
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return self._as_owner([str(self._programs / "postgres"), "-D", str(self.data), *options])

    def answers(self) -> bool:
        """Whether it takes connections."""
        ready = [str(self._programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0

    @staticmethod
    def _as_owner(command: list[str]) -> list[str]:
        if os.geteuid() != 0:
            return command
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


class Redis(Service):
    """A Redis that keeps nothing when it stops, as ours may."""

    def __init__(self, port: int | None = None) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise ServiceMissing("Redis ontbreekt: draai scripts/system_packages.sh")
        super().__init__("redis", port)
        self._program = program

    @property
    def url(self) -> str:
        """The address."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Redis in the foreground, its password read from a file that only we can read."""
        settings = self.folder / "redis.conf"
        settings.touch(mode=0o600)
        settings.write_text(
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\nsave ""\nappendonly no\ndir {self.folder}\n'
        )
        return [self._program, str(settings)]

    def answers(self) -> bool:
        """Whether it listens."""
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
