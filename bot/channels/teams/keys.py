"""The public keys that the Bot Framework signs its tokens with: fetched when first needed, kept, renewed."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from bot.channels.deliveries import Outgoing, Undelivered

logger = logging.getLogger(__name__)

RENEW_AFTER = 24 * 3600
"""Seconds after which the keys are fetched again."""
USABLE_FOR = 5 * 24 * 3600
"""Seconds that the last keys stay in use when they can't be fetched, as in Microsoft's own libraries."""
PAUSE = 60
"""Seconds between two fetches for keys that aren't known: made-up key ids must not become a stream of requests."""
SMALLEST_KEY = 2048


class KeysUnavailable(Exception):
    """The keys can't be fetched now; the message says why."""


@dataclass(frozen=True)
class Key:
    """A key, and the channels that it may speak for (None: not said)."""

    public: RSAPublicKey
    channels: frozenset[str] | None


class SigningKeys:
    """The keys by their id."""

    def __init__(self, openid_url: str, outgoing: Outgoing, clock: Callable[[], float] = time.monotonic) -> None:
        self._openid_url = openid_url
        self._outgoing = outgoing
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._fetched: float | None = None
        self._tried: float | None = None
        self._lock = asyncio.Lock()

    async def get(self, key_id: str) -> Key | None:
        """The key with this id; None when the Bot Framework has no such key. Raises KeysUnavailable."""
        if self._age(self._fetched) > RENEW_AFTER or key_id not in self._keys:
            async with self._lock:  # many messages at once make one request
                await self._renew(key_id)
        return self._keys.get(key_id)

    async def _renew(self, key_id: str) -> None:
        known = key_id in self._keys and self._age(self._fetched) <= USABLE_FOR
        if known and self._age(self._fetched) <= RENEW_AFTER:
            return  # somebody else just did it
        if self._age(self._tried) < PAUSE:
            if self._fetched is None or (key_id in self._keys and not known):
                raise KeysUnavailable("tried a moment ago")
            return
        self._tried = self._clock()
        try:
            self._keys = await self.fetch()
            self._fetched = self._clock()
        except KeysUnavailable:
            if self._fetched is None:
                self._tried = None  # nothing works yet: the next message may try at once
            if not known:
                raise
            logger.warning("the keys of the Bot Framework could not be renewed; the last ones stay in use")

    async def fetch(self) -> dict[str, Key]:
        """Fetch all keys now. Raises KeysUnavailable."""
        address = (await self._json(self._openid_url)).get("jwks_uri")
        # The keys decide who may talk to the bot, so the document can't send us to just any place for them.
        if not isinstance(address, str) or urlsplit(address)[:2] != urlsplit(self._openid_url)[:2]:
            raise KeysUnavailable("the OpenID document names no keys at its own address")
        listed = (await self._json(address)).get("keys")
        found = dict(filter(None, map(_key, listed if isinstance(listed, list) else [])))
        if not found:
            raise KeysUnavailable("no usable keys in the list")
        return found

    def _age(self, moment: float | None) -> float:
        return float("inf") if moment is None else self._clock() - moment

    async def _json(self, url: str) -> dict[str, Any]:
        try:
            found = json.loads((await self._outgoing.request("GET", url)).body)
        except Undelivered as error:
            raise KeysUnavailable(str(error)) from error
        except ValueError as error:
            raise KeysUnavailable("not JSON") from error
        if not isinstance(found, dict):
            raise KeysUnavailable("not a JSON object")
        return found


def _key(listed: Any) -> tuple[str, Key] | None:
    """A key of the list with its id; None when it isn't one to check signatures with."""
    if not isinstance(listed, dict) or listed.get("kty") != "RSA" or listed.get("use", "sig") != "sig":
        return None
    key_id, channels = listed.get("kid"), listed.get("endorsements")
    try:
        public = jwt.PyJWK(listed, algorithm="RS256").key
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    if not isinstance(key_id, str) or not isinstance(public, RSAPublicKey) or public.key_size < SMALLEST_KEY:
        return None
    return key_id, Key(public, frozenset(map(str, channels)) if isinstance(channels, list) else None)
