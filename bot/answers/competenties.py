"""Answers about competencies and their levels."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from bot.answers import questions
from bot.answers.answer import Answer, Button, answered, bullets, listing
from bot.answers.functies import count, low
from knowledge.schema import Competentie, GevraagdeCompetentie
from knowledge.store import Functie, Store

LEVEL_ORDER = "Niveau A is het hoogst en D het laagst."


def naam(store: Store, competentie_id: str) -> str:
    """A competency's name inside a sentence."""
    found = store.competentie(competentie_id)
    return found.naam.lower() if found else competentie_id


def _level(store: Store, asked: GevraagdeCompetentie) -> str:
    competentie = store.competentie(asked.competentie)
    assert competentie is not None, "foreign key"
    uitleg = competentie.niveaus.get(asked.niveau)
    return f"**{competentie.naam}**: niveau {asked.niveau}" + (f" ({uitleg.naam})" if uitleg else "")


def _profile(store: Store, functie: Functie) -> dict[str, Any]:
    rows = []
    for asked in functie.norm.competenties:
        competentie = store.competentie(asked.competentie)
        assert competentie is not None, "foreign key"
        rows.append({"id": asked.competentie, "naam": competentie.naam, "niveau": asked.niveau})
    return {"functie": {"id": functie.id, "naam": functie.naam}, "competenties": rows}


def asked_level(functie: Functie, competentie_id: str) -> list[tuple[str, str]]:
    """The level(s) at which a function asks a competency, each with the list that says so (beschrijving, bijlage)."""
    lists = (("beschrijving", functie.norm.competenties), ("bijlage", functie.norm.competenties_bijlage))
    return [(item.niveau, name) for name, items in lists for item in items if item.competentie == competentie_id]


def van_functie(store: Store, functies: Sequence[Functie]) -> Answer:
    """The competencies of functions with their levels; both lists when the book has two."""
    lines: list[str] = []
    notes: list[str] = []
    for f in functies:
        asked = f.norm.competenties
        lines.append(f"Een **{low(f.naam)}** heeft {count(len(asked))} competenties nodig:")
        lines.append(bullets(_level(store, item) for item in asked))
        if f.norm.competenties_bijlage:
            lines.append("De bijlage van het functieboek noemt voor deze functie een andere lijst:")
            lines.append(bullets(_level(store, item) for item in f.norm.competenties_bijlage))
            notes.append("De bron geeft hier twee verschillende lijsten en zegt niet welke geldt. Vraag dat na.")
    first = functies[0].norm.competenties[0]
    competentie = store.competentie(first.competentie)
    assert competentie is not None, "foreign key"
    name = competentie.naam.lower()
    lines.append(LEVEL_ORDER)
    buttons = [
        Button(f"{competentie.naam} op niveau {first.niveau}", questions.GEDRAG.format(name, first.niveau)),
        questions.about_functie("vraag_opleiding", functies[0].naam),
        questions.about_functie("vraag_werksituaties", functies[0].naam),
    ]
    data = {"profielen": [_profile(store, f) for f in functies]}
    places = [f.norm.bron for f in functies]
    return answered(store, "functie.competenties", lines, places, profile=True, notes=notes, buttons=buttons, data=data)


def hoogste_niveau(store: Store, competentie_ids: Sequence[str]) -> Answer:
    """Which way the levels run, for a competency that was talked of."""
    found = [c for name in competentie_ids if (c := store.competentie(name))] or store.competenties()[:1]
    known = sorted(found[0].niveaus)
    lines = [
        "Niveau **A** is het hoogst en niveau **D** het laagst.",
        f"Bij {found[0].naam.lower()} beschrijft het boek {listing([f'niveau {n}' for n in known])}.",
    ]
    return answered(store, "competentie.hoogste_niveau", lines, [found[0].bron])


def op_niveau(store: Store, functie: Functie, niveau: str) -> Answer:
    """Which competencies a function asks on one level."""
    names = [f"**{naam(store, c.competentie)}**" for c in functie.norm.competenties if c.niveau == niveau]
    if names:
        line = f"**{functie.naam}** vraagt op niveau **{niveau}**: {listing(names)}."
    else:
        line = f"**{functie.naam}** vraagt geen enkele competentie op niveau **{niveau}**."
    return answered(
        store,
        "functie.competenties_op_niveau",
        [line],
        [functie.norm.bron],
        profile=True,
        data=_profile(store, functie),
    )


