"""The nginx configuration, in a real nginx with TLS, before a stand-in for the bot that tells what it was asked."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from tests.deploy.tools import DEPLOY, needed

NAME = "loopbaan.proef.test"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def filled(values: dict[str, str]) -> str:
    """The template as envsubst fills it; every variable of ours must have a value."""
    text = (DEPLOY / "nginx" / "loopbaanbot.conf.template").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    found = re.sub(r"\$\{(LOOPBAAN_\w+)\}", lambda match: values[match[1]], text)
    assert "${" not in found
    return found


@dataclass
class Bot:
    """Stands in for the bot."""

    name: str
    port: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    stopping: bool = False
    dies: bool = False

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.asked.append({"path": request.path, "headers": dict(request.headers), "size": len(body)})
        if self.dies:
            assert request.transport is not None
            request.transport.abort()
        if self.stopping:
            return web.json_response({"fout": "Even niet."}, status=503, headers={"Retry-After": "5"})
        if request.path.endswith("/bericht"):
            reply = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
            await reply.prepare(request)
            for line in range(4):
                await reply.write(json.dumps({"regel": line}).encode() + b"\n")
                await asyncio.sleep(0.3)
            return reply
        headers = {"X-Request-ID": request.headers.get("X-Request-ID", ""), "X-Content-Type-Options": "nosniff"}
        return web.json_response({"bot": self.name}, headers=headers)


@dataclass
class Site:
    """nginx and the bots behind it."""

    port: int
    plain_port: int
    bots: list[Bot]
    http: aiohttp.ClientSession
    folder: Path

    async def call(self, method: str, path: str, host: str = NAME, **kwargs: Any) -> tuple[int, Any, bytes]:
        async with self.http.request(
            method, f"https://{host}:{self.port}{path}", allow_redirects=False, **kwargs
        ) as reply:
            return reply.status, reply.headers, await reply.read()

    @property
    def asked(self) -> list[dict[str, Any]]:
        """What reached the bots."""
        return [asked for bot in self.bots for asked in bot.asked]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate of our own for NAME."""
    folder = tmp_path_factory.mktemp("certificaat")
    subprocess.run(
        [needed("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


class Loopback(aiohttp.abc.AbstractResolver):
    """Every name is this machine."""

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[Any]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        pass


def configured(folder: Path, certificate: Path, bots: list[int], port: int, plain_port: int) -> Path:
    """A whole nginx.conf around the template, as Debian's does it: with sites included in `http`."""
    ours = folder / "nginx"
    (ours / "kanalen").mkdir(parents=True)
    shutil.copy(DEPLOY / "nginx" / "weigering.conf", ours)
    shutil.copy(DEPLOY / "nginx" / "kanalen" / "slack.conf", ours / "kanalen")
    values = {
        "LOOPBAAN_SERVERNAAM": NAME,
        "LOOPBAAN_CERTIFICAAT": str(certificate),
        "LOOPBAAN_BOTS": " ".join(f"server 127.0.0.1:{bot} max_fails=1 fail_timeout=2s;" for bot in bots),
        "LOOPBAAN_NGINX": str(ours),
        "LOOPBAAN_NGINX_LOG": str(folder / "toegang.log"),
        "LOOPBAAN_POORT_HTTP": str(plain_port),
        "LOOPBAAN_POORT_HTTPS": str(port),
    }
    (ours / "loopbaanbot.conf").write_text(filled(values), encoding="utf-8")
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/fouten.log warn; worker_processes 1;\n"
        f"events {{ worker_connections 512; }}\n"
        f"http {{\n{temporary}access_log off;\ninclude /etc/nginx/mime.types;\ninclude {ours}/loopbaanbot.conf;\n}}\n",
        encoding="utf-8",
    )
    return main


Start = Callable[..., Awaitable[Site]]


@pytest.fixture
async def start(tmp_path: Path, certificate: Path) -> AsyncIterator[Start]:
    nginx = needed("nginx", "nginx-light")
    runners: list[web.AppRunner] = []
    sessions: list[aiohttp.ClientSession] = []
    processes: list[subprocess.Popen[bytes]] = []

    async def run(bots: int = 1) -> Site:
        running = []
        for number in range(bots):
            bot = Bot(f"bot{number}", free_port())
            app = web.Application(client_max_size=1 << 20)
            app.router.add_route("*", "/{path:.*}", bot.answer)
            runner = web.AppRunner(app, handler_cancellation=True)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", bot.port).start()
            runners.append(runner)
            running.append(bot)
        port, plain = free_port(), free_port()
        main = configured(tmp_path, certificate, [bot.port for bot in running], port, plain)
        command = [nginx, "-c", main, "-e", tmp_path / "fouten.log"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE)  # noqa: ASYNC220 - it only starts here
        processes.append(process)
        trust = ssl.create_default_context(cafile=str(certificate / "fullchain.pem"))
        http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust, resolver=Loopback()))
        sessions.append(http)
        site = Site(port, plain, running, http, tmp_path)
        for _ in range(100):
            try:
                await site.call("GET", "/bestaat-niet")
                return site
            except aiohttp.ClientConnectorError:
                assert process.poll() is None, (tmp_path / "fouten.log").read_text()
                await asyncio.sleep(0.05)
        raise AssertionError("nginx did not start")

    yield run
    for session in sessions:
        await session.close()
    for process in processes:
        process.terminate()
        process.wait()
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def site(start: Start) -> Site:
    return await start()


