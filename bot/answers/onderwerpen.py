"""Answers about subjects: everything that is not a function or a competency."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import questions
from bot.answers.answer import MAX_FOLLOW_UPS, Answer, Button, answered, bullets
from knowledge.schema import Onderwerp
from knowledge.store import Store


def onderwerp(store: Store, item: Onderwerp, extra: Sequence[Onderwerp] = ()) -> Answer:
    """The answer to a subject; `extra` subjects (more figures asked in one message) are answered below it."""
    if item.zwijgt:
        return _silent(store, item)
    lines: list[str | None] = [item.antwoord]
    if item.punten:
        lines.append(bullets(item.punten))
    for other in extra:
        lines.append("")
        lines.append(other.antwoord)
    related = [questions.about_onderwerp(store, other) for other in item.verwant]
    buttons: list[Button] = [button for button in related if button is not None]
    data = {}
    figures = [cijfer.dict() for part in (item, *extra) for cijfer in part.cijfers]
    if figures:
        data = {"cijfers": figures}
    notes = [part.kanttekening for part in (item, *extra)]
    places = [part.bron for part in (item, *extra)]
    return answered(store, item.id, lines, places, notes=notes, buttons=buttons, data=data)


def _silent(store: Store, item: Onderwerp) -> Answer:
    """The source says nothing about it: told as such, with what it does say and where."""
    found = store.bron(item.bron.bron)
    text = "\n".join([item.antwoord, *([bullets(item.punten)] if item.punten else [])])
    text += f"\nIk keek in: {found.titel}."
    buttons = [button for other in item.verwant if (button := questions.about_onderwerp(store, other))]
    return Answer("out_of_scope", item.id, text, buttons=tuple(buttons[:MAX_FOLLOW_UPS]))