def niveau_van_functie(store: Store, functies: Sequence[Functie], competenties: Sequence[Competentie]) -> Answer:
    """At which level functions need competencies, with what that level means."""
    lines: list[str] = []
    notes: list[str] = []
    shown: dict[tuple[str, str], None] = {}
    for competentie in competenties:
        rows = []
        for f in functies:
            levels = asked_level(f, competentie.id)
            if not levels:
                others = store.functies_met_competentie(competentie.id)
                where = listing([low(g.functie.naam) for g in others[:4]])
                rows.append(
                    f"**{competentie.naam}** staat niet in het profiel van **{low(f.naam)}**."
                    + (f" Wel bij: {where}." if where else "")
                )
                continue
            names = []
            for niveau, lijst in levels:
                uitleg = competentie.niveaus.get(niveau)  # type: ignore[call-overload]
                extra = " volgens de bijlage" if lijst == "bijlage" and len(levels) > 1 else ""
                names.append(f"niveau **{niveau}**" + (f" ({uitleg.naam})" if uitleg else "") + extra)
                shown[(competentie.id, niveau)] = None
            rows.append(f"Een **{low(f.naam)}** heeft {competentie.naam.lower()} nodig op {listing(names, 'of')}.")
            if len({niveau for niveau, _ in levels}) > 1:
                notes.append("De bron geeft voor deze functie twee verschillende niveaus.")
        levels_found = {n for f in functies for n, _ in asked_level(f, competentie.id)}
        if len(functies) > 1 and len(levels_found) > 1:
            best = min(functies, key=lambda f: min((n for n, _ in asked_level(f, competentie.id)), default="Z"))
            rows.insert(0, f"Voor {competentie.naam.lower()} ligt de lat het hoogst bij **{low(best.naam)}**.")
        lines += rows if len(rows) == 1 else [rows[0], bullets(rows[1:])]
    for competentie_id, niveau in list(shown)[:2]:
        c = store.competentie(competentie_id)
        if c is not None and c.niveaus.get(niveau) is not None:  # type: ignore[call-overload]
            lines.append(f"Op niveau {niveau} van {c.naam.lower()} laat je dit zien:")
            lines.append(bullets(c.niveaus[niveau].gedrag))  # type: ignore[index]
    places = [f.norm.bron for f in functies]
    buttons = [
        questions.about_functie("vraag_competenties", functies[0].naam, f"Alle competenties {low(functies[0].naam)}")
    ]
    buttons += [questions.about_competentie("vraag_functies_bij_competentie", c.naam.lower()) for c in competenties[:1]]
    data = {"profielen": [_profile(store, f) for f in functies]}
    return answered(store, "competentie.niveau", lines, places, profile=True, notes=notes, buttons=buttons, data=data)


def betekenis(store: Store, competenties: Sequence[Competentie]) -> Answer:
    """What competencies mean, and which levels the source describes."""
    lines: list[str] = []
    notes: list[str | None] = []
    for c in competenties:
        if c.definitie:
            lines.append(f"**{c.naam}**: {c.definitie}")
        else:
            lines.append(f"**{c.naam}** wordt in de bron genoemd, maar niet uitgelegd.")
        if c.niveaus:
            names = [f"{niveau} ({uitleg.naam})" for niveau, uitleg in sorted(c.niveaus.items())]
            lines.append(f"Niveaus in het functieboek: {listing(names)}.")
        if c.organisatiebreed:
            lines.append("Deze competentie geldt voor iedereen in de organisatie.")
        notes.append(c.kanttekening)
    c = competenties[0]
    buttons = [questions.about_competentie("vraag_functies_bij_competentie", c.naam.lower())] if c.niveaus else []
    for niveau in sorted(c.niveaus)[:2]:
        buttons.append(Button(f"{c.naam} op niveau {niveau}", questions.GEDRAG.format(c.naam.lower(), niveau)))
    return answered(store, "competentie.betekenis", lines, [c.bron for c in competenties], notes=notes, buttons=buttons)


def gedrag(store: Store, competentie: Competentie, niveaus: Sequence[str]) -> Answer:
    """What one shows at one or more levels of a competency."""
    lines: list[str] = []
    for niveau in niveaus:
        uitleg = competentie.niveaus.get(niveau)  # type: ignore[call-overload]
        if uitleg is None:
            known = listing(sorted(competentie.niveaus)) or "geen enkel niveau"
            lines.append(f"De bron beschrijft geen niveau {niveau} van **{competentie.naam.lower()}**, wel {known}.")
            continue
        lines.append(f"**{competentie.naam} op niveau {niveau}** heet '{uitleg.naam}'. Je laat dit zien:")
        lines.append(bullets(uitleg.gedrag))
        names = [low(g.functie.naam) for g in store.functies_met_competentie(competentie.id) if g.niveau == niveau]
        if names:
            lines.append(f"Dit niveau is nodig voor: {listing(names)}.")
    described = sorted(competentie.niveaus)
    buttons = [
        Button(
            f"Verschil niveau {lower} en {upper}",
            questions.VERSCHIL_NIVEAUS.format(lower, upper, competentie.naam.lower()),
        )
        for upper, lower in itertools.pairwise(described)
        if set(niveaus) & {upper, lower}
    ]
    buttons = [*buttons[:2], questions.about_competentie("vraag_functies_bij_competentie", competentie.naam.lower())]
    notes = [competentie.kanttekening]
    return answered(store, "competentie.gedrag", lines, [competentie.bron], notes=notes, buttons=buttons)


