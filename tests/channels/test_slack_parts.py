"""The parts of the Slack channel by themselves: its mrkdwn, its blocks, its manifest and its checks."""

from __future__ import annotations

import json
import random
import time
from email.utils import formatdate

import aiohttp
import pytest
import yaml
from click.testing import CliRunner
from sanic import Sanic
from slack_sdk.models.blocks import Block

from bot.answers.answer import Answer, Button, Source
from bot.channels.off import OffChannel
from bot.channels.replies import Part, Reply
from bot.channels.slack import SlackInput, blocks, controle
from bot.channels.slack.mrkdwn import from_markdown, pieces, typed
from bot.cli import cli
from bot.settings import ROOT, SlackSettings
from tests.channels.slack_side import SECRET, TOKEN, serve, workspace

SOURCE = Source("functieboek-ommen", "Functieboek", "Schalen", "2018-04")


# --- mrkdwn ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "mrkdwn"),
    [
        ("**Adviseur** (schaal **10**).", "*Adviseur* (schaal *10*)."),
        ("- een\n- twee\n  - drie", "• een\n• twee\n  • drie"),
        ("## Kop\ntekst", "*Kop*\ntekst"),
        ("_Let op: R&D < 2_", "_Let op: R&amp;D &lt; 2_"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("<!channel> <@U1> <https://x.nl|y>", "&lt;!channel&gt; &lt;@U1&gt; &lt;https://x.nl|y&gt;"),
        ("[klik](https://x.nl)", "[klik](https://x.nl)"),
    ],
)
def test_markdown_becomes_mrkdwn(markdown, mrkdwn):
    assert from_markdown(markdown) == mrkdwn


def test_only_the_contacts_own_addresses_become_links():
    said = "Ga naar HR (hr@x.nl, https://x.nl/hr?a=1&b=2) en niet naar https://evil.example of a@evil.example."
    assert from_markdown(said, ("https://x.nl/hr?a=1&b=2", "hr@x.nl", "", "geen adres")) == (
        "Ga naar HR (<mailto:hr@x.nl|hr@x.nl>, <https://x.nl/hr?a=1&amp;b=2|https://x.nl/hr?a=1&amp;b=2>) "
        "en niet naar https://evil.example of a@evil.example."
    )