@pytest.mark.parametrize("bots", [1, 2])
def test_nginx_finds_no_fault(tmp_path, certificate, bots):
    main = configured(tmp_path, certificate, list(range(9001, 9001 + bots)), 8443, 8080)
    shutil.copy(DEPLOY / "nginx" / "kanalen" / "teams.conf", tmp_path / "nginx" / "kanalen")
    checked = subprocess.run(
        [needed("nginx", "nginx-light"), "-t", "-c", main, "-e", tmp_path / "fouten.log"],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr


# --- what goes through, and what doesn't ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/webhooks/web/widget.js"),
        ("GET", "/webhooks/web/begin"),
        ("POST", "/webhooks/web/sessie"),
        ("DELETE", "/webhooks/web/gesprek"),
        ("OPTIONS", "/webhooks/web/bericht"),
        ("POST", "/webhooks/slack/webhook"),
    ],
)
async def test_goes_through(site, method, path):
    status, headers, _ = await site.call(method, path)
    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert [asked["path"] for asked in site.asked] == [path]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/metingen"),
        ("GET", "/klaar"),
        ("GET", "/gezond"),
        ("POST", "/webhooks/rest/webhook"),
        ("GET", "/webhooks/rest/"),
        ("POST", "/webhooks/web/../rest/webhook"),
        ("POST", "/webhooks/web/..%2Frest/webhook"),
        ("GET", "/webhooks/web/%2e%2e/%2e%2e/metingen"),
        ("GET", "//metingen"),
        ("POST", "/webhooks/teams/webhook"),
        ("GET", "/webhooks/slack/webhook"),
        ("POST", "/"),
        ("GET", "/model"),
        ("GET", "/conversations/x/tracker"),
        ("GET", "/.git/config"),
    ],
)
async def test_is_refused(site, method, path):
    # As it is written: the client must not tidy the path up.
    url = URL(f"https://{NAME}:{site.port}{path}", encoded=True)
    async with site.http.request(method, url) as reply:
        status, headers, body = reply.status, reply.headers, await reply.read()
    assert not site.asked
    assert status == 404
    assert json.loads(body)["code"] == "onbekend"
    assert headers["Content-Security-Policy"] and headers["X-Content-Type-Options"] == "nosniff"
    assert len(headers["X-Request-ID"]) == 32


async def test_lines_come_as_they_are_said(site):
    moments = []
    url = f"https://{NAME}:{site.port}/webhooks/web/bericht"
    async with site.http.post(url, json={"tekst": "hoi"}) as reply:
        async for _ in reply.content:
            moments.append(time.monotonic())
    assert len(moments) == 4
    assert moments[-1] - moments[0] > 0.7, "all at the end: nginx held them back"


# --- what the bot gets to know -------------------------------------------------------------------------------------


async def test_the_bot_gets_the_real_address_and_one_id(site):
    lies = {
        "X-Forwarded-For": "203.0.113.7",
        "X-Real-IP": "203.0.113.7",
        "Forwarded": "for=203.0.113.7",
        "X-Forwarded-Host": "elders.test",
        "X-Request-ID": "zelfbedacht-kenmerk",
    }
    _, headers, _ = await site.call("GET", "/webhooks/web/begin", headers=lies)
    (asked,) = site.asked
    got = {name.lower(): value for name, value in asked["headers"].items()}
    assert got["x-forwarded-for"] == "127.0.0.1"
    assert got["x-forwarded-proto"] == "https"
    assert got["x-forwarded-host"] == f"{NAME}:{site.port}"
    assert "x-real-ip" not in got and "forwarded" not in got
    assert len(got["x-request-id"]) == 32
    assert headers["X-Request-ID"] == got["x-request-id"]


