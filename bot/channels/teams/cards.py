"""A reply as Teams shows it: text, or an Adaptive Card where there are buttons, sources or figures to show.

Cards are of version 1.5, the newest that Teams shows everywhere. Each has the same as plain text beside it, for clients
that can't show it and for the Bot Connector when it refuses it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answers.answer import Button, Source
from bot.channels.replies import Part, Reply
from bot.channels.teams.activities import QUESTION

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
LARGEST_CARD = 24 * 1024
"""Bytes of a card; Teams refuses messages of about 28 kB and more."""
IN_A_ROW = 5
"""Buttons in one set; of a longer set Teams hides the rest behind a menu."""
LONGEST_SUMMARY = 200

Element = dict[str, Any]

_HEADING = re.compile(r"\*\*([^*]+)\*\*")
_MARKS = re.compile(r"\*\*|(?<!\w)_|_(?!\w)")
# Our own texts hold no links and no tags; what looks like one was typed by somebody.
_INERT = str.maketrans("[]<>`|", "()‹›'/")


@dataclass(frozen=True)
class Message:
    """An activity to send, and what to send when it is refused (None: nothing else to try)."""

    activity: dict[str, Any]
    instead: dict[str, Any] | None = None


def messages(reply: Reply) -> list[Message]:
    """A reply's messages in order. The sources and figures go with the first, which holds the answer."""
    found = []
    for place, part in enumerate(reply.parts):
        sources, figures = (reply.sources, list(_figures(reply.data))) if place == 0 else ((), [])
        if part.buttons or sources or figures:
            found.append(_with_card(part, sources, figures))
        else:
            found.append(Message(_text_activity(part.text)))
    return found


def _with_card(part: Part, sources: Sequence[Source], figures: list[Element]) -> Message:
    plain = _plain(part, sources)
    instead = _text_activity(_markdown(part, sources))
    card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "lang": "nl",
        "fallbackText": plain,
        "body": [*_blocks(part.text), *figures, *_sources(sources), *_buttons(part.buttons)],
        # A table needs the room that Teams otherwise leaves empty.
        "msteams": {"width": "Full"},
    }
    if len(json.dumps(card, ensure_ascii=False).encode()) > LARGEST_CARD:
        return Message(instead)
    attachment = {"contentType": CARD_TYPE, "content": card}
    activity = {"type": "message", "summary": plain[:LONGEST_SUMMARY], "attachments": [attachment]}
    return Message(activity, instead)


# --- text --------------------------------------------------------------------------------------------------------


def inert(text: str) -> str:
    """Text in which nothing is a link, a tag or code."""
    return text.translate(_INERT)


def _text_activity(markdown: str) -> dict[str, Any]:
    """A message of text. Teams joins lines that follow each other, except in a list."""
    lines: list[str] = []
    for line in inert(markdown).split("\n"):
        in_list = bool(lines) and lines[-1].startswith("- ") and line.startswith("- ")
        lines += [line] if in_list or not lines else ["", line]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    return {"type": "message", "text": text, "textFormat": "markdown"}


def _markdown(part: Part, sources: Sequence[Source]) -> str:
    lines = [part.text, *(f"_{line}_" for line in map(_source, sources))]
    lines += [f"- {button.question}" for button in part.buttons]
    return "\n".join(lines)


def _plain(part: Part, sources: Sequence[Source]) -> str:
    lines = [_MARKS.sub("", part.text), *map(_source, sources)]
    return inert("\n".join(lines))


def _source(source: Source) -> str:
    return f"Bron: {source.title} ({source.date or 'datum onbekend'}), {source.section}"


# --- the elements of a card --------------------------------------------------------------------------------------


