"""Career advice computed from the function book: compare, gap, reach, next steps. Pure functions over the store.

Nothing here scores a person: what comes out is what the book asks of a function, next to what somebody said to have.
Where the book doesn't say something, that is part of the result (`Kloof.zwijgt`, `Bereik.onzeker`), never filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge import education
from knowledge.normal import name_key
from knowledge.schema import SCHALEN, Normfunctie, Uitleg
from knowledge.store import Functie, Store

Change = Literal["gelijk", "hoger", "lager", "nieuw", "vervalt"]


@dataclass(frozen=True)
class CompetentieStap:
    """What happens with one competency on the way from one function to another; levels are None where not asked."""

    competentie: str
    van: str | None
    naar: str | None
    verandering: Change


@dataclass(frozen=True)
class Verschil:
    """The difference between two functions, seen from the first."""

    van: Functie
    naar: Functie
    competenties: tuple[CompetentieStap, ...]
    nieuwe_taken: tuple[str, ...]
    vervallen_taken: tuple[str, ...]
    opleiding_genoeg: bool | None
    """Whether the minimum education of the first is enough for the second; None when it can't be compared."""
    nieuwe_gebieden: tuple[str, ...] = ()
    """Result areas that only the second has: work that differs in kind, where other new tasks differ in weight."""

    def stappen(self, *soorten: Change) -> list[CompetentieStap]:
        """The competency steps of some kinds."""
        return [stap for stap in self.competenties if stap.verandering in soorten]


def compare(van: Functie, naar: Functie) -> Verschil:
    """What changes when someone goes from one function to another."""
    return Verschil(
        van=van,
        naar=naar,
        competenties=tuple(competency_steps(van.norm, naar.norm)),
        nieuwe_taken=tuple(_extra_tasks(van.norm, naar.norm)),
        vervallen_taken=tuple(_extra_tasks(naar.norm, van.norm)),
        opleiding_genoeg=education.enough(van.norm.opleiding.minimaal, naar),
        nieuwe_gebieden=tuple(_extra_areas([van.norm], naar.norm)),
    )


def competency_steps(van: Normfunctie, naar: Normfunctie) -> list[CompetentieStap]:
    """Competency by competency (in the order of the target, then what lapses): same, higher, lower, new, lapses."""
    have = {item.competentie: item.niveau for item in van.competenties}
    want = {item.competentie: item.niveau for item in naar.competenties}
    steps = []
    for name, level in want.items():
        old = have.get(name)
        # A is the highest level, so the smaller letter is the higher level.
        change: Change = "nieuw" if old is None else "gelijk" if old == level else "hoger" if level < old else "lager"
        steps.append(CompetentieStap(name, old, level, change))
    steps += [CompetentieStap(name, level, None, "vervalt") for name, level in have.items() if name not in want]
    return steps


def _extra_tasks(van: Normfunctie, naar: Normfunctie) -> list[str]:
    """Tasks of the second that the first doesn't have in the same words."""
    have = {taak for gebied in van.resultaatgebieden for taak in gebied.taken}
    return [taak for gebied in naar.resultaatgebieden for taak in gebied.taken if taak not in have]


def _extra_areas(van: Sequence[Normfunctie], naar: Normfunctie) -> list[str]:
    """Result areas that none of the first functions has by that name."""
    have = {name_key(gebied.naam) for norm in van for gebied in norm.resultaatgebieden}
    return [gebied.naam for gebied in naar.resultaatgebieden if name_key(gebied.naam) not in have]


@dataclass(frozen=True)
class Naast:
    """Functions side by side; everything that is said per function stands in the order of `functies`."""

    functies: tuple[Functie, ...]
    competenties: tuple[tuple[str, tuple[str | None, ...]], ...]
    """(competency id, its level for each function, None where not asked)."""
    eigen_gebieden: tuple[tuple[str, ...], ...]
    """For each function the result areas that no other one has."""

    @property
    def gedeeld(self) -> list[str]:
        """The competencies that all of them ask, at whatever level."""
        return [name for name, levels in self.competenties if all(levels)]

    def eigen(self, functie: Functie) -> list[str]:
        """The competencies that only this function asks."""
        at = self.functies.index(functie)
        return [
            name
            for name, levels in self.competenties
            if levels[at] and not any(level for i, level in enumerate(levels) if i != at)
        ]


