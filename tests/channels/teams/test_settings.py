"""The settings of the Teams channel, and what `loopbaan controleer teams` says of them."""

from __future__ import annotations

import pytest
from rasa.core.channels.channel import register
from sanic import Sanic

from bot.channels.off import OffChannel
from bot.channels.teams import TeamsInput, controle
from bot.settings import SettingError, TeamsSettings, is_address
from tests.channels.teams.microsoft import APP_ID, KEY, SECRET, TENANT, public

GOOD = {
    "LOOPBAAN_TEAMS_APP_ID": APP_ID,
    "LOOPBAAN_TEAMS_GEHEIM": SECRET,
    "LOOPBAAN_TEAMS_TENANT": TENANT,
}


@pytest.fixture
def env(monkeypatch):
    """Set the environment to some variables."""

    def use(**values):
        for name in ("APP_ID", "GEHEIM", "TENANT", "TENANTS", "HOSTS", "TOKEN_URL", "OPENID_URL", "UITGEVER"):
            monkeypatch.delenv(f"LOOPBAAN_TEAMS_{name}", raising=False)
        for name, value in {**GOOD, **values}.items():
            monkeypatch.setenv(name, value)

    return use


def test_three_settings_are_enough(env):
    env()
    found = TeamsSettings.from_environment()
    assert (found.app_id, found.tenant, found.tenants) == (APP_ID, TENANT, frozenset({TENANT}))
    assert found.token_url == f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
    assert found.hosts == {"smba.trafficmanager.net"}
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("APP_ID", "", "stel LOOPBAAN_TEAMS_APP_ID in"),
        ("GEHEIM", "", "stel LOOPBAAN_TEAMS_GEHEIM in"),
        ("TENANT", "", "stel LOOPBAAN_TEAMS_TENANT in"),
        ("APP_ID", "loopbaanbot", "LOOPBAAN_TEAMS_APP_ID moet een nummer zijn"),
        ("TENANT", "ommen.onmicrosoft.com", "LOOPBAAN_TEAMS_TENANT moet een nummer zijn"),
        ("GEHEIM", APP_ID, "neem de 'Value', niet de 'Secret ID'"),
        ("TENANTS", f"{TENANT}, *", "LOOPBAAN_TEAMS_TENANTS moet een nummer zijn"),
        ("HOSTS", "https://smba.trafficmanager.net", "is geen servernaam"),
        ("HOSTS", "*.trafficmanager.net", "is geen servernaam"),
        ("TOKEN_URL", "http://login.microsoftonline.com/x", "moet een adres met https:// zijn"),
        ("OPENID_URL", "file:///etc/passwd", "moet een adres met https:// zijn"),
    ],
)
def test_a_wrong_setting_stops_this_channel_only(env, caplog, name, value, said):
    env(**{f"LOOPBAAN_TEAMS_{name}": value})
    with pytest.raises(SettingError, match=said.replace("*", r"\*")):
        TeamsSettings.from_environment()
    channel = TeamsInput.from_credentials(None)
    assert isinstance(channel, OffChannel)
    assert said in caplog.text and SECRET not in caplog.text


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://smba.trafficmanager.net/emea/", True),
        ("https://SMBA.trafficmanager.net:443/emea/", True),
        ("http://smba.trafficmanager.net/emea/", False),
        ("https://smba.trafficmanager.net:8443/", False),
        ("https://smba.trafficmanager.net.evil.example/", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("https://evil.example#smba.trafficmanager.net/", False),
        ("https://evil.example\\@smba.trafficmanager.net/", False),
        ("https://[::1/", False),
        ("", False),
    ],
)
def test_where_answers_may_go(url, fine):
    assert is_address(url, {"smba.trafficmanager.net"}) is fine


async def said(url, env, microsoft, **values):
    local = {
        "LOOPBAAN_TEAMS_TOKEN_URL": f"{microsoft.url}/{TENANT}/oauth2/v2.0/token",
        "LOOPBAAN_TEAMS_OPENID_URL": f"{microsoft.url}/v1/.well-known/openidconfiguration",
        "LOOPBAAN_TEAMS_HOSTS": microsoft.host,
    }
    env(**{**local, **values})
    return [check async for check in controle.checks(url)]


def wrong(checks):
    return [check.tekst for check in checks if not check.goed]


async def test_when_all_is_well_it_says_so(world, env):
    found = await said(world.url, env, world.microsoft)
    assert wrong(found) == []
    assert [check.tekst.partition(":")[0] for check in found] == [
        "Instellingen",
        "Sleutels",
        "Klok",
        "Token",
        "Antwoorden",
        "Bot",
        "Beveiliging",
        "Beveiliging",
    ]
    assert world.bot.seen == [] and world.microsoft.sent == []


async def test_it_names_what_is_wrong(world, env):
    (mistake,) = wrong(await said(world.url, env, world.microsoft, LOOPBAAN_TEAMS_GEHEIM=""))
    assert "stel LOOPBAAN_TEAMS_GEHEIM in" in mistake
    world.microsoft.token_status = 401
    world.microsoft.reason = "AADSTS7000222: The provided client secret keys are expired. Trace ID: 1"
    (mistake,) = wrong(await said(world.url, env, world.microsoft))
    assert "het geheim is verlopen" in mistake
    world.microsoft.reason = "AADSTS1: iets anders Trace ID: 1"
    (mistake,) = wrong(await said(world.url, env, world.microsoft))
    assert mistake == "Token: Microsoft geeft er geen: AADSTS1: iets anders."
    world.microsoft.token_status = 200
    (mistake,) = wrong(await said("http://127.0.0.1:1", env, world.microsoft))
    assert "Draait de bot?" in mistake
    (mistake,) = wrong(await said(f"{world.url}/elders", env, world.microsoft))
    assert "credentials.yml" in mistake
    (mistake,) = wrong(await said(world.url, env, world.microsoft, LOOPBAAN_TEAMS_HOSTS="127.0.0.1:1"))
    assert "127.0.0.1:1 is niet te bereiken" in mistake
    world.microsoft.keys = [public(KEY, "x", endorsements=["webchat"])]
    (mistake,) = wrong(await said(world.url, env, world.microsoft))
    assert "geldt voor Teams" in mistake


async def test_it_names_what_can_not_be_reached(world, env):
    nowhere = "http://127.0.0.1:1/x"
    found = await said(
        world.url, env, world.microsoft, LOOPBAAN_TEAMS_OPENID_URL=nowhere, LOOPBAAN_TEAMS_TOKEN_URL=nowhere
    )
    keys, token = wrong(found)
    assert keys.startswith("Sleutels:") and token.startswith("Token:") and "HTTPS_PROXY" in keys + token


async def test_a_channel_that_is_off_is_named(env, microsoft, monkeypatch, unused_tcp_port):
    monkeypatch.setattr(Sanic, "test_mode", True)
    app = Sanic("teams_uit", configure_logging=False)
    register([OffChannel("teams", "stel iets in")], app, route="/webhooks/")
    server = await app.create_server(port=unused_tcp_port, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.start_serving()
    try:
        (mistake,) = wrong(await said(f"http://127.0.0.1:{unused_tcp_port}", env, microsoft))
        assert "het kanaal staat uit" in mistake
    finally:
        server.close()
