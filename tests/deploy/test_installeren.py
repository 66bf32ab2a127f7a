"""docs/beheer/installeren.md: its commands are run here, or at least exist; its backups are made and put back."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator

import pytest
from click import Group
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from bot.cli import cli
from bot.settings import ROOT
from bot.stores import EventStore
from tests.deploy.test_nginx import NAME, certificate, free_port  # noqa: F401  - a fixture
from tests.deploy.tools import needed

PAGE = ROOT / "docs" / "beheer" / "installeren.md"


def commands() -> list[str]:
    """The lines of all shell blocks."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def with_word(word: str) -> str:
    """The one command with some word in it."""
    found = [line for line in commands() if word in line]
    assert len(found) == 1, found
    return found[0]


def test_every_file_that_is_named_is_there():
    text = PAGE.read_text(encoding="utf-8")
    for path in set(re.findall(r"\b(?:deploy|tests|scripts)/[\w./-]*\w", text)) - {"deploy/omgeving", "deploy/wheels"}:
        assert (ROOT / path).exists(), path
    for link in re.findall(r"\]\(([\w./-]+\.md)\)", text):
        assert (PAGE.parent / link).exists(), link


def test_every_command_of_the_bot_exists():
    for line in commands():
        for match in re.findall(r"loopbaan ((?:[a-z]+ ?)+)((?: ?--[a-z]+)*)", line.replace(".venv/bin/", "")):
            names, options = match
            command = cli
            for name in names.split():
                if not isinstance(command, Group) or name not in command.commands:
                    break
                command = command.commands[name]
            assert command is not cli, line
            known = {option for parameter in command.params for option in parameter.opts}
            assert set(options.split()) <= known, line


def test_every_target_of_make_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for line in commands():
        for target in re.findall(r"\bmake ([a-z]+)$", line):
            assert target in targets


def test_shell_understands_every_block():
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL):
        checked = subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True)
        assert checked.returncode == 0, checked.stderr


