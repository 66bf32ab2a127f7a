"""What a stock Rasa lets anybody do, tried on this server through all its doors; each must be refused."""

from __future__ import annotations

import asyncio
import json
import os
import time
import uuid
from pathlib import Path

import jwt
import pytest
from click.testing import CliRunner
from sanic import Sanic

from bot import productie, server
from bot.channels import guard
from bot.channels.common import SAFE
from bot.cli import cli
from bot.settings import ROOT
from tests.channels.teams.microsoft import APP_ID, OTHER_KEY, TENANT, public
from tests.security.conftest import HOOKS, slack_message

TYPED = ('/vraag_schaal{"functie": "adviseur"}', "/restart", " /session_start", "//back", "\\/restart", "/\t/restart")


# --- Rasa's HTTP API and its other addresses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "status", "version", "domain", "model", "model/train", "model/parse", "model/test/stories", "conversations/x/tracker",
        "conversations/x/tracker/events", "conversations/x/execute", "conversations/x/trigger_intent", "conversations/x/story",
        "webhooks/callback/webhook", "webhooks/socketio/webhook", "socket.io/", "debug", "actions", ".git/config", ".env",
        "webhooks/web/../../credentials.yml", "webhooks/web/..%2f..%2fcredentials.yml", "webhooks/web/start.html",
        "oordelen.db", "gesprekken.db", "proef/geheugen",
    ],
)  # fmt: skip
async def test_there_is_no_http_api_and_no_file(town, path):
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        answer = await town.call(method, f"/{path}", data=b"{}" if method != "GET" else None)
        assert answer.status == 404, (method, path)
        assert set(json.loads(answer.body)) <= {"fout", "code"}
    assert town.bot.seen == []


def test_production_has_no_open_channel_and_telemetry_is_off(monkeypatch):
    assert productie.open_channels(productie.CREDENTIALS) == []
    assert productie.open_channels(ROOT / "credentials.yml") == ["bot.channels.rest.LocalRestInput"]
    server.quiet()
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "bot.gemeente.nl"])
def test_an_open_channel_is_never_served_to_other_machines(tmp_path, monkeypatch, host):
    monkeypatch.setenv("LOOPBAAN_MODELLEN", str(tmp_path))
    found = CliRunner().invoke(cli, ["run", "--host", host, "--port", "6299"])
    assert found.exit_code == 1 and "--productie" in found.output and "LocalRestInput" in found.output


# --- who one says to be -------------------------------------------------------------------------------------------------


async def test_the_open_channel_answers_programs_on_this_machine_only(town):
    for name, value in (("X-Forwarded-For", "10.0.0.9"), ("Forwarded", "for=10.0.0.9"), ("Origin", "https://kwaad.nl")):
        answer = await town.rest({"sender": "x", "message": "hallo"}, **{name: value})
        assert answer.status == 403
    assert town.bot.seen == []


async def test_a_caller_cannot_choose_channel_or_metadata_and_shares_no_default(town):
    for _ in range(2):
        await town.rest({"message": "hallo", "input_channel": "slack", "metadata": {"rol": "baas"}})
    first, second = town.bot.seen
    assert first.sender_id != second.sender_id and "default" not in (first.sender_id, second.sender_id)
    assert {(message.input_channel, message.metadata) for message in town.bot.seen} == {("rest", None)}


@pytest.mark.parametrize("channel", HOOKS)
async def test_typed_text_never_becomes_an_intent(town, channel):
    for number, text in enumerate(TYPED):
        await town.say(channel, text, sender=f"U{number}")
    await town.quiet()
    assert len(town.bot.seen) == len(TYPED)
    assert not any(message.text.startswith(("/", "\\")) for message in town.bot.seen)


@pytest.mark.parametrize("channel", HOOKS)
async def test_numbers_of_people_stop_at_the_door(town, channel):
    await town.say(channel, "ik ben jan@ommen.nl, 06-12345678, 123456782, NL91ABNA0417164300")
    await town.quiet()
    assert [message.text for message in town.bot.seen] == [
        "ik ben [weggelaten], [weggelaten], [weggelaten], [weggelaten]"
    ]