def alle_niveaus(store: Store, competentie: Competentie) -> Answer:
    """All levels of a competency that the source describes, highest first."""
    return gedrag(store, competentie, sorted(competentie.niveaus) or ["A"])


def verschil_niveaus(store: Store, competentie: Competentie, niveaus: Sequence[str]) -> Answer:
    """Two (or more) levels of a competency side by side, the highest first."""
    ordered = sorted(set(niveaus))
    known = [n for n in ordered if n in competentie.niveaus]
    lines = [
        f"{competentie.naam}: niveau **{known[0]}** ({competentie.niveaus[known[0]].naam}) is zwaarder dan "
        f"niveau **{known[-1]}** ({competentie.niveaus[known[-1]].naam})."
        if len(known) > 1
        else f"De bron beschrijft niet al deze niveaus van **{competentie.naam.lower()}**."
    ]
    for niveau in ordered:
        uitleg = competentie.niveaus.get(niveau)  # type: ignore[call-overload]
        if uitleg is None:
            lines.append(f"Niveau {niveau} beschrijft de bron niet.")
        else:
            lines.append(f"Niveau **{niveau}** ({uitleg.naam}):")
            lines.append(bullets(uitleg.gedrag))
    lines.append(LEVEL_ORDER)
    buttons = [questions.about_competentie("vraag_functies_bij_competentie", competentie.naam.lower())]
    buttons.append(questions.about_competentie("vraag_competentie", competentie.naam.lower()))
    notes = [competentie.kanttekening]
    return answered(store, "competentie.verschil_niveaus", lines, [competentie.bron], notes=notes, buttons=buttons)


def functies_bij(store: Store, competenties: Sequence[Competentie], niveau: str | None = None) -> Answer:
    """Which functions need a competency, with the level; organisation-wide ones are needed by everybody."""
    lines: list[str] = []
    places = []
    first: Functie | None = None
    for c in competenties:
        found = [g for g in store.functies_met_competentie(c.id) if niveau is None or g.niveau == niveau]
        at = f" op niveau {niveau}" if niveau else ""
        if found:
            level = c.niveaus.get(niveau) if niveau else None  # type: ignore[call-overload]
            called = f" ({level.naam})" if level else ""
            word = f"{count(len(found))} functies:" if len(found) > 1 else "één functie. Dit is de enige:"
            lines.append(f"**{c.naam}**{at}{called} hoort bij {word}")
            lines.append(bullets(f"**{g.functie.naam}**: niveau {g.niveau}" for g in found))
            first = first or found[0].functie
        else:
            lines.append(f"**{c.naam}**{at} staat in geen enkel profiel van dit functieboek.")
        if c.organisatiebreed:
            lines.append(f"{c.naam} wordt bovendien van iedereen in de organisatie gevraagd.")
        module = store.module()
        if module is not None:
            for item in module.competenties:
                if item.competentie == c.id:
                    lines.append(f"Ook de coördinatiemodule vraagt {c.naam.lower()}, op niveau {item.niveau}.")
        places += [g.functie.norm.bron for g in found] or [c.bron]
    buttons = [questions.about_competentie("vraag_competentie", competenties[0].naam.lower(), "Wat betekent dat?")]
    if first is not None:
        buttons += [questions.about_functie("vraag_competenties", first.naam, f"Competenties {low(first.naam)}")]
    return answered(store, "competentie.functies", lines, places, profile=True, buttons=buttons)


def lijst(store: Store) -> Answer:
    """All competencies of the book."""
    names = [c.naam.lower() for c in store.competenties()]
    lines = [f"Het functieboek noemt **{len(names)} competenties**:", bullets(names), LEVEL_ORDER]
    buttons = [questions.about_competentie("vraag_competentie", name, f"Wat is {name}?") for name in names[:3]]
    return answered(store, "competentie.lijst", lines, [store.competenties()[0].bron], buttons=buttons)
