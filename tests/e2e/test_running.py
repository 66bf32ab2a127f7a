"""The real bot under load while it is stopped, and while its knowledge base is replaced; and behind a real nginx."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.settings import Settings
from tests.deploy.test_nginx import NAME, Loopback, certificate, configured  # noqa: F401  - a fixture
from tests.deploy.tools import needed
from tests.operations.bot_process import RunningBot, free_port

pytestmark = pytest.mark.e2e

PEOPLE = 12


class Person:
    """Somebody in the widget."""

    def __init__(self, http: aiohttp.ClientSession, url: str, number: int) -> None:
        self.http, self.url, self.number = http, f"{url}/webhooks/web", number
        self.token = ""
        self.said = 0

    async def begin(self) -> Person:
        async with self.http.post(f"{self.url}/sessie") as reply:
            assert reply.status == 201
            self.token = (await reply.json())["sessie"]
        return self

    async def say(self, text: str) -> tuple[int, list[dict[str, Any]]]:
        """The status and the lines; raises ClientError when the connection breaks."""
        self.said += 1
        body = {"id": f"b{self.said}", "tekst": text}
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.http.post(f"{self.url}/bericht", json=body, headers=headers) as reply:
            return reply.status, [json.loads(line) for line in (await reply.read()).splitlines()]


def kept(conversations: Path) -> set[str]:
    """All that people said, as the database has it."""
    with sqlite3.connect(conversations) as database:
        rows = database.execute("select inhoud from gebeurtenissen where soort = 'user'").fetchall()
    database.close()
    return {json.loads(content)["text"] for (content,) in rows}


async def test_sigterm_under_load_cuts_no_turn_off(tmp_path):
    bot = RunningBot(tmp_path)
    try:
        await asyncio.to_thread(bot.ready)
        answered: set[str] = set()
        asked: set[str] = set()
        refused: list[int] = []
        unfinished: list[Any] = []
        readiness: list[int] = []
        stopped, enough = asyncio.Event(), asyncio.Event()

        async def talk(person: Person) -> None:
            while bot.process.poll() is None:
                text = f"welke schaal heeft een beleidsadviseur, vraag {person.number} punt {person.said}"
                asked.add(text)
                try:
                    status, lines = await person.say(text)
                except (aiohttp.ClientError, ConnectionError):
                    if not stopped.is_set():
                        unfinished.append((text, "broken off"))
                    return
                if status == 200:
                    answered.add(text)
                    if len(answered) >= 3 * PEOPLE:
                        enough.set()
                    if lines[-1] != {"klaar": True}:
                        unfinished.append((text, lines))
                else:
                    refused.append(status)
                    await asyncio.sleep(0.05)

        async def watch(http: aiohttp.ClientSession) -> None:
            await stopped.wait()
            while bot.process.poll() is None:
                try:
                    async with http.get(f"{bot.url}/klaar") as reply:
                        readiness.append(reply.status)
                except (aiohttp.ClientError, ConnectionError):
                    return
                await asyncio.sleep(0.02)

        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            people = [await Person(http, bot.url, number).begin() for number in range(PEOPLE)]
            talking = [asyncio.create_task(talk(person)) for person in people]
            watching = asyncio.create_task(watch(http))
            await enough.wait()
            before = len(answered)
            bot.process.send_signal(signal.SIGTERM)
            stopped.set()
            await asyncio.gather(*talking, watching)
        assert bot.process.wait(30) == 0
        assert not unfinished
        assert len(answered) > before, "turns were under way when it was told to stop"
        assert set(refused) <= {503}
        assert readiness and set(readiness) == {503}
        assert kept(bot.conversations) == answered, "what was answered is kept, and what was refused isn't"
        assert len(asked) > len(answered)
        told = [line["bericht"] for line in bot.lines() if line["niveau"] == "ERROR"]
        assert not told
    finally:
        bot.stop(signal.SIGKILL)


def another(path: Path) -> Path:
    """A knowledge base in which one function has another name and another scale, and one has a name more."""
    new = path.with_name("ander.db")
    shutil.copy(path, new)
    with sqlite3.connect(new) as database:
        rank, scale = database.execute(
            "select schaal_rang, schaal from functie where schaal != '11' order by id"
        ).fetchone()
        changed = database.execute(
            "update functie set naam = 'Beleidsdenker', schaal = ?, schaal_rang = ? where naam = 'Beleidsadviseur'",
            (scale, rank),
        )
        assert changed.rowcount == 1
        database.execute(
            "insert into naam (soort, doel, organisatie, sleutel, naam) "
            "select soort, doel, organisatie, 'wolkenfluisteraar', 'Wolkenfluisteraar' from naam "
            "where naam = 'Beleidsadviseur' and soort = 'functie'"
        )
    database.close()
    return new


QUESTION = "welke schaal heeft een beleidsadviseur?"
NEW_NAME = "welke schaal heeft een wolkenfluisteraar?"


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A knowledge base of the test's own."""
    return Path(shutil.copy(Settings.from_environment().database, tmp_path / "kennis.db"))