async def test_slack_without_a_good_signature_or_twice(town):
    assert (await town.slack_event(slack_message("a"), secret="0" * 32)).status == 401
    assert (await town.slack_event(slack_message("a"), at=time.time() - 301)).status == 401
    assert (await town.call("POST", "/webhooks/slack/webhook", data=b"{}")).status == 401
    twice = slack_message("hallo")
    for _ in range(3):
        assert (
            await town.slack_event(twice, **{"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_error"})
        ).status == 200
    for odd in ({"bot_id": "B1"}, {"subtype": "message_changed"}):
        assert (await town.slack_event(slack_message("a", **odd))).status == 200
    await town.quiet()
    assert [message.text for message in town.bot.seen] == ["hallo"]


async def test_slack_mentions_nobody_for_somebody_else(town):
    await town.say("slack", "<!channel> en <!here>")
    await town.quiet()
    said = json.dumps([call.fields for call in town.slack.calls])
    assert town.bot.seen and "<!channel>" not in said and "<!here>" not in said


async def test_teams_with_a_forged_token(town):
    microsoft = town.microsoft
    key = jwt.algorithms.RSAAlgorithm.from_jwk(json.dumps(microsoft.keys[0]))
    assert key is not None
    now = int(time.time())
    forged = {
        "none": jwt.encode(microsoft.claims(), "", algorithm="none", headers={"kid": "sleutel-1"}),
        "symmetric": jwt.encode(microsoft.claims(), "x" * 64, algorithm="HS256", headers={"kid": "sleutel-1"}),
        "another key": microsoft.token(OTHER_KEY),
        "unknown key": microsoft.token(OTHER_KEY, kid="onbekend"),
        "another bot": microsoft.token(aud="0" * 8),
        "another issuer": microsoft.token(iss="https://sts.windows.net/x"),
        "no issuer": microsoft.token(iss=None),
        "expired": microsoft.token(exp=now - 3600),
        "no end": microsoft.token(exp=None),
        "another service": microsoft.token(serviceurl="https://kwaad.nl/"),
        "no service": microsoft.token(serviceurl=None),
        "no token": "x",
    }
    for name, token in forged.items():
        assert (await town.teams(microsoft.message("hallo"), token)).status == 401, name
    # A good token does not make a forged body good: the bot's own token must not go elsewhere.
    for name, fields in {
        "another place": {"serviceUrl": "https://kwaad.nl/"},
        "another organisation": {"conversation": {"id": "a:1", "tenantId": str(uuid.uuid4())}, "channelData": {}},
    }.items():
        assert (await town.teams(microsoft.message("hallo", **fields))).status == 401, name
    await town.quiet()
    assert town.bot.seen == [] and microsoft.sent == [] and microsoft.forms == []
    assert public(OTHER_KEY, "x")["kid"] == "x" and (APP_ID, TENANT)


# --- size, number and time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", HOOKS)
async def test_four_megabytes_are_refused_at_once_and_hold_nobody_up(town, channel):
    big = "x" * 4_000_000
    begun = time.monotonic()
    refused, others = await asyncio.gather(
        town.say(channel, big), asyncio.gather(*(town.say("rest", "hallo", str(number)) for number in range(5)))
    )
    assert refused.status == 413 and {other.status for other in others} == {200}
    assert time.monotonic() - begun < 10
    assert len(town.bot.seen) == 5


async def test_whoever_is_refused_all_the_time_gets_no_hearing(open_town, monkeypatch):
    monkeypatch.setattr(guard.Guard.__init__, "__defaults__", (50, 5, time.monotonic))
    town = await open_town()
    statuses = [(await town.slack_event({"type": "x"}, secret="0" * 32)).status for _ in range(8)]
    assert statuses[0] == 401 and statuses[-1] == 429
    late = await town.call("GET", "/")
    assert late.status == 429 and int(late.headers["Retry-After"]) > 60
    assert json.loads(late.body)["code"] == "te_vaak"


