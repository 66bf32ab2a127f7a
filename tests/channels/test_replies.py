"""One turn for a channel that shows a reply as a whole."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.answers.answer import Button
from bot.channels.replies import MAX_LENGTH, Part, ask
from bot.settings import Contact

CONTACT = Contact("Anna van HR", "anna@x.nl", "")


class Bot:
    """Says what it was given, and remembers what it was asked."""

    def __init__(self, *said, seconds=0.0):
        self.said, self.seconds, self.asked = said, seconds, []

    async def __call__(self, message):
        self.asked.append(message)
        await asyncio.sleep(self.seconds)
        for one in self.said:
            await message.output_channel.send_response(message.sender_id, dict(one))

    async def ask(self, text="vraag", **more):
        return await ask(self, text, "slack-1", "slack", "Slack", CONTACT, **more)


def contract(kind, outcome="smalltalk"):
    return {"custom": {"answer": {"outcome": outcome, "kind": kind, "sources": [], "data": {"a": 1}}}}


async def test_a_reply_is_kept_whole():
    buttons = [{"title": "Taken", "payload": "Wat doet een adviseur?"}, {"title": "Pagina", "url": "https://x.nl"}]
    bot = Bot({"text": "een\n\ntwee", "buttons": buttons}, contract("functie.schaal"), {"text": "drie\n\nvier"})
    reply = await bot.ask()
    made = (Button("Taken", "Wat doet een adviseur?"), Button("Pagina", "https://x.nl"))
    assert reply.parts == [Part("een\n\ntwee", made), Part("drie\n\nvier")]
    assert (reply.kind, reply.data, reply.sources) == ("functie.schaal", {"a": 1}, ())
    (asked,) = bot.asked
    assert (asked.text, asked.sender_id, asked.input_channel, asked.metadata) == ("vraag", "slack-1", "slack", None)


async def test_privacy_names_the_firm_and_keeps_its_buttons():
    said = {"text": "Er gaat niets naar andere bedrijven.", "buttons": [{"title": "Mens", "payload": "mens"}]}
    (part,) = (await Bot(said, contract("gesprek.privacy")).ask()).parts
    assert part.text.startswith("Je vraag en mijn antwoord gaan via Slack.")
    assert "niets naar andere bedrijven" not in part.text and part.buttons == (Button("Mens", "mens"),)


@pytest.mark.parametrize("text", ["/restart", " /session_start", "\\//back"])
async def test_typed_text_never_becomes_an_intent(text):
    bot = Bot({"text": "x"})
    await bot.ask(text)
    assert not bot.asked[0].text.startswith("/")


@pytest.mark.parametrize(("text", "kind"), [(" / ", "gesprek.groet"), ("a" * (MAX_LENGTH + 1), "gesprek.te_lang")])
async def test_what_the_bot_need_not_read_is_answered_without_it(text, kind):
    bot = Bot({"text": "x"})
    reply = await bot.ask(text)
    assert (bot.asked, reply.kind) == ([], kind)
    assert "computerprogramma" in reply.parts[1].text and "Anna van HR" in reply.parts[1].text


async def test_silence_becomes_an_honest_answer():
    assert (await Bot().ask()).kind == "gesprek.weet_niet"


async def test_a_turn_that_takes_too_long_is_ended(caplog):
    with caplog.at_level(logging.ERROR):
        reply = await Bot({"text": "te laat"}, seconds=5).ask("mijn geheim", longest=0.05)
    assert reply.kind == "gesprek.storing" and "geheim" not in caplog.text
    assert "slack turn" in caplog.text