def side_by_side(functies: Sequence[Functie]) -> Naast:
    """Two or more functions next to each other: competencies with levels, and the work that only one of them has."""
    asked = [{item.competentie: item.niveau for item in f.norm.competenties} for f in functies]
    names = list(dict.fromkeys(name for levels in asked for name in levels))
    return Naast(
        functies=tuple(functies),
        competenties=tuple((name, tuple(levels.get(name) for levels in asked)) for name in names),
        eigen_gebieden=tuple(tuple(_extra_areas([g.norm for g in functies if g.id != f.id], f.norm)) for f in functies),
    )


# --- gap -------------------------------------------------------------------------------------------------------------

Stand = Literal["heb", "hoger", "nieuw", "onbekend"]
Zwijgt = Literal["niveau_nu", "opleiding", "mbo_niveau", "algemeen_diploma", "ervaring", "twee_lijsten", "richting"]

GENERAL = frozenset({"vmbo", "havo", "vwo"})
"""General education: NLQF puts it at the height of an mbo level, which doesn't make it the mbo that a profile asks."""


@dataclass(frozen=True)
class KloofStap:
    """One competency that a function asks, next to the function that somebody has now.

    stand: `heb` (asked at this level or higher already), `hoger` (asked, at a lower level), `nieuw` (not asked now),
    `onbekend` (no present function, so nothing can be said). sterk: the person says to be good at it.
    """

    competentie: str
    van: str | None
    naar: str
    stand: Stand
    sterk: bool = False


@dataclass(frozen=True)
class Kloof:
    """What stands between where somebody is and a function."""

    van: Functie | None
    naar: Functie
    competenties: tuple[KloofStap, ...]
    opleiding: str | None
    """The education that was held against the minimum: the own diploma, else the minimum of `van`."""
    eigen_diploma: bool
    opleiding_genoeg: bool | None
    """Whether that education reaches the minimum; None when it can't be said."""
    vakkennis: tuple[Uitleg, ...]
    vaardigheden: tuple[Uitleg, ...]
    """Knowledge and skills of `naar` that `van` doesn't have by name (all of them without `van`)."""
    anders: tuple[str, ...]
    """Knowledge and skills that both have by name, but that the book explains in another way."""
    zwijgt: tuple[Zwijgt, ...]
    """What the book doesn't say here: see :func:`gap`."""

    def stappen(self, *standen: Stand) -> list[KloofStap]:
        """The competencies of some kinds, in the book's order."""
        return [stap for stap in self.competenties if stap.stand in standen]

    @property
    def te_oefenen(self) -> list[KloofStap]:
        """What one can work on: higher levels first, then what is new, what the person is good at last."""
        return self.stappen("hoger") + sorted(self.stappen("nieuw", "onbekend"), key=lambda stap: stap.sterk)


