"""The event store, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
import sqlite3
import stat
import time
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered

from bot.settings import SettingError
from bot.stores import EventStore, RecentTrackerStore, StaleTurn
from bot.stores.database import address
from bot.stores.events import key_of
from bot.stores.memory import MAX_EVENTS

DAY = 86400


def turn(number: int, slot: bool = True, moment: float | None = None) -> list:
    """The events of one turn."""
    at = {"timestamp": moment} if moment else {}
    events = [
        UserUttered(f"vraag {number}", {"name": "groet", "confidence": 1.0}, message_id=f"m{number}", **at),
        ActionExecuted("action_gesprek", **at),
        BotUttered(f"antwoord {number}", {"buttons": [{"title": "Ja", "payload": "ja"}]}, **at),
    ]
    if slot:
        events.append(SlotSet("gesprek", {"nummer": number}, **at))
    return [*events, ActionExecuted("action_listen", **at)]


async def say(store, sender: str, number: int, **more) -> None:
    """Keep one turn as Rasa does."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    if not tracker.events:
        tracker.update(SessionStarted(timestamp=more.get("moment")))
    for event in turn(number, **more):
        tracker.update(event)
    await store.save(tracker)


async def test_what_is_kept_is_there_for_another_process(open_store):
    await say(open_store(), "a", 1)
    other = await open_store().retrieve("a")
    assert other.get_slot("gesprek") == {"nummer": 1}
    assert other.latest_message.text == "vraag 1"
    assert await open_store().retrieve("b") is None
    assert await open_store().keys() == ["a"]
    assert await open_store().exists("a") and not await open_store().exists("b")


async def test_the_last_events_give_the_state_that_all_give(open_store):
    store, all_of_it = open_store(), RecentTrackerStore(open_store().domain)
    all_of_it.MAX_EVENTS = 10_000
    for number in range(1, 60):
        await say(store, "a", number)
        await say(all_of_it, "a", number)
        short, whole = await store.retrieve("a"), await all_of_it.retrieve("a")
        assert len(short.events) <= MAX_EVENTS
        assert short.current_slot_values() == whole.current_slot_values()
        assert short.latest_message.text == whole.latest_message.text
        assert short.latest_action_name == whole.latest_action_name
        assert short.followup_action == whole.followup_action
        assert short.is_paused() == whole.is_paused() and short.active_loop == whole.active_loop
    assert len(await store.export("a")) == 1 + 59 * 5


async def test_the_slot_survives_many_turns_that_do_not_set_it(open_store):
    store = open_store()
    await say(store, "a", 1)
    for number in range(2, 30):
        await say(store, "a", number, slot=False)
    assert (await store.retrieve("a")).get_slot("gesprek") == {"nummer": 1}


async def test_a_new_session_does_not_get_the_slot_of_the_one_before(open_store):
    store = open_store()
    await say(store, "a", 1)
    tracker = await store.retrieve("a")
    tracker.update(SessionStarted())
    await store.save(tracker)
    for number in range(2, 30):
        await say(store, "a", number, slot=False)
        assert (await store.retrieve("a")).get_slot("gesprek") is None


async def test_a_turn_is_kept_whole_or_not_at_all(open_store):
    store = open_store()
    await say(store, "a", 1)
    tracker = await store.retrieve("a")
    for event in [*turn(2), *turn(1)]:  # the last has the number of a message that is kept already
        tracker.update(event)
    with pytest.raises(StaleTurn):
        await store.save(tracker)
    assert len(await store.export("a")) == 6
    await say(store, "a", 2)
    assert len(await store.export("a")) == 11


async def test_who_was_overtaken_does_not_keep_its_turn(open_store):
    slow, fast = open_store(), open_store()
    await say(slow, "a", 1)
    late = await slow.retrieve("a")
    await say(fast, "a", 2)
    late.update(UserUttered("te laat"))
    with pytest.raises(StaleTurn):
        await slow.save(late)
    first = slow.init_tracker("nieuw"), fast.init_tracker("nieuw")
    for tracker in first:
        tracker.update(UserUttered("eerste"))
    await slow.save(first[0])
    with pytest.raises(StaleTurn):
        await fast.save(first[1])
    assert "te laat" not in json.dumps(await slow.export("a"))


