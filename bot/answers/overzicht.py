"""The outcome of the career conversation: two to four directions, with reasons, what is missing and what to do first."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.answers import competenties, opleidingen, questions
from bot.answers.advies import as_data, gedrag_bronnen, oefening
from bot.answers.answer import Answer, Button, Source, answered, caveats, listing
from bot.answers.document import Deel, document
from bot.answers.functies import count, low
from knowledge.advice import Kloof, KloofStap
from knowledge.directions import Reden, Richting
from knowledge.persoon import Persoon
from knowledge.schema import Vindplaats
from knowledge.store import Store

TITEL = "Mijn loopbaan: richtingen om over te praten"
GEEN_OORDEEL = "De volgorde volgt je wens. Ze zegt niets over hoe geschikt je bent."
BESPREEK = "Bespreek dit met je leidinggevende of een loopbaanadviseur. Samen kiezen jullie wat past."
WENSEN = {
    "omhoog": "hogerop",
    "opzij": "opzij, naar ander werk",
    "interim": "interim werken",
    "orientatie": "eerst rondkijken",
}
"""What somebody can want, in words that follow "je wilt"."""

_OWN_LINE = frozenset({"deelt_competenties", "sterk"})
"""Reasons that stand on a line of their own, because they can be long."""

_KOP = {
    "doel": "Je doel",
    "omhoog": "Hogerop",
    "opzij": "Opzij",
    "sterk": "Wat je goed kunt",
    "opleiding": "Passend bij je opleiding",
    "interim": "Interim werken",
    "orientatie": "Eerst rondkijken",
}


def over_je(store: Store, persoon: Persoon) -> list[str]:
    """What somebody told about themselves, a line each; [] when nothing."""
    functie, doel = store.functie(persoon.functie or ""), store.functie(persoon.doel or "")
    sterk = [competenties.naam(store, name) for name in persoon.sterk if store.competentie(name)]
    parts = (
        ("Functie nu", f"{low(functie.naam)} (schaal {functie.schaal})" if functie else None),
        ("Schaal nu", persoon.schaal if not functie else None),
        ("Opleiding", opleidingen.naam(store, persoon.opleiding) if persoon.opleiding else None),
        ("Richting", listing(persoon.richtingen) or None),
        ("Goed in", listing(sterk) or None),
        ("Functie die je wilt", f"{low(doel.naam)} (schaal {doel.schaal})" if doel else None),
        ("Wat je wilt", WENSEN.get(persoon.wens or "")),
    )
    return [f"{label}: {value}" for label, value in parts if value]


def overzicht(store: Store, persoon: Persoon, richtingen: Sequence[Richting], vandaag: dt.date | None = None) -> Answer:
    """Two to four directions for a person.

    vandaag: the date on the page to keep; None leaves it out.
    `data["richtingen"]`: per direction soort, titel, functie (id, naam, schaal; or null), redenen (soort, over: ids or
    names, tekst), kloof (see :func:`bot.answers.advies.kloof`; or null), eerst (sentences), onderwerpen (id, titel).
    `data["document"]`: titel, html (a page that stands on its own) and tekst (the same as plain text).
    """
    told = over_je(store, persoon)
    shown: set[str] = set()
    parts = [_part(store, at, richting, shown) for at, richting in enumerate(richtingen, 1)]
    amount = "één richting" if len(parts) == 1 else f"{count(len(parts))} richtingen"
    lines = [f"Ik zie **{amount}** voor je: {listing([_label(r) for r in richtingen])}."]
    if told:
        lines.append(f"Je vertelde: {'; '.join(low(line) for line in told)}.")
    else:
        lines.append("Je hebt nog niets over jezelf verteld. Noem je functie of opleiding, dan word ik preciezer.")
    for part in parts:
        lines += ["", f"**{part.kop}**", *part.alineas, *(f"- {text}" for text in part.punten)]
    lines += ["", GEEN_OORDEEL, BESPREEK]
    answer = answered(
        store,
        "advies.overzicht",
        lines,
        _places(store, persoon, richtingen, shown),
        profile=True,
        buttons=_buttons(store, persoon, richtingen),
    )
    page = [
        Deel("Over mij", () if told else ("Nog niets verteld.",), tuple(told)),
        *parts,
        Deel("En nu", (GEEN_OORDEEL, BESPREEK)),
    ]
    data = {
        "richtingen": [_data(store, richting) for richting in richtingen],
        "document": document(TITEL, page, _by_document(answer.sources), caveats(store, answer.sources), vandaag),
    }
    return replace(answer, data=data)


def _by_document(sources: Sequence[Source]) -> list[Source]:
    return sorted(sources, key=lambda source: source.title)


def _label(richting: Richting) -> str:
    """A direction in a few words, inside a sentence."""
    f = richting.functie
    if f is None:
        return {
            "omhoog": "hogerop buiten dit boek",
            "opzij": "groeien in je eigen functie",
            "interim": "interim werken",
        }.get(richting.soort, "eerst rondkijken")
    name = f"**{low(f.naam)}**"
    return {
        "doel": f"{name} (je doel)",
        "omhoog": f"hogerop als {name}",
        "opzij": f"opzij als {name}",
        "sterk": f"{name} (past bij wat je goed kunt)",
        "opleiding": f"{name} (past bij je opleiding)",
    }.get(richting.soort, name)


def _part(store: Store, at: int, richting: Richting, shown: set[str]) -> Deel:
    """One direction; `shown` collects the subjects that were told, so that none is told twice."""
    f = richting.functie
    name = f": {low(f.naam)} (schaal {f.schaal})" if f else ""
    points: list[str] = []
    said = [(reden[0], text) for reden in richting.redenen if (text := _reason(store, reden, richting))]
    if reasons := [text for code, text in said if code not in _OWN_LINE]:
        points.append(f"Waarom: {' '.join(reasons)}")
    points += [text for code, text in said if code in _OWN_LINE]
    if richting.kloof:
        points += _missing(store, richting.kloof)
    first = [text for reden in richting.eerst if (text := _first(store, reden, richting))]
    points += [f"Begin hiermee: {' '.join(first)}"] if first else []
    done = {reden[1] for reden in richting.eerst if reden[0] == "onderwerp"}
    # Next to a function one fact of the guide is enough; without one they are the direction itself.
    fresh = [name for name in richting.onderwerpen if name not in shown | done][: 1 if f else None]
    shown |= {*fresh, *done}
    points += [f"Goed om te weten: {text}" if f else text for name in fresh if (text := _fact(store, name))]
    return Deel(f"{at}. {_KOP[richting.soort]}{name}", punten=tuple(points))


def _fact(store: Store, onderwerp_id: str) -> str:
    """The first sentence of a subject's answer, as a statement."""
    onderwerp = store.onderwerp(onderwerp_id)
    if onderwerp is None:
        return ""
    sentence = re.split(r"(?<=[.!?])\s+", onderwerp.antwoord.strip(), maxsplit=1)[0]
    said = re.sub(r"^(?:Ja|Nee), ", "", sentence)
    return said[0].upper() + said[1:]


