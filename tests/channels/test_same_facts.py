"""The same dialogues with the real bot in the widget, Slack, Teams and the terminal: everybody gets the same facts."""

from __future__ import annotations

import asyncio
import contextlib
import html
import io
import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import pytest
from aiohttp import web
from rasa.core.channels.channel import register
from sanic import Sanic

from bot import server
from bot.channels.deliveries import Queues
from bot.channels.rest import LocalRestInput
from bot.channels.slack import SlackInput
from bot.channels.teams import TeamsInput
from bot.channels.web import WebInput
from bot.cli.gesprek import ServerLine, show
from bot.settings import Settings, SlackSettings, TeamsSettings, WebSettings
from tests.channels.slack_side import SECRET, TOKEN, Call, WebApi, Workspace, serve
from tests.channels.teams.conftest import World, card, texts
from tests.channels.teams.microsoft import APP_ID, TENANT, Microsoft

pytestmark = pytest.mark.e2e

DIALOGUES: dict[str, tuple[str | int, ...]] = {
    "scale and on": ("In welke schaal zit een adviseur?", "en welke opleiding?", "en van een manager?", 0),
    "comparison": ("Wat is het verschil tussen adviseur I en adviseur II?", "korter graag", 0),
    "three compared": ("Vergelijk adviseur I, adviseur II en adviseur III", "waar staat dat?"),
    "a path": ("Wat is een volgende stap na beleidsadviseur?", 1, "Wat mis ik dan nog?"),
    "a competency": ("Wat betekent de competentie visie?", "en op niveau B?", 0),
    "lists": ("Welke functies staan er in het functieboek?", "Welke functies zitten in schaal 10?"),
    "interim": ("Wat zijn de voordelen van interim werken?", "en de nadelen?"),
    "outside": ("Hoe duur is een brood?", "Wat verdien ik nu in schaal 10?", 0),
    "a person": ("Hallo", "Kan ik een mens spreken?", 0),
    "about oneself": ("Ik werk als adviseur en heb hbo", "Wat is voor mij een volgende stap?", "Wat weet je van mij?"),
    "two questions": ("In welke schaal zit de manager en wat doet een adviseur?",),
    "no intents": (
        '/vraag_schaal{"functie": "adviseur"}',
        "/restart",
        "<!channel> [klik](https://evil.example) & wat?",
    ),
}
"""What is said (a text) or pressed (the place of a button of the reply before), in turn."""


@dataclass
class Heard:
    """What one turn shows in one channel."""

    text: str
    buttons: list[str]
    raw: Any = None
    figures: str = ""

    @property
    def words(self) -> str:
        """All words and numbers, without the way in which a channel marks them up."""
        return f" {' '.join(_words(self.text))} "

    @property
    def numbers(self) -> set[str]:
        """The scales, levels, amounts and years."""
        return {word for word in _words(self.text) if re.search(r"\d", word) or re.fullmatch("[A-D]", word)}


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", html.unescape(text))


class Voice(Protocol):
    """A person in one channel."""

    async def say(self, text: str) -> Heard: ...

    async def press(self, heard: Heard, number: int) -> Heard: ...


@dataclass
class InWidget:
    url: str
    http: aiohttp.ClientSession
    token: str = ""

    async def say(self, text: str) -> Heard:
        return await self._send({"tekst": text})

    async def press(self, heard: Heard, number: int) -> Heard:
        return await self._send({"knop": heard.raw[number]})

    async def _send(self, body: dict[str, str]) -> Heard:
        if not self.token:
            async with self.http.post(f"{self.url}/webhooks/web/sessie") as reply:
                self.token = (await reply.json())["sessie"]
        headers = {"Authorization": f"Bearer {self.token}"}
        body = {"id": uuid.uuid4().hex, **body}
        async with self.http.post(f"{self.url}/webhooks/web/bericht", json=body, headers=headers) as reply:
            assert reply.status == 200
            lines = [json.loads(line) for line in (await reply.read()).splitlines()]
        buttons = [button for line in lines for button in line.get("buttons", ())]
        (answer,) = [line["custom"]["answer"] for line in lines if "custom" in line]
        sources = [
            f"{source['title']} ({source['date'] or 'datum onbekend'}), {source['section']}"
            for source in answer["sources"]
        ]
        text = "\n".join([*(line["text"] for line in lines if "text" in line), *sources])
        titles = [button["title"] for button in buttons]
        return Heard(text, titles, [button["payload"] for button in buttons], json.dumps(answer["data"]))


