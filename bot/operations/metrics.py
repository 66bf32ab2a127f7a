"""What is counted and timed, for Prometheus. No personal data and no conversation: only kinds, channels and outcomes.

Every label has a bounded set of values: channels are those of credentials.yml, outcomes and kinds those of the answer
contract (the content names them), and whatever lies beyond `MOST_KINDS` counts as "anders".
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

MOST_KINDS = 500
"""Kinds of answers that are told apart; the content has some 250."""

OTHER = "anders"

_TURN = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 45)
_STORE = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5)

T = TypeVar("T")


class Metrics:
    """The counters of one running bot."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        disable_created_metrics()  # a second number for each one, that nobody here asks for
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        self._turns = Counter(
            "loopbaan_beurten", "Beurten, naar kanaal, uitkomst en soort antwoord",
            ["kanaal", "uitkomst", "soort"], registry=registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "loopbaan_beurt_seconds", "Hoe lang een beurt duurt, met wachten op het gesprek en opslaan",
            ["kanaal"], buckets=_TURN, registry=registry,
        )  # fmt: skip
        self._errors = Counter(
            "loopbaan_fouten", "Beurten die stukliepen: storing, opslag (niet bewaard) of afgebroken",
            ["kanaal", "soort"], registry=registry,
        )  # fmt: skip
        self._requests = Counter(
            "loopbaan_verzoeken", "Verzoeken aan een kanaal, naar HTTP-status", ["kanaal", "status"], registry=registry
        )
        self._store = Histogram(
            "loopbaan_opslag_seconds", "Hoe lang de opslag van gesprekken over een handeling doet",
            ["handeling"], buckets=_STORE, registry=registry,
        )  # fmt: skip
        self.busy_turns = Gauge("loopbaan_beurten_bezig", "Beurten die nu bezig zijn", registry=registry)
        self.busy_conversations = Gauge(
            "loopbaan_gesprekken_bezig", "Gesprekken waarin nu een beurt bezig is", registry=registry
        )
        self.ready = Gauge(
            "loopbaan_klaar", "1 als de bot klaar is voor vragen, anders 0 (zie /klaar)", registry=registry
        )
        self.lag = Gauge(
            "loopbaan_lus_vertraging_seconds", "Hoeveel later dan bedoeld de lus van het proces aan de beurt kwam",
            registry=registry,
        )  # fmt: skip
        self.knowledge_loaded = Gauge(
            "loopbaan_kennisbank_geladen_timestamp_seconds", "Wanneer de kennisbank in gebruik kwam", registry=registry
        )
        self._kinds: set[str] = set()

    def turn(self, channel: str, outcome: str, kind: str, seconds: float) -> None:
        """A turn that ended. outcome: of the answer contract, or a word from `error`."""
        if kind not in self._kinds:
            kind = kind if len(self._kinds) < MOST_KINDS else OTHER
            self._kinds.add(kind)
        self._turns.labels(channel, outcome, kind).inc()
        self._seconds.labels(channel).observe(seconds)

    def error(self, channel: str, kind: str) -> None:
        """A turn that broke. kind: storing, opslag or afgebroken."""
        self._errors.labels(channel, kind).inc()

    def request(self, channel: str, status: int) -> None:
        """A request to a channel that got its reply."""
        self._requests.labels(channel, str(status)).inc()

    def timed(self, action: str, call: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        """The same coroutine function, with its time noted under `action`, also when it fails."""
        seconds = self._store.labels(action)

        @wraps(call)
        async def timed(*args: Any, **kwargs: Any) -> T:
            started = time.perf_counter()
            try:
                return await call(*args, **kwargs)
            finally:
                seconds.observe(time.perf_counter() - started)

        return timed

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)