def test_the_nginx_configuration_is_filled_as_the_page_says(tmp_path, certificate):  # noqa: F811
    needed("envsubst", "gettext-base")
    block = next(
        block
        for block in re.findall(
            r"^ *```sh\n(.*?)^ *```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
        )
        if "envsubst" in block
    )
    block = re.sub(r"LOOPBAAN_POORT_HTTP=80 LOOPBAAN_POORT_HTTPS=443", f"LOOPBAAN_POORT_HTTP={free_port()} LOOPBAAN_POORT_HTTPS={free_port()}", block)  # fmt: skip
    block = block.replace("loopbaan.gemeente.nl", NAME).replace("/etc/nginx/certificaat", str(certificate))
    block = block.replace("/var/log/nginx", str(tmp_path)).replace("/etc/nginx", str(tmp_path))
    block = re.sub(r"^ *(rm -f|nginx -t|systemctl) ?.*\n", "", block, flags=re.MULTILINE)
    (tmp_path / "conf.d").mkdir()
    subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=ROOT, check=True)
    made = (tmp_path / "conf.d" / "loopbaanbot.conf").read_text(encoding="utf-8")
    assert "${" not in made and "proxy_set_header X-Forwarded-For $remote_addr;" in made
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\nhttp {{ access_log off; include {tmp_path}/conf.d/*.conf; }}\n"
    )
    checked = subprocess.run(
        [needed("nginx", "nginx"), "-t", "-c", main, "-e", "stderr"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr


# --- backups -------------------------------------------------------------------------------------------------------


@pytest.fixture
def domain() -> Domain:
    return Domain.load(ROOT / "domain.yml")


async def keep(store: EventStore, sender: str, *texts: str) -> None:
    for text in texts:
        tracker = await store.get_or_create_tracker(sender)
        tracker.update(UserUttered(text))
        await store.save(tracker)


async def said(store: EventStore, sender: str) -> list[str]:
    tracker = await store.retrieve(sender)
    assert tracker is not None
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def run(command: str, **places: str) -> str:
    """A command of the page, with its places changed into those of the test."""
    for place, other in places.items():
        assert place in command, command
        command = command.replace(place, other)
    return subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout


async def test_a_backup_of_sqlite_while_the_bot_writes_is_whole_and_can_be_put_back(tmp_path, domain):
    needed("sqlite3", "sqlite3")
    database, copy = tmp_path / "gesprekken.db", tmp_path / "kopie.db"
    store = EventStore(domain, url=str(database))
    await keep(store, "a", "een", "twee")
    # What a bot writes at the same time.
    writing = threading.Event()
    rows = 0

    def write() -> None:
        nonlocal rows
        with sqlite3.connect(database, timeout=10) as other:
            other.execute("create table if not exists proef (nr integer)")
            while not writing.is_set():
                other.execute("insert into proef values (1)")
                other.commit()
                rows += 1
        other.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        vacuum = with_word('gesprekken.db "VACUUM')
        run(
            vacuum,
            **{"/var/lib/loopbaanbot/gesprekken.db": str(database), "/var/backups/gesprekken-kopie.db": str(copy)},
        )
    finally:
        writing.set()
        writer.join()
    assert rows > 0
    check = run(with_word("integrity_check"), **{"/var/backups/gesprekken-kopie.db": str(copy)})
    assert check.strip() == "ok"
    await keep(store, "a", "drie")
    store.close()
    for leftover in tmp_path.glob("gesprekken.db*"):
        leftover.unlink()
    restore = with_word("install -o loopbaanbot").replace("-o loopbaanbot -g loopbaanbot ", "")
    run(restore, **{"/var/backups/gesprekken-kopie.db": str(copy), "/var/lib/loopbaanbot/gesprekken.db": str(database)})
    again = EventStore(domain, url=str(database))
    assert await said(again, "a") == ["een", "twee"]
    await keep(again, "a", "vier")
    assert await said(again, "a") == ["een", "twee", "vier"]
    again.close()


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of the test's own."""
    from benchmarks.services import Postgres
    from tests.productie.conftest import started

    service = started(lambda: Postgres(durable=False))
    yield str(service.url)
    service.remove()


async def test_a_backup_of_postgresql_can_be_put_back(tmp_path, domain, postgres):
    for program in ("pg_dump", "pg_restore"):
        needed(program, "postgresql-client")
    store = EventStore(domain, url=postgres)
    await keep(store, "a", "een", "twee")
    dump, copy = with_word("pg_dump"), str(tmp_path / "kopie.dump")
    url = postgres.replace("postgresql+psycopg2", "postgresql")
    run(re.sub(r" loopbaanbot$", f" {shlex.quote(url)}", dump), **{"/var/backups/loopbaanbot.dump": copy})
    await keep(store, "a", "drie")
    store.close()
    restore = (
        with_word("pg_restore")
        .replace(" --role=loopbaanbot", "")
        .replace("--dbname=loopbaanbot", f"--dbname={shlex.quote(url)}")
    )
    run(restore, **{"/var/backups/loopbaanbot.dump": copy})
    again = EventStore(domain, url=postgres)
    assert await said(again, "a") == ["een", "twee"]
    await keep(again, "a", "vier")
    assert await said(again, "a") == ["een", "twee", "vier"]
    again.close()


def test_every_metric_that_is_named_exists():
    from bot.operations.metrics import Metrics

    there = Metrics().text().decode()
    for name in set(re.findall(r"\b(?:loopbaan|process)_[a-z_]+", PAGE.read_text(encoding="utf-8"))):
        assert re.search(
            rf"^(# TYPE )?{name.removesuffix('_bucket').removesuffix('_total')}", there, flags=re.MULTILINE
        ), name
    assert json.dumps({"status": "klaar"}, separators=(",", ":")) in PAGE.read_text(encoding="utf-8")
    assert shutil.which("bash")
