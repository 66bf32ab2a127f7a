"""From the bot's Markdown to Slack's mrkdwn, and from what Slack makes of typed text back to what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_HEADING = re.compile(r"^#{1,6}\s+(.+)$", re.MULTILINE)
_BULLET = re.compile(r"^(\s*)[-*]\s+", re.MULTILINE)
_SPECIAL = re.compile(r"<([^<>]*)>")


def escape(text: str) -> str:
    """Text that Slack shows as it is: no mention, no link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def from_markdown(text: str, links: Iterable[str] = ()) -> str:
    """mrkdwn of the Markdown that answers use.

    links: pages and mail addresses to make a link of. No other: an answer may repeat what somebody typed.
    """
    found = _BULLET.sub(r"\1• ", escape(text))
    found = _HEADING.sub(r"*\1*", found)
    found = _BOLD.sub(r"*\1*", found)
    for link in filter(None, links):
        target = link if link.startswith(("https://", "http://")) else f"mailto:{link}" if "@" in link else None
        if target:
            found = found.replace(escape(link), f"<{escape(target)}|{escape(link)}>")
    return found


def pieces(text: str, most: int) -> list[str]:
    """The text in pieces of at most `most` characters, cut at a line's end, else at a space, else anywhere but in `&amp;`."""
    found = []
    while len(text) > most:
        cut = max(text.rfind("\n", 1, most + 1), 0) or max(text.rfind(" ", 1, most + 1), 0)
        if not cut:
            entity = text.rfind("&", most - 5, most)
            cut = entity if entity > 0 and ";" not in text[entity:most] else most
        found.append(text[:cut])
        text = text[cut:].lstrip()
    return [piece for piece in (*found, text) if piece.strip()]


def typed(text: str) -> str:
    """What a person typed, from Slack's form: without mentions, links as their words, `&amp;` as `&`."""
    plain = _SPECIAL.sub(_shown, text)
    plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"[^\S\n]+", " ", plain).strip()


def _shown(special: re.Match[str]) -> str:
    target, _, label = special[1].partition("|")
    if target.startswith(("@", "!")):
        return " "
    if target.startswith("#"):
        return label or " "
    return label or target.removeprefix("mailto:")