def test_what_was_escaped_is_read_back():
    dice = random.Random(1)
    for _ in range(500):
        text = "".join(dice.choice("ab &<>;*_|!@#") for _ in range(30))
        said = " ".join(text.split())
        assert typed(said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")) == said


def test_pieces_hold_everything_and_cut_no_entity():
    dice = random.Random(2)
    for _ in range(300):
        text = "".join(dice.choice(["a", " ", "\n", "&amp;", "&lt;", "woord"]) for _ in range(200))
        found = pieces(text, 40)
        assert all(0 < len(piece) <= 40 for piece in found)
        assert "".join("".join(found).split()) == "".join(text.split())
        for piece in found:
            assert "&" not in piece.replace("&amp;", "").replace("&lt;", ""), piece
    assert pieces("   ", 40) == []


# --- blocks ----------------------------------------------------------------------------------------------------------


def valid(messages):
    """The messages, after a look with Slack's own models."""
    for message in messages:
        assert 0 < len(message["blocks"]) <= 50 and 0 < len(message["text"]) <= 4000
        for block in message["blocks"]:
            assert Block.parse(block).to_dict() == block
    return messages


def shown(message):
    return json.dumps(message["blocks"], ensure_ascii=False)


def test_the_order_is_answer_figure_sources_notice_buttons():
    answer = Answer(
        "answered", "functie.schaal", "**Adviseur**", (SOURCE,), (Button("Taken", "Wat doet een adviseur?"),)
    )
    (message,) = valid(blocks.messages(Reply.of(answer, "_Een computer_")))
    assert [block["type"] for block in message["blocks"]] == ["section", "context", "section", "actions"]
    assert message["text"] == "*Adviseur*\n\n_Een computer_\nBron: Functieboek (2018-04), Schalen"


def test_a_source_without_a_date_says_so():
    answer = Answer("answered", "functie.schaal", "x", (Source("a", "Gids & co", "Deel <1>", None),))
    (message,) = valid(blocks.messages(Reply.of(answer)))
    assert "Bron: Gids &amp; co (datum onbekend), Deel &lt;1&gt;" in shown(message)


def test_a_comparison_stands_side_by_side():
    rows = [
        {"naam": f"Adviseur {n}", "schaal": n, "opleiding": None if n == 3 else "hbo", "competenties": competenties}
        for n, competenties in (
            (1, [{"naam": "visie", "niveau": "B"}]),
            (2, [{"naam": "visie", "niveau": None}]),
            (3, []),
        )
    ]
    reply = Reply([Part("Kijk:")], {"data": {"vergelijking": rows}})
    (message,) = valid(blocks.messages(reply))
    assert [field["text"] for field in message["blocks"][1]["fields"]] == [
        "*Adviseur 1*\nSchaal 1\nOpleiding: hbo\nCompetenties: visie (B)",
        "*Adviseur 2*\nSchaal 2\nOpleiding: hbo\nCompetenties: visie",
        "*Adviseur 3*\nSchaal 3\nOpleiding: niet genoemd",
    ]


def test_a_path_has_a_line_for_each_direction():
    data = {
        "van": {"naam": "A", "schaal": "9"},
        "pad": [
            {"naam": "B", "schaal": "10", "richting": "omhoog"},
            {"naam": "C", "schaal": "11", "richting": "omhoog"},
            {"naam": "D", "schaal": "9", "richting": "opzij"},
        ],
    }
    (message,) = valid(blocks.messages(Reply([Part("Kijk:")], {"data": data})))
    assert message["blocks"][1]["text"]["text"] == (
        "*Je pad vanaf A (schaal 9)*\n↑ Omhoog: B (schaal 10), C (schaal 11)\n→ Opzij: D (schaal 9)"
    )


@pytest.mark.parametrize("amount", [1, 5, 7, 25, 26, 60])
def test_no_button_is_dropped(amount):
    buttons = tuple(Button(f"Knop {number}", f"Vraag {number}?") for number in range(amount))
    (message,) = valid(blocks.messages(Reply([Part("Kies", buttons)])))
    elements = [e for block in message["blocks"] if block["type"] == "actions" for e in block["elements"]]
    assert [element["value"] for element in elements] == [button.question for button in buttons]
    assert len({element["action_id"] for element in elements}) == amount


def test_long_titles_are_cut_and_impossible_buttons_left_out():
    buttons = (Button("t" * 76, "vraag"), Button("te lang", "v" * 2001), Button(" ", "vraag"))
    (message,) = valid(blocks.messages(Reply([Part("Kies", buttons)])))
    (element,) = message["blocks"][1]["elements"]
    assert element["text"]["text"] == "t" * 74 + "…"


def test_an_answer_of_any_length_arrives_whole():
    text = "\n".join(f"- regel {number} over <functies> & schalen" for number in range(6000))
    reply = Reply([Part(text, (Button("Verder", "verder"),))], {"sources": [vars(SOURCE)]})
    messages = valid(blocks.messages(reply))
    assert len(messages) > 1
    everything = "".join(map(shown, messages))
    assert all(f"regel {number} over" in everything for number in range(6000))


def test_pressed_buttons_make_way_for_what_was_chosen():
    sent = [
        {"type": "section", "block_id": "x"},
        {"type": "actions", "block_id": "a"},
        {"type": "actions", "block_id": "b"},
    ]
    chosen = {"type": "context", "elements": [{"type": "plain_text", "text": "Gekozen: <!channel>"}]}
    assert blocks.after_press(sent, "a", "<!channel>") == [sent[0], chosen, sent[2]]


# --- the manifest ----------------------------------------------------------------------------------------------------


def test_the_manifest_asks_for_the_least_and_leads_to_the_channel():
    manifest = yaml.safe_load((ROOT / "deploy" / "slack" / "manifest.yml").read_text(encoding="utf-8"))
    hook = f"https://HOST/webhooks/{SlackInput.name()}/webhook"
    (command,) = manifest["features"]["slash_commands"]
    settings = manifest["settings"]
    addresses = [settings[part]["request_url"] for part in ("event_subscriptions", "interactivity")]
    assert [command["url"], *addresses] == [hook] * 3
    assert command["command"] == "/loopbaan" and command["should_escape"] is False
    assert tuple(manifest["oauth_config"]["scopes"]["bot"]) == controle.SCOPES
    assert set(manifest["oauth_config"]["scopes"]) == {"bot"}
    assert settings["event_subscriptions"]["bot_events"] == ["app_mention", "message.im"]
    assert manifest["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    about = manifest["display_information"]
    # Slack's own limits for these texts.
    assert (
        len(about["name"]) <= 35 and len(about["description"]) <= 140 and 174 <= len(about["long_description"]) <= 4000
    )
    assert "computerprogramma" in about["long_description"]


# --- loopbaan controleer slack ---------------------------------------------------------------------------------------

SCOPES = "app_mentions:read,chat:write,commands,im:history"
KNOWN = {"ok": True, "user": "loopbaanbot", "team": "Gemeente"}


@pytest.fixture
async def checked(monkeypatch):
    """Run the checks against a Slack and a bot on this machine; returns what they say."""
    monkeypatch.setattr(Sanic, "test_mode", True)
    servers = []
    async with aiohttp.ClientSession() as http:

        async def run(reply=KNOWN, scopes=SCOPES, status=200, secret=SECRET, bot=None, date=None, url=None, **env):
            def channel(address):
                return bot or SlackInput(SlackSettings(TOKEN, SECRET, address))

            space, opened = await workspace(channel, None, http)
            servers.extend(opened)
            headers = {"x-oauth-scopes": scopes} | ({"Date": date} if date else {})
            space.api.script = [(status, headers, reply)]
            monkeypatch.setenv("LOOPBAAN_SLACK_TOKEN", TOKEN)
            monkeypatch.setenv("LOOPBAAN_SLACK_GEHEIM", secret)
            monkeypatch.setenv("LOOPBAAN_SLACK_URL", f"{space.api.url}/api/")
            for name, value in env.items():
                monkeypatch.setenv(name, value)
            return [(check.goed, check.tekst) async for check in controle.checks(url or space.url)]

        yield run
        for server in servers:
            server.close()


async def test_when_all_is_well_every_check_says_so(checked):
    found = await checked(date=formatdate(usegmt=True))
    assert [good for good, _ in found] == [True] * 6
    said = "\n".join(text for _, text in found)
    assert (
        "loopbaanbot in Gemeente" in said and "Klok: gelijk" in said and "zonder handtekening wordt geweigerd" in said
    )
    assert TOKEN not in said and SECRET not in said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"LOOPBAAN_SLACK_TOKEN": ""}, "stel LOOPBAAN_SLACK_TOKEN in"),
        ({"reply": {"ok": False, "error": "invalid_auth"}}, "kent dit token niet"),
        ({"reply": {"ok": False, "error": "iets_nieuws"}}, "onverwacht"),
        ({"reply": {}, "status": 503}, "onverwacht"),
        ({"LOOPBAAN_SLACK_URL": "http://127.0.0.1:9/api/"}, "niet te bereiken"),
        ({"scopes": "chat:write,commands"}, "app_mentions:read, im:history ontbreekt"),
        ({"date": formatdate(time.time() - 400, usegmt=True)}, "seconden verkeerd"),
        ({"secret": "f" * 32}, "een ander geheim"),
        ({"bot": OffChannel("slack", "stel iets in")}, "het kanaal staat uit"),
        ({"bot": OffChannel("iets-anders", "stel iets in")}, "Staat bot.channels.slack.SlackInput in credentials.yml?"),
        ({"url": "http://127.0.0.1:9"}, "Draait de bot?"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_the_first_thing_wrong_is_named_with_what_to_do(checked, wrong, said):
    found = await checked(**wrong)
    first = next(text for good, text in found if not good)
    assert said in first, found


async def test_a_server_that_takes_unsigned_messages_is_found_out(checked):
    app = Sanic("open_deur", configure_logging=False)

    @app.route("/webhooks/slack/webhook", methods=["POST"])
    async def anything(request):
        from sanic import response

        return response.text(request.json["challenge"])

    url, server = await serve(app)
    found = await checked(url=url)
    server.close()
    assert found[-1][0] is False and "zonder handtekening aan" in found[-1][1]


def test_the_command_ends_with_1_when_something_is_wrong(monkeypatch):
    monkeypatch.delenv("LOOPBAAN_SLACK_TOKEN", raising=False)
    monkeypatch.delenv("LOOPBAAN_SLACK_GEHEIM", raising=False)
    result = CliRunner().invoke(cli, ["controleer", "slack"])
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "FOUT  Instellingen: stel LOOPBAAN_SLACK_TOKEN en LOOPBAAN_SLACK_GEHEIM in (zie docs/beheer/slack.md).",
        "Niet goed: 1. Los eerst de bovenste fout op.",
    ]
