"""The web channel from outside: what a browser, a curious person and an attacker get."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest

from bot.channels.web.tokens import Signer
from bot.knowledge_in_use import KnowledgeInUse

QUESTION = "In welke schaal zit de functie adviseur?"


# --- sessions ------------------------------------------------------------------------------------------------------


async def test_a_conversation(site):
    talk = await site.talk()
    reply = await talk.say("hallo")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/x-ndjson; charset=utf-8")
    text, custom, end = reply.lines
    assert json.loads(text["text"]) == ["hallo"]
    assert text["buttons"][0]["title"] == "Schaal"
    assert set(custom["custom"]["answer"]) == {"outcome", "kind", "sources", "data"}
    assert end == {"klaar": True}
    assert (await talk.say("en nu?")).memory == ["hallo", "en nu?"]


async def test_a_session_says_when_it_ends(start):
    site = await start(sessie_minuten=10)
    fields = (await site.call("POST", "sessie")).json
    assert set(fields) == {"sessie", "verloopt"}
    assert 595 <= fields["verloopt"] - time.time() <= 600
    assert len(urlsafe_b64decode(fields["sessie"] + "=")) == 16 + 8 + 32


@pytest.mark.parametrize("path", ["bericht", "gesprek", "oordeel"])
async def test_without_a_token_of_ours_nothing_goes(site, path):
    method = "DELETE" if path == "gesprek" else "POST"
    real = (await site.talk()).token
    raw = bytearray(urlsafe_b64decode(real + "="))
    raw[0] ^= 1
    someone_else = urlsafe_b64encode(raw).decode().rstrip("=")
    raw = bytearray(urlsafe_b64decode(real + "="))
    raw[16:24] = (2**40).to_bytes(8, "big")
    longer = urlsafe_b64encode(raw).decode().rstrip("=")
    other_secret = Signer("x" * 32, 600).mint()[0]
    expired = Signer("g" * 32, -1).mint()[0]
    for token in (None, "", "x", "é", real[:-4], someone_else, longer, other_secret, expired):
        headers = {} if token is None else {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
        reply = await site.call(method, path, headers=headers, json={"id": "a" * 36, "tekst": "hallo"})
        assert (reply.status, reply.code) == (401, "sessie"), token
    assert (await site.call("POST", "bericht", headers={"Authorization": f"Basic {real}"}, json={})).status == 401
    assert site.bot.seen == []


async def test_what_callers_say_about_themselves_is_ignored(site):
    one, other = await site.talk(), await site.talk()
    await other.say("mijn geheim")
    for name in (other.sender, "default"):
        more = {"sender": name, "sender_id": name, "input_channel": "slack", "metadata": {"rol": "beheerder"}}
        reply = await one.say("wie ben ik?", **more)
        assert "mijn geheim" not in reply.body.decode()
    for message in site.bot.seen[1:]:
        assert (message.sender_id, message.input_channel, message.metadata) == (one.sender, "web", None)


async def test_the_id_in_the_tracker_store_goes_to_nobody(site):
    talk = await site.talk()
    reply = await talk.say("hallo")
    assert talk.sender in site.bot.store.conversations
    assert talk.sender not in reply.body.decode() and "recipient_id" not in reply.body.decode()
    assert (
        talk.sender not in talk.token
        and talk.sender.removeprefix("web-") not in urlsafe_b64decode(talk.token + "=").hex()
    )


async def test_two_sessions_never_see_each_others_memory(start):
    site = await start(per_sessie=2000, per_adres=5000)
    talks = {"rood": await site.talk(), "blauw": await site.talk()}

    async def turns(name):
        for number in range(500):
            memory = (await talks[name].say(f"{name} {number}")).memory
            assert memory == [f"{name} {past}" for past in range(max(0, number - 3), number + 1)]

    await asyncio.gather(*(turns(name) for name in talks))
    assert len(site.bot.seen) == 1000
    assert len({message.sender_id for message in site.bot.seen}) == 2


# --- messages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '/vraag_schaal{"functie": "adviseur"}',
        "/restart",
        " /session_start",
        "/\t/restart",
        "\\/ / \n/back",
        "//restart",
    ],
)
async def test_typed_text_never_becomes_an_intent(site, text):
    talk = await site.talk()
    assert (await talk.say(text)).status == 200
    assert not site.bot.seen[0].text.startswith("/")


@pytest.mark.parametrize("text", ["", "   ", "/", "//\t/"])
async def test_an_empty_message_gets_an_answer_without_the_bot(site, text):
    talk = await site.talk()
    reply = await talk.say(text)
    assert [set(line) for line in reply.lines] == [{"text", "buttons"}, {"custom"}, {"klaar"}]
    assert reply.lines[1]["custom"]["answer"]["kind"] == "gesprek.leeg"
    assert site.bot.seen == []
    assert (await talk.press(reply.lines[0]["buttons"][0]["payload"])).status == 200
    assert len(site.bot.seen) == 1


async def test_a_button_works_in_its_own_session_only(site):
    one, other = await site.talk(), await site.talk()
    payload = (await one.say("hallo")).lines[0]["buttons"][0]["payload"]
    assert (await one.press(payload)).memory == ["hallo", QUESTION]
    body, _, signature = payload.partition(".")
    intent = urlsafe_b64encode(b"/restart").decode().rstrip("=")
    for forged in (
        QUESTION,
        "/restart",
        "",
        f"{intent}.{signature}",
        f"{body}.",
        body,
        f"{body}.{signature[:-2]}",
        "é.é",
    ):
        reply = await one.press(forged)
        assert (reply.status, reply.code) == (400, "knop"), forged
    assert (await other.press(payload)).code == "knop"
    assert len(site.bot.seen) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"tekst": 5},
        {"tekst": None},
        {"knop": ["x"]},
        {"tekst": "a", "knop": "b"},
        {"tekst": "a", "id": 5},
        {"tekst": "a", "id": ""},
        {"tekst": "a", "id": "../../x"},
        {"tekst": "a", "id": "x" * 65},
    ],
)
async def test_other_fields_are_refused(site, fields):
    talk = await site.talk()
    assert (await talk.send(fields)).code == "ongeldig"
    assert site.bot.seen == []


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 15_000], ids=range(6))
async def test_what_is_no_json_object_is_refused(site, body):
    talk = await site.talk()
    reply = await site.call("POST", "bericht", talk.token, data=body)
    assert (reply.status, reply.code) == (400, "ongeldig")


async def test_a_message_may_have_500_characters(site):
    talk = await site.talk()
    assert (await talk.say("é" * 500)).status == 200
    reply = await talk.say("é" * 501)
    assert (reply.status, reply.code) == (413, "te_lang")
    assert len(site.bot.seen) == 1


async def _in_parts(size: int):
    for _ in range(size // 1000):
        yield b" " * 1000
        await asyncio.sleep(0)


@pytest.mark.parametrize("path", ["sessie", "bericht", "oordeel", "gesprek"])
@pytest.mark.parametrize("size", [17_000, 70_000, 2_000_000])
async def test_a_body_may_have_16_kb(site, path, size):
    talk = await site.talk()
    method = "DELETE" if path == "gesprek" else "POST"
    reply = await site.call(method, path, talk.token, data=b" " * size)
    assert (reply.status, reply.code) == (413, "te_groot")
    if size < 64_000:
        reply = await site.call(method, path, talk.token, data=_in_parts(size))
        assert (reply.status, reply.code) == (413, "te_groot")
    assert (await talk.say("hallo")).status == 200


async def test_the_same_message_gets_the_same_reply(site):
    talk = await site.talk()
    first = await talk.say("hallo", "m1")
    assert (await talk.say("hallo", "m1")).body == first.body
    assert (await talk.say("iets anders", "m1")).body == first.body
    assert len(site.bot.seen) == 1
    other = await site.talk()
    assert (await other.say("dag", "m1")).memory == ["dag"]


async def test_the_same_message_at_the_same_time_is_one_turn(site):
    talk = await site.talk()
    site.bot.may_go_on.clear()
    asked = [asyncio.create_task(talk.say("hallo", "m1")) for _ in range(5)]
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in asked)
    site.bot.may_go_on.set()
    assert len({reply.body for reply in await asyncio.gather(*asked)}) == 1
    assert len(site.bot.seen) == 1


async def test_lines_come_as_they_are_said(site):
    talk = await site.talk()
    site.bot.may_go_on.clear()
    headers = {"Authorization": f"Bearer {talk.token}"}
    url = site.url + "/webhooks/web/bericht"
    async with site.http.post(url, headers=headers, json={"id": "m1", "tekst": "hallo"}) as response:
        assert "text" in json.loads(await asyncio.wait_for(response.content.readline(), 2))
        assert "custom" in json.loads(await asyncio.wait_for(response.content.readline(), 2))
        assert not site.bot.may_go_on.is_set()
        site.bot.may_go_on.set()
        assert json.loads(await response.content.readline()) == {"klaar": True}
        assert await response.content.read() == b""


async def test_a_lost_connection_loses_no_reply(site):
    talk = await site.talk()
    site.bot.may_go_on.clear()
    asked = asyncio.create_task(talk.say("hallo", "m1"))
    await asyncio.sleep(0.05)
    asked.cancel()
    await asyncio.sleep(0.05)
    site.bot.may_go_on.set()
    reply = await talk.say("hallo", "m1")
    assert reply.memory == ["hallo"] and reply.lines[-1] == {"klaar": True}
    assert len(site.bot.seen) == 1


async def test_one_message_at_a_time_in_order(site):
    talk = await site.talk()
    site.bot.may_go_on.clear()
    asked = []
    for number in range(10):
        asked.append(asyncio.create_task(talk.say(f"vraag {number}")))
        await asyncio.sleep(0.02)
    assert [message.text for message in site.bot.seen] == ["vraag 0"]
    site.bot.may_go_on.set()
    replies = await asyncio.gather(*asked)
    assert site.bot.most_at_work == 1
    assert [reply.memory[-1] for reply in replies] == [f"vraag {number}" for number in range(10)]
    assert [message.text for message in site.bot.seen] == [f"vraag {number}" for number in range(10)]


# --- limits --------------------------------------------------------------------------------------------------------


async def test_a_session_may_not_ask_too_often(start):
    site = await start(per_sessie=3)
    talk, other = await site.talk(), await site.talk()
    for number in range(3):
        assert (await talk.say(f"vraag {number}")).status == 200
    reply = await talk.say("nog een")
    assert (reply.status, reply.code) == (429, "te_vaak")
    assert 1 <= int(reply.headers["Retry-After"]) <= 20
    assert (await talk.say("vraag 2", talk.ids[2])).status == 200, "a repeated message is no new turn"
    assert (await other.say("hallo")).status == 200
    assert len(site.bot.seen) == 4


async def test_an_address_may_not_ask_too_often(start):
    site = await start(per_adres=4)
    talk = await site.talk()
    for _ in range(3):
        assert (await site.call("POST", "bericht", "vals", json={})).status == 401
    for reply in (await site.call("POST", "sessie"), await talk.say("hallo"), await talk.delete()):
        assert (reply.status, reply.code) == (429, "te_vaak")
        assert int(reply.headers["Retry-After"]) >= 1
    assert (await site.call("GET", "begin")).status == 200


@pytest.mark.parametrize(("proxys", "last"), [(0, 429), (1, 201)])
async def test_an_address_is_taken_from_our_own_proxy_only(start, proxys, last):
    site = await start(per_adres=2, proxys=proxys)
    statuses = [
        (await site.call("POST", "sessie", headers={"X-Forwarded-For": f"1.1.1.1, 10.0.0.{n}"})).status
        for n in range(3)
    ]
    assert statuses == [201, 201, last]


# --- failures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["kapot mijn geheim", "stil mijn geheim", "fout mijn geheim"])
async def test_a_failure_gives_500_with_a_number_that_is_in_the_log(site, caplog, text):
    talk = await site.talk()
    with caplog.at_level(logging.DEBUG):
        reply = await talk.say(text, "m1")
    assert (reply.status, reply.code) == (500, "storing")
    assert set(reply.json) == {"fout", "code", "nummer"}
    assert reply.json["nummer"] in caplog.text
    assert "mijn geheim" not in caplog.text
    await talk.say(text, "m1")
    assert len(site.bot.seen) == 2, "asked again, it gets another chance"
    assert (await talk.say("hallo")).status == 200


async def test_a_failure_halfway_is_told_in_a_line(site, caplog):
    talk = await site.talk()
    reply = await talk.say("later kapot")
    assert reply.status == 200
    assert set(reply.lines[-1]) == {"fout", "code", "nummer"}
    assert reply.lines[-1]["code"] == "storing"
    assert {"klaar": True} not in reply.lines
    assert reply.lines[-1]["nummer"] in caplog.text and "later kapot" not in caplog.text


async def test_a_bot_that_hangs_is_given_up(site, monkeypatch):
    monkeypatch.setattr("bot.channels.web.conversations.LONGEST_TURN", 0.1)
    talk = await site.talk()
    site.bot.may_go_on.clear()
    assert (await talk.say("hallo")).lines[-1]["code"] == "storing"
    site.bot.may_go_on.set()
    assert (await talk.say("dag")).lines[-1] == {"klaar": True}


@pytest.mark.parametrize("agent", ["none", "loading"])
async def test_a_bot_that_is_not_ready_says_so(site, agent):
    talk = await site.talk()
    site.bot.ready = False
    if agent == "none":
        from sanic import Sanic

        for app in Sanic._app_registry.values():
            if getattr(app.ctx, "agent", None) is site.bot:
                del app.ctx.agent
    for reply in (await talk.say("hallo"), await talk.delete(), await site.call("GET", "")):
        assert (reply.status, reply.code) == (503, "niet_klaar")
        assert int(reply.headers["Retry-After"]) >= 1


async def test_health(site):
    assert (await site.call("GET", "")).json == {"status": "ok"}


# --- deletion ------------------------------------------------------------------------------------------------------


async def test_deletion_deletes(site):
    talk, other = await site.talk(), await site.talk()
    await talk.say("mijn geheim", "m1")
    await other.say("dag")
    sender = talk.sender
    assert set(site.bot.store.conversations) == {sender, other.sender}
    reply = await talk.delete()
    assert (reply.status, reply.body) == (204, b"")
    assert set(site.bot.store.conversations) == {other.sender}
    assert len(site.channel.conversations) == 1
    for reply in (await talk.say("mijn geheim", "m1"), await talk.judge(True, "m1"), await talk.delete()):
        assert (reply.status, reply.code) == (401, "sessie")
    assert (await other.say("en nu?")).memory == ["dag", "en nu?"]


async def test_deletion_waits_for_the_turn_before_it_and_refuses_the_one_after(site):
    talk = await site.talk()
    site.bot.may_go_on.clear()
    tasks = [asyncio.create_task(talk.say("eerst"))]
    await asyncio.sleep(0.05)
    tasks.append(asyncio.create_task(talk.delete()))
    await asyncio.sleep(0.05)
    tasks.append(asyncio.create_task(talk.say("daarna")))
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in tasks)
    site.bot.may_go_on.set()
    before, deletion, after = await asyncio.gather(*tasks)
    assert (before.status, deletion.status, after.status) == (200, 204, 401)
    assert site.bot.store.conversations == {}


async def test_deletion_that_fails_says_so_and_may_be_tried_again(site, monkeypatch, caplog):
    talk = await site.talk()
    await talk.say("mijn geheim")

    async def fail(sender_id):
        raise OSError("mijn geheim")

    monkeypatch.setattr(site.bot.store, "delete", fail)
    reply = await talk.delete()
    assert (reply.status, reply.code) == (500, "storing")
    assert reply.json["nummer"] in caplog.text and "mijn geheim" not in caplog.text
    monkeypatch.undo()
    assert (await talk.delete()).status == 204
    assert site.bot.store.conversations == {}


# --- verdicts ------------------------------------------------------------------------------------------------------


async def test_a_verdict_is_kept_without_the_conversation(site):
    talk = await site.talk()
    await talk.say("mijn geheim")
    assert (await talk.judge(False, woord="klopt niet")).status == 204
    (row,) = site.channel.feedback.all()
    assert row.pop("moment")
    assert row.pop("gesprek").startswith("web-"), "so that it goes when the conversation is erased"
    assert row == {
        "id": 1,
        "soort": "functie.schaal",
        "uitkomst": "answered",
        "bronnen": "functieboek-ommen",
        "goed": 0,
        "woord": "klopt niet",
        "vraag": None,
        "antwoord": None,
    }
    assert b"mijn geheim" not in site.channel.feedback.path.read_bytes()


@pytest.mark.parametrize(
    ("gesprek", "kept"), [(True, "mijn vraag"), (False, None), ("ja", None), (1, None), (None, None)]
)
async def test_the_conversation_comes_along_only_when_the_person_agreed(site, gesprek, kept):
    talk = await site.talk()
    await talk.say("mijn vraag")
    assert (await talk.judge(True, gesprek=gesprek)).status == 204
    (row,) = site.channel.feedback.all()
    assert row["vraag"] == kept
    assert row["antwoord"] == (kept and '["mijn vraag"]')


async def test_a_second_verdict_replaces_the_first(site):
    talk = await site.talk()
    await talk.say("hallo", "m1")
    await talk.say("dag", "m2")
    await asyncio.gather(talk.judge(True, "m1"), talk.judge(True, "m2"))
    await talk.judge(False, "m1", woord="toch niet")
    assert sorted((row["goed"], row["woord"]) for row in site.channel.feedback.all()) == [(0, "toch niet"), (1, None)]


async def test_deletion_takes_what_was_typed_from_the_verdicts(site):
    talk, other = await site.talk(), await site.talk()
    for each, text in ((talk, "mijn geheim"), (other, "andere vraag")):
        await each.say(text)
        await each.judge(False, woord=f"woord bij {text}", gesprek=True)
    assert b"mijn geheim" in site.channel.feedback.path.read_bytes()
    await talk.delete()
    assert b"mijn geheim" not in site.channel.feedback.path.read_bytes()
    mine, others = sorted(site.channel.feedback.all(), key=lambda row: row["id"])
    assert (mine["goed"], mine["woord"], mine["vraag"], mine["antwoord"]) == (0, None, None, None)
    assert others["vraag"] == "andere vraag"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"goed": "ja"}, "ongeldig"),
        ({"goed": None}, "ongeldig"),
        ({"goed": 1}, "ongeldig"),
        ({"goed": True, "woord": 5}, "ongeldig"),
        ({"goed": True, "woord": "x" * 301}, "te_lang"),
        ({"goed": True, "bericht": "nooit-gesteld"}, "onbekend"),
    ],
)
async def test_other_verdicts_are_refused(site, fields, code):
    talk = await site.talk()
    await talk.say("hallo", "m1")
    reply = await site.call("POST", "oordeel", talk.token, json={"bericht": "m1", **fields})
    assert reply.code == code
    assert site.channel.feedback.all() == []


async def test_nobody_judges_an_answer_of_someone_else(site):
    talk, other = await site.talk(), await site.talk()
    await talk.say("mijn geheim", "m1")
    assert (await other.judge(True, "m1", gesprek=True)).code == "onbekend"


async def test_a_file_that_cannot_be_written_is_told(start, tmp_path, caplog):
    (tmp_path / "in-de-weg").write_text("")
    site = await start(oordelen=tmp_path / "in-de-weg" / "oordelen.db")
    talk = await site.talk()
    await talk.say("hallo")
    reply = await talk.judge(True)
    assert (reply.status, reply.code) == (500, "storing")
    assert reply.json["nummer"] in caplog.text


# --- other sites ---------------------------------------------------------------------------------------------------

LISTED = "https://intranet.gemeente.nl"
CORS = {"Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"}


@pytest.mark.parametrize(
    "origin", ["https://elders.nl", "null", "https://intranet.gemeente.nl.elders.nl", "http://intranet.gemeente.nl", ""]
)
async def test_other_sites_are_refused(start, origin):
    site = await start(oorsprongen=frozenset({LISTED}))
    talk = await site.talk()
    headers = {"Origin": origin}
    for method, path in (
        ("POST", "sessie"),
        ("POST", "bericht"),
        ("POST", "oordeel"),
        ("DELETE", "gesprek"),
        ("OPTIONS", "bericht"),
    ):
        reply = await site.call(method, path, talk.token, headers=headers, json={"id": "m1", "tekst": "hallo"})
        assert (reply.status, reply.code) == (403, "oorsprong")
        # The page may read why it is refused; whether it may ask at all, it is told nothing about.
        allowed = {name: reply.headers[name] for name in CORS & set(reply.headers)}
        assert allowed == ({} if method == "OPTIONS" else {"Access-Control-Allow-Origin": "*"})
        assert set(reply.json) == {"fout", "code"}
    assert not CORS & set((await site.call("GET", "begin", headers=headers)).headers)
    assert site.bot.seen == []


async def test_a_listed_site_is_let_in(start):
    site = await start(oorsprongen=frozenset({LISTED}))
    headers = {"Origin": LISTED}
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    for path in ("sessie", "bericht", "oordeel", "gesprek", "begin"):
        reply = await site.call("OPTIONS", path, headers={**headers, **asked})
        assert reply.status == 204
        assert reply.headers["Access-Control-Allow-Origin"] == LISTED
        assert reply.headers["Access-Control-Allow-Methods"] == "GET, POST, DELETE"
        assert reply.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    reply = await site.call("POST", "sessie", headers=headers)
    assert reply.headers["Access-Control-Allow-Origin"] == LISTED
    assert "Access-Control-Allow-Credentials" not in reply.headers
    token = reply.json["sessie"]
    reply = await site.call("POST", "bericht", token, headers=headers, json={"id": str(uuid.uuid4()), "tekst": "hallo"})
    assert (reply.status, reply.headers["Access-Control-Allow-Origin"]) == (200, LISTED)
    reply = await site.call("POST", "bericht", "vals", headers=headers, json={})
    assert (reply.status, reply.headers["Access-Control-Allow-Origin"]) == (401, LISTED), "the page must read why"


async def test_our_own_pages_are_let_in(site):
    reply = await site.call("POST", "sessie", headers={"Origin": site.url})
    assert reply.status == 201
    assert not CORS & set(reply.headers)
    proxied = {"Origin": "https://bot.gemeente.nl", "Host": "bot.gemeente.nl"}
    assert (await site.call("POST", "sessie", headers=proxied)).status == 201


# --- files and pages -----------------------------------------------------------------------------------------------


async def test_every_reply_has_the_headers_that_keep_it_safe(site):
    talk = await site.talk()
    for reply in (
        await talk.say("hallo"),
        await talk.say("kapot"),
        await site.call("POST", "bericht", "vals", json={}),
        await site.call("GET", "begin"),
        await site.call("GET", "widget.js"),
        await site.call("GET", "/"),
    ):
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in reply.headers
    assert (await talk.say("hallo")).headers["Cache-Control"] == "no-store"


async def test_begin(site, store):
    reply = await site.call("GET", "begin")
    fields = reply.json
    assert set(fields) == {"titel", "welkom", "voorbeelden", "contact", "privacy", "bronnen", "suggesties"}
    assert fields["titel"] == "Loopbaanbot"
    assert "computerprogramma" in fields["welkom"]
    assert len(set(fields["voorbeelden"])) == 6
    assert 200 <= len(set(fields["suggesties"])) == len(fields["suggesties"]) <= 300
    assert max(map(len, fields["suggesties"])) <= 60
    assert {"titel": "Functieboek Ommen (HR21)", "datum": "2018-04"} in fields["bronnen"]
    assert set(fields["contact"]) == {"naam"}
    assert "max-age" in reply.headers["Cache-Control"]
    again = await site.call("GET", "begin", headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert len((await site.call("GET", "begin", headers={"Accept-Encoding": "gzip"})).body) < 6000


async def test_begin_without_a_knowledge_base(start, monkeypatch, tmp_path):
    site = await start()
    monkeypatch.setenv("LOOPBAAN_DATABASE", str(tmp_path / "niets.db"))
    monkeypatch.setattr(site.channel.begin, "_store", KnowledgeInUse().store)
    assert (await site.call("GET", "begin")).code == "niet_klaar"
    assert (await site.call("GET", "/")).status == 503


async def test_the_bundle(site, tmp_path):
    bundle = tmp_path / "bundel" / "widget.js"
    bundle.write_text("console.log('é');" * 100)
    reply = await site.call("GET", "widget.js")
    assert reply.body == bundle.read_bytes()
    assert reply.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert reply.headers["Cache-Control"] == "public, max-age=300"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    known = {"If-None-Match": reply.headers["ETag"]}
    assert (await site.call("GET", "widget.js", headers=known)).status == 304
    packed = await site.call("GET", "widget.js", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip" and len(packed.body) < 100

    page = (await site.call("GET", "/")).body.decode()
    name = page.split("/webhooks/web/widget.")[1].split(".js")[0]
    version = await site.call("GET", f"widget.{name}.js")
    assert version.body == bundle.read_bytes()
    assert version.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (await site.call("GET", f"widget.{'0' * 16}.js")).status == 404

    bundle.write_text("console.log(2);")
    changed = await site.call("GET", "widget.js", headers=known)
    assert (changed.status, changed.body) == (200, b"console.log(2);")
    assert (await site.call("GET", f"widget.{name}.js")).status == 404


async def test_a_bundle_that_is_missing_is_told_in_the_log(site, caplog):
    reply = await site.call("GET", "widget.js")
    assert (reply.status, reply.code) == (404, "onbekend")
    assert "widget.js ontbreekt" in caplog.text


async def test_the_start_page(start):
    site = await start(titel="Vraag <het> & klaar", oorsprongen=frozenset({LISTED}))
    reply = await site.call("GET", "/")
    page, policy = reply.body.decode(), reply.headers["Content-Security-Policy"]
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "unsafe" not in policy and "http" not in policy.replace(LISTED, "")
    assert f"frame-ancestors 'self' {LISTED}" in policy
    assert "<style" not in page and " style=" not in page and " on" + "click" not in page
    assert page.count("<script") == page.count("<script defer src=") == 1
    assert "<loopbaan-assistent open>" in page and '<html lang="nl">' in page
    assert "Vraag &lt;het&gt; &amp; klaar" in page and "<het>" not in page
    assert f"&lt;script defer src=&quot;{site.url}/webhooks/web/widget.js&quot;&gt;" in page
    assert "Functieboek Ommen (HR21) (2018-04)" in page
    assert "verwijder mijn gesprek" in page
    for example in (await site.call("GET", "begin")).json["voorbeelden"]:
        assert example in page
    assert (await site.call("GET", "start.css")).status == 200


async def test_a_host_that_is_no_host_stays_text(site):
    page = (await site.call("GET", "/", headers={"Host": '"><script>alert(1)</script>'})).body.decode()
    assert "<script>alert" not in page
