"""Many people at once in the widget's channel, with the real bot: nobody gets to see what another told."""

from __future__ import annotations

import json
import random
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from knowledge.store import Functie

TURNS = 1000


class Person:
    """Somebody in the widget, who has one function."""

    def __init__(self, url: str, functie: Functie) -> None:
        self.url = f"{url}/webhooks/web"
        self.functie = functie
        self.token = json.loads(self._call("/sessie", None)[0])["sessie"]

    def say(self, text: str) -> str:
        """Say something; returns all text of the reply."""
        lines = [json.loads(line) for line in self._call("/bericht", {"id": uuid.uuid4().hex, "tekst": text})]
        assert lines[-1] == {"klaar": True}, lines
        return "\n".join(line["text"] for line in lines if "text" in line)

    def _call(self, path: str, body: dict[str, Any] | None) -> list[bytes]:
        headers = {"Authorization": f"Bearer {self.token}"} if body is not None else {}
        data = json.dumps(body).encode() if body is not None else b""
        request = urllib.request.Request(self.url + path, data, headers)
        with urllib.request.urlopen(request, timeout=60) as reply:
            return [line for line in reply.read().split(b"\n") if line]


@pytest.mark.e2e
def test_sessions_never_see_each_others_memory(bot_url, store):
    functies = [f for f in store.functies() if not store.varianten().get(f.id)][:8]
    people = [Person(bot_url, functie) for functie in functies]
    assert len({p.functie.id for p in people}) >= 4
    for person in people:
        person.say(f"ik ben nu {person.functie.naam}")
    order = [person for person in people for _ in range(TURNS // len(people))]
    random.Random(20).shuffle(order)

    def ask(person: Person) -> str | None:
        text = person.say("wat weet je van mij?").lower()
        others = [p.functie.naam.lower() for p in people if p is not person]
        right = person.functie.naam.lower() in text and not any(name in text for name in others)
        return None if right else f"{person.functie.naam}: {text}"

    with ThreadPoolExecutor(4) as pool:
        wrong = [found for found in pool.map(ask, order) if found]
    assert wrong == []
