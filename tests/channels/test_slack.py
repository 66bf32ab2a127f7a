"""The Slack channel, with slack_sdk's own client and signatures against a Web API on loopback."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from urllib.parse import quote

import aiohttp
import pytest
from sanic import Sanic

from bot.channels.deliveries import Patience, Queues
from bot.channels.off import OffChannel
from bot.channels.slack import SlackInput
from bot.settings import SlackSettings
from tests.channels.conftest import FakeBot
from tests.channels.slack_side import SECRET, TOKEN, workspace

START = ("Welke functies zijn er?", "Wat kun je allemaal?")


class Bot(FakeBot):
    """The made-up bot, that can also give an answer that a test prepared."""

    def __init__(self):
        super().__init__()
        self.prepared = {}

    async def handle_message(self, message):
        if message.text in self.prepared:
            self.seen.append(message)
            for said in self.prepared[message.text]:
                await message.output_channel.send_response(message.sender_id, dict(said))
            return
        await super().handle_message(message)


@pytest.fixture
async def open_workspace(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)
    opened = []

    async def run(**more):
        bot, http = Bot(), aiohttp.ClientSession()
        seen = []

        def channel(url):
            more.setdefault("queues", Queues("slack turn"))
            seen.append(more["queues"])
            return SlackInput(SlackSettings(TOKEN, SECRET, url), **more)

        space, servers = await workspace(channel, bot, http)
        space.bot, space.queues = bot, seen[0]
        opened.append((space, servers))
        return space

    yield run
    for space, servers in opened:
        space.bot.may_go_on.set()
        await space.queues.close(2)
        await space.http.close()
        for server in servers:
            server.close()
        assert space.api.invalid == []


@pytest.fixture
async def slack(open_workspace):
    return await open_workspace()


async def settled(space, posts=None):
    """Wait until everything is answered; returns the answers that were posted."""
    for _ in range(400):
        if not len(space.queues) and (posts is None or len(space.api.posts()) >= posts):
            break
        await asyncio.sleep(0.01)
    assert posts is None or len(space.api.posts()) == posts, space.api.calls
    return space.api.posts()


def memory(call):
    """What the made-up bot remembers, as it said."""
    return json.loads(call.blocks[0]["text"]["text"])


# --- who may say something -----------------------------------------------------------------------------------------


async def test_slack_checks_the_address_first(slack):
    body = {"type": "url_verification", "challenge": "3eZbrw1aB"}
    async with slack.http.post(f"{slack.url}/webhooks/slack/webhook", json=body) as reply:
        assert reply.status == 401
    reply = await slack.send(body)
    assert (reply.status, await reply.text()) == (200, "3eZbrw1aB")
    assert reply.content_type == "text/plain"


@pytest.mark.parametrize(
    "forged",
    [
        {"change": lambda headers: headers.pop("X-Slack-Signature")},
        {"change": lambda headers: headers.pop("X-Slack-Request-Timestamp")},
        {"change": lambda headers: headers.update({"X-Slack-Signature": "v0=" + "0" * 64})},
        {"change": lambda headers: headers.update({"X-Slack-Signature": "v0=é"})},
        {"change": lambda headers: headers.update({"X-Slack-Request-Timestamp": "straks"})},
        {"change": lambda headers: headers.update({"X-Slack-Request-Timestamp": str(int(time.time()) - 5)})},
        {"at": time.time() - 301 - 60},
        {"at": time.time() + 301 + 3600},
        {"secret": "f" * 32},
        {"tamper": b" "},
    ],
    ids=[
        "unsigned",
        "no time",
        "zeros",
        "not ascii",
        "no number",
        "other time",
        "stale",
        "ahead",
        "other secret",
        "changed",
    ],
)
async def test_what_slack_did_not_sign_is_refused(slack, forged):
    for body, form in ((slack.event("hallo"), False), ({"command": "/loopbaan", "text": "hallo"}, True)):
        reply = await slack.send(body, form=form, **forged)
        assert reply.status == 401
    await settled(slack)
    assert slack.bot.seen == [] and slack.api.calls == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 50_000, b'{"type": "event_callback"}'])
async def test_signed_nonsense_breaks_nothing(slack, body):
    signable = body != b"\xff\xfe"
    # A body that is no text can't be signed by Slack's own library either.
    reply = await slack.send(body) if signable else await slack.send(b"", tamper=body)
    assert reply.status == (200 if signable else 401)
    payload = f"payload={quote(body.decode(errors='replace'))}".encode()
    assert (await slack.send(payload, form=True)).status == 200
    assert slack.bot.seen == []


# --- one answer, in order, after the acknowledgement -----------------------------------------------------------------


async def test_a_direct_message_is_answered(slack):
    await slack.say("In welke schaal zit adviseur?")
    (post,) = await settled(slack, 1)
    assert post.method == "chat.postMessage"
    assert post.token == f"Bearer {TOKEN}"
    assert (post.fields["channel"], post.fields.get("thread_ts")) == ("D1", None)
    assert memory(post) == ["In welke schaal zit adviseur?"]
    assert "Bron: Functieboek (2018-04), Schalen" in post.shown
    assert post.fields["text"].startswith('["In welke schaal') and "Bron: Functieboek" in post.fields["text"]
    assert [message.input_channel for message in slack.bot.seen] == ["slack"]


async def test_four_deliveries_of_one_event_give_one_answer(slack):
    event = slack.event("hallo")
    replies = await asyncio.gather(*(slack.send(event) for _ in range(3)))
    await settled(slack, 1)
    replies.append(await slack.send(event))
    assert [reply.status for reply in replies] == [200] * 4
    await asyncio.sleep(0.1)
    assert len(slack.api.posts()) == 1 and len(slack.bot.seen) == 1


async def test_the_same_words_twice_are_answered_twice(slack):
    await slack.say("hallo")
    await slack.say("hallo")
    assert memory((await settled(slack, 2))[1]) == ["hallo", "hallo"]


async def test_it_is_acknowledged_before_it_is_answered(slack):
    """With an action of 10 seconds the acknowledgement comes in well under 3, and the answer after the action."""

    async def slow(message, first=slack.bot.handle_message):
        await asyncio.sleep(10)
        await first(message)

    slack.bot.handle_message = slow
    event, started = slack.event("hallo"), time.monotonic()
    # Slack sends again what it doubts.
    for _ in range(3):
        assert (await slack.send(event)).status == 200
    assert time.monotonic() - started < 2.5
    await asyncio.sleep(7.5)
    assert slack.api.calls == []
    await asyncio.sleep(3)
    (post,) = slack.api.posts()
    assert post.at - started >= 10


async def test_order_is_kept_within_a_conversation(slack):
    for number in range(8):
        await slack.say(f"vraag {number}")
    posts = await settled(slack, 8)
    assert [memory(post)[-1] for post in posts] == [f"vraag {number}" for number in range(8)]
    assert slack.bot.most_at_work == 1


async def test_who_sends_too_much_is_told_once(open_workspace):
    slack = await open_workspace(queues=Queues("slack turn", most=3))
    slack.bot.may_go_on.clear()
    for number in range(10):
        await slack.say(f"vraag {number}")
    slack.bot.may_go_on.set()
    posts = await settled(slack, 4)
    assert [memory(post)[-1] for post in posts[:3]] == ["vraag 0", "vraag 1", "vraag 2"]
    assert "veel berichten achter elkaar" in posts[3].shown


async def test_a_429_is_retried_once_in_order(open_workspace):
    slack = await open_workspace(patience=Patience(seconds=2))
    slack.api.script = [(429, {"Retry-After": "1"}, {"ok": False, "error": "ratelimited"})]
    await slack.say("een")
    await slack.say("twee")
    calls = await settled(slack, 3)
    assert [memory(call)[-1] for call in calls] == ["een", "een", "twee"]
    assert calls[1].at - calls[0].at >= 1


@pytest.mark.parametrize(
    ("status", "body", "attempts"),
    [
        (503, {}, 2),
        (200, {"ok": False, "error": "channel_not_found"}, 1),
        (200, {"ok": False, "error": "ratelimited"}, 2),
    ],
)
async def test_when_slack_says_no(open_workspace, caplog, status, body, attempts):
    async def sleep(seconds):
        assert seconds == 1

    slack = await open_workspace(patience=Patience(sleep=sleep))
    slack.api.script = [(status, {}, body)]
    with caplog.at_level(logging.WARNING):
        await slack.say("mijn vraag")
        await slack.say("volgende")
        calls = await settled(slack, attempts + 1)
    assert [memory(call)[-1] for call in calls] == ["mijn vraag"] * attempts + ["volgende"]
    assert ("channel_not_found" in caplog.text) == (attempts == 1)
    assert "mijn vraag" not in caplog.text


# --- memory ----------------------------------------------------------------------------------------------------------


async def test_direct_messages_threads_and_commands_share_nothing(slack):
    await slack.say("in een dm")
    await slack.send(slack.mention("in draad een"))
    first = slack.number
    await slack.send(slack.mention("in draad twee", thread_ts="77.7"))
    await slack.say("in een draad van de dm", thread_ts="88.8")
    await slack.command("met een opdracht")
    await slack.send(slack.mention("van een ander", thread_ts="77.7", user="U2"))
    await slack.say("van een ander in zijn eigen dm", channel="D2", user="U2")
    posts = await settled(slack, 7)
    assert sorted(len(memory(post)) for post in posts) == [1] * 7
    assert len({message.sender_id for message in slack.bot.seen}) == 7
    await slack.say("nog eens in de dm")
    await slack.send(slack.mention("nog eens in draad een", thread_ts=f"{first}.000100"))
    last = (await settled(slack, 9))[-2:]
    assert {tuple(memory(post)) for post in last} == {
        ("in een dm", "nog eens in de dm"),
        ("in draad een", "nog eens in draad een"),
    }


async def test_a_mention_is_answered_in_its_thread(slack):
    await slack.send(slack.mention("wat doet een adviseur?"))
    await slack.send(slack.mention("en nu?", thread_ts="77.7"))
    posts = await settled(slack, 2)
    assert {(post.fields["channel"], post.fields["thread_ts"]) for post in posts} == {
        ("C1", "1.000100"),
        ("C1", "77.7"),
    }
    assert {message.text for message in slack.bot.seen} == {"wat doet een adviseur?", "en nu?"}


async def test_the_tracker_holds_no_ids_of_slack(slack):
    await slack.say("hallo", user="U0SECRET", channel="D0SECRET")
    await settled(slack, 1)
    assert "SECRET" not in slack.bot.seen[0].sender_id


# --- what is and isn't a message -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"bot_id": "B1"},
        {"subtype": "bot_message"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"edited": {"user": "U1", "ts": "1.1"}},
        {"hidden": True},
        {"channel": "C1", "channel_type": "channel"},
        {"type": "app_mention"},
        {"type": "reaction_added"},
        {"user": None},
        {"user": {"id": "U1"}},
        {"files": [{}], "subtype": "file_share"},
    ],
    ids=str,
)
async def test_bots_edits_and_joins_are_left_alone(slack, fields):
    await slack.say("hallo", **fields)
    assert await settled(slack) == [] and slack.bot.seen == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<@UBOT> wat doet een adviseur?", "wat doet een adviseur?"),
        ("<@UBOT|loopbaan> hoi <@U2> en <!channel> <!here> <!subteam^S1|@team>", "hoi en"),
        (
            "mail <mailto:jan@x.nl|jan@x.nl> of <https://x.nl/a?b=1&amp;c=2>",
            "mail [weggelaten] of https://x.nl/a?b=1&c=2",
        ),
        ("zie <https://x.nl|x.nl> in <#C1|algemeen>", "zie x.nl in algemeen"),
        ("R&amp;D &lt;b&gt; &amp;lt;", "R&D <b> &lt;"),
        ("<@UBOT> /restart", "restart"),
        ("&lt; /session_start", "< /session_start"),
        (' /vraag_schaal{"functie": "adviseur"}', 'vraag_schaal{"functie": "adviseur"}'),
        ("<@UBOT>/\\/ /back", "back"),
    ],
)
async def test_what_is_typed_is_read_as_plain_words(slack, typed, read):
    await slack.say(typed)
    await slack.send(slack.mention(typed))
    await slack.command(typed)
    await settled(slack, 3)
    assert [message.text for message in slack.bot.seen] == [read] * 3
    assert not any(message.text.startswith("/") for message in slack.bot.seen)


@pytest.mark.parametrize("text", ["", "   ", "<@UBOT>", "/", "<!channel>"])
async def test_only_a_mention_gets_a_greeting_that_says_what_this_is(slack, text):
    await slack.say(text)
    (post,) = await settled(slack, 1)
    assert slack.bot.seen == []
    assert "computerprogramma" in post.shown and "Liever een mens?" in post.shown
    assert tuple(button["text"]["text"] for button in post.buttons) == START


async def test_too_long_a_message_is_not_read(slack):
    await slack.say("a" * 2001)
    (post,) = await settled(slack, 1)
    assert slack.bot.seen == [] and "te lang" in post.shown


@pytest.mark.parametrize("text", ["kapot <!channel> mijn geheim", "stil", "fout"])
async def test_a_failure_is_told_and_not_logged_with_words(slack, caplog, text):
    with caplog.at_level(logging.DEBUG, logger="bot"):
        await slack.say(text)
        (post,) = await settled(slack, 1)
    said = {"kapot <!channel> mijn geheim": "er ging bij mij iets mis", "stil": "Dat weet ik niet", "fout": "Sorry"}
    assert said[text] in post.shown
    assert "geheim" not in caplog.text


async def test_the_log_never_holds_what_was_said(slack, caplog):
    with caplog.at_level(logging.DEBUG):
        await slack.say("mijn geheime vraag")
        await slack.command("mijn geheime vraag")
        await settled(slack, 2)
    assert "geheim" not in caplog.text


# --- what is shown ---------------------------------------------------------------------------------------------------


async def test_mentions_and_links_in_an_answer_are_inert(slack):
    bad = "<!channel> <@U1> <https://evil.example|klik> & *x* [klik](https://evil.example)"
    await slack.say(bad.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    (post,) = await settled(slack, 1)
    for text in (post.shown, post.fields["text"]):
        assert "<" not in text and ">" not in text
        assert "&lt;!channel&gt;" in text and "&lt;https://evil.example|klik&gt; &amp; " in text
    assert post.fields["link_names"] is False and post.fields["unfurl_links"] is False
    assert all(block["text"]["verbatim"] for block in post.blocks if block["type"] == "section")


async def test_seven_buttons_and_a_page(slack):
    titles = [f"Knop {number}" for number in range(7)]
    buttons = [{"title": title, "payload": f"Vraag van {title}?"} for title in titles]
    buttons.append({"title": "Naar de pagina", "url": "https://intranet.gemeente.nl/hr"})
    slack.bot.prepared["kies"] = [{"text": "Kies maar.", "buttons": buttons}]
    await slack.say("kies")
    (post,) = await settled(slack, 1)
    assert [button["text"]["text"] for button in post.buttons] == [*titles, "Naar de pagina"]
    assert post.buttons[7]["url"] == "https://intranet.gemeente.nl/hr"
    assert (await slack.press(post, 7)).status == 200
    assert (await slack.press(post, 6)).status == 200
    posts = await settled(slack, 2)
    assert memory(posts[1]) == ["Vraag van Knop 6?"]
    assert (posts[1].fields["channel"], posts[1].fields.get("thread_ts")) == ("D1", None)
    assert slack.bot.seen[0].sender_id == slack.bot.seen[1].sender_id


async def test_buttons_are_replaced_after_a_press(slack):
    await slack.send(slack.mention("hallo"))
    (post,) = await settled(slack, 1)
    # A double click, by two people at once.
    for user in ("U1", "U2"):
        assert (await slack.press(post, 0, user={"id": user})).status == 200
    await settled(slack, 2)
    (update,) = [call for call in slack.api.calls if call.method == "chat.update"]
    assert (update.fields["channel"], update.fields["ts"]) == ("C1", "5.5")
    assert update.buttons == []
    assert update.blocks[:-1] == post.blocks[:-1]
    assert update.blocks[-1]["elements"][0] == {"type": "plain_text", "text": "Gekozen: Schaal"}
    assert slack.api.posts()[1].fields["thread_ts"] == post.fields["thread_ts"]
    assert slack.api.calls.index(update) == 1


async def test_when_buttons_cannot_be_replaced_the_answer_still_comes(slack):
    await slack.say("hallo")
    (post,) = await settled(slack, 1)
    slack.api.script = [(200, {}, {"ok": False, "error": "cant_update_message"})]
    await slack.press(post, 0)
    assert len(await settled(slack, 2)) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "view_submission"},
        {"actions": []},
        {"actions": [{"action_id": "iets-anders", "value": "/restart", "block_id": "b"}]},
        {"actions": "x"},
        {"user": None},
        {"container": None},
    ],
    ids=str,
)
async def test_other_actions_are_acknowledged_and_left(slack, fields):
    await slack.say("hallo")
    (post,) = await settled(slack, 1)
    assert (await slack.press(post, 0, **fields)).status == 200
    await settled(slack)
    assert len(slack.bot.seen) == 1


async def test_a_command_is_answered_for_one_person_only(slack):
    reply = await slack.command("wat doet een adviseur?")
    assert (reply.status, reply.headers["Content-Length"]) == (200, "0")
    (post,) = await settled(slack, 1)
    assert post.method.startswith("reply/")
    # The token goes to the Web API only.
    assert post.token == ""
    assert post.fields["response_type"] == "ephemeral" and post.fields["replace_original"] is False
    await slack.press(
        post,
        0,
        container={"type": "message", "message_ts": "9.9", "channel_id": "C1", "is_ephemeral": True},
        message=None,
    )
    posts = await settled(slack, 2)
    assert posts[1].method == "reply/press"
    assert memory(posts[1]) == ["wat doet een adviseur?", "In welke schaal zit de functie adviseur?"]
    assert len(slack.api.calls) == 2


async def test_a_command_that_comes_twice_is_answered_once(slack):
    for _ in range(2):
        await slack.command("hallo", trigger_id="dezelfde")
    await asyncio.sleep(0.1)
    await settled(slack, 1)


@pytest.mark.parametrize(
    "url", ["https://evil.example/commands/1", "http://hooks.slack.com/x", "https://hooks.slack.com.evil.example/", "x"]
)
async def test_answers_go_to_slack_only(slack, caplog, url):
    with caplog.at_level(logging.ERROR):
        await slack.command("hallo", response_url=url)
        await settled(slack)
    assert slack.api.calls == []
    assert "a reply address that isn't Slack's" in caplog.text


async def test_privacy_says_that_it_goes_through_slack(slack):
    answer = {"outcome": "smalltalk", "kind": "gesprek.privacy", "sources": [], "data": {}}
    said = "Er gaat niets naar andere bedrijven."
    slack.bot.prepared["privacy?"] = [{"text": said, "buttons": []}, {"custom": {"answer": answer}}]
    await slack.say("privacy?")
    (post,) = await settled(slack, 1)
    assert said not in post.shown and "gaan via Slack" in post.shown


# --- switched off ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "secret", "url", "said"),
    [
        ("", "", "", "stel LOOPBAAN_SLACK_TOKEN en LOOPBAAN_SLACK_GEHEIM in"),
        (TOKEN, "", "", "stel LOOPBAAN_SLACK_GEHEIM in"),
        ("xoxp-user", SECRET, "", "xoxb-"),
        (TOKEN, "kort", "", "Signing Secret"),
        (TOKEN, SECRET, "http://evil.example/api", "https://"),
    ],
)
async def test_without_its_secrets_the_channel_is_off(monkeypatch, caplog, token, secret, url, said):
    for name, value in (("TOKEN", token), ("GEHEIM", secret), ("URL", url)):
        monkeypatch.setenv(f"LOOPBAAN_SLACK_{name}", value)
    with caplog.at_level(logging.WARNING):
        channel = SlackInput.from_credentials(None)
    assert isinstance(channel, OffChannel)
    assert said in caplog.text and "kanaal slack staat uit" in caplog.text
    assert not (secret and secret in caplog.text) and (not token or token not in caplog.text)


async def test_a_channel_that_is_off_says_so_and_the_others_run(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)
    async with aiohttp.ClientSession() as http:
        space, servers = await workspace(lambda url: OffChannel("slack", "stel iets in"), FakeBot(), http)
        reply = await space.send(space.event("hallo"))
        assert reply.status == 503 and "staat uit" in await reply.text()
        for server in servers:
            server.close()


async def test_with_its_secrets_the_channel_is_on(monkeypatch):
    monkeypatch.setenv("LOOPBAAN_SLACK_TOKEN", TOKEN)
    monkeypatch.setenv("LOOPBAAN_SLACK_GEHEIM", SECRET)
    assert isinstance(SlackInput.from_credentials(None), SlackInput)
    assert TOKEN not in repr(SlackSettings.from_environment()) and SECRET not in repr(SlackSettings.from_environment())
