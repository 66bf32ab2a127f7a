"""Answers that put functions next to each other: differences and next steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.answers import questions
from bot.answers.answer import Answer, Button, answered, bullets, listing
from bot.answers.functies import count, low
from knowledge import advice
from knowledge.store import Functie, Store


def _competentie(store: Store, competentie_id: str) -> str:
    found = store.competentie(competentie_id)
    return found.naam.lower() if found else competentie_id


def _row(store: Store, f: Functie) -> dict[str, Any]:
    return {
        "id": f.id,
        "naam": f.naam,
        "schaal": f.schaal,
        "opleiding": f.norm.opleiding.minimaal_tekst,
        "competenties": [
            {"id": c.competentie, "naam": _competentie(store, c.competentie), "niveau": c.niveau}
            for c in f.norm.competenties
        ],
    }


def vergelijk(store: Store, functies: Sequence[Functie]) -> Answer:
    """Two or three functions side by side. `data["vergelijking"]`: a row per function for a table."""
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
        for f in functies:
            groep = store.functiegroep(f.norm.functiegroep)
            lines.append(f"{f.naam} hoort bij de groep {groep.naam}. {groep.uitleg}")
    lines.append(
        "Opleiding: " + listing([f"{low(f.naam)} minimaal {f.norm.opleiding.minimaal_tekst}" for f in functies]) + "."
    )
    if len(ordered) == 2:
        lines += _steps(store, advice.compare(ordered[0], ordered[1]))
    buttons = [questions.about_functie("vraag_taken", f.naam, f"Wat doet een {low(f.naam)}?") for f in functies[:2]]
    buttons.append(
        questions.about_functie("vraag_competenties", ordered[-1].naam, f"Competenties {low(ordered[-1].naam)}")
    )
    places = [place for f in functies for place in (f.bron, f.norm.bron)]
    data = {"vergelijking": [_row(store, f) for f in functies]}
    return answered(store, "functie.vergelijking", lines, places, buttons=buttons, data=data)


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
            lines.append(f"- {lead}: {listing([_step(store, step) for step in steps])}")
    if verschil.nieuwe_taken:
        lines.append(f"Nieuw in het werk van {low(verschil.naar.naam)}, of anders verwoord:")
        lines.append(bullets(verschil.nieuwe_taken[:6]))
    elif verschil.vervallen_taken:
        lines.append(f"Dit doet {low(verschil.naar.naam)} niet, {low(verschil.van.naam)} wel:")
        lines.append(bullets(verschil.vervallen_taken[:4]))
    else:
        lines.append("De taken zijn in het boek gelijk beschreven. Het verschil zit in de kenmerken en het niveau.")
    return lines


def _step(store: Store, step: advice.CompetentieStap) -> str:
    name = _competentie(store, step.competentie)
    if step.van and step.naar and step.van != step.naar:
        return f"{name} (van {step.van} naar {step.naar})"
    return f"{name} ({step.naar or step.van})"


def volgende_stap(store: Store, f: Functie, diploma: str | None = None) -> Answer:
    """Where one can go from a function, and what stands in between."""
    steps = advice.next_steps(store, f)
    up = [s for s in steps if s.richting == "omhoog"]
    aside = [s for s in steps if s.richting == "opzij"]
    lines: list[str] = []
    if up:
        first = up[0].functie
        lines.append(
            f"Een logische stap na **{low(f.naam)}** (schaal {f.schaal}) is **{low(first.naam)}** (schaal {first.schaal})."
        )
        lines.append(f"Wat er dan bij komt voor {low(first.naam)}:")
        lines += _wanted(store, up[0].verschil)
    else:
        lines.append(f"Boven **{low(f.naam)}** (schaal {f.schaal}) staat in dit boek geen functie die dichtbij ligt.")
    if up[1:]:
        lines.append(
            "Ook hoger: " + listing([f"{low(s.functie.naam)} (schaal {s.functie.schaal})" for s in up[1:]]) + "."
        )
    if aside:
        lines.append(f"Opzij, in dezelfde schaal: {listing([low(s.functie.naam) for s in aside])}.")
    lines.append("Of de stap bij je past, bespreek je met je leidinggevende of een loopbaanadviseur.")
    buttons = [
        Button(f"Vergelijk met {low(s.functie.naam)}"[:60], questions.VERSCHIL_FUNCTIES.format(f.naam, s.functie.naam))
        for s in [*up[:2], *aside[:1]]
    ]
    places = [f.bron, *(s.functie.norm.bron for s in steps)]
    data = {
        "pad": [
            {"id": s.functie.id, "naam": s.functie.naam, "schaal": s.functie.schaal, "richting": s.richting}
            for s in steps
        ]
    }
    return answered(store, "advies.volgende_stap", lines, places, buttons=buttons, data=data)


def _wanted(store: Store, verschil: advice.Verschil) -> list[str]:
    o = verschil.naar.norm.opleiding
    lines = [f"- Opleiding: minimaal {o.minimaal_tekst}" + (f", het liefst {o.ideaal_tekst}" if o.ideaal_tekst else "")]
    new, higher = verschil.stappen("nieuw"), verschil.stappen("hoger")
    if new:
        lines.append(f"- Nieuwe competenties: {listing([_step(store, s) for s in new])}")
    if higher:
        lines.append(f"- Competenties op een hoger niveau: {listing([_step(store, s) for s in higher])}")
    if not new and not higher:
        lines.append("- Competenties: je hebt ze volgens het boek al op niveau")
    return lines


def bij_sterke_punten(store: Store, competenties: Sequence[str], diploma: str | None = None) -> Answer | None:
    """Functions that ask what someone says to be good at; None when none of it is asked anywhere."""
    matches = advice.functions_for_strengths(store, competenties, diploma)
    if not matches:
        return None
    names = listing([f"**{_competentie(store, c)}**" for c in competenties])
    most = len(matches[0].competenties)
    best = [m for m in matches if len(m.competenties) == most][:6]
    lines = [
        f"Wie goed is in {names}, kan kijken naar {'deze functie' if len(best) == 1 else f'deze {count(len(best))} functies'}:"
    ]
    for m in best:
        asked = listing([f"{_competentie(store, c)} op niveau {niveau}" for c, niveau in m.competenties])
        o = m.functie.norm.opleiding.minimaal_tekst
        lines.append(f"- **{m.functie.naam}** (schaal {m.functie.schaal}, minimaal {o}): vraagt {asked}")
    lines.append("Dit zegt wat het boek vraagt, niet of je geschikt bent. Praat erover met een loopbaanadviseur.")
    buttons = [
        questions.about_functie("vraag_taken", m.functie.naam, f"Wat doet een {low(m.functie.naam)}?") for m in best[:3]
    ]
    places = [m.functie.norm.bron for m in best]
    return answered(store, "advies.sterke_punten", lines, places, profile=True, buttons=buttons)
