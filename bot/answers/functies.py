"""Answers about functions: scale, work, requirements, formation and place in HR21."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import questions
from bot.answers.answer import Answer, Button, answered, bullets, listing, number
from knowledge import tasks
from knowledge.schema import SCHALEN, Uitleg
from knowledge.store import Functie, Store

_COUNT = ("nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")


def count(value: int) -> str:
    """A small number in letters, as in running text."""
    return _COUNT[value] if value < len(_COUNT) else str(value)


def low(naam: str) -> str:
    """A function's name inside a sentence."""
    return naam[0].lower() + naam[1:]


def _buttons(functie: Functie, *intents: str) -> list[Button]:
    return [questions.about_functie(intent, functie.naam) for intent in intents]


# --- scale -----------------------------------------------------------------------------------------------------------


def schaal(
    store: Store, functies: Sequence[Functie], genoemd: Sequence[str] = (), laagst_eerst: bool = False
) -> Answer:
    """The scale of one or more functions. `genoemd`: scales that the person named, to compare with. `laagst_eerst`: the
    person asked which one is lowest.
    """
    data = {"functies": [{"id": f.id, "naam": f.naam, "schaal": f.schaal} for f in functies]}
    places = [f.bron for f in functies]
    if len(functies) == 1:
        f = functies[0]
        lines = [f"**{f.naam}** zit in **schaal {f.schaal}**.{_against(f, genoemd)}", _hr21(f)]
        buttons = _buttons(f, "vraag_opleiding", "vraag_taken")
        return answered(store, "functie.schaal", lines, places, buttons=[*buttons, _others_in_scale(f)], data=data)
    ordered = sorted(functies, key=lambda f: -f.schaal_rang)
    scales = {f.schaal for f in functies}
    if len(scales) == 1:
        both = "allebei" if len(functies) == 2 else "allemaal"
        names = listing([low(f.naam) for f in functies])
        lead = f"Ja, dezelfde schaal: {names} zitten {both} in **schaal {functies[0].schaal}**."
    else:
        top, last = ordered[0], ordered[-1]
        steps = top.schaal_rang - last.schaal_rang
        gap = f" Dat scheelt {count(steps)} {'schaal' if steps == 1 else 'schalen'}." if len(functies) == 2 else ""
        gap = "" if _extra_scales_between(top, last) else gap
        lead = f"**{top.naam}** staat het hoogst, in **schaal {top.schaal}**.{gap}"
        if laagst_eerst:
            lead = f"**{last.naam}** staat het laagst, in **schaal {last.schaal}**.{gap}"
            ordered.reverse()
    rows = [f"{f.naam}: **schaal {f.schaal}** ({f.norm.naam})" for f in (functies if len(scales) == 1 else ordered)]
    buttons = [Button("Vergelijk het werk", questions.VERSCHIL_FUNCTIES.format(functies[0].naam, functies[1].naam))]
    buttons += _buttons(ordered[0], "vraag_opleiding", "vraag_competenties")
    return answered(store, "functie.schaal", [lead, bullets(rows)], places, buttons=buttons, data=data)


def _extra_scales_between(top: Functie, last: Functie) -> bool:
    """Whether 10A or 11A lies in between: then counting scales would confuse."""
    return any(s.endswith("A") for s in SCHALEN[last.schaal_rang : top.schaal_rang + 1])


def _against(functie: Functie, genoemd: Sequence[str]) -> str:
    """How the function's scale compares with one that the person named."""
    others = [s for s in genoemd if s in SCHALEN and s != functie.schaal]
    if len(others) != 1:
        return ""
    higher = functie.schaal_rang > SCHALEN.index(others[0])
    return f" Dat is {'hoger' if higher else 'lager'} dan schaal {others[0]}."


def _hr21(functie: Functie) -> str:
    return f"De HR21-normfunctie is {functie.norm.naam}."


