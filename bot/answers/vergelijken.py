"""Answers that put functions next to each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.answers import competenties, questions
from bot.answers.answer import Answer, answered, bullets, listing
from bot.answers.functies import count, low
from knowledge import advice
from knowledge.store import Functie, Store


def _row(store: Store, f: Functie) -> dict[str, Any]:
    return {
        "id": f.id,
        "naam": f.naam,
        "schaal": f.schaal,
        "opleiding": f.norm.opleiding.minimaal_tekst,
        "competenties": [
            {"id": c.competentie, "naam": competenties.naam(store, c.competentie), "niveau": c.niveau}
            for c in f.norm.competenties
        ],
    }


def vergelijk(store: Store, functies: Sequence[Functie]) -> Answer:
    """Two or three functions side by side. `data["vergelijking"]`: a row per function for a table.

    With two: what changes on the way up. With three or more: what they share, and what only one of them asks.
    """
    ordered = sorted(functies, key=lambda f: f.schaal_rang)
    lines: list[str] = []
    if len({f.schaal for f in ordered}) == 1:
        lines.append(f"{listing([f.naam for f in ordered])} zitten in dezelfde schaal: **{ordered[0].schaal}**.")
    else:
        lines.append(
            f"**{ordered[-1].naam}** (schaal {ordered[-1].schaal}) staat hoger dan "
            + listing([f"**{low(f.naam)}** (schaal {f.schaal})" for f in ordered[:-1][::-1]])
            + "."
        )
    for f in functies:
        lines.append(f"**{f.naam}**: {' '.join(f.kenmerken or f.norm.kenmerken)}")
    groups = {f.norm.functiegroep for f in functies}
    if len(groups) > 1:
        for groep in map(store.functiegroep, dict.fromkeys(f.norm.functiegroep for f in functies)):
            here = listing([f.naam for f in functies if f.norm.functiegroep == groep.id])
            verb = "hoort" if here in {f.naam for f in functies} else "horen"
            lines.append(f"{here} {verb} bij de groep {groep.naam}. {groep.uitleg}")
    lines.append(
        "Opleiding: " + listing([f"{low(f.naam)} minimaal {f.norm.opleiding.minimaal_tekst}" for f in functies]) + "."
    )
    if len(ordered) == 2:
        lines += _steps(store, advice.compare(ordered[0], ordered[1]))
    else:
        lines += _beside(store, advice.side_by_side(functies))
    buttons = [questions.about_functie("vraag_taken", f.naam, f"Wat doet een {low(f.naam)}?") for f in functies[:2]]
    buttons.append(
        questions.about_functie("vraag_competenties", ordered[-1].naam, f"Competenties {low(ordered[-1].naam)}")
    )
    places = [place for f in functies for place in (f.bron, f.norm.bron)]
    data = {"vergelijking": [_row(store, f) for f in functies]}
    return answered(store, "functie.vergelijking", lines, places, buttons=buttons, data=data)


def _beside(store: Store, naast: advice.Naast) -> list[str]:
    """Three or more functions: competencies of all, of one only, and work that only one has."""
    levels = dict(naast.competenties)
    lines = []
    if naast.gedeeld:
        rows = [
            f"{competenties.naam(store, name)} ({', '.join(level or '-' for level in levels[name])})"
            for name in naast.gedeeld
        ]
        lines.append(
            f"Alle {count(len(naast.functies))} vragen: {listing(rows)}. De niveaus staan in de volgorde hierboven."
        )
    else:
        lines.append(f"Geen competentie komt bij alle {count(len(naast.functies))} voor.")
    for f, areas in zip(naast.functies, naast.eigen_gebieden, strict=True):
        own = [competenties.naam(store, name) for name in naast.eigen(f)]
        if own:
            lines.append(f"- Competenties alleen bij {low(f.naam)}: {listing(own)}")
        if areas:
            lines.append(f"- Resultaatgebieden alleen bij {low(f.naam)}: {listing([area.lower() for area in areas])}")
    return lines


def _steps(store: Store, verschil: advice.Verschil) -> list[str]:
    lines = []
    for kind, lead in (
        ("gelijk", "Zelfde competenties op hetzelfde niveau"),
        ("hoger", f"Hoger niveau bij {low(verschil.naar.naam)}"),
        ("lager", f"Lager niveau bij {low(verschil.naar.naam)}"),
        ("nieuw", f"Alleen bij {low(verschil.naar.naam)}"),
        ("vervalt", f"Alleen bij {low(verschil.van.naam)}"),
    ):
        steps = verschil.stappen(kind)  # type: ignore[arg-type]
        if steps:
            lines.append(f"- {lead}: {listing([step(store, item) for item in steps])}")
    if verschil.nieuwe_gebieden:
        areas = listing([area.lower() for area in verschil.nieuwe_gebieden])
        lines.append(f"- Andere resultaatgebieden bij {low(verschil.naar.naam)}: {areas}")
    if verschil.nieuwe_taken:
        lines.append(f"Nieuw in het werk van {low(verschil.naar.naam)}, of anders verwoord:")
        lines.append(bullets(verschil.nieuwe_taken[:6]))
    elif verschil.vervallen_taken:
        lines.append(f"Dit doet {low(verschil.naar.naam)} niet, {low(verschil.van.naam)} wel:")
        lines.append(bullets(verschil.vervallen_taken[:4]))
    else:
        lines.append("De taken zijn in het boek gelijk beschreven. Het verschil zit in de kenmerken en het niveau.")
    return lines


def step(store: Store, item: advice.CompetentieStap | advice.KloofStap) -> str:
    """A competency with its level, or with both levels where they differ: `visie (van C naar B)`."""
    name = competenties.naam(store, item.competentie)
    if item.van and item.naar and item.van != item.naar:
        return f"{name} (van {item.van} naar {item.naar})"
    return f"{name} ({item.naar or item.van})"
