"""Clearing up, erasing and showing, looked for in the files themselves."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from bot.channels.feedback import Feedback, Verdict
from bot.cli import cli
from bot.privacy import daily
from bot.privacy.keeping import DAY, clear_up, erase, own_copy
from bot.stores import EventStore, RecentTrackerStore, StoreUnavailable

NOW = 1_800_000_000.0
DOMAIN = Domain.from_dict({"slots": {"gesprek": {"type": "any", "mappings": [{"type": "custom"}]}}})


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder with all that is kept; the environment names it."""
    monkeypatch.setenv("LOOPBAAN_GESPREKKEN", str(tmp_path / "gesprekken.db"))
    monkeypatch.setenv("LOOPBAAN_OORDELEN", str(tmp_path / "oordelen.db"))
    return tmp_path


def open_store(folder: Path) -> EventStore:
    return EventStore(DOMAIN, url=str(folder / "gesprekken.db"))


async def say(store, sender: str, text: str, moment: float) -> None:
    """A turn at a moment: what was said, what was answered, and what is remembered of it."""
    tracker = await store.retrieve(sender) or store.init_tracker(sender)
    context = {"persoon": {"opleiding": text}, "gevraagd": [text]}
    tracker.update(UserUttered(text, timestamp=moment))
    tracker.update(SlotSet("gesprek", context, timestamp=moment))
    tracker.update(BotUttered(f"Je zei: {text}", timestamp=moment))
    await store.save(tracker)


def bytes_of(folder: Path) -> bytes:
    """All files, as they are on the disk; journals too."""
    files = [path for path in folder.iterdir() if path.is_file()]
    assert any(path.name == "gesprekken.db" for path in files)
    return b"".join(path.read_bytes() for path in files)


def run(*arguments: str, **more):
    return CliRunner().invoke(cli, ["bewaar", *arguments], **more)


# --- clearing up ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sqlite", "memory"])
async def test_31_days_old_is_gone_and_29_days_old_stays(folder, kind):
    store = open_store(folder) if kind == "sqlite" else RecentTrackerStore(DOMAIN)
    feedback = Feedback(folder / "oordelen.db")
    await say(store, "web-oud", "OUDETEKST van een maand geleden", NOW - 31 * DAY)
    await say(store, "web-beide", "OUDETEKST in een lang gesprek", NOW - 31 * DAY)
    await say(store, "web-beide", "NIEUWETEKST in een lang gesprek", NOW - 29 * DAY)
    await say(store, "web-nieuw", "NIEUWETEKST", NOW - 29 * DAY)
    gone = await clear_up(store, feedback, 30, NOW)
    assert gone.events == 6
    assert await store.export("web-oud") == []
    assert [event.get("text") for event in await store.export("web-beide") if event["event"] == "user"] == [
        "NIEUWETEKST in een lang gesprek"
    ]
    assert len(await store.export("web-nieuw")) == 3
    assert (await clear_up(store, feedback, 30, NOW)).events == 0, "again"
    assert sorted(await store.keys()) == ["web-beide", "web-nieuw"]
    if kind == "sqlite":
        found = bytes_of(folder)
        assert b"NIEUWETEKST" in found and b"OUDETEKST" not in found and b"web-oud" not in found
        store.close()


async def test_the_command_says_what_it_did(folder, monkeypatch):
    monkeypatch.setenv("LOOPBAAN_BEWAARDAGEN", "10")
    store = open_store(folder)
    await say(store, "web-1", "OUDETEKST", time.time() - 11 * DAY)
    await say(store, "web-1", "NIEUWETEKST", time.time() - 9 * DAY)
    store.close()
    feedback = Feedback(folder / "oordelen.db")
    feedback.add(Verdict("x", "answered", "", True, woord="OUDWOORD"))
    feedback.add(Verdict("x", "answered", "", True, woord="NIEUWWOORD"))
    with sqlite3.connect(folder / "oordelen.db") as db:
        db.execute("update oordelen set moment = '2020-01-01T00:00Z' where id = 1")
    db.close()
    first, second = await asyncio.to_thread(run, "opruimen"), await asyncio.to_thread(run, "opruimen")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert first.output.splitlines() == [
        "Gesprekken: 3 gebeurtenissen van voor 10 dagen gewist.",
        "Oordelen: 1 oordeel van voor 365 dagen gewist.",
    ]
    assert "Gesprekken: 0 gebeurtenissen" in second.output and "Oordelen: 0 oordelen" in second.output
    found = bytes_of(folder)
    assert b"NIEUWETEKST" in found and b"NIEUWWOORD" in found
    assert b"OUDETEKST" not in found and b"OUDWOORD" not in found


