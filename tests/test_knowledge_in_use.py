"""The knowledge base in use: one for a turn, a new one when the file is replaced, the old one when the new one is no good."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import shutil
import sqlite3
import weakref
from dataclasses import replace
from pathlib import Path

import pytest

from bot import knowledge_in_use
from bot.knowledge_in_use import KnowledgeInUse, current, for_a_turn
from bot.nlu.name_recogniser import NameRecogniser
from bot.settings import Settings
from knowledge.build import build_file
from knowledge.store import KnowledgeUnavailable, Store


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("kennis") / "knowledge.db"
    build_file(path)
    return path


@pytest.fixture
def path(built, tmp_path) -> Path:
    return Path(shutil.copy(built, tmp_path / "knowledge.db"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def in_use(path, clock) -> KnowledgeInUse:
    settings = replace(Settings.from_environment(), database=path, organisatie=None)
    return KnowledgeInUse(lambda: settings, clock)


def changed(path: Path, name: str, to: str) -> Path:
    """A knowledge base in which the function of some name bears another one."""
    new = path.with_suffix(".new")
    shutil.copy(path, new)
    with sqlite3.connect(new) as database:
        assert database.execute("update functie set naam = ? where naam = ?", (to, name)).rowcount == 1
    database.close()
    return new


def names(store: Store) -> set[str]:
    return {functie.naam for functie in store.functies()}


def test_it_is_read_once(in_use):
    assert in_use.store() is in_use.store()


def test_a_replaced_file_comes_into_use_within_a_second(in_use, path, clock, caplog):
    old = in_use.store()
    changed(path, "Beleidsadviseur", "Beleidsdenker").replace(path)
    assert in_use.store() is old, "looked too soon"
    clock.now = 1.0
    new = in_use.store()
    assert "Beleidsdenker" in names(new) and "Beleidsadviseur" not in names(new)
    assert "Beleidsadviseur" in names(old), "a turn that began with the old one can go on with it"
    assert "nieuwe kennisbank in gebruik" in caplog.text


@pytest.mark.parametrize(
    "damage", ["weg", "leeg", "tekst", "afgebroken", "gat", "verwijzing", "zonder functies", "versie"]
)
def test_a_file_that_is_no_good_changes_nothing(in_use, built, path, clock, caplog, damage):
    old = in_use.store()
    known = names(Store.open(path))
    new = path.with_suffix(".new")
    shutil.copy(path, new)
    content = new.read_bytes()
    if damage == "weg":
        path.unlink()
    elif damage == "leeg":
        new.write_bytes(b"")
    elif damage == "tekst":
        new.write_bytes(b"geen database\n" * 1000)
    elif damage == "afgebroken":
        new.write_bytes(content[: len(content) // 2])
    elif damage == "gat":
        middle = len(content) // 4096 // 2 * 4096
        new.write_bytes(content[:middle] + b"\xff" * 16384 + content[middle + 16384 :])
    else:
        statement = {
            "verwijzing": "update functie set normfunctie = 'bestaat-niet' where naam = 'Beleidsadviseur'",
            "zonder functies": "delete from functie",
            "versie": "update meta set waarde = '0' where sleutel = 'versie'",
        }[damage]
        with sqlite3.connect(new) as database:
            assert database.execute(statement).rowcount
        database.close()
    if damage != "weg":
        new.replace(path)
    for clock.now in (1.0, 2.0, 3.0):
        assert in_use.store() is old
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(told) == 1, "told once, not every second"
    assert "De oude blijft in gebruik" in told[0].getMessage()
    assert names(old) == known

    shutil.copy(built, path)
    changed(path, "Beleidsadviseur", "Beleidsdenker").replace(path)
    clock.now = 4.0
    assert "Beleidsdenker" in names(in_use.store()), "it recovers by itself"


def test_a_file_that_is_written_over_in_place_does_not_reach_into_the_old_one(in_use, path, clock):
    old = in_use.store()
    path.write_bytes(b"\xff" * path.stat().st_size)
    assert "Beleidsadviseur" in names(old), "all of it was read"
    assert old.zoek("beleid maken", "normfunctie")
    clock.now = 1.0
    assert in_use.store() is old


def test_without_a_knowledge_base(built, tmp_path, clock):
    settings = replace(Settings.from_environment(), database=tmp_path / "geen.db")
    in_use = KnowledgeInUse(lambda: settings, clock)
    for _ in range(2):
        with pytest.raises(KnowledgeUnavailable, match="loopbaan knowledge build"):
            in_use.store()
    shutil.copy(built, settings.database)
    assert in_use.store().functies(), "as soon as there is one, without waiting"


def test_another_file_by_the_settings_is_read_at_once(path, tmp_path, clock):
    settings = [replace(Settings.from_environment(), database=path)]
    in_use = KnowledgeInUse(lambda: settings[0], clock)
    old = in_use.store()
    other = changed(path, "Beleidsadviseur", "Beleidsdenker")
    settings[0] = replace(settings[0], database=other)
    assert in_use.store() is not old
    settings[0] = replace(settings[0], database=tmp_path / "geen.db")
    with pytest.raises(KnowledgeUnavailable):
        in_use.store()


def test_who_is_watched_never_waits_for_a_look(in_use, path, clock, monkeypatch):
    old = in_use.store()
    in_use.is_watched = True
    changed(path, "Beleidsadviseur", "Beleidsdenker").replace(path)
    clock.now = 9.0
    assert in_use.store() is old
    assert in_use.refresh() is True
    assert in_use.store() is not old


async def test_a_turn_keeps_what_it_began_with(in_use, path, clock, monkeypatch):
    monkeypatch.setattr(knowledge_in_use, "IN_USE", in_use)
    seen: list[Store] = []

    async def part() -> None:
        seen.append(current())

    with for_a_turn():
        await part()
        changed(path, "Beleidsadviseur", "Beleidsdenker").replace(path)
        clock.now = 5.0
        assert in_use.store() is not seen[0]
        await part()
        await asyncio.create_task(part())
        await asyncio.to_thread(lambda: seen.append(current()))
    assert seen[1:] == seen[:1] * 3
    assert current() is in_use.store() is not seen[0]


async def test_turns_at_the_same_time_each_keep_their_own(in_use, path, clock, monkeypatch):
    monkeypatch.setattr(knowledge_in_use, "IN_USE", in_use)
    swapped = asyncio.Event()

    async def turn() -> tuple[set[str], set[str]]:
        with for_a_turn():
            before = names(current())
            await swapped.wait()
            return before, names(current())

    first = asyncio.create_task(turn())
    await asyncio.sleep(0)
    changed(path, "Beleidsadviseur", "Beleidsdenker").replace(path)
    clock.now = 5.0
    second = asyncio.create_task(turn())
    await asyncio.sleep(0)
    swapped.set()
    (before, after), (_, new) = await first, await second
    assert before == after and "Beleidsadviseur" in after
    assert "Beleidsdenker" in new


def test_what_nobody_uses_any_more_goes(in_use, path, clock):
    gone = weakref.ref(in_use.store())
    os.utime(path, ns=(1, 1))
    clock.now = 1.0
    in_use.store()
    gc.collect()
    assert gone() is None


# --- the names of understanding ------------------------------------------------------------------------------------


class _Storage:
    """A trained model's names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read_from(self, resource):
        return self

    def __enter__(self) -> Path:
        return self.folder

    def __exit__(self, *exception: object) -> None:
        pass

    write_to = read_from