async def test_the_log_has_the_id_but_not_who_or_what(site):
    await site.call("GET", "/webhooks/web/begin?zoek=geheime-vraag", headers={"User-Agent": "mijn-browser"})
    await asyncio.sleep(0.1)
    lines = [json.loads(line) for line in (site.folder / "toegang.log").read_text().splitlines()]
    assert lines[-1]["pad"] == "/webhooks/web/begin"
    assert lines[-1]["verzoek"] == site.asked[0]["headers"]["X-Request-ID"]
    assert lines[-1].keys() == {"tijd", "verzoek", "methode", "pad", "status", "bytes", "seconden", "bot"}


# --- limits --------------------------------------------------------------------------------------------------------


async def test_a_body_has_an_end(site):
    status, _, body = await site.call("POST", "/webhooks/web/bericht", data=b"x" * 18 * 1024)
    assert (status, json.loads(body)["code"]) == (413, "te_groot")
    assert not site.asked
    assert (await site.call("POST", "/webhooks/web/bericht", data=b"x" * 16 * 1024))[0] == 200


async def test_a_flood_is_stopped_before_the_bot(site):
    replies = await asyncio.gather(*(site.call("GET", "/webhooks/web/begin") for _ in range(300)))
    statuses = [status for status, _, _ in replies]
    assert 100 <= statuses.count(200) < 200
    assert statuses.count(200) + statuses.count(429) == 300
    _, headers, body = next(reply for reply in replies if reply[0] == 429)
    assert json.loads(body)["code"] == "te_vaak" and headers["Retry-After"] == "5"
    assert len(site.asked) == statuses.count(200)


# --- TLS -----------------------------------------------------------------------------------------------------------


async def test_without_tls_it_only_points_to_where_there_is(site):
    url = f"http://{NAME}:{site.plain_port}/webhooks/web/widget.js?x=1"
    async with site.http.get(url, allow_redirects=False) as reply:
        assert reply.status == 301
        assert reply.headers["Location"] == f"https://{NAME}/webhooks/web/widget.js?x=1"


async def test_another_name_gets_no_connection(site):
    with pytest.raises(aiohttp.ClientConnectorError):
        await site.call("GET", "/", host="elders.test")


@pytest.mark.parametrize(("version", "works"), [("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)])
def test_versions_of_tls(nginx_alone, version, works, certificate):
    port = nginx_alone
    context = ssl.create_default_context(cafile=str(certificate / "fullchain.pem"))
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
    with socket.create_connection(("127.0.0.1", port)) as plain:
        if works:
            with context.wrap_socket(plain, server_hostname=NAME) as secure:
                assert secure.version() == version.replace("_", ".")
        else:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(plain, server_hostname=NAME)


@pytest.fixture
def nginx_alone(tmp_path: Path, certificate: Path) -> Iterator[int]:
    """nginx alone, for clients that wait; its port."""
    port = free_port()
    main = configured(tmp_path, certificate, [free_port()], port, free_port())
    process = subprocess.Popen([needed("nginx", "nginx-light"), "-c", main, "-e", tmp_path / "fouten.log"])
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port
    process.terminate()
    process.wait()


# --- more bots -----------------------------------------------------------------------------------------------------


async def test_without_a_bot_it_says_so_kindly(start):
    site = await start(bots=2)
    for bot in site.bots:
        bot.dies = True
    for _ in range(3):
        status, headers, body = await site.call("POST", "/webhooks/web/sessie")
        assert (status, json.loads(body)["code"]) == (503, "niet_klaar")
        assert headers["Retry-After"] == "5"


async def test_what_a_stopping_bot_refuses_goes_to_the_other(start):
    site = await start(bots=2)
    site.bots[0].stopping = True
    replies = await asyncio.gather(*(site.call("POST", "/webhooks/web/sessie", data=b"{}") for _ in range(20)))
    assert [(status, json.loads(body)) for status, _, body in replies] == [(200, {"bot": "bot1"})] * 20
    assert site.bots[0].asked, "it was tried"


async def test_a_bot_that_dies_costs_nobody_an_answer(start):
    site = await start(bots=2)
    site.bots[0].dies = True
    replies = await asyncio.gather(*(site.call("POST", "/webhooks/web/sessie", data=b"{}") for _ in range(20)))
    assert {status for status, _, _ in replies} == {200}


async def test_when_no_bot_can_keep_anything_people_hear_that(start):
    site = await start(bots=2)
    for bot in site.bots:
        bot.stopping = True
    status, headers, body = await site.call("POST", "/webhooks/web/sessie")
    assert (status, headers["Retry-After"]) == (503, "5")
    assert json.loads(body)["fout"]
    for bot in site.bots:
        bot.stopping = False
    await asyncio.sleep(2.1)
    assert (await site.call("POST", "/webhooks/web/sessie"))[0] == 200, "it recovers by itself"
