"""What must be right in production: told in Dutch, without a secret, and refused at the start."""

from __future__ import annotations

import os
import re

import pytest
from click.testing import CliRunner

from bot import productie, server, training
from bot.cli import cli
from bot.settings import ROOT
from bot.stores import places

SECRET = "9f2c4b7e1a6d8035c7e9b1f4a2d6083e"
PASSWORD = "Zk7pQw2mXr9tLb4v"


@pytest.fixture
def good(monkeypatch, tmp_path):
    """An environment in which nothing is wrong, on one machine. Returns what changes it."""
    for name in list(os.environ):
        if name.startswith("LOOPBAAN_") or name in ("LOG_LEVEL", "SANIC_WORKERS"):
            monkeypatch.delenv(name)
    # Whether the model is up to date isn't what these tests are about.
    monkeypatch.setattr(training, "stamp_of_model", lambda folder: {"inhoud": "x"})
    monkeypatch.setattr(training, "training_stamp", lambda settings: {"inhoud": "x"})

    def change(**settings: str | None) -> None:
        for name, value in settings.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)

    change(
        LOOPBAAN_GEHEIM=SECRET,
        LOOPBAAN_PROXYS="1",
        LOOPBAAN_GESPREKKEN=str(tmp_path / "gesprekken.db"),
        LOOPBAAN_OORDELEN=str(tmp_path / "oordelen.db"),
    )
    return change


MORE_MACHINES = {
    "LOOPBAAN_GESPREKKEN": f"postgresql://loopbaan:{PASSWORD}@db.intern/loopbaan",
    "LOOPBAAN_REDIS": f"redis://:{PASSWORD}@redis.intern:6379/0",
}


def test_one_machine_and_more_machines_are_fine(good):
    assert productie.wrong_settings() == []
    good(**MORE_MACHINES)
    assert productie.wrong_settings() == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"LOOPBAAN_GEHEIM": None}, "LOOPBAAN_GEHEIM ontbreekt"),
        ({"LOOPBAAN_GEHEIM": "kort"}, "LOOPBAAN_GEHEIM is te kort"),
        ({"LOOPBAAN_GEHEIM": "a" * 40}, "LOOPBAAN_GEHEIM is te raden"),
        ({"LOOPBAAN_GEHEIM": "verander-mij-0123456789-abcdefghij"}, "LOOPBAAN_GEHEIM is te raden"),
        ({"LOOPBAAN_PROXYS": None}, "LOOPBAAN_PROXYS ontbreekt"),
        ({"LOOPBAAN_PROXYS": "veel"}, "LOOPBAAN_PROXYS moet een heel getal"),
        ({"LOOPBAAN_OORSPRONGEN": "http://intranet.gemeente.nl"}, "geen https"),
        ({"LOOPBAAN_OORDELEN": "/bestaat/niet/oordelen.db"}, "kan de bot niet schrijven"),
        ({"LOOPBAAN_GESPREKKEN": None}, "LOOPBAAN_GESPREKKEN ontbreekt"),
        ({"LOOPBAAN_GESPREKKEN": "geheugen"}, "bewaart niets"),
        ({"LOOPBAAN_GESPREKKEN": "/bestaat/niet/gesprekken.db"}, "kan de bot niet schrijven"),
        ({"LOOPBAAN_GESPREKKEN": "mysql://a:b@c/d"}, "LOOPBAAN_GESPREKKEN moet een pad zijn"),
        ({"LOOPBAAN_REDIS": "redis://localhost"}, "haal LOOPBAAN_REDIS weg"),
        ({**MORE_MACHINES, "LOOPBAAN_REDIS": None}, "LOOPBAAN_REDIS ontbreekt"),
        ({**MORE_MACHINES, "LOOPBAAN_REDIS": "redis://redis.intern"}, "Redis heeft geen of een te kort wachtwoord"),
        ({**MORE_MACHINES, "LOOPBAAN_REDIS": "http://redis.intern"}, "LOOPBAAN_REDIS moet een adres zijn"),
        (
            {**MORE_MACHINES, "LOOPBAAN_GESPREKKEN": "postgresql://u:wachtwoord@db/x"},
            "Het wachtwoord in LOOPBAAN_GESPREKKEN",
        ),
        ({"LOOPBAAN_DB_VERBINDINGEN": "500"}, "LOOPBAAN_DB_VERBINDINGEN moet een heel getal van 1 tot en met 50"),
        ({"LOG_LEVEL": "debug"}, "LOG_LEVEL=DEBUG"),
        ({"SANIC_WORKERS": "4"}, "SANIC_WORKERS moet 1 zijn"),
        ({"LOOPBAAN_ACTIES_URL": "ergens"}, "LOOPBAAN_ACTIES_URL"),
        ({"LOOPBAAN_SLACK_TOKEN": "xoxb-1"}, "Slack: stel LOOPBAAN_SLACK_GEHEIM in"),
        ({"LOOPBAAN_TEAMS_APP_ID": "1"}, "Teams: stel LOOPBAAN_TEAMS_GEHEIM, LOOPBAAN_TEAMS_TENANT in"),
    ],
)
def test_what_is_wrong_is_told_and_stops_the_start(good, settings, told):
    good(**settings)
    found = productie.wrong_settings()
    assert len(found) == 1 and told in found[0], found
    with pytest.raises(server.CannotStart, match="Zo start de bot niet in productie"):
        server.serve(0, in_production=True)


