"""Answers about the education that functions ask."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import questions
from bot.answers.answer import Answer, answered, bullets, listing
from bot.answers.functies import low
from knowledge import education
from knowledge.store import Functie, Store

NOT_SAID = "Of ervaring een diploma kan vervangen, zegt de bron niet. Vraag dat aan de organisatie."


def naam(store: Store, opleiding: str) -> str:
    """An education's name for people: `mbo-4` -> `mbo niveau 4`."""
    known = {o.id: o.naam for o in store.opleidingen()}
    return known.get(opleiding, opleiding.replace("-", " "))


def _asked(f: Functie) -> str:
    o = f.norm.opleiding
    return f"minimaal **{o.minimaal_tekst}**" + (f", het liefst {o.ideaal_tekst}" if o.ideaal_tekst else "")


def eis(
    store: Store,
    functies: Sequence[Functie],
    diploma: Sequence[str] = (),
    twijfel: bool = False,
    richting: Sequence[str] = (),
) -> Answer:
    """The education that functions ask.

    diploma: educations that the person says to have, which are held against the minimum.
    richting: fields of study that the person names.
    twijfel: the person asks whether it can be done without; the book doesn't say so, and that is told.
    """
    lines: list[str] = []
    for f in functies:
        verdict = ""
        if len(functies) == 1 and diploma:
            best = max(diploma, key=lambda d: education.RANKS.get(d, 0))
            fits = education.enough(best, f)
            if fits is True:
                verdict = f" Ja, met {naam(store, best)} voldoe je daaraan."
            elif fits is False:
                verdict = f" Met {naam(store, best)} voldoe je daar op papier nog niet aan."
            elif best == "mbo":
                verdict = " Kijk dus welk niveau je mbo-diploma heeft."
        lines.append(f"Voor **{low(f.naam)}** vraagt het profiel {_asked(f)}.{verdict}")
        fields = f.norm.opleiding.richtingen
        if fields:
            lines.append(f"Voorbeelden van richtingen: {listing(fields)}.")
            mine = [r for r in richting if r in fields]
            if mine and len(functies) == 1:
                lines.append(f"Je richting ({listing(mine)}) staat erbij, dus die past goed.")
        elif len(functies) == 1:
            lines.append("Het profiel noemt geen richting.")
    if twijfel:
        lines.append(NOT_SAID)
    buttons = [
        questions.about_functie("vraag_vakkennis", functies[0].naam),
        questions.about_functie("vraag_competenties", functies[0].naam),
        questions.about_functie("vraag_schaal", functies[0].naam),
    ]
    places = [f.norm.bron for f in functies]
    data = {"opleidingen": [{"functie": f.id, **f.norm.opleiding.dict()} for f in functies]}
    return answered(store, "functie.opleiding", lines, places, profile=True, buttons=buttons, data=data)


def functies_bij(store: Store, diploma: str, richtingen: Sequence[str] = ()) -> Answer:
    """Which functions an education is enough for; those that name the person's field come first."""
    fits = education.functions_for(store, diploma)
    name = naam(store, diploma)
    lines: list[str] = []
    with_field = [fit for fit in fits if set(fit.functie.norm.opleiding.richtingen) & set(richtingen)]
    exact = [fit for fit in fits if fit.exact]
    if not fits:
        lines.append(f"Met {name} voldoe je op papier aan geen enkele functie in dit boek.")
    if richtingen and with_field:
        with_field.sort(key=lambda fit: (not fit.exact, -fit.functie.schaal_rang))
        lines.append(
            f"Met {name} in {listing(richtingen)} passen deze functies het best. Hun profiel noemt je richting:"
        )
        lines.append(bullets(_row(fit.functie) for fit in with_field))
    elif richtingen and fits:
        lines.append(f"Geen enkel profiel noemt {listing(richtingen)}. Op niveau passen deze functies wel:")
    rest = [fit for fit in fits if fit not in with_field]
    if exact and not with_field:
        lines.append(f"Precies **{name}** als minimum vragen deze functies:")
        lines.append(bullets(_row(fit.functie) for fit in exact))
    lower = [fit for fit in rest if not fit.exact] if not with_field else rest
    if lower:
        lead = (
            "Ook mogelijk, want de eis is lager of gelijk"
            if with_field or exact
            else f"Met {name} voldoe je aan de eis van"
        )
        lines.append(
            f"{lead}: {listing([f'{low(fit.functie.naam)} ({fit.functie.norm.opleiding.minimaal_tekst})' for fit in lower])}."
        )
    shown = [fit.functie for fit in (with_field or exact or lower)]
    buttons = [questions.about_functie("vraag_taken", f.naam, f"Wat doet een {low(f.naam)}?") for f in shown[:3]]
    places = [f.norm.bron for f in shown[:3]] or [store.functies()[0].norm.bron]
    return answered(store, "functie.bij_opleiding", lines, places, profile=True, buttons=buttons)


def functies_bij_richting(store: Store, richtingen: Sequence[str]) -> Answer:
    """Which functions name a field of study."""
    found = [f for f in store.functies() if set(f.norm.opleiding.richtingen) & set(richtingen)]
    lines = [f"De richting {listing(richtingen)} staat bij deze functies:", bullets(_row(f) for f in found)]
    buttons = [questions.about_functie("vraag_taken", f.naam, f"Wat doet een {low(f.naam)}?") for f in found[:3]]
    places = [f.norm.bron for f in found[:3]]
    return answered(store, "functie.bij_opleiding", lines, places, profile=True, buttons=buttons)


def _row(f: Functie) -> str:
    return f"**{f.naam}** (schaal {f.schaal}): {_asked(f).replace('**', '')}"