def _others_in_scale(functie: Functie) -> Button:
    return Button(f"Andere functies in schaal {functie.schaal}", questions.SCHAAL.format(functie.schaal))


def functies_in_schaal(store: Store, schalen: Sequence[str]) -> Answer:
    """Which functions are in one or more scales; an empty scale is said to be empty."""
    lines: list[str] = []
    found: list[Functie] = []
    for s in schalen:
        here = store.functies_in_schaal(s)
        found += here
        if not here:
            lines.append(f"In **schaal {s}** zit geen enkele functie van dit functieboek.{_around(store, s)}")
        elif len(here) == 1:
            lines.append(f"In **schaal {s}** zit één functie: **{low(here[0].naam)}**.")
        else:
            lines.append(f"In **schaal {s}** zitten {count(len(here))} functies:")
            lines.append(bullets(f"**{f.naam}** ({f.norm.naam})" for f in here))
    places = [f.bron for f in found] or [store.functies()[0].bron]
    buttons = [questions.about_functie("vraag_taken", f.naam, f"Wat doet een {low(f.naam)}?") for f in found[:2]]
    buttons.append(Button(f"Wat betaalt schaal {schalen[0]}?", questions.SALARIS.format(schalen[0])))
    data = {"functies": [{"id": f.id, "naam": f.naam, "schaal": f.schaal} for f in found]}
    return answered(store, "schaal.functies", lines, places, buttons=buttons, data=data)


def _around(store: Store, schaal_naam: str) -> str:
    """The nearest functions below and above an empty scale."""
    rank = SCHALEN.index(schaal_naam)
    below = next((f for f in store.functies() if f.schaal_rang < rank), None)
    above = next((f for f in reversed(store.functies()) if f.schaal_rang > rank), None)
    near = [f"{low(f.naam)} (schaal {f.schaal})" for f in (below, above) if f]
    return f" Het dichtst erbij: {listing(near)}." if near else ""


def rond_schaal(store: Store, schaal_naam: str, boven: bool) -> Answer:
    """The functions above or below a scale, the nearest first."""
    rank = SCHALEN.index(schaal_naam)
    found = [f for f in store.functies() if (f.schaal_rang > rank if boven else f.schaal_rang < rank)]
    where = "boven" if boven else "onder"
    if not found:
        return functies_in_schaal(store, [schaal_naam])
    lines = [f"{where.capitalize()} **schaal {schaal_naam}** zitten {count(len(found))} functies:"]
    lines.append(bullets(f"{f.naam}: schaal {f.schaal}" for f in found))
    buttons = [questions.about_functie("vraag_taken", f.naam, f"Wat doet een {low(f.naam)}?") for f in found[:2]]
    return answered(store, "schaal.functies", lines, [found[0].bron], buttons=buttons)


def module(store: Store) -> Answer:
    """The coordination module: its tasks, its competencies, and that it makes nobody a manager."""
    m = store.module()
    assert m is not None, "the book has a module"
    asked = [(store.competentie(c.competentie), c.niveau) for c in m.competenties]
    names = [f"**{c.naam.lower()}** (niveau {niveau})" for c, niveau in asked if c]
    lines = [f"Met de **{m.naam.lower()}** doe je dit naast je gewone werk:", bullets(m.taken)]
    lines += ["Deze competenties heb je ervoor nodig:", bullets(names)]
    lines.append("Je bent daarmee geen leidinggevende.")
    buttons = [
        questions.about_competentie("vraag_competentie", c.naam.lower(), f"Wat is {c.naam.lower()}?")
        for c, _ in asked
        if c
    ]
    return answered(store, "functie.module", lines, [m.bron], profile=False, buttons=buttons)


