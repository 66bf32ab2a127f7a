"""When the bot says that it is ready."""

from __future__ import annotations

import asyncio

from bot.operations.health import Readiness, status


class Check:
    """A check that counts how often it is done."""

    def __init__(self, *reasons: str, wait: float = 0, error: Exception | None = None) -> None:
        self.reasons, self.wait, self.error, self.done = list(reasons), wait, error, 0

    async def __call__(self) -> list[str]:
        self.done += 1
        await asyncio.sleep(self.wait)
        if self.error:
            raise self.error
        return self.reasons


async def test_ready_when_no_check_says_otherwise():
    readiness = Readiness({"Het een": Check(), "Het ander": Check()})
    assert await readiness.reasons() == []
    assert status([]) == (200, {"status": "klaar"})


async def test_all_reasons_are_told():
    readiness = Readiness({"Het een": Check("Dit mist."), "Het ander": Check("En dit.")})
    assert status(await readiness.reasons()) == (503, {"status": "niet klaar", "redenen": ["Dit mist.", "En dit."]})


async def test_asking_often_asks_the_stores_once_a_second():
    now = [0.0]
    check = Check(wait=0.001)
    readiness = Readiness({"De opslag": check}, clock=lambda: now[0])
    await asyncio.gather(*(readiness.reasons() for _ in range(100)))
    assert check.done == 1
    now[0] = 1.0
    await asyncio.gather(*(readiness.reasons() for _ in range(100)))
    assert check.done == 2


async def test_a_check_that_takes_too_long_is_a_reason():
    readiness = Readiness({"De opslag": Check(wait=60)}, limit=0.01)
    assert await readiness.reasons() == ["De opslag antwoordt niet binnen 0.01 seconden."]


async def test_a_check_that_breaks_is_a_reason_without_its_text():
    readiness = Readiness({"De opslag": Check(error=OSError("postgresql://bot:geheim@db"))})
    assert await readiness.reasons() == ["De opslag is niet te controleren (OSError)."]


async def test_not_ready_while_it_stops():
    check = Check()
    readiness = Readiness({"De opslag": check})
    readiness.stopping = True
    assert "stopt" in (await readiness.reasons())[0]
    assert check.done == 0