@pytest.mark.parametrize("channel", ["rest", "slack", "teams"])
async def test_every_webhook_has_a_limit(open_town, monkeypatch, channel):
    monkeypatch.setattr(guard.Guard.__init__, "__defaults__", (10, 1000, time.monotonic))
    town = await open_town()
    statuses = [(await town.say(channel, "hallo", str(number))).status for number in range(14)]
    assert statuses[0] == 200 and statuses[-1] == 429


async def test_the_web_channel_has_its_own(open_town):
    town = await open_town(LOOPBAAN_PER_ADRES="10")
    statuses = [(await town.call("POST", "/webhooks/web/sessie")).status for _ in range(14)]
    assert statuses[0] == 201 and statuses[-1] == 429


async def test_half_a_request_is_given_up(open_town, monkeypatch):
    monkeypatch.setattr(guard, "HEADER_SECONDS", 1)
    monkeypatch.setattr(guard, "RESPONSE_SECONDS", 2)
    town = await open_town()
    begun = time.monotonic()
    found = await asyncio.gather(
        town.raw(b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\n", seconds=20),
        town.raw(b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nhalf", seconds=20),
        town.raw(
            b"POST /webhooks/slack/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha", seconds=20
        ),
    )
    assert time.monotonic() - begun < 15
    assert all(answer.startswith((b"HTTP/1.1 408", b"HTTP/1.1 503")) for answer in found), found
    assert town.bot.seen == []


# --- what every response says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200), ("GET", "/bestaat-niet", 404), ("PUT", "/", 404), ("GET", "/webhooks/rest/webhook", 404),
        ("GET", "/webhooks/rest/", 200), ("GET", "/webhooks/slack/", 200), ("GET", "/webhooks/teams/", 200),
        ("GET", "/webhooks/web/", 200), ("GET", "/webhooks/web/begin", 200), ("GET", "/webhooks/web/widget.js", 200),
        ("GET", "/webhooks/web/start.css", 200), ("POST", "/webhooks/web/sessie", 201), ("POST", "/webhooks/rest/webhook", 400),
        ("POST", "/webhooks/slack/webhook", 401), ("POST", "/webhooks/teams/webhook", 401), ("POST", "/webhooks/web/bericht", 401),
        ("TRACE", "/", 404), ("GET", "/webhooks/web/bestaat-niet", 404),
    ],
)  # fmt: skip
async def test_headers_on_every_route(town, method, path, status):
    answer = await town.call(method, path)
    assert answer.status == status
    for name in SAFE:
        assert name in answer.headers, name
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Server" not in answer.headers and "Sanic" not in answer.text and "Traceback" not in answer.text
    assert "Set-Cookie" not in answer.headers


# --- one's own conversation -----------------------------------------------------------------------------------------------


async def test_a_copy_of_ones_own_conversation_and_nobody_elses(town):
    mine, other = await town.session(), await town.session()
    for token, text in ((mine, "van mij, jan@ommen.nl"), (other, "van een ander")):
        assert (await town.web({"id": uuid.uuid4().hex, "tekst": text}, token)).status == 200
    answer = await town.call("GET", "/webhooks/web/gesprek", headers={"Authorization": f"Bearer {mine}"})
    found = json.loads(answer.body)
    assert [said["tekst"] for said in found["berichten"] if said["van"] == "jij"] == ["van mij, [weggelaten]"]
    assert "van een ander" not in answer.text and "web-" not in answer.text
    assert "attachment" in answer.headers["Content-Disposition"] and answer.headers["Cache-Control"] == "no-store"
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Bearer {mine[:-2]}AA"}):
        assert (await town.call("GET", "/webhooks/web/gesprek", headers=headers)).status == 401
    gone = await town.call("DELETE", "/webhooks/web/gesprek", headers={"Authorization": f"Bearer {mine}"})
    assert gone.status == 204
    assert (await town.call("GET", "/webhooks/web/gesprek", headers={"Authorization": f"Bearer {mine}"})).status == 401


# --- starting --------------------------------------------------------------------------------------------------------------