def text_of(lines: list[dict[str, Any]]) -> str:
    return next(line["text"] for line in lines if line.get("text")).splitlines()[0]


async def test_every_answer_is_wholly_of_the_old_or_wholly_of_the_new_knowledge_base(tmp_path, knowledge):
    versions = [Path(shutil.copy(knowledge, tmp_path / "een.db")), another(knowledge)]
    bot = RunningBot(tmp_path, LOOPBAAN_DATABASE=str(knowledge))
    try:
        await asyncio.to_thread(bot.ready)
        found: dict[str, list[str]] = {QUESTION: [], NEW_NAME: []}
        outcomes: set[str] = set()
        done = asyncio.Event()

        async def talk(person: Person) -> None:
            while not done.is_set():
                # The name in a conversation of its own: in this one it would be taken for what was talked of before.
                stranger = await Person(http, bot.url, 0).begin()
                for who, question in ((person, QUESTION), (stranger, NEW_NAME)):
                    status, lines = await who.say(question)
                    assert status == 200, lines
                    outcomes.update(line["custom"]["answer"]["outcome"] for line in lines if "custom" in line)
                    found[question].append(text_of(lines))

        async def seen(what: str, times: int) -> None:
            """Wait until the bot told it so often, and go on for a while."""
            for _ in range(600):
                if sum(what in line["bericht"] for line in bot.lines()) >= times:
                    break
                await asyncio.sleep(0.1)
            await asyncio.sleep(1)

        async def swap() -> None:
            for turn in range(1, 7):
                shutil.copy(versions[turn % 2], tmp_path / "nieuw.db")
                (tmp_path / "nieuw.db").replace(knowledge)
                await seen("nieuwe kennisbank in gebruik", turn)
                if turn == 3:  # somebody breaks it in between: the one in use stays
                    (tmp_path / "nieuw.db").write_bytes(b"kapot" * 1000)
                    (tmp_path / "nieuw.db").replace(knowledge)
                    await seen("De oude blijft in gebruik", 1)
            done.set()

        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            people = [await Person(http, bot.url, number).begin() for number in range(4)]
            await asyncio.gather(swap(), *(talk(person) for person in people))
        old, new = "**Beleidsadviseur** zit in **schaal 11**.", "**Beleidsdenker** zit in **schaal "
        for answer in found[QUESTION]:
            assert answer == old or (answer.startswith(new) and "schaal 11" not in answer), answer
        assert {answer == old for answer in found[QUESTION]} == {True, False}, "both were seen"
        # The name that only the new one has is known together with its answer, or not at all.
        known = [answer for answer in found[NEW_NAME] if "Beleids" in answer]
        assert known and len(known) < len(found[NEW_NAME])
        assert all(answer.startswith(new) for answer in known)
        assert "error" not in outcomes
        told = [line["bericht"] for line in bot.lines()]
        assert sum("nieuwe kennisbank in gebruik" in line for line in told) == 6
        assert sum("De oude blijft in gebruik" in line for line in told) == 1
        assert bot.stop() == 0
    finally:
        bot.stop(signal.SIGKILL)


@pytest.fixture
def behind_nginx(tmp_path, certificate) -> Iterator[tuple[RunningBot, int]]:  # noqa: F811
    """The bot behind nginx; with nginx's port."""
    nginx = needed("nginx", "nginx")
    bot = RunningBot(tmp_path, LOOPBAAN_PROXYS="1")
    port = free_port()
    main = configured(tmp_path, certificate, [bot.port], port, free_port())
    process = subprocess.Popen([nginx, "-c", main, "-e", tmp_path / "fouten.log"])
    try:
        yield bot.ready(), port
    finally:
        process.terminate()
        process.wait()
        bot.stop(signal.SIGKILL)