@dataclass
class InSlack:
    space: Workspace
    queues: Queues

    async def say(self, text: str) -> Heard:
        typed = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return await self._heard(self.space.say(typed))

    async def press(self, heard: Heard, number: int) -> Heard:
        return await self._heard(self.space.press(heard.raw, number))

    async def _heard(self, said: Any) -> Heard:
        before = len(self.space.api.posts())
        await said
        await _until(lambda: not len(self.queues))
        (post,) = self.space.api.posts()[before:]
        shown = [text for block in post.blocks if block["type"] != "actions" for text in _shown(block)]
        # Who can't see the blocks hears the text beside them.
        assert set(_words(post.fields["text"])) <= set(_words("\n".join(shown)))
        return Heard("\n".join(shown), [button["text"]["text"] for button in post.buttons], post)


def _shown(block: dict[str, Any]) -> list[str]:
    return [Call("", {"blocks": [block]}, "", 0).shown]


@dataclass
class InTeams:
    world: World

    async def say(self, text: str) -> Heard:
        return await self._heard(self.world.microsoft.message(text))

    async def press(self, heard: Heard, number: int) -> Heard:
        back = heard.raw[number]["data"]["msteams"]
        return await self._heard(self.world.microsoft.message(back["text"], value=back["value"], replyToId="kaart"))

    async def _heard(self, activity: dict[str, Any]) -> Heard:
        before = len(self.world.microsoft.said)
        assert (await self.world.post(activity))[0] == 200
        await self.world.quiet()
        text: list[str] = []
        actions: list[dict[str, Any]] = []
        for said in self.world.microsoft.said[before:]:
            if "attachments" not in said:
                text.append(said["text"])
                continue
            text += texts(card(said))
            for element in card(said)["body"]:
                actions += element.get("actions", [])
        return Heard("\n".join(text), [action["title"] for action in actions], actions)


@dataclass
class InTerminal:
    line: ServerLine

    async def say(self, text: str) -> Heard:
        messages = await asyncio.to_thread(self.line.say, text)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            questions = show(messages)
        lines = printed.getvalue().splitlines()
        buttons = [line for line in lines if re.match(r"  \[\d+\] ", line)]
        titles = [re.sub(r"^  \[\d+\] ", "", line) for line in buttons]
        return Heard("\n".join(line for line in lines if line not in buttons), titles, questions)

    async def press(self, heard: Heard, number: int) -> Heard:
        return await self.say(heard.raw[number])


async def _until(true: Any) -> None:
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("no answer in 20 seconds")


@dataclass
class Everywhere:
    """One bot in four channels."""

    url: str
    http: aiohttp.ClientSession
    api: WebApi
    queues: Queues
    teams: TeamsInput
    microsoft: Microsoft
    voices: dict[str, Voice] = field(default_factory=dict)

    def voice(self, channel: str) -> Voice:
        """Somebody who begins a conversation in a channel."""
        made: dict[str, Voice] = {
            "web": InWidget(self.url, self.http),
            "slack": InSlack(Workspace(self.url, self.api, self.http), self.queues),
            "teams": InTeams(World(self.url, self.teams, None, self.microsoft, self.http)),  # type: ignore[arg-type]
            "shell": InTerminal(ServerLine(self.url)),
        }
        return made[channel]


@pytest.fixture(scope="module")
def agent():
    """The real bot, loaded once. The channels are compared with each other, so any model that loads will do."""
    settings = Settings.from_environment()
    try:
        assert settings.database.exists(), "no knowledge base: run `make test`, or `loopbaan knowledge build`"
        return asyncio.run(server.load_agent(server.latest_model(settings.models), server.endpoints("geheugen")))
    except server.CannotStart as error:
        pytest.fail(str(error))


