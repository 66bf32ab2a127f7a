"""The web channel's parts by themselves: tokens, limits, what is remembered, verdicts, settings."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from rasa.core.tracker_store import AwaitableTrackerStore, FailSafeTrackerStore, InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels import feedback
from bot.channels.feedback import Feedback, Verdict
from bot.channels.rest import harmless
from bot.channels.web import WebInput
from bot.channels.web.conversations import Conversations
from bot.channels.web.limits import RateLimit, address
from bot.channels.web.startpage import as_html
from bot.channels.web.tokens import Session, Signer
from bot.cli import cli
from bot.settings import ROOT, SettingError, WebSettings
from bot.stores import CannotForget, RecentTrackerStore, forget


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_ends_when_it_says():
    clock = Clock()
    signer = Signer("s" * 32, 60, clock)
    token, session = signer.mint()
    assert signer.session(token) == session
    clock.now += 59
    assert signer.session(token) == session
    clock.now += 1
    assert signer.session(token) is None


def test_tokens_survive_a_restart_with_the_same_secret_only():
    token, session = Signer("s" * 32, 60).mint()
    assert Signer("s" * 32, 60).session(token) == session
    assert Signer(None, 60).session(token) is None
    assert Signer(None, 60).session(Signer(None, 60).mint()[0]) is None


def test_one_kind_of_signature_is_no_other():
    signer = Signer("s" * 32, 60)
    _, session = signer.mint()
    assert signer.session(signer.button(session, "vraag").replace(".", "")) is None
    assert signer.question(session, signer.mint()[0]) is None
    assert len({signer.mint()[1].id for _ in range(1000)}) == 1000


# --- limits ----------------------------------------------------------------------------------------------------------


async def test_the_bucket_fills_up_with_time():
    clock = Clock()
    limit = RateLimit(6, clock=clock)
    assert [await limit.wait("a") for _ in range(7)] == [0] * 6 + [10]
    clock.now += 9.5
    assert await limit.wait("a") == 1
    clock.now += 1
    assert [await limit.wait("a"), await limit.wait("a")] == [0, 10]
    assert await limit.wait("b") == 0
    clock.now += 3600
    assert [await limit.wait("a") for _ in range(7)] == [0] * 6 + [10]


async def test_only_the_last_keys_are_remembered():
    limit = RateLimit(1, most=100)
    for number in range(1000):
        await limit.wait(number)
    assert len(limit) == 100
    assert await limit.wait(999) > 0


@pytest.mark.parametrize(
    ("remote", "ip", "key"),
    [
        ("", "10.0.0.1", "10.0.0.1"),
        ("1.2.3.4", "10.0.0.1", "1.2.3.4"),
        ("[2001:db8:1:2:3:4:5:6]", "10.0.0.1", "2001:db8:1:2::/64"),
        ("", "2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("_verborgen", "10.0.0.1", "_verborgen"),
    ],
)
def test_addresses(remote, ip, key):
    assert address(SimpleNamespace(remote_addr=remote, ip=ip)) == key


# --- what is remembered ----------------------------------------------------------------------------------------------


async def _turn(conversations, session, message_id, size):
    async def ask(turn):
        turn.say({"text": "x" * size})

    turn = conversations.begin(conversations.of(session), message_id, "vraag", ask)
    await turn.task
    return turn


async def test_what_is_remembered_has_an_end():
    clock = Clock()
    conversations = Conversations(most_bytes=200_000, clock=clock)
    sessions = [Session(number.to_bytes(16, "big"), int(clock.now) + 100) for number in range(100)]
    for session in sessions:
        await _turn(conversations, session, "m", 10_000)
        assert conversations.weight <= 200_000
    assert 10 < len(conversations) < 20
    assert "m" in conversations.of(sessions[-1]).turns
    for number in range(50):
        await _turn(conversations, sessions[-1], f"n{number}", 10)
    assert len(conversations.of(sessions[-1]).turns) == 20
    clock.now += 200
    await _turn(conversations, Session(b"n" * 16, int(clock.now) + 100), "m", 10)
    assert len(conversations) == 1
    assert conversations.weight < 3000


async def test_a_conversation_that_is_being_answered_is_not_dropped():
    conversations = Conversations(most_bytes=1)
    session, gate = Session(b"a" * 16, 2**40), asyncio.Event()

    async def ask(turn):
        await gate.wait()
        turn.say({"text": "klaar"})

    conversation = conversations.of(session)
    turn = conversations.begin(conversation, "m", "vraag", ask)
    await asyncio.sleep(0)
    for number in range(5):
        await _turn(conversations, Session(bytes([number]) * 16, 2**40), "m", 10)
    assert conversations.of(session) is conversation
    gate.set()
    await turn.task
    assert turn.refusal is None


async def test_deleted_sessions_are_remembered_until_they_would_end():
    clock = Clock()
    conversations = Conversations(clock=clock)
    session = Session(b"a" * 16, int(clock.now) + 100)

    async def forget_it():
        return None

    await conversations.delete(conversations.of(session), forget_it)
    assert conversations.is_deleted(session)
    clock.now += 101
    await conversations.delete(conversations.of(Session(b"b" * 16, int(clock.now) + 100)), forget_it)
    assert not conversations.is_deleted(session)


# --- deleting from tracker stores ------------------------------------------------------------------------------------


async def _kept(store: TrackerStore) -> set[str]:
    for sender in ("a", "b"):
        await store.save(DialogueStateTracker(sender, []))
    return set(await store.keys())


@pytest.mark.parametrize("make", [RecentTrackerStore, InMemoryTrackerStore])
async def test_a_conversation_is_deleted_behind_rasas_wrappers(make):
    inner = make(Domain.empty())
    store = FailSafeTrackerStore(AwaitableTrackerStore(inner))
    assert await _kept(store) == {"a", "b"}
    await _kept(store.fallback_tracker_store)
    await forget(store, "a")
    assert set(await store.keys()) == {"b"}
    assert set(await store.fallback_tracker_store.keys()) == {"b"}
    await forget(store, "nooit gezien")


async def test_a_store_without_deletion_says_so():
    class Other(TrackerStore):
        pass

    with pytest.raises(CannotForget, match="Other"):
        await forget(FailSafeTrackerStore(Other(Domain.empty())), "a")


# --- verdicts --------------------------------------------------------------------------------------------------------

GOOD = Verdict("functie.schaal", "answered", "functieboek-ommen", True)


def test_verdicts_go_after_a_year(tmp_path, monkeypatch):
    kept = Feedback(tmp_path / "oordelen.db")
    monkeypatch.setattr(
        feedback, "_now", lambda shift=None: "2020-01-01T00:00Z" if shift is None else "2019-01-01T00:00Z"
    )
    kept.add(GOOD)
    monkeypatch.undo()
    kept.add(GOOD)
    assert [row["id"] for row in kept.all()] == [2]


def test_there_are_never_more_verdicts_than_fit(tmp_path, monkeypatch):
    monkeypatch.setattr(feedback, "MOST_KEPT", 3)
    kept = Feedback(tmp_path / "map" / "oordelen.db")
    rows = [kept.add(GOOD) for _ in range(5)]
    assert [row["id"] for row in kept.all()] == rows[:1:-1]
    assert (tmp_path / "map" / "oordelen.db").stat().st_mode & 0o077 == 0


def test_a_verdict_that_is_gone_is_kept_anew(tmp_path):
    kept = Feedback(tmp_path / "oordelen.db")
    assert kept.add(GOOD, 17) == 1
    kept.wipe([1, 99])
    assert len(kept.all()) == 1


@pytest.fixture
def verdicts(tmp_path, monkeypatch):
    monkeypatch.setenv("LOOPBAAN_OORDELEN", str(tmp_path / "oordelen.db"))
    return Feedback(tmp_path / "oordelen.db")


def test_editors_read_the_verdicts(verdicts):
    assert CliRunner().invoke(cli, ["oordelen"]).output == "Er zijn nog geen oordelen.\n"
    verdicts.add(GOOD)
    verdicts.add(
        Verdict("schaal.salaris", "answered", "tabel", False, "=1+1;\x1b[31m", "mijn vraag", "regel 1\n\nregel 2")
    )
    shown = CliRunner().invoke(cli, ["oordelen"])
    assert shown.exit_code == 0
    assert "2 oordelen: 1 goed, 1 slecht." in shown.output
    assert "woord: =1+1;[31m" in shown.output and "vraag: mijn vraag" in shown.output
    assert "\x1b" not in shown.output
    bad = CliRunner().invoke(cli, ["oordelen", "--slecht"]).output
    assert "schaal.salaris" in bad and "functie.schaal" not in bad
    rows = list(csv.DictReader(io.StringIO(CliRunner().invoke(cli, ["oordelen", "--csv"]).output), delimiter=";"))
    assert [(row["oordeel"], row["woord"]) for row in rows] == [("slecht", "'=1+1;[31m"), ("goed", "")]


# --- settings --------------------------------------------------------------------------------------------------------


def test_settings_from_the_environment(monkeypatch, tmp_path):
    assert WebSettings.from_environment().oorsprongen == frozenset()
    for name, value in {
        "GEHEIM": "s" * 32,
        "TITEL": "Vraagbaak",
        "OORSPRONGEN": "https://Intranet.gemeente.nl/, http://localhost:8080,",
        "PER_SESSIE": "5",
        "PROXYS": "0",
        "OORDELEN": str(tmp_path / "x.db"),
    }.items():
        monkeypatch.setenv(f"LOOPBAAN_{name}", value)
    found = WebSettings.from_environment()
    assert found.oorsprongen == {"https://intranet.gemeente.nl", "http://localhost:8080"}
    assert (found.titel, found.per_sessie, found.per_adres, found.proxys) == ("Vraagbaak", 5, 300, 0)
    assert found.oordelen == tmp_path / "x.db"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GEHEIM", "kort"),
        ("OORSPRONGEN", "*"),
        ("OORSPRONGEN", "intranet.gemeente.nl"),
        ("OORSPRONGEN", "https://a.nl/pad"),
        ("OORSPRONGEN", "https://a.nl; script-src *"),
        ("PER_SESSIE", "0"),
        ("PER_ADRES", "veel"),
        ("PROXYS", "-1"),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_start_with_its_name(monkeypatch, tmp_path, name, value):
    monkeypatch.setenv(f"LOOPBAAN_{name}", value)
    with pytest.raises(SettingError, match=f"LOOPBAAN_{name}"):
        WebInput.from_credentials(None)
    (tmp_path / "model.tar.gz").write_bytes(b"")
    monkeypatch.setenv("LOOPBAAN_MODELLEN", str(tmp_path))
    result = CliRunner().invoke(cli, ["run", "--port", "5229"])
    assert result.exit_code == 1
    assert f"LOOPBAAN_{name}" in result.output


def test_a_secret_that_is_not_set_is_told_once(caplog, tmp_path):
    WebInput(WebSettings(oordelen=tmp_path / "x.db"))
    assert len(caplog.records) == 1
    assert "LOOPBAAN_GEHEIM" in caplog.text
    caplog.clear()
    WebInput(WebSettings(geheim="s" * 32, oordelen=tmp_path / "x.db"))
    assert caplog.text == ""


# --- texts -----------------------------------------------------------------------------------------------------------


def test_our_own_markdown_as_html():
    assert as_html("Een & **twee**\n\n- <b>\n- **d**") == (
        "<p>Een &amp; <strong>twee</strong></p>\n<ul>\n<li>&lt;b&gt;</li>\n<li><strong>d</strong></li>\n</ul>"
    )


@pytest.mark.parametrize("text", ["/a", " / /a", "/\t/a", "\\\n/a", "a"])
def test_harmless(text):
    assert harmless(text) == "a"


def test_every_setting_is_in_the_manual():
    read = set(re.findall(r"LOOPBAAN_[A-Z_]+", (ROOT / "bot" / "settings.py").read_text(encoding="utf-8")))
    pages = [ROOT / "docs" / "beheer.md", *(ROOT / "docs" / "beheer").glob("*.md")]
    manual = "".join(page.read_text(encoding="utf-8") for page in pages)
    short = {"LOOPBAAN_CONTACT_EMAIL", "LOOPBAAN_CONTACT_PAGINA"}
    assert {name for name in read - short if f"`{name}`" not in manual} == set()
