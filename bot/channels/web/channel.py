"""The web channel's addresses. What may be asked, by whom and how often stands here; the rest in the modules beside it."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial, wraps
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import stores
from bot.answers import gesprek
from bot.channels.feedback import Feedback, Verdict
from bot.channels.rest import harmless
from bot.channels.web import startpage
from bot.channels.web.assets import IMMUTABLE, Assets
from bot.channels.web.begin import Begin
from bot.channels.web.conversations import Conversation, Conversations, Turn
from bot.channels.web.limits import Limit, RateLimit, address
from bot.channels.web.origins import Origins
from bot.channels.web.output import TurnOutput
from bot.channels.web.refusal import Refusal, breakdown
from bot.channels.web.tokens import Session, Signer
from bot.settings import WebSettings
from bot.stores.agent import NumberedMessage
from bot.stores.shared import Shared, SharedDeleted, SharedLimit
from knowledge.store import KnowledgeUnavailable

logger = logging.getLogger(__name__)

MAX_LENGTH = 500
"""Characters of a message."""
MAX_WORD = 300
"""Characters of the word beside a verdict."""
MAX_BODY = 16 * 1024
"""Bytes of a request's body."""
BASE = "/webhooks/web"

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
_CODES = {
    400: "ongeldig",
    403: "oorsprong",
    404: "onbekend",
    405: "onbekend",
    408: "niet_klaar",
    413: "te_groot",
    503: "niet_klaar",
}

OnMessage = Callable[[UserMessage], Awaitable[Any]]
Handler = Callable[..., Coroutine[Any, Any, "HTTPResponse | None"]]


