"""Answers about subjects: everything that is not a function or a competency."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import questions
from bot.answers.answer import Answer, Button, answered, bullets
from knowledge.schema import Onderwerp
from knowledge.store import Store


def onderwerp(store: Store, item: Onderwerp, extra: Sequence[Onderwerp] = ()) -> Answer:
    """The answer to a subject; `extra` subjects (more figures asked in one message) are answered below it."""
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
