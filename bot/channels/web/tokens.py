"""Tokens of sessions and payloads of buttons: made by the server, signed, so that nobody else can make them."""

from __future__ import annotations

import binascii
import hmac
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

_ID = 16
_EXPIRY = 8


@dataclass(frozen=True)
class Session:
    """A session: 128 random bits, and when it ends (unix seconds)."""

    id: bytes
    expires: int


class Signer:
    """Makes and checks what is signed with one secret; without a secret it makes one up, for as long as it lives."""

    def __init__(self, secret: str | None, lifetime: int, clock: Callable[[], float] = time.time) -> None:
        self._key = secret.encode() if secret else secrets.token_bytes(32)
        self._lifetime = lifetime
        self._clock = clock

    def mint(self) -> tuple[str, Session]:
        """A new session with its token."""
        session = Session(secrets.token_bytes(_ID), int(self._clock()) + self._lifetime)
        body = session.id + session.expires.to_bytes(_EXPIRY, "big")
        return _text(body + self._mac("sessie", body)), session

    def session(self, token: str) -> Session | None:
        """The session of a token; None when it isn't ours or is over."""
        raw = _bytes(token)
        body, signature = raw[: _ID + _EXPIRY], raw[_ID + _EXPIRY :]
        if not hmac.compare_digest(signature, self._mac("sessie", body)):
            return None
        session = Session(body[:_ID], int.from_bytes(body[_ID:], "big"))
        return session if session.expires > self._clock() else None

    def sender(self, session: Session) -> str:
        """The conversation's id in the tracker store. Whoever reads it there can't use it as a token."""
        return "web-" + self._mac("gesprek", session.id).hex()[:32]

    def button(self, session: Session, question: str) -> str:
        """The payload of a button that asks a question in one session."""
        return f"{_text(question.encode())}.{_text(self._mac('knop', session.id + question.encode()))}"

    def question(self, session: Session, payload: str) -> str | None:
        """The question behind a button's payload; None when the button wasn't given to this session."""
        body, _, signature = payload.partition(".")
        question = _bytes(body)
        if not hmac.compare_digest(_bytes(signature), self._mac("knop", session.id + question)):
            return None
        return question.decode()

    def _mac(self, purpose: str, body: bytes) -> bytes:
        """The signature of a body for one purpose, so that one kind of thing can't pass for another."""
        return hmac.new(self._key, purpose.encode() + b"\0" + body, sha256).digest()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """The bytes behind text of `_text`; none when it is something else."""
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, UnicodeEncodeError):
        return b""