def uiterste_schaal(store: Store, hoogste: bool) -> Answer:
    """The highest or lowest scale of the book, with its functions and the next in line."""
    functies = store.functies()
    ordered = functies if hoogste else functies[::-1]
    edge = ordered[0].schaal
    here = [f for f in ordered if f.schaal == edge]
    rest = [f for f in ordered if f.schaal != edge]
    next_scale = [f for f in rest if f.schaal == rest[0].schaal] if rest else []
    word = "hoogste" if hoogste else "laagste"
    lines = [f"De {word} schaal is **schaal {edge}**: {listing([f'**{low(f.naam)}**' for f in here])}."]
    if next_scale:
        names = listing([low(f.naam) for f in next_scale])
        lines.append(f"Daarna komt schaal {next_scale[0].schaal}: {names}.")
    buttons = [*_buttons(here[0], "vraag_taken", "vraag_opleiding"), questions.plain("vraag_functielijst")]
    return answered(store, f"schaal.{word}", lines, [f.bron for f in here], buttons=buttons)


def functielijst(store: Store) -> Answer:
    """All functions of the book with their scales."""
    functies = store.functies()
    lines = [f"Er staan **{len(functies)} functies** in het functieboek:"]
    lines.append(bullets(f"{f.naam}: schaal {f.schaal}" for f in functies))
    data = {"functies": [{"id": f.id, "naam": f.naam, "schaal": f.schaal} for f in functies]}
    buttons = [questions.plain("vraag_hoogste_schaal"), questions.plain("vraag_competentielijst")]
    return answered(store, "functie.lijst", lines, [functies[0].bron], buttons=buttons, data=data)


# --- the work --------------------------------------------------------------------------------------------------------


def taken(store: Store, f: Functie, volledig: bool = True) -> Answer:
    """What someone in a function does: its character first, then the tasks by result area."""
    lines = [f"**{f.naam}** (schaal {f.schaal}). {' '.join(f.kenmerken or f.norm.kenmerken)}", "", "Taken:"]
    for gebied in f.norm.resultaatgebieden:
        lines.append(f"- **{gebied.naam}**: {' '.join(gebied.taken)}")
    buttons = _buttons(f, "vraag_competenties", "vraag_opleiding", "vraag_werksituaties")
    return answered(store, "functie.taken", lines, [f.bron, f.norm.bron], buttons=buttons)


def resultaatgebieden(store: Store, f: Functie) -> Answer:
    """The result areas of a function."""
    areas = f.norm.resultaatgebieden
    lead = f"**{f.naam}** heeft {count(len(areas))} resultaatgebieden: {listing([g.naam.lower() for g in areas])}."
    rows = [f"**{g.naam}**: {' '.join(g.taken)}" for g in areas]
    buttons = _buttons(f, "vraag_kenmerken", "vraag_competenties", "vraag_schaal")
    return answered(store, "functie.resultaatgebieden", [lead, bullets(rows)], [f.norm.bron], buttons=buttons)


def kenmerken(store: Store, f: Functie) -> Answer:
    """The characteristics that make the level of a function."""
    items = f.kenmerken or tuple(f.norm.kenmerken)
    lines = [f"Dit kenmerkt de functie **{low(f.naam)}** (schaal {f.schaal}):", bullets(items)]
    buttons = _buttons(f, "vraag_taken", "vraag_competenties", "vraag_schaal")
    return answered(store, "functie.kenmerken", lines, [f.bron, f.norm.bron], buttons=buttons)