def gap(van: Functie | None, naar: Functie, opleiding: str | None = None, sterk: Sequence[str] = ()) -> Kloof:
    """What a function asks more than somebody has by their present function and own diploma.

    opleiding: an id of `schalen/opleidingen.yml`. sterk: ids of competencies. `zwijgt` of the result:

    - `niveau_nu`: no present function, so present levels are unknown;
    - `opleiding`: no present function and no diploma;
    - `mbo_niveau`: mbo without a level can't be held against mbo with one;
    - `algemeen_diploma`: havo and the like are as high by NLQF, but the profile asks mbo;
    - `ervaring`: whether experience can stand in for a diploma that isn't enough;
    - `twee_lijsten`: the book gives one of the functions two lists of competencies (the description's is used);
    - `richting`: the profile names no field of study.
    """
    held = opleiding or (van.norm.opleiding.minimaal if van else None)
    enough = education.enough(held, naar) if held else None
    have = {item.competentie: item.niveau for item in van.norm.competenties} if van else {}
    steps = []
    for item in naar.norm.competenties:
        old = have.get(item.competentie)
        # A is the highest level, so a smaller or equal letter is high enough.
        stand: Stand = (
            "onbekend" if van is None else "nieuw" if old is None else "heb" if old <= item.niveau else "hoger"
        )
        steps.append(KloofStap(item.competentie, old, item.niveau, stand, item.competentie in sterk))
    known = _explained(van.norm.vakkennis) if van else {}
    skilled = _explained(van.norm.vaardigheden) if van else {}
    silent: dict[Zwijgt, bool] = {
        "niveau_nu": van is None,
        "opleiding": held is None,
        "mbo_niveau": held == "mbo" and enough is None,
        "algemeen_diploma": held in GENERAL and enough is True,
        "ervaring": enough is False,
        "twee_lijsten": bool(naar.norm.competenties_bijlage or (van and van.norm.competenties_bijlage)),
        "richting": not naar.norm.opleiding.richtingen,
    }
    return Kloof(
        van=van,
        naar=naar,
        competenties=tuple(steps),
        opleiding=held,
        eigen_diploma=bool(opleiding),
        opleiding_genoeg=enough,
        vakkennis=tuple(u for u in naar.norm.vakkennis if name_key(u.naam) not in known),
        vaardigheden=tuple(u for u in naar.norm.vaardigheden if name_key(u.naam) not in skilled),
        anders=tuple(
            u.naam
            for items, mine in ((naar.norm.vakkennis, known), (naar.norm.vaardigheden, skilled))
            for u in items
            if mine.get(name_key(u.naam), u.uitleg) != u.uitleg
        ),
        zwijgt=tuple(name for name, here in silent.items() if here),
    )


def _explained(items: Sequence[Uitleg]) -> dict[str, str]:
    return {name_key(u.naam): u.uitleg for u in items}


def practice(store: Store, step: KloofStap | CompetentieStap, limit: int = 2) -> tuple[str, ...]:
    """Behaviours of the wanted level of a competency to practise, as the book has them; () where it describes none."""
    found = store.competentie(step.competentie)
    level = found.niveaus.get(step.naar) if found and step.naar else None  # type: ignore[call-overload]
    return tuple(level.gedrag[:limit]) if level else ()


# --- reach -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bereik:
    """How far an education reaches, as the minimum education of the functions goes."""

    opleiding: str
    schaal: str | None
    """The highest scale with a function whose minimum it meets; None when it meets none."""
    functies: tuple[Functie, ...]
    """The functions in that scale whose minimum it meets."""
    in_richting: tuple[Functie, ...]
    """All functions whose minimum it meets and that name the person's field of study, highest scale first."""
    hierboven: tuple[Functie, ...]
    """The functions in the next scale up; they ask more (or what can't be compared)."""
    lager_niet: tuple[Functie, ...]
    """Functions in the same or a lower scale that nevertheless ask more."""
    onzeker: tuple[Functie, ...]
    """Functions whose minimum can't be held against it (mbo without a level)."""


def reachable(store: Store, diploma: str, richtingen: Sequence[str] = ()) -> Bereik:
    """The highest scale that a diploma gives access to, and what comes above it."""
    everyone = store.functies()
    met = [f for f in everyone if education.enough(diploma, f) is True]
    top = max((f.schaal_rang for f in met), default=-1)
    above = [f for f in everyone if f.schaal_rang > top]
    nearest = min((f.schaal_rang for f in above), default=-1)
    return Bereik(
        opleiding=diploma,
        schaal=SCHALEN[top] if met else None,
        functies=tuple(f for f in met if f.schaal_rang == top),
        in_richting=tuple(f for f in met if set(f.norm.opleiding.richtingen) & set(richtingen)),
        hierboven=tuple(f for f in above if f.schaal_rang == nearest),
        lager_niet=tuple(f for f in everyone if f.schaal_rang <= top and education.enough(diploma, f) is False),
        onzeker=tuple(f for f in everyone if education.enough(diploma, f) is None),
    )