async def test_a_conversation_through_nginx(behind_nginx, certificate, tmp_path):  # noqa: F811
    bot, port = behind_nginx
    site = f"https://{NAME}:{port}"
    trust = ssl.create_default_context(cafile=str(certificate / "fullchain.pem"))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust, resolver=Loopback())) as http:
        async with http.get(f"{site}/") as reply:
            assert reply.status == 200
            assert f"{site}/webhooks/web/widget.js" in await reply.text(), "the page knows its own address"
        async with http.get(f"{site}/webhooks/web/widget.js") as reply:
            assert reply.status == 200 and len(await reply.read()) > 10_000
        person = await Person(http, site, 1).begin()
        status, lines = await person.say(QUESTION)
        assert status == 200 and lines[-1] == {"klaar": True}
        assert text_of(lines) == "**Beleidsadviseur** zit in **schaal 11**."
        for path in ("/metingen", "/klaar", "/gezond", "/webhooks/rest/"):
            async with http.get(site + path) as reply:
                assert reply.status == 404
    assert b"loopbaan_beurten_total" in (await asyncio.to_thread(bot.get, "/metingen"))[1]
    (turn,) = [line for line in bot.lines() if line["bericht"] == "beurt"]
    assert (turn["kanaal"], turn["soort"], turn["uitkomst"]) == ("web", "functie.schaal", "answered")
    seen = [json.loads(line) for line in (tmp_path / "toegang.log").read_text().splitlines()]
    assert [line["verzoek"] for line in seen if line["pad"] == "/webhooks/web/bericht"] == [turn["verzoek"]]


@pytest.fixture
def for_nobody() -> Iterator[Path]:
    """A folder of the user nobody; pytest's own are for who runs it."""
    with tempfile.TemporaryDirectory(prefix="loopbaanbot-") as folder:
        shutil.chown(folder, 65534, 65534)
        yield Path(folder)


def test_it_runs_without_internet_rights_or_a_disk_to_write_on(for_nobody):
    """As in the container and under systemd: no network but loopback, no root, all read-only but its own folder and /tmp."""
    for program in ("unshare", "setpriv"):
        needed(program, "util-linux")
    if os.geteuid() != 0 or subprocess.run(["unshare", "-mn", "true"], capture_output=True).returncode != 0:
        pytest.skip("cutting off network and disk needs root: NOT checked here")
    folder = for_nobody
    # Python itself may stand in root's own folder, which nobody else can enter.
    python = Path(sys.base_prefix)
    reachable = f"""
        mkdir {folder}/python && mount --bind {python} {folder}/python
        mount -t tmpfs -o mode=755 tmpfs /root && mkdir -p {python} && mount --bind {folder}/python {python}
    """
    inside = f"""
        set -e
        ip link set lo up 2>/dev/null || true
        mount --make-rprivate /
        {reachable if python.is_relative_to("/root") else ""}
        mount --bind {folder} {folder}
        mount -o remount,ro,bind / 2>/dev/null || mount -o remount,ro /
        mount -t tmpfs tmpfs /dev/shm
        exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set -all --inh-caps -all \\
            env HOME={folder} MPLCONFIGDIR={folder} TMPDIR={folder} PYTHONDONTWRITEBYTECODE=1 "$@"
    """
    test = """
        import sys, time, pathlib, socket
        from tests.operations.bot_process import RunningBot
        for forbidden in ("/etc/proef", str(pathlib.Path.cwd() / "proef")):
            try:
                open(forbidden, "w")
            except OSError:
                continue
            sys.exit(f"{forbidden} can be written")
        try:
            socket.create_connection(("192.0.2.1", 80), 1)
            sys.exit("there is a network")
        except OSError:
            pass
        bot = RunningBot(pathlib.Path(sys.argv[1])).ready()
        print(bot.ask("welke schaal heeft een beleidsadviseur?")[0]["text"])
        assert bot.stop() == 0
    """
    found = subprocess.run(
        ["unshare", "-mn", "bash", "-c", inside, "bash", sys.executable, "-c", textwrap.dedent(test), str(folder)],
        cwd=Path(__file__).resolve().parent.parent.parent,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert found.returncode == 0, found.stderr[-3000:]
    assert "schaal 11" in found.stdout