def test_no_secret_is_ever_shown(good):
    good(
        **MORE_MACHINES,
        LOOPBAAN_GEHEIM="x" + SECRET[:20],
        LOOPBAAN_SLACK_TOKEN="xoxb-zeergeheim",
        LOOPBAAN_SLACK_GEHEIM="nietgoed-zeergeheim",
    )
    shown = " ".join(check.tekst for check in productie.settings_checks())
    assert not re.search(f"{PASSWORD}|{SECRET[:20]}|zeergeheim", shown)


def test_a_model_that_does_not_fit_is_told(good, monkeypatch):
    monkeypatch.setattr(training, "training_stamp", lambda settings: {"inhoud": "anders"})
    assert "de kennisbank is anders" in productie.wrong_settings()[0]
    monkeypatch.setattr(training, "stamp_of_model", lambda folder: None)
    assert "er is geen model" in productie.wrong_settings()[0]


def test_the_open_channel_is_refused(good):
    found = productie.wrong_settings(ROOT / "credentials.yml")
    assert len(found) == 1 and "bot.channels.rest.LocalRestInput staat open" in found[0]


def test_the_environment_asks_for_production_too(good):
    good(LOOPBAAN_PRODUCTIE="1", LOOPBAAN_GEHEIM=None)
    result = CliRunner().invoke(cli, ["run"])
    assert result.exit_code == 1 and "LOOPBAAN_GEHEIM ontbreekt" in result.output


def test_the_stores_are_those_of_the_file(good):
    store, locks = places.from_file(productie.ENDPOINTS)
    assert (store.type, store.url) == ("bot.stores.EventStore", os.environ["LOOPBAAN_GESPREKKEN"])
    assert locks.type == "bot.stores.LocalLocks"
    good(**MORE_MACHINES)
    store, locks = places.from_file(productie.ENDPOINTS)
    assert (store.url, locks.url) == (MORE_MACHINES["LOOPBAAN_GESPREKKEN"], MORE_MACHINES["LOOPBAAN_REDIS"])
    assert locks.type == "bot.stores.RedisLocks"


def test_the_files_for_production_hold_no_secret_and_no_address():
    for path in (productie.ENDPOINTS, productie.CREDENTIALS):
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
        values = [line.partition(":")[2].strip() for line in lines]
        assert all(not value or value.startswith(("${LOOPBAAN_", "bot.stores.")) for value in values)


def test_the_check_ends_with_1_and_names_what_is_gone(good):
    good(LOOPBAAN_GESPREKKEN=f"postgresql://u:{PASSWORD}@127.0.0.1:1/x", LOOPBAAN_REDIS="redis://127.0.0.1:1/0")
    result = CliRunner().invoke(cli, ["controleer", "productie", "--url", "http://127.0.0.1:1"])
    assert result.exit_code == 1
    wrong = [line for line in result.output.splitlines() if line.startswith("FOUT")]
    assert [line.split()[1] for line in wrong] == ["Database:", "Redis:"]
    assert PASSWORD not in result.output and "Niet goed: 2." in result.output


def test_the_check_ends_with_0_when_all_is_well(good, postgres, redis):
    good(LOOPBAAN_GESPREKKEN=postgres.url, LOOPBAAN_REDIS=redis.url)
    result = CliRunner().invoke(cli, ["controleer", "productie", "--url", "http://127.0.0.1:1"])
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "Alles klopt."), result.output