class WebInput(RestInput):
    """The channel behind the widget: sessions that the server mints, replies as JSON lines, deletion and verdicts."""

    def __init__(
        self, web: WebSettings, begin: Begin | None = None, folder: Path | None = None, shared: Shared | None = None
    ) -> None:
        """shared: what this process remembers together with others; without it, it remembers for itself."""
        if web.geheim is None:
            logger.warning(
                "LOOPBAAN_GEHEIM is niet ingesteld. De bot maakt er nu zelf een. "
                "Na een herstart begint iedereen in de widget een nieuw gesprek."
            )
        self.web = web
        self.signer = Signer(web.geheim, web.sessie_minuten * 60)
        self.conversations = Conversations()
        self.per_session: Limit = RateLimit(web.per_sessie)
        self.per_address: Limit = RateLimit(web.per_adres)
        self.deleted: SharedDeleted | None = None
        if shared is not None:
            self.per_session = SharedLimit(shared, "sessie", web.per_sessie)
            self.per_address = SharedLimit(shared, "adres", web.per_adres)
            self.deleted = SharedDeleted(shared)
        self.origins = Origins(web.oorsprongen)
        self.assets = Assets(folder or Path(__file__).parent)
        self.own_assets = Assets(Path(__file__).parent)
        self.begin = begin or Begin(web.titel)
        self.feedback = Feedback(web.oordelen)
        self._writing = asyncio.Lock()

    @classmethod
    def name(cls) -> str:
        """The channel's name; its addresses stand below /webhooks/web."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """The channel as the environment sets it. Raises SettingError."""
        return cls(WebSettings.from_environment(), shared=Shared.from_environment())

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """The channel's addresses."""
        hook = Blueprint("loopbaan_web")
        hook.middleware("request")(self._guard)
        hook.middleware("response")(self._finish)
        hook.exception(Exception)(self._explain)

        async def message(request: Request) -> None:
            await self._message(request, on_new_message)

        reading: tuple[tuple[str, str, Handler], ...] = (
            ("/sessie", "POST", self._new_session),
            ("/bericht", "POST", message),
            ("/gesprek", "DELETE", self._delete),
            ("/oordeel", "POST", self._verdict),
        )
        for path, method, handler in reading:
            hook.add_route(_function(handler), path, methods=[method, "OPTIONS"], stream=True)
        showing: tuple[tuple[str, Handler], ...] = (
            ("/", self._health),
            ("/begin", self._begin),
            ("/widget.js", self._widget),
            (r"/<name:widget\.[0-9a-f]{16}\.js>", self._widget_version),
            ("/start.css", self._style),
        )
        for path, handler in showing:
            hook.add_route(_function(handler), path, methods=["GET", "OPTIONS"])
        return hook

    # --- the conversation ----------------------------------------------------------------------------------------

    async def _new_session(self, request: Request) -> HTTPResponse:
        await self._count(request)
        await _body(request)
        token, session = self.signer.mint()
        return response.json({"sessie": token, "verloopt": session.expires}, status=201)

    async def _message(self, request: Request, on_new_message: OnMessage) -> None:
        await self._count(request)
        session = await self._session(request)
        fields = await _fields(request)
        message_id = _message_id(fields.get("id"))
        conversation = self.conversations.of(session)
        turn = conversation.turns.get(message_id)
        if turn is None:
            text = self._text(session, fields)
            _agent(request)
            await self._count_turn(session)
            # Meanwhile the same message may have come in again.
            turn = conversation.turns.get(message_id) or self._begin_turn(
                conversation, message_id, text, on_new_message
            )
        lines = turn.follow()
        # Waits for the first line: until then a failure can still be told by the status.
        first = await anext(lines)
        reply = await request.respond(content_type="application/x-ndjson; charset=utf-8")
        await reply.send(first)
        try:
            async for line in lines:
                await reply.send(line)
        except Refusal as refusal:
            await reply.send(refusal.line())
        await reply.eof()

    def _begin_turn(self, conversation: Conversation, message_id: str, text: str, on_new_message: OnMessage) -> Turn:
        session = conversation.session

        async def ask(turn: Turn) -> None:
            out = TurnOutput(turn, lambda question: self.signer.button(session, question))
            if text:
                sender, before = self.signer.sender(session), partial(self._refuse_deleted, session)
                await on_new_message(NumberedMessage(text, out, sender, message_id, self.name(), before))
            else:
                await out.send_answer(gesprek.leeg())

        return self.conversations.begin(conversation, message_id, text, ask)

    def _text(self, session: Session, fields: dict[str, Any]) -> str:
        """What the model gets to read. Typed text never starts an intent; a button only works with our signature."""
        typed, pressed = fields.get("tekst"), fields.get("knop")
        if isinstance(typed, str) and pressed is None:
            if len(typed) > MAX_LENGTH:
                raise Refusal("te_lang")
            return harmless(typed)
        if isinstance(pressed, str) and typed is None:
            question = self.signer.question(session, pressed)
            if question is None:
                raise Refusal("knop")
            return question
        raise Refusal("ongeldig")

    async def _delete(self, request: Request) -> HTTPResponse:
        await self._count(request)
        session = await self._session(request)
        await _body(request)
        agent = _agent(request)
        conversation = self.conversations.of(session)

        async def forget() -> None:
            sender = self.signer.sender(session)
            # Another process may be answering in this conversation, or be about to.
            async with agent.lock_store.lock(sender):
                await stores.forget(agent.tracker_store, sender)
                if self.deleted is not None:
                    await self.deleted.add(session.id, session.expires)
            async with self._writing:
                await asyncio.to_thread(self.feedback.wipe, conversation.verdicts)

        await self.conversations.delete(conversation, forget)
        return response.empty()

    async def _verdict(self, request: Request) -> HTTPResponse:
        await self._count(request)
        session = await self._session(request)
        fields = await _fields(request)
        message_id = _message_id(fields.get("bericht"))
        good, word = fields.get("goed"), fields.get("woord")
        if not isinstance(good, bool) or not isinstance(word, str | None):
            raise Refusal("ongeldig")
        if word and len(word) > MAX_WORD:
            raise Refusal("te_lang")
        await self._count_turn(session)
        conversation = self.conversations.of(session)
        turn = conversation.turns.get(message_id) or await self._earlier(_agent(request), conversation, message_id)
        if turn is None or not turn.done:
            raise Refusal("onbekend")
        agreed = fields.get("gesprek") is True
        verdict = Verdict(
            soort=turn.contract.get("kind"),
            uitkomst=turn.contract.get("outcome"),
            bronnen=", ".join(sorted({source["id"] for source in turn.contract.get("sources") or []})),
            goed=good,
            woord=word or None,
            vraag=turn.question if agreed else None,
            antwoord="\n\n".join(turn.texts) if agreed else None,
        )
        async with self._writing:
            if self.conversations.is_deleted(session):
                raise Refusal("sessie")
            turn.verdict = await asyncio.to_thread(self.feedback.add, verdict, turn.verdict)
            conversation.verdicts.add(turn.verdict)
        return response.empty()

    async def _earlier(self, agent: Any, conversation: Conversation, message_id: str) -> Turn | None:
        """A turn that another process answered, or this one before it was started again."""
        session = conversation.session
        found = await agent.tracker_store.reply_to(self.signer.sender(session), message_id)
        if found is None:
            return None
        turn = Turn(found.question)
        out = TurnOutput(turn, lambda question: self.signer.button(session, question))
        for said in found.reply:
            await out.send_response("", said)
        turn.finish()
        return conversation.turns.setdefault(message_id, turn)

    # --- pages and files -----------------------------------------------------------------------------------------

    async def start_page(self, request: Request) -> HTTPResponse:
        """The page at /."""
        safe = {**_SAFE, **startpage.headers(self.web.oorsprongen)}
        try:
            fields = self.begin.fields()
        except KnowledgeUnavailable as error:
            logger.error("the knowledge base is not available: %s", error)
            return response.text("De kennisbank ontbreekt. Probeer het later nog eens.", status=503, headers=safe)
        widget = self.assets.get("widget.js")
        page = startpage.start_page(fields, BASE, f"{request.scheme}://{request.host}", widget.hash if widget else "")
        return response.html(page, headers=safe)

    async def _begin(self, request: Request) -> HTTPResponse:
        try:
            return self.begin.asset().response(request)
        except KnowledgeUnavailable as error:
            logger.error("the knowledge base is not available: %s", error)
            raise Refusal("niet_klaar", wait=30) from error

    async def _widget(self, request: Request) -> HTTPResponse:
        return _found(self.assets, "widget.js").response(request)

    async def _widget_version(self, request: Request, name: str) -> HTTPResponse:
        asset = _found(self.assets, "widget.js")
        if name != f"widget.{asset.hash}.js":
            raise Refusal("onbekend")
        return asset.response(request, IMMUTABLE)

    async def _style(self, request: Request) -> HTTPResponse:
        return _found(self.own_assets, "start.css").response(request)

    async def _health(self, request: Request) -> HTTPResponse:
        _agent(request)
        return response.json({"status": "ok"})

    # --- for every request ---------------------------------------------------------------------------------------

    async def _guard(self, request: Request) -> HTTPResponse | None:
        if self.origins.refused(request):
            refused = Refusal("oorsprong").response()
            # Only this refusal may be read anywhere: the widget then tells why it doesn't work. It holds nothing else.
            if request.method != "OPTIONS":
                refused.headers["Access-Control-Allow-Origin"] = "*"
            return refused
        return response.empty() if request.method == "OPTIONS" else None

    async def _finish(self, request: Request, reply: HTTPResponse) -> None:
        for name, value in _SAFE.items():
            reply.headers.setdefault(name, value)
        reply.headers["Vary"] = "Origin, Accept-Encoding"
        # Pages elsewhere load the script; what the widget fetches goes by the headers of CORS.
        is_script = request.path.endswith(".js")
        is_refusal = reply.headers.get("Access-Control-Allow-Origin") == "*"
        reply.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_script or is_refusal else "same-origin"
        reply.headers.update(self.origins.headers(request))

    async def _explain(self, request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, Refusal):
            return error.response()
        if isinstance(error, SanicException) and error.status_code in _CODES:
            return Refusal(_CODES[error.status_code]).response()
        return breakdown(error, "request").response()

    async def _session(self, request: Request) -> Session:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        session = self.signer.session(token) if scheme.lower() == "bearer" else None
        if session is None:
            raise Refusal("sessie")
        await self._refuse_deleted(session)
        return session

    async def _refuse_deleted(self, session: Session) -> None:
        if self.conversations.is_deleted(session) or (self.deleted and await self.deleted.has(session.id)):
            raise Refusal("sessie")

    async def _count(self, request: Request) -> None:
        if wait := await self.per_address.wait(address(request)):
            raise Refusal("te_vaak", wait=wait)

    async def _count_turn(self, session: Session) -> None:
        if wait := await self.per_session.wait(session.id):
            raise Refusal("te_vaak", wait=wait)