@pytest.mark.parametrize("value", ["0", "-1", "dertig", "1.5"])
def test_a_strange_number_of_days_is_refused(folder, monkeypatch, value):
    monkeypatch.setenv("LOOPBAAN_BEWAARDAGEN", value)
    result = run("opruimen")
    assert result.exit_code == 1 and "LOOPBAAN_BEWAARDAGEN" in result.output


async def test_the_bot_clears_up_by_itself(folder):
    store = open_store(folder)
    await say(store, "web-1", "OUDETEKST", time.time() - 31 * DAY)
    await say(store, "web-2", "NIEUWETEKST", time.time())
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            raise asyncio.CancelledError

    app = SimpleNamespace(ctx=SimpleNamespace(agent=SimpleNamespace(tracker_store=store)))
    with pytest.raises(asyncio.CancelledError):
        await daily.every_day(app, sleep)
    assert waits == [daily.FIRST, DAY, DAY]
    assert await store.keys() == ["web-2"]
    store.close()


async def test_the_bot_tries_again_when_the_store_is_gone(folder, caplog):
    class Gone:
        async def delete_before(self, timestamp):
            raise StoreUnavailable("the database can't be reached")

    class Broken:
        async def delete_before(self, timestamp):
            raise ValueError("GEHEIMETEKST")

    for store in (Gone(), Broken()):
        app = SimpleNamespace(ctx=SimpleNamespace(agent=SimpleNamespace(tracker_store=store)))
        assert await daily.once(app) is False
    assert "clearing up" in caplog.text and "GEHEIMETEKST" not in caplog.text


# --- erasing ----------------------------------------------------------------------------------------------------------


async def test_after_erasure_nothing_of_it_is_in_any_file(folder):
    store, feedback = open_store(folder), Feedback(folder / "oordelen.db")
    for number in range(60):
        await say(store, "web-weg", f"WEGTEKST nummer {number} " + "x" * (number * 37 % 900), NOW + number)
        await say(
            store, f"web-blijft-{number % 3}", f"BLIJFTEKST nummer {number} " + "y" * (number * 53 % 900), NOW + number
        )
    row = feedback.add(Verdict("k", "answered", "b", False, "WEGTEKST woord", "WEGTEKST vraag", "WEGTEKST", "web-weg"))
    feedback.add(Verdict("k", "answered", "b", True, "BLIJFTEKST woord", gesprek="web-blijft-1"))
    before = bytes_of(folder)
    assert b"WEGTEKST" in before and b"web-weg" in before
    gone = await erase(store, feedback, "web-weg")
    assert (gone.events, gone.verdicts) == (180, 1)
    found = bytes_of(folder)
    assert b"WEGTEKST" not in found and b"web-weg" not in found
    assert found.count(b"BLIJFTEKST") >= 60 and b"web-blijft-1" in found
    assert await store.export("web-weg") == []
    assert [verdict["goed"] for verdict in feedback.all() if verdict["id"] == row] == [0], "the verdict itself stays"
    again = await erase(store, feedback, "web-weg")
    assert (again.events, again.verdicts) == (0, 0)
    store.close()


