"""Microsoft on this machine: OpenID document, keys, tokens for the bot, and a Bot Connector that remembers what it got."""

from __future__ import annotations

import json
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

APP_ID = "11111111-2222-3333-4444-555555555555"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
OTHER_TENANT = "99999999-9999-9999-9999-999999999999"
SECRET = "waarde~van~het~geheim"
ISSUER = "https://api.botframework.com"
BOT = {"id": f"28:{APP_ID}", "name": "Loopbaanbot"}
ANNA = {"id": "29:anna", "name": "Anna", "aadObjectId": "0000000a-0000-0000-0000-000000000000"}
BEN = {"id": "29:ben", "name": "Ben", "aadObjectId": "0000000b-0000-0000-0000-000000000000"}


def make_key() -> rsa.RSAPrivateKey:
    """A key to sign with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(key: rsa.RSAPrivateKey, kid: str, **more: Any) -> dict[str, Any]:
    """The public half as it stands in the list."""
    listed = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {**listed, "use": "sig", "kid": kid, "endorsements": ["msteams", "webchat"], **more}


KEY = make_key()
OTHER_KEY = make_key()


@dataclass
class Sent:
    """A request that the Bot Connector got."""

    path: str
    token: str
    activity: dict[str, Any]
    moment: float


@dataclass
class Microsoft:
    """The servers, and what they saw. refusals: statuses (with headers) that the connector gives before it says yes."""

    url: str = ""
    keys: list[dict[str, Any]] = field(default_factory=lambda: [public(KEY, "sleutel-1")])
    jwks_url: str | None = None
    down: bool = False
    sent: list[Sent] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    refusals: deque[tuple[int, dict[str, str]]] = field(default_factory=deque)
    lifetime: int = 3600
    token_status: int = 200
    reason: str = "AADSTS7000215: Invalid client secret provided."

    @property
    def host(self) -> str:
        """Host and port."""
        return self.url.removeprefix("http://")

    @property
    def service_url(self) -> str:
        """The Bot Connector's address, as in activities."""
        return f"{self.url}/emea/{TENANT}/"

    @property
    def said(self) -> list[dict[str, Any]]:
        """The messages that arrived; not the typing."""
        return [sent.activity for sent in self.sent if sent.activity["type"] == "message"]

    def app(self) -> web.Application:
        """The servers as one application."""
        app = web.Application()
        app.router.add_get("/v1/.well-known/openidconfiguration", self._openid)
        app.router.add_get("/v1/.well-known/keys", self._keys)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_post("/emea/{tenant}/v3/conversations/{rest:.*}", self._activity)
        return app

    async def _openid(self, request: web.Request) -> web.Response:
        self.asked.append("openid")
        if self.down:
            return web.Response(status=503)
        return web.json_response({"issuer": ISSUER, "jwks_uri": self.jwks_url or f"{self.url}/v1/.well-known/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        self.asked.append("keys")
        return web.json_response({"keys": self.keys})

    async def _token(self, request: web.Request) -> web.Response:
        self.asked.append("token")
        self.forms.append({**(await request.post()), "tenant": request.match_info["tenant"]})  # type: ignore[dict-item]
        if self.token_status != 200:
            refusal = {"error": "invalid_client", "error_description": self.reason}
            return web.json_response(refusal, status=self.token_status)
        token = f"toegang-{len(self.forms)}"
        return web.json_response({"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token})

    async def _activity(self, request: web.Request) -> web.Response:
        activity = await request.json()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.refusals and activity["type"] == "message":
            status, headers = self.refusals.popleft()
            self.asked.append(f"refused {status}")
            return web.json_response({"error": {"code": "x"}}, status=status, headers=headers)
        self.sent.append(Sent(request.raw_path, token, activity, time.monotonic()))
        return web.json_response({"id": uuid.uuid4().hex}, status=201)

    # --- what Teams would send ---------------------------------------------------------------------------------

    def claims(self, **other: Any) -> dict[str, Any]:
        """A token's claims; None leaves one out."""
        now = int(time.time())
        found = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": now - 10,
            "exp": now + 3600,
            "serviceurl": self.service_url,
            **other,
        }
        return {name: value for name, value in found.items() if value is not None}

    def token(self, key: Any = KEY, kid: str | None = "sleutel-1", algorithm: str = "RS256", **claims: Any) -> str:
        """A signed token."""
        headers = {} if kid is None else {"kid": kid}
        return jwt.encode(self.claims(**claims), key, algorithm=algorithm, headers=headers)

    def message(self, text: str | None = "hallo", **other: Any) -> dict[str, Any]:
        """A message in a personal chat with Anna; None leaves a field out."""
        found = {
            "type": "message",
            "id": uuid.uuid4().hex,
            "timestamp": "2026-11-22T08:00:00.000Z",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": ANNA,
            "recipient": BOT,
            "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": "a:1anna"},
            "channelData": {"tenant": {"id": TENANT}},
            "entities": [{"locale": "nl-NL", "type": "clientInfo"}],
            "textFormat": "plain",
            "text": text,
            **other,
        }
        return {name: value for name, value in found.items() if value is not None}


def group(chat: str) -> dict[str, Any]:
    """A group chat."""
    return {"conversationType": "groupChat", "isGroup": True, "tenantId": TENANT, "id": f"19:{chat}@thread.v2"}


def thread(chat: str, message: str) -> dict[str, Any]:
    """A thread in a channel of a team."""
    found = f"19:{chat}@thread.tacv2;messageid={message}"
    return {"conversationType": "channel", "isGroup": True, "tenantId": TENANT, "id": found}


def mention(account: dict[str, Any]) -> dict[str, Any]:
    """The entity of a mention."""
    return {
        "type": "mention",
        "mentioned": {k: account[k] for k in ("id", "name")},
        "text": f"<at>{account['name']}</at>",
    }