def _function(handler: Handler) -> Handler:
    """A handler as a function of its own: Sanic writes on it, which can't be done to a method."""

    @wraps(handler)
    async def handle(request: Request, **found: str) -> HTTPResponse | None:
        return await handler(request, **found)

    return handle


def _agent(request: Request) -> Any:
    """The bot, when it is loaded."""
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        raise Refusal("niet_klaar", wait=5)
    return agent


def _found(assets: Assets, name: str) -> Any:
    asset = assets.get(name)
    if asset is None:
        raise Refusal("onbekend")
    return asset


async def _body(request: Request) -> bytes:
    """The request's body, read no further than it may be long."""
    assert request.stream is not None
    declared = request.headers.get("content-length", "")
    found = bytearray()
    if not declared.isdigit() or int(declared) <= MAX_BODY:
        async for part in request.stream:
            found += part
            if len(found) > MAX_BODY:
                break
        else:
            return bytes(found)
    # What is left of the body stands in the way of a next request on this connection.
    request.stream.keep_alive = False
    raise Refusal("te_groot")


async def _fields(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await _body(request))
    except (ValueError, RecursionError) as error:
        raise Refusal("ongeldig") from error
    if not isinstance(found, dict):
        raise Refusal("ongeldig")
    return found


def _message_id(found: Any) -> str:
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise Refusal("ongeldig")
    return found