def _reason(store: Store, reden: Reden, richting: Richting) -> str:
    """A reason as a sentence; "" for a code without words."""
    code, about = reden[0], reden[1:]
    names = listing([competenties.naam(store, name) for name in about])
    kloof = richting.kloof
    enough = "Je opleiding is genoeg."
    if kloof and "algemeen_diploma" in kloof.zwijgt:
        enough = "Je opleiding is op niveau genoeg, maar het profiel vraagt mbo. Vraag na of je diploma telt."
    templates = {
        "wens": lambda: f"Je wilt {WENSEN.get(about[0], about[0])}.",
        "doel": lambda: "Dit is de functie die je wilt.",
        "hogere_schaal": lambda: f"Je gaat van schaal {about[0]} naar schaal {about[1]}.",
        "lagere_schaal": lambda: f"Let op: je gaat van schaal {about[0]} naar schaal {about[1]}.",
        "zelfde_schaal": lambda: f"Je blijft in schaal {about[0]}.",
        "zelfde_groep": lambda: f"Het werk hoort bij dezelfde groep: {store.functiegroep(about[0]).naam}.",
        "zelfde_reeks": lambda: f"Het werk valt in dezelfde functiereeks: {store.functiereeks(about[0]).naam}.",
        "andere_groep": lambda: f"Je komt in een andere groep: {store.functiegroep(about[0]).naam}.",
        "deelt_competenties": lambda: f"Je functie nu vraagt ook al: {names}.",
        "sterk": lambda: f"De functie vraagt waar je goed in bent: {names}.",
        "opleiding_genoeg": lambda: enough,
        "richting": lambda: f"Het profiel noemt jouw richting: {listing(about)}.",
        "geen_hogere_schaal": lambda: f"Boven schaal {about[0]} staat in dit boek geen functie die dichtbij ligt.",
        "geen_zelfde_schaal": lambda: f"In schaal {about[0]} staat in dit boek geen functie met ander werk.",
        "weinig_bekend": lambda: "Ik weet nog weinig van je.",
        "andere_weg": lambda: "Dit is een andere weg: tijdelijke opdrachten bij verschillende overheden.",
        "verkennen": lambda: "Zo ontdek je eerst wat bij je past.",
    }
    return templates[code]() if code in templates else ""