SECRETS = {
    "LOOPBAAN_GEHEIM": "q7Hs2kLmZx0Vb4Nc8Rt1Yp5Wj9Fd3Ga6",
    "LOOPBAAN_SLACK_TOKEN": "xoxb-HERKENBAARTOKEN-1",
    "LOOPBAAN_SLACK_GEHEIM": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "LOOPBAAN_TEAMS_APP_ID": "11111111-2222-3333-4444-555555555555",
    "LOOPBAAN_TEAMS_GEHEIM": "HERKENBAARGEHEIM~teams",
    "LOOPBAAN_TEAMS_TENANT": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    "LOOPBAAN_GESPREKKEN": "postgresql://bot:HERKENBAARWACHTWOORD@127.0.0.1:9/gesprekken",
    "LOOPBAAN_REDIS": "redis://:HERKENBAARREDIS@127.0.0.1:9/0",
    "LOOPBAAN_SLACK_URL": "http://127.0.0.1:9/api/",
    "LOOPBAAN_TEAMS_TOKEN_URL": "http://127.0.0.1:9/token",
    "LOOPBAAN_TEAMS_OPENID_URL": "http://127.0.0.1:9/openid",
}
SHOWN = ("HERKENBAAR", SECRETS["LOOPBAAN_GEHEIM"], SECRETS["LOOPBAAN_SLACK_GEHEIM"])
COMMANDS = (
    "run --port 6298", "run --productie --port 6298", "run --host 0.0.0.0", "train --als-nodig", "oordelen", "knowledge check",
    "controleer slack --url http://127.0.0.1:9", "controleer teams --url http://127.0.0.1:9",
    "controleer productie --url http://127.0.0.1:9", "bewaar opruimen", "bewaar lijst", "bewaar toon x", "bewaar wis x --ja",
    "ask --url http://127.0.0.1:9 hallo",
)  # fmt: skip


@pytest.fixture
def surroundings(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(Sanic, "test_mode", True)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    for name in ("LOOPBAAN_MODELLEN", "LOOPBAAN_DATABASE", "LOOPBAAN_OORDELEN"):
        monkeypatch.setenv(name, str(tmp_path / name))
    (tmp_path / "LOOPBAAN_MODELLEN").mkdir()
    return tmp_path


def _shows(output: str, extra: str = "") -> bool:
    return any(secret in output for secret in (*SHOWN, *filter(None, [extra])))


@pytest.mark.parametrize("command", [command for command in COMMANDS if not command.startswith("train")])
def test_no_command_prints_a_secret(surroundings, command, log, caplog):
    found = CliRunner().invoke(cli, command.split())
    assert not _shows(found.output + log.getvalue() + caplog.text + repr(found.exception)), found.output


@pytest.mark.parametrize("name", [name for name in SECRETS if not name.endswith("PRODUCTIE")])
@pytest.mark.parametrize("command", ["run --productie --port 6298", "controleer productie --url http://127.0.0.1:9"])
def test_a_secret_in_the_wrong_place_is_not_printed_either(surroundings, monkeypatch, command, name, log):
    monkeypatch.setenv(name, "HERKENBAAR verkeerd")
    found = CliRunner().invoke(cli, command.split())
    assert found.exit_code == 1
    assert not _shows(found.output + log.getvalue() + repr(found.exception)), found.output


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("LOOPBAAN_GEHEIM", "", "LOOPBAAN_GEHEIM"),
        ("LOOPBAAN_GEHEIM", "kort", "LOOPBAAN_GEHEIM"),
        ("LOOPBAAN_GEHEIM", "a" * 40, "LOOPBAAN_GEHEIM"),
        ("LOOPBAAN_GEHEIM", "verander-dit-geheim-voor-productie-1234", "LOOPBAAN_GEHEIM"),
        ("LOG_LEVEL", "DEBUG", "LOG_LEVEL=DEBUG"),
        ("LOG_LEVEL", "debug", "LOG_LEVEL=DEBUG"),
        ("LOOPBAAN_GESPREKKEN", "geheugen", "LOOPBAAN_GESPREKKEN"),
    ],
)
def test_production_does_not_start_unsafely(surroundings, monkeypatch, name, value, told):
    monkeypatch.setenv(name, value)
    found = CliRunner().invoke(cli, ["run", "--productie", "--port", "6298"])
    assert found.exit_code == 1 and told in found.output, found.output