@dataclass(frozen=True)
class Zonder:
    """Whether one can get into a scale without an education."""

    opleiding: str
    schaal: str | None
    functies: tuple[Functie, ...]
    """Functions in that scale or higher whose minimum is lower than the education; () when there are none."""
    in_schaal: tuple[Functie, ...]
    """All functions in that very scale."""
    hoogste: tuple[Functie, ...]
    """The highest functions of the book that ask less than the education, in one scale."""


def without(store: Store, opleiding: str, schaal: str | None = None) -> Zonder | None:
    """Functions in a scale or higher that ask less than an education; None when the education or scale is unknown.

    Without a scale it is about the whole book.
    """
    rank = education.RANKS.get(opleiding)
    if rank is None or (schaal is not None and schaal not in SCHALEN):
        return None
    lower = [f for f in store.functies() if education.RANKS[f.norm.opleiding.minimaal] < rank]
    floor = SCHALEN.index(schaal) if schaal else 0
    return Zonder(
        opleiding=opleiding,
        schaal=schaal,
        functies=tuple(f for f in lower if f.schaal_rang >= floor),
        in_schaal=tuple(store.functies_in_schaal(schaal)) if schaal else (),
        hoogste=tuple(f for f in lower if f.schaal_rang == lower[0].schaal_rang),
    )


# --- next steps ------------------------------------------------------------------------------------------------------


LEAP = 4
"""How many scales up (10A and 11A count) still is a step and no leap; from 12 to 14 is two."""


@dataclass(frozen=True)
class Stap:
    """A function that can be a next step, and why it is one."""

    functie: Functie
    richting: Literal["omhoog", "opzij"]
    verschil: Verschil


def next_steps(store: Store, van: Functie, limit: int = 3) -> list[Stap]:
    """Functions to go on to: upward (the nearest scales first, own functiegroep and shared competencies first) and sideways.

    Upward is at most :data:`LEAP` scales higher; sideways is the same scale. At most `limit` upward and one sideways.
    """
    steps: list[Stap] = []
    for functie in store.functies():
        if functie.id == van.id:
            continue
        rise = functie.schaal_rang - van.schaal_rang
        if 0 < rise <= LEAP:
            steps.append(Stap(functie, "omhoog", compare(van, functie)))
        elif rise == 0:
            steps.append(Stap(functie, "opzij", compare(van, functie)))

    def order(stap: Stap) -> tuple[bool, bool, int, int]:
        f, norm = stap.functie, van.norm
        shared = len(stap.verschil.stappen("gelijk", "hoger", "lager"))
        return (
            f.norm.functiegroep != norm.functiegroep,
            f.norm.functiereeks != norm.functiereeks,
            abs(f.schaal_rang - van.schaal_rang),
            -shared,
        )

    up = sorted((s for s in steps if s.richting == "omhoog"), key=order)[:limit]
    aside = sorted(
        (s for s in steps if s.richting == "opzij"), key=lambda s: -len(s.verschil.stappen("gelijk", "hoger", "lager"))
    )
    return up + aside[:1]


@dataclass(frozen=True)
class Match:
    """A function that asks competencies which someone named as a strength."""

    functie: Functie
    competenties: tuple[tuple[str, str], ...]
    """(competency id, level that the function asks)."""


def functions_for_strengths(store: Store, competenties: Sequence[str], diploma: str | None = None) -> list[Match]:
    """Functions that ask most of the named competencies; with a diploma, only those that it is enough for."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in competenties:
        for item in store.functies_met_competentie(name):
            found.setdefault(item.functie.id, []).append((name, item.niveau))
    matches = []
    for functie_id, asked in found.items():
        functie = store.functie(functie_id)
        if functie is None or (diploma and education.enough(diploma, functie) is False):
            continue
        matches.append(Match(functie, tuple(asked)))
    return sorted(matches, key=lambda m: (-len(m.competenties), -m.functie.schaal_rang, m.functie.naam))
