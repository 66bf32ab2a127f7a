"""Career advice in words: what is missing for a function, where a diploma leads, a next step, what fits strengths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.answers import competenties, opleidingen, questions
from bot.answers.answer import Answer, Button, answered, bullets, listing
from bot.answers.functies import count, low
from bot.answers.vergelijken import step
from knowledge import advice, education
from knowledge.advice import Bereik, Kloof, KloofStap, Zonder
from knowledge.schema import Vindplaats
from knowledge.store import Functie, Store

DECIDES = (
    "Of je dit al kunt, bespreek je met je leidinggevende of een loopbaanadviseur. Dat gesprek beslist, niet dit boek."
)
MAX_PRACTICE = 3


def gedrag_bronnen(store: Store, items: Sequence[advice.CompetentieStap | KloofStap]) -> list[Vindplaats]:
    """Where the behaviours to practise stand."""
    return [c.bron for item in items if (c := store.competentie(item.competentie)) and advice.practice(store, item)]


def oefening(store: Store, item: advice.CompetentieStap | KloofStap) -> str | None:
    """One behaviour to practise, for after a colon; None where the book describes none."""
    found = advice.practice(store, item, limit=1)
    return low(found[0]) if found else None


# --- gap -------------------------------------------------------------------------------------------------------------


def kloof(store: Store, kloof: Kloof) -> Answer:
    """What is missing for a function: the main thing first, then education, competencies, knowledge and skills.

    `data["kloof"]`: van and naar (id, naam, schaal; van may be null), opleiding (minimaal, ideaal: texts; heb: id;
    eigen: whether that is the person's own diploma; genoeg: true, false or null), competenties (id, naam, van, naar,
    stand: heb, hoger, nieuw or onbekend; sterk; oefenen: behaviours), vakkennis, vaardigheden and anders (names),
    zwijgt (what the book doesn't say, see :func:`knowledge.advice.gap`).
    """
    van, naar = kloof.van, kloof.naar
    lines = [_lead(store, kloof), f"- Opleiding: {_education(store, kloof)}"]
    for stand, label in (
        ("heb", f"Heb je al, want {low(van.naam) if van else ''} vraagt het ook"),
        ("hoger", "Naar een hoger niveau"),
        ("nieuw", "Nieuw"),
        ("onbekend", "Competenties die de functie vraagt"),
    ):
        steps = kloof.stappen(stand)  # type: ignore[arg-type]
        if steps:
            lines.append(f"- {label}: {listing([_asked(store, item, stand) for item in steps])}")
    strong = [competenties.naam(store, item.competentie) for item in kloof.competenties if item.sterk]
    if strong:
        lines.append(f"- Je noemt jezelf goed in {listing(strong)}. Dat komt hier van pas.")
    lines += [
        f"- Oefen {competenties.naam(store, item.competentie)} op niveau {item.naar}: {text}"
        for item in kloof.te_oefenen[:MAX_PRACTICE]
        if (text := oefening(store, item))
    ]
    for label, items in (("Kennis", kloof.vakkennis), ("Vaardigheden", kloof.vaardigheden)):
        if items:
            lines.append(f"- {label} erbij: {listing([low(u.naam) for u in items])}")
    if kloof.anders:
        lines.append(f"- Anders beschreven dan nu: {listing([low(name) for name in kloof.anders])}")
    lines += ["", DECIDES]
    buttons = [questions.about_functie("vraag_vakkennis", naar.naam, f"Vakkennis {low(naar.naam)}"[:60])]
    if van and van.id != naar.id:
        question = questions.VERSCHIL_FUNCTIES.format(van.naam, naar.naam)
        buttons.insert(0, Button(f"Vergelijk met {low(naar.naam)}"[:60], question))
    for item in kloof.te_oefenen[:1]:
        name = competenties.naam(store, item.competentie)
        title = f"{name[0].upper()}{name[1:]} op niveau {item.naar}"
        buttons.insert(0, Button(title, questions.GEDRAG.format(name, item.naar)))
    places = [naar.norm.bron, *([van.norm.bron] if van else []), naar.bron]
    places += gedrag_bronnen(store, kloof.te_oefenen[:MAX_PRACTICE])
    return answered(
        store,
        "advies.kloof",
        lines,
        places,
        profile=True,
        notes=_silences(kloof),
        buttons=buttons,
        data={"kloof": as_data(store, kloof)},
    )


def _asked(store: Store, item: KloofStap, stand: str) -> str:
    name = competenties.naam(store, item.competentie)
    if stand == "hoger":
        return f"{name} (van {item.van} naar {item.naar})"
    return f"{name} (niveau {item.naar})"


def _lead(store: Store, kloof: Kloof) -> str:
    van, naar = kloof.van, kloof.naar
    name = f"**{low(naar.naam)}** (schaal {naar.schaal})"
    minimum = naar.norm.opleiding.minimaal_tekst
    if van and van.id == naar.id:
        return f"Voor {name} vergelijk je de functie met zichzelf. Er is dus geen verschil."
    if kloof.opleiding_genoeg is False and kloof.eigen_diploma:
        return f"Voor {name} mis je op papier vooral de opleiding: het profiel vraagt minimaal **{minimum}**."
    if van is None:
        asked = f"{count(len(kloof.competenties))} competenties"
        if kloof.opleiding_genoeg:
            return f"Voor {name} is je opleiding genoeg. Verder vraagt het boek {asked}."
        return f"Voor {name} vraagt het boek minimaal **{minimum}** en {asked}."
    if kloof.opleiding_genoeg is False:
        return f"Voor {name} is de opleiding het grootste verschil: van {van.norm.opleiding.minimaal_tekst} naar minimaal **{minimum}**."
    new, higher = kloof.stappen("nieuw"), kloof.stappen("hoger")
    bold = listing([f"**{competenties.naam(store, item.competentie)}**" for item in new or higher])
    if new:
        return f"Voor {name} {'komt' if len(new) == 1 else 'komen'} er vooral bij: {bold}."
    if len(higher) == 1:
        return f"Voor {name} moet vooral {bold} omhoog: van niveau {higher[0].van} naar {higher[0].naar}."
    if higher:
        return f"Voor {name} moeten vooral omhoog: {bold}."
    extra = [low(u.naam) for u in (*kloof.vakkennis, *kloof.vaardigheden)]
    if extra:
        return f"Voor {name} vraagt het boek dezelfde competenties. Erbij komt: {listing(extra)}."
    return f"Voor {name} vraagt het boek geen andere opleiding, competenties of kennis dan voor **{low(van.naam)}**."


def _education(store: Store, kloof: Kloof) -> str:
    o = kloof.naar.norm.opleiding
    text = f"minimaal {o.minimaal_tekst}" + (f", het liefst {o.ideaal_tekst}" if o.ideaal_tekst else "") + "."
    held = opleidingen.naam(store, kloof.opleiding) if kloof.opleiding else None
    if kloof.eigen_diploma:
        if kloof.opleiding_genoeg is None:
            text += f" Of {held} genoeg is, hangt af van je niveau."
        else:
            text += f" Met {held} heb je {'genoeg' if kloof.opleiding_genoeg else 'op papier nog niet genoeg'}."
    elif kloof.van and kloof.opleiding_genoeg is True:
        text += f" Dat is niet meer dan {low(kloof.van.naam)} vraagt."
    elif kloof.van:
        text += f" Voor {low(kloof.van.naam)} is dat {kloof.van.norm.opleiding.minimaal_tekst}. Kijk wat je eigen diploma is."
    if not o.richtingen:
        text += " Het profiel noemt geen richting."
    return text


def _silences(kloof: Kloof) -> list[str]:
    said = {
        "niveau_nu": "Ik weet niet welke functie je nu hebt. Noem die erbij, dan zie je wat je al hebt.",
        "opleiding": "Ik weet niet welke opleiding je hebt. Noem je diploma erbij, dan leg ik het ernaast.",
        "mbo_niveau": "Bij mbo telt het niveau. Kijk welk niveau op je diploma staat.",
        "algemeen_diploma": "Je diploma is op niveau hoog genoeg, maar het profiel vraagt mbo. Vraag na of het telt.",
        "ervaring": opleidingen.NOT_SAID,
        "twee_lijsten": "De bron geeft bij een van deze functies twee lijsten met competenties. Ik gebruik de lijst uit de beschrijving.",
    }
    return [said[name] for name in kloof.zwijgt if name in said]


def as_data(store: Store, kloof: Kloof) -> dict[str, Any]:
    """A gap as plain data, see :func:`kloof`."""
    o = kloof.naar.norm.opleiding
    return {
        "van": _functie(kloof.van) if kloof.van else None,
        "naar": _functie(kloof.naar),
        "opleiding": {
            "minimaal": o.minimaal_tekst,
            "ideaal": o.ideaal_tekst,
            "heb": kloof.opleiding,
            "eigen": kloof.eigen_diploma,
            "genoeg": kloof.opleiding_genoeg,
        },
        "competenties": [
            {
                "id": item.competentie,
                "naam": competenties.naam(store, item.competentie),
                "van": item.van,
                "naar": item.naar,
                "stand": item.stand,
                "sterk": item.sterk,
                "oefenen": list(advice.practice(store, item)) if item.stand != "heb" else [],
            }
            for item in kloof.competenties
        ],
        "vakkennis": [u.naam for u in kloof.vakkennis],
        "vaardigheden": [u.naam for u in kloof.vaardigheden],
        "anders": list(kloof.anders),
        "zwijgt": list(kloof.zwijgt),
    }


def _functie(f: Functie) -> dict[str, Any]:
    return {"id": f.id, "naam": f.naam, "schaal": f.schaal}


# --- reach -----------------------------------------------------------------------------------------------------------

NOT_ALL = "Een diploma is één eis. Het boek vraagt ook competenties, kennis en vaardigheden."


def schaal_bij_opleiding(store: Store, *bereiken: Bereik, genoemd: Sequence[str] = ()) -> Answer:
    """How high one gets with an education (or with each of several).

    genoemd: scales that the person asks about; with one education they are answered first.
    `data["bereik"]`: per education id, naam, schaal (highest, or null), functies, hierboven (id, naam, schaal, opleiding).
    """
    lines: list[str] = []
    notes: list[str] = []
    for bereik in bereiken:
        named = [_in_scale(store, bereik, schaal) for schaal in genoemd[:2]] if len(bereiken) == 1 else []
        lines += [*named, *_reach(store, bereik, short=len(bereiken) > 1)]
        if bereik.onzeker and bereik.opleiding == "mbo":
            notes.append("Sommige functies vragen een mbo-niveau. Noem je niveau erbij, dan kan ik dat vergelijken.")
        if bereik.opleiding in advice.GENERAL and bereik.schaal:
            notes.append("Je diploma is op niveau hoog genoeg, maar de profielen vragen mbo. Vraag na of het telt.")
    lines.append(NOT_ALL)
    first = bereiken[0]
    shown = [*first.functies, *first.hierboven]
    buttons = [questions.about_functie("vraag_opleiding", f.naam, f"Opleiding {low(f.naam)}"[:60]) for f in shown[:3]]
    data = {
        "bereik": [
            {
                "id": b.opleiding,
                "naam": opleidingen.naam(store, b.opleiding),
                "schaal": b.schaal,
                "functies": [_with_education(f) for f in b.functies],
                "hierboven": [_with_education(f) for f in b.hierboven],
            }
            for b in bereiken
        ]
    }
    return answered(
        store,
        "advies.schaal_bij_opleiding",
        lines,
        _places(store, shown),
        profile=True,
        notes=notes,
        buttons=buttons,
        data=data,
    )


def _with_education(f: Functie) -> dict[str, Any]:
    return {**_functie(f), "opleiding": f.norm.opleiding.minimaal_tekst}


def _places(store: Store, shown: Sequence[Functie]) -> list[Vindplaats]:
    """Where the functions' education and scale stand; the book's list of functions when none is shown."""
    return [place for f in shown for place in (f.norm.bron, f.bron)] or [store.functies()[0].bron]


def _asks(functies: Sequence[Functie]) -> str:
    """Who asks which minimum, functions with the same scale and minimum together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for f in functies:
        groups.setdefault((f.schaal, f.norm.opleiding.minimaal_tekst), []).append(low(f.naam))
    rows = [
        f"{listing(names)} (schaal {schaal}) {'vraagt' if len(names) == 1 else 'vragen'} minimaal {minimum}"
        for (schaal, minimum), names in groups.items()
    ]
    return "; ".join(rows)


def _in_scale(store: Store, bereik: Bereik, schaal: str) -> str:
    """Whether an education is enough for a scale, as a sentence of its own."""
    there = store.functies_in_schaal(schaal)
    name = opleidingen.naam(store, bereik.opleiding)
    if not there:
        return f"In **schaal {schaal}** staat in dit boek geen functie."
    met = [f for f in there if education.enough(bereik.opleiding, f) is True]
    unsure = [f for f in there if education.enough(bereik.opleiding, f) is None]
    if met:
        return f"**Ja**, in schaal {schaal} is {name} genoeg voor {listing([low(f.naam) for f in met])}."
    if unsure:
        return f"Of {name} genoeg is voor **schaal {schaal}**, hangt af van je niveau: {_asks(unsure)}."
    return f"**Nee**, met {name} heb je op papier niet genoeg voor schaal {schaal}: {_asks(there)}."


def _reach(store: Store, bereik: Bereik, short: bool = False) -> list[str]:
    name = opleidingen.naam(store, bereik.opleiding)
    if bereik.schaal is None:
        lines = [f"Met **{name}** voldoe je op papier aan geen enkele functie in dit boek."]
    else:
        names = listing([low(f.naam) for f in bereik.functies])
        lines = [f"Met **{name}** is je opleiding genoeg tot en met **schaal {bereik.schaal}**: {names}."]
    if short:
        return lines
    if bereik.in_richting:
        rows = listing([f"{low(f.naam)} (schaal {f.schaal})" for f in bereik.in_richting[:4]])
        lines.append(f"Je richting wordt genoemd bij: {rows}.")
    if bereik.hierboven:
        lines.append(f"{'Daarboven' if bereik.schaal else 'Het laagst'}: {_asks(bereik.hierboven)}.")
    elif bereik.schaal:
        lines.append("Daarboven staat in dit boek geen functie.")
    if bereik.lager_niet:
        lines.append(f"Niet alles daaronder is open: {_asks(bereik.lager_niet)}.")
    return lines


def zonder(store: Store, zonder: Zonder) -> Answer:
    """Whether one can get into a scale without an education: which functions ask less, or that there are none.

    `data["zonder"]`: opleiding (id), schaal (or null), functies and hoogste (id, naam, schaal, opleiding).
    """
    name = opleidingen.naam(store, zonder.opleiding)
    top = zonder.hoogste
    highest = f"Zonder {name} kom je op papier tot schaal {top[0].schaal}: {_asks(top)}." if top else None
    if zonder.schaal is None:
        lines = [highest or f"Elke functie in dit boek vraagt **{name}** of meer."]
    elif zonder.functies:
        lines = [f"Op papier kan dat: in schaal {zonder.schaal} of hoger vraagt niet elke functie **{name}**."]
        lines.append(
            bullets(
                f"{f.naam} (schaal {f.schaal}): minimaal {f.norm.opleiding.minimaal_tekst}" for f in zonder.functies
            )
        )
    elif not zonder.in_schaal and not _at_or_above(store, zonder.schaal):
        lines = [f"In **schaal {zonder.schaal}** of hoger staat in dit boek geen functie."]
    else:
        lines = [f"Op papier niet: elke functie in schaal {zonder.schaal} of hoger vraagt **{name}** of meer."]
        lines += [highest] if highest else []
    if zonder.functies or zonder.schaal is None or _at_or_above(store, zonder.schaal):
        lines.append(opleidingen.NOT_SAID)
    shown = [*zonder.functies, *(f for f in (*zonder.in_schaal, *top) if f not in zonder.functies)]
    buttons = [questions.about_functie("vraag_opleiding", f.naam, f"Opleiding {low(f.naam)}"[:60]) for f in shown[:3]]
    data = {
        "zonder": {
            "opleiding": zonder.opleiding,
            "schaal": zonder.schaal,
            "functies": [_with_education(f) for f in zonder.functies],
            "hoogste": [_with_education(f) for f in top],
        }
    }
    places = _places(store, shown[:4])
    return answered(store, "advies.zonder_opleiding", lines, places, profile=True, buttons=buttons, data=data)


def _at_or_above(store: Store, schaal: str) -> list[Functie]:
    rank = advice.SCHALEN.index(schaal)
    return [f for f in store.functies() if f.schaal_rang >= rank]


def vanaf_schaal(store: Store, opleiding: str) -> Answer | None:
    """From which scale on an education (or more) is asked; None when no function asks it."""
    rank = education.RANKS.get(opleiding)
    asking = [f for f in store.functies() if rank is not None and education.RANKS[f.norm.opleiding.minimaal] >= rank]
    if not asking:
        return None
    lowest = min(f.schaal_rang for f in asking)
    first = [f for f in asking if f.schaal_rang == lowest]
    below = [f for f in store.functies() if f.schaal_rang >= lowest and f not in asking]
    name = opleidingen.naam(store, opleiding)
    lines = [f"Vanaf **schaal {first[0].schaal}** vraagt het boek {name} of meer: {_asks(first)}."]
    if below:
        lines.append(f"Niet overal: {_asks(below[:4])}.")
    else:
        lines.append(f"Alle functies in die schaal of hoger vragen minimaal {name}.")
    buttons = [questions.about_functie("vraag_taken", f.naam, f"Wat doet een {low(f.naam)}?") for f in first[:2]]
    return answered(store, "advies.vanaf_schaal", lines, _places(store, first), profile=True, buttons=buttons)


def opleiding_bij_schaal(store: Store, schalen: Sequence[str]) -> Answer:
    """Which education the functions in scales ask."""
    lines: list[str] = []
    shown: list[Functie] = []
    for schaal in schalen:
        there = store.functies_in_schaal(schaal)
        shown += there
        minimums = list(dict.fromkeys(f.norm.opleiding.minimaal_tekst for f in there))
        if not there:
            lines.append(f"In **schaal {schaal}** staat in dit boek geen functie.")
        elif len(minimums) == 1:
            names = listing([low(f.naam) for f in there])
            lines.append(f"In **schaal {schaal}** vraagt het boek minimaal **{minimums[0]}**: {names}.")
        else:
            lines.append(f"In **schaal {schaal}** verschilt het: {_asks(there)}.")
    buttons = [questions.about_functie("vraag_opleiding", f.naam, f"Opleiding {low(f.naam)}"[:60]) for f in shown[:3]]
    return answered(store, "advies.opleiding_bij_schaal", lines, _places(store, shown), profile=True, buttons=buttons)


# --- next step, strengths --------------------------------------------------------------------------------------------


def volgende_stap(store: Store, f: Functie, diploma: str | None = None, opzij: bool = False) -> Answer:
    """Where one can go from a function, what stands in between, and what to practise for it.

    diploma: the person's own education, held against what the first step asks. opzij: a step sideways is what was asked.
    `data["pad"]`: id, naam, schaal and richting (omhoog or opzij) of each function.
    """
    steps = advice.next_steps(store, f)
    up = [s for s in steps if s.richting == "omhoog"]
    aside = [s for s in steps if s.richting == "opzij"]
    lines: list[str] = []
    if opzij:
        lines.append(_opzij(f, [s.functie for s in aside]))
        for s in aside[:2]:
            lines.append(f"Wat er dan bij komt voor {low(s.functie.naam)}:")
            lines += _wanted(store, s.verschil, diploma)
    elif up:
        first = up[0].functie
        lines.append(
            f"Een logische stap na **{low(f.naam)}** (schaal {f.schaal}) is **{low(first.naam)}** (schaal {first.schaal})."
        )
        lines.append(f"Wat er dan bij komt voor {low(first.naam)}:")
        lines += _wanted(store, up[0].verschil, diploma)
    else:
        lines.append(f"Boven **{low(f.naam)}** (schaal {f.schaal}) staat in dit boek geen functie die dichtbij ligt.")
    if opzij and up:
        lines.append(f"Omhoog kan ook: {listing([f'{low(s.functie.naam)} (schaal {s.functie.schaal})' for s in up])}.")
    elif up[1:]:
        lines.append(
            "Ook hoger: " + listing([f"{low(s.functie.naam)} (schaal {s.functie.schaal})" for s in up[1:]]) + "."
        )
    if aside and not opzij:
        lines.append(f"Opzij, in dezelfde schaal: {listing([low(s.functie.naam) for s in aside])}.")
    lines.append("Of de stap bij je past, bespreek je met je leidinggevende of een loopbaanadviseur.")
    buttons = [
        Button(f"Vergelijk met {low(s.functie.naam)}"[:60], questions.VERSCHIL_FUNCTIES.format(f.naam, s.functie.naam))
        for s in [*up[:2], *aside[:1]]
    ]
    places = [f.bron, *(s.functie.norm.bron for s in steps)]
    places += gedrag_bronnen(store, _practised(up[0].verschil)) if up else []
    data = {"van": _functie(f), "pad": [{**_functie(s.functie), "richting": s.richting} for s in steps]}
    return answered(store, "advies.volgende_stap", lines, places, buttons=buttons, data=data)


def _opzij(f: Functie, found: Sequence[Functie]) -> str:
    """The first sentence about functions in the same scale."""
    if not found:
        return f"Naast **{low(f.naam)}** zit in dit boek geen andere functie in schaal {f.schaal}."
    names = listing([f"**{low(other.naam)}**" for other in found])
    return f"In dezelfde schaal ({f.schaal}) zit naast {low(f.naam)} ook: {names}."


def _wanted(store: Store, verschil: advice.Verschil, diploma: str | None) -> list[str]:
    o = verschil.naar.norm.opleiding
    lines = [f"- Opleiding: minimaal {o.minimaal_tekst}" + (f", het liefst {o.ideaal_tekst}" if o.ideaal_tekst else "")]
    fits = education.enough(diploma, verschil.naar) if diploma else None
    if diploma and fits is not None:
        name = opleidingen.naam(store, diploma)
        lines[0] += f". Met {name} heb je {'genoeg' if fits else 'op papier nog niet genoeg'}"
    new, higher = verschil.stappen("nieuw"), verschil.stappen("hoger")
    if new:
        lines.append(f"- Nieuwe competenties: {listing([step(store, s) for s in new])}")
    if higher:
        lines.append(f"- Competenties op een hoger niveau: {listing([step(store, s) for s in higher])}")
    if not new and not higher:
        lines.append("- Competenties: je hebt ze volgens het boek al op niveau")
    lines += [
        f"- Oefen alvast {competenties.naam(store, s.competentie)} op niveau {s.naar}: {text}"
        for s in _practised(verschil)
        if (text := oefening(store, s))
    ]
    return lines


def _practised(verschil: advice.Verschil) -> list[advice.CompetentieStap]:
    return (verschil.stappen("hoger") + verschil.stappen("nieuw"))[:2]


def bij_sterke_punten(store: Store, sterk: Sequence[str], diploma: str | None = None) -> Answer | None:
    """Functions that ask what someone says to be good at; None when none of it is asked anywhere."""
    matches = advice.functions_for_strengths(store, sterk, diploma)
    if not matches:
        return None
    names = listing([f"**{competenties.naam(store, c)}**" for c in sterk])
    most = len(matches[0].competenties)
    best = [m for m in matches if len(m.competenties) == most][:6]
    lines = [
        f"Wie goed is in {names}, kan kijken naar {'deze functie' if len(best) == 1 else f'deze {count(len(best))} functies'}:"
    ]
    for m in best:
        asked = listing([f"{competenties.naam(store, c)} op niveau {niveau}" for c, niveau in m.competenties])
        o = m.functie.norm.opleiding.minimaal_tekst
        lines.append(f"- **{m.functie.naam}** (schaal {m.functie.schaal}, minimaal {o}): vraagt {asked}")
    lines.append("Dit zegt wat het boek vraagt, niet of je geschikt bent. Praat erover met een loopbaanadviseur.")
    buttons = [
        questions.about_functie("vraag_taken", m.functie.naam, f"Wat doet een {low(m.functie.naam)}?") for m in best[:3]
    ]
    places = [m.functie.norm.bron for m in best]
    return answered(store, "advies.sterke_punten", lines, places, profile=True, buttons=buttons)
