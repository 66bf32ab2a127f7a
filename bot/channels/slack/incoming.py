"""What Slack sends, read into one form: who says what, where, and whether by hand, by button or by command.

Everything that isn't a person's new message (bots, edits, joins, other kinds of event) reads as None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.deliveries import conversation_id
from bot.channels.slack.blocks import ACTION
from bot.channels.slack.mrkdwn import typed


@dataclass(frozen=True)
class Press:
    """The button that was pressed: the message and block it stands in, its title, and the message as it is now."""

    message: str
    block: str
    title: str
    text: str
    blocks: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Incoming:
    """One message of a person.

    deliveries: what Slack and we know it by; any seen before means that it is answered already. conversation: its id in
    the tracker. thread: answered there. reply_url: for an answer that only this person sees; otherwise None.
    """

    deliveries: tuple[str, ...]
    conversation: str
    text: str
    channel: str
    thread: str | None = None
    reply_url: str | None = None
    press: Press | None = None

    @property
    def queue(self) -> str:
        """What is answered in order: a thread as a whole, since its people read each other."""
        return self.conversation if self.reply_url else f"{self.channel}:{self.thread or ''}"


def event(body: Mapping[str, Any]) -> Incoming | None:
    """A direct message or a mention, of the Events API."""
    found = _mapping(body.get("event"))
    kind, channel, user, ts = (_text(found.get(key)) for key in ("type", "channel", "user", "ts"))
    if not (channel and user and ts) or any(found.get(key) for key in ("bot_id", "subtype", "edited", "hidden")):
        return None
    thread = _text(found.get("thread_ts"))
    direct = found.get("channel_type") == "im" or channel.startswith("D")
    # In a direct message a mention comes as a message too, so its event is left.
    if kind == "app_mention" and not direct:
        thread = thread or ts
    elif kind != "message" or not direct:
        return None
    deliveries = tuple(filter(None, (_text(body.get("event_id")), f"{channel}:{ts}")))
    return Incoming(
        deliveries, _conversation(channel, thread, user), typed(_text(found.get("text"))), channel, thread or None
    )


def command(fields: Mapping[str, str]) -> Incoming | None:
    """A slash command; its answer is seen only by who gave it."""
    channel, user, url, trigger = (
        fields.get(key, "") for key in ("channel_id", "user_id", "response_url", "trigger_id")
    )
    if not (channel and user and url and trigger):
        return None
    text = typed(fields.get("text", ""))
    return Incoming((trigger,), _conversation(channel, "opdracht", user), text, channel, reply_url=url)


def press(payload: Mapping[str, Any]) -> Incoming | None:
    """A press on a button of ours that asks a question; pages that open in a browser need no answer."""
    actions = payload.get("actions")
    action = _mapping(actions[0]) if isinstance(actions, list) and actions else {}
    question, block = _text(action.get("value")), _text(action.get("block_id"))
    container, message = _mapping(payload.get("container")), _mapping(payload.get("message"))
    channel = _text(_mapping(payload.get("channel")).get("id")) or _text(container.get("channel_id"))
    user, ts = _text(_mapping(payload.get("user")).get("id")), _text(container.get("message_ts"))
    ours = payload.get("type") == "block_actions" and _text(action.get("action_id")).startswith(ACTION)
    if not (ours and question and channel and user and ts):
        return None
    if container.get("is_ephemeral"):
        # Slack doesn't send such a message along, so its buttons can't be replaced and may be pressed again.
        url, moment = _text(payload.get("response_url")), _text(action.get("action_ts"))
        deliveries = (f"{channel}:{ts}:{moment}",)
        return Incoming(deliveries, _conversation(channel, "opdracht", user), question, channel, reply_url=url or None)
    thread = _text(container.get("thread_ts")) or _text(message.get("thread_ts"))
    blocks = message.get("blocks")
    shown = Press(
        ts,
        block,
        _text(_mapping(action.get("text")).get("text")),
        _text(message.get("text")),
        tuple(_mapping(part) for part in blocks) if isinstance(blocks, list) else (),
    )
    deliveries = (f"{channel}:{ts}:{block}",)
    return Incoming(deliveries, _conversation(channel, thread, user), question, channel, thread or None, press=shown)


def _conversation(channel: str, thread: str, user: str) -> str:
    """Direct messages, each thread and commands apart; in a thread each person too, since the bot remembers about whom."""
    return conversation_id("slack", channel, thread, user)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
