"""Slack's Web API as the channel uses it, by slack_sdk's own client, with our patience."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.channels.deliveries import Outgoing, Patience, TryAgain, Undelivered, check_status, network_errors, retry_after
from bot.channels.slack.blocks import Message
from bot.settings import SlackSettings, is_address

_REPLY_HOSTS = {"hooks.slack.com", "hooks.slack-gov.com"}
_STILL = {"link_names": False, "unfurl_links": False, "unfurl_media": False}
"""Slack makes no mentions or previews of what an answer says."""

# slack_sdk logs what it sends at DEBUG, people's questions included.
_silent = logging.getLogger("bot.channels.slack.sdk")
_silent.setLevel(logging.CRITICAL)


class SlackClient:
    """Posts and updates messages. Every call raises Undelivered when it can't be done."""

    def __init__(self, settings: SlackSettings, patience: Patience | None = None) -> None:
        self._settings = settings
        self._outgoing = Outgoing("Slack", patience)

    async def post(self, channel: str, thread: str | None, message: Message) -> None:
        """A message in a channel, or in a thread of it."""
        await self.call("chat.postMessage", {"channel": channel, "thread_ts": thread, **_STILL, **message})

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Another text and blocks for a message of ours."""
        await self.call("chat.update", {"channel": channel, "ts": ts, "link_names": False, **message})

    async def reply(self, url: str, message: Message) -> None:
        """An answer that only the person sees who gave the command or pressed the button."""
        if not is_address(url, {*_REPLY_HOSTS, urlsplit(self._settings.url).netloc}):
            raise Undelivered("a reply address that isn't Slack's")
        await self._outgoing.post(url, json={"response_type": "ephemeral", "replace_original": False, **message})

    async def call(self, method: str, fields: dict[str, Any]) -> AsyncSlackResponse:
        """A method of the Web API, tried again on 429, 5xx and no connection. Raises Undelivered with Slack's own code."""
        client = AsyncWebClient(
            self._settings.token,
            self._settings.url,
            session=self._outgoing.session(),
            logger=_silent,
            retry_handlers=[],
        )
        # The session knows the proxy and also what goes past it (NO_PROXY).
        client.proxy = None
        client.timeout = int(self._outgoing.patience.seconds)

        async def once() -> AsyncSlackResponse:
            with network_errors("Slack"):
                try:
                    return await client.api_call(method, json={k: v for k, v in fields.items() if v is not None})
                except SlackApiError as error:
                    raise _reason(error) from error

        return await self._outgoing.patience.attempt(once)

    async def close(self) -> None:
        """Close the connections."""
        await self._outgoing.close()


def _reason(error: SlackApiError) -> Exception:
    """Why Slack said no, without what was posted."""
    reply = error.response
    status = int(getattr(reply, "status_code", 0) or getattr(reply, "status", 0))
    data = getattr(reply, "data", None)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if code in ("ratelimited", "rate_limited"):
        return TryAgain("Slack said ratelimited", retry_after(reply.headers), 429)
    try:
        check_status("Slack", status, reply.headers)
    except (TryAgain, Undelivered) as known:
        return known
    return Undelivered(f"Slack said {code or 'no'}", status)