async def test_the_commands_erase_and_show_while_the_bot_has_the_file_open(folder):
    store, feedback = open_store(folder), Feedback(folder / "oordelen.db")
    await say(store, "web-een", "TEKSTEEN", NOW)
    await say(store, "web-twee", "TEKSTTWEE", NOW)
    feedback.add(Verdict("k", "answered", "b", False, "WOORDEEN", gesprek="web-een"))

    listed = (await asyncio.to_thread(run, "lijst")).output.splitlines()
    assert [line.split()[0] for line in listed] == ["web-een", "web-twee"]
    assert listed[0].endswith("2 berichten") and "TEKST" not in "".join(listed)

    shown = await asyncio.to_thread(run, "toon", "web-een")
    found = json.loads(shown.output)
    assert [(said["van"], said["tekst"]) for said in found["berichten"]] == [
        ("jij", "TEKSTEEN"),
        ("bot", "Je zei: TEKSTEEN"),
    ]
    assert found["berichten"][0]["moment"] == "2027-01-15T08:00:00Z"
    assert found["onthouden"] == {"over_jou": {"opleiding": "TEKSTEEN"}, "gevraagd": ["TEKSTEEN"]}
    assert [verdict["woord"] for verdict in found["oordelen"]] == ["WOORDEEN"]
    assert len(found["gebeurtenissen"]) == 3 and "TEKSTTWEE" not in shown.output

    refused = await asyncio.to_thread(run, "wis", "web-een", input="n\n")
    assert refused.exit_code != 0 and len(await store.export("web-een")) == 3
    done = await asyncio.to_thread(run, "wis", "web-een", "--ja")
    assert done.output.splitlines() == ["Gesprek: 3 gebeurtenissen gewist.", "Oordelen: tekst bij 1 oordeel gewist."]
    assert "niets bewaard" in (await asyncio.to_thread(run, "wis", "web-een", "--ja")).output
    gone = await asyncio.to_thread(run, "toon", "web-een")
    assert gone.exit_code == 1 and "niets bewaard" in gone.output
    assert b"TEKSTEEN" not in bytes_of(folder) and b"WOORDEEN" not in bytes_of(folder)
    # The bot goes on in the same conversation, without what it said before.
    await say(store, "web-een", "TEKSTDRIE", NOW)
    assert len(await store.export("web-een")) == 3
    store.close()


def test_in_memory_there_is_nothing_to_clear_up(monkeypatch):
    monkeypatch.setenv("LOOPBAAN_GESPREKKEN", "geheugen")
    for command in (("opruimen",), ("toon", "x"), ("wis", "x", "--ja"), ("lijst",)):
        result = run(*command)
        assert result.exit_code == 1 and "geheugen" in result.output


def test_a_store_out_of_reach_is_told_without_its_password(folder, monkeypatch):
    monkeypatch.setenv("LOOPBAAN_GESPREKKEN", "postgresql://bot:WACHTWOORD@127.0.0.1:9/gesprekken")
    result = run("opruimen")
    assert result.exit_code == 1 and "niet te bereiken" in result.output
    assert "WACHTWOORD" not in result.output


def test_a_verdict_without_words_doesnt_say_where_it_was_given(folder):
    feedback = Feedback(folder / "oordelen.db")
    feedback.add(Verdict("k", "answered", "b", True, gesprek="web-een"))
    assert feedback.all()[0]["gesprek"] is None


def test_a_file_of_before_gets_the_new_column(folder):
    with sqlite3.connect(folder / "oordelen.db") as db:
        db.execute(
            "create table oordelen (id integer primary key, moment text, soort text, uitkomst text, bronnen text, "
            "goed integer, woord text, vraag text, antwoord text)"
        )
        db.execute("insert into oordelen (moment, goed, woord) values ('2026-11-01T00:00Z', 1, 'van voor')")
    db.close()
    feedback = Feedback(folder / "oordelen.db")
    feedback.add(Verdict("k", "answered", "b", True, "woord", gesprek="web-een"))
    assert [verdict["gesprek"] for verdict in feedback.all()] == ["web-een", None]
    assert feedback.wipe_conversation("web-een") == 1


def test_an_odd_event_is_no_hindrance():
    events = [
        {"event": "user", "text": "hallo", "timestamp": None},
        {"event": "slot", "name": "gesprek", "value": "x"},
        {},
    ]
    assert own_copy(events, []) == {
        "berichten": [{"van": "jij", "moment": None, "tekst": "hallo"}],
        "onthouden": {"over_jou": {}, "gevraagd": []},
        "oordelen": [],
    }