async def test_a_reply_can_be_found_again(open_store):
    store = open_store()
    for number in range(1, 4):
        await say(store, "a", number)
    found = await store.reply_to("a", "m2")
    assert found.question == "vraag 2"
    assert [said["text"] for said in found.reply] == ["antwoord 2"]
    assert found.reply[0]["buttons"] == [{"title": "Ja", "payload": "ja"}]
    assert await store.reply_to("a", "m9") is None
    assert await store.reply_to("b", "m2") is None


async def test_a_conversation_is_deleted_and_nothing_else(open_store):
    store = open_store()
    await say(store, "a", 1)
    await say(store, "b", 1)
    assert await store.delete("a") == 6
    assert await store.delete("a") == 0
    assert (await store.keys(), await store.export("a"), await store.retrieve("a")) == (["b"], [], None)
    await say(store, "a", 1)
    assert (await store.retrieve("a")).get_slot("gesprek") == {"nummer": 1}


async def test_what_is_31_days_old_goes_and_what_is_29_days_old_stays(open_store):
    store, now = open_store(), time.time()
    await say(store, "oud", 1, moment=now - 31 * DAY)
    await say(store, "beide", 1, moment=now - 31 * DAY)
    await say(store, "beide", 2, moment=now - 29 * DAY)
    await say(store, "jong", 1, moment=now - 29 * DAY)
    assert await store.delete_before(now - 30 * DAY) == 12
    assert await store.keys() == ["beide", "jong"]
    assert [e["text"] for e in await store.export("beide") if e["event"] == "user"] == ["vraag 2"]
    assert (await store.retrieve("beide")).get_slot("gesprek") == {"nummer": 2}
    await say(store, "beide", 3)
    assert await store.delete_before(now - 30 * DAY) == 0


async def test_more_than_one_step_of_old_events(open_store, monkeypatch):
    monkeypatch.setattr("bot.stores.events._AT_ONCE", 4)
    store, now = open_store(), time.time()
    for number in range(5):
        await say(store, "oud", number, moment=now - 31 * DAY)
    assert await store.delete_before(now - 30 * DAY) == 26
    assert await store.keys() == []


async def test_every_event_passes_the_scrubber_before_it_is_kept(open_store):
    def scrub(event):
        return json.loads(json.dumps(event).replace("111222333", "[bsn]"))

    store = open_store(scrub=scrub)
    tracker = store.init_tracker("a")
    tracker.update(UserUttered("mijn nummer is 111222333"))
    tracker.update(SlotSet("gesprek", {"laatst": "111222333"}))
    await store.save(tracker)
    kept = json.dumps(await store.export("a"))
    assert "111222333" not in kept and kept.count("[bsn]") >= 2


@pytest.mark.parametrize("sender", ["", "\x00", "é" * 40, "\ud800", "x" * 50_000, "'; DROP TABLE gesprekken;--"])
async def test_any_sender_and_any_text_can_be_kept(open_store, sender):
    store = open_store()
    tracker = store.init_tracker(sender)
    tracker.update(UserUttered("\x00 \ud83d 🙂 ' \" \\"))
    await store.save(tracker)
    found = await store.retrieve(sender)
    assert found.latest_message.text == "\x00 \ud83d 🙂 ' \" \\"
    assert await store.keys() == [key_of(sender)]
    assert await store.delete(sender) == 1


async def test_it_can_say_that_it_is_there(open_store):
    await open_store().ping()


def _contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


def _rights(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_deleted_text_is_not_in_the_files_any_more(tmp_path: Path, domain: Domain):
    store = EventStore(domain, url=str(tmp_path / "gesprekken.db"))
    tracker = store.init_tracker("a")
    tracker.update(UserUttered("zeldzaamwoord"))
    await store.save(tracker)
    assert any(b"zeldzaamwoord" in content for content in _contents(tmp_path))
    await store.delete("a")
    assert not any(b"zeldzaamwoord" in content for content in _contents(tmp_path))
    store.close()


async def test_only_the_bots_own_user_may_read_the_file(tmp_path: Path, domain: Domain):
    path = tmp_path / "gesprekken.db"
    store = EventStore(domain, url=str(path))
    await say(store, "a", 1)
    assert _rights(tmp_path) == {0o600}
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store.close()


@pytest.mark.parametrize(
    "wrong", ["mysql://gebruiker:geheim@server/naam", "postgresql://gebruiker:geheim@server:poort/x"]
)
def test_an_address_that_is_none_is_told_without_its_password(wrong):
    with pytest.raises(SettingError, match="LOOPBAAN_GESPREKKEN") as told:
        address(wrong)
    assert "geheim" not in str(told.value)