def _missing(store: Store, kloof: Kloof) -> list[str]:
    """What a function asks on top, in at most three lines."""
    lines = []
    higher, new, unknown = kloof.stappen("hoger"), kloof.stappen("nieuw"), kloof.stappen("onbekend")
    if higher:
        rows = [f"{competenties.naam(store, s.competentie)} (van {s.van} naar {s.naar})" for s in higher]
        lines.append(f"Naar een hoger niveau: {listing(rows)}.")
    for steps, label in ((new, "Nieuw"), (unknown, "De functie vraagt")):
        if steps:
            lines.append(f"{label}: {listing([_level(store, s) for s in steps])}.")
    if kloof.van and (extra := [low(u.naam) for u in (*kloof.vakkennis, *kloof.vaardigheden)]):
        lines.append(f"Kennis en vaardigheden erbij: {listing(extra)}.")
    if not lines and kloof.van:
        lines.append("Het boek vraagt hier geen andere competenties of kennis.")
    return lines


def _level(store: Store, item: KloofStap) -> str:
    return f"{competenties.naam(store, item.competentie)} (niveau {item.naar})"


def _first(store: Store, reden: Reden, richting: Richting) -> str:
    """Something to do first, as a sentence."""
    code, about = reden[0], reden[1:]
    kloof = richting.kloof
    minimum = kloof.naar.norm.opleiding.minimaal_tekst if kloof else ""
    if code == "opleiding":
        return f"Zoek uit hoe je de opleiding haalt. Het profiel vraagt minimaal {minimum}."
    if code == "opleiding_nagaan":
        return f"Ga na of je opleiding genoeg is. Het profiel vraagt minimaal {minimum}."
    if code == "oefenen" and kloof:
        item = next(s for s in kloof.competenties if s.competentie == about[0])
        told = oefening(store, item)
        return f"Oefen {competenties.naam(store, about[0])} op niveau {about[1]}" + (f": {told}" if told else ".")
    if code == "kennis":
        return f"Verdiep je in {low(about[0])}."
    if code == "onderwerp":
        return _fact(store, about[0])
    return "Praat met je leidinggevende of een loopbaanadviseur over wat je wilt."


def _data(store: Store, richting: Richting) -> dict[str, Any]:
    f = richting.functie
    return {
        "soort": richting.soort,
        "titel": _KOP[richting.soort],
        "functie": {"id": f.id, "naam": f.naam, "schaal": f.schaal} if f else None,
        "redenen": [
            {"soort": reden[0], "over": list(reden[1:]), "tekst": _reason(store, reden, richting)}
            for reden in richting.redenen
        ],
        "kloof": as_data(store, richting.kloof) if richting.kloof else None,
        "eerst": [text for reden in richting.eerst if (text := _first(store, reden, richting))],
        "onderwerpen": [
            {"id": o.id, "titel": o.titel} for name in richting.onderwerpen if (o := store.onderwerp(name))
        ],
    }


def _places(store: Store, persoon: Persoon, richtingen: Sequence[Richting], shown: set[str]) -> list[Vindplaats]:
    """Where the functions stand, the person's own one, and the subjects that were told."""
    places = [place for r in richtingen if r.functie for place in (r.functie.norm.bron, r.functie.bron)]
    functie = store.functie(persoon.functie or "")
    places += [functie.norm.bron] if functie and places else []
    for richting in richtingen:
        wanted = {reden[1] for reden in richting.eerst if reden[0] == "oefenen"}
        items = richting.kloof.competenties if richting.kloof else ()
        places += gedrag_bronnen(store, [item for item in items if item.competentie in wanted])
    told = dict.fromkeys(name for r in richtingen for name in r.onderwerpen if name in shown)
    return places + [o.bron for name in told if (o := store.onderwerp(name))]


def _buttons(store: Store, persoon: Persoon, richtingen: Sequence[Richting]) -> list[Button]:
    functie = store.functie(persoon.functie or "")
    buttons: list[Button] = []
    for richting in richtingen:
        f = richting.functie
        if f and functie:
            question = questions.VERSCHIL_FUNCTIES.format(functie.naam, f.naam)
            buttons.append(Button(f"Vergelijk met {low(f.naam)}"[:60], question))
        elif f:
            buttons.append(questions.about_functie("vraag_taken", f.naam, f"Wat doet een {low(f.naam)}?"[:60]))
        elif richting.soort == "interim" and (button := questions.about_onderwerp(store, "interim.moment")):
            buttons.append(button)
    return buttons or [questions.plain("vraag_functielijst")]
