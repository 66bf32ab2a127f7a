"""The Teams channel's addresses: check a request, acknowledge it when its turn is kept, post the answer after."""

from __future__ import annotations

import json
import logging
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.answers import gesprek, kanalen
from bot.channels.deliveries import (
    Outgoing,
    Patience,
    Queues,
    Seen,
    SeenInMemory,
    Taken,
    Undelivered,
    seen_from_environment,
)
from bot.channels.off import OffChannel
from bot.channels.replies import OnMessage, Reply, ask
from bot.channels.teams.activities import Incoming, read
from bot.channels.teams.cards import messages
from bot.channels.teams.connector import Connector
from bot.channels.teams.keys import KeysUnavailable, SigningKeys
from bot.channels.teams.tokens import Refused, Verifier
from bot.channels.web.refusal import breakdown
from bot.settings import SettingError, Settings, TeamsSettings
from bot.stores.errors import Unavailable

logger = logging.getLogger(__name__)

FIRM = "Microsoft Teams"
KEYS_SECONDS = 4
"""For fetching keys: Teams waits for its acknowledgement meanwhile."""


class TeamsInput(InputChannel):
    """POST /webhooks/teams/webhook with an activity; 200 when its turn is kept, the answer goes to the Bot Connector."""

    def __init__(self, teams: TeamsSettings, seen: Seen | None = None, patience: Patience | None = None) -> None:
        """seen: where deliveries are noted. patience: how long to try with the Bot Connector."""
        self._seen = seen or SeenInMemory()
        self._queues = Queues("teams turn")
        # Of these one at a time is enough.
        self._busy = Queues("teams: too busy", most=0)
        self._fetching = Outgoing("the Bot Framework's key service", Patience(seconds=KEYS_SECONDS, tries=1))
        self._verifier = Verifier(teams, SigningKeys(teams.openid_url, self._fetching))
        self.connector = Connector(teams, patience)

    @classmethod
    def name(cls) -> str:
        """The channel's name; its addresses stand below /webhooks/teams."""
        return "teams"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel as the environment sets it; one that is off when that can't be used."""
        try:
            return cls(TeamsSettings.from_environment(), seen_from_environment())
        except SettingError as error:
            return OffChannel(cls.name(), str(error))

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """The channel's addresses."""
        hook = Blueprint("loopbaan_teams")

        @hook.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @hook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            return await self._receive(request, on_new_message)

        @hook.listener("before_server_stop")
        async def stop(app: Any, loop: Any) -> None:
            await self.close()

        return hook

    async def close(self) -> None:
        """Finish what was acknowledged, and close the connections."""
        await self._queues.close()
        await self._busy.close()
        await self._fetching.close()
        await self.connector.close()

    async def _receive(self, request: Request, on_new_message: OnMessage) -> HTTPResponse:
        try:
            claims = await self._verifier.claims(request.headers.get("authorization", ""))
            activity = _object(request.body)
            self._verifier.check_body(claims, activity)
            if activity.get("type") == "invoke":
                # Teams waits for what comes back; the cards of this bot ask for none.
                return response.empty(status=501)
            incoming = read(activity)
        except Refused as refused:
            logger.warning("teams: a request was refused: %s", refused)
            return response.json({"fout": "Dit verzoek komt niet van Teams."}, status=401)
        except KeysUnavailable as error:
            logger.error("teams: no keys to check requests with: %s", error)
            return response.json({"fout": "Nu niet te controleren."}, status=503, headers={"Retry-After": "5"})
        except ValueError:
            return response.json({"fout": "Dit is geen bericht van Teams."}, status=400)
        except Exception as error:  # whatever else: the framework would log what was in the request
            breakdown(error, "teams request")
            return response.json({"fout": "Er ging bij de bot iets mis."}, status=500)
        try:
            deliveries = (incoming.delivery,) if incoming is not None and incoming.delivery is not None else ()
            new = incoming is not None and (not deliveries or await self._seen.claim(*deliveries))
        except Unavailable as error:
            # Not acknowledged: what may get lost isn't taken.
            logger.error("teams: a message was not taken: %s", error)
            return response.json({"fout": "Nu niet te bewaren."}, status=503, headers={"Retry-After": "5"})
        if incoming is not None and new:
            taken = Taken(self._seen, deliveries)
            await self._queue(incoming, on_new_message, taken)
            await taken.wait()
        return response.json({})

    async def _queue(self, incoming: Incoming, on_new_message: OnMessage, taken: Taken) -> None:
        # By the chat, not by the person: answers of two people stay in the order in which they asked.
        if not self._queues.put(incoming.conversation, partial(self._answer, incoming, on_new_message, taken)):
            await taken.kept()  # the person is told to try again, and Teams doesn't
            busy = partial(self.connector.send, incoming, {"type": "message", "text": kanalen.te_druk()})
            self._busy.put(incoming.conversation, busy)

    async def _answer(self, incoming: Incoming, on_new_message: OnMessage, taken: Taken) -> None:
        if incoming.kind == "welkom":
            reply = Reply.of(gesprek.groet(), gesprek.computer(Settings.from_environment().contact))
        else:
            await self.connector.typing(incoming)
            reply = await ask(on_new_message, incoming.text, incoming.sender, self.name(), FIRM)
        await taken.kept()
        for message in messages(reply):
            try:
                await self.connector.send(incoming, message.activity)
            except Undelivered as error:
                if message.instead is None or error.status not in (400, 413):
                    raise
                logger.warning("teams: a card was refused (%s); its text goes instead", error.status)
                await self.connector.send(incoming, message.instead)


def _object(body: bytes) -> dict[str, Any]:
    """The activity in a body. Raises ValueError."""
    try:
        found = json.loads(body)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