def taak_bij_functie(store: Store, functies: Sequence[Functie], vraag: str) -> Answer:
    """Whether a described task belongs to a function; if not, with whom it is found."""
    f = functies[0]
    own = tasks.matching(f, vraag)
    others = [(g, hits) for g in store.functies() if g.id != f.id and (hits := tasks.matching(g, vraag))]
    best = max((hit.score for hit in own), default=0.0)
    better = [
        (g, [h for h in hits if h.score > best])
        for g, hits in others
        if g.norm.functiegroep == f.norm.functiegroep and max(h.score for h in hits) > best + 0.5
    ]
    buttons = _buttons(f, "vraag_taken", "vraag_competenties")
    places = [f.norm.bron]
    hard = tasks.tensions(f, vraag) if not own else []
    if hard:
        lines = [
            f"Ja, daar krijgt **{low(f.naam)}** mee te maken. Het boek noemt dit bij de lastige situaties:",
            bullets(hard[:3]),
        ]
        names = [c.naam.lower() for item in f.norm.competenties if (c := store.competentie(item.competentie))]
        lines.append(f"De competenties voor dit werk zijn {listing(names)}.")
    elif better:
        g, hits = better[0]
        lines = [
            f"Nee, dat staat niet bij de taken van **{low(f.naam)}**. Het staat wel bij **{low(g.naam)}**:",
            bullets(hit.text for hit in hits[:3]),
        ]
        places.append(g.norm.bron)
        buttons = [questions.about_functie("vraag_taken", g.naam, f"Wat doet een {low(g.naam)}?"), *buttons]
    elif own:
        lines = [f"Dit staat erover bij **{low(f.naam)}**:", bullets(hit.text for hit in own[:4])]
    else:
        lines = [f"Dat staat niet letterlijk bij de taken van **{low(f.naam)}**. Dit staat er wel:"]
        lines += [f"- **{g.naam}**: {' '.join(g.taken)}" for g in f.norm.resultaatgebieden]
    return answered(store, "functie.taak", lines, places, buttons=buttons)


def functie_bij_taak(store: Store, vraag: str) -> Answer | None:
    """Which function does the described work; None when nothing fits."""
    ranking = tasks.functions_for(store, vraag)
    if not ranking:
        return None
    best = ranking[0]
    others = [r for r in ranking[1:3] if r.score > 0.55 * best.score]
    lines = [f"Dat past het best bij **{low(best.functie.naam)}** (schaal {best.functie.schaal})."]
    if best.texts:
        lines.append(bullets(best.texts[:3]))
    if others:
        names = listing([f"**{low(r.functie.naam)}** (schaal {r.functie.schaal})" for r in others], "of")
        lines.append(f"Kijk ook eens bij {names}.")
    buttons = _buttons(best.functie, "vraag_taken", "vraag_opleiding")
    buttons += [questions.about_functie("vraag_taken", r.functie.naam, r.functie.naam) for r in others]
    return answered(
        store,
        "functie.bij_taak",
        lines,
        [best.functie.norm.bron, *(r.functie.norm.bron for r in others)],
        buttons=buttons,
    )


def verschil(store: Store, functies: Sequence[Functie]) -> Answer:
    """Two or three functions side by side: scale, education, character, competencies, tasks."""
    from bot.answers.vergelijken import vergelijk

    return vergelijk(store, functies)


# --- requirements ----------------------------------------------------------------------------------------------------


def vakkennis(store: Store, functies: Sequence[Functie]) -> Answer:
    """The knowledge that functions ask."""
    return _explained(store, functies, "vakkennis", "vraagt deze vakkennis", [f.norm.vakkennis for f in functies])


def vaardigheden(store: Store, functies: Sequence[Functie]) -> Answer:
    """The skills that functions ask."""
    answer = _explained(
        store, functies, "vaardigheden", "vraagt deze vaardigheden", [f.norm.vaardigheden for f in functies]
    )
    if len(functies) > 1:
        return answer
    # "Wat moet je kunnen?" is about both.
    names = [c.naam.lower() for item in functies[0].norm.competenties if (c := store.competentie(item.competentie))]
    body, _, notes = answer.text.partition("\n\n_Let op:")
    text = f"{body}\nDe competenties zijn: {listing(names)}." + (f"\n\n_Let op:{notes}" if notes else "")
    return answer.with_text(text)


def werksituaties(store: Store, functies: Sequence[Functie]) -> Answer:
    """The critical work situations of functions: what makes the work hard."""
    items = [f.norm.kritische_werksituaties for f in functies]
    return _explained(store, functies, "werksituaties", "kent deze lastige (kritische) werksituaties", items)


