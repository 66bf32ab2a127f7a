"""What is put around the channels: health, metrics, a name for every request, a kind stop, and a fresh knowledge base."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot import knowledge_in_use
from bot.channels.web.refusal import Refusal
from bot.operations import logs
from bot.operations.health import Check, Readiness, status
from bot.operations.metrics import OTHER, Metrics
from bot.operations.turns import Turns
from bot.settings import OperationsSettings
from knowledge.store import KnowledgeUnavailable

if TYPE_CHECKING:
    from rasa.core.tracker_store import TrackerStore

logger = logging.getLogger(__name__)

_PROXIED = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")
"""Headers by which a request shows that it came through a proxy, and so from elsewhere."""
_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
_CHANNELS = "/webhooks/"
AGAIN = 5
"""Seconds after which somebody who was refused may try again."""

Stores = Callable[[Any], Awaitable[Sequence[str]]]


class Operations:
    """Stands around an application's channels; `register` puts them in, `loaded` begins when the model is there.

    stores: why the stores of conversations can't be used now, in Dutch (the application is handed over). unavailable: see
    Turns. on_new_knowledge: called after another knowledge base came into use.
    """

    def __init__(
        self,
        app: Sanic,
        settings: OperationsSettings,
        stores: Stores | None = None,
        unavailable: Iterable[type[Exception]] = (),
        on_new_knowledge: Callable[[], None] = lambda: None,
    ) -> None:
        self.app = app
        self.settings = settings
        self.metrics = Metrics()
        self.turns = Turns(self.metrics, unavailable)
        checks: dict[str, Check] = {"Het model": self._model, "De kennisbank": self._knowledge}
        if stores is not None:
            checks["De opslag"] = lambda: stores(app)
        self.readiness = Readiness(checks)
        self._channels: frozenset[str] = frozenset()
        self._on_new_knowledge = on_new_knowledge
        self._stopping: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        app.config.GRACEFUL_SHUTDOWN_TIMEOUT = float(settings.stoptijd)
        app.register_middleware(self._begin, "request")
        app.register_middleware(self._end, "response")
        for path, page in (("/gezond", self._alive), ("/klaar", self._ready), ("/metingen", self._metrics)):
            app.add_route(_function(page), path, methods=["GET"], name=path[1:])
        app.register_listener(self._started, "after_server_start")
        app.register_listener(self._stopped, "after_server_stop")

    def register(self, channels: list[InputChannel]) -> None:
        """Put the channels below /webhooks/, each turn of theirs through `Turns` to the agent in the application's ctx."""

        async def handle(message: UserMessage) -> Any:
            return await self.turns.handle(message, self.app.ctx.agent.handle_message)

        for channel in channels:
            self.app.blueprint(channel.blueprint(handle), url_prefix=_CHANNELS + channel.url_prefix())
        self.app.ctx.input_channels = channels
        self._channels = frozenset(channel.url_prefix() for channel in channels)

    def loaded(self) -> None:
        """Take the knowledge base into use, and time the store of conversations. Call when the model is loaded."""
        try:
            knowledge_in_use.IN_USE.refresh()
            self.metrics.knowledge_loaded.set_to_current_time()
        except KnowledgeUnavailable as error:
            logger.error("De kennisbank is niet te gebruiken: %s", error)
        knowledge_in_use.IN_USE.is_watched = True
        self._time(self.app.ctx.agent.tracker_store)

    def _time(self, store: TrackerStore) -> None:
        for name, action in (("retrieve", "lezen"), ("save", "schrijven")):
            setattr(store, name, self.metrics.timed(action, getattr(store, name)))

    # --- for every request ---------------------------------------------------------------------------------------

    async def _begin(self, request: Request) -> HTTPResponse | None:
        # Anybody may send the header; only a proxy of ours is believed.
        given = request.headers.get("x-request-id") if self.settings.proxys else None
        request.ctx.verzoek = logs.new_request(given)
        asks = request.path.startswith(_CHANNELS) and request.method not in _HARMLESS
        if self.readiness.stopping and asks:
            return Refusal("niet_klaar", wait=AGAIN).response()
        return None

    async def _end(self, request: Request, reply: BaseHTTPResponse) -> None:
        if name := getattr(request.ctx, "verzoek", None):
            reply.headers["X-Request-ID"] = name
        if self.readiness.stopping and request.stream is not None:
            request.stream.keep_alive = False
        if request.path.startswith(_CHANNELS):
            channel = request.path[len(_CHANNELS) :].partition("/")[0]
            self.metrics.request(channel if channel in self._channels else OTHER, reply.status)

    # --- pages for the administrator -----------------------------------------------------------------------------

    async def _alive(self, request: Request) -> HTTPResponse:
        """That this answers shows that the process lives and that its loop turns."""
        return response.json({"status": "gezond"}, headers=_FRESH)

    async def _ready(self, request: Request) -> HTTPResponse:
        code, body = status(await self.readiness.reasons())
        headers = _FRESH if code == 200 else _FRESH | {"Retry-After": str(AGAIN)}
        return response.json(body, status=code, headers=headers, ensure_ascii=False)

    async def _metrics(self, request: Request) -> HTTPResponse:
        """For who reaches the bot's own port, which is the administrator; not through a proxy."""
        if any(name in request.headers for name in _PROXIED):
            return response.json({"fout": "Dit adres bestaat niet."}, status=404, headers=_FRESH)
        self.metrics.ready.set(not await self.readiness.reasons())
        return response.raw(self.metrics.text(), content_type=self.metrics.content_type, headers=_FRESH)

    async def _model(self) -> list[str]:
        agent = getattr(self.app.ctx, "agent", None)
        return [] if agent is not None and agent.is_ready() else ["Het model is nog niet geladen."]

    async def _knowledge(self) -> list[str]:
        try:
            knowledge_in_use.current().fingerprint()
        except KnowledgeUnavailable as error:
            logger.error("De kennisbank is niet te gebruiken: %s", error)
            return ["De kennisbank is niet te gebruiken. In het logboek staat waarom."]
        return []

    # --- the process ---------------------------------------------------------------------------------------------

    async def _started(self, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        self._watching = loop.create_task(self._watch(), name="wacht")
        # In the place of Sanic's own, which ends the loop at once.
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)

    async def _stopped(self, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        if self._watching is not None:
            self._watching.cancel()

    async def _watch(self) -> None:
        """Every second: how late the loop is, and whether there is another knowledge base."""
        while True:
            due = time.monotonic() + knowledge_in_use.EVERY
            await asyncio.sleep(knowledge_in_use.EVERY)
            self.metrics.lag.set(max(0.0, time.monotonic() - due))
            try:
                if await asyncio.to_thread(knowledge_in_use.IN_USE.refresh):
                    self.metrics.knowledge_loaded.set_to_current_time()
                    self._on_new_knowledge()
            except KnowledgeUnavailable:
                pass  # /klaar and every turn tell it
            except Exception as error:
                logger.error(
                    "looking for a new knowledge base failed: %s at %s", type(error).__name__, logs.places(error)
                )

    def stop(self) -> None:
        """Take no more turns, finish those under way, and end; at once when it is asked again. Call from the loop."""
        if self._stopping is not None:
            self.app.stop()
            return
        self.readiness.stopping = True
        self._stopping = asyncio.get_running_loop().create_task(self._finish())

    async def _finish(self) -> None:
        seconds = self.settings.stoptijd
        logger.warning("De bot stopt. Beurten die nog afgemaakt worden: %d.", self.turns.busy)
        if not await self.turns.quiet(seconds):
            logger.error("De bot stopt na %d s, met nog %d beurten bezig.", seconds, self.turns.busy)
        self.app.stop()


_FRESH = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


Page = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


def _function(page: Page) -> Page:
    """A page as a function of its own: Sanic writes on it, which can't be done to a method."""

    async def show(request: Request) -> HTTPResponse:
        return await page(request)

    return show