def _blocks(markdown: str) -> Iterator[Element]:
    """A block per line: Adaptive Cards know bold, italics and lists, but no headings and no line breaks."""
    first_of_paragraph, items = False, []
    for line in [*inert(markdown).split("\n"), ""]:
        if line.startswith("- "):
            items.append(line)
            continue
        if items:
            yield _block("\r".join(items), spacing="Small")
            items = []
        if not line:
            first_of_paragraph = True
            continue
        spacing = {"spacing": "Medium" if first_of_paragraph else "Small"}
        first_of_paragraph = False
        if heading := _HEADING.fullmatch(line):
            yield _block(heading[1], weight="Bolder", style="heading", **spacing)
        else:
            yield _block(line, **spacing)


def _sources(sources: Sequence[Source]) -> list[Element]:
    return [
        _block(inert(_source(source)), size="Small", isSubtle=True, spacing="None" if place else "Medium")
        for place, source in enumerate(sources)
    ]


def _buttons(buttons: Sequence[Button]) -> Iterator[Element]:
    for start in range(0, len(buttons), IN_A_ROW):
        yield {"type": "ActionSet", "actions": [_button(button) for button in buttons[start : start + IN_A_ROW]]}


def _button(button: Button) -> Element:
    """Pressed, it stands in the conversation as its title, and the bot gets its question, in two ways."""
    asked = {QUESTION: button.question}
    back = {"type": "messageBack", "displayText": button.title, "text": button.question, "value": asked}
    return {
        "type": "Action.Submit",
        "title": button.title,
        "tooltip": button.question,
        "data": {**asked, "msteams": back},
    }


def _block(text: str, **more: Any) -> Element:
    return {"type": "TextBlock", "text": text, "wrap": True, **more}


def _facts(pairs: Sequence[tuple[str, str]]) -> Element:
    return {"type": "FactSet", "facts": [{"title": title, "value": inert(value)} for title, value in pairs]}


# --- figures -----------------------------------------------------------------------------------------------------


def _figures(data: dict[str, Any]) -> Iterator[Element]:
    """What an answer's data are shown as; data of other kinds stand in its text already."""
    for name, show in _SHOWN.items():
        if data.get(name):
            yield show(data)


def _comparison(data: dict[str, Any]) -> Element:
    """Functions side by side; as facts below each other where a table can't be shown."""
    functions = data["vergelijking"]
    names = dict.fromkeys(c["naam"] for f in functions for c in f["competenties"])
    levels = [{c["naam"]: c["niveau"] or "ja" for c in f["competenties"]} for f in functions]
    rows = [
        ("Schaal", [str(f["schaal"]) for f in functions]),
        ("Opleiding", [f["opleiding"] or "niet genoemd" for f in functions]),
        *((_capital(name), [own.get(name, "niet gevraagd") for own in levels]) for name in names),
    ]
    headed = [("Onderdeel", [f["naam"] for f in functions]), *rows]
    below = [
        element
        for place, f in enumerate(functions)
        for element in (
            _block(inert(f["naam"]), weight="Bolder", style="heading"),
            _facts([(label, cells[place]) for label, cells in rows]),
        )
    ]
    return {
        "type": "Table",
        "spacing": "Medium",
        "firstRowAsHeaders": True,
        "showGridLines": True,
        "columns": [{"width": 2}, *({"width": 2} for _ in functions)],
        "rows": [{"type": "TableRow", "cells": [_cell(text) for text in (label, *cells)]} for label, cells in headed],
        "fallback": {"type": "Container", "items": below},
    }


def _path(data: dict[str, Any]) -> Element:
    """A function now and the steps from it."""
    label = {"omhoog": "Hogerop", "opzij": "Opzij"}
    steps = [(label.get(step["richting"], "Stap"), _function(step)) for step in data["pad"]]
    return {**_facts([("Nu", _function(data["van"])), *steps]), "spacing": "Medium"}


_SHOWN: dict[str, Callable[[dict[str, Any]], Element]] = {"vergelijking": _comparison, "pad": _path}


def _function(function: dict[str, Any]) -> str:
    return f"{function['naam']} (schaal {function['schaal']})"


def _cell(text: str) -> Element:
    return {"type": "TableCell", "items": [_block(inert(text))]}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
