"""Is a request really from Teams, meant for this bot, and from an organisation of ours?

The rules are those of Microsoft's page "Authentication with the Bot Connector API", and stricter where a government's bot
needs no more: one algorithm, one channel, hosts and tenants by a list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import jwt

from bot.channels.teams.keys import SigningKeys
from bot.settings import TeamsSettings, is_address

SKEW = 5 * 60
"""Seconds that clocks may differ."""
CHANNEL = "msteams"
ALGORITHM = "RS256"

_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")
_NEEDED = ["exp", "iss", "aud", "serviceurl"]


class Refused(Exception):
    """A request that isn't answered; the message says why, for the log, without what was in it."""


class Verifier:
    """Checks the token of a request, and its body against the token."""

    def __init__(self, teams: TeamsSettings, keys: SigningKeys) -> None:
        self._teams = teams
        self._keys = keys

    async def claims(self, authorization: str) -> dict[str, Any]:
        """What the token in an Authorization header says. Raises Refused; KeysUnavailable when it can't be checked now."""
        found = _BEARER.fullmatch(authorization.strip())
        if found is None:
            raise Refused("no bearer token")
        token = found[1]
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, RecursionError) as error:
            raise Refused("the token can't be read") from error
        if header.get("alg") != ALGORITHM:
            raise Refused("another algorithm than RS256")
        key_id = header.get("kid")
        if not isinstance(key_id, str) or not key_id:
            raise Refused("no key id")
        # Before anything is fetched: what can't be right anyway costs no request of ours.
        self._decoded(token, None)
        key = await self._keys.get(key_id)
        if key is None:
            raise Refused("an unknown key")
        if key.channels is not None and CHANNEL not in key.channels:
            raise Refused("a key that does not speak for Teams")
        return self._decoded(token, key.public)

    def check_body(self, claims: Mapping[str, Any], activity: Mapping[str, Any]) -> None:
        """Whether the body belongs to the token, and comes from an organisation of ours. Raises Refused."""
        service_url = activity.get("serviceUrl")
        if not isinstance(service_url, str) or service_url != claims.get("serviceurl"):
            raise Refused("another serviceUrl than the token's")
        if not is_address(service_url, self._teams.hosts):
            raise Refused("a serviceUrl at a host that is not on the list")
        if activity.get("channelId") != CHANNEL:
            raise Refused("another channel than Teams")
        tenants = set(_tenants(activity))
        if not tenants or not tenants <= self._teams.tenants:
            raise Refused("another tenant")

    def _decoded(self, token: str, key: Any) -> dict[str, Any]:
        """The claims, checked; without a key all but the signature."""
        options: Any = {
            "verify_signature": key is not None,
            "require": _NEEDED,
            "strict_aud": True,
            **dict.fromkeys(("verify_exp", "verify_nbf", "verify_aud", "verify_iss"), True),
        }
        try:
            found: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=self._teams.app_id,
                issuer=self._teams.uitgever,
                leeway=SKEW,
                options=options,
            )
        except (jwt.PyJWTError, RecursionError) as error:
            raise Refused(type(error).__name__) from error
        return found


def _tenants(activity: Mapping[str, Any]) -> list[str]:
    """The organisations that an activity names; in Teams both places say the same one."""
    conversation, data = activity.get("conversation"), activity.get("channelData")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    named = [
        conversation.get("tenantId") if isinstance(conversation, dict) else None,
        tenant.get("id") if isinstance(tenant, dict) else None,
    ]
    return [str(name).lower() for name in named if name is not None]
