"""Answers about what a scale pays: never as today's pay, always with the table's date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers import questions
from bot.answers.answer import MAX_FOLLOW_UPS, Answer, Button, answered, bullets, euro, number
from knowledge.store import Store

_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()


def datum(iso: str) -> str:
    """A date in words: `2020-07-01` -> `1 juli 2020`."""
    year, month, day = iso.split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


def tabel(store: Store, schalen: Sequence[str]) -> Answer | None:
    """The amounts of scales by the newest table; None when no table knows any of the scales."""
    known = [found for s in schalen if (found := store.salaris(s))]
    if not known:
        return None
    table = known[0].tabel
    when = datum(table.geldig_vanaf)
    rows = [f"Schaal {s.schaal}: **{euro(s.laagste)}** tot **{euro(s.hoogste)}**" for s in known]
    lines = [
        f"Op {when} betaalde een gemeente dit per maand (bruto, bij {table.uren_per_week:g} uur per week):",
        bullets(rows),
        "Dat is het loon van toen. De lonen zijn daarna gestegen. Wat je nu krijgt, staat in de nieuwste cao.",
    ]
    buttons = [Button(f"Functies in schaal {known[0].schaal}", questions.SCHAAL.format(known[0].schaal))]
    data = {"salaris": [{"schaal": s.schaal, "laagste": s.laagste, "hoogste": s.hoogste} for s in known]}
    return answered(store, "schaal.salaris", lines, [table.bron], buttons=buttons, data=data)


def met_tabel(store: Store, answer: Answer, schalen: Sequence[str]) -> Answer:
    """An answer that gives scales, with what is known of their pay: nothing of today, and the dated table."""
    found = store.salaris(schalen[0]) if schalen else None
    if found is None:
        return answer
    body, _, notes = answer.text.partition("\n\n_Let op:")
    when = datum(found.tabel.geldig_vanaf)
    body += f"\nWat dat nu in geld betaalt, weet ik niet. Ik heb wel de oude tabel van {when}."
    button = Button(f"Toon de tabel van {found.tabel.geldig_vanaf[:4]}", questions.SALARIS.format(schalen[0]))
    text = body + (f"\n\n_Let op:{notes}" if notes else "")
    return replace(answer, text=text, buttons=(button, *answer.buttons)[:MAX_FOLLOW_UPS])


def nu_onbekend(store: Store, schalen: Sequence[str]) -> Answer:
    """Today's pay is not in the sources; the dated table is offered instead."""
    which = f"schaal {schalen[0]}" if schalen else "een schaal"
    text = f"Wat {which} nu in geld betaalt, weet ik niet. Mijn bronnen noemen geen bedragen van nu."
    buttons: list[Button] = []
    found = store.salaris(schalen[0]) if schalen else None
    if found:
        year = found.tabel.geldig_vanaf[:4]
        text += f" Ik heb wel een oude tabel, van {datum(found.tabel.geldig_vanaf)} (bruto, bij {number(found.tabel.uren_per_week)} uur). Vraag er gerust naar."
        buttons.append(Button(f"Toon de tabel van {year}", questions.SALARIS.format(schalen[0])))
    text += " De nieuwste bedragen staan in de Cao Gemeenten. HR kan ze je ook geven."
    return Answer("out_of_scope", "schaal.salaris", text, buttons=tuple(buttons))
