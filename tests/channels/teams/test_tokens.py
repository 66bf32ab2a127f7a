"""Who may talk to the bot: every kind of token and body that isn't from Teams gets a 401 and sets nothing in motion."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode

import jwt
import pytest

from bot.channels.teams import keys
from tests.channels.teams.microsoft import KEY, OTHER_KEY, OTHER_TENANT, TENANT, make_key, public


def unsigned(microsoft):
    return jwt.encode(microsoft.claims(), None, algorithm="none", headers={"kid": "sleutel-1"})


def with_public_key_as_secret(microsoft):
    """The classic mix-up: HS256, keyed with what everybody can read."""
    modulus = public(KEY, "sleutel-1")["n"]
    return microsoft.token(key=modulus, algorithm="HS256")


def tampered(microsoft):
    head, _, signature = microsoft.token().split(".")
    _, other, _ = microsoft.token(exp=int(time.time()) + 9999).split(".")
    return f"{head}.{other}.{signature}"


def very_deep(part):
    """A header or body of lists in lists, deeper than Python can follow."""
    deep = urlsafe_b64encode(b'{"alg":"RS256","kid":"sleutel-1","a":' + b"[" * 2000 + b"]" * 2000 + b"}").decode()
    head = urlsafe_b64encode(b'{"alg":"RS256","kid":"sleutel-1"}').decode()
    return (f"{deep}.e30.e30" if part == "header" else f"{head}.{deep}.e30").replace("=", "")


BAD_TOKENS = {
    "deep header": lambda m: very_deep("header"),
    "deep claims": lambda m: very_deep("claims"),
    "no token": lambda m: "",
    "not a token": lambda m: "abc",
    "wrong issuer": lambda m: m.token(iss="https://sts.windows.net/x/"),
    "no issuer": lambda m: m.token(iss=None),
    "wrong audience": lambda m: m.token(aud="66666666-2222-3333-4444-555555555555"),
    "several audiences": lambda m: m.token(aud=["11111111-2222-3333-4444-555555555555", "x"]),
    "no audience": lambda m: m.token(aud=None),
    "expired": lambda m: m.token(exp=int(time.time()) - 301),
    "without end": lambda m: m.token(exp=None),
    "not valid yet": lambda m: m.token(nbf=int(time.time()) + 400),
    "alg none": unsigned,
    "HS256": with_public_key_as_secret,
    "RS512": lambda m: m.token(algorithm="RS512"),
    "unknown kid": lambda m: m.token(kid="sleutel-9"),
    "missing kid": lambda m: m.token(kid=None),
    "wrong signature": lambda m: m.token(key=OTHER_KEY),
    "tampered": tampered,
    "no serviceurl": lambda m: m.token(serviceurl=None),
    "other serviceurl": lambda m: m.token(serviceurl="https://smba.trafficmanager.net/emea/"),
}


@pytest.mark.parametrize("kind", BAD_TOKENS)
async def test_a_bad_token_gets_nothing(world, kind):
    status, _ = await world.post(world.microsoft.message(), BAD_TOKENS[kind](world.microsoft))
    assert status == 401
    assert world.bot.seen == [] and world.microsoft.sent == []
    assert "token" not in world.microsoft.asked


@pytest.mark.parametrize(
    "kind", ["not a token", "wrong issuer", "wrong audience", "expired", "alg none", "missing kid"]
)
async def test_what_can_not_be_right_costs_no_request_for_keys(world, kind):
    await world.post(world.microsoft.message(), BAD_TOKENS[kind](world.microsoft))
    assert world.microsoft.asked == []


BAD_BODIES = {
    "other tenant": {
        "channelData": {"tenant": {"id": OTHER_TENANT}},
        "conversation": {"id": "a:1", "tenantId": OTHER_TENANT},
    },
    "two tenants": {"channelData": {"tenant": {"id": OTHER_TENANT}}},
    "no tenant": {"channelData": {}, "conversation": {"id": "a:1"}},
    "other serviceUrl": {"serviceUrl": "https://evil.example/"},
    "no serviceUrl": {"serviceUrl": None},
    "other channel": {"channelId": "emulator"},
}


@pytest.mark.parametrize("kind", BAD_BODIES)
async def test_a_body_that_does_not_fit_gets_nothing(world, kind):
    status, _ = await world.post(world.microsoft.message(**BAD_BODIES[kind]))
    assert status == 401
    assert world.bot.seen == [] and world.microsoft.sent == [] and "token" not in world.microsoft.asked


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://evil.trafficmanager.net/",
        "http://{host}@evil.example/",
        "http://{host}.evil.example/",
        "http://127.0.0.1:1/",
        "ftp://{host}/",
        "//{host}/",
    ],
)
async def test_even_a_signed_service_url_must_be_on_the_list(world, url):
    elsewhere = url.format(host=world.microsoft.host)
    token = world.microsoft.token(serviceurl=elsewhere)
    status, _ = await world.post(world.microsoft.message(serviceUrl=elsewhere), token)
    assert status == 401
    assert world.microsoft.sent == [] and "token" not in world.microsoft.asked


async def test_clocks_may_differ_five_minutes(world):
    now = int(time.time())
    for claims in ({"exp": now - 240}, {"nbf": now + 240}):
        status, _ = await world.post(world.microsoft.message(), world.microsoft.token(**claims))
        assert status == 200, claims
    await world.quiet()


async def test_a_key_must_speak_for_teams(world):
    world.microsoft.keys = [public(KEY, "sleutel-1", endorsements=["webchat"])]
    status, _ = await world.post(world.microsoft.message())
    assert status == 401


async def test_a_short_key_does_not_count(world):
    from cryptography.hazmat.primitives.asymmetric import rsa

    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    world.microsoft.keys.append(public(short, "kort"))
    status, _ = await world.post(world.microsoft.message(), world.microsoft.token(key=short, kid="kort"))
    assert status == 401


async def test_keys_are_fetched_once_and_again_for_an_unknown_one(world, monkeypatch):
    await world.say("een")
    await world.say("twee")
    assert world.microsoft.asked.count("keys") == 1
    new = make_key()
    world.microsoft.keys = [public(new, "sleutel-2")]
    # Just fetched: a stream of made-up ids must not become a stream of requests.
    for made_up in range(5):
        status, _ = await world.post(
            world.microsoft.message(), world.microsoft.token(key=new, kid=f"verzonnen-{made_up}")
        )
        assert status == 401
    assert world.microsoft.asked.count("keys") == 1
    monkeypatch.setattr(keys, "PAUSE", 0)
    status, _ = await world.post(world.microsoft.message("drie"), world.microsoft.token(key=new, kid="sleutel-2"))
    assert status == 200 and world.microsoft.asked.count("keys") == 2
    # The key that was withdrawn counts no more.
    assert (await world.post(world.microsoft.message("vier")))[0] == 401
    await world.quiet()


async def test_without_keys_it_starts_and_says_try_again(world):
    world.microsoft.down = True
    assert (await world.post(world.microsoft.message()))[0] == 503
    assert world.bot.seen == []
    world.microsoft.down = False
    await world.say("hallo")


async def test_old_keys_stay_in_use_for_days_when_new_ones_can_not_be_had(settings, microsoft):
    from bot.channels.deliveries import Outgoing, Patience

    now = 0.0
    outgoing = Outgoing("keys", Patience(tries=1))
    found = keys.SigningKeys(settings.openid_url, outgoing, clock=lambda: now)
    try:
        assert await found.get("sleutel-1") is not None
        microsoft.down = True
        for now in (keys.RENEW_AFTER + 1, keys.USABLE_FOR - 1):  # noqa: B007  - the clock reads it
            assert await found.get("sleutel-1") is not None
        now = keys.USABLE_FOR + 1000
        with pytest.raises(keys.KeysUnavailable):
            await found.get("sleutel-1")
        microsoft.down = False
        now += keys.PAUSE + 1
        assert await found.get("sleutel-1") is not None
    finally:
        await outgoing.close()


async def test_keys_come_from_nowhere_else(world):
    world.microsoft.jwks_url = f"{world.microsoft.url}/v1/.well-known/keys".replace("127.0.0.1", "localhost")
    assert (await world.post(world.microsoft.message()))[0] == 503


async def test_another_way_to_write_the_tenant_is_the_same_tenant(world):
    status, _ = await world.post(world.microsoft.message(channelData={"tenant": {"id": TENANT.upper()}}))
    assert status == 200
    await world.quiet()


async def test_no_token_and_no_secret_in_the_log(world, caplog):
    token = world.microsoft.token(iss="https://evil.example/geheim")
    await world.post(world.microsoft.message("mijn geheime vraag"), token)
    assert "refused" in caplog.text
    for secret in (token, "geheim", "evil"):
        assert secret not in caplog.text
