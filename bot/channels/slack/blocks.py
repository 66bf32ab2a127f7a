"""An answer as Block Kit: sections, side by side what is compared, sources as context, buttons at the end.

slack_sdk's own models make the blocks, so what is too long or too many fails here and not at Slack.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.answers import kanalen
from bot.answers.answer import Button, Source
from bot.channels.replies import Reply
from bot.channels.slack.mrkdwn import escape, from_markdown, pieces

MOST_BLOCKS = 50
MOST_BUTTONS = 25
MOST_FIELDS = 10
LONGEST_TEXT = 3000
LONGEST_FIELD = 2000
LONGEST_TITLE = 75
LONGEST_VALUE = 2000
LONGEST_SUMMARY = 3900
"""Characters of the text beside the blocks, which screen readers read and notifications show; Slack advises 4000."""

ACTION = "vraag"
"""How the ids of our buttons begin."""

Message = dict[str, Any]


def messages(reply: Reply, links: Sequence[str] = ()) -> list[Message]:
    """The reply as messages with `text` and `blocks`; more than one only when it is too long for one."""
    first, *others = reply.parts
    blocks: list[Block] = []
    blocks += _texts(from_markdown(first.text, links))
    blocks += _comparison(reply.data.get("vergelijking") or [])
    blocks += _path(reply.data)
    blocks += _sources(reply.sources)
    for part in others:
        blocks += _texts(from_markdown(part.text, links))
    blocks += _buttons([button for part in reply.parts for button in part.buttons])
    spoken = "\n\n".join(from_markdown(part.text) for part in reply.parts)
    summary = [*pieces("\n".join([spoken, *map(_source, reply.sources)]), LONGEST_SUMMARY)]
    made = [block.to_dict() for block in blocks]
    groups = [made[at : at + MOST_BLOCKS] for at in range(0, len(made), MOST_BLOCKS)]
    return [{"text": summary[min(number, len(summary) - 1)], "blocks": group} for number, group in enumerate(groups)]


def notice(text: str) -> Message:
    """A message of one text, without buttons."""
    said = from_markdown(text)
    return {"text": said, "blocks": [block.to_dict() for block in _texts(said)]}


def after_press(blocks: Sequence[Message], block_id: str, title: str) -> list[Message]:
    """A message's blocks with what was chosen in the place of the buttons that were pressed."""
    chosen = ContextBlock(elements=[PlainTextObject(text=kanalen.knop_gekozen(title))]).to_dict()
    return [chosen if block.get("block_id") == block_id else dict(block) for block in blocks]


def _texts(text: str) -> list[Block]:
    return [SectionBlock(text=_mrkdwn(piece), expand=True) for piece in pieces(text, LONGEST_TEXT)]


def _mrkdwn(text: str) -> MarkdownTextObject:
    # Verbatim: Slack makes no links or mentions of words by itself.
    return MarkdownTextObject(text=text, verbatim=True)


def _comparison(rows: Sequence[dict[str, Any]]) -> list[Block]:
    """A column per function; Slack puts two next to each other."""
    fields = []
    for row in rows[:MOST_FIELDS]:
        asked = ", ".join(f"{c['naam']} ({c['niveau']})" if c.get("niveau") else c["naam"] for c in row["competenties"])
        lines = [f"**{row['naam']}**", f"Schaal {row['schaal']}", f"Opleiding: {row['opleiding'] or 'niet genoemd'}"]
        if asked:
            lines.append(f"Competenties: {asked}")
        fields.append(_mrkdwn(pieces(from_markdown("\n".join(lines)), LONGEST_FIELD)[0]))
    return [SectionBlock(fields=fields)] if fields else []


def _path(data: dict[str, Any]) -> list[Block]:
    """Where one can go from a function: a line for each direction."""
    steps = data.get("pad") or []
    if not steps or not data.get("van"):
        return []
    lines = [f"**Je pad vanaf {_place(data['van'])}**"]
    for direction, label in (("omhoog", "↑ Omhoog"), ("opzij", "→ Opzij")):
        there = [_place(step) for step in steps if step.get("richting") == direction]
        if there:
            lines.append(f"{label}: {', '.join(there)}")
    return _texts(from_markdown("\n".join(lines)))


def _place(functie: dict[str, Any]) -> str:
    return f"{functie['naam']} (schaal {functie['schaal']})"


def _sources(sources: Sequence[Source]) -> list[Block]:
    if not sources:
        return []
    lines = "\n".join(map(_source, sources))
    return [ContextBlock(elements=[_mrkdwn(piece) for piece in pieces(lines, LONGEST_TEXT)][:10])]


def _source(source: Source) -> str:
    return escape(f"Bron: {source.title} ({source.date or 'datum onbekend'}), {source.section}")


def _buttons(buttons: Sequence[Button]) -> list[Block]:
    fitting = [button for button in buttons if button.title.strip() and len(button.question) <= LONGEST_VALUE]
    return [
        ActionsBlock(
            block_id=f"knoppen-{start}",
            elements=[_button(start + place, b) for place, b in enumerate(fitting[start : start + MOST_BUTTONS])],
        )
        for start in range(0, len(fitting), MOST_BUTTONS)
    ]


def _button(number: int, button: Button) -> ButtonElement:
    title = button.title if len(button.title) <= LONGEST_TITLE else button.title[: LONGEST_TITLE - 1] + "…"
    text = PlainTextObject(text=title, emoji=False)
    if button.question.startswith(("https://", "http://")):
        return ButtonElement(text=text, action_id=f"pagina-{number}", url=button.question)
    return ButtonElement(text=text, action_id=f"{ACTION}-{number}", value=button.question)
