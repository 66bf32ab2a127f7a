"""The agent answers what is kept, and only that."""

from __future__ import annotations

import asyncio
import json
import uuid
from types import SimpleNamespace

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore

from bot.stores import (
    LocalLocks,
    LocksUnavailable,
    RecentTrackerStore,
    RedisLocks,
    StaleTurn,
    StoreUnavailable,
    unavailable,
)
from bot.stores.agent import NumberedMessage
from tests.productie.light_bot import light_agent


class Flaky(RecentTrackerStore):
    """A store that can be made to fail; notes what had been said when it was asked to keep a turn."""

    fails: list[Exception]
    said: list[int]
    out: CollectingOutputChannel

    async def save(self, tracker):
        self.said.append(len(self.out.messages))
        if self.fails:
            raise self.fails.pop(0)
        await super().save(tracker)

    async def ping(self):
        if self.fails:
            raise self.fails[0]


@pytest.fixture
def out() -> CollectingOutputChannel:
    return CollectingOutputChannel()


@pytest.fixture
def store(domain, out) -> Flaky:
    store = Flaky(domain)
    store.fails, store.said, store.out = [], [], out
    return store


@pytest.fixture
def agent(store):
    return light_agent(store, LocalLocks())


def texts(out) -> list[dict]:
    return [json.loads(message["text"]) for message in out.messages if "text" in message]


async def test_nothing_is_said_before_it_is_kept(agent, store, out):
    await agent.handle_message(UserMessage("een", out, "a"))
    await agent.handle_message(UserMessage("twee", out, "a"))
    # Rasa also keeps a conversation when it begins.
    assert store.said == [0, 0, 2]
    assert texts(out) == [{"nummer": 1, "vorige": None}, {"nummer": 2, "vorige": "een"}]
    assert [message for message in out.messages if "custom" in message]


async def test_what_can_not_be_kept_is_not_answered(agent, store, out):
    store.fails = [StoreUnavailable("weg")]
    message = UserMessage("een", out, "a")
    with pytest.raises(StoreUnavailable):
        await agent.handle_message(message)
    assert out.messages == [] and message.output_channel is out
    await agent.handle_message(UserMessage("twee", out, "a"))
    assert texts(out) == [{"nummer": 1, "vorige": None}]


async def test_rasas_store_that_hides_an_outage_is_not_used(agent):
    assert not isinstance(agent.tracker_store, FailSafeTrackerStore)
    assert agent.processor.tracker_store is agent.tracker_store


async def test_who_was_overtaken_thinks_again_and_says_it_once(agent, store, out):
    store.fails = [StaleTurn(), StaleTurn()]
    await agent.handle_message(UserMessage("een", out, "a"))
    assert texts(out) == [{"nummer": 1, "vorige": None}]
    store.fails = [StaleTurn()] * 3
    with pytest.raises(StoreUnavailable):
        await agent.handle_message(UserMessage("twee", out, "a"))


async def test_a_message_that_comes_twice_gets_its_reply_twice(agent, out):
    for _ in range(2):
        await agent.handle_message(NumberedMessage("een", out, "a", "m1", "web"))
    assert texts(out) == [{"nummer": 1, "vorige": None}] * 2
    await agent.handle_message(NumberedMessage("een", out, "a", "m2", "web"))
    assert texts(out)[-1] == {"nummer": 2, "vorige": "een"}


async def test_what_comes_before_a_turn_can_refuse_it(agent, out):
    async def refuse():
        raise PermissionError

    with pytest.raises(PermissionError):
        await agent.handle_message(NumberedMessage("een", out, "a", "m1", "web", refuse))
    assert out.messages == []
    await agent.handle_message(NumberedMessage("een", out, "a", "m1", "web"))
    assert texts(out) == [{"nummer": 1, "vorige": None}]


async def test_many_at_once_in_one_conversation_lose_nothing(agent, out):
    await asyncio.gather(*(agent.handle_message(UserMessage(str(n), out, "a")) for n in range(100)))
    assert [found["nummer"] for found in texts(out)] == list(range(1, 101))
    assert [found["vorige"] for found in texts(out)] == [None, *map(str, range(99))]


async def test_a_slow_process_whose_lock_ran_out_spoils_nothing(open_store, redis, monkeypatch):
    """As when a process is frozen in the middle of a turn, and goes on after another took over."""
    name = uuid.uuid4().hex
    locks = [RedisLocks(url=redis.url, lease=0.3) for _ in range(2)]
    thinking, may_go_on = asyncio.Event(), asyncio.Event()

    async def think():
        thinking.set()
        await may_go_on.wait()

    slow, other = light_agent(open_store(), locks[0], think), light_agent(open_store(), locks[1])
    slow_out, other_out = CollectingOutputChannel(), CollectingOutputChannel()
    with monkeypatch.context() as frozen:
        frozen.setattr("bot.stores.locks._Ticket._stay_alive", lambda ticket: asyncio.sleep(60))
        late = asyncio.create_task(slow.handle_message(UserMessage("langzaam", slow_out, name)))
        await thinking.wait()
        await other.handle_message(UserMessage("snel", other_out, name))
    assert slow_out.messages == []
    may_go_on.set()
    await late
    assert texts(other_out) == [{"nummer": 1, "vorige": None}]
    assert texts(slow_out) == [{"nummer": 2, "vorige": "snel"}]
    kept = [event["text"] for event in await open_store().export(name) if event["event"] == "user"]
    assert kept == ["snel", "langzaam"]
    for lock in locks:
        await lock.close()


async def test_readiness_tells_in_dutch_what_is_missing(agent, store):
    app = SimpleNamespace(ctx=SimpleNamespace())
    assert await unavailable(app) == ["De bot is nog aan het starten."]
    app.ctx.agent = agent
    assert await unavailable(app) == []
    store.fails = [StoreUnavailable("weg")]
    assert await unavailable(app) == ["De opslag van gesprekken is niet te bereiken."]

    class Gone(LocalLocks):
        async def ping(self):
            raise LocksUnavailable("weg")

    agent.lock_store = Gone()
    assert len(await unavailable(app)) == 2
