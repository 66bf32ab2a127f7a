"""What Teams sends: which activities are for the bot, and what a person said in them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.channels.deliveries import conversation_id

QUESTION = "vraag"
"""Where a button of ours keeps its question."""

_NO_ID = ("", ".", "..")
"""Ids that in an address mean another place than a conversation."""
_TAG = re.compile(r"</?at\b[^<>]*>", re.IGNORECASE)
_SPACE = re.compile(r"[^\S\n]+")


@dataclass(frozen=True)
class Incoming:
    """A message to the bot (`bericht`), or the news that the bot was added to a conversation (`welkom`).

    service_url, conversation, activity: where an answer goes. person, bot: accounts as Teams names them. text: what was
    typed or what the pressed button asks. one_to_one: nobody else reads along.
    """

    kind: Literal["bericht", "welkom"]
    service_url: str
    conversation: str
    activity: str
    tenant: str
    person: Mapping[str, Any]
    bot: Mapping[str, Any]
    text: str
    one_to_one: bool

    @property
    def sender(self) -> str:
        """The conversation in the tracker store: apart for every chat and thread, and in it for every person."""
        who = str(self.person.get("aadObjectId") or self.person.get("id") or "")
        return conversation_id("teams", self.tenant, self.conversation, who)

    @property
    def delivery(self) -> str | None:
        """What stays the same when Teams sends this again; None when Teams gave it no id."""
        return f"teams\0{self.conversation}\0{self.activity}" if self.activity else None

    def addressing(self) -> dict[str, Any]:
        """The fields that send an activity back to where this came from."""
        found: dict[str, Any] = {
            "from": _account(self.bot),
            "conversation": {"id": self.conversation},
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "locale": "nl-NL",
        }
        if self.person.get("id"):
            found["recipient"] = _account(self.person)
        if self.activity:
            found["replyToId"] = self.activity
        return found


def read(activity: Mapping[str, Any]) -> Incoming | None:
    """What an activity asks of the bot; None when it asks nothing (a reaction, an edit, a member who joins, a bot).

    The activity's tenant and serviceUrl are checked before. Raises ValueError for what isn't an activity.
    """
    kind = activity.get("type")
    conversation, bot, person = (_object(activity, name) for name in ("conversation", "recipient", "from"))
    chat = conversation.get("id")
    if not isinstance(kind, str) or not isinstance(chat, str) or chat in _NO_ID:
        raise ValueError("no type or conversation")
    if kind == "message":
        # Bots that answer each other would never stop.
        if person.get("role") in ("bot", "skill") or str(person.get("id", "")).startswith("28:"):
            return None
        text = _text(activity, bot)
    elif kind == "conversationUpdate" and bot.get("id") in [member.get("id") for member in _members(activity)]:
        text = ""
    else:
        return None
    return Incoming(
        kind="bericht" if kind == "message" else "welkom",
        service_url=str(activity["serviceUrl"]),
        conversation=chat,
        activity=number if (number := _string(activity.get("id"))) not in _NO_ID else "",
        tenant=_string(conversation.get("tenantId")) or _string(_object(activity, "channelData", "tenant").get("id")),
        person=person,
        bot=bot,
        text=text,
        one_to_one=conversation.get("conversationType") == "personal",
    )


def _text(activity: Mapping[str, Any], bot: Mapping[str, Any]) -> str:
    """What was typed, without the mention of the bot; else what a button or a submitted card asks."""
    typed = _string(activity.get("text"))
    entities = activity.get("entities")
    for entity in entities if isinstance(entities, list) else []:
        if isinstance(entity, dict) and entity.get("type") == "mention":
            written = _string(entity.get("text"))
            if written and _object(entity, "mentioned").get("id") == bot.get("id"):
                typed = typed.replace(written, " ")
    # Other people who are mentioned keep their name, without the tag around it.
    typed = html.unescape(_TAG.sub("", typed)).replace("\u00a0", " ")
    typed = _SPACE.sub(" ", typed).strip()
    return typed or _asked(activity.get("value"))


def _asked(value: Any) -> str:
    """The question in what a button or a card sends along: an object, or one written as JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return ""
    return _string(value.get(QUESTION)).strip() if isinstance(value, dict) else ""


def _members(activity: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    added = activity.get("membersAdded")
    for member in added if isinstance(added, list) else []:
        if isinstance(member, dict) and member.get("id"):
            yield member


def _object(found: Any, *names: str) -> Mapping[str, Any]:
    """The object at a path; an empty one when there is none."""
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _string(found: Any) -> str:
    return found if isinstance(found, str) else ""


def _account(account: Mapping[str, Any]) -> dict[str, str]:
    return {name: account[name] for name in ("id", "name") if isinstance(account.get(name), str) and account[name]}
