"""Made-up messages at every webhook: never a 500, never a hang, never a text in the log.

LOOPBAAN_FUZZ=5000 sets how many for each webhook; `benchmarks/fuzz.sh` runs that many. The seed is fixed, so what fails
fails again.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from tests.channels.teams.microsoft import TENANT
from tests.security.conftest import HOOKS, Answer, Town, slack_message

NUMBER = int(os.environ.get("LOOPBAAN_FUZZ", "250"))
AT_ONCE = 8
LONGEST = 30.0
"""Seconds for one request, on a machine that is busy with other things; on a quiet one it is a fraction of a second."""
MARK = "GEHEIMETEKST"
"""Stands in everything that is sent, so that it can be looked for in the log."""

ALPHABETS: tuple[Callable[[random.Random], str], ...] = (
    lambda r: chr(r.randrange(32, 127)),
    lambda r: chr(r.choice([r.randrange(0xD800), r.randrange(0xE000, 0x110000)])),
    lambda r: r.choice("\u202e\u200b\u0000\u0007\ufeff\u2028\u0301\ud83d\udc68\u200d\x7f\r\n\t\\\"'"),
    lambda r: r.choice("0123456789 .-+@/"),
    lambda r: r.choice(["adviseur", "schaal", " ", "?", "/restart", "{", "<!channel>", "<at>", "&lt;", "%s", "${x}", "' or 1=1"]),
    lambda r: r.choice("aàáâäåæçèéêëìíîïñòóôöùúûüÿßłőșțžđħı"),
)  # fmt: skip
SIZES = (0, 1, 5, 30, 200, 499, 501, 2000, 2001, 15_000, 70_000, 300_000)
WEIGHTS = (2, 4, 10, 20, 10, 3, 3, 2, 2, 1, 1, 0.3)


def text(r: random.Random) -> str:
    size = r.choices(SIZES, WEIGHTS)[0]
    alphabet = r.choice(ALPHABETS)
    start = MARK if r.random() < 0.9 else r.choice(["/", "//", " /restart ", '/vraag_schaal{"functie":"x"} ']) + MARK
    return (start + "".join(alphabet(r) for _ in range(min(size, 2500))) * (1 + size // 2500))[: max(size, len(start))]


def value(r: random.Random, depth: int = 0) -> Any:
    """Any JSON."""
    kind = r.randrange(9 if depth < 4 else 6)
    if kind < 2:
        return text(r)
    if kind < 6:
        return r.choice([None, True, False, 0, -1, 1.5, 10**30, 1e308, "", MARK])
    if kind == 6:
        return [value(r, depth + 1) for _ in range(r.randrange(4))]
    names = ["text", "message", "sender", "tekst", "id", "type", "event", "value", "__proto__", MARK, "é"]
    return {r.choice(names): value(r, depth + 1) for _ in range(r.randrange(5))}


def changed(r: random.Random, found: Any) -> Any:
    """The same JSON with a part or two replaced, removed or added."""
    if isinstance(found, dict) and found:
        name = r.choice(list(found))
        way = r.randrange(4)
        if way == 0:
            return {key: part for key, part in found.items() if key != name}
        if way == 1:
            return {**found, name: value(r)}
        if way == 2:
            return {**found, r.choice(["sender_id", "metadata", "input_channel", MARK]): value(r)}
        return {**found, name: changed(r, found[name])}
    return value(r)


def body(r: random.Random, message: Any) -> bytes:
    """A body: mostly a message or something like it, sometimes anything."""
    way = r.random()
    if way < 0.5:
        return json.dumps(message, ensure_ascii=r.random() < 0.5).encode("utf-8", "surrogatepass")
    if way < 0.8:
        for _ in range(r.randrange(1, 4)):
            message = changed(r, message)
        return json.dumps(message).encode()
    if way < 0.87:
        whole = json.dumps(message).encode()
        return whole[: r.randrange(len(whole) + 1)] + MARK.encode()
    if way < 0.94:
        return MARK.encode() + r.randbytes(r.choice([0, 1, 10, 1000, 60_000]))
    return r.choice([b"[" * 20_000, b'{"a":' * 5000, b"null", b"[]", b'"' + MARK.encode() + b'"', b"\xff\xfe\x00", b"1e400", b"NaN", b""])  # fmt: skip


def headers(r: random.Random) -> dict[str, str]:
    if r.random() < 0.8:
        return {}
    return r.choice(
        [
            {"Content-Type": "text/plain"},
            {"Content-Type": "application/x-www-form-urlencoded"},
            {"Content-Type": "multipart/form-data"},
            {"Content-Type": f"application/json; charset={MARK}"},
            {"Content-Type": ""},
            {"Accept": "text/html"},
            {"Accept-Language": MARK * 20},
            {"Cookie": f"a={MARK}"},
            {"X-Forwarded-For": MARK},
            {"Origin": f"https://{MARK}.nl"},
            {"Authorization": f"Bearer {MARK}"},
            {"X-Slack-Signature": f"v0={MARK}"},
            {"X-Request-ID": MARK},
        ]
    )


async def send(town: Town, hook: str, r: random.Random, token: str) -> Answer:
    """One made-up message."""
    said = text(r)
    if hook == "rest":
        return await town.rest(
            body(r, {"sender": said[:50] if r.random() < 0.5 else uuid.uuid4().hex, "message": said}), **headers(r)
        )
    if hook == "web":
        message = {"id": uuid.uuid4().hex, "tekst": said} if r.random() < 0.8 else {"id": said[:70], "knop": said}
        if r.random() < 0.15:
            path = r.choice(["sessie", "oordeel", "gesprek", "begin", "widget.js", quote(said[:50], errors="replace")])
            # Of a session of its own: it may be deleted.
            own = {"Content-Type": "application/json", "Authorization": f"Bearer {await town.session()}"}
            more = {**own, **headers(r)}
            method = r.choice(["POST", "DELETE", "GET", "PUT", "OPTIONS"])
            return await town.call(method, f"/webhooks/web/{path}", data=body(r, message), headers=more)
        return await town.web(body(r, message), token, **headers(r))
    if hook == "slack":
        if r.random() < 0.2:
            payload = {"type": "block_actions", "actions": [{"action_id": "vraag-0", "value": said, "block_id": "b"}],
                       "user": {"id": "U1"}, "channel": {"id": "C1"}, "container": {"message_ts": uuid.uuid4().hex},
                       "message": {"text": said, "blocks": []}}  # fmt: skip
            form = b"payload=" + quote(body(r, payload)).encode()
            return await town.slack_event(form, **{**headers(r), "Content-Type": "application/x-www-form-urlencoded"})
        secret = {} if r.random() < 0.95 else {"secret": "f" * 32}
        return await town.slack_event(body(r, slack_message(said, f"U{r.randrange(1000)}")), **secret, **headers(r))
    activity = town.microsoft.message(said, conversation={"conversationType": "personal", "tenantId": TENANT, "id": f"a:{r.randrange(1000)}"})  # fmt: skip
    token = None if r.random() < 0.95 else f"{MARK}.{MARK}.{MARK}"
    return await town.teams(body(r, activity), token, **headers(r))


async def said_after(town: Town, hook: str) -> Answer:
    """What is said when it is over; over a new connection when the old one lay idle so long that it was closed."""
    try:
        return await town.say(hook, "hallo")
    except aiohttp.ClientOSError:
        return await town.say(hook, "hallo")


@pytest.mark.parametrize("hook", HOOKS)
async def test_made_up_messages(town, hook, record_property):
    token = await town.session() if hook == "web" else ""
    statuses: Counter[int] = Counter()
    slowest = 0.0
    numbers = iter(range(NUMBER))

    async def worker() -> None:
        nonlocal slowest
        for number in numbers:
            r = random.Random(f"{hook} {number}")
            answer = await asyncio.wait_for(send(town, hook, r, token), 60)
            statuses[answer.status] += 1
            slowest = max(slowest, answer.seconds)
            assert answer.status < 500, (hook, number, answer.text[:300], town.log.getvalue()[-2000:])
            assert answer.headers["X-Content-Type-Options"] == "nosniff", (hook, number)

    begun = time.monotonic()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    await town.quiet()
    took = time.monotonic() - begun
    print(f"{hook}: {NUMBER} messages in {took:.1f} s, slowest {slowest:.2f} s, {dict(sorted(statuses.items()))}, "
          f"{len(town.bot.seen)} reached the bot, {len(town.log.getvalue())} signs of log")  # fmt: skip
    assert sum(statuses.values()) == NUMBER
    assert slowest < LONGEST
    assert statuses[200] > NUMBER * 0.3 and len(town.bot.seen) > NUMBER * 0.2, "most must come far enough to matter"
    assert MARK not in town.log.getvalue()
    # It still works.
    assert (await said_after(town, hook)).status == 200