_NEXT = {
    "vakkennis": ("vraag_vaardigheden", "vraag_opleiding", "vraag_competenties"),
    "vaardigheden": ("vraag_vakkennis", "vraag_competenties", "vraag_opleiding"),
    "werksituaties": ("vraag_competenties", "vraag_vaardigheden", "vraag_taken"),
}


def _explained(
    store: Store, functies: Sequence[Functie], aspect: str, verb: str, items: Sequence[Sequence[Uitleg]]
) -> Answer:
    lines: list[str] = []
    for f, parts in zip(functies, items, strict=False):
        if parts:
            lines.append(f"**{f.naam}** {verb}:")
            lines.append(bullets(f"**{u.naam}**: {u.uitleg}" for u in parts))
        else:
            lines.append(f"De bron noemt hier niets over voor **{low(f.naam)}**.")
    places = [f.norm.bron for f in functies]
    return answered(
        store, f"functie.{aspect}", lines, places, profile=True, buttons=_buttons(functies[0], *_NEXT[aspect])
    )


# --- formation and HR21 ----------------------------------------------------------------------------------------------


def formatie(store: Store, functies: Sequence[Functie]) -> Answer:
    """How many fte a function has; said to be missing when the book names none."""
    lines = []
    for f in functies:
        if f.formatie is None:
            lines.append(f"Voor **{low(f.naam)}** noemt het functieboek **geen formatie**.")
        else:
            lines.append(f"Voor **{low(f.naam)}** is er **{number(f.formatie)} fte**.")
    known = [f.formatie for f in functies if f.formatie is not None]
    if len(known) > 1:
        lines.append(f"Samen is dat {number(sum(known))} fte.")
    lines.append("Eén fte is een volledige baan. Hoeveel plekken vrij zijn, staat er niet bij.")
    buttons = [*_buttons(functies[0], "vraag_schaal", "vraag_taken"), questions.plain("vraag_grootste_formatie")]
    return answered(store, "functie.formatie", lines, [f.bron for f in functies], buttons=buttons)


def grootste_formatie(store: Store, kleinste: bool = False) -> Answer:
    """Which function has the most (or fewest) fte."""
    known = [f for f in store.functies() if f.formatie is not None]
    unknown = [f for f in store.functies() if f.formatie is None]
    known.sort(key=lambda f: (f.formatie or 0.0) * (1 if kleinste else -1))
    edge = [f for f in known if f.formatie == known[0].formatie]
    word = "kleinste" if kleinste else "grootste"
    names = listing([f"**{low(f.naam)}**" for f in edge])
    verb = "heeft" if len(edge) == 1 else "hebben"
    lines = [
        f"{names[:2]}{names[2:3].upper()}{names[3:]} {verb} de {word} formatie: **{number(edge[0].formatie or 0)} fte**."
    ]
    rest = [f for f in known if f not in edge][:3]
    lines.append("Daarna: " + listing([f"{low(f.naam)} ({number(f.formatie or 0)} fte)" for f in rest]) + ".")
    if unknown:
        lines.append(f"Voor {count(len(unknown))} functies noemt het boek geen formatie.")
    buttons = _buttons(edge[0], "vraag_taken", "vraag_schaal")
    return answered(store, "functie.grootste_formatie", lines, [f.bron for f in edge], buttons=buttons)


def zonder_formatie(store: Store) -> Answer:
    """The functions for which the book names no formation."""
    unknown = [f for f in store.functies() if f.formatie is None]
    lines = [
        f"Voor {count(len(unknown))} functies noemt het functieboek geen formatie:",
        bullets(f.naam for f in unknown),
    ]
    return answered(
        store,
        "functie.formatie",
        lines,
        [f.bron for f in unknown],
        buttons=[questions.plain("vraag_grootste_formatie")],
    )