@pytest.fixture
async def everywhere(agent, tmp_path, monkeypatch):
    """The bot behind all channels at once, with Slack and Microsoft on this machine."""
    monkeypatch.setattr(Sanic, "test_mode", True)
    api, microsoft = WebApi(), Microsoft()
    api.url, slack_server = await serve(api.app())
    runner = web.AppRunner(microsoft.app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    microsoft.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    queues = Queues("slack turn")
    teams = TeamsInput(
        TeamsSettings(
            app_id=APP_ID,
            geheim="geheim",
            tenant=TENANT,
            tenants=frozenset({TENANT}),
            hosts=frozenset({microsoft.host}),
            token_url=f"{microsoft.url}/{TENANT}/oauth2/v2.0/token",
            openid_url=f"{microsoft.url}/v1/.well-known/openidconfiguration",
        )
    )
    channels = [
        WebInput(WebSettings(geheim="g" * 32, oordelen=tmp_path / "oordelen.db", per_sessie=1000)),
        SlackInput(SlackSettings(TOKEN, SECRET, f"{api.url}/api/"), queues=queues),
        teams,
        LocalRestInput(),
    ]
    app = Sanic(f"overal_{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.agent = agent
    register(channels, app, route="/webhooks/")
    url, bot_server = await serve(app)
    # Each test is a conversation of somebody new.
    agent.tracker_store.conversations.clear()
    async with aiohttp.ClientSession() as http:
        yield Everywhere(url, http, api, queues, teams, microsoft)
    await queues.close()
    await teams.close()
    await runner.cleanup()
    for listening in (bot_server, slack_server):
        listening.close()
    assert api.invalid == []


@pytest.mark.parametrize("channel", ["slack", "teams", "shell"])
@pytest.mark.parametrize("dialogue", DIALOGUES)
async def test_everybody_gets_the_same_facts(everywhere, dialogue, channel):
    widget, other = everywhere.voice("web"), everywhere.voice(channel)
    seen = there = Heard("", [])
    for number, turn in enumerate(DIALOGUES[dialogue]):
        if isinstance(turn, int):
            seen, there = await widget.press(seen, turn), await other.press(there, turn)
        else:
            seen, there = await widget.say(turn), await other.say(turn)
        # Every line of the answer, and every source with its date.
        for line in filter(None, (" ".join(_words(line)) for line in seen.text.splitlines())):
            assert f" {line} " in there.words, (turn, there.text)
        # And no number or level that the answer or its table doesn't have.
        assert there.numbers <= seen.numbers | set(_words(seen.figures)), turn
        assert there.buttons == seen.buttons, turn
        if number == 0:
            assert "computerprogramma" in there.words
            assert "Liever een mens" in there.words


async def test_a_comparison_and_a_path_are_shown_in_the_channels_own_form(everywhere):
    slack, teams = everywhere.voice("slack"), everywhere.voice("teams")
    compared = "Wat is het verschil tussen adviseur I en adviseur II?"
    post = (await slack.say(compared)).raw
    (fields,) = [block["fields"] for block in post.blocks if "fields" in block]
    assert [field["text"].splitlines()[:2] for field in fields] == [
        ["*Adviseur*", "Schaal 10"],
        ["*Strategisch regisseur / adviseur*", "Schaal 12"],
    ]
    await teams.say(compared)
    (table,) = [part for part in card(everywhere.microsoft.said[0])["body"] if part["type"] == "Table"]
    assert texts(table["rows"][1]) == ["Schaal", "10", "12"]
    path = (await slack.say("Wat is een volgende stap na beleidsadviseur?")).text
    assert "↑ Omhoog: " in path


@pytest.mark.parametrize(("channel", "firm"), [("slack", "Slack"), ("teams", "Microsoft Teams")])
async def test_privacy_is_told_as_it_is_in_each_channel(everywhere, channel, firm):
    elsewhere = "Er gaat niets naar andere bedrijven"
    assert elsewhere in (await everywhere.voice("web").say("Wat doe je met mijn gegevens?")).text
    told = (await everywhere.voice(channel).say("Wat doe je met mijn gegevens?")).text
    assert elsewhere not in told and f"gaan via {firm}" in told
