"""Conversations in Teams: what people say and press, and what comes back."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from bot.channels.teams import connector
from tests.channels.teams.conftest import QUESTION, SOURCE, card, texts
from tests.channels.teams.judges import activity_problems, card_problems
from tests.channels.teams.microsoft import ANNA, APP_ID, BEN, BOT, SECRET, TENANT, group, mention, thread


async def test_a_question_and_its_answer(world):
    message = world.microsoft.message("welke schaal?")
    assert (await world.post(message))[0] == 200
    await world.quiet()
    typing, answer = world.microsoft.sent
    assert typing.activity["type"] == "typing"
    assert answer.path == f"/emea/{TENANT}/v3/conversations/a:1anna/activities/{message['id']}"
    assert answer.token == typing.token == "toegang-1"
    assert answer.activity["recipient"]["id"] == ANNA["id"] and answer.activity["from"]["id"] == BOT["id"]
    assert answer.activity["replyToId"] == message["id"]
    shown = texts(card(answer.activity))
    assert shown[0] == "welke schaal?"
    assert any(SOURCE["title"] in text and SOURCE["date"] in text for text in shown)
    (form,) = world.microsoft.forms
    assert form == {
        "tenant": TENANT,
        "grant_type": "client_credentials",
        "client_id": APP_ID,
        "client_secret": SECRET,
        "scope": "https://api.botframework.com/.default",
    }


async def test_a_button_round_trip(world):
    shown = card(await world.say("hallo"))
    (row,) = [part for part in shown["body"] if part["type"] == "ActionSet"]
    (button,) = row["actions"]
    back = button["data"]["msteams"]
    assert (button["title"], back["displayText"]) == ("Schaal", "Schaal")
    # What Teams sends for a messageBack: its text and its value; both as they stand.
    answer = await world.say(back["text"], value=back["value"], replyToId="kaart")
    assert texts(card(answer))[0] == f"hallo / {QUESTION}"


@pytest.mark.parametrize("form", ["object", "json", "submit"])
async def test_a_button_without_text_is_understood_too(world, form):
    (row,) = [part for part in card(await world.say("hallo"))["body"] if part["type"] == "ActionSet"]
    data = row["actions"][0]["data"]
    value = {"object": data["msteams"]["value"], "json": json.dumps(data["msteams"]["value"]), "submit": data}[form]
    await world.say(None, value=value)
    assert world.bot.seen[-1].text == QUESTION


@pytest.mark.parametrize("value", ["/restart", {"vraag": "/restart"}, {"vraag": '/vraag_schaal{"functie": "x"}'}])
async def test_neither_text_nor_a_button_becomes_an_intent(world, value):
    text = value if isinstance(value, str) else None
    await world.say(text, value=None if text else value)
    (message,) = world.bot.seen
    assert not message.text.startswith("/")
    assert (message.input_channel, message.metadata) == ("teams", None)


async def test_what_a_sender_says_about_itself_is_ignored(world):
    await world.say(
        "hallo", sender_id="x", metadata={"rol": "beheerder"}, channelData={"tenant": {"id": TENANT}, "rol": 1}
    )
    (message,) = world.bot.seen
    assert message.metadata is None and message.sender_id.startswith("teams-")


async def test_the_mention_of_the_bot_goes_and_other_people_keep_their_name(world):
    text = "<at>Loopbaanbot</at> wat doet\u00a0<at>Ben</at>&nbsp;als adviseur &amp; regisseur?"
    await world.say(text, conversation=group("g"), entities=[mention(BOT), mention(BEN)])
    assert world.bot.seen[0].text == "wat doet Ben als adviseur & regisseur?"


async def test_only_the_bots_own_entity_is_taken_for_its_mention(world):
    other = {**BEN, "name": "Loopbaanbot"}
    await world.say("<at>Loopbaanbot</at> hallo", conversation=group("g"), entities=[mention(other)])
    assert world.bot.seen[0].text == "Loopbaanbot hallo"


async def test_memory_apart(world):
    places = {
        "chat": {},
        "chat of another": {
            "from": BEN,
            "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": "a:1ben"},
        },
        "group": {"conversation": group("een")},
        "group, another person": {"conversation": group("een"), "from": BEN},
        "other group": {"conversation": group("twee")},
        "thread": {"conversation": thread("kanaal", "1")},
        "other thread": {"conversation": thread("kanaal", "2")},
    }
    for name, where in places.items():
        assert texts(card(await world.say(f"ik ben {name}", **where)))[0] == f"ik ben {name}"
    for name, where in places.items():
        assert texts(card(await world.say("en nu?", **where)))[0] == f"ik ben {name} / en nu?"
    senders = {message.sender_id for message in world.bot.seen}
    assert len(senders) == len(places)
    assert not any(part in sender for sender in senders for part in ("anna", "ben", "kanaal", ANNA["aadObjectId"]))


async def test_the_answer_goes_to_the_thread_of_the_question(world):
    await world.say("hallo", conversation=thread("kanaal", "1234"))
    assert "/19:kanaal@thread.tacv2;messageid=1234/" in world.microsoft.sent[-1].path


async def test_an_id_can_not_lead_to_another_path(world):
    await world.say("hallo", conversation={"tenantId": TENANT, "id": "../../x?y#z"}, id="..")
    path = world.microsoft.sent[-1].path
    assert path == f"/emea/{TENANT}/v3/conversations/..%2F..%2Fx%3Fy%23z/activities"
    assert (await world.post(world.microsoft.message(conversation={"tenantId": TENANT, "id": ".."})))[0] == 400


async def test_it_welcomes_with_who_it_is_and_a_person_to_turn_to(world):
    added = world.microsoft.message(None, type="conversationUpdate", membersAdded=[ANNA, BOT])
    assert (await world.post(added))[0] == 200
    await world.quiet()
    said = " ".join(json.dumps(activity, ensure_ascii=False) for activity in world.microsoft.said)
    assert "computerprogramma" in said and "Liever een mens?" in said
    assert world.bot.seen == []


@pytest.mark.parametrize(
    "other",
    [
        {"type": "conversationUpdate", "membersAdded": [ANNA]},
        {"type": "conversationUpdate", "membersRemoved": [BOT]},
        {"type": "messageReaction"},
        {"type": "messageUpdate"},
        {"type": "messageDelete"},
        {"type": "installationUpdate", "action": "add"},
        {"type": "typing"},
        {"type": "event", "name": "x"},
        {"type": "iets nieuws"},
        {"from": {"id": "28:andere-bot", "name": "Andere bot"}},
        {"from": {**ANNA, "role": "bot"}},
    ],
    ids=lambda other: "-".join(map(str, other.values()))[:40],
)
async def test_what_asks_nothing_gets_nothing(world, other):
    assert (await world.post(world.microsoft.message("hallo", **other)))[0] == 200
    await world.quiet()
    assert world.microsoft.sent == [] and world.bot.seen == []


async def test_an_invoke_is_not_for_us(world):
    assert (await world.post(world.microsoft.message(None, type="invoke", name="adaptiveCard/action")))[0] == 501


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 30_000])
async def test_what_is_not_json_is_refused(world, body):
    assert (await world.post(body))[0] == 400


@pytest.mark.parametrize(
    "broken",
    [
        {"type": None},
        {"type": 5},
        {"conversation": {"tenantId": TENANT}},
        {"conversation": []},
        {"conversation": {"tenantId": TENANT, "id": 5}},
    ],
)
async def test_what_is_no_activity_is_refused(world, broken):
    assert (await world.post(world.microsoft.message(**broken)))[0] == 400
    assert world.microsoft.sent == []


@pytest.mark.parametrize(
    "odd",
    [
        {"text": 5},
        {"entities": "x"},
        {"entities": [5, {"type": "mention"}]},
        {"from": None},
        {"recipient": "x"},
        {"value": [1]},
        {"value": "geen json"},
        {"id": None},
        {"attachments": [{"contentType": "image/png"}], "text": None},
    ],
    ids=str,
)
async def test_odd_fields_break_nothing(world, odd):
    assert (await world.post(world.microsoft.message(**odd)))[0] == 200
    await world.quiet()
    assert world.microsoft.said


async def test_a_slow_action_is_acknowledged_at_once_and_answered_once(world):
    world.bot.seconds = 10
    message = world.microsoft.message("langzaam")
    statuses = [await world.post(message)]
    # Teams doubts, and sends it again meanwhile.
    statuses += await asyncio.gather(*(world.post(message) for _ in range(3)))
    assert all(status == 200 and seconds < 2 for status, seconds in statuses)
    await world.quiet()
    assert len(world.microsoft.said) == 1 and len(world.bot.seen) == 1
    await world.post(message)
    await world.quiet()
    assert len(world.microsoft.said) == 1


async def test_the_same_id_in_another_conversation_is_another_message(world):
    await world.say("een", id="1")
    await world.say("twee", id="1", conversation=group("g"))


async def test_answers_come_in_the_order_of_the_questions(world):
    world.bot.seconds = 0.02
    for number in range(8):
        await world.post(world.microsoft.message(f"vraag {number}"))
    await world.quiet()
    assert [text.rpartition(" / ")[2] for a in world.microsoft.said for text in texts(card(a))[:1]] == [
        f"vraag {number}" for number in range(8)
    ]


async def test_too_many_at_once_is_said_and_other_conversations_go_on(world):
    world.bot.seconds = 0.3
    sent = [world.post(world.microsoft.message(f"vraag {number}")) for number in range(13)]
    sent.append(world.post(world.microsoft.message("ik ook", conversation=group("g"))))
    assert {status for status, _ in await asyncio.gather(*sent)} == {200}
    await world.quiet()
    said = json.dumps(world.microsoft.said)
    assert 1 <= said.count("Wacht even op mijn antwoord") <= 2 and "ik ook" in said
    assert len(world.bot.seen) == 12


async def test_429_is_tried_again_after_the_given_time_and_in_order(world):
    world.microsoft.refusals.extend([(429, {"Retry-After": "7"}), (502, {}), (200 + 212, {})])
    await world.post(world.microsoft.message("een"))
    await world.post(world.microsoft.message("twee"))
    await world.quiet()
    assert world.waits[:2] == [7.0, 2.0]
    assert [texts(card(a))[0] for a in world.microsoft.said] == ["een", "een / twee"]


async def test_a_wait_that_is_too_long_is_given_up_and_noted(world, caplog):
    world.microsoft.refusals.append((429, {"Retry-After": "86400"}))
    await world.post(world.microsoft.message("mijn geheim"))
    await world.quiet()
    assert world.microsoft.said == [] and "429" in caplog.text and "geheim" not in caplog.text
    await world.say("nog eens")


@pytest.mark.parametrize("status", [400, 413])
async def test_a_card_that_is_refused_goes_as_text(world, status):
    world.microsoft.refusals.append((status, {}))
    answer = await world.say("hallo")
    assert "attachments" not in answer
    assert answer["text"].startswith("hallo") and "Bron: Functieboek (2018-04)" in answer["text"]
    assert QUESTION in answer["text"]


async def test_one_token_for_many_messages_and_a_new_one_before_it_expires(world):
    await world.say("een")
    await world.say("twee")
    assert len(world.microsoft.forms) == 1
    tokens = world.channel.connector.tokens
    later = tokens._clock() + world.microsoft.lifetime - connector.RENEW_BEFORE + 1
    tokens._clock = lambda: later
    await world.say("drie")
    assert len(world.microsoft.forms) == 2 and world.microsoft.sent[-1].token == "toegang-2"


async def test_many_at_once_ask_for_one_token(world):
    chats = [group(str(number)) for number in range(6)]
    await asyncio.gather(*(world.post(world.microsoft.message(conversation=chat)) for chat in chats))
    await world.quiet()
    assert len(world.microsoft.said) == 6 and len(world.microsoft.forms) == 1


async def test_a_token_that_is_refused_is_replaced_once(world):
    world.microsoft.refusals.append((401, {}))
    await world.say("hallo")
    assert world.microsoft.sent[-1].token == "toegang-2"
    world.microsoft.refusals.extend([(401, {}), (401, {})])
    await world.post(world.microsoft.message("weer"))
    await world.quiet()
    assert len(world.microsoft.said) == 1 and len(world.microsoft.forms) == 3


async def test_a_wrong_secret_is_noted_without_the_secret(world, caplog):
    world.microsoft.token_status = 401
    assert (await world.post(world.microsoft.message("mijn vraag")))[0] == 200
    await world.quiet()
    assert world.microsoft.sent == []
    assert "the token service said 401" in caplog.text
    assert SECRET not in caplog.text and "mijn vraag" not in caplog.text


async def test_when_the_bot_breaks_the_person_is_told_and_the_log_has_no_words_of_theirs(world, caplog):
    caplog.set_level(logging.INFO)
    for text in ("kapot mijn geheim", "stil mijn geheim"):
        answer = await world.say(text)
        assert "Sorry" in json.dumps(answer) or "Dat weet ik niet" in json.dumps(answer)
    assert "RuntimeError" in caplog.text and "geheim" not in caplog.text


async def test_a_message_that_is_too_long_is_not_read(world):
    before = len(world.microsoft.said)
    await world.post(world.microsoft.message("x" * 2001))
    await world.quiet()
    assert "te lang" in json.dumps(world.microsoft.said[before:]) and world.bot.seen == []


async def test_nothing_that_was_typed_becomes_a_link_or_a_tag(world):
    typed = "[klik](https://evil.example) <at>Ben</at> <b>x</b> `code` &lt;img src=x&gt;"
    answer = await world.say(typed)
    for text in [*texts(card(answer)), answer["summary"], card(answer)["fallbackText"]]:
        assert not set("[]<>`") & set(text), text


async def test_microsofts_own_model_and_renderer_find_nothing_wrong(world):
    added = world.microsoft.message(None, type="conversationUpdate", membersAdded=[BOT])
    for message in (
        added,
        world.microsoft.message("hallo"),
        world.microsoft.message("kapot"),
        world.microsoft.message(""),
    ):
        await world.post(message)
    await world.post(world.microsoft.message("x" * 3000, conversation=thread("k", "1")))
    world.microsoft.refusals.append((400, {}))
    await world.quiet()
    await world.say("als tekst")
    activities = [sent.activity for sent in world.microsoft.sent]
    assert {activity["type"] for activity in activities} == {"typing", "message"}
    assert activity_problems(activities) == [[] for _ in activities]
    cards = [card(activity) for activity in activities if activity.get("attachments")]
    assert len(cards) >= 3
    assert card_problems(cards) == [[] for _ in cards]


def test_the_judges_do_find_what_is_wrong():
    wrong = [{"type": ""}, {"type": "message", "attachments": [{"content": {}}]}, {"type": "message", "verzonnen": 1}]
    assert all(activity_problems(wrong))
    unknown = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlok", "text": "x"}]}
    unknown_size = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [{"type": "TextBlock", "text": "x", "size": "Reus"}],
    }
    assert all(card_problems([unknown, unknown_size]))