def aantal(store: Store, functies: Sequence[Functie]) -> Answer:
    """How many functions were listed, with their names."""
    names = [f"**{f.naam}** (schaal {f.schaal})" for f in functies]
    lines = [f"Dat zijn er **{count(len(functies))}**: {listing(names)}."]
    return answered(store, "functie.aantal", lines, [f.bron for f in functies])


def functiereeks(store: Store, functies: Sequence[Functie]) -> Answer:
    """The functiereeks and functiegroep of functions."""
    lines, places = [], []
    for f in functies:
        reeks, groep = store.functiereeks(f.norm.functiereeks), store.functiegroep(f.norm.functiegroep)
        lines.append(f"**{f.naam}** hoort bij functiereeks **{reeks.naam}** en functiegroep **{groep.naam}**.")
        if len(functies) == 1:
            lines.append(f"De groep {groep.naam}: {groep.uitleg}")
        places.append(f.norm.bron)
    reeks = store.functiereeks(functies[0].norm.functiereeks)
    buttons = [Button(f"Alle functies in {reeks.naam}", questions.REEKS.format(reeks.naam))]
    buttons += _buttons(functies[0], "vraag_normfunctie", "vraag_schaal")
    return answered(store, "functie.functiereeks", lines, places, buttons=buttons)


def functies_in_reeks(store: Store, parts: Sequence[tuple[str, str]]) -> Answer:
    """What functiereeksen and functiegroepen are, and which functions fall under them. `parts`: (kind, id)."""
    lines, places = [], []
    for kind, part_id in parts:
        part = store.functiereeks(part_id) if kind == "functiereeks" else store.functiegroep(part_id)
        functies = store.functies_in_reeks(kind, part_id)
        if functies:
            names = listing([f"{low(f.naam)} (schaal {f.schaal})" for f in functies])
            groups = [g.naam for g in store.functiegroepen() if kind == "functiereeks" and g.functiereeks == part_id]
            if len(groups) > 1:
                lines.append(f"Functiereeks **{part.naam}** heeft de functiegroepen {listing(groups)}.")
            elif groups:
                lines.append(f"Functiereeks **{part.naam}** heeft één functiegroep: {groups[0]}.")
            lines.append(f"Onder {kind} **{part.naam}** vallen: {names}.")
        else:
            lines.append(f"Onder {kind} **{part.naam}** valt in dit boek geen functie.")
        lines.append(f"{part.naam} betekent: {part.uitleg}")
        places.append(part.bron)
    return answered(store, "functie.reeks", lines, places, buttons=[questions.plain("vraag_functielijst")])


def reeksen(store: Store) -> Answer:
    """All functiereeksen with their groups."""
    lines = ["Het functieboek kent deze functiereeksen (soorten werk), met hun groepen:"]
    for reeks in store.functiereeksen():
        groups = listing([g.naam for g in store.functiegroepen() if g.functiereeks == reeks.id])
        lines.append(f"- **{reeks.naam}**: {groups}")
    buttons = [Button(f"Functies in {r.naam}", questions.REEKS.format(r.naam)) for r in store.functiereeksen()]
    return answered(store, "functie.reeks", lines, [store.functiereeksen()[0].bron], buttons=buttons)


def normfunctie(store: Store, functies: Sequence[Functie], vanuit_norm: bool) -> Answer:
    """The norm function of local functions, or (`vanuit_norm`) the local function of norm functions."""
    if vanuit_norm:
        lines = [
            f"De normfunctie **{f.norm.naam}** heet in dit boek **{low(f.naam)}** (schaal {f.schaal})."
            for f in functies
        ]
    else:
        lines = [f"**{f.naam}** is in HR21 de normfunctie **{f.norm.naam}**." for f in functies]
    buttons = _buttons(functies[0], "vraag_functiereeks", "vraag_schaal", "vraag_taken")
    return answered(store, "functie.normfunctie", lines, [f.bron for f in functies], buttons=buttons)