@pytest.fixture
def recogniser(path, in_use, monkeypatch, tmp_path) -> NameRecogniser:
    """A loaded recogniser, trained on the knowledge base as it was."""
    monkeypatch.setattr(knowledge_in_use, "IN_USE", in_use)
    storage = _Storage(tmp_path)
    trained = NameRecogniser(storage, None, Store.open(path).namen())
    from rasa.shared.nlu.training_data.training_data import TrainingData

    trained.train(TrainingData([]))
    return NameRecogniser.load({}, storage, None, None)


def found(recogniser: NameRecogniser, text: str) -> set[str]:
    return {entity["value"] for entity in recogniser.entities(text) if entity["entity"] == "functie"}


def renamed(path: Path) -> Path:
    """A knowledge base in which the policy adviser has a made-up name beside his own."""
    new = changed(path, "Beleidsadviseur", "Wolkenfluisteraar")
    with sqlite3.connect(new) as database:
        row = database.execute("select doel, organisatie from naam where naam = 'Beleidsadviseur'").fetchone()
        database.execute(
            "insert into naam (soort, doel, organisatie, sleutel, naam) values ('functie', 'wolkenfluisteraar', ?, ?, ?)",
            (row[1], "wolkenfluisteraar", "Wolkenfluisteraar"),
        )
    database.close()
    return new


def test_names_change_together_with_the_knowledge_base(recogniser, in_use, path, clock, caplog):
    text = "wat verdient een wolkenfluisteraar?"
    assert found(recogniser, text) == set()
    assert caplog.text == ""
    with for_a_turn():
        assert not found(recogniser, text)
        renamed(path).replace(path)
        clock.now = 1.0
        assert in_use.refresh()
        assert not found(recogniser, text), "the turn goes on with the names it began with"
    assert found(recogniser, text) == {"wolkenfluisteraar"}
    assert "1 namen die het model niet kent, zoals: Wolkenfluisteraar" in caplog.text


def test_names_are_ready_before_the_knowledge_base_is_in_use(recogniser, in_use, path, clock, monkeypatch):
    """So the first turn after a swap isn't slow."""
    in_use.store()
    renamed(path).replace(path)
    clock.now = 1.0
    assert in_use.refresh()
    monkeypatch.setattr(recogniser, "prepare", None)
    assert found(recogniser, "wat verdient een wolkenfluisteraar?") == {"wolkenfluisteraar"}


def test_without_a_knowledge_base_the_trained_names_serve(recogniser, path):
    path.unlink()
    assert found(recogniser, "wat verdient een beleidsadviseur?")
